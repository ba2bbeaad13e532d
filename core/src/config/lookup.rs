//! Knobs by path, by code, and by similarity to a mistyped path.

use super::knob::Knob;
use crate::config::section::KNOBS;

impl Knob {
    /// The knob with a path.
    #[must_use]
    pub fn by_path(path: &str) -> Option<&'static Self> {
        KNOBS.iter().find(|knob| knob.path == path)
    }

    /// The knob with a code.
    #[must_use]
    pub(crate) fn by_code(code: u64) -> Option<&'static Self> {
        KNOBS.iter().find(|knob| u64::from(knob.code) == code)
    }

    /// The knob most similar to a path that does not exist; `None` if none is similar.
    #[must_use]
    pub fn nearest(path: &str) -> Option<&'static Self> {
        let name = path.rsplit('.').next().unwrap_or(path);
        let elsewhere = || KNOBS.iter().find(|knob| knob.name() == name);
        let alike = || nearest(path, KNOBS.iter().map(|knob| knob.path)).and_then(Self::by_path);
        elsewhere().or_else(alike)
    }
}

/// The most similar of several words by the distance of optimal string alignment, at most a third of the
/// length; else `None`.
#[must_use]
pub fn nearest<'a>(word: &str, words: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let length = word.chars().count();
    if length > 64 {
        return None;
    }
    // All words are ASCII; the Unicode tables of letter case would only add to the download.
    let word = word.to_ascii_lowercase();
    let rated = words.into_iter().map(|other| (strsim::osa_distance(&word, other), other));
    let (distance, best) = rated.min_by_key(|pair| pair.0)?;
    (distance <= (length / 3).max(1)).then_some(best)
}
