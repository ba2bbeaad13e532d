//! JSON input (scenario files) and output.

use ringside_core::base::problem::Problem;
use ringside_core::scenario::Scenario;
use ringside_core::scenario::expect::Trial;
use serde::Serialize;

use crate::failure::Failure;
use crate::output;

/// Parses a scenario; returns all problems at once.
pub(crate) fn scenario(text: &[u8]) -> Result<Scenario, Vec<Problem>> {
    Scenario::read(text, float)
}

/// Parses a scenario with its expectations; returns all problems at once.
pub(crate) fn scenario_test(text: &[u8]) -> Result<Trial, Vec<Problem>> {
    Trial::read(text, float)
}

/// A number of JSON, correctly rounded.
fn float(text: &str) -> f64 {
    text.parse().unwrap_or(f64::INFINITY)
}

/// Prints a result on one line.
pub(crate) fn print(result: &impl Serialize) -> Result<(), Failure> {
    print_text(serde_json::to_string(result))
}

/// Prints a result on indented lines.
pub(crate) fn print_pretty(result: &impl Serialize) -> Result<(), Failure> {
    print_text(serde_json::to_string_pretty(result))
}

fn print_text(text: serde_json::Result<String>) -> Result<(), Failure> {
    let text = text.map_err(|error| {
        Failure::one(Problem::new(
            "the result",
            format!("cannot be encoded as JSON: {error}"),
            "this is a bug in ringside: please report it",
        ))
    })?;
    output::print(&format!("{}\n", escaped(&text)))
}

/// The text with the control characters that JSON allows in strings escaped, so that it cannot control a
/// terminal.
fn escaped(text: &str) -> String {
    let is_control = |character: &char| matches!(character, '\u{7f}'..='\u{9f}');
    let escape = |character: char| match character {
        _ if is_control(&character) => format!("\\u{:04x}", u32::from(character)),
        _ => character.to_string(),
    };
    if text.chars().any(|character| is_control(&character)) {
        text.chars().map(escape).collect()
    } else {
        text.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use ringside_tests::reading::{READINGS, all_readings};

    use super::*;

    fn problem(text: &str) -> String {
        scenario(text.as_bytes()).unwrap_err()[0].to_string()
    }

    #[test]
    fn errors_are_located_and_have_a_remedy() {
        assert_eq!(
            problem("{\n  \"seed\": 1,\n}"),
            "line 3, column 1: trailing comma; remove the comma after the last entry"
        );
        assert!(problem("{ \"seed\": 1").contains("ends too early"));
        assert!(problem("{ seed: 1 }").ends_with("in double quotation marks"));
        assert!(problem("{} {}").ends_with("nothing after it"));
        assert!(problem(&"[".repeat(20)).starts_with("line 1, column 17: values are nested"));
        assert!(problem(" \n").contains("is empty"));
    }

    /// The page reads the same texts in the wasm tests.
    #[test]
    fn ten_thousand_texts_mean_what_they_mean_to_the_page() {
        assert_eq!(all_readings(scenario), READINGS);
    }

    #[test]
    fn a_byte_order_mark_is_accepted() {
        assert!(scenario(b"\xEF\xBB\xBF{}").is_ok());
    }
}
