//! Settings in their written form: a path and a value.

use super::raw::Value;
use crate::base::decimal;
use crate::base::problem::{Problem, quoted};
use crate::base::ratio::Ratio;
use crate::config::knob::{Kind, Knob, KnobValue, Setting};
use crate::config::nearest;
use crate::config::preset::PRESETS;

impl Setting {
    /// Reads the value of the knob with a path.
    ///
    /// # Errors
    ///
    /// If there is no such knob, or it does not take the value.
    pub fn new(path: &str, value: &Value) -> Result<Self, Problem> {
        let knob = known_knob(path, &format!("set.{}", shortened(path)))?;
        read(knob, value, &format!("set.{path}"))
    }

    /// Reads a setting of the command line: `network.loss=0.05`, `peers.keepalive=on`.
    ///
    /// # Errors
    ///
    /// If it is not of this form, there is no such knob, or the knob does not take the value.
    pub fn parse_text(text: &str) -> Result<Self, Problem> {
        let Some((path, value)) = text.split_once('=') else {
            let message = format!("{} has no \"=\"", quoted(text));
            return Err(Problem::new("set", message, "write a path and a value, such as network.loss=0.05"));
        };
        let (path, value) = (path.trim(), value.trim());
        let knob = known_knob(path, &format!("set.{}", shortened(path)))?;
        read(knob, &value_of_text(knob.kind, value), &format!("set.{path}"))
    }
}

/// The knob with a path that was written at `written_at`.
pub(super) fn known_knob(path: &str, written_at: &str) -> Result<&'static Knob, Problem> {
    Knob::by_path(path).ok_or_else(|| {
        let remedy = match Knob::nearest(path) {
            Some(knob) => format!("did you mean {}?", knob.path),
            None => "see the list of knobs".to_owned(),
        };
        Problem::new(written_at, format!("there is no knob {}", quoted(path)), remedy)
    })
}

/// A knob with a value that was written at `path`.
pub(super) fn read(knob: &'static Knob, value: &Value, path: &str) -> Result<Setting, Problem> {
    let setting = raw_of(knob.kind, value).and_then(|raw| Setting::from_raw(knob, raw));
    setting.ok_or_else(|| {
        let message = format!("expected {}, found {value}", expected(knob));
        Problem::new(path, message, remedy(knob, value))
    })
}

/// Value of a text for a knob of a kind; a string if the text is not such a value.
pub(super) fn value_of_text(kind: Kind, text: &str) -> Value {
    let number = || decimal::parse(text).map(Value::Float);
    let found = match kind {
        Kind::Count { .. } | Kind::Share { .. } => text.parse().map(Value::Integer).ok().or_else(number),
        Kind::Switch if text == "on" || text == "true" => Some(Value::Bool(true)),
        Kind::Switch if text == "off" || text == "false" => Some(Value::Bool(false)),
        Kind::Switch | Kind::Choice { .. } => None,
    };
    found.unwrap_or_else(|| Value::String(text.to_owned()))
}

/// The raw value, within the range or not; `None` if the value has the wrong type.
pub(super) fn raw_of(kind: Kind, value: &Value) -> Option<u64> {
    match (kind, value) {
        (Kind::Count { .. }, _) => value.as_whole().and_then(|number| u64::try_from(number).ok()),
        (Kind::Share { .. }, _) => value.as_number().and_then(millionths),
        (Kind::Switch, Value::Bool(on)) => Some(u64::from(*on)),
        (Kind::Choice { options }, Value::String(text)) => {
            options.iter().position(|option| option == text).map(|index| index as u64)
        }
        _ => None,
    }
}

/// A written share in millionths.
///
/// Only here does a floating-point number become part of a run. The operations are exact or correctly
/// rounded, hence the same on every target.
fn millionths(share: f64) -> Option<u64> {
    /// Tolerance for rounding errors of sums such as 0.1 + 0.2, in millionths.
    const NOISE: f64 = 1e-6;
    let exact = share * f64::from(Ratio::ONE.millionths());
    let whole = exact.round();
    (whole >= 0.0 && (exact - whole).abs() <= NOISE).then(|| saturated(whole))
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "casts of floats saturate")]
fn saturated(number: f64) -> u64 {
    number as u64
}

fn expected(knob: &Knob) -> String {
    match knob.kind {
        Kind::Count { min, max } if knob.unit.is_empty() => format!("a whole number from {min} to {max}"),
        Kind::Count { min, max } => format!("a whole number of {} from {min} to {max}", knob.unit),
        Kind::Share { max } => {
            format!("a number from 0 to {} in steps of a millionth", KnobValue::Share(max))
        }
        Kind::Switch => "true or false".to_owned(),
        Kind::Choice { options } => format!("one of {}", options.join(", ")),
    }
}

fn remedy(knob: &'static Knob, value: &Value) -> String {
    match (knob.kind, value) {
        (Kind::Choice { options }, Value::String(text)) => match nearest(text, options.iter().copied()) {
            Some(option) => format!("did you mean \"{option}\"?"),
            None => format!("write one of them, such as {}", usual(knob)),
        },
        (kind, Value::String(text)) if value_of_text(kind, text) != *value => {
            "write it without quotation marks".to_owned()
        }
        (Kind::Share { max }, Value::Integer(_) | Value::Float(_))
            if meant_as_percent(value, max).is_some() =>
        {
            let share = meant_as_percent(value, max).unwrap_or(usual(knob));
            format!("write a share from 0 to {}: {value} % is {share}", KnobValue::Share(max))
        }
        (Kind::Count { .. } | Kind::Share { .. }, Value::Integer(_) | Value::Float(_)) => {
            format!("the nearest that works is {}", nearest_value(knob, value))
        }
        _ => format!("write, for example, {}", usual(knob)),
    }
}

