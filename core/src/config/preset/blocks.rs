//! Blocks at work: one peer collects signed votes, and owners decide by the majority of their range; and the
//! first version, which is retired.

use std::num::NonZeroU32;

use super::blocks_shipped::RING;
use super::{Preset, improved, outline};
use crate::base::ratio::Ratio;
use crate::config::{
    Config, ConsensusConfig, GenesisConfig, LoadConfig, PeersConfig, QuorumRule, SpreadRule, UnknownRule,
};

/// First version: commits on both sides of a partition stay.
pub(super) const FIRST: Preset = Preset::new(
    41,
    outline::BLOCKS_1,
    Config {
        genesis: GenesisConfig { neighbors: 6, connected_share: Ratio::ONE, ..RING.genesis },
        consensus: ConsensusConfig {
            enabled: true,
            wrapping_range: true,
            unknown: UnknownRule::Relay,
            quorum: QuorumRule::Majority,
            spread: SpreadRule::Certificate,
            fanout: 2,
            heads_rounds: 20,
            fetch_rounds: 5,
            follow_up_rounds: 4,
            votes_max: NonZeroU32::new(1_000),
            six_refused: false,
            content_checked: true,
            parents_checked: true,
            refusals_close: false,
            weak_tickets: false,
            unproven_reorganisation: false,
            heads: true,
            locked_votes: true,
            ..ConsensusConfig::DEFAULT
        },
        load: LoadConfig { from_round: 100, until_round: NonZeroU32::new(350), ..RING.load },
        peers: PeersConfig {
            connected_target: NonZeroU32::new(24),
            connected_budget: 32,
            ..improved::PRESET.config.peers
        },
        ..RING
    },
);

pub(super) const PRESET: Preset = Preset::new(
    42,
    outline::BLOCKS,
    Config { consensus: ConsensusConfig { repair: true, ..FIRST.config.consensus }, ..FIRST.config },
);
