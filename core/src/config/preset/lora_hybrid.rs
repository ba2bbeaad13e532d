//! Gateways and mesh: radio and internet together.

use super::lora::RADIO;
use super::lora_world::RADIOS;
use super::{Preset, outline};
use crate::config::{Config, GenesisConfig, RadioConfig};

pub(super) const PRESET: Preset = Preset::new(
    33,
    outline::LORA_HYBRID,
    Config {
        genesis: GenesisConfig { peers: 60, ..RADIOS.genesis },
        radio: RadioConfig { area_m: 25_000, gateways: 6, ..RADIO },
        ..RADIOS
    },
);
