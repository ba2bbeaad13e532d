//! Reading of scenarios: every problem of the input is reported at once, each with its path and a remedy.

mod expect;

use self::expect::{expectations, title};
use super::command::parse_timed;
use super::expect::Trial;
use super::object::{Object, whole};
use super::raw::Value;
use super::setting::{known_knob, read};
use super::{DEFAULT_SEED, MAX_COMMANDS, MAX_ROUNDS, Scenario, rules, too_many_commands};
use crate::base::problem::{Problem, quoted};
use crate::base::sort;
use crate::config::knob::{Knob, Setting};
use crate::config::preset::{PRESETS, Preset};
use crate::config::{KNOBS, nearest};
use crate::sim::command::TimedCommand;

const KEYS: &[&str] = &["preset", "seed", "rounds", "set", "commands", "title", "expect"];

/// A command with its index in the input.
type Indexed = (usize, TimedCommand);

impl Trial {
    /// Reads a scenario with its `title` and what it `expect`s, as [`Scenario::parse`] does.
    ///
    /// # Errors
    ///
    /// All problems of the input.
    pub fn parse(input: &Value) -> Result<Self, Vec<Problem>> {
        let mut problems = Vec::new();
        let trial = trial(input, &mut problems);
        trial.filter(|_| problems.is_empty()).ok_or(problems)
    }
}

impl Scenario {
    /// Reads `{ "preset": ..., "seed": ..., "rounds": ..., "set": { ... }, "commands": [ ... ] }`.
    ///
    /// All keys are optional; `null` counts as absent. Commands are sorted by their ticks. A `title` and the
    /// entries of `expect` are checked and dropped; [`Trial::parse`] keeps them.
    ///
    /// # Errors
    ///
    /// All problems of the input.
    pub fn parse(input: &Value) -> Result<Self, Vec<Problem>> {
        Trial::parse(input).map(|trial| trial.scenario)
    }
}

fn trial(input: &Value, problems: &mut Vec<Problem>) -> Option<Trial> {
    let object = Object::new(input, "", problems)?;
    object.check_keys(KEYS, problems);
    let title = title(&object, problems);
    let scenario = scenario(&object, problems);
    let rounds = scenario.as_ref().map_or(MAX_ROUNDS, |scenario| scenario.rounds);
    let expect = object.get("expect").map(|list| expectations(list, rounds, problems)).unwrap_or_default();
    Some(Trial { title, scenario: scenario?, expect })
}

fn scenario(object: &Object<'_>, problems: &mut Vec<Problem>) -> Option<Scenario> {
    let preset = preset(object, problems);
    let seed = seed(object).map_err(|problem| problems.push(problem)).ok();
    let rounds = rounds(object).map_err(|problem| problems.push(problem)).ok();
    let settings = object.get("set").map(|set| settings(set, problems)).unwrap_or_default();
    let commands = object.get("commands").map(|list| commands(list, problems)).unwrap_or_default();
    let mut scenario = Scenario::of(preset?);
    scenario.seed = seed?;
    scenario.rounds = rounds?.unwrap_or(scenario.rounds);
    for setting in settings {
        scenario.with_setting(setting);
    }
    check_together(&mut scenario, commands, problems);
    Some(scenario)
}

