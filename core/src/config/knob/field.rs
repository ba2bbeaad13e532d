//! Fields of [`Config`](crate::config::Config) and of commands as plain numbers, the form that links carry.

use std::num::NonZeroU32;

use super::declare::option_names;
use crate::base::id::PeerId;
use crate::base::ratio::Ratio;
use crate::base::time::Direction;

/// A type whose values have numbers in links.
///
/// Both directions are total. A number outside the type's range saturates, and an unknown option becomes the
/// first one: the link reader builds a command before it checks the ranges of its fields, and refuses it
/// afterwards.
pub trait Field: Copy {
    /// Number of the value.
    fn raw(self) -> u64;
    /// Value with a number, saturating.
    fn from_raw(raw: u64) -> Self;
}

impl Field for u32 {
    fn raw(self) -> u64 {
        self.into()
    }

    fn from_raw(raw: u64) -> Self {
        Self::try_from(raw).unwrap_or(Self::MAX)
    }
}

impl Field for NonZeroU32 {
    fn raw(self) -> u64 {
        self.get().into()
    }

    fn from_raw(raw: u64) -> Self {
        Self::new(u32::from_raw(raw)).unwrap_or(Self::MIN)
    }
}

impl Field for PeerId {
    fn raw(self) -> u64 {
        self.get()
    }

    fn from_raw(raw: u64) -> Self {
        Self::new(raw)
    }
}

/// `None` is 0.
impl Field for Option<NonZeroU32> {
    fn raw(self) -> u64 {
        self.map_or(0, NonZeroU32::get).into()
    }

    fn from_raw(raw: u64) -> Self {
        NonZeroU32::new(u32::from_raw(raw))
    }
}

impl Field for Ratio {
    fn raw(self) -> u64 {
        self.millionths().into()
    }

    fn from_raw(raw: u64) -> Self {
        Self::from_millionths(u32::from_raw(raw))
    }
}

impl Field for bool {
    fn raw(self) -> u64 {
        self.into()
    }

    fn from_raw(raw: u64) -> Self {
        raw != 0
    }
}

option_names!(Direction: Ahead "ahead", Behind "behind");
