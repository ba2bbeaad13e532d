//! Document 002 as its program was before the correction: replies of the accepting side are lost.

use super::incident::INCIDENT;
use super::{Preset, outline};
use crate::config::{AddressKey, Config, SessionConfig, SyncConfig};

pub(super) const PRESET: Preset = Preset::new(
    6,
    outline::SESSIONS_SHIPPED,
    Config {
        session: SessionConfig {
            enabled: true,
            reply_key: AddressKey::IpPort,
            registry: AddressKey::IpPort,
            ..SessionConfig::DEFAULT
        },
        sync: SyncConfig { enabled: true, catch_up_key: AddressKey::IpPort, ..SyncConfig::DEFAULT },
        ..INCIDENT
    },
);
