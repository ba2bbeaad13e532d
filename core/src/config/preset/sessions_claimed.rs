//! Document 002 as written: replies and peers by IP, inbound sessions preferred, one request for blocks.

use super::Preset;
use super::outline;
use crate::base::ratio::Ratio;
use crate::config::{
    BackoffRule, Config, FarLinks, GenesisConfig, NetworkConfig, SessionConfig, StackConfig, SyncConfig,
    SyncGate, TieBreak, TimeConfig, TokenConfig, Topology,
};

pub(super) const PRESET: Preset = Preset::new(
    8,
    outline::SESSIONS_CLAIMED,
    Config {
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
        session: SessionConfig {
            enabled: true,
            tie_break: TieBreak::Text,
            backoff: BackoffRule::Doubling,
            writer_overwrite: false,
            phantom_close: false,
            stale_cleanup: false,
            ..SessionConfig::DEFAULT
        },
        sync: SyncConfig { enabled: true, gate: SyncGate::None, stuck_flag: false, ..SyncConfig::DEFAULT },
        ..Config::DEFAULT
    },
);
