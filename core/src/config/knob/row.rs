//! A row of the table of knobs, alone and with a value.

use std::fmt;

use serde::Serialize;

use super::kind::{Kind, KnobValue};
use crate::config::Config;

/// One parameter of a run.
#[derive(Clone, Copy, Debug)]
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
    pub(in crate::config) get: fn(&Config) -> u64,
    pub(in crate::config) set: fn(&mut Config, u64),
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
