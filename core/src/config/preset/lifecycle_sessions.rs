//! The lifecycle over sessions: documents 000, 001 and 002 in one world.

use super::layered::{LIFECYCLE, ON_DEMAND};
use super::{Preset, outline};
use crate::config::Config;

pub(super) const PRESET: Preset =
    Preset::new(60, outline::LIFECYCLE_SESSIONS, Config { session: ON_DEMAND, ..LIFECYCLE });
