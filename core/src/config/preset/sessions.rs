//! Sessions of document 002 at work.

use std::num::NonZeroU32;

use super::Preset;
use super::outline;
use crate::base::ratio::Ratio;
use crate::config::{
    BackoffRule, Config, FarLinks, GenesisCheck, GenesisConfig, NetworkConfig, SessionConfig, StackConfig,
    SyncConfig, SyncGate, TieBreak, TimeConfig, TokenConfig, Topology,
};

pub(super) const PRESET: Preset = Preset::new(
    7,
    outline::SESSIONS,
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
            tie_break: TieBreak::Generation,
            passive_wait_ms: NonZeroU32::new(45_000),
            backoff: BackoffRule::Probing,
            peer_check_ms: 30_000,
            writer_overwrite: false,
            phantom_close: false,
            stale_cleanup: false,
            zombie_heal: true,
            ..SessionConfig::DEFAULT
        },
        sync: SyncConfig {
            enabled: true,
            gate: SyncGate::None,
            genesis: GenesisCheck::Lenient,
            stuck_flag: false,
            acceptors_ask: true,
            ..SyncConfig::DEFAULT
        },
        ..Config::DEFAULT
    },
);
