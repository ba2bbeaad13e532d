//! From numbers to a verdict.

use serde::Serialize;

use super::check::Effort;
use super::sentence::sentence;
use super::{Claim, ClaimExpectation, Source};
use crate::base::problem::Problem;
use crate::study::ensemble::{Measure, Summary, Unit};

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
    pub standing: Agreement,
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

impl Reading {
    pub(super) fn new(
        condition: Option<&'static str>,
        value: Summary,
        arms: Vec<Summary>,
        expectation: ClaimExpectation,
    ) -> Self {
        Self { condition, standing: stand(&value, expectation), value, arms }
    }
}

/// A prediction says something where it reaches no further than this share of the value to either side.
const VAGUE: f64 = 1.0 / 3.0;

fn stand(value: &Summary, expectation: ClaimExpectation) -> Agreement {
    let interval = value.low.zip(value.high);
    let found = match expectation {
        ClaimExpectation::Within(low, high) => interval.map(|interval| compare(interval, low, high)),
        ClaimExpectation::AtLeast(low) => interval.map(|interval| compare(interval, low, f64::INFINITY)),
        ClaimExpectation::AtMost(high) => interval.map(|interval| compare(interval, f64::NEG_INFINITY, high)),
        ClaimExpectation::Typical(published) => value.prediction().map(|range| foresee(range, published)),
    };
    found.unwrap_or(Agreement::Open)
}

fn compare((low, high): (f64, f64), least: f64, most: f64) -> Agreement {
    if low >= least && high <= most {
        Agreement::Holds
    } else if high < least || low > most {
        Agreement::Fails
    } else {
        Agreement::Open
    }
}

fn foresee((low, high): (f64, f64), published: f64) -> Agreement {
    if !(low..=high).contains(&published) {
        Agreement::Fails
    } else if (high - low) / 2.0 <= VAGUE * published.abs() {
        Agreement::Holds
    } else {
        Agreement::Open
    }
}

/// The finding on a claim, from the readings of its experiment as it stands and under each of the conditions.
pub(super) fn judge(
    claim: &Claim,
    measure: &'static Measure,
    effort: Effort,
    readings: Vec<Reading>,
) -> Result<Finding, Problem> {
    let verdict = verdict(&readings);
    let unit = claim.unit(measure);
    Ok(Finding {
        id: claim.id,
        source: claim.source,
        claim: claim.text,
        verdict,
        value: unit.write_summary(&readings[0].value),
        expected: claim.expectation.describe(unit),
        sentence: sentence(claim, measure, verdict, &readings),
        measure: measure.name,
        unit,
        seeds: effort.seeds,
        quick: effort.quick,
        readings,
        link: claim.link()?,
    })
}

fn verdict(readings: &[Reading]) -> Verdict {
    match readings {
        [Reading { standing: Agreement::Holds, .. }, ..] => Verdict::Reproduced,
        [Reading { standing: Agreement::Fails, .. }, conditions @ ..] => {
            let holds = |reading: &Reading| reading.standing == Agreement::Holds;
            if conditions.iter().any(holds) { Verdict::OnlyIf } else { Verdict::NotReproduced }
        }
        _ => Verdict::Undecided,
    }
}
