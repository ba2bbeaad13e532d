//! The outcome of a run: a table for people, a structure for JSON.

mod reproduction;
mod summary;

use ringside_core::base::digest::Fingerprint;
use ringside_core::observe::metrics::{Metrics, Shape};
use ringside_core::study::simulation::{Refusal, ReproductionStatus, Simulation};
use serde::Serialize;

pub(crate) use self::reproduction::{describe, styled};
pub(crate) use self::summary::summary;

/// The JSON form of a run. The names are part of the published format; `docs/metrics.md` defines them.
#[derive(Serialize)]
pub(crate) struct Report<'a> {
    ticks: u64,
    fingerprint: Fingerprint,
    #[serde(flatten)]
    metrics: Metrics,
    shape: Shape,
    #[serde(rename = "verdict")]
    reproduction: Option<ReproductionStatus>,
    refused: &'a [Refusal],
}

impl<'a> Report<'a> {
    pub(crate) fn of(simulation: &'a Simulation) -> Self {
        Self {
            ticks: simulation.now().0,
            fingerprint: simulation.fingerprint(),
            metrics: simulation.metrics(),
            shape: simulation.shape(),
            reproduction: Some(simulation.verdict()).filter(|status| *status != ReproductionStatus::None),
            refused: simulation.refused(),
        }
    }
}
