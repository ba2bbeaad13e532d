//! Where in the table of all tokens those of a suffix are.

use std::ops::Range;

use super::{Rank, SUFFIXES, suffix};
use crate::base::id::TokenId;
use crate::base::prefetch;

/// Ranks of a stretch of the table: so many that, on average, a line is half full.
const STRETCH_BITS: u32 = 14;
const STRETCH: u32 = 1 << STRETCH_BITS;
/// Ranks that fit into a line.
const LINE: usize = 32;
/// Numbers of 16 bits in a word.
const IN_WORD: usize = 4;
/// One in each number of a word.
const EACH: u64 = 0x0001_0001_0001_0001;

/// All ranks by stretches of the table, and within a stretch by suffix: who goes on from a rank to the next one of a suffix
/// finds it in one line of the processor's cache, mostly, and neighbours on the ring look into the same ones.
#[derive(Debug)]
pub(super) struct SuffixIndex {
    /// One for each suffix of each stretch.
    lines: Vec<Line>,
    /// What does not fit into its line, with the number of the line, ascending.
    long: Vec<(u32, Vec<u16>)>,
}

/// Ranks of one suffix, counted from where their stretch begins, ascending, and then `NONE`; or `LONG` alone. Four numbers share
/// a word, the first in its lowest bits, and none has a bit 15: so they are compared four at a time, on every processor.
#[derive(Clone, Debug)]
#[repr(align(64))]
struct Line([u64; LINE / IN_WORD]);

impl Line {
    const NONE: u16 = 0x7fff;
    const LONG: u16 = 0x7ffe;
    const EMPTY: Self = Self([Self::NONE as u64 * EACH; LINE / IN_WORD]);

    const fn at(&self, place: usize) -> u16 {
        number(self.0[place / IN_WORD], place % IN_WORD)
    }

    const fn set(&mut self, place: usize, offset: u16) {
        let shift = place % IN_WORD * 16;
        let word = &mut self.0[place / IN_WORD];
        *word = *word & !(0xffff << shift) | (offset as u64) << shift;
    }

    const fn is_long(&self) -> bool {
        self.at(0) == Self::LONG
    }

    /// How many numbers are below another, which is `LONG` at most.
    fn count_below(&self, at: u16) -> usize {
        // What this lifts to bit 15 is not below. Nothing is carried over into the next number.
        let lift = u64::from(0x8000 - at) * EACH;
        let reached: u64 = self.0.iter().map(|word| (word + lift) >> 15 & EACH).sum();
        // The last number of the product is the sum of all four.
        LINE - usize::from(number(reached.wrapping_mul(EACH), IN_WORD - 1))
    }
}

/// One of the numbers in a word.
const fn number(word: u64, place: usize) -> u16 {
    let [low, high, ..] = (word >> (place * 16)).to_le_bytes();
    u16::from_le_bytes([low, high])
}

/// The ranks of a suffix in a stretch.
#[derive(Clone, Copy)]
enum Offsets<'a> {
    Line(&'a Line),
    Long(&'a [u16]),
}

impl Offsets<'_> {
    fn get(self, place: usize) -> Option<u16> {
        match self {
            Self::Line(line) => (place < LINE).then(|| line.at(place)).filter(|offset| *offset != Line::NONE),
            Self::Long(offsets) => offsets.get(place).copied(),
        }
    }

    fn count_below(self, at: u16) -> usize {
        match self {
            Self::Line(line) => line.count_below(at),
            Self::Long(offsets) => offsets.partition_point(|offset| *offset < at),
        }
    }
}

impl SuffixIndex {
    pub(super) fn new(tokens: impl ExactSizeIterator<Item = TokenId>) -> Self {
        let stretches = tokens.len().div_ceil(STRETCH as usize);
        let mut index = Self { lines: vec![Line::EMPTY; stretches * SUFFIXES], long: Vec::new() };
        let mut lengths = vec![0_u8; index.lines.len()];
        for (rank, token) in (0..).zip(tokens) {
            let (stretch, offset) = divide(rank);
            let number = line(stretch, suffix(token));
            index.enter(number, &mut lengths[number], offset);
        }
        index
    }

