//! A row of the table of knobs, alone and with a value.

use std::fmt;

use serde::Serialize;

use super::kind::{Kind, KnobValue};
use crate::config::Config;

/// One parameter of a run.
#[derive(Clone, Copy, Debug)]
pub struct Knob {
    /// Code in links; never reused.
    pub code: u16,
    /// Section and name: `network.loss`.
    pub path: &'static str,
    /// Kind and range of its values.
    pub kind: Kind,
    /// Unit of a count, such as `rounds`; empty if it has none.
    pub unit: &'static str,
    /// Meaning in one sentence.
    pub meaning: &'static str,
    /// Whether it may change during a run.
    pub live: bool,
    pub(in crate::config) get: fn(&Config) -> u64,
    pub(in crate::config) set: fn(&mut Config, u64),
}

/// A knob with a raw value in its range.
#[derive(Clone, Copy)]
pub struct Setting {
    knob: &'static Knob,
    raw: u64,
}

/// A knob with its value in a configuration, as the page and the command line show it.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct KnobView {
    /// Section and name.
    pub path: &'static str,
    /// Kind and range of its values.
    pub kind: Kind,
    /// Unit of a count; empty if it has none.
    pub unit: &'static str,
    /// Meaning in one sentence.
    pub meaning: &'static str,
    /// Value in the configuration.
    pub value: KnobValue,
    /// Whether it may change during a run.
    pub live: bool,
}

impl Knob {
    /// Part of the path before the dot.
    #[must_use]
    pub fn section(&self) -> &'static str {
        self.path.split_once('.').map_or("", |(section, _)| section)
    }

    /// Part of the path after the dot.
    #[must_use]
    pub fn name(&self) -> &'static str {
        self.path.split_once('.').map_or(self.path, |(_, name)| name)
    }

    /// Value in a configuration.
    #[must_use]
    pub fn value(&self, config: &Config) -> KnobValue {
        self.kind.value((self.get)(config))
    }

    /// Setting in a configuration.
    #[must_use]
    pub fn setting(&'static self, config: &Config) -> Setting {
        Setting { knob: self, raw: (self.get)(config) }
    }

    /// View of the knob in a configuration.
    #[must_use]
    pub fn view(&self, config: &Config) -> KnobView {
        let Self { path, kind, unit, meaning, live, .. } = *self;
        KnobView { path, kind, unit, meaning, value: self.value(config), live }
    }
}

impl Setting {
    /// A knob with a raw value (a count, millionths, 0 or 1, the index of an option); `None` if it is out of
    /// range.
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

    /// Sets the knob in a configuration.
    pub fn apply(self, config: &mut Config) {
        (self.knob.set)(config, self.raw);
        debug_assert_eq!((self.knob.get)(config), self.raw, "{} keeps its value", self.knob.path);
    }
}

impl PartialEq for Setting {
    fn eq(&self, other: &Self) -> bool {
        (self.knob.code, self.raw) == (other.knob.code, other.raw)
    }
}

impl Eq for Setting {}

/// The form of the command line: `network.loss=0.05`.
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
