//! The latest of a stream of names, found by hash chains over a sliding window as in compressors of the LZ77
//! family: each name of a bucket leads to the one before it. A name that has left the window ends its chain,
//! so that none is ever unlinked.

use std::ops::Index;

use super::message::MessageId;
use crate::base::id::PeerId;
use crate::base::narrow;
use crate::base::rng::mix;

/// Names that a host remembers, the oldest first; beyond a limit the oldest is forgotten.
#[derive(Clone, Debug)]
pub(super) struct Remembered<T> {
    limit: usize,
    /// Number of the latest name, modulo 2^32. The first one is 1, so that 0 counts as forgotten.
    count: u32,
    /// Number of the latest name of each bucket.
    latest: Vec<u32>,
    /// By slot.
    entries: Vec<ChainEntry<T>>,
}

/// A name, and what leads to the next candidate: a search reads both.
#[derive(Clone, Copy, Debug)]
struct ChainEntry<T> {
    name: T,
    /// Number of the name before in the same bucket.
    before: u32,
}

/// What a host remembers.
pub(super) trait ChainKey: Copy + Eq {
    /// Number that tells most names apart.
    fn key(self) -> u64;
}

impl ChainKey for PeerId {
    fn key(self) -> u64 {
        self.get()
    }
}

impl ChainKey for MessageId {
    fn key(self) -> u64 {
        self.origin.get() ^ u64::from(self.number)
    }
}

impl<T: ChainKey> Remembered<T> {
    /// Nothing yet, and at most `limit` names.
    pub(super) const fn new(limit: usize) -> Self {
        Self { limit, count: 0, latest: Vec::new(), entries: Vec::new() }
    }

    /// Number of names.
    pub(super) fn len(&self) -> usize {
        self.entries.len().min(self.limit)
    }

    /// Whether a name is remembered.
    pub(super) fn contains(&self, name: T) -> bool {
        self.find(name).is_some()
    }

    /// Slot of a name: the number of names noted before it, until the first one is forgotten.
    pub(super) fn find(&self, name: T) -> Option<usize> {
        let mut number = *self.latest.get(self.bucket(name))?;
        while (self.count.wrapping_sub(number) as usize) < self.len() {
            let slot = self.slot(number);
            let entry = &self.entries[slot];
            if entry.name == name {
                return Some(slot);
            }
            number = entry.before;
        }
        None
    }

    /// Remembers a name.
    pub(super) fn note(&mut self, name: T) {
        self.latest.resize(self.slots(), 0);
        self.count = self.count.wrapping_add(1);
        let (bucket, slot) = (self.bucket(name), self.slot(self.count));
        let entry = ChainEntry { name, before: std::mem::replace(&mut self.latest[bucket], self.count) };
        match self.entries.get_mut(slot) {
            Some(forgotten) => *forgotten = entry,
            None => self.entries.push(entry),
        }
    }

    /// Names, the oldest first.
    pub(super) fn iter(&self) -> impl Iterator<Item = &T> {
        (0..self.len()).map(|index| &self[index])
    }

    /// A power of two: numbers that wrap around keep their slots.
    const fn slots(&self) -> usize {
        self.limit.next_power_of_two()
    }

    const fn slot(&self, number: u32) -> usize {
        number.wrapping_sub(1) as usize & (self.slots() - 1)
    }

    fn bucket(&self, name: T) -> usize {
        narrow::index(mix(name.key()) & (self.slots() - 1) as u64)
    }
}

impl<T: ChainKey> Index<usize> for Remembered<T> {
    type Output = T;

    fn index(&self, index: usize) -> &T {
        let age = narrow::word((self.len() - 1 - index) as u64);
        &self.entries[self.slot(self.count.wrapping_sub(age))].name
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::rng::{Purpose, Rng};

    #[test]
    fn the_latest_names_are_found_and_no_others() {
        let mut rng = Rng::stream(1, Purpose::Swarm, 1);
        let mut remembered = Remembered::new(20);
        let mut all = Vec::new();
        for _ in 0..1_000 {
            let name = PeerId::new(u64::from(rng.below(60)));
            let latest = &all[all.len() - remembered.len()..];
            assert_eq!(remembered.contains(name), latest.contains(&name));
            assert!(remembered.iter().eq(latest));
            remembered.note(name);
            all.push(name);
        }
        assert_eq!(remembered.len(), 20);
        assert_eq!(remembered[19], all[999]);
    }
}
