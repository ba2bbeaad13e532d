//! Scenarios: everything that determines a run, as people write it and as links carry it.
//!
//! A scenario is a preset, a seed, a length, the knobs that differ from the preset, and commands at ticks.
//! Two forms of it exist: text that people write, read from any format with all problems at once; and links,
//! of which every scenario has exactly one.
//!
//! | module | content |
//! |---|---|
//! | [`raw`] | values of JSON or JavaScript before they are interpreted |
//! | [`json`] | the strict reader of files |
//! | `object` | strict reading of objects: no unknown key, no key twice |
//! | `parse` | a whole scenario from a raw value |
//! | [`command`], `setting` | commands and knob settings, written and read |
//! | [`expect`] | expectations of a scenario file about its run |
//! | [`rules`] | contradictions between knobs, knobs of a running world, notices |
//! | [`link`] | share links |

pub mod command;
pub mod expect;
pub mod json;
pub mod link;
mod object;
mod parse;
pub mod raw;
pub mod rules;
#[cfg(test)]
mod sample;
mod setting;
#[cfg(test)]
mod tests;

use self::raw::Value;
use crate::base::problem::Problem;
use crate::config::Config;
use crate::config::KNOBS;
use crate::config::knob::{Knob, Setting};
use crate::config::preset::Preset;
use crate::sim::command::TimedCommand;

/// Maximum length of an experiment, in rounds.
pub const MAX_ROUNDS: u32 = 10_000_000;
/// Maximum number of commands of a scenario.
pub const MAX_COMMANDS: usize = 10_000;

/// Seed of a scenario without one.
pub const DEFAULT_SEED: u64 = 1;

/// Everything that determines a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scenario {
    /// Starting point of the configuration.
    pub preset: &'static Preset,
    /// Seed of all random streams.
    pub seed: u64,
    /// Length of the experiment, in rounds: 1 to [`MAX_ROUNDS`].
    pub rounds: u32,
    /// Every knob.
    pub config: Config,
    /// Commands in ascending order of their ticks.
    pub commands: Vec<TimedCommand>,
}

impl Scenario {
    /// A preset as it is, with [`DEFAULT_SEED`].
    ///
    /// # Errors
    ///
    /// If no preset has this name.
    pub fn preset(name: &str) -> Result<Self, Problem> {
        Preset::by_name(name).map(Self::of)
    }

    /// A preset as it is, with [`DEFAULT_SEED`].
    #[must_use]
    pub fn of(preset: &'static Preset) -> Self {
        Self {
            preset,
            seed: DEFAULT_SEED,
            rounds: preset.rounds,
            config: preset.config.clone(),
            commands: Vec::new(),
        }
    }

    /// The scenario in the form that [`Scenario::parse`] reads: the preset and the differences from it.
    #[must_use]
    pub fn describe(&self) -> Value {
        let mut entries = vec![
            ("preset".to_owned(), Value::String(self.preset.name.to_owned())),
            ("seed".to_owned(), Value::String(self.seed.to_string())),
        ];
        if self.rounds != self.preset.rounds {
            entries.push(("rounds".to_owned(), Value::Integer(self.rounds.into())));
        }
        let set = self.describe_settings();
        if !set.is_empty() {
            entries.push(("set".to_owned(), Value::Object(set)));
        }
        if !self.commands.is_empty() {
            let commands = self.commands.iter().copied().map(Value::from).collect();
            entries.push(("commands".to_owned(), Value::Array(commands)));
        }
        Value::Object(entries)
    }

    fn describe_settings(&self) -> Vec<(String, Value)> {
        let mut sections: Vec<(String, Value)> = Vec::new();
        for setting in self.changes() {
            let entry = (setting.knob().name().to_owned(), setting.value().into());
            match sections.last_mut() {
                Some((section, Value::Object(names))) if section == setting.knob().section() => {
                    names.push(entry);
                }
                _ => sections.push((setting.knob().section().to_owned(), Value::Object(vec![entry]))),
            }
        }
        sections
    }

    /// Knobs that differ from the preset, section by section.
    pub fn changes(&self) -> impl Iterator<Item = Setting> {
        let is_changed =
            |knob: &&'static Knob| knob.setting(&self.config) != knob.setting(&self.preset.config);
        KNOBS.iter().filter(is_changed).map(|knob| knob.setting(&self.config))
    }

    /// Sets a knob from the start. [`Scenario::check`] finds contradictions with other knobs.
    pub fn with_setting(&mut self, setting: Setting) {
        setting.apply(&mut self.config);
    }

    /// Problems of a scenario that was built by code; empty if it was parsed or decoded.
    #[must_use]
    pub fn check(&self) -> Vec<Problem> {
        let mut problems = Vec::new();
        if !(1..=MAX_ROUNDS).contains(&self.rounds) {
            let remedy = format!("choose a number from 1 to {MAX_ROUNDS}");
            problems.push(Problem::new("rounds", "is out of range", remedy));
        }
        let settings = KNOBS.iter().map(|knob| knob.setting(&self.config));
        let outside = settings.filter(|setting| Setting::from_raw(setting.knob(), setting.raw()).is_none());
        problems.extend(outside.map(|setting| {
            let path = setting.knob().path;
            Problem::new(format!("set.{path}"), "is out of range", "see the list of knobs")
        }));
        problems.extend(rules::contradictions(&self.config));
        problems.extend(self.check_commands());
        problems
    }

    fn check_commands(&self) -> Vec<Problem> {
        let path = |index| format!("commands[{index}]");
        let mut problems = Vec::new();
        if self.commands.len() > MAX_COMMANDS {
            problems.push(too_many_commands(self.commands.len()));
        }
        if !self.commands.is_sorted_by_key(|timed| timed.at) {
            problems.push(Problem::new("commands", "are out of order", "sort them by their ticks"));
        }
        let wrong = self.commands.iter().enumerate();
        problems.extend(wrong.filter_map(|(index, timed)| command::check(timed, &path(index))));
        problems.extend(parse::located(rules::check_commands(&self.config, &self.commands), path));
        problems
    }
}

fn too_many_commands(count: usize) -> Problem {
    Problem::new("commands", format!("there are {count} commands"), format!("keep {MAX_COMMANDS} at most"))
}
