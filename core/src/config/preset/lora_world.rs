//! World of document 004: what the presets with radios have in common.

use crate::base::ratio::Ratio;
use crate::config::{Config, GenesisConfig, NetworkConfig, StackConfig, TimeConfig, TokenConfig, Topology};

/// Fifty hosts without a lifecycle, a tick of 1 ms, rounds of a second, and internet links of 40 ms without
/// loss.
pub(super) const RADIOS: Config = Config {
    time: TimeConfig { ticks_per_round: 1_000, round_ms: 1_000, tick_ms: 1 },
    genesis: GenesisConfig { peers: 50, topology: Topology::Isolated, ..GenesisConfig::DEFAULT },
    tokens: TokenConfig { total: 1_000, ..TokenConfig::DEFAULT },
    network: NetworkConfig {
        loss: Ratio::ZERO,
        delay: Ratio::ZERO,
        latency_min: 40,
        latency_max: 40,
        ..NetworkConfig::DEFAULT
    },
    stack: StackConfig { lifecycle: false },
    ..Config::DEFAULT
};
