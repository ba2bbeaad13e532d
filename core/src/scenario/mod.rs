//! Scenarios: everything that makes a run, as people write it and as links carry it.

pub mod preset;
pub mod rules;

/// Text from outside, short enough for a message.
fn quoted(text: &str) -> String {
    const LIMIT: usize = 40;
    let start: String = text.chars().take(LIMIT).collect();
    let rest = if start.len() < text.len() { "..." } else { "" };
    format!("{start:?}{rest}")
}
