//! Where in the table of all tokens those of a suffix are.

use std::ops::Range;

use super::{Rank, SUFFIXES, suffix};
use crate::id::TokenId;
use crate::prefetch;

/// Ranks of a stretch of the table: so many that, on average, a line is half full.
const STRETCH_BITS: u32 = 14;
const STRETCH: u32 = 1 << STRETCH_BITS;
/// Ranks that fit into a line.
const LINE: usize = 32;

/// All ranks by stretches of the table, and within a stretch by suffix: who goes on from a rank to the next one of a suffix
/// finds it in one line of the processor's cache, mostly, and neighbours on the ring look into the same ones.
#[derive(Debug)]
pub(super) struct SuffixIndex {
    /// One for each suffix of each stretch.
    lines: Vec<Line>,
    /// What does not fit into its line, with the number of the line, ascending.
    long: Vec<(u32, Vec<u16>)>,
}

/// Ranks of one suffix, counted from where their stretch begins, ascending, and then `NONE`; or `LONG` alone.
#[derive(Clone, Debug)]
#[repr(align(64))]
struct Line([u16; LINE]);

impl Line {
    const NONE: u16 = u16::MAX;
    const LONG: u16 = u16::MAX - 1;
    const EMPTY: Self = Self([Self::NONE; LINE]);
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
        match self.lines[number].0.get_mut(usize::from(*length)) {
            Some(slot) => {
                *slot = offset;
                *length += 1;
            }
            None => self.enter_long(number, offset),
        }
    }

    fn enter_long(&mut self, number: usize, offset: u16) {
        let Line(offsets) = &mut self.lines[number];
        let number = u32::try_from(number).unwrap_or(u32::MAX);
        let place = self.long.binary_search_by_key(&number, |(number, _)| *number).unwrap_or_else(|place| {
            self.long.insert(place, (number, offsets.to_vec()));
            *offsets = Line::EMPTY.0;
            offsets[0] = Line::LONG;
            place
        });
        self.long[place].1.push(offset);
    }

    /// Asks for what a search for suffixes near a rank reads: each step of a search has to wait for the one before, but its line
    /// is known.
    pub(super) fn fetch(&self, suffixes: &[u16], rank: Rank) {
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
            let (_, ahead) = self.divided(stretch, suffix, from);
            for offset in ahead {
                let rank = rank(stretch, *offset);
                if *offset == Line::NONE {
                    break;
                } else if rank.0 >= range.end {
                    return None;
                } else if is_wanted(rank) {
                    return Some(rank);
                }
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
            let (behind, _) = self.divided(stretch, suffix, end);
            for offset in behind.iter().rev() {
                let rank = rank(stretch, *offset);
                if rank.0 < range.start {
                    return None;
                } else if is_wanted(rank) {
                    return Some(rank);
                }
            }
            if stretch * STRETCH <= range.start {
                return None;
            }
            (stretch, end) = (stretch - 1, Line::LONG);
        }
    }

    /// The ranks of a suffix in a stretch, below an offset, and from it on with `NONE` behind them, perhaps; none where there is
    /// no such stretch.
    fn divided(&self, stretch: u32, suffix: u16, at: u16) -> (&[u16], &[u16]) {
        let number = line(stretch, suffix);
        let is_below = |offset: &u16| *offset < at;
        match self.lines.get(number) {
            None => (&[], &[]),
            Some(Line([Line::LONG, ..])) => {
                let offsets = self.long_offsets(number);
                offsets.split_at(offsets.partition_point(is_below))
            }
            // No branches: numbers are compared many at a time.
            Some(Line(offsets)) => {
                let below = offsets.iter().map(|offset| u8::from(is_below(offset))).sum::<u8>();
                offsets.split_at(usize::from(below))
            }
        }
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
