//! Suffix index: ranks of all tokens by stretch of the table and suffix.

use std::ops::Range;

use super::{Rank, SUFFIXES, suffix};
use crate::base::id::TokenId;
use crate::base::prefetch;

/// Bits of an offset within a stretch: 2^14 ranks, so that a line of 32 offsets is half full on average.
const STRETCH_BITS: u32 = 14;
const STRETCH: u32 = 1 << STRETCH_BITS;
/// Offsets in a line.
const LINE: usize = 32;
/// Offsets of 16 bits in a word.
const IN_WORD: usize = 4;
/// A one in each offset of a word.
const EACH: u64 = 0x0001_0001_0001_0001;

/// All ranks by stretch of the table, and within a stretch by suffix. A search for the next rank of a suffix
/// mostly reads one cache line, and neighbors on the ring read the same ones.
#[derive(Debug)]
pub(super) struct SuffixIndex {
    /// One for each suffix of each stretch.
    lines: Vec<Line>,
    /// Overflow lists of full lines, by the number of the line, ascending.
    long: Vec<(u32, Vec<u16>)>,
}

/// Offsets of the ranks of one suffix within a stretch, ascending, then `NONE`; or `LONG` alone if they do
/// not fit. Four offsets share a word, the first in its lowest bits, and none uses bit 15: four are compared
/// at a time, on every target.
#[derive(Clone, Debug)]
#[repr(align(64))]
struct Line([u64; LINE / IN_WORD]);

impl Line {
    const NONE: u16 = 0x7fff;
    const LONG: u16 = 0x7ffe;
    const EMPTY: Self = Self([Self::NONE as u64 * EACH; LINE / IN_WORD]);

    const fn get(&self, slot: usize) -> u16 {
        lane(self.0[slot / IN_WORD], slot % IN_WORD)
    }

    const fn set(&mut self, slot: usize, offset: u16) {
        debug_assert!(slot < LINE && offset <= Self::LONG, "an offset fits its slot");
        let shift = slot % IN_WORD * 16;
        let word = &mut self.0[slot / IN_WORD];
        *word = *word & !(0xffff << shift) | (offset as u64) << shift;
    }

    const fn is_long(&self) -> bool {
        self.get(0) == Self::LONG
    }

    /// Number of offsets below `bound`, which is at most `LONG`.
    fn count_below(&self, bound: u16) -> usize {
        debug_assert!(bound <= Self::LONG, "{bound:#x} would carry into the next offset");
        // The sum sets bit 15 of each offset that is not below the bound, without a carry into the next one.
        let lift = u64::from(0x8000 - bound) * EACH;
        let reached: u64 = self.0.iter().map(|word| (word + lift) >> 15 & EACH).sum();
        // The highest lane of the product is the sum of all four.
        LINE - usize::from(lane(reached.wrapping_mul(EACH), IN_WORD - 1))
    }
}

/// One of the four 16-bit lanes of a word.
const fn lane(word: u64, index: usize) -> u16 {
    let [low, high, ..] = (word >> (index * 16)).to_le_bytes();
    u16::from_le_bytes([low, high])
}

impl SuffixIndex {
    pub(super) fn new(tokens: impl ExactSizeIterator<Item = TokenId>) -> Self {
        let stretches = tokens.len().div_ceil(STRETCH as usize);
        let mut index = Self { lines: vec![Line::EMPTY; stretches * SUFFIXES], long: Vec::new() };
        let mut lengths = vec![0_u8; index.lines.len()];
        for (rank, token) in (0..).zip(tokens) {
            let (stretch, offset) = divide(rank);
            let number = line_number(stretch, suffix(token));
            index.insert(number, &mut lengths[number], offset);
        }
        index
    }

    fn insert(&mut self, number: usize, length: &mut u8, offset: u16) {
        if usize::from(*length) < LINE {
            self.lines[number].set(usize::from(*length), offset);
            *length += 1;
        } else {
            self.insert_long(number, offset);
        }
    }

    /// Appends to an overflow list, which begins with the offsets of the full line.
    fn insert_long(&mut self, number: usize, offset: u16) {
        let line = &mut self.lines[number];
        let key = |entry: &(u32, Vec<u16>)| entry.0 as usize;
        let index = self.long.binary_search_by_key(&number, key).unwrap_or_else(|index| {
            let number = u32::try_from(number).unwrap_or_else(|_| unreachable!("{number} lines"));
            self.long.insert(index, (number, (0..LINE).map(|slot| line.get(slot)).collect()));
            *line = Line::EMPTY;
            line.set(0, Line::LONG);
            index
        });
        let offsets = &mut self.long[index].1;
        debug_assert!(offsets.last().is_some_and(|last| *last < offset), "offsets ascend");
        offsets.push(offset);
    }

