//! Experiments by name: presets, links and files.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use ringside_core::base::problem::Problem;
use ringside_core::config::nearest;
use ringside_core::config::preset::{Preset, names};
use ringside_core::scenario::Scenario;
use ringside_core::scenario::link::{self, Link};

use crate::arguments::ExperimentArguments;
use crate::failure::Failure;
use crate::json;
use crate::overrides::Overrides;

/// The size limit of files, in bytes.
const SIZE_MAX: u64 = 16 * 1024 * 1024;
/// The fewest characters of a payload after its version. With fewer, `1.json` would be a payload.
const PAYLOAD_MIN: usize = 8;

/// Resolves an experiment with its overrides. An override drops the outcome that a link records.
pub(crate) fn resolve(experiment: &ExperimentArguments) -> Result<Link, Failure> {
    let target = trimmed(&experiment.target);
    let found = find(target);
    let overrides = Overrides::read(experiment);
    match (found, overrides) {
        (Ok(link), Ok(overrides)) if overrides.is_empty() => Ok(link),
        (Ok(Link { mut scenario, .. }), Ok(overrides)) => match overrides.apply(&mut scenario) {
            Ok(()) => Ok(Link { scenario, claim: None }),
            Err(problems) => Err(Failure::of(source(target), problems)),
        },
        (found, overrides) => {
            let problems = [found.err(), overrides.err()].into_iter().flatten().flatten().collect();
            Err(Failure::of(source(target), problems))
        }
    }
}

/// Resolves an experiment without overrides.
pub(crate) fn resolve_unchanged(target: &str) -> Result<Link, Failure> {
    let target = trimmed(target);
    find(target).map_err(|problems| Failure::of(source(target), problems))
}

/// The target without blanks at its ends, unless it is the name of a file as it stands.
pub(crate) fn trimmed(target: &str) -> &str {
    if Path::new(target).exists() { target } else { target.trim() }
}

/// The name of a target in messages.
pub(crate) fn source(target: &str) -> &str {
    if target == "-" {
        "standard input"
    } else if is_link(target) {
        "the link"
    } else {
        target
    }
}

fn find(target: &str) -> Result<Link, Vec<Problem>> {
    if target == "-" {
        return read(io::stdin().lock()).and_then(|text| scenario_or_link(&text));
    }
    if let Ok(preset) = Preset::by_name(target) {
        return Ok(Link { scenario: Scenario::of(preset), claim: None });
    }
    if is_link(target) {
        return open(target);
    }
    match File::open(target) {
        Ok(file) => read(file).and_then(|text| scenario_or_link(&text)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Err(vec![unknown(target)]),
        Err(error) => Err(vec![unreadable(&error)]),
    }
}

/// Parses a text as a link or as a JSON scenario.
fn scenario_or_link(text: &[u8]) -> Result<Link, Vec<Problem>> {
    match str::from_utf8(text).map(str::trim) {
        Ok(text) if !text.starts_with(['{', '[', '"']) && is_link(text) => open(text),
        // A link in quotation marks is no JSON scenario either.
        Ok(text) if text.starts_with('"') && link::decode(text).is_ok() => open(text),
        _ => json::scenario(text).map(|scenario| Link { scenario, claim: None }),
    }
}

fn open(text: &str) -> Result<Link, Vec<Problem>> {
    link::decode(text).map_err(|problem| vec![Problem { path: String::new(), ..problem }])
}

/// Whether a text has the form of a link, and is not the name of a file: a URL, its fragment, a payload, or
/// any of them as they are found in mail and chat.
fn is_link(text: &str) -> bool {
    const MARKS: [&str; 6] = ["#s=", "#s%3D", "#s%3d", "%23s=", "%23s%3D", "://"];
    let is_address = MARKS.iter().any(|mark| text.contains(mark)) || text.starts_with("s=");
    (is_address || is_payload(text) || link::decode(text).is_ok()) && !Path::new(text).exists()
}

/// Whether a text has the form `1.xxxx`, of any version.
fn is_payload(text: &str) -> bool {
    let is_body = |body: &str| {
        let is_allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"-_".contains(&byte);
        body.len() >= PAYLOAD_MIN && body.bytes().all(is_allowed)
    };
    let text = text.split('&').next().unwrap_or_default();
    text.split_once('.').is_some_and(|(version, body)| {
        !version.is_empty() && version.bytes().all(|byte| byte.is_ascii_digit()) && is_body(body)
    })
}

/// Reads a whole file of at most `SIZE_MAX` bytes.
pub(crate) fn read(input: impl Read) -> Result<Vec<u8>, Vec<Problem>> {
    let mut text = Vec::new();
    let length = input.take(SIZE_MAX + 1).read_to_end(&mut text);
    match length {
        Ok(length) if length as u64 > SIZE_MAX => {
            let remedy = "a scenario is far smaller: check that this is the right file";
            Err(vec![Problem::new("", "has more than 16 MiB", remedy)])
        }
        Ok(_) => Ok(text),
        Err(error) => Err(vec![unreadable(&error)]),
    }
}

pub(crate) fn unreadable(error: &io::Error) -> Problem {
    let remedy = match error.kind() {
        io::ErrorKind::PermissionDenied => "grant read permission on it",
        io::ErrorKind::IsADirectory => "name a file in it",
        _ => "name a JSON file",
    };
    Problem::new("", format!("cannot be read: {error}"), remedy)
}

/// The problem of a name that is no preset, file or link.
fn unknown(target: &str) -> Problem {
    let meant = nearest(target, names()).map(|name| format!("did you mean {name}? "));
    let list = names().collect::<Vec<_>>().join(", ");
    let remedy = format!("{}the presets are {list}", meant.unwrap_or_default());
    Problem::new("", "there is no such preset and no such file, and it is not a link", remedy)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_are_distinguished_from_names() {
        let links = [
            "https://example.org/#s=1.AAAAAAAAAA",
            "https://example.org/",
            "#s=",
            "s=1.A",
            "1.AAAAAAAA",
            "12.A-_AAAAA",
        ];
        assert!(links.iter().all(|link| is_link(link)));
        let names = ["lifecycle", "1.json", "./1.AAAAAAAA", "1.AAAAAAAA.json", "v1.AAAAAAAA", "1", "", "-"];
        assert!(!names.iter().any(|name| is_link(name)));
    }
}
