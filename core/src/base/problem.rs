//! What is wrong with something a person gave us, and what to do about it.

use std::fmt;

use serde::Serialize;

/// One thing that is wrong with a scenario, a link or a command.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Problem {
    /// Where: `set.network.loss`, `commands[2].peer`, `link`.
    pub path: String,
    /// What is wrong.
    pub message: String,
    /// What to do about it.
    pub remedy: String,
}

impl Problem {
    /// A problem at a place, with its remedy.
    pub fn new(path: impl Into<String>, message: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self { path: path.into(), message: message.into(), remedy: remedy.into() }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}; {}", self.path, self.message, self.remedy)
    }
}

impl std::error::Error for Problem {}

/// Text from outside, short enough for a message.
pub(crate) fn quoted(text: &str) -> String {
    const LIMIT: usize = 40;
    let start: String = text.chars().take(LIMIT).collect();
    let rest = if start.len() < text.len() { "..." } else { "" };
    format!("{start:?}{rest}")
}
