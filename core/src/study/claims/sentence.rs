//! Sentences that explain a verdict; every figure comes from the runs.

use std::fmt::Write as _;

use super::claim::{Claim, ClaimExpectation, Quantity};
use super::finding::{Agreement, Reading, Verdict};
use crate::study::ensemble::{Measure, Unit};

impl ClaimExpectation {
    /// The expectation in words: `at least 80.0 %`.
    #[must_use]
    pub fn describe(self, unit: Unit) -> String {
        match self {
            Self::Within(low, high) if low.total_cmp(&high).is_eq() => format!("exactly {}", unit.write(low)),
            Self::Within(low, high) => unit.write_range(low, high),
            Self::AtLeast(low) => format!("at least {}", unit.write(low)),
            Self::AtMost(high) => format!("at most {}", unit.write(high)),
            Self::Typical(published) => {
                format!("a run such as the published one with {}", unit.write(published))
            }
        }
    }
}

/// Measured value, expected value, and the effect of each variation.
pub(super) fn sentence(claim: &Claim, measure: &Measure, verdict: Verdict, readings: &[Reading]) -> String {
    let Some((base, conditions)) = readings.split_first() else { return String::new() };
    let unit = claim.unit(measure);
    let mut text = format!(
        "{}: {}; expected {}.",
        measure.title,
        told(claim, measure, base),
        claim.expectation.describe(unit)
    );
    if let (ClaimExpectation::Typical(_), Some((low, high))) = (claim.expectation, base.value.prediction()) {
        let range = unit.write_range(low, high);
        let _ = write!(text, " 95 of 100 such runs have {range}.");
    }
    if base.value.undefined > 0 {
        let all = base.value.runs + base.value.undefined;
        let _ = write!(text, " It is undefined in {} of {all} runs.", base.value.undefined);
    }
    if verdict == Verdict::Undecided {
        text.push_str(" The runs scatter too much to tell.");
    }
    for reading in conditions {
        let meets = match reading.agreement {
            Agreement::Holds => "as expected",
            Agreement::Fails => "not as expected either",
            Agreement::Open => "which does not tell",
        };
        let label = reading.condition.unwrap_or_default();
        let _ = write!(text, " If {label}: {}, {meets}.", told(claim, measure, reading));
    }
    text
}

/// A reading in words, arm by arm.
fn told(claim: &Claim, measure: &Measure, reading: &Reading) -> String {
    let value = claim.unit(measure).write_summary(&reading.value);
    let [one, other] = reading.arms.as_slice() else { return value };
    let mean = |arm: &crate::study::ensemble::Summary| {
        arm.mean.map_or_else(|| "undefined".to_owned(), |mean| measure.unit.write(mean))
    };
    let (first, second) = (claim.arms[0].label, claim.arms[1].label);
    let against = format!("{} {first} against {} {second}", mean(one), mean(other));
    match claim.quantity {
        Quantity::Ratio(_) => format!("{against}, {value}"),
        Quantity::Value(_) | Quantity::Difference(_) => format!("{against}, a difference of {value}"),
    }
}
