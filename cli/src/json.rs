//! JSON: files of scenarios, and results for programs.

use ringside_core::base::problem::Problem;
use ringside_core::scenario::Scenario;
use ringside_core::scenario::expect::Trial;
use ringside_core::scenario::raw::Value;
use serde::Serialize;
use serde_json::error::Category;

use crate::failure::Failure;
use crate::output;

/// Reads a scenario; all problems at once.
pub(crate) fn scenario(text: &[u8]) -> Result<Scenario, Vec<Problem>> {
    Scenario::parse(&value(text)?)
}

/// Reads a scenario with what is expected of it; all problems at once.
pub(crate) fn trial(text: &[u8]) -> Result<Trial, Vec<Problem>> {
    Trial::parse(&value(text)?)
}

fn value(text: &[u8]) -> Result<Value, Vec<Problem>> {
    // Some editors begin a file with a mark that JSON does not know.
    let text = text.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(text);
    if text.trim_ascii().is_empty() {
        let remedy = "write { \"preset\": \"lifecycle\" }, for example";
        return Err(vec![Problem::new("", "there is nothing in it", remedy)]);
    }
    serde_json::from_slice(text).map_err(|error| vec![located(&error)])
}

/// Prints a result on one line.
pub(crate) fn print(result: &impl Serialize) -> Result<(), Failure> {
    print_text(serde_json::to_string(result))
}

/// Prints something to be read and changed by people.
pub(crate) fn print_in_lines(result: &impl Serialize) -> Result<(), Failure> {
    print_text(serde_json::to_string_pretty(result))
}

fn print_text(text: serde_json::Result<String>) -> Result<(), Failure> {
    let text = text.map_err(|error| {
        Failure::one(Problem::new(
            "the result",
            format!("is no JSON: {error}"),
            "that is a fault of this program: please report it",
        ))
    })?;
    output::print(&format!("{text}\n"))
}

/// What keeps a text from being read as JSON, and where.
fn located(error: &serde_json::Error) -> Problem {
    let (line, column) = (error.line(), error.column());
    let message = error.to_string();
    let message = message.strip_suffix(&format!(" at line {line} column {column}")).unwrap_or(&message);
    Problem::new(format!("line {line}, column {column}"), message, remedy(error.classify(), message))
}

fn remedy(category: Category, message: &str) -> &'static str {
    match (category, message) {
        (Category::Eof, _) => "the text ends too early: close every bracket and quotation mark",
        (_, "trailing comma") => "remove the comma behind the last entry",
        (_, "trailing characters") => "keep one object, and nothing behind it",
        (_, "key must be a string") => "write names in double quotation marks",
        (Category::Data, _) => "write fewer values, less deep",
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
    fn faults_are_located_and_come_with_a_remedy() {
        assert_eq!(
            problem("{\n  \"seed\": 1,\n}"),
            "line 3, column 1: trailing comma; remove the comma behind the last entry"
        );
        assert!(problem("{ \"seed\": 1").contains("ends too early"));
        assert!(problem("{ seed: 1 }").ends_with("in double quotation marks"));
        assert!(problem("{} {}").ends_with("nothing behind it"));
        assert!(problem(&"[".repeat(20)).starts_with("line 1, column 17: values are nested"));
        assert!(problem(" \n").contains("nothing in it"));
    }

    #[test]
    fn a_mark_at_the_start_is_no_fault() {
        assert!(scenario(b"\xEF\xBB\xBF{}").is_ok());
    }
}
