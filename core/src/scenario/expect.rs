//! What a scenario file expects of its run. Links do not carry it: it is about a run, and no part of what makes one.

use super::Scenario;
use super::object::{Object, whole};
use super::raw::Value;
use crate::base::decimal::Decimal;
use crate::base::problem::Problem;
use crate::base::problem::quoted;

/// Expectations that a scenario may have.
pub const MAX_EXPECTATIONS: usize = 100;
/// Characters of a title, and of the path of a measure.
const MAX_TEXT: usize = 200;

/// A kind of bound, with a number.
type Limit = fn(f64) -> Bound;

const BOUNDS: &[(&str, Limit)] =
    &[("at_least", Bound::AtLeast), ("at_most", Bound::AtMost), ("equals", Bound::Equals)];

/// A scenario, and what is expected of its run.
#[derive(Clone, Debug, PartialEq)]
pub struct Trial {
    /// What it shows.
    pub title: Option<String>,
    /// What is run.
    pub scenario: Scenario,
    /// What has to be so.
    pub expect: Vec<Expectation>,
}

impl Trial {
    /// Reads a scenario with its `title` and what it `expect`s, as [`Scenario::parse`] does.
    ///
    /// # Errors
    ///
    /// Everything that is wrong, each with its place and a remedy.
    pub fn parse(input: &Value) -> Result<Self, Vec<Problem>> {
        let mut problems = Vec::new();
        let trial = super::parse::trial(input, &mut problems);
        trial.filter(|_| problems.is_empty()).ok_or(problems)
    }
}

/// Something that has to be so in a run.
#[derive(Clone, Debug, PartialEq)]
pub enum Expectation {
    /// A number of the report is within bounds.
    Measure {
        /// After how many rounds; at the end where it is not given.
        at: Option<u32>,
        /// Where the report has the number: `shape.mutual_islands.count`.
        path: String,
        /// The bounds, at least one.
        bounds: Vec<Bound>,
    },
    /// Everything holds that has to hold always, in every round, and what has to hold eventually, at the end.
    Invariants,
}

/// What a number has to be.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Bound {
    /// No less than this.
    AtLeast(f64),
    /// No more than this.
    AtMost(f64),
    /// This.
    Equals(f64),
}

impl Bound {
    /// Whether a number is within it.
    #[must_use]
    pub fn holds(self, number: f64) -> bool {
        match self {
            Self::AtLeast(least) => number >= least,
            Self::AtMost(most) => number <= most,
            Self::Equals(wanted) => (number - wanted).abs() < 1e-9,
        }
    }

    /// The bound in words.
    #[must_use]
    pub fn words(self) -> String {
        match self {
            Self::AtLeast(least) => format!("at least {}", Decimal(least)),
            Self::AtMost(most) => format!("at most {}", Decimal(most)),
            Self::Equals(wanted) => format!("equal to {}", Decimal(wanted)),
        }
    }
}

pub(super) fn title(object: &Object<'_>, problems: &mut Vec<Problem>) -> Option<String> {
    object.get("title")?;
    let title = object.text("title", problems)?;
    if title.chars().count() > MAX_TEXT {
        problems.push(Problem::new("title", "is too long", format!("keep {MAX_TEXT} characters")));
    }
    Some(title.to_owned())
}

/// The list of expectations of a scenario that has so many rounds.
pub(super) fn expectations(value: &Value, rounds: u32, problems: &mut Vec<Problem>) -> Vec<Expectation> {
    let Value::Array(list) = value else {
        let remedy = "write [ { \"measure\": ..., \"at_least\": ... } ]";
        problems.push(Problem::new("expect", format!("expected a list, found {value}"), remedy));
        return Vec::new();
    };
    if list.len() > MAX_EXPECTATIONS {
        let message = format!("there are {} expectations", list.len());
        problems.push(Problem::new("expect", message, format!("keep {MAX_EXPECTATIONS} at most")));
        return Vec::new();
    }
    let places = list.iter().enumerate();
    places
        .filter_map(|(index, value)| {
            expectation(&Object::new(value, &format!("expect[{index}]"), problems)?, rounds, problems)
        })
        .collect()
}

fn expectation(object: &Object<'_>, rounds: u32, problems: &mut Vec<Problem>) -> Option<Expectation> {
    if let Some(value) = object.get("invariants") {
        object.check_keys(&["invariants"], problems);
        if *value != Value::Bool(true) {
            let message = format!("expected true, found {value}");
            problems.push(Problem::new(object.at("invariants"), message, "write true, or leave it out"));
        }
        return Some(Expectation::Invariants);
    }
    object.check_keys(&["at", "measure", "at_least", "at_most", "equals", "invariants"], problems);
    let at = object.get("at").map(|at| whole(at, 1..=rounds.into(), &object.at("at")));
    let at = at.transpose().map_err(|problem| problems.push(problem));
    let path = measure(object, problems);
    let bounds = bounds(object, problems);
    let at = at.ok()?.and_then(|at| u32::try_from(at).ok());
    Some(Expectation::Measure { at, path: path?, bounds: bounds? })
}

