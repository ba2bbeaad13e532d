//! Sessions of document 002 at work.

use std::num::NonZeroU32;

use super::incident::INCIDENT;
use super::{Preset, outline};
use crate::config::{BackoffRule, Config, GenesisCheck, SessionConfig, SyncConfig, SyncGate, TieBreak};

pub(super) const PRESET: Preset = Preset::new(
    7,
    outline::SESSIONS,
    Config {
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
        ..INCIDENT
    },
);
