//! Where in a long sorted list of places one of them is.

use std::ops::Range;

use crate::base::prefetch;

/// Where to look for a place: the ring is divided into equal parts of a few places each, where they lie evenly.
#[derive(Clone, Debug)]
pub struct RingIndex {
    /// Bits of a place that do not tell its part.
    shift: u32,
    /// How many places lie before each part, and how many there are.
    starts: Vec<u32>,
}

impl RingIndex {
    /// The directory of a list in ascending order.
    #[must_use]
    pub fn new(places: impl ExactSizeIterator<Item = u64>) -> Self {
        let bits = (places.len() / 4).max(2).ilog2();
        let shift = u64::BITS - bits;
        let mut starts = vec![0; (1 << bits) + 1];
        for place in places {
            starts[part(place, shift) + 1] += 1;
        }
        for index in 1..starts.len() {
            starts[index] += starts[index - 1];
        }
        Self { shift, starts }
    }

    /// Asks for what says where to look.
    pub(crate) fn prefetch(&self, place: u64) {
        prefetch::small(&self.starts[part(place, self.shift)]);
    }

    /// Which of the list lie in the part of a place: if it is there, it is one of these.
    #[must_use]
    pub fn around(&self, place: u64) -> Range<usize> {
        let part = part(place, self.shift);
        self.starts[part] as usize..self.starts[part + 1] as usize
    }
}

/// A few thousand parts fit every `usize`.
fn part(place: u64, shift: u32) -> usize {
    usize::try_from(place >> shift).unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_place_is_where_the_directory_says(spread in 0_u32..60, numbers in prop::collection::vec(any::<u64>(), 0..200)) {
            let mut places: Vec<u64> = numbers.into_iter().map(|number| number >> spread).collect();
            places.sort_unstable();
            let directory = RingIndex::new(places.iter().copied());
            for (rank, place) in places.iter().enumerate() {
                prop_assert!(directory.around(*place).contains(&rank));
                let near = directory.around(place.wrapping_add(1));
                let before = near.start + places[near].partition_point(|other| *other < place.wrapping_add(1));
                prop_assert_eq!(before, places.partition_point(|other| *other < place.wrapping_add(1)));
            }
        }
    }
}
