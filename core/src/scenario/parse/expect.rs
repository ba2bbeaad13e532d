//! Reading of a title and of expectations.

use crate::base::problem::{Problem, quoted};
use crate::scenario::expect::{Bound, Expectation};
use crate::scenario::object::{Object, whole};
use crate::scenario::raw::Value;

/// Maximum number of expectations of a scenario.
const MAX_EXPECTATIONS: usize = 100;
/// Maximum number of characters of a title, and of the path of a measure.
const MAX_TEXT: usize = 200;

/// A key of a bound, and the bound that its number makes.
type BoundKey = (&'static str, fn(f64) -> Bound);

/// Keys of the bounds.
const BOUNDS: &[BoundKey] =
    &[("at_least", Bound::AtLeast), ("at_most", Bound::AtMost), ("equals", Bound::Equals)];

/// Reads the title.
pub(super) fn title(object: &Object<'_>, problems: &mut Vec<Problem>) -> Option<String> {
    object.get("title")?;
    let title = object.text("title", problems)?;
    if title.chars().count() > MAX_TEXT {
        problems.push(Problem::new("title", "is too long", format!("keep {MAX_TEXT} characters")));
    }
    Some(title.to_owned())
}

/// The expectations of a scenario that lasts `rounds`.
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
    let entries = list.iter().enumerate();
    entries
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
    use crate::scenario::Scenario;
    use crate::scenario::expect::Trial;

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
    fn every_problem_has_its_path_and_a_remedy() {
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
}
