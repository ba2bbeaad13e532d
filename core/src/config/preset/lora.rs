//! Radio of document 004 at work.

use std::num::NonZeroU32;

use super::lora_world::RADIOS;
use super::{Preset, outline};
use crate::config::{Config, RadioConfig, Traffic};

/// Radio at work: frames at SF7, beacons every five minutes, and timeouts that follow the duty cycle.
pub(super) const RADIO: RadioConfig = RadioConfig {
    enabled: true,
    spreading: 7,
    traffic: Traffic::Mesh,
    traffic_ms: 3_600_000,
    queue_ttl_ms: 7_200_000,
    gap_ms: 200,
    retries: 5,
    scaled_timeouts: true,
    beacon_ms: NonZeroU32::new(300_000),
    neighbor_timeout_ms: 1_200_000,
    suppression: NonZeroU32::new(3),
    route_ms: 3_600_000,
    breaker_failures: NonZeroU32::new(5),
    ..RadioConfig::DEFAULT
};

pub(super) const PRESET: Preset = Preset::new(32, outline::LORA, Config { radio: RADIO, ..RADIOS });
