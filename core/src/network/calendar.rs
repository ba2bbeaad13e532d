//! A calendar queue on integer ticks: things wait in the bucket of the tick at which they are due.

use std::collections::BTreeMap;

use crate::time::Tick;

/// Ticks ahead for which there are buckets; what is due later waits in an ordered map.
const HORIZON: u64 = 256;

/// Things that are due at ticks.
#[derive(Clone, Debug)]
pub struct Calendar<T> {
    /// The bucket of tick `t` is `t % HORIZON`, for `now <= t < now + HORIZON`.
    buckets: Vec<Vec<T>>,
    /// No bucket holds anything that is due earlier.
    now: Tick,
    later: BTreeMap<Tick, Vec<T>>,
    /// The memory of buckets that were emptied, for the next ones to be filled: an empty bucket holds none.
    spare: Vec<Vec<T>>,
    len: usize,
}

impl<T> Default for Calendar<T> {
    fn default() -> Self {
        Self {
            buckets: (0..HORIZON).map(|_| Vec::new()).collect(),
            now: Tick(0),
            later: BTreeMap::new(),
            spare: Vec::new(),
            len: 0,
        }
    }
}

impl<T> Calendar<T> {
    /// How many things wait.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.len
    }

    /// Whether nothing waits.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Enters a thing that is due at a tick not yet taken.
    pub fn push(&mut self, due: Tick, thing: T) {
        debug_assert!(due >= self.now, "{due:?} has passed, it is {:?}", self.now);
        self.len += 1;
        if due.0 < self.now.0 + HORIZON {
            let things = &mut self.buckets[bucket(due)];
            if things.capacity() == 0 {
                *things = self.spare.pop().unwrap_or_default();
            }
            things.push(thing);
        } else {
            self.later.entry(due).or_default().push(thing);
        }
    }

    /// Moves what is due at a tick to the end of `due`. Nothing may be due earlier.
    pub fn take(&mut self, tick: Tick, due: &mut Vec<T>) {
        self.advance(tick);
        let mut things = std::mem::take(&mut self.buckets[bucket(tick)]);
        self.len -= things.len();
        due.append(&mut things);
        if things.capacity() > 0 {
            self.spare.push(things);
        }
        self.advance(Tick(tick.0 + 1));
    }

    /// The earliest tick at which something is due.
    #[must_use]
    pub fn next_due(&self) -> Option<Tick> {
        let soon =
            (self.now.0..self.now.0 + HORIZON).map(Tick).find(|tick| !self.buckets[bucket(*tick)].is_empty());
        if self.is_empty() { None } else { soon.or_else(|| self.later.keys().next().copied()) }
    }

    /// All that waits, the earliest first, and in the order of entry within a tick.
    pub fn iter(&self) -> impl Iterator<Item = (Tick, &T)> {
        let soon =
            (self.now.0..self.now.0 + HORIZON).map(Tick).map(|tick| (tick, &self.buckets[bucket(tick)]));
        let later = self.later.iter().map(|(tick, things)| (*tick, things));
        soon.chain(later).flat_map(|(tick, things)| things.iter().map(move |thing| (tick, thing)))
    }

    /// Lets time pass, and brings what comes within the horizon into its bucket.
    fn advance(&mut self, now: Tick) {
        self.now = now;
        while let Some(entry) = self.later.first_entry()
            && entry.key().0 < now.0 + HORIZON
        {
            let due = *entry.key();
            self.buckets[bucket(due)].append(&mut entry.remove());
        }
    }
}

const fn bucket(tick: Tick) -> usize {
    (tick.0 % HORIZON) as usize
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn far_things_arrive_in_time() {
        let mut calendar = Calendar::default();
        calendar.push(Tick(1_000), 'b');
        calendar.push(Tick(3), 'a');
        assert_eq!(calendar.next_due(), Some(Tick(3)));
        let mut due = Vec::new();
        calendar.take(Tick(3), &mut due);
        assert_eq!((due.as_slice(), calendar.next_due()), (&['a'][..], Some(Tick(1_000))));
        calendar.take(Tick(1_000), &mut due);
        assert_eq!((due.as_slice(), calendar.len(), calendar.next_due()), (&['a', 'b'][..], 0, None));
    }

    #[test]
    fn emptied_buckets_keep_no_memory() {
        let mut calendar = Calendar::default();
        let mut due = Vec::new();
        for tick in 0..3 * HORIZON {
            (0..100).for_each(|thing| calendar.push(Tick(tick + 1), thing));
            calendar.take(Tick(tick), &mut due);
            due.clear();
        }
        let held = calendar.buckets.iter().filter(|bucket| bucket.capacity() > 0).count();
        assert!(held + calendar.spare.len() <= 3, "{held} and {}", calendar.spare.len());
    }

    proptest! {
        #[test]
        fn a_calendar_is_a_sorted_map(steps in prop::collection::vec((0..600_u64, 1..6_usize), 0..60)) {
            let mut calendar = Calendar::default();
            let mut model: BTreeMap<u64, Vec<usize>> = BTreeMap::new();
            let mut now = 0;
            for (number, (ahead, count)) in steps.into_iter().enumerate() {
                for _ in 0..count {
                    calendar.push(Tick(now + ahead), number);
                    model.entry(now + ahead).or_default().push(number);
                }
                let waiting: usize = model.values().map(Vec::len).sum();
                prop_assert_eq!(calendar.len(), waiting);
                prop_assert_eq!(calendar.iter().count(), waiting);
                let next = *model.keys().next().unwrap();
                prop_assert_eq!(calendar.next_due(), Some(Tick(next)));
                if number % 2 == 0 {
                    let mut due = Vec::new();
                    calendar.take(Tick(next), &mut due);
                    prop_assert_eq!(due, model.remove(&next).unwrap());
                    now = next + 1;
                }
            }
        }
    }
}
