//! A run that advances in pieces of a tick, for event loops.

use super::Simulation;
use crate::base::digest::Fingerprint;
use crate::base::problem::Problem;
use crate::base::time::Tick;
use crate::sim::world::{FingerprintBuilder, Sequential, TickProgress};

/// A run that advances piece by piece, and may stop within a tick.
///
/// Access to the run finishes the tick in progress first.
pub struct ResumableSimulation {
    run: Simulation,
    /// The tick in progress, if there is one.
    progress: Option<TickProgress>,
    name: Name,
}

/// The fingerprint of the present state.
enum Name {
    Unknown,
    Sought(Box<FingerprintBuilder>),
    Known(Fingerprint),
}

impl ResumableSimulation {
    /// A run, between two ticks.
    #[must_use]
    pub const fn new(run: Simulation) -> Self {
        Self { run, progress: None, name: Name::Unknown }
    }

    /// Whether a tick has begun and is not over.
    #[must_use]
    pub const fn is_within_tick(&self) -> bool {
        self.progress.is_some()
    }

    /// The next tick to be over: all earlier ones are.
    #[must_use]
    pub const fn now(&self) -> Tick {
        self.run.now()
    }

    /// Does a piece of what happens before `end`. Returns whether there was anything to do.
    pub fn step(&mut self, end: Tick) -> bool {
        if self.progress.is_none() {
            if self.now() >= end {
                return false;
            }
            self.name = Name::Unknown;
            let stop = self.run.next_stop(end);
            self.progress = self.run.world.begin(stop, &mut self.run.recorder);
        }
        if let Some(progress) = self.progress.take() {
            self.progress = self.run.world.step(&Sequential, progress, &mut self.run.recorder);
        }
        if self.progress.is_none() {
            self.run.arrive();
        }
        true
    }

    /// Does a piece of the tick in progress. Returns whether any is left.
    pub fn finish(&mut self) -> bool {
        self.is_within_tick() && self.step(self.now()) && self.is_within_tick()
    }

    /// The run, after the tick in progress.
    pub fn settle_tick(&mut self) -> &Simulation {
        while self.finish() {}
        &self.run
    }

    /// The run, mutable, after the tick in progress.
    pub fn settle_tick_mut(&mut self) -> &mut Simulation {
        while self.finish() {}
        self.name = Name::Unknown;
        &mut self.run
    }

    /// Takes a part of the fingerprint. Returns it when no part is left.
    pub fn name(&mut self) -> Option<Fingerprint> {
        while self.finish() {}
        let mut builder = match std::mem::replace(&mut self.name, Name::Unknown) {
            Name::Unknown => Box::default(),
            Name::Sought(builder) => builder,
            Name::Known(fingerprint) => {
                self.name = Name::Known(fingerprint);
                return Some(fingerprint);
            }
        };
        let fingerprint = self.run.world.fingerprint_step(&mut builder);
        self.name = fingerprint.map_or(Name::Sought(builder), Name::Known);
        fingerprint
    }

    /// The fingerprint, all parts of it that are left.
    pub fn fingerprint(&mut self) -> Fingerprint {
        loop {
            if let Some(fingerprint) = self.name() {
                return fingerprint;
            }
        }
    }

    /// The link that reproduces this run and claims the fingerprint reached: `1.<base64url>`.
    ///
    /// # Errors
    ///
    /// The run has become too long for a link.
    pub fn link(&mut self) -> Result<String, Problem> {
        let fingerprint = self.fingerprint();
        self.run.link_claiming(fingerprint)
    }
}
