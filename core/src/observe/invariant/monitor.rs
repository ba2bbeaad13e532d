//! Monitoring a run: the first violation of each property that always holds.

use super::{Breach, Facts, Property, PropertyKind, PropertyState, PropertyStatus, Violation};
use crate::base::id::PeerId;
use crate::base::time::{Round, Tick};
use crate::sim::host::Host;
use crate::sim::world::World;

/// Every how many checks a copy of the world is compared.
const COPIES: u64 = 16;

/// The property that takes two checks.
const SILENCE: &str = "who-rests-is-silent";

/// Schedule of a monitor's checks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cadence {
    /// After every tick in which something happens: what is found is found at the first bad tick.
    Ticks,
    /// At the end of every n-th round.
    Rounds(u32),
    /// On demand.
    Told,
}

/// Monitor of a run: remembers the first violation of each property.
#[derive(Clone, Debug)]
pub struct Monitor {
    cadence: Cadence,
    checks: u64,
    /// In the order in which they were found.
    found: Vec<Violation>,
    /// Crashed and paused peers that do not return on their own, with the number of messages they had sent.
    resting: Vec<(PeerId, u32)>,
}

impl Monitor {
    /// A monitor that has not checked anything.
    #[must_use]
    pub const fn new(cadence: Cadence) -> Self {
        Self { cadence, checks: 0, found: Vec::new(), resting: Vec::new() }
    }

    /// Checks of all properties that always hold, so far.
    #[must_use]
    pub const fn checks(&self) -> u64 {
        self.checks
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

    /// Whether every tick with an event is checked.
    #[must_use]
    pub(crate) fn sees_ticks(&self) -> bool {
        self.cadence == Cadence::Ticks
    }

    /// Whether a check is due, given the round that has just ended, if one has.
    #[must_use]
    pub(crate) fn is_due(&self, completed: Option<Round>) -> bool {
        match self.cadence {
            Cadence::Ticks => true,
            Cadence::Rounds(every) => {
                completed.is_some_and(|round| round.0.is_multiple_of(u64::from(every.max(1))))
            }
            Cadence::Told => false,
        }
    }

    /// Whether the next check compares a copy of the world, which costs more than all other checks together.
    #[must_use]
    pub(crate) const fn compares_copies(&self) -> bool {
        self.checks.is_multiple_of(COPIES)
    }

    /// Checks all properties that always hold and have held so far.
    pub(crate) fn check_always(&mut self, facts: &Facts<'_>) {
        self.checks += 1;
        for property in Property::of_kind(PropertyKind::Always) {
            if self.has_held(property.id, facts.now)
                && let Err(violation) = property.check(facts)
            {
                self.note(violation);
            }
        }
    }

    /// Takes over violations found by a full inspection at this tick.
    pub(super) fn take_over(&mut self, now: Tick, states: &[PropertyState]) {
        self.checks += 1;
        for PropertyState { id, status, .. } in states {
            if let PropertyStatus::Violated { tick, peers, text } = status
                && *tick == now.0
                && self.has_held(id, now)
            {
                self.note(Violation { property: id, tick: *tick, peers: peers.clone(), text: text.clone() });
            }
        }
    }

    /// Drops violations of ticks that a command makes obsolete.
    pub(crate) fn forget_after(&mut self, Tick(now): Tick) {
        self.found.retain(|violation| violation.tick <= now);
    }

    /// Whether a property held up to a tick, as far as is known: what was found later counts for later.
    fn has_held(&self, property: &str, Tick(now): Tick) -> bool {
        self.first(property).is_none_or(|violation| violation.tick > now)
    }

    /// Notes the first violation of its property, replacing a later one.
    fn note(&mut self, violation: Violation) {
        self.found.retain(|other| other.property != violation.property);
        debug_assert!(self.first(violation.property).is_none(), "one violation a property");
        self.found.push(violation);
    }

    /// Checks that no peer sent anything while it rested since the last [`Monitor::mark`].
    pub(crate) fn listen(&mut self, world: &World) {
        if self.has_held(SILENCE, world.now())
            && let Some(violation) = spoken(&self.resting, world)
        {
            self.note(violation);
        }
    }

    /// Notes the resting peers; called after every command.
    pub fn mark(&mut self, world: &World) {
        // A peer that returns on its own may do so before the next check.
        let rests = |host: &&Host| !host.is_running() && host.returns.is_none();
        self.resting.clear();
        self.resting.extend(world.hosts().iter().filter(rests).map(|host| (host.id(), host.sent)));
    }
}

pub(super) fn spoken(resting: &[(PeerId, u32)], world: &World) -> Option<Violation> {
    // A host that a schedule has started again since may speak.
    let rests = |peer| world.host(peer).filter(|host| !host.is_running());
    let has_spoken = |(peer, sent): &&(PeerId, u32)| rests(*peer).is_some_and(|host| host.sent != *sent);
    let speakers = resting.iter().filter(has_spoken).map(|(peer, _)| *peer);
    let Breach { peers, text } = Breach::of_peers(speakers, "sent something while it rested")?;
    let Tick(tick) = world.now();
    Some(Violation { property: SILENCE, tick, peers, text })
}
