//! A run whose ticks, and whose fingerprints, can be had in pieces: for whoever must listen to others meanwhile.

use super::Simulation;
use crate::digest::Fingerprint;
use crate::problem::Problem;
use crate::time::Tick;
use crate::world::{Alone, Happening, Naming};

/// A run that goes on piece by piece, and may stop within a tick.
///
/// Within a tick there is no run to be had: whoever asks for it, to look at it or to change it, has the tick finished first.
pub struct Divisible {
    run: Simulation,
    /// The tick that is happening, if one is.
    happening: Option<Happening>,
    name: Name,
}

/// The fingerprint of the present state.
enum Name {
    Unknown,
    Sought(Box<Naming>),
    Known(Fingerprint),
}

impl Divisible {
    /// A run, between two ticks.
    #[must_use]
    pub const fn new(run: Simulation) -> Self {
        Self { run, happening: None, name: Name::Unknown }
    }

    /// Whether a tick has begun and is not over.
    #[must_use]
    pub const fn is_within_tick(&self) -> bool {
        self.happening.is_some()
    }

    /// The next tick to be over: all earlier ones are.
    #[must_use]
    pub const fn now(&self) -> Tick {
        self.run.now()
    }

    /// Does a piece of what happens before `end`. Returns whether there was anything to do.
    pub fn go_on(&mut self, end: Tick) -> bool {
        if self.happening.is_none() {
            if self.now() >= end {
                return false;
            }
            self.name = Name::Unknown;
            self.happening = self.run.world.begin(self.run.next_stop(end));
        }
        if let Some(happening) = self.happening.take() {
            self.happening = self.run.world.go_on(&Alone, happening, &mut self.run.record);
        }
        if self.happening.is_none() {
            self.run.arrive();
        }
        true
    }

    /// Does a piece of the tick that is happening. Returns whether any is left.
    pub fn finish(&mut self) -> bool {
        self.is_within_tick() && self.go_on(self.now()) && self.is_within_tick()
    }

    /// The run, when the tick that is happening is over.
    pub fn whole(&mut self) -> &Simulation {
        while self.finish() {}
        &self.run
    }

    /// The run, to be changed, when the tick that is happening is over.
    pub fn whole_mut(&mut self) -> &mut Simulation {
        while self.finish() {}
        self.name = Name::Unknown;
        &mut self.run
    }

    /// Takes a part of the fingerprint. Returns it when no part is left.
    pub fn name(&mut self) -> Option<Fingerprint> {
        while self.finish() {}
        let mut naming = match std::mem::replace(&mut self.name, Name::Unknown) {
            Name::Unknown => Box::default(),
            Name::Sought(naming) => naming,
            Name::Known(fingerprint) => {
                self.name = Name::Known(fingerprint);
                return Some(fingerprint);
            }
        };
        let fingerprint = self.run.world.name(&mut naming);
        self.name = fingerprint.map_or(Name::Sought(naming), Name::Known);
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
    /// Where the run has become too long for a link.
    pub fn link(&mut self) -> Result<String, Problem> {
        let fingerprint = self.fingerprint();
        self.run.link_claiming(fingerprint)
    }
}