    fn enter(&mut self, number: usize, length: &mut u8, offset: u16) {
        if usize::from(*length) < LINE {
            self.lines[number].set(usize::from(*length), offset);
            *length += 1;
        } else {
            self.enter_long(number, offset);
        }
    }

    fn enter_long(&mut self, number: usize, offset: u16) {
        let line = &mut self.lines[number];
        let number = u32::try_from(number).unwrap_or(u32::MAX);
        let place = self.long.binary_search_by_key(&number, |(number, _)| *number).unwrap_or_else(|place| {
            self.long.insert(place, (number, (0..LINE).map(|place| line.at(place)).collect()));
            *line = Line::EMPTY;
            line.set(0, Line::LONG);
            place
        });
        self.long[place].1.push(offset);
    }

    /// Asks for what a search for suffixes near a rank reads: each step of a search has to wait for the one before, but its line
    /// is known.
    pub(super) fn prefetch(&self, suffixes: &[u16], rank: Rank) {
        let (stretch, _) = divide(rank.0);
        suffixes.iter().for_each(|suffix| prefetch::small(&self.lines[line(stretch, *suffix)]));
    }

    /// The first rank of a suffix in a range that is wanted.
    pub(super) fn first(
        &self,
        suffix: u16,
        range: Range<u32>,
        is_wanted: impl Fn(Rank) -> bool,
    ) -> Option<Rank> {
        let (mut stretch, mut from) = divide(range.start);
        while stretch * STRETCH < range.end {
            let offsets = self.offsets(stretch, suffix)?;
            let mut place = offsets.count_below(from);
            while let Some(offset) = offsets.get(place) {
                let rank = rank(stretch, offset);
                if rank.0 >= range.end {
                    return None;
                } else if is_wanted(rank) {
                    return Some(rank);
                }
                place += 1;
            }
            (stretch, from) = (stretch + 1, 0);
        }
        None
    }

    /// The last rank of a suffix in a range that is wanted.
    pub(super) fn last(
        &self,
        suffix: u16,
        range: Range<u32>,
        is_wanted: impl Fn(Rank) -> bool,
    ) -> Option<Rank> {
        let (mut stretch, mut end) = divide(range.end);
        loop {
            if let Some(offsets) = self.offsets(stretch, suffix) {
                let mut place = offsets.count_below(end);
                while let Some(before) = place.checked_sub(1)
                    && let Some(offset) = offsets.get(before)
                {
                    let rank = rank(stretch, offset);
                    if rank.0 < range.start {
                        return None;
                    } else if is_wanted(rank) {
                        return Some(rank);
                    }
                    place = before;
                }
            }
            if stretch * STRETCH <= range.start {
                return None;
            }
            (stretch, end) = (stretch - 1, Line::LONG);
        }
    }

    /// None where there is no such stretch.
    fn offsets(&self, stretch: u32, suffix: u16) -> Option<Offsets<'_>> {
        let number = line(stretch, suffix);
        let line = self.lines.get(number)?;
        Some(if line.is_long() { Offsets::Long(self.long_offsets(number)) } else { Offsets::Line(line) })
    }

    #[cold]
    fn long_offsets(&self, number: usize) -> &[u16] {
        let place = self.long.binary_search_by_key(&number, |(number, _)| *number as usize);
        place.map_or(&[], |place| &self.long[place].1)
    }
}

/// The stretch of a rank, and where in it the rank lies.
fn divide(rank: u32) -> (u32, u16) {
    (rank >> STRETCH_BITS, u16::try_from(rank % STRETCH).unwrap_or(u16::MAX))
}

fn rank(stretch: u32, offset: u16) -> Rank {
    Rank(stretch * STRETCH + u32::from(offset))
}

/// The number of the line of a suffix in a stretch.
const fn line(stretch: u32, suffix: u16) -> usize {
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
            (0..).zip(&offsets).for_each(|(place, offset)| line.set(place, *offset));
            let entered = (0..LINE).map_while(|place| Offsets::Line(&line).get(place));
            prop_assert!(entered.eq(offsets.iter().copied()));
            for other in others.into_iter().chain(offsets.iter().copied()).chain([Line::LONG]) {
                let below = offsets.iter().filter(|offset| **offset < other).count();
                prop_assert_eq!(line.count_below(other), below);
            }
            prop_assert!(!line.is_long());
        }
    }
}
