//! Peer manager of document 004 at work.

use super::lora_world::RADIOS;
use super::{Preset, outline};
use crate::config::{Config, GenesisConfig, ManagerConfig};

pub(super) const PRESET: Preset = Preset::new(
    34,
    outline::PEER_MANAGER,
    Config {
        genesis: GenesisConfig { peers: 100, ..RADIOS.genesis },
        manager: ManagerConfig { enabled: true, ..ManagerConfig::DEFAULT },
        ..RADIOS
    },
);
