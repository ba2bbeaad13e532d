//! Reproduction: a link's recorded outcome compared with the run.

use std::fmt;

use serde::{Serialize, Serializer};

use crate::base::digest::Fingerprint;
use crate::base::time::{Round, Tick};
use crate::scenario::link::{Checkpoint, MAX_CHECKPOINTS, RecordedOutcome};
use crate::sim::world::World;

/// Result of comparing a run with the link that it was opened from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
pub enum ReproductionStatus {
    /// The link claims nothing, or a command has changed the run before it could be checked.
    None,
    /// The run has not reached the tick of the claim.
    Pending {
        /// That tick.
        tick: u64,
    },
    /// Bit for bit the same.
    Reproduced {
        /// When that was checked.
        tick: u64,
    },
    /// Another run than the link's.
    Differs {
        /// The last tick known to be the same.
        same_until: u64,
        /// The first tick known to differ.
        tick: u64,
        /// State hash that the link records for that tick.
        expected: StateHash,
        /// The finding, for a person.
        found: StateHash,
    },
}

/// Hash by which runs are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StateHash {
    /// The whole state: sixteen hexadecimal digits.
    State(Fingerprint),
    /// The deliveries up to a checkpoint: eight hexadecimal digits.
    Trace(u32),
}

impl fmt::Display for StateHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::State(fingerprint) => fingerprint.fmt(f),
            Self::Trace(trace) => write!(f, "{trace:08x}"),
        }
    }
}

impl Serialize for StateHash {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// Traces of a run at a few rounds, spread over all of it.
#[derive(Clone, Debug)]
pub(super) struct CheckpointLadder {
    checkpoints: Vec<Checkpoint>,
    /// Rounds between two checkpoints: a power of two.
    interval: u64,
}

impl Default for CheckpointLadder {
    fn default() -> Self {
        Self { checkpoints: Vec::new(), interval: 1 }
    }
}

impl CheckpointLadder {
    /// The checkpoints, the earliest first.
    pub(super) fn checkpoints(&self) -> Vec<Checkpoint> {
        self.checkpoints.clone()
    }

    /// Takes a checkpoint, where one is due, in place of an earlier one of the same round. When there are too
    /// many, every other one goes.
    pub(super) fn record(&mut self, Round(round): Round, trace: u64) {
        if round == 0 || !round.is_multiple_of(self.interval) {
            return;
        }
        self.checkpoints.pop_if(|last| last.round == round);
        if self.checkpoints.len() == MAX_CHECKPOINTS {
            self.interval *= 2;
            let interval = self.interval;
            self.checkpoints.retain(|checkpoint| checkpoint.round.is_multiple_of(interval));
        }
        if round.is_multiple_of(self.interval) {
            debug_assert!(
                self.checkpoints.last().is_none_or(|last| last.round < round),
                "checkpoints are in ascending order of rounds"
            );
            self.checkpoints.push(Checkpoint { round, trace: short(trace) });
            debug_assert!(self.checkpoints.len() <= MAX_CHECKPOINTS, "a link has room for all checkpoints");
        }
    }
}

/// The half of a trace that a link carries.
const fn short(trace: u64) -> u32 {
    (trace >> 32) as u32
}

/// Compares a run with a claim while it goes on.
#[derive(Clone, Debug)]
pub(super) enum ReproductionCheck {
    /// No outcome to compare with.
    Idle,
    /// The claim is still ahead.
    Open {
        claim: RecordedOutcome,
        /// The last tick known to be the same.
        same_until: Tick,
    },
    /// The verdict stands.
    Closed(ReproductionStatus),
}

impl ReproductionCheck {
    pub(super) fn of(claim: Option<RecordedOutcome>) -> Self {
        claim.map_or(Self::Idle, |claim| Self::Open { claim, same_until: Tick(0) })
    }

    /// The next tick after `now` at which the run must be looked at.
    pub(super) fn next_stop(&self, now: Tick) -> Option<Tick> {
        match self {
            // Checkpoints lie between rounds, where the run stops anyway.
            Self::Open { claim, .. } if claim.tick > now => Some(claim.tick),
            _ => None,
        }
    }

    /// A command was injected: what the link claims for later no longer applies.
    pub(super) fn disturb(&mut self, now: Tick) {
        if matches!(self, Self::Open { claim, .. } if claim.tick >= now) {
            *self = Self::Idle;
        }
    }

    pub(super) const fn verdict(&self) -> ReproductionStatus {
        match self {
            Self::Idle => ReproductionStatus::None,
            Self::Open { claim, .. } => ReproductionStatus::Pending { tick: claim.tick.0 },
            Self::Closed(verdict) => *verdict,
        }
    }

    /// Compares the run at a tick where it has stopped.
    pub(super) fn examine(&mut self, world: &World) {
        let Self::Open { claim, same_until } = self else { return };
        let tick = world.now();
        let clock = world.clock();
        let at_checkpoint = claim
            .ladder
            .iter()
            .find(|checkpoint| checkpoint.round.checked_mul(clock.ticks_per_round) == Some(tick.0));
        let traces = at_checkpoint.map(|checkpoint| (checkpoint.trace, short(world.trace())));
        let same_before = same_until.0;
        let differs = |expected, found| {
            Self::Closed(ReproductionStatus::Differs {
                same_until: same_before,
                tick: tick.0,
                expected,
                found,
            })
        };
        match traces {
            Some((expected, found)) if expected != found => {
                *self = differs(StateHash::Trace(expected), StateHash::Trace(found));
                return;
            }
            Some(_) => *same_until = tick,
            None => {}
        }
        if tick == claim.tick {
            let (expected, found) = (claim.fingerprint, world.fingerprint());
            *self = if expected == found {
                Self::Closed(ReproductionStatus::Reproduced { tick: tick.0 })
            } else {
                differs(StateHash::State(expected), StateHash::State(found))
            };
        }
    }
}
