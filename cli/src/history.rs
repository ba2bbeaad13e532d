//! The history of a run as CSV, in the format of the page's export.

use std::fmt::Write as _;

use ringside_core::observe::metrics::{COLUMNS, History, Sample};

/// A header and one row per sample of the history, which are evenly spaced.
pub(crate) fn csv(history: &History) -> String {
    let mut text = header();
    history.samples().iter().for_each(|sample| add_row(&mut text, sample));
    text
}

/// The names of the columns.
pub(crate) fn header() -> String {
    let names: Vec<&str> = COLUMNS.iter().map(|column| column.name.as_str()).collect();
    names.join(",") + "\n"
}

/// Appends a row.
pub(crate) fn add_row(text: &mut String, sample: &Sample) {
    for (index, column) in COLUMNS.iter().enumerate() {
        let comma = if index > 0 { "," } else { "" };
        let _ = write!(text, "{comma}{}", column.read(sample));
    }
    text.push('\n');
}

/// Rounds between two rows of the history.
pub(crate) fn interval(history: &History) -> u64 {
    match history.samples() {
        [one, next, ..] => next.round.0 - one.round.0,
        _ => 1,
    }
}
