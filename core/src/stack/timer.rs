//! Timers of the layers: which are set, and when they are due.

use super::layers::LayerId;
use crate::base::digest::{Digest, Tag};
use crate::base::prefetch;
use crate::base::time::Tick;

/// A timer of one host.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct TimerId {
    /// The layer that sets it and that is told when it is due.
    pub layer: LayerId,
    /// Number of the kind within its layer.
    pub kind: u8,
    /// Tells timers of one kind apart, such as one of each session; 0 if there is only one.
    pub key: u32,
}

/// Timers that a host may have set at a time.
pub const TIMERS_MAX: usize = 1 << 16;

/// The timers that a host has set, with their deadlines in ticks of the world.
///
/// The queue of the world may hold entries of timers that were set again or cancelled since: this table
/// decides whether an entry still stands.
#[derive(Clone, Debug, Default)]
pub struct TimerTable {
    /// In ascending order of id.
    set: Vec<(TimerId, Tick)>,
}

impl TimerTable {
    /// Sets a timer, in place of an earlier deadline of the same timer. Returns whether the deadline is new:
    /// the queue of the world has an entry of the one that stands.
    ///
    /// # Panics
    ///
    /// If more than [`TIMERS_MAX`] are set: layers bound what they time.
    pub fn set(&mut self, id: TimerId, due: Tick) -> bool {
        match self.find(id) {
            Ok(index) => std::mem::replace(&mut self.set[index].1, due) != due,
            Err(index) => {
                assert!(self.set.len() < TIMERS_MAX, "a layer sets timers without bound");
                self.set.insert(index, (id, due));
                true
            }
        }
    }

    /// Cancels a timer, if it is set.
    pub fn cancel(&mut self, id: TimerId) {
        if let Ok(index) = self.find(id) {
            self.set.remove(index);
        }
    }

    /// Deadline of a timer; `None` if it is not set.
    #[must_use]
    pub fn due(&self, id: TimerId) -> Option<Tick> {
        self.find(id).ok().map(|index| self.set[index].1)
    }

    /// Takes a timer out if it is due at exactly this tick; an entry of the queue that was overtaken is not.
    pub fn fire(&mut self, id: TimerId, now: Tick) -> bool {
        let index = self.find(id).ok().filter(|index| self.set[*index].1 == now);
        index.is_some_and(|index| {
            self.set.remove(index);
            true
        })
    }

    /// Moves every deadline before `now` to `now`, and returns the timers moved: what fell due while a host
    /// did not run is due when it runs again.
    pub fn catch_up(&mut self, now: Tick) -> Vec<TimerId> {
        let overdue = self.set.iter_mut().filter(|(_, due)| *due < now);
        overdue
            .map(|(id, due)| {
                *due = now;
                *id
            })
            .collect()
    }

    /// Cancels every timer.
    pub fn clear(&mut self) {
        self.set.clear();
    }

    /// Number of timers set.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.set.len()
    }

    /// Whether no timer is set.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.set.is_empty()
    }

    /// Prefetches the table.
    pub(super) fn prefetch(&self) {
        prefetch::all(&self.set);
    }

    fn find(&self, id: TimerId) -> Result<usize, usize> {
        self.set.binary_search_by_key(&id, |timer| timer.0)
    }

    /// Adds the timers to a fingerprint; nothing if none is set.
    pub fn digest(&self, digest: &mut Digest) {
        if self.set.is_empty() {
            return;
        }
        debug_assert!(self.set.is_sorted_by(|one, other| one.0 < other.0), "timers are sorted and unique");
        digest.section(Tag::Timers);
        digest.length(self.set.len());
        for (TimerId { layer, kind, key }, due) in &self.set {
            digest.number((*layer as u64) << 40 | u64::from(*kind) << 32 | u64::from(*key));
            digest.number(due.0);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PING: TimerId = TimerId { layer: LayerId::Lifecycle, kind: 1, key: 7 };

    #[test]
    fn only_the_last_deadline_of_a_timer_fires_and_only_once() {
        let mut timers = TimerTable::default();
        assert!(timers.set(PING, Tick(10)));
        assert!(timers.set(PING, Tick(20)));
        assert!(!timers.set(PING, Tick(20)), "the queue knows that deadline");
        assert_eq!((timers.len(), timers.due(PING)), (1, Some(Tick(20))));
        assert!(!timers.fire(PING, Tick(10)), "that deadline was overtaken");
        assert!(timers.fire(PING, Tick(20)));
        assert!(!timers.fire(PING, Tick(20)));
    }

    #[test]
    fn a_cancelled_timer_does_not_fire() {
        let mut timers = TimerTable::default();
        timers.set(PING, Tick(10));
        timers.cancel(PING);
        assert!(!timers.fire(PING, Tick(10)));
    }

    #[test]
    fn a_deadline_that_passed_while_nothing_ran_is_due_at_once() {
        let mut timers = TimerTable::default();
        timers.set(PING, Tick(10));
        timers.set(TimerId { key: 8, ..PING }, Tick(90));
        assert_eq!(timers.catch_up(Tick(50)), [PING]);
        assert!(timers.fire(PING, Tick(50)));
        assert_eq!(timers.len(), 1);
    }
}
