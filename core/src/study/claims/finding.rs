//! Results of a check.

use serde::Serialize;

use super::claim::Source;
use crate::study::ensemble::{Summary, Unit};

/// Verdict on a claim.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// The claim holds.
    Reproduced,
    /// The claim does not hold.
    NotReproduced,
    /// The claim holds only under a variation.
    OnlyIf,
    /// The runs scatter too much to decide.
    Undecided,
}

impl Verdict {
    /// The verdict in words.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Reproduced => "reproduced",
            Self::NotReproduced => "not reproduced",
            Self::OnlyIf => "only if",
            Self::Undecided => "undecided",
        }
    }

    /// A sign that goes with the words.
    #[must_use]
    pub const fn glyph(self) -> char {
        match self {
            Self::Reproduced => '\u{2713}',
            Self::NotReproduced => '\u{2717}',
            Self::OnlyIf => '\u{25d0}',
            Self::Undecided => '?',
        }
    }
}

/// Agreement of an interval with an expectation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Agreement {
    /// All of the interval is as expected.
    Holds,
    /// None of the interval is as expected.
    Fails,
    /// Part of the interval is as expected, or there is no interval.
    Open,
}

/// Result of one experiment.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Reading {
    /// Label of the variation; `None` for the experiment as it stands.
    pub condition: Option<&'static str>,
    /// Agreement with the expectation.
    #[serde(rename = "standing")]
    pub agreement: Agreement,
    /// The quantity.
    pub value: Summary,
    /// The measure in each arm.
    pub arms: Vec<Summary>,
}

/// A claim with its verdict.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Finding {
    /// The name of the claim.
    pub id: &'static str,
    /// Name of its experiment; `None` if it has none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub experiment: Option<&'static str>,
    /// Document and heading.
    pub source: Source,
    /// Its statement.
    pub claim: &'static str,
    /// The finding, for a person.
    pub verdict: Verdict,
    /// The value in short, with its interval.
    pub value: String,
    /// The expectation in words.
    pub expected: String,
    /// The verdict explained.
    pub sentence: String,
    /// The name of the measure.
    pub measure: &'static str,
    /// Unit of its numbers.
    pub unit: Unit,
    /// Seeds of every experiment.
    pub seeds: u32,
    /// Whether the experiments were cut short.
    pub quick: bool,
    /// The experiment as it stands, and then under each of the conditions.
    pub readings: Vec<Reading>,
    /// The link to its first run at full length.
    pub link: String,
}
