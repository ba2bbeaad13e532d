//! JSON input (scenario files) and output.

use ringside_core::base::problem::Problem;
use ringside_core::scenario::Scenario;
use ringside_core::scenario::expect::Trial;
use ringside_core::scenario::raw::Value;
use serde::Serialize;
use serde_json::error::Category;

use crate::failure::Failure;
use crate::output;

/// Parses a scenario; returns all problems at once.
pub(crate) fn scenario(text: &[u8]) -> Result<Scenario, Vec<Problem>> {
    Scenario::parse(&value(text)?)
}

/// Parses a scenario with its expectations; returns all problems at once.
pub(crate) fn scenario_test(text: &[u8]) -> Result<Trial, Vec<Problem>> {
    Trial::parse(&value(text)?)
}

fn value(text: &[u8]) -> Result<Value, Vec<Problem>> {
    // Some editors write a byte order mark, which JSON does not allow.
    let text = text.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(text);
    if text.trim_ascii().is_empty() {
        let remedy = "write { \"preset\": \"lifecycle\" }, for example";
        return Err(vec![Problem::new("", "is empty", remedy)]);
    }
    serde_json::from_slice(text).map_err(|error| vec![located(&error)])
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
    output::print(&format!("{text}\n"))
}

/// A syntax error with its line and column.
fn located(error: &serde_json::Error) -> Problem {
    let (line, column) = (error.line(), error.column());
    let message = error.to_string();
    let message = message.strip_suffix(&format!(" at line {line} column {column}")).unwrap_or(&message);
    Problem::new(format!("line {line}, column {column}"), message, remedy(error.classify(), message))
}

fn remedy(category: Category, message: &str) -> &'static str {
    match (category, message) {
        (Category::Eof, _) => "the text ends too early: close every bracket and quotation mark",
        (_, "trailing comma") => "remove the comma after the last entry",
        (_, "trailing characters") => "keep one object, and nothing after it",
        (_, "key must be a string") => "write names in double quotation marks",
        (Category::Data, _) => "write fewer values, less deeply nested",
        _ => "correct the JSON there",
    }
}

#[cfg(test)]
mod tests {
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

    #[test]
    fn a_byte_order_mark_is_accepted() {
        assert!(scenario(b"\xEF\xBB\xBF{}").is_ok());
    }
}
