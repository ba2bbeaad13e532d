//! Watching a run: the first violation of each property that always holds.

use super::{Breach, Facts, Kind, Property, Violation};
use crate::host::Host;
use crate::id::PeerId;
use crate::time::{Round, Tick};
use crate::world::World;

/// The property that takes two looks.
const SILENCE: &str = "who-rests-is-silent";

/// Looks at a run once in so many rounds, and remembers the first violation of each property: as many as there are
/// properties at most.
#[derive(Clone, Debug)]
pub struct Watch {
    every: u64,
    /// In the order in which they were found.
    found: Vec<Violation>,
    /// Peers that rest and will not return on their own, with the number of messages they had sent.
    resting: Vec<(PeerId, u32)>,
}

impl Watch {
    /// Somebody who looks at the end of every round, or of one in so many.
    #[must_use]
    pub fn new(every_rounds: u32) -> Self {
        Self { every: u64::from(every_rounds.max(1)), found: Vec::new(), resting: Vec::new() }
    }

    /// The first violations, in the order in which they were found.
    #[must_use]
    pub fn found(&self) -> &[Violation] {
        &self.found
    }

    /// The first violation of a property.
    #[must_use]
    pub fn first(&self, property: &str) -> Option<&Violation> {
        self.found.iter().find(|violation| violation.property == property)
    }

    /// Whether it is time to look, where a round has just ended.
    #[must_use]
    pub const fn is_due(&self, completed: Round) -> bool {
        completed.0.is_multiple_of(self.every)
    }

    /// Checks all properties that always hold and have held so far.
    pub fn look(&mut self, facts: &Facts<'_>) {
        for property in Property::of_kind(Kind::Always) {
            if self.first(property.id).is_none()
                && let Err(violation) = property.check(facts)
            {
                self.found.push(violation);
            }
        }
    }

    /// Checks that nobody has spoken who has rested since the last [`Watch::mark`].
    pub fn listen(&mut self, world: &World) {
        if self.first(SILENCE).is_none()
            && let Some(violation) = spoken(&self.resting, world)
        {
            self.found.push(violation);
        }
    }

    /// Notes who rests: to be called whenever somebody may have meddled.
    pub fn mark(&mut self, world: &World) {
        // Who is to return on its own may do so before the next look.
        let rests = |host: &&Host| !host.is_running() && host.returns.is_none();
        self.resting.clear();
        self.resting.extend(world.hosts().iter().filter(rests).map(|host| (host.id(), host.sent)));
    }
}

pub(super) fn spoken(resting: &[(PeerId, u32)], world: &World) -> Option<Violation> {
    let has_spoken = |(peer, sent): &&(PeerId, u32)| world.host(*peer).is_some_and(|host| host.sent != *sent);
    let speakers = resting.iter().filter(has_spoken).map(|(peer, _)| *peer);
    let Breach { peers, text } = Breach::of_peers(speakers, "sent something while it rested")?;
    let Tick(tick) = world.now();
    Some(Violation { property: SILENCE, tick, peers, text })
}
