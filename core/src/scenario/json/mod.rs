//! Strict JSON (RFC 8259): the one reader of scenario files, for the page and the command line.
//!
//! Integers stay exact, duplicate keys are kept for the check of keys, and size and depth are limited as for
//! every other input. The text of a number that is not an integer goes to the caller's conversion, since the
//! standard library's takes twenty kilobytes of a browser's download.

mod error;
mod reader;
#[cfg(test)]
mod tests;

use self::error::{encoding, located};
use self::reader::JsonReader;
use super::Scenario;
use super::expect::Trial;
use super::raw::Value;
use crate::base::problem::Problem;

/// Correctly rounded conversion of a number of JSON to floating point.
pub type ParseFloat = fn(&str) -> f64;

/// Reads a file of JSON, with or without a byte order mark.
///
/// # Errors
///
/// The first error, at its line and column, or at its byte if the file is not UTF-8.
pub fn read(bytes: &[u8], parse_float: ParseFloat) -> Result<Value, Problem> {
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    if let Some(problem) = encoding(bytes) {
        return Err(problem);
    }
    let text = std::str::from_utf8(bytes).unwrap_or_default();
    if text.trim_ascii().is_empty() {
        return Err(Problem::new("", "is empty", "write { \"preset\": \"lifecycle\" }, for example"));
    }
    JsonReader::new(text, parse_float).whole().map_err(|error| located(text, &error))
}

impl Scenario {
    /// Reads the file of a scenario, as [`Scenario::parse`] reads a value.
    ///
    /// # Errors
    ///
    /// All problems of the scenario, or the first error of the JSON.
    pub fn read(bytes: &[u8], parse_float: ParseFloat) -> Result<Self, Vec<Problem>> {
        Self::parse(&read(bytes, parse_float).map_err(|problem| vec![problem])?)
    }
}

impl Trial {
    /// Reads the file of a scenario with its title and expectations, as [`Trial::parse`] reads a value.
    ///
    /// # Errors
    ///
    /// All problems of the scenario, or the first error of the JSON.
    pub fn read(bytes: &[u8], parse_float: ParseFloat) -> Result<Self, Vec<Problem>> {
        Self::parse(&read(bytes, parse_float).map_err(|problem| vec![problem])?)
    }
}