fn preset(object: &Object<'_>, problems: &mut Vec<Problem>) -> Option<&'static Preset> {
    if object.get("preset").is_none() {
        return PRESETS.first();
    }
    let name = object.text("preset", problems)?;
    Preset::by_name(name).map_err(|problem| problems.push(problem)).ok()
}

fn seed(object: &Object<'_>) -> Result<u64, Problem> {
    let Some(value) = object.get("seed") else { return Ok(DEFAULT_SEED) };
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let found = match value {
        Value::String(text) if digits(text) => text.parse().ok(),
        Value::String(_) => None,
        _ => value.as_whole().and_then(|number| u64::try_from(number).ok()),
    };
    found.ok_or_else(|| {
        let message = format!("expected a whole number from 0 to {}, found {value}", u64::MAX);
        let is_large = value.as_whole().is_none() && value.as_number().is_some_and(|number| number >= 1e15);
        let is_beyond = value.as_whole().is_some_and(|number| number > u64::MAX.into());
        let remedy = if is_large {
            "write it as a string: larger numbers than 2^53 lose digits in JavaScript"
        } else if is_beyond {
            "choose a smaller number"
        } else {
            "write decimal digits"
        };
        Problem::new("seed", message, remedy)
    })
}

fn rounds(object: &Object<'_>) -> Result<Option<u32>, Problem> {
    let Some(value) = object.get("rounds") else { return Ok(None) };
    whole(value, 1..=MAX_ROUNDS.into(), "rounds").map(|rounds| u32::try_from(rounds).ok())
}

fn settings(set: &Value, problems: &mut Vec<Problem>) -> Vec<Setting> {
    let Some(sections) = Object::new(set, "set", problems) else { return Vec::new() };
    sections.check_twice(problems);
    let mut settings = Vec::new();
    for (section, value) in sections.entries().filter(|(_, value)| **value != Value::Null) {
        let path = sections.at(section);
        if let Some(problem) = unknown_section(section, &path) {
            problems.push(problem);
        } else if let Some(names) = Object::new(value, &path, problems) {
            settings.extend(section_settings(section, &names, problems));
        }
    }
    settings
}

fn unknown_section(section: &str, path: &str) -> Option<Problem> {
    let mut sections: Vec<_> = KNOBS.iter().map(Knob::section).collect();
    sections.dedup();
    if sections.contains(&section) {
        return None;
    }
    let remedy = match (Knob::by_path(section), nearest(section, sections.iter().copied())) {
        (Some(knob), _) => format!("write {{ \"{}\": {{ \"{}\": ... }} }}", knob.section(), knob.name()),
        (None, Some(meant)) => format!("did you mean \"{meant}\"?"),
        (None, None) => format!("the sections are: {}", sections.join(", ")),
    };
    Some(Problem::new(path, format!("there is no section {}", quoted(section)), remedy))
}

fn section_settings(section: &str, names: &Object<'_>, problems: &mut Vec<Problem>) -> Vec<Setting> {
    names.check_twice(problems);
    let mut settings = Vec::new();
    for (name, value) in names.entries() {
        let path = names.at(name);
        let knob = known_knob(&format!("{section}.{name}"), &path);
        match knob.and_then(|knob| read(knob, value, &path)) {
            Ok(setting) => settings.push(setting),
            Err(problem) => problems.push(problem),
        }
    }
    settings
}

/// The commands, sorted by their ticks; commands of one tick keep their order.
fn commands(value: &Value, problems: &mut Vec<Problem>) -> Vec<Indexed> {
    let Value::Array(list) = value else {
        let message = format!("expected a list, found {value}");
        problems.push(Problem::new("commands", message, "write [ { \"at\": ..., \"kind\": ... } ]"));
        return Vec::new();
    };
    if list.len() > MAX_COMMANDS {
        problems.push(too_many_commands(list.len()));
        return Vec::new();
    }
    let read = |(index, value)| Some((index, parse_timed(value, &format!("commands[{index}]"), problems)?));
    let mut commands: Vec<Indexed> = list.iter().enumerate().filter_map(read).collect();
    sort::sort_by_key(&mut commands, |(_, timed)| timed.at);
    commands
}

/// Adds the commands and checks everything that depends on more than one value.
fn check_together(scenario: &mut Scenario, commands: Vec<Indexed>, problems: &mut Vec<Problem>) {
    let (indices, commands): (Vec<_>, Vec<_>) = commands.into_iter().unzip();
    scenario.commands = commands;
    // Values that were not read cannot be compared.
    if problems.is_empty() {
        problems.extend(rules::contradictions(&scenario.config));
    }
    if problems.is_empty() {
        let found = rules::check_commands(&scenario.config, &scenario.commands);
        problems.extend(located(found, |index| format!("commands[{}]", indices[index])));
    }
}

/// Problems of `set` commands, each at the path of its command.
pub(super) fn located(
    problems: Vec<(usize, Problem)>,
    path: impl Fn(usize) -> String,
) -> impl Iterator<Item = Problem> {
    problems.into_iter().map(move |(index, problem)| problem.at(format!("{}.value", path(index))))
}
