//! Commands as people write them.

use serde::{Serialize, Serializer};

use super::object::Object;
use super::quoted;
use super::raw::Value;
use super::setting::{known_knob, read};
use crate::command::{Command, TimedCommand};
use crate::config::knob::{Setting, nearest};
use crate::problem::Problem;
use crate::ring::Arc;
use crate::time::Tick;

/// Peers that one command may bring.
pub const MAX_JOIN: u32 = 100_000;
/// The last tick of the longest possible scenario: 10,000,000 rounds of 1,000 ticks.
pub const MAX_TICK: u64 = 10_000_000_000;

/// Kinds of commands, and the keys that each has besides `kind`.
const KINDS: &[(&str, &[&str])] = &[
    ("join", &["count"]),
    ("leave", &["peer"]),
    ("crash", &["peer"]),
    ("return", &["peer"]),
    ("cut", &["from", "to"]),
    ("heal", &[]),
    ("set", &["path", "value"]),
];

/// Reads a command for a running world: `{ "kind": "crash", "peer": "00ff00ff00ff00ff" }`.
///
/// # Errors
///
/// Everything that is wrong with it.
pub fn parse_command(value: &Value) -> Result<Command, Vec<Problem>> {
    let mut problems = Vec::new();
    let command = parse_at(value, "command", &[], &mut problems);
    command.filter(|_| problems.is_empty()).ok_or(problems)
}

/// Reads a command and its time.
pub(super) fn parse_timed(value: &Value, path: &str, problems: &mut Vec<Problem>) -> Option<TimedCommand> {
    let at = Object::new(value, path, problems)?.whole("at", 0..=MAX_TICK, problems);
    let command = parse_at(value, path, &["at"], problems);
    Some(TimedCommand { at: Tick(at?), command: command? })
}

fn parse_at(value: &Value, path: &str, more_keys: &[&str], problems: &mut Vec<Problem>) -> Option<Command> {
    let object = Object::new(value, path, problems)?;
    let text = object.text("kind", problems)?;
    let Some((kind, keys)) = KINDS.iter().find(|(kind, _)| *kind == text) else {
        problems.push(unknown_kind(&object, text));
        return None;
    };
    object.check_keys(&[&["kind"], more_keys, keys].concat(), problems);
    match *kind {
        "join" => Some(Command::Join { count: join_count(&object, problems)? }),
        "leave" => Some(Command::Leave { peer: object.peer("peer", problems)? }),
        "crash" => Some(Command::Crash { peer: object.peer("peer", problems)? }),
        "return" => Some(Command::Return { peer: object.peer("peer", problems)? }),
        "cut" => Some(Command::Cut { arc: arc(&object, problems)? }),
        "heal" => Some(Command::Heal),
        _ => Some(Command::Set(setting(&object, problems)?)),
    }
}

fn unknown_kind(object: &Object<'_>, kind: &str) -> Problem {
    let kinds = || KINDS.iter().map(|(kind, _)| *kind);
    let remedy = match nearest(kind, kinds()) {
        Some(kind) => format!("did you mean \"{kind}\"?"),
        None => format!("the kinds are: {}", kinds().collect::<Vec<_>>().join(", ")),
    };
    Problem::new(object.at("kind"), format!("there is no command {}", quoted(kind)), remedy)
}

fn join_count(object: &Object<'_>, problems: &mut Vec<Problem>) -> Option<u32> {
    object.whole("count", 1..=MAX_JOIN.into(), problems).and_then(|count| u32::try_from(count).ok())
}

fn arc(object: &Object<'_>, problems: &mut Vec<Problem>) -> Option<Arc> {
    let (from, to) = (object.peer("from", problems), object.peer("to", problems));
    let arc = Arc { from: from?.get(), to: to?.get() };
    if arc.from == arc.to {
        let message = "is the same as \"from\", so that nothing would be cut off";
        problems.push(Problem::new(object.at("to"), message, "choose another place on the ring"));
        return None;
    }
    Some(arc)
}

fn setting(object: &Object<'_>, problems: &mut Vec<Problem>) -> Option<Setting> {
    let (path, value) = (object.text("path", problems), object.require("value", problems));
    let knob = known_knob(path?, &object.at("path")).map_err(|problem| problems.push(problem)).ok();
    let setting = read(knob?, value?, &object.at("value")).map_err(|problem| problems.push(problem)).ok()?;
    if !setting.knob().live {
        problems.push(not_live(setting, &object.at("path")));
        return None;
    }
    Some(setting)
}

/// What is wrong with a command that was not read by this module.
pub(super) fn check(timed: &TimedCommand, place: &str) -> Option<Problem> {
    let wrong =
        |key, message: &str, remedy: &str| Some(Problem::new(format!("{place}.{key}"), message, remedy));
    match timed.command {
        _ if timed.at.0 > MAX_TICK => {
            wrong("at", "is later than any scenario lasts", "choose an earlier tick")
        }
        Command::Join { count } if !(1..=MAX_JOIN).contains(&count) => {
            wrong("count", "is out of range", "choose a count from 1 to 100000")
        }
        Command::Cut { arc } if arc.from == arc.to => {
            wrong("to", "is the same as \"from\"", "choose another place on the ring")
        }
        _ => None,
    }
}

