//! Commands in their written form, as objects and as words.
//!
//! [`table`] states the fields of every command; this module reads and writes commands by it and checks those
//! that were built by code. [`refusal`] words what a world answers to a command that it cannot carry out.

pub mod table;
mod refusal;

pub use self::table::MAX_JOIN;
use self::table::{FORMS, FieldKind, Form, SET};

use serde::{Serialize, Serializer};

use super::object::Object;
use super::raw::Value;
use super::setting::{known_knob, raw_of, read, value_of_text};
use crate::base::id::PeerId;
use crate::base::problem::{Problem, quoted};
use crate::base::time::Tick;
use crate::config::knob::{Kind, Knob, Setting};
use crate::config::nearest;
use crate::sim::command::{Command, TimedCommand};

/// Last tick of the longest possible scenario: 10,000,000 rounds of 1,000 ticks.
pub const MAX_TICK: u64 = 10_000_000_000;

/// Reads a command for a running world: `{ "kind": "crash", "peer": "00ff00ff00ff00ff" }`.
///
/// # Errors
///
/// All problems of the value.
pub fn parse_command(value: &Value) -> Result<Command, Vec<Problem>> {
    let mut problems = Vec::new();
    let command = parse_at(value, "command", &[], &mut problems);
    command.filter(|_| problems.is_empty()).ok_or(problems)
}

/// Reads a command and its tick.
pub(super) fn parse_timed(value: &Value, path: &str, problems: &mut Vec<Problem>) -> Option<TimedCommand> {
    let at = Object::new(value, path, problems)?.whole("at", 0..=MAX_TICK, problems);
    let command = parse_at(value, path, &["at"], problems);
    Some(TimedCommand { at: Tick(at?), command: command? })
}

impl TimedCommand {
    /// Reads a tick and a command in words: `100 crash peer=00ff00ff00ff00ff`, `200 set network.loss=0.2`.
    ///
    /// # Errors
    ///
    /// All problems of the text, at `path`.
    pub fn parse_text(text: &str, path: &str) -> Result<Self, Vec<Problem>> {
        let mut words = text.split_whitespace();
        let (at, kind) = (words.next().unwrap_or_default(), words.next());
        let mut problems = Vec::new();
        let Some(kind) = kind else {
            let remedy = "write a tick, a kind, and its values, such as: 100 crash peer=00ff00ff00ff00ff";
            return Err(vec![Problem::new(path, format!("{} names no command", quoted(text)), remedy)]);
        };
        let mut entries = vec![
            ("at".to_owned(), value_of_text(Kind::Count { min: 0, max: 0 }, at)),
            ("kind".to_owned(), Value::String(kind.to_owned())),
        ];
        // A change of a knob may be written as in a file, too: path=network.loss value=0.1.
        let knob = words.clone().find_map(|word| word.strip_prefix("path=")).and_then(Knob::by_path);
        for word in words {
            match word.split_once('=') {
                Some((key, value)) => entries.extend(written_entries(kind, key, value, knob)),
                None => problems.push(Problem::new(
                    path,
                    format!("{} has no \"=\"", quoted(word)),
                    "write a name and a value, such as count=5",
                )),
            }
        }
        let command = parse_timed(&Value::Object(entries), path, &mut problems);
        command.filter(|_| problems.is_empty()).ok_or(problems)
    }
}

/// Entries of a word with a "=": a value of the command, or of a knob under its path.
fn written_entries(kind: &str, key: &str, value: &str, knob: Option<&Knob>) -> Vec<(String, Value)> {
    let entry = |key: &str, value: Value| (key.to_owned(), value);
    let of_knob = |knob: Option<&Knob>| value_of_text(knob.map_or(Kind::Switch, |knob| knob.kind), value);
    match (kind, key) {
        (SET, "path") => return vec![entry(key, Value::String(value.to_owned()))],
        (SET, "value") => return vec![entry(key, of_knob(knob))],
        (SET, path) => {
            return vec![
                entry("path", Value::String(path.to_owned())),
                entry("value", of_knob(Knob::by_path(path))),
            ];
        }
        _ => {}
    }
    let field = Form::by_name(kind).and_then(|form| form.fields.iter().find(|(name, _)| *name == key));
    let value = match field {
        Some((_, FieldKind::Value(kind))) => value_of_text(*kind, value),
        _ => Value::String(value.to_owned()),
    };
    vec![entry(key, value)]
}