    /// Prefetches the lines that a search for suffixes near a rank reads. Each step of a search depends on
    /// the one before, but their lines are known in advance.
    pub(super) fn prefetch(&self, suffixes: &[u16], rank: Rank) {
        let (stretch, _) = divide(rank.0);
        suffixes.iter().for_each(|suffix| prefetch::small(&self.lines[line_number(stretch, *suffix)]));
    }

    /// First rank of a suffix that satisfies a predicate, in the stretch in which a range begins.
    ///
    /// # Errors
    ///
    /// If there is none, the start of the next stretch.
    #[inline]
    pub(super) fn first(
        &self,
        suffix: u16,
        range: &Range<u32>,
        is_wanted: impl Fn(Rank) -> bool,
    ) -> Result<Rank, u32> {
        let (stretch, start) = divide(range.start);
        let end = offset_below(range.end.saturating_sub(stretch * STRETCH));
        let number = line_number(stretch, suffix);
        let line = &self.lines[number];
        let is_wanted = |offset: &u16| is_wanted(rank(stretch, *offset));
        let above = (line.count_below(start)..LINE).map(|slot| line.get(slot));
        // The mark of a long line ends the search: no rank has such an offset.
        let mut found = above.take_while(|offset| *offset < end).find(is_wanted);
        if found.is_none() && line.is_long() {
            let offsets = self.long_offsets(number);
            let above = offsets[offsets.partition_point(|offset| *offset < start)..].iter().copied();
            found = above.take_while(|offset| *offset < end).find(is_wanted);
        }
        found.map(|offset| rank(stretch, offset)).ok_or((stretch + 1) * STRETCH)
    }

    /// Last rank of a suffix that satisfies a predicate, in the stretch in which a range ends.
    ///
    /// # Errors
    ///
    /// If there is none, the start of this stretch.
    #[inline]
    pub(super) fn last(
        &self,
        suffix: u16,
        range: &Range<u32>,
        is_wanted: impl Fn(Rank) -> bool,
    ) -> Result<Rank, u32> {
        let (stretch, last) = divide(range.end - 1);
        let (start, end) = (offset_below(range.start.saturating_sub(stretch * STRETCH)), last + 1);
        let number = line_number(stretch, suffix);
        let line = &self.lines[number];
        let is_wanted = |offset: &u16| is_wanted(rank(stretch, *offset));
        let below = (0..line.count_below(end)).rev().map(|slot| line.get(slot));
        let mut found = below.take_while(|offset| *offset >= start).find(is_wanted);
        if found.is_none() && line.is_long() {
            let offsets = self.long_offsets(number);
            let below = offsets[..offsets.partition_point(|offset| *offset < end)].iter().rev().copied();
            found = below.take_while(|offset| *offset >= start).find(is_wanted);
        }
        found.map(|offset| rank(stretch, offset)).ok_or(stretch * STRETCH)
    }

    #[cold]
    fn long_offsets(&self, number: usize) -> &[u16] {
        let index = self.long.binary_search_by_key(&number, |(number, _)| *number as usize);
        let index = index.unwrap_or_else(|_| unreachable!("line {number} has an overflow list"));
        &self.long[index].1
    }
}

/// Stretch of a rank, and its offset therein.
const fn divide(rank: u32) -> (u32, u16) {
    (rank >> STRETCH_BITS, (rank % STRETCH) as u16)
}

fn rank(stretch: u32, offset: u16) -> Rank {
    Rank(stretch * STRETCH + u32::from(offset))
}

/// The offset of a rank this far above the start of a stretch, at most the length of one.
fn offset_below(ranks: u32) -> u16 {
    ranks.min(STRETCH) as u16
}

/// Number of the line of a suffix in a stretch.
const fn line_number(stretch: u32, suffix: u16) -> usize {
    stretch as usize * SUFFIXES + suffix as usize
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_line_is_a_sorted_list(
            offsets in prop::collection::btree_set(0..1_u16 << STRETCH_BITS, 0..=LINE),
            others in prop::collection::vec(0..=1_u16 << STRETCH_BITS, 20),
        ) {
            let mut line = Line::EMPTY;
            (0..).zip(&offsets).for_each(|(slot, offset)| line.set(slot, *offset));
            let entered = (0..LINE).map(|slot| line.get(slot)).take_while(|offset| *offset != Line::NONE);
            prop_assert!(entered.eq(offsets.iter().copied()));
            for other in others.into_iter().chain(offsets.iter().copied()).chain([Line::LONG]) {
                let below = offsets.iter().filter(|offset| **offset < other).count();
                prop_assert_eq!(line.count_below(other), below);
            }
            prop_assert!(!line.is_long());
        }
    }
}
