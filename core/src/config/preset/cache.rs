//! Peer cache of document 003 at work, and its earlier versions, which are retired.

use std::num::NonZeroU32;

use super::warm_world::{WARM_CACHE, WARM_WORLD};
use super::{Preset, outline};
use crate::config::{
    AddressPolicy, CacheConfig, CacheGate, CacheRanking, CachedAddress, Config, DamageRule, SaveRule,
    WarmStart,
};

/// First version: the file belongs to no network.
pub(super) const FIRST: Preset = Preset::new(
    22,
    outline::CACHE_1,
    Config {
        cache: CacheConfig {
            start: WarmStart::WhenNeeded,
            ranking: CacheRanking::LastSuccess,
            dials_max: NonZeroU32::new(4),
            attempts_max: NonZeroU32::new(20),
            budget_ms: NonZeroU32::new(20_000),
            dial_timeout_ms: 3_000,
            gate: CacheGate::Sessions,
            address: CachedAddress::Listening,
            metrics_reset: false,
            restored: true,
            merged: true,
            identity_kept: true,
            save_s: NonZeroU32::new(60),
            save: SaveRule::Synced,
            damaged: DamageRule::KeepAside,
            penalties_overwritten: false,
            uptime_constant: false,
            policy: AddressPolicy::Lan,
            retry_s: NonZeroU32::new(600),
            skew_clamped: true,
            ..WARM_CACHE
        },
        ..WARM_WORLD
    },
);

/// Second version: clocks go ahead before the file of a stop is saved.
pub(super) const SECOND: Preset = Preset::new(
    23,
    outline::CACHE_2,
    Config { cache: CacheConfig { namespace: true, ..FIRST.config.cache }, ..FIRST.config },
);

pub(super) const PRESET: Preset = Preset::new(
    24,
    outline::CACHE,
    Config { cache: CacheConfig { absence_first: false, ..SECOND.config.cache }, ..SECOND.config },
);
