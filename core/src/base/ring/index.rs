//! Index over a long sorted list of positions: equal parts of the ring, and the range of each in the list.

use std::ops::Range;

use crate::base::{narrow, prefetch};

/// Interpolation index: the ring is divided into equal parts, of a few positions each if they are spread
/// evenly.
#[derive(Clone, Debug)]
pub struct RingIndex {
    /// Low bits of a position that do not affect its part.
    shift: u32,
    /// Number of positions before each part, and their total.
    starts: Vec<u32>,
}

impl RingIndex {
    /// Index over a list in ascending order.
    #[must_use]
    pub fn new(positions: impl ExactSizeIterator<Item = u64>) -> Self {
        debug_assert!(u32::try_from(positions.len()).is_ok(), "starts have 32 bits");
        let bits = (positions.len() / 4).max(2).ilog2();
        let shift = u64::BITS - bits;
        let mut starts = vec![0; (1 << bits) + 1];
        for position in positions {
            starts[part(position, shift) + 1] += 1;
        }
        for part in 1..starts.len() {
            starts[part] += starts[part - 1];
        }
        Self { shift, starts }
    }

    /// Prefetches the range of a position.
    pub(crate) fn prefetch(&self, position: u64) {
        prefetch::small(&self.starts[part(position, self.shift)]);
    }

    /// Range of the list that holds the positions in the same part: if `position` is in the list, it is
    /// there.
    #[must_use]
    pub fn around(&self, position: u64) -> Range<usize> {
        let part = part(position, self.shift);
        self.starts[part] as usize..self.starts[part + 1] as usize
    }
}

/// Part of a position, an index of `starts`.
fn part(position: u64, shift: u32) -> usize {
    narrow::index(position >> shift)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_position_is_in_its_range(spread in 0_u32..60, numbers in prop::collection::vec(any::<u64>(), 0..200)) {
            let mut positions: Vec<u64> = numbers.into_iter().map(|number| number >> spread).collect();
            positions.sort_unstable();
            let index = RingIndex::new(positions.iter().copied());
            for (rank, position) in positions.iter().enumerate() {
                prop_assert!(index.around(*position).contains(&rank));
                let near = index.around(position.wrapping_add(1));
                let before = near.start + positions[near].partition_point(|other| *other < position.wrapping_add(1));
                prop_assert_eq!(before, positions.partition_point(|other| *other < position.wrapping_add(1)));
            }
        }
    }
}
