//! Claims of the documents, and checks of them in slices.

use ringside_core::base::problem::Problem;
use ringside_core::study::claims::{Check, Claim, DOCUMENTS, Document, Effort, Finding, Verdict};
use serde::Serialize;
use wasm_bindgen::prelude::*;

use crate::convert::{Failure, to_js};
use crate::runs::Runs;
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
    runs: Runs,
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
        Ok(Self { runs: Runs::new(check.jobs()), check })
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
        self.size() - self.runs.left()
    }

    /// Continues within a budget of milliseconds, at most to the end of a run; returns whether runs remain.
    pub fn advance(&mut self, budget_ms: f64) -> bool {
        if let Some(values) = self.runs.advance(budget_ms) {
            self.check.put(values);
        }
        self.runs.left() > 0
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