/// A knob that does not turn while the world runs.
pub(super) fn not_live(setting: Setting, place: &str) -> Problem {
    let message = format!("{} cannot be changed while the world runs", setting.knob().path);
    Problem::new(place, message, format!("restart the run with {setting}"))
}

/// A command as [`parse_command`] reads it.
impl From<Command> for Value {
    fn from(command: Command) -> Self {
        Self::Map(entries(command))
    }
}

/// A command as an entry of a scenario.
impl From<TimedCommand> for Value {
    fn from(timed: TimedCommand) -> Self {
        let at = ("at".to_owned(), Self::Whole(timed.at.0.into()));
        Self::Map([vec![at], entries(timed.command)].concat())
    }
}

impl Serialize for Command {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Value::from(*self).serialize(serializer)
    }
}

impl Serialize for TimedCommand {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Value::from(*self).serialize(serializer)
    }
}

fn entries(command: Command) -> Vec<(String, Value)> {
    let text = |text: &dyn std::fmt::Display| Value::Text(text.to_string());
    let place = |number: u64| Value::Text(format!("{number:016x}"));
    let (kind, rest) = match command {
        Command::Join { count } => ("join", vec![("count", Value::Whole(count.into()))]),
        Command::Leave { peer } => ("leave", vec![("peer", text(&peer))]),
        Command::Crash { peer } => ("crash", vec![("peer", text(&peer))]),
        Command::Return { peer } => ("return", vec![("peer", text(&peer))]),
        Command::Cut { arc } => ("cut", vec![("from", place(arc.from)), ("to", place(arc.to))]),
        Command::Heal => ("heal", Vec::new()),
        Command::Set(setting) => {
            ("set", vec![("path", text(&setting.knob().path)), ("value", setting.value().into())])
        }
    };
    let all = [vec![("kind", text(&kind))], rest].concat();
    all.into_iter().map(|(key, value)| (key.to_owned(), value)).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::scenario::sample;

    fn map(entries: &[(&str, Value)]) -> Value {
        Value::Map(entries.iter().map(|(key, value)| ((*key).to_owned(), value.clone())).collect())
    }

    fn text(text: &str) -> Value {
        Value::Text(text.to_owned())
    }

    fn problems(value: &Value) -> Vec<String> {
        parse_command(value).unwrap_err().iter().map(ToString::to_string).collect()
    }

    #[test]
    fn every_problem_is_reported_with_its_place() {
        let cut = map(&[("kind", text("cut")), ("from", Value::Whole(3)), ("too", text("00ff00ff00ff00ff"))]);
        assert_eq!(
            problems(&cut),
            [
                "command.too: the key \"too\" is unknown; did you mean \"to\"?",
                "command.from: expected text, found 3; write it in quotation marks",
                "command.to: is missing; add \"to\": ...",
            ]
        );
    }

    #[test]
    fn commands_that_make_no_sense_are_refused() {
        let place = text("00ff00ff00ff00ff");
        assert!(
            problems(&map(&[("kind", text("cut")), ("from", place.clone()), ("to", place)]))[0]
                .contains("same")
        );
        assert!(
            problems(&map(&[("kind", text("join")), ("count", Value::Whole(0))]))[0].contains("from 1 to")
        );
        assert!(problems(&map(&[("kind", text("crush"))]))[0].ends_with("did you mean \"crash\"?"));
        assert!(problems(&map(&[("kind", text("crash")), ("peer", text("42"))]))[0].contains("sixteen"));
        assert!(problems(&Value::List(Vec::new()))[0].contains("expected an object"));
        assert!(problems(&map(&[("kind", text("heal")), ("kind", text("heal"))]))[0].contains("twice"));
    }

    #[test]
    fn only_live_knobs_turn_while_the_world_runs() {
        let set = |path, value| map(&[("kind", text("set")), ("path", text(path)), ("value", value)]);
        assert!(parse_command(&set("network.loss", Value::Number(0.5))).is_ok());
        assert_eq!(
            problems(&set("genesis.peers", Value::Whole(40))),
            ["command.path: genesis.peers cannot be changed while the world runs; restart the run with \
              genesis.peers=40"]
        );
        assert!(problems(&set("genesis.peers", Value::Whole(0)))[0].starts_with("command.value: expected"));
        assert!(
            problems(&map(&[("kind", text("set")), ("path", text("x"))]))[0].contains("value: is missing")
        );
    }

    proptest! {
        #[test]
        fn commands_survive_being_written(command in sample::command()) {
            prop_assert_eq!(parse_command(&command.into()), Ok(command));
        }
    }
}
