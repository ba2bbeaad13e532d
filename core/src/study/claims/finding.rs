//! Results of a check.

use serde::Serialize;

use super::claim::Source;
use crate::study::ensemble::{Summary, Unit};

/// What is found of a claim.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// It is so.
    Reproduced,
    /// It is not so.
    NotReproduced,
    /// It is not so, unless something is changed.
    OnlyIf,
    /// The runs do not tell.
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

/// How the runs of one experiment stand to an expectation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Agreement {
    /// All of the interval is as expected.
    Holds,
    /// None of it is.
    Fails,
    /// Part of it is, or there is no interval.
    Open,
}

/// What the runs of one experiment came to.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Reading {
    /// What was changed; none for the experiment as it stands.
    pub condition: Option<&'static str>,
    /// How it stands to the expectation.
    #[serde(rename = "standing")]
    pub agreement: Agreement,
    /// The quantity.
    pub value: Summary,
    /// The measure in each arm.
    pub arms: Vec<Summary>,
}

/// A claim, and what was found.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Finding {
    /// The name of the claim.
    pub id: &'static str,
    /// Where it stands.
    pub source: Source,
    /// What it says.
    pub claim: &'static str,
    /// What was found.
    pub verdict: Verdict,
    /// The value in short, with its interval.
    pub value: String,
    /// What was expected of it.
    pub expected: String,
    /// The verdict explained.
    pub sentence: String,
    /// The name of the measure.
    pub measure: &'static str,
    /// What its numbers count.
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
