//! The claims of the seeds, and a check of them in slices.

use std::collections::VecDeque;

use ringside_core::base::problem::Problem;
use ringside_core::base::time::Tick;
use ringside_core::study::claims::{Check, Claim, Effort, Finding, Verdict};
use ringside_core::study::ensemble::Job;
use ringside_core::study::simulation::Simulation;
use serde::Serialize;
use wasm_bindgen::prelude::*;

use crate::clock::Stopwatch;
use crate::convert::{Failure, to_js};
use crate::{Answer, JsClaims, JsFindings};

/// A `Claim` of the contract.
#[derive(Serialize)]
struct Entry {
    id: &'static str,
    seed: &'static str,
    section: &'static str,
    text: &'static str,
    expected: String,
    link: String,
}

impl Entry {
    fn of(claim: &Claim) -> Result<Self, Problem> {
        let Claim { id, text, source, .. } = *claim;
        let expected = claim.expected()?;
        Ok(Self { id, seed: source.seed, section: source.section, text, expected, link: claim.link()? })
    }
}

/// A `Finding` of the contract.
#[derive(Serialize)]
struct Found {
    id: &'static str,
    verdict: Verdict,
    words: &'static str,
    value: String,
    sentence: String,
    seeds: u32,
    quick: bool,
}

impl From<Finding> for Found {
    fn from(Finding { id, verdict, value, sentence, seeds, quick, .. }: Finding) -> Self {
        Self { id, verdict, words: verdict.words(), value, sentence, seeds, quick }
    }
}

fn failed(problem: Problem) -> JsValue {
    Failure::Claim.because(vec![problem])
}

/// What the seeds claim.
///
/// # Errors
///
/// Throws where JavaScript cannot take it, which would be a defect.
#[wasm_bindgen]
pub fn claims() -> Answer<JsClaims> {
    let entries = Claim::all().map(Entry::of).collect::<Result<Vec<_>, _>>().map_err(failed)?;
    to_js(&entries)
}

/// A check of claims under way: one run at a time, in slices.
#[wasm_bindgen]
pub struct ClaimCheck {
    check: Check,
    waiting: VecDeque<Job>,
    current: Option<(Job, Simulation)>,
}

#[wasm_bindgen]
impl ClaimCheck {
    /// A check of the claims with these names, quick or thorough.
    ///
    /// # Errors
    ///
    /// Throws a `Failure` where there is no such claim.
    #[expect(clippy::needless_pass_by_value, reason = "lists cross the border as they are")]
    #[wasm_bindgen(constructor)]
    pub fn new(ids: Vec<String>, quick: bool) -> Answer<Self> {
        let claims = ids.iter().map(|id| Claim::by_id(id)).collect::<Result<Vec<_>, _>>().map_err(failed)?;
        let effort = if quick { Effort::quick() } else { Effort::full() };
        let check = Check::new(claims, effort).map_err(failed)?;
        Ok(Self { waiting: check.jobs().collect(), check, current: None })
    }

    /// How many runs it takes in all.
    #[wasm_bindgen(getter)]
    #[must_use]
    pub fn size(&self) -> usize {
        self.check.size()
    }

    /// How many of them have been made.
    #[wasm_bindgen(getter)]
    #[must_use]
    pub fn done(&self) -> usize {
        self.size() - self.waiting.len() - usize::from(self.current.is_some())
    }

    /// Goes on for as long as the budget lasts, but not beyond the end of a run; says whether there is more to do.
    pub fn advance(&mut self, budget_ms: f64) -> bool {
        let watch = Stopwatch::start();
        let begun = self.current.take();
        let next = || {
            self.waiting.pop_front().map(|job| {
                let run = job.start();
                (job, run)
            })
        };
        let Some((job, mut run)) = begun.or_else(next) else { return false };
        while run.now() < run.end() && watch.elapsed_ms() < budget_ms {
            let stop = Tick(run.next_event().0.saturating_add(1)).min(run.end());
            run.run_until(stop);
        }
        if run.now() < run.end() {
            self.current = Some((job, run));
        } else {
            self.check.put(job.read(&run));
        }
        self.current.is_some() || !self.waiting.is_empty()
    }

    /// What is found of those claims of which all runs have been made, each told once.
    ///
    /// # Errors
    ///
    /// Throws where JavaScript cannot take it, which would be a defect.
    pub fn news(&mut self) -> Answer<JsFindings> {
        let news = self.check.news().map_err(failed)?;
        to_js(&news.into_iter().map(Found::from).collect::<Vec<_>>())
    }
}
