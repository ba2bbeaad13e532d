//! Verdicts: confidence intervals against expectations.

use super::claim::{Claim, ClaimExpectation};
use super::effort::Effort;
use super::finding::{Agreement, Finding, Reading, Verdict};
use super::sentence::sentence;
use crate::base::problem::Problem;
use crate::study::ensemble::{Measure, Summary};

/// The reading of an experiment: its quantity compared with the expectation.
pub(super) fn reading(
    condition: Option<&'static str>,
    value: Summary,
    arms: Vec<Summary>,
    expectation: ClaimExpectation,
) -> Reading {
    Reading { condition, agreement: agreement(&value, expectation), value, arms }
}

/// Half-width of an informative prediction interval, at most, as a share of the value.
const VAGUE: f64 = 1.0 / 3.0;

fn agreement(value: &Summary, expectation: ClaimExpectation) -> Agreement {
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
    debug_assert!(low <= high && least <= most, "{low} to {high} against {least} to {most}");
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
        experiment: claim.experiment(),
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
        [Reading { agreement: Agreement::Holds, .. }, ..] => Verdict::Reproduced,
        [Reading { agreement: Agreement::Fails, .. }, conditions @ ..] => {
            let holds = |reading: &Reading| reading.agreement == Agreement::Holds;
            if conditions.iter().any(holds) { Verdict::OnlyIf } else { Verdict::NotReproduced }
        }
        _ => Verdict::Undecided,
    }
}
