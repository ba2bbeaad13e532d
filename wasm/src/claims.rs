//! Claims of the documents, and checks of them in slices.

use std::collections::VecDeque;

use ringside_core::base::problem::Problem;
use ringside_core::base::time::Tick;
use ringside_core::study::claims::{Check, Claim, DOCUMENTS, Document, Effort, Finding, Verdict};
use ringside_core::study::ensemble::Job;
use ringside_core::study::simulation::Simulation;
use serde::Serialize;
use wasm_bindgen::prelude::*;

use crate::convert::{Failure, to_js};
use crate::stopwatch::Stopwatch;
use crate::{Answer, JsClaims, JsFindings};

/// `Claim` of the contract.
#[derive(Serialize)]
struct Entry {
    id: &'static str,
    seed: &'static str,
    document: &'static str,
    section: &'static str,
    text: &'static str,
    expected: String,
    measure: &'static str,
    link: String,
}

impl Entry {
    fn of(claim: &Claim) -> Result<Self, Problem> {
        let Claim { id, text, source, .. } = *claim;
        let (expected, measure) = (claim.expected()?, claim.measure()?.title);
        Ok(Self {
            id,
            seed: source.seed,
            document: Document::by_number(source.seed)?.title,
            section: source.section,
            text,
            expected,
            measure,
            link: claim.link()?,
        })
    }
}

/// `Finding` of the contract.
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

/// All claims, by document, as `Claim[]`.
///
/// # Errors
///
/// Throws if the conversion to JavaScript fails, which is a defect.
#[wasm_bindgen]
pub fn claims() -> Answer<JsClaims> {
    let all = DOCUMENTS.iter().flat_map(Document::claims);
    let entries = all.map(Entry::of).collect::<Result<Vec<_>, _>>().map_err(failed)?;
    to_js(&entries)
}

/// Check of claims in progress, which executes one run at a time, in slices.
#[wasm_bindgen]
pub struct ClaimCheck {
    check: Check,
    waiting: VecDeque<Job>,
    current: Option<(Job, Simulation)>,
}

#[wasm_bindgen]
impl ClaimCheck {
    /// Starts a check of the claims with these ids; a quick one has fewer random seeds and shorter runs.
    ///
    /// # Errors
    ///
    /// Throws a `Failure` if an id is unknown.
    #[expect(clippy::needless_pass_by_value, reason = "wasm-bindgen passes lists by value")]
    #[wasm_bindgen(constructor)]
    pub fn new(ids: Vec<String>, quick: bool) -> Answer<Self> {
        let claims = ids.iter().map(|id| Claim::by_id(id)).collect::<Result<Vec<_>, _>>().map_err(failed)?;
        let effort = if quick { Effort::quick() } else { Effort::full() };
        let check = Check::new(claims, effort).map_err(failed)?;
        Ok(Self { waiting: check.jobs().collect(), check, current: None })
    }

    /// Number of runs of the check.
    #[wasm_bindgen(getter)]
    #[must_use]
    pub fn size(&self) -> usize {
        self.check.size()
    }

    /// Number of completed runs.
    #[wasm_bindgen(getter)]
    #[must_use]
    pub fn done(&self) -> usize {
        self.size() - self.waiting.len() - usize::from(self.current.is_some())
    }

    /// Continues within a budget of milliseconds, at most to the end of a run; returns whether runs remain.
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

    /// Findings of the claims whose runs have been completed since the last call, as `Finding[]`.
    ///
    /// # Errors
    ///
    /// Throws if the conversion to JavaScript fails, which is a defect.
    pub fn news(&mut self) -> Answer<JsFindings> {
        let news = self.check.news().map_err(failed)?;
        to_js(&news.into_iter().map(Found::from).collect::<Vec<_>>())
    }
}