fn parse_at(value: &Value, path: &str, more_keys: &[&str], problems: &mut Vec<Problem>) -> Option<Command> {
    let object = Object::new(value, path, problems)?;
    let kind = object.text("kind", problems)?;
    if kind == SET {
        object.check_keys(&[&["kind", "path", "value"], more_keys].concat(), problems);
        return Some(Command::Set(setting(&object, problems)?));
    }
    let Some(form) = Form::by_name(kind) else {
        problems.push(unknown_kind(&object, kind));
        return None;
    };
    let keys: Vec<&str> = form.fields.iter().map(|(key, _)| *key).collect();
    object.check_keys(&[&["kind"], more_keys, &keys].concat(), problems);
    let values: Vec<Option<u64>> =
        form.fields.iter().map(|(key, field)| read_field(&object, key, *field, problems)).collect();
    let command = (form.build)(&values.into_iter().collect::<Option<Vec<u64>>>()?);
    if let Some(problem) = check_arc(command, &object.at("to")) {
        problems.push(problem);
        return None;
    }
    Some(command)
}

/// Value of a field as a number.
fn read_field(object: &Object<'_>, key: &str, field: FieldKind, problems: &mut Vec<Problem>) -> Option<u64> {
    match field {
        FieldKind::Position => object.peer(key, problems).map(PeerId::get),
        FieldKind::Value(Kind::Count { min, max }) => object.whole(key, min.into()..=max.into(), problems),
        FieldKind::Value(kind) => {
            let value = object.require(key, problems)?;
            let (min, max) = kind.range();
            let raw = raw_of(kind, value).filter(|raw| (min..=max).contains(raw));
            if raw.is_none() {
                problems.push(wrong_value(kind, value, &object.at(key)));
            }
            raw
        }
    }
}

fn wrong_value(kind: Kind, value: &Value, path: &str) -> Problem {
    let (expected, remedy) = match (kind, value) {
        (Kind::Choice { options }, Value::String(text)) => {
            let remedy = nearest(text, options.iter().copied()).map_or_else(
                || "write one of them".to_owned(),
                |option| format!("did you mean \"{option}\"?"),
            );
            (format!("one of {}", options.join(", ")), remedy)
        }
        (Kind::Choice { options }, _) => {
            (format!("one of {}", options.join(", ")), "write it in quotation marks".to_owned())
        }
        _ => {
            ("a number from 0 to 1 in steps of a millionth".to_owned(), "write, for example, 0.5".to_owned())
        }
    };
    Problem::new(path, format!("expected {expected}, found {value}"), remedy)
}

/// Problem of an empty arc, which would cut nothing off.
fn check_arc(command: Command, path: &str) -> Option<Problem> {
    let (Command::Cut { arc } | Command::CutOneWay { arc }) = command else { return None };
    let message = "is the same as \"from\", so that nothing would be cut off";
    (arc.from == arc.to).then(|| Problem::new(path, message, "choose another position on the ring"))
}

