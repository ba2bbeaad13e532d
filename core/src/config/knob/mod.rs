//! The table of knobs: every parameter of a run by its path, with range, unit and meaning.
//!
//! It is the only door into [`Config`]: scenarios, links, the command line and the page's panel all read this table.

mod table;
#[cfg(test)]
mod tests;

use std::fmt;

use serde::{Serialize, Serializer};

pub use self::table::{Field, KNOBS};
use super::Config;
use crate::base::decimal::Decimal;
use crate::base::ratio::Ratio;

/// One parameter of a run.
#[derive(Debug)]
pub struct Knob {
    /// Its number in links; never reused.
    pub code: u16,
    /// Section and name: `network.loss`.
    pub path: &'static str,
    /// What values it takes.
    pub kind: Kind,
    /// What it counts, such as `rounds`; empty where it has no unit.
    pub unit: &'static str,
    /// One sentence for a person.
    pub meaning: &'static str,
    /// Whether it may be turned while the world runs.
    pub live: bool,
    get: fn(&Config) -> u64,
    set: fn(&mut Config, u64),
}

/// What values a knob takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "type", rename_all = "lowercase")]
pub enum Kind {
    /// A whole number.
    Count {
        /// The smallest.
        min: u32,
        /// The largest.
        max: u32,
    },
    /// A share or probability, from 0.
    Share {
        /// The largest.
        #[serde(serialize_with = "share_as_number")]
        max: Ratio,
    },
    /// On or off.
    Switch,
    /// One of some names.
    Choice {
        /// The names.
        options: &'static [&'static str],
    },
}

/// The value of a knob.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KnobValue {
    /// A whole number, in the unit of its knob.
    Count(u64),
    /// A share or probability.
    Share(Ratio),
    /// On or off.
    Switch(bool),
    /// The name of an option.
    Choice(&'static str),
}

/// A knob with a value in its range.
#[derive(Clone, Copy)]
pub struct Setting {
    knob: &'static Knob,
    raw: u64,
}

/// A knob as the page and the command line show it.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct KnobView {
    /// Section and name.
    pub path: &'static str,
    /// What values it takes.
    pub kind: Kind,
    /// What it counts; empty where it has no unit.
    pub unit: &'static str,
    /// One sentence.
    pub meaning: &'static str,
    /// The value it has.
    pub value: KnobValue,
    /// Whether it may be turned while the world runs.
    pub live: bool,
}

impl Knob {
    /// The knob with this path.
    #[must_use]
    pub fn by_path(path: &str) -> Option<&'static Self> {
        KNOBS.iter().find(|knob| knob.path == path)
    }

    /// The knob with this number.
    #[must_use]
    pub fn by_code(code: u64) -> Option<&'static Self> {
        KNOBS.iter().find(|knob| u64::from(knob.code) == code)
    }

    /// The knob that somebody may have meant with a path that does not exist.
    #[must_use]
    pub fn nearest(path: &str) -> Option<&'static Self> {
        let name = path.rsplit('.').next().unwrap_or(path);
        let elsewhere = || KNOBS.iter().find(|knob| knob.name() == name);
        let alike = || nearest(path, KNOBS.iter().map(|knob| knob.path)).and_then(Self::by_path);
        elsewhere().or_else(alike)
    }

    /// The part of the path before the dot.
    #[must_use]
    pub fn section(&self) -> &'static str {
        self.path.split_once('.').map_or("", |(section, _)| section)
    }

    /// The part of the path behind the dot.
    #[must_use]
    pub fn name(&self) -> &'static str {
        self.path.split_once('.').map_or(self.path, |(_, name)| name)
    }

    /// The value in a configuration.
    #[must_use]
    pub fn value(&self, config: &Config) -> KnobValue {
        self.kind.value((self.get)(config))
    }

    /// The setting that a configuration has.
    #[must_use]
    pub fn setting(&'static self, config: &Config) -> Setting {
        Setting { knob: self, raw: (self.get)(config) }
    }

    /// The knob with the value that it has in a configuration.
    #[must_use]
    pub fn view(&self, config: &Config) -> KnobView {
        let Self { path, kind, unit, meaning, live, .. } = *self;
        KnobView { path, kind, unit, meaning, value: self.value(config), live }
    }
}

impl Kind {
    /// The smallest and the largest raw value.
    #[must_use]
    pub const fn range(self) -> (u64, u64) {
        match self {
            Self::Count { min, max } => (min as u64, max as u64),
            Self::Share { max } => (0, max.millionths() as u64),
            Self::Switch => (0, 1),
            Self::Choice { options } => (0, options.len() as u64 - 1),
        }
    }

    /// What a raw value in the range stands for.
    #[must_use]
    pub fn value(self, raw: u64) -> KnobValue {
        match self {
            Self::Count { .. } => KnobValue::Count(raw),
            Self::Share { .. } => KnobValue::Share(Ratio::from_raw(raw)),
            Self::Switch => KnobValue::Switch(bool::from_raw(raw)),
            Self::Choice { options } => {
                let index = usize::try_from(raw).unwrap_or(usize::MAX);
                KnobValue::Choice(options.get(index).copied().unwrap_or_default())
            }
        }
    }
}

impl Setting {
    /// A knob with a raw value (a count, millionths, 0 or 1, the index of an option); `None` out of range.
    #[must_use]
    pub fn from_raw(knob: &'static Knob, raw: u64) -> Option<Self> {
        let (min, max) = knob.kind.range();
        (min..=max).contains(&raw).then_some(Self { knob, raw })
    }

    /// The knob.
    #[must_use]
    pub const fn knob(self) -> &'static Knob {
        self.knob
    }

    /// The value.
    #[must_use]
    pub fn value(self) -> KnobValue {
        self.knob.kind.value(self.raw)
    }

    /// The value as a number: a count, millionths, 0 or 1, the index of an option.
    #[must_use]
    pub const fn raw(self) -> u64 {
        self.raw
    }

    /// Turns the knob.
    pub fn apply(self, config: &mut Config) {
        (self.knob.set)(config, self.raw);
    }
}

impl PartialEq for Setting {
    fn eq(&self, other: &Self) -> bool {
        (self.knob.code, self.raw) == (other.knob.code, other.raw)
    }
}

impl Eq for Setting {}

/// As the command line takes it: `network.loss=0.05`.
impl fmt::Display for Setting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}={}", self.knob.path, self.value())
    }
}

impl fmt::Debug for Setting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
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

/// Counts and shares as numbers, switches as booleans, choices as strings.
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

/// A share as people write it. The division is exact to the last bit, so that reading it gives the same millionths.
#[must_use]
pub fn share_number(share: Ratio) -> f64 {
    f64::from(share.millionths()) / f64::from(Ratio::ONE.millionths())
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks for a reference")]
fn share_as_number<S: Serializer>(share: &Ratio, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_f64(share_number(*share))
}

/// The word that somebody may have meant with one that is not among them.
#[must_use]
pub fn nearest<'a>(word: &str, words: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let length = word.chars().count();
    if length > 64 {
        return None;
    }
    // All words are ASCII: the tables of what is a capital elsewhere would be a load for nothing.
    let word = word.to_ascii_lowercase();
    let rated = words.into_iter().map(|other| (strsim::damerau_levenshtein(&word, other), other));
    let (distance, best) = rated.min_by_key(|pair| pair.0)?;
    (distance <= (length / 3).max(1)).then_some(best)
}
