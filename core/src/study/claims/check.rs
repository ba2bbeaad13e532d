//! Checks of claims: runs that they need, and findings as runs complete.

use super::claim::{Claim, Quantity, Variation};
use super::effort::Effort;
use super::finding::{Finding, Reading};
use super::judge::{judge, reading};
use crate::base::problem::Problem;
use crate::scenario::Scenario;
use crate::study::ensemble::{Job, Measure, RunValues, Study, Summary, take_complete};

/// A check of some claims in progress: gives out jobs, takes in their outcomes, and reports findings.
#[derive(Debug)]
pub struct Check {
    /// Claims without a reported finding.
    open: Vec<&'static Claim>,
    effort: Effort,
    study: Study,
}

impl Check {
    /// A check of these claims.
    ///
    /// # Errors
    ///
    /// The table names an invalid setting.
    pub fn new(claims: Vec<&'static Claim>, effort: Effort) -> Result<Self, Problem> {
        let mut study = Study::default();
        for claim in &claims {
            let measure = claim.measure()?;
            for condition in experiments(claim) {
                for scenario in claim.scenarios(condition, effort)? {
                    study.want(&scenario, effort.seeds, &[measure])?;
                }
            }
        }
        Ok(Self { open: claims, effort, study })
    }

    /// The runs that are still to be made, each on its own; those that several claims need only once.
    pub fn jobs(&self) -> impl Iterator<Item = Job> {
        self.study.jobs()
    }

    /// Number of runs in all.
    #[must_use]
    pub const fn size(&self) -> usize {
        self.study.size()
    }

    /// Stores the values of a run.
    pub fn put(&mut self, outcome: RunValues) {
        self.study.put(outcome);
    }

    /// Findings on claims whose runs are complete and that were not reported yet, in the order of the claims.
    ///
    /// # Errors
    ///
    /// The table names an invalid setting.
    pub fn news(&mut self) -> Result<Vec<Finding>, Problem> {
        let mut open = std::mem::take(&mut self.open);
        let news = take_complete(&mut open, |claim| self.finding(claim));
        self.open = open;
        news
    }

    /// `None` while a run is missing.
    fn finding(&self, claim: &Claim) -> Result<Option<Finding>, Problem> {
        let measure = claim.measure()?;
        let readings = experiments(claim).map(|condition| self.reading(claim, condition, measure));
        let readings: Option<Vec<Reading>> = readings.collect::<Result<_, _>>()?;
        readings.map(|readings| judge(claim, measure, self.effort, readings)).transpose()
    }

    fn reading(
        &self,
        claim: &Claim,
        condition: Option<&'static Variation>,
        measure: &'static Measure,
    ) -> Result<Option<Reading>, Problem> {
        let scenarios = claim.scenarios(condition, self.effort)?;
        let values = |scenario: &Scenario| self.study.values(scenario, self.effort.seeds, measure);
        let Some(arms) = scenarios.iter().map(values).collect::<Option<Vec<_>>>() else { return Ok(None) };
        let unit = claim.unit(measure);
        let value = Summary::of(&combined(claim.quantity, &arms), unit.scale());
        let arms = arms.iter().map(|values| Summary::of(values, measure.unit.scale())).collect();
        Ok(Some(reading(condition.map(|condition| condition.label), value, arms, claim.expectation)))
    }
}

/// The experiment as it stands, and under each of the conditions.
fn experiments(claim: &Claim) -> impl Iterator<Item = Option<&'static Variation>> + use<> {
    std::iter::once(None).chain(claim.conditions.iter().map(Some))
}

/// The quantity, seed by seed.
fn combined(quantity: Quantity, arms: &[Vec<Option<f64>>]) -> Vec<Option<f64>> {
    debug_assert!((1..=2).contains(&arms.len()), "an experiment has one arm or two");
    debug_assert!(arms.iter().all(|arm| arm.len() == arms[0].len()), "arms have the same seeds");
    let pairs = || arms[0].iter().zip(arms.get(1).into_iter().flatten());
    match quantity {
        Quantity::Value(_) => arms[0].clone(),
        Quantity::Difference(_) => pairs().map(|(one, other)| Some((*one)? - (*other)?)).collect(),
        Quantity::Ratio(_) => {
            let ratio = |(one, other): (&Option<f64>, &Option<f64>)| {
                let by = other.filter(|by| *by != 0.0)?;
                Some((*one)? / by)
            };
            pairs().map(ratio).collect()
        }
    }
}
