//! Document 004 as its program was: the law is applied to a thousandth of the airtime.

use super::lora_world::RADIOS;
use super::{Preset, outline};
use crate::config::{Config, RadioConfig, Traffic};

pub(super) const PRESET: Preset = Preset::new(
    30,
    outline::LORA_SHIPPED,
    Config {
        radio: RadioConfig {
            enabled: true,
            spreading: 12,
            traffic: Traffic::Neighbor,
            traffic_ms: 3_600_000,
            airtime_in_seconds: true,
            crc_signed: true,
            flat_airtime: true,
            short_wait: true,
            counter_lost: true,
            ledger_lost: true,
            sender_time: true,
            ..RadioConfig::DEFAULT
        },
        ..RADIOS
    },
);