/// The share of a number greater than 1 that was meant as a percentage, if the knob takes it.
fn meant_as_percent(value: &Value, max: Ratio) -> Option<KnobValue> {
    let number = value.as_number().filter(|number| *number > 1.0)?;
    let raw = millionths(number / 100.0).filter(|raw| *raw <= u64::from(max.millionths()))?;
    Some(Kind::Share { max }.value(raw))
}

/// Example of a value.
fn usual(knob: &'static Knob) -> KnobValue {
    knob.value(&PRESETS[0].config)
}

/// Value of a numeric knob nearest to a number.
fn nearest_value(knob: &'static Knob, value: &Value) -> KnobValue {
    let number = value.as_number().unwrap_or_default();
    let scale = if let Kind::Share { .. } = knob.kind { f64::from(Ratio::ONE.millionths()) } else { 1.0 };
    let (min, max) = knob.kind.range();
    let raw = saturated((number * scale).round()).clamp(min, max);
    Setting::from_raw(knob, raw).map_or_else(|| usual(knob), Setting::value)
}

fn shortened(path: &str) -> String {
    path.chars().take(40).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::config::KNOBS;

    fn of(path: &str, value: &Value) -> Result<String, String> {
        Setting::new(path, value).map(|setting| setting.to_string()).map_err(|problem| problem.to_string())
    }

    fn of_text(text: &str) -> Result<String, String> {
        Setting::parse_text(text).map(|setting| setting.to_string()).map_err(|problem| problem.to_string())
    }

    #[test]
    fn values_are_read_by_the_kind_of_their_knob() {
        assert_eq!(of("network.loss", &Value::Float(0.05)).unwrap(), "network.loss=0.05");
        assert_eq!(of("network.loss", &Value::Integer(1)).unwrap(), "network.loss=1");
        assert_eq!(of("genesis.peers", &Value::Float(40.0)).unwrap(), "genesis.peers=40");
        assert_eq!(of("peers.keepalive", &Value::Bool(true)).unwrap(), "peers.keepalive=on");
        assert_eq!(
            of("tokens.search", &Value::String("ring-wrap".into())).unwrap(),
            "tokens.search=ring-wrap"
        );
    }

    #[test]
    fn rounding_errors_are_tolerated_but_finer_shares_are_not() {
        assert_eq!(of("network.loss", &Value::Float(0.1 + 0.2)).unwrap(), "network.loss=0.3");
        assert!(of("network.loss", &Value::Float(1.0 / 3.0)).unwrap_err().contains("works is 0.333333"));
    }

    #[test]
    fn wrong_values_come_with_the_nearest_right_one() {
        let wrong = |path, value| of(path, &value).unwrap_err();
        assert_eq!(
            wrong("network.delay", Value::Integer(1)),
            "set.network.delay: expected a number from 0 to 0.99 in steps of a millionth, found 1; the nearest that \
             works is 0.99"
        );
        assert!(wrong("network.loss", Value::Integer(5)).ends_with("write a share from 0 to 1: 5 % is 0.05"));
        assert!(wrong("network.loss", Value::Float(2.5)).ends_with("2.5 % is 0.025"));
        assert!(wrong("network.loss", Value::Integer(100)).ends_with("100 % is 1"));
        assert!(wrong("network.loss", Value::Integer(101)).ends_with("works is 1"));
        assert!(wrong("network.loss", Value::Float(-0.5)).ends_with("works is 0"));
        assert!(wrong("network.loss", Value::Float(f64::NAN)).ends_with("works is 0"));
        assert!(wrong("network.loss", Value::Float(f64::INFINITY)).ends_with("works is 1"));
        assert!(wrong("genesis.peers", Value::Integer(0)).ends_with("works is 1"));
        assert!(wrong("genesis.peers", Value::Integer(-7)).ends_with("works is 1"));
        assert!(wrong("genesis.peers", Value::Integer(i128::MAX)).ends_with("works is 100000"));
        assert!(wrong("genesis.peers", Value::Float(2.5)).ends_with("works is 3"));
        assert!(wrong("genesis.peers", Value::String("30".into())).ends_with("without quotation marks"));
        assert!(wrong("genesis.peers", Value::Bool(true)).ends_with("for example, 30"));
        assert!(wrong("peers.keepalive", Value::Integer(1)).contains("true or false"));
        assert!(
            wrong("tokens.search", Value::String("ring_wrap".into()))
                .ends_with("did you mean \"ring-wrap\"?")
        );
        assert!(wrong("network.los", Value::Null).ends_with("did you mean network.loss?"));
    }

    #[test]
    fn the_command_line_gives_the_same_messages() {
        assert_eq!(of_text("network.loss=5"), of("network.loss", &Value::Integer(5)));
        assert_eq!(of_text("network.loss=much"), of("network.loss", &Value::String("much".into())));
        assert_eq!(of_text(" peers.keepalive = true "), Ok("peers.keepalive=on".to_owned()));
        assert!(of_text("network.loss").unwrap_err().contains("has no \"=\""));
        assert!(of_text("network.loss=inf").is_err());
        assert!(of_text("peers.keepalive=1").is_err());
    }

    proptest! {
        #[test]
        fn settings_survive_text_and_values(index in 0..KNOBS.len(), random: u64) {
            let knob = &KNOBS[index];
            let (min, max) = knob.kind.range();
            let setting = Setting::from_raw(knob, min + random % (max - min + 1)).unwrap();
            prop_assert_eq!(Setting::parse_text(&setting.to_string()), Ok(setting));
            prop_assert_eq!(Setting::new(knob.path, &setting.value().into()), Ok(setting));
        }
    }
}
