//! Hierarchical timing wheel (Varghese and Lauck, 1987) for entries beyond the horizon of the calendar.
//!
//! Time is divided into blocks of 2^6 ticks. A level has 64 slots; a slot of level `l` spans 64^l blocks. An
//! entry lies at the highest level at which its block differs from the present one, and moves to a lower
//! level when time enters its slot: at most ten moves for any distance, so that a timer of a day costs as
//! much as one of a second.

use crate::base::narrow::index;
use crate::base::time::Tick;

/// Ticks in a block, as a power of two.
pub(super) const BLOCK_BITS: u32 = 6;
/// Slots of a level, as a power of two.
const SLOT_BITS: u32 = 6;
const SLOTS: usize = 1 << SLOT_BITS;

/// An entry with the tick at which it is due and its shard.
pub(super) type Entry<T> = (Tick, usize, T);

/// Entries due in blocks after the present one.
#[derive(Clone, Debug)]
pub(super) struct Wheel<T> {
    /// The present block: every entry is due in a later one.
    block: u64,
    /// Lowest level first; levels are added as far entries come in.
    levels: Vec<Level<T>>,
    /// Memory of the slot that time has entered last, for the next one to be filled.
    spare: Vec<Entry<T>>,
    len: usize,
}

#[derive(Clone, Debug)]
struct Level<T> {
    slots: Vec<Vec<Entry<T>>>,
    /// A bit for each slot that holds an entry.
    occupied: u64,
}

impl<T> Level<T> {
    fn new() -> Self {
        Self { slots: (0..SLOTS).map(|_| Vec::new()).collect(), occupied: 0 }
    }
}

/// The block of a tick.
pub(super) const fn block_of(tick: Tick) -> u64 {
    tick.0 >> BLOCK_BITS
}

fn slot_of(block: u64, level: usize) -> usize {
    index((block >> (SLOT_BITS as usize * level)) % SLOTS as u64)
}

impl<T> Default for Wheel<T> {
    fn default() -> Self {
        Self { block: 1, levels: Vec::new(), spare: Vec::new(), len: 0 }
    }
}

impl<T> Wheel<T> {
    /// The present block.
    pub(super) const fn block(&self) -> u64 {
        self.block
    }

    pub(super) const fn is_empty(&self) -> bool {
        self.len == 0
    }

    #[cfg(test)]
    pub(super) const fn len(&self) -> usize {
        self.len
    }

    /// Enters something due after the present block.
    pub(super) fn insert(&mut self, entry: Entry<T>) {
        let block = block_of(entry.0);
        debug_assert!(block > self.block, "{:?} is not after block {}", entry.0, self.block);
        let level = ((block ^ self.block).ilog2() / SLOT_BITS) as usize;
        while self.levels.len() <= level {
            self.levels.push(Level::new());
        }
        let slot = slot_of(block, level);
        let level = &mut self.levels[level];
        if level.occupied & 1 << slot == 0 {
            level.occupied |= 1 << slot;
            level.slots[slot] = std::mem::take(&mut self.spare);
        }
        level.slots[slot].push(entry);
        self.len += 1;
    }

    /// Lets time come to a block and hands out every entry due in it. No entry may be due in an earlier
    /// block.
    pub(super) fn advance(&mut self, block: u64, mut take: impl FnMut(Entry<T>)) {
        debug_assert!(block >= self.block, "time runs from block {} to {block}", self.block);
        if block == self.block {
            return;
        }
        self.block = block;
        for level in (0..self.levels.len()).rev() {
            let slot = slot_of(block, level);
            let wheel = &mut self.levels[level];
            if wheel.occupied & (1 << slot) == 0 {
                continue;
            }
            wheel.occupied &= !(1 << slot);
            let mut entries = std::mem::take(&mut wheel.slots[slot]);
            self.len -= entries.len();
            for entry in entries.drain(..) {
                debug_assert!(block_of(entry.0) >= block, "{:?} was passed over", entry.0);
                if block_of(entry.0) == block { take(entry) } else { self.insert(entry) }
            }
            self.spare = entries;
        }
    }

    /// The earliest tick at which an entry is due.
    pub(super) fn next_due(&self) -> Option<Tick> {
        // Levels are in the order of time: every entry of a lower one shares its higher digits with the
        // present block.
        let level = self.levels.iter().position(|level| level.occupied != 0)?;
        let wheel = &self.levels[level];
        // Every entry of a level lies in a slot after the present one.
        let present = slot_of(self.block, level);
        debug_assert_eq!(wheel.occupied & (u64::MAX >> (SLOTS - 1 - present)), 0, "an entry was passed over");
        wheel.slots[wheel.occupied.trailing_zeros() as usize].iter().map(|(due, ..)| *due).min()
    }

    /// All entries in the order of time, in the order of entry within a tick as far as they lie at one level.
    pub(super) fn sorted(&self) -> Vec<&Entry<T>> {
        let slots = self.levels.iter().flat_map(|level| &level.slots);
        let mut entries: Vec<&Entry<T>> = slots.flatten().collect();
        crate::base::sort::sort_by_key(&mut entries, |entry| entry.0);
        entries
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeMap;

    #[test]
    fn an_entry_comes_out_in_its_block() {
        let mut wheel = Wheel::default();
        let day = Tick(86_400_000);
        wheel.insert((day, 0, 'd'));
        wheel.insert((Tick(200), 0, 'a'));
        assert_eq!((wheel.len(), wheel.next_due()), (2, Some(Tick(200))));
        let mut out = Vec::new();
        wheel.advance(block_of(Tick(200)), |entry| out.push(entry));
        assert_eq!((out.len(), wheel.next_due()), (1, Some(day)));
        wheel.advance(block_of(day), |entry| out.push(entry));
        assert_eq!(out, [(Tick(200), 0, 'a'), (day, 0, 'd')]);
        assert!(wheel.is_empty());
    }

    proptest! {
        #[test]
        fn a_wheel_is_a_sorted_map(steps in prop::collection::vec((0..40_u32, 1..20_usize), 1..60)) {
            let mut wheel = Wheel::default();
            let mut model: BTreeMap<u64, usize> = BTreeMap::new();
            for (number, (bits, count)) in steps.into_iter().enumerate() {
                for offset in 0..count as u64 {
                    let due = ((wheel.block() + 1) << BLOCK_BITS) + (1_u64 << bits) + offset * 37;
                    wheel.insert((Tick(due), 0, ()));
                    *model.entry(due).or_default() += 1;
                }
                prop_assert_eq!(wheel.len(), model.values().sum::<usize>());
                let sorted: Vec<u64> = wheel.sorted().iter().map(|entry| entry.0.0).collect();
                prop_assert!(sorted.is_sorted());
                let next = *model.keys().next().unwrap();
                prop_assert_eq!(wheel.next_due(), Some(Tick(next)));
                if number % 2 == 0 {
                    let block = block_of(Tick(next));
                    let mut out = Vec::new();
                    wheel.advance(block, |(due, ..)| out.push(due.0));
                    out.sort_unstable();
                    let mut expected = Vec::new();
                    while let Some((due, count)) = model.first_key_value().map(|(due, count)| (*due, *count))
                        && block_of(Tick(due)) == block
                    {
                        model.remove(&due);
                        expected.extend(std::iter::repeat_n(due, count));
                    }
                    prop_assert_eq!(out, expected);
                }
            }
        }
    }
}
