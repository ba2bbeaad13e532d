//! The ring of 2^64 positions: distances and arcs in wrapping integer arithmetic, and an index over many
//! positions.

mod index;

pub use index::RingIndex;

use std::fmt;

/// Largest distance: to the opposite side of the ring.
pub const HALF: u64 = 1 << 63;

/// Distance of two positions, the shorter way round: 0 to [`HALF`].
#[must_use]
pub const fn distance(a: u64, b: u64) -> u64 {
    let clockwise = b.wrapping_sub(a);
    let back = a.wrapping_sub(b);
    let shorter = if clockwise < back { clockwise } else { back };
    debug_assert!(shorter <= HALF, "no position is farther than the opposite side");
    shorter
}

/// The positions from `from` clockwise up to, but not including, `to`; empty if the two are equal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Arc {
    /// First position.
    pub from: u64,
    /// First position after the arc.
    pub to: u64,
}

impl Arc {
    /// Whether the arc covers a position.
    #[must_use]
    pub const fn contains(self, position: u64) -> bool {
        position.wrapping_sub(self.from) < self.to.wrapping_sub(self.from)
    }
}

impl fmt::Display for Arc {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} to {}", short(self.from), short(self.to))
    }
}

/// First six digits of a position, enough to tell peers apart.
#[must_use]
pub fn short(position: u64) -> String {
    format!("{:06x}…", position >> 40)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn distances_wrap_at_the_origin() {
        assert_eq!(distance(0, 100), 100);
        assert_eq!(distance(0, u64::MAX - 100), 101);
        assert_eq!(distance(10, u64::MAX - 5), 16);
        assert_eq!(distance(0, HALF), HALF);
    }

    #[test]
    fn an_arc_may_cross_the_origin() {
        let arc = Arc { from: u64::MAX - 1, to: 2 };
        for inside in [u64::MAX - 1, u64::MAX, 0, 1] {
            assert!(arc.contains(inside));
        }
        assert!(!arc.contains(2));
        assert!(!arc.contains(u64::MAX - 2));
        assert!(!Arc { from: 7, to: 7 }.contains(7));
    }

    proptest! {
        #[test]
        fn distance_is_symmetric_and_turns_with_the_ring(a: u64, b: u64, turn: u64) {
            prop_assert_eq!(distance(a, b), distance(b, a));
            prop_assert_eq!(distance(a.wrapping_add(turn), b.wrapping_add(turn)), distance(a, b));
            prop_assert!(distance(a, b) <= HALF);
        }

        #[test]
        fn every_position_is_in_an_arc_or_in_the_rest(from: u64, to: u64, position: u64) {
            prop_assume!(from != to);
            let (arc, rest) = (Arc { from, to }, Arc { from: to, to: from });
            prop_assert!(arc.contains(position) != rest.contains(position));
        }
    }
}
