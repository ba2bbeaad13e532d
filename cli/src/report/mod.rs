//! What came of a run, for people and for programs.

mod summary;
mod verdict;

use ringside_core::digest::Fingerprint;
use ringside_core::metrics::{ElectionMetrics, MessageMetrics, PeerMetrics};
use ringside_core::simulation::{Refusal, Simulation, Verdict};
use serde::Serialize;

pub(crate) use self::summary::summary;
pub(crate) use self::verdict::{styled, verdict_sentence};

/// A run as programs read it. The names are part of what `--json` promises.
#[derive(Serialize)]
pub(crate) struct Report<'a> {
    preset: &'static str,
    /// As text: numbers of many programs are exact only up to 2^53.
    seed: String,
    ticks: u64,
    rounds: u64,
    fingerprint: Fingerprint,
    messages: MessageMetrics,
    answer_share: Option<f64>,
    answers_per_query: Option<f64>,
    elections: ElectionMetrics,
    messages_per_completed_election: Option<f64>,
    peers: PeerMetrics,
    tokens_per_peer: f64,
    verdict: Option<Verdict>,
    refused: &'a [Refusal],
}

impl<'a> Report<'a> {
    pub(crate) fn of(simulation: &'a Simulation) -> Self {
        let metrics = simulation.metrics();
        Self {
            preset: metrics.preset,
            seed: metrics.seed.to_string(),
            ticks: metrics.tick,
            rounds: metrics.rounds,
            fingerprint: simulation.fingerprint(),
            messages: metrics.messages,
            answer_share: metrics.answer_share,
            answers_per_query: metrics.answers_per_query,
            elections: metrics.elections,
            messages_per_completed_election: metrics.messages_per_completed_election,
            peers: metrics.peers,
            tokens_per_peer: metrics.tokens_per_peer,
            verdict: Some(simulation.verdict()).filter(|verdict| *verdict != Verdict::None),
            refused: simulation.refused(),
        }
    }
}
