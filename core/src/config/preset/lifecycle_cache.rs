//! Warm start of the lifecycle: documents 000 to 003 in one world.

use std::num::NonZeroU32;

use super::layered::{LIFECYCLE, ON_DEMAND};
use super::{Preset, cache, outline};
use crate::base::ratio::Ratio;
use crate::config::{CacheConfig, Config, GenesisConfig};

/// Cache at work that serves the lifecycle, without transfers of its own.
pub(super) const CACHE: CacheConfig = CacheConfig {
    lifecycle: true,
    transfer_ms: None,
    relay_share: Ratio::ZERO,
    cycles: 0,
    absence_s: 0,
    offline_hourly: Ratio::ZERO,
    moved_hourly: Ratio::ZERO,
    reborn_hourly: Ratio::ZERO,
    // Of the version that was published with this preset, so that links to it stay what they were.
    ..cache::SECOND.config.cache
};

pub(super) const PRESET: Preset = Preset::new(
    61,
    outline::LIFECYCLE_CACHE,
    Config {
        genesis: GenesisConfig { peers: 60, ..LIFECYCLE.genesis },
        session: ON_DEMAND,
        cache: CacheConfig {
            cycles: 1,
            subjects: 6,
            up_rounds: 300,
            down_rounds: 300,
            save_s: NonZeroU32::new(60),
            ..CACHE
        },
        ..LIFECYCLE
    },
);
