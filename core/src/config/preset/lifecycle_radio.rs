//! Elections on the air: documents 000, 001 and 004 in one world.

use std::num::NonZeroU32;

use super::improved;
use super::lora::RADIO;
use super::{Preset, outline};
use crate::base::ratio::Ratio;
use crate::config::{Config, GenesisConfig, NetworkConfig, RadioConfig, TimeConfig, Traffic};

/// Radio of hosts whose lifecycle is the only traffic: three channels, and pauses that spread the messages of
/// a round.
pub(super) const ON_AIR: RadioConfig = RadioConfig {
    channels: 3,
    gap_ms: 10_000,
    traffic: Traffic::Off,
    beacon_ms: NonZeroU32::new(600_000),
    neighbor_timeout_ms: 2_400_000,
    route_ms: 7_200_000,
    ..RADIO
};

/// Ringside's lifecycle with rounds of ten minutes.
pub(super) const SLOW: Config = Config {
    time: TimeConfig { ticks_per_round: 30_000, round_ms: 600_000, tick_ms: 20 },
    network: NetworkConfig {
        loss: Ratio::ZERO,
        delay: Ratio::ZERO,
        latency_min: 2,
        latency_max: 2,
        same_round_delivery: true,
        ..improved::PRESET.config.network
    },
    ..improved::PRESET.config
};

pub(super) const PRESET: Preset = Preset::new(
    62,
    outline::LIFECYCLE_RADIO,
    Config {
        genesis: GenesisConfig { peers: 20, ..SLOW.genesis },
        radio: RadioConfig { area_m: 3_000, ..ON_AIR },
        ..SLOW
    },
);
