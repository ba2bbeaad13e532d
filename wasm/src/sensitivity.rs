//! Curves of the parameters that document 000 wants tuned, measured in slices.

use ringside_core::base::problem::Problem;
use ringside_core::study::sensitivity::{PARAMETERS, Sensitivity};
use wasm_bindgen::prelude::*;

use crate::convert::{Failure, to_js};
use crate::runs::Runs;
use crate::{Answer, JsCurves};

fn failed(problem: Problem) -> JsValue {
    Failure::Claim.because(vec![problem])
}

/// Curves in progress; one run at a time is executed, in slices.
#[wasm_bindgen]
pub struct SensitivityCheck {
    study: Sensitivity,
    runs: Runs,
}

#[wasm_bindgen]
impl SensitivityCheck {
    /// Starts the curves of all parameters, with a number of random seeds for each value.
    ///
    /// # Errors
    ///
    /// Throws a `Failure` if the table of parameters is wrong, which is a defect.
    #[wasm_bindgen(constructor)]
    pub fn new(seeds: u32) -> Answer<Self> {
        let study = Sensitivity::new(PARAMETERS.iter().collect(), seeds).map_err(failed)?;
        Ok(Self { runs: Runs::new(study.jobs()), study })
    }

    /// Number of runs in all.
    #[wasm_bindgen(getter)]
    #[must_use]
    pub fn size(&self) -> usize {
        self.study.size()
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
            self.study.put(values);
        }
        self.runs.left() > 0
    }

    /// Curves whose runs have been completed since the last call, as `Curve[]`.
    ///
    /// # Errors
    ///
    /// Throws if the conversion to JavaScript fails, which is a defect.
    pub fn news(&mut self) -> Answer<JsCurves> {
        to_js(&self.study.news().map_err(failed)?)
    }
}
