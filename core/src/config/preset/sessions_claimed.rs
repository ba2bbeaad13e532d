//! Document 002 as written: replies and peers by IP, inbound sessions preferred, one request for blocks.

use super::incident::INCIDENT;
use super::{Preset, outline};
use crate::config::{BackoffRule, Config, SessionConfig, SyncConfig, SyncGate, TieBreak};

pub(super) const PRESET: Preset = Preset::new(
    8,
    outline::SESSIONS_CLAIMED,
    Config {
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
        ..INCIDENT
    },
);
