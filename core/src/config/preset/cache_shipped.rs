//! Document 003 as its program was: hits count queued commands, metrics begin again, each start has a new id.

use super::warm_world::{WARM_CACHE, WARM_WORLD};
use super::{Preset, outline};
use crate::config::Config;

pub(super) const PRESET: Preset =
    Preset::new(20, outline::CACHE_SHIPPED, Config { cache: WARM_CACHE, ..WARM_WORLD });
