//! How the counts came about: samples at the ends of rounds, as many as fit into a fixed space.

use super::{PeerMetrics, Tally};
use crate::time::Round;
use crate::world::World;

/// Samples that are kept. When they are full, every other one goes, and from then on half as many are taken.
const SAMPLES_MAX: usize = 2048;

/// The state of the counts after a round.
#[derive(Clone, Debug, PartialEq)]
pub struct Sample {
    /// Completed rounds.
    pub round: Round,
    /// Counts since tick 0.
    pub tally: Tally,
    /// Peers at this time.
    pub peers: PeerMetrics,
}

/// Samples in the order of time.
#[derive(Clone, Debug)]
pub struct History {
    samples: Vec<Sample>,
    /// Rounds between two samples: a power of two.
    interval: u64,
}

impl Default for History {
    fn default() -> Self {
        Self { samples: Vec::new(), interval: 1 }
    }
}

impl History {
    /// The samples, the earliest first.
    #[must_use]
    pub fn samples(&self) -> &[Sample] {
        &self.samples
    }

    /// Takes a sample, where one is due after this many completed rounds.
    pub fn record(&mut self, completed: Round, world: &World, tally: &Tally) {
        if !completed.0.is_multiple_of(self.interval) {
            return;
        }
        if self.samples.len() == SAMPLES_MAX {
            self.interval *= 2;
            let interval = self.interval;
            self.samples.retain(|sample| sample.round.0.is_multiple_of(interval));
            if !completed.0.is_multiple_of(interval) {
                return;
            }
        }
        self.samples.push(Sample { round: completed, tally: tally.clone(), peers: PeerMetrics::of(world) });
    }
}
