//! Document 003 as written: metrics survive, addresses can be dialled, the published list waits for need.

use super::warm_world::{WARM_CACHE, WARM_WORLD};
use super::{Preset, outline};
use crate::config::{CacheConfig, CachedAddress, Config, WarmStart};

pub(super) const PRESET: Preset = Preset::new(
    21,
    outline::CACHE_CLAIMED,
    Config {
        cache: CacheConfig {
            start: WarmStart::WhenNeeded,
            address: CachedAddress::Listening,
            metrics_reset: false,
            restored: true,
            identity_kept: true,
            penalties_overwritten: false,
            uptime_constant: false,
            ..WARM_CACHE
        },
        ..WARM_WORLD
    },
);
