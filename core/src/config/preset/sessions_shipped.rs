//! Document 002 as its program was before the correction: replies of the accepting side are lost.

use super::Preset;
use super::outline;
use crate::base::ratio::Ratio;
use crate::config::{
    AddressKey, Config, FarLinks, GenesisConfig, NetworkConfig, SessionConfig, StackConfig, SyncConfig,
    TimeConfig, TokenConfig, Topology,
};

pub(super) const PRESET: Preset = Preset::new(
    6,
    outline::SESSIONS_SHIPPED,
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
            reply_key: AddressKey::IpPort,
            registry: AddressKey::IpPort,
            ..SessionConfig::DEFAULT
        },
        sync: SyncConfig { enabled: true, catch_up_key: AddressKey::IpPort, ..SyncConfig::DEFAULT },
        ..Config::DEFAULT
    },
);
