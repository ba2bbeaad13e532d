//! Types of knobs and their values.

use std::fmt;

use serde::{Serialize, Serializer};

use super::field::Field as _;
use crate::base::decimal::Decimal;
use crate::base::ratio::Ratio;

/// Kind and range of the values of a knob.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "type", rename_all = "lowercase")]
pub enum Kind {
    /// An integer.
    Count {
        /// Minimum.
        min: u32,
        /// Maximum.
        max: u32,
    },
    /// A share or probability, from 0.
    Share {
        /// Maximum.
        #[serde(serialize_with = "share_as_number")]
        max: Ratio,
    },
    /// On or off.
    Switch,
    /// One of several options.
    Choice {
        /// Names of the options.
        options: &'static [&'static str],
    },
}

/// The value of a knob.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KnobValue {
    /// An integer, in the unit of its knob.
    Count(u64),
    /// A share or probability.
    Share(Ratio),
    /// On or off.
    Switch(bool),
    /// Name of an option.
    Choice(&'static str),
}

impl Kind {
    /// Minimum and maximum of the raw values.
    #[must_use]
    pub const fn range(self) -> (u64, u64) {
        match self {
            Self::Count { min, max } => (min as u64, max as u64),
            Self::Share { max } => (0, max.millionths() as u64),
            Self::Switch => (0, 1),
            Self::Choice { options } => (0, options.len() as u64 - 1),
        }
    }

    /// Value of a raw value in the range.
    #[must_use]
    pub fn value(self, raw: u64) -> KnobValue {
        match self {
            Self::Count { .. } => KnobValue::Count(raw),
            Self::Share { .. } => KnobValue::Share(Ratio::from_raw(raw)),
            Self::Switch => KnobValue::Switch(bool::from_raw(raw)),
            Self::Choice { options } => {
                let option = usize::try_from(raw).ok().and_then(|index| options.get(index));
                debug_assert!(option.is_some(), "a raw value is in its range");
                KnobValue::Choice(option.copied().unwrap_or_default())
            }
        }
    }
}

impl fmt::Display for KnobValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Count(count) => write!(f, "{count}"),
            Self::Share(share) => write!(f, "{}", Decimal(share_number(*share))),
            Self::Switch(on) => f.write_str(if *on { "on" } else { "off" }),
            Self::Choice(name) => f.write_str(name),
        }
    }
}

/// Serializes counts and shares as numbers, switches as booleans, choices as strings.
impl Serialize for KnobValue {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Count(count) => serializer.serialize_u64(*count),
            Self::Share(share) => share_as_number(share, serializer),
            Self::Switch(on) => serializer.serialize_bool(*on),
            Self::Choice(name) => serializer.serialize_str(name),
        }
    }
}

/// A share as a number. The division is correctly rounded, so that reading it gives the same millionths.
#[must_use]
pub fn share_number(share: Ratio) -> f64 {
    f64::from(share.millionths()) / f64::from(Ratio::ONE.millionths())
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks for a reference")]
fn share_as_number<S: Serializer>(share: &Ratio, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_f64(share_number(*share))
}
