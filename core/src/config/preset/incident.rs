//! World of the incident that document 002 describes: what its presets have in common.

use crate::base::ratio::Ratio;
use crate::config::{
    Config, FarLinks, GenesisConfig, NetworkConfig, StackConfig, TimeConfig, TokenConfig, Topology,
};

/// Six hosts without a lifecycle, a tick of 1 ms, and links of 20 to 90 ms by distance without loss.
pub(super) const INCIDENT: Config = Config {
    time: TimeConfig { ticks_per_round: 1_000, round_ms: 1_000, tick_ms: 1 },
    genesis: GenesisConfig { peers: 6, topology: Topology::Isolated, ..GenesisConfig::DEFAULT },
    tokens: TokenConfig { total: 1_000, ..TokenConfig::DEFAULT },
    network: NetworkConfig {
        loss: Ratio::ZERO,
        delay: Ratio::ZERO,
        latency_min: 20,
        latency_max: 20,
        far_links: FarLinks::Distance,
        latency_far: 70,
        ..NetworkConfig::DEFAULT
    },
    stack: StackConfig { lifecycle: false },
    ..Config::DEFAULT
};
