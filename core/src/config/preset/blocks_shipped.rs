//! Phase 4 of document 000 as its program does it, on the closed ring of its published figures.

use std::num::NonZeroU32;

use super::{Preset, improved, outline};
use crate::base::ratio::Ratio;
use crate::config::{
    Config, ConsensusConfig, GenesisConfig, LoadConfig, NetworkConfig, PeersConfig, Topology,
};

pub(super) const PRESET: Preset = Preset::new(
    40,
    outline::BLOCKS_SHIPPED,
    Config {
        consensus: ConsensusConfig { enabled: true, ..ConsensusConfig::DEFAULT },
        peers: PeersConfig {
            // The graph of the published figures is fixed: twelve peers to each side, 24 in all.
            connected_target: NonZeroU32::new(24),
            connection_timeout_rounds: 10_000,
            ..improved::PRESET.config.peers
        },
        ..RING
    },
);

/// 192 peers, each Connected with twelve to each side, and links on which a message takes one round.
pub(super) const RING: Config = Config {
    genesis: GenesisConfig {
        peers: 192,
        topology: Topology::Ring,
        neighbors: 12,
        connected_share: Ratio::ONE,
        swapped_topology: false,
        ..GenesisConfig::DEFAULT
    },
    network: NetworkConfig {
        loss: Ratio::ZERO,
        delay: Ratio::ZERO,
        latency_max: 1,
        same_round_delivery: false,
        ..NetworkConfig::DEFAULT
    },
    load: LoadConfig {
        blocks_per_1000_rounds: 1_000,
        from_round: 50,
        until_round: NonZeroU32::new(300),
        ..LoadConfig::DEFAULT
    },
    ..improved::PRESET.config
};