fn unknown_kind(object: &Object<'_>, kind: &str) -> Problem {
    let kinds = || FORMS.iter().map(|form| form.name).chain([SET]);
    let remedy = match nearest(kind, kinds()) {
        Some(kind) => format!("did you mean \"{kind}\"?"),
        None => format!("the kinds are: {}", kinds().collect::<Vec<_>>().join(", ")),
    };
    Problem::new(object.at("kind"), format!("there is no command {}", quoted(kind)), remedy)
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

/// Problem of a command that was built by code or read from a link.
pub(super) fn check(timed: &TimedCommand, path: &str) -> Option<Problem> {
    let wrong =
        |key, message: &str, remedy: &str| Some(Problem::new(format!("{path}.{key}"), message, remedy));
    if timed.at.0 > MAX_TICK {
        return wrong("at", "is later than any scenario lasts", "choose an earlier tick");
    }
    let (form, values) = Form::of(timed.command)?;
    let is_outside = |field: FieldKind, value: u64| match field {
        FieldKind::Position => false,
        FieldKind::Value(kind) => !(kind.range().0..=kind.range().1).contains(&value),
    };
    let outside = form.fields.iter().zip(&values).find(|((_, field), value)| is_outside(*field, **value));
    match outside {
        Some(((key, FieldKind::Value(kind)), value)) => {
            let (min, max) = kind.range();
            wrong(key, &format!("{value} is out of range"), &format!("choose a number from {min} to {max}"))
        }
        Some(_) => None,
        None => check_arc(timed.command, &format!("{path}.to")),
    }
}

/// Problem of a setting that a running world does not allow.
pub(super) fn not_live(setting: Setting, path: &str) -> Problem {
    let message = format!("{} cannot be changed while the world runs", setting.knob().path);
    Problem::new(path, message, format!("restart the run with {setting}"))
}

/// The form that [`parse_command`] reads.
impl From<Command> for Value {
    fn from(command: Command) -> Self {
        Self::Object(entries(command))
    }
}

/// The form of an entry of a scenario.
impl From<TimedCommand> for Value {
    fn from(timed: TimedCommand) -> Self {
        let at = ("at".to_owned(), Self::Integer(timed.at.0.into()));
        Self::Object([vec![at], entries(timed.command)].concat())
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
    let text = |text: &dyn std::fmt::Display| Value::String(text.to_string());
    let (kind, rest): (_, Vec<(&str, Value)>) = match (command, Form::of(command)) {
        (_, Some((form, values))) => {
            let fields = form.fields.iter().zip(values);
            (form.name, fields.map(|((key, field), value)| (*key, written(*field, value))).collect())
        }
        (Command::Set(setting), None) => {
            (SET, vec![("path", text(&setting.knob().path)), ("value", setting.value().into())])
        }
        (_, None) => (SET, Vec::new()),
    };
    let all = [vec![("kind", text(&kind))], rest].concat();
    all.into_iter().map(|(key, value)| (key.to_owned(), value)).collect()
}

/// Written form of a field.
fn written(field: FieldKind, value: u64) -> Value {
    match field {
        FieldKind::Position => Value::String(format!("{value:016x}")),
        FieldKind::Value(kind) => kind.value(value).into(),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::scenario::sample;

    fn map(entries: &[(&str, Value)]) -> Value {
        Value::Object(entries.iter().map(|(key, value)| ((*key).to_owned(), value.clone())).collect())
    }

    fn text(text: &str) -> Value {
        Value::String(text.to_owned())
    }

    fn problems(value: &Value) -> Vec<String> {
        parse_command(value).unwrap_err().iter().map(ToString::to_string).collect()
    }

    #[test]
    fn every_problem_is_reported_with_its_path() {
        let cut =
            map(&[("kind", text("cut")), ("from", Value::Integer(3)), ("too", text("00ff00ff00ff00ff"))]);
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
    fn meaningless_commands_are_refused() {
        let position = text("00ff00ff00ff00ff");
        assert!(
            problems(&map(&[("kind", text("cut")), ("from", position.clone()), ("to", position)]))[0]
                .contains("same")
        );
        assert!(
            problems(&map(&[("kind", text("join")), ("count", Value::Integer(0))]))[0].contains("from 1 to")
        );
        assert!(problems(&map(&[("kind", text("crush"))]))[0].ends_with("did you mean \"crash\"?"));
        assert!(problems(&map(&[("kind", text("crash")), ("peer", text("42"))]))[0].contains("sixteen"));
        assert!(problems(&Value::Array(Vec::new()))[0].contains("expected an object"));
        assert!(problems(&map(&[("kind", text("heal")), ("kind", text("heal"))]))[0].contains("twice"));
    }

    #[test]
    fn only_live_knobs_turn_while_the_world_runs() {
        let set = |path, value| map(&[("kind", text("set")), ("path", text(path)), ("value", value)]);
        assert!(parse_command(&set("network.loss", Value::Float(0.5))).is_ok());
        assert_eq!(
            problems(&set("genesis.peers", Value::Integer(40))),
            ["command.path: genesis.peers cannot be changed while the world runs; restart the run with \
              genesis.peers=40"]
        );
        assert!(problems(&set("genesis.peers", Value::Integer(0)))[0].starts_with("command.value: expected"));
        assert!(
            problems(&map(&[("kind", text("set")), ("path", text("x"))]))[0].contains("value: is missing")
        );
    }

    #[test]
    fn a_change_of_a_knob_is_read_in_both_forms() {
        let read = |text: &str| TimedCommand::parse_text(text, "--inject");
        let short = read("5 set network.loss=0.1").unwrap();
        for text in ["5 set path=network.loss value=0.1", "5 set value=0.1 path=network.loss"] {
            assert_eq!(read(text), Ok(short), "{text}");
        }
        let unknown = read("5 set path=network.los value=0.1").unwrap_err();
        assert!(unknown[0].to_string().contains("network.loss"), "{}", unknown[0]);
        let bad = read("5 set path=network.loss value=5").unwrap_err();
        assert!(bad[0].to_string().contains("from 0 to 1"), "{}", bad[0]);
    }

    proptest! {
        #[test]
        fn commands_survive_being_written(command in sample::command()) {
            prop_assert_eq!(parse_command(&command.into()), Ok(command));
        }
    }
}