fn measure(object: &Object<'_>, problems: &mut Vec<Problem>) -> Option<String> {
    let path = object.text("measure", problems)?;
    let is_name = |part: &str| {
        !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
    };
    if path.len() <= MAX_TEXT && path.split('.').all(is_name) {
        return Some(path.to_owned());
    }
    let message = format!("{} is not the path of a number in a report", quoted(path));
    let remedy = "write names with dots between them, such as shape.mutual_islands.count";
    problems.push(Problem::new(object.at("measure"), message, remedy));
    None
}

fn bounds(object: &Object<'_>, problems: &mut Vec<Problem>) -> Option<Vec<Bound>> {
    let mut bounds = Vec::new();
    for (key, bound) in BOUNDS {
        let Some(value) = object.get(key) else { continue };
        let Some(number) = value.as_number().filter(|number| number.is_finite()) else {
            let message = format!("expected a number, found {value}");
            problems.push(Problem::new(object.at(key), message, "write it without quotation marks"));
            return None;
        };
        bounds.push(bound(number));
    }
    if bounds.is_empty() {
        let remedy = "add \"at_least\", \"at_most\" or \"equals\", with a number";
        problems.push(Problem::new(object.at("measure"), "has no bound", remedy));
        return None;
    }
    Some(bounds)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn map(entries: &[(&str, Value)]) -> Value {
        Value::Object(entries.iter().map(|(key, value)| ((*key).to_owned(), value.clone())).collect())
    }

    fn text(text: &str) -> Value {
        Value::String(text.to_owned())
    }

    fn parse(expect: &[Value]) -> Result<Trial, Vec<Problem>> {
        let list = Value::Array(expect.to_vec());
        Trial::parse(&map(&[("title", text("A trial")), ("rounds", Value::Integer(50)), ("expect", list)]))
    }

    fn problems(expect: Value) -> Vec<String> {
        parse(&[expect]).unwrap_err().iter().map(ToString::to_string).collect()
    }

    #[test]
    fn expectations_are_read() {
        let measure = map(&[
            ("at", Value::Integer(20)),
            ("measure", text("peers.connected.min")),
            ("at_least", Value::Integer(1)),
            ("at_most", Value::Float(2.5)),
        ]);
        let trial = parse(&[measure, map(&[("invariants", Value::Bool(true))])]).unwrap();
        assert_eq!(trial.title.as_deref(), Some("A trial"));
        let bounds = vec![Bound::AtLeast(1.0), Bound::AtMost(2.5)];
        let path = "peers.connected.min".to_owned();
        let expected = [Expectation::Measure { at: Some(20), path, bounds }, Expectation::Invariants];
        assert_eq!(trial.expect, expected);
    }

    #[test]
    fn a_scenario_is_the_same_with_expectations_and_without() {
        let trial = parse(&[map(&[("invariants", Value::Bool(true))])]).unwrap();
        let bare = Scenario::parse(&map(&[("rounds", Value::Integer(50))])).unwrap();
        assert_eq!(trial.scenario, bare);
    }

    #[test]
    fn whatever_is_wrong_has_its_place_and_a_remedy() {
        let measure = ("measure", text("peers.running"));
        let one = ("equals", Value::Integer(1));
        let wrong = [
            (map(std::slice::from_ref(&measure)), "expect[0].measure: has no bound"),
            (map(std::slice::from_ref(&one)), "expect[0].measure: is missing"),
            (map(&[measure.clone(), ("equal", Value::Integer(1))]), "did you mean \"equals\"?"),
            (map(&[measure.clone(), ("at_most", text("3"))]), "expect[0].at_most: expected a number"),
            (
                map(&[measure.clone(), one.clone(), ("at", Value::Integer(51))]),
                "the nearest that works is 50",
            ),
            (map(&[("measure", text("peers..x")), one]), "is not the path of a number"),
            (map(&[("invariants", Value::Bool(false))]), "expect[0].invariants: expected true"),
            (map(&[("invariants", Value::Bool(true)), measure]), "expect[0].measure: the key"),
            (Value::Null, "expected an object"),
        ];
        for (expect, part) in wrong {
            let found = problems(expect);
            assert!(found.iter().any(|problem| problem.contains(part)), "{part}: {found:?}");
        }
        let many = vec![map(&[("invariants", Value::Bool(true))]); MAX_EXPECTATIONS + 1];
        assert_eq!(parse(&many).unwrap_err()[0].path, "expect");
        let long = Trial::parse(&map(&[("title", text(&"x".repeat(201)))])).unwrap_err();
        assert_eq!(long[0].path, "title");
        assert_eq!(Trial::parse(&map(&[("expect", text("x"))])).unwrap_err()[0].path, "expect");
    }

    #[test]
    fn bounds_hold_at_their_ends() {
        assert!(Bound::AtLeast(2.0).holds(2.0) && !Bound::AtLeast(2.0).holds(1.9));
        assert!(Bound::AtMost(2.0).holds(2.0) && !Bound::AtMost(2.0).holds(2.1));
        assert!(Bound::Equals(0.3).holds(0.1 + 0.2) && !Bound::Equals(2.0).holds(2.001));
        assert_eq!(Bound::AtLeast(0.5).words(), "at least 0.5");
    }
}
