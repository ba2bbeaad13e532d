//! What came of a run, for people and for programs.

mod summary;
mod verdict;

use ringside_core::base::digest::Fingerprint;
use ringside_core::observe::metrics::{Metrics, Shape};
use ringside_core::study::simulation::{Refusal, ReproductionStatus, Simulation};
use serde::Serialize;

pub(crate) use self::summary::summary;
pub(crate) use self::verdict::{styled, verdict_sentence};

/// A run as programs read it. The names are part of what `--json` promises; `docs/metrics.md` says what they mean.
#[derive(Serialize)]
pub(crate) struct Report<'a> {
    ticks: u64,
    fingerprint: Fingerprint,
    #[serde(flatten)]
    metrics: Metrics,
    shape: Shape,
    verdict: Option<ReproductionStatus>,
    refused: &'a [Refusal],
}

impl<'a> Report<'a> {
    pub(crate) fn of(simulation: &'a Simulation) -> Self {
        Self {
            ticks: simulation.now().0,
            fingerprint: simulation.fingerprint(),
            metrics: simulation.metrics(),
            shape: simulation.shape(),
            verdict: Some(simulation.verdict()).filter(|verdict| *verdict != ReproductionStatus::None),
            refused: simulation.refused(),
        }
    }
}
