//! Problems of an input, each with its path and a remedy.

use std::fmt;

use serde::Serialize;

/// One problem of a scenario, a link or a command.
///
/// The typed errors of the core convert to it at the borders where a person reads them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Problem {
    /// Path of the value: `set.network.loss`, `commands[2].peer`, `link`.
    pub path: String,
    /// Description of the problem; begins with a verb if the path is its subject.
    pub message: String,
    /// Advice on how to solve it.
    pub remedy: String,
}

impl Problem {
    /// A problem at a path, with its remedy.
    pub fn new(path: impl Into<String>, message: impl Into<String>, remedy: impl Into<String>) -> Self {
        let problem = Self { path: path.into(), message: message.into(), remedy: remedy.into() };
        debug_assert!(!problem.message.is_empty() && !problem.remedy.is_empty(), "{problem:?}");
        problem
    }

    /// The same problem at another path.
    #[must_use]
    pub(crate) fn at(self, path: impl Into<String>) -> Self {
        Self { path: path.into(), ..self }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}; {}", self.path, self.message, self.remedy)
    }
}

impl std::error::Error for Problem {}

/// Text of an input in quotation marks, cut to 40 characters.
pub(crate) fn quoted(text: &str) -> String {
    const LIMIT: usize = 40;
    let start: String = text.chars().take(LIMIT).collect();
    let rest = if start.len() < text.len() { "..." } else { "" };
    format!("{start:?}{rest}")
}
