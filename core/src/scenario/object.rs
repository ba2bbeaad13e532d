//! Strict reading of objects: known keys only, each at most once, values of the right type, all problems
//! collected.

use std::ops::RangeInclusive;

use litemap::LiteMap;

use super::raw::Value;
use crate::base::id::PeerId;
use crate::base::problem::Problem;
use crate::base::problem::quoted;
use crate::config::nearest;

/// An object and its path.
pub(super) struct Object<'a> {
    entries: &'a [(String, Value)],
    path: String,
}

impl<'a> Object<'a> {
    /// A value as an object; a problem if it is another value.
    pub(super) fn new(value: &'a Value, path: &str, problems: &mut Vec<Problem>) -> Option<Self> {
        if let Value::Object(entries) = value {
            return Some(Self { entries, path: path.to_owned() });
        }
        let path = if path.is_empty() { "scenario" } else { path };
        problems.push(Problem::new(path, format!("expected an object, found {value}"), "write { ... }"));
        None
    }

    /// All entries in their written order.
    pub(super) fn entries(&self) -> impl Iterator<Item = (&'a str, &'a Value)> + use<'a> {
        self.entries.iter().map(|(key, value)| (key.as_str(), value))
    }

    /// Reports unknown keys and keys that occur twice.
    pub(super) fn check_keys(&self, known: &[&str], problems: &mut Vec<Problem>) {
        self.check_twice(problems);
        for (key, _) in self.entries().filter(|(key, _)| !known.contains(key)) {
            let remedy = match nearest(key, known.iter().copied()) {
                Some(meant) => format!("did you mean \"{meant}\"?"),
                None => format!("the keys here are: {}", known.join(", ")),
            };
            problems.push(Problem::new(self.at(key), format!("the key {} is unknown", quoted(key)), remedy));
        }
    }

    /// Reports keys that occur twice.
    pub(super) fn check_twice(&self, problems: &mut Vec<Problem>) {
        let mut seen = LiteMap::new_vec();
        for (key, _) in self.entries().filter(|(key, _)| seen.insert(*key, ()).is_some()) {
            problems.push(Problem::new(self.at(key), "is written twice", "remove one of the two"));
        }
    }

    /// Value of a key; `None` if it is absent or `null`.
    pub(super) fn get(&self, key: &str) -> Option<&'a Value> {
        self.entries().find(|(other, value)| *other == key && **value != Value::Null).map(|(_, value)| value)
    }

    /// Value of a required key.
    pub(super) fn require(&self, key: &str, problems: &mut Vec<Problem>) -> Option<&'a Value> {
        let found = self.get(key);
        if found.is_none() {
            problems.push(Problem::new(self.at(key), "is missing", format!("add \"{key}\": ...")));
        }
        found
    }

    /// A required string.
    pub(super) fn text(&self, key: &str, problems: &mut Vec<Problem>) -> Option<&'a str> {
        match self.require(key, problems)? {
            Value::String(text) => Some(text),
            other => {
                let message = format!("expected text, found {other}");
                problems.push(Problem::new(self.at(key), message, "write it in quotation marks"));
                None
            }
        }
    }

    /// A required integer in a range.
    pub(super) fn whole(
        &self,
        key: &str,
        range: RangeInclusive<u64>,
        problems: &mut Vec<Problem>,
    ) -> Option<u64> {
        let value = self.require(key, problems)?;
        whole(value, range, &self.at(key)).map_err(|problem| problems.push(problem)).ok()
    }

    /// A required id of a peer.
    pub(super) fn peer(&self, key: &str, problems: &mut Vec<Problem>) -> Option<PeerId> {
        let text = self.text(key, problems)?;
        if let Ok(peer) = text.parse() {
            return Some(peer);
        }
        let message = format!("{} is not the id of a peer", quoted(text));
        problems.push(Problem::new(self.at(key), message, "write sixteen hexadecimal digits"));
        None
    }

    /// Path of a key of this object.
    pub(super) fn at(&self, key: &str) -> String {
        let key: String = if key.is_empty() { "\"\"".to_owned() } else { key.chars().take(40).collect() };
        if self.path.is_empty() { key } else { format!("{}.{key}", self.path) }
    }
}

/// A value as an integer in a range.
pub(super) fn whole(value: &Value, range: RangeInclusive<u64>, path: &str) -> Result<u64, Problem> {
    let (min, max) = (*range.start(), *range.end());
    if let Some(number) = value.as_whole().and_then(|number| u64::try_from(number).ok())
        && range.contains(&number)
    {
        return Ok(number);
    }
    let message = format!("expected a whole number from {min} to {max}, found {value}");
    let remedy = match value.as_whole() {
        Some(number) if number > max.into() => format!("the nearest that works is {max}"),
        Some(_) => format!("the nearest that works is {min}"),
        None => format!("write a number from {min} to {max}, without quotation marks"),
    };
    Err(Problem::new(path, message, remedy))
}
