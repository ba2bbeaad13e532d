//! Document 004 as written: frames of 256 bytes, the duty cycle, and the document's own timeouts.

use super::lora_world::RADIOS;
use super::{Preset, outline};
use crate::config::{Config, RadioConfig, Traffic};

pub(super) const PRESET: Preset = Preset::new(
    31,
    outline::LORA_CLAIMED,
    Config {
        radio: RadioConfig {
            enabled: true,
            traffic: Traffic::Neighbor,
            traffic_ms: 3_600_000,
            ..RadioConfig::DEFAULT
        },
        ..RADIOS
    },
);
