//! Time as the kernel and the protocol count it.

use std::num::NonZeroU32;

/// A quantum of simulated time, counted from 0. Messages travel in ticks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Tick(pub u64);

/// A turn of the protocol, counted from 0: every peer acts once a round and counts its timeouts in rounds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Round(pub u64);

impl Round {
    /// How many rounds ago `earlier` was; 0 where it lies ahead.
    #[must_use]
    pub const fn since(self, earlier: Self) -> u64 {
        self.0.saturating_sub(earlier.0)
    }
}

/// A round as peers keep it, in half the space. Rounds from 2^32 - 2 on are not told apart: no run comes that far.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Stamp(NonZeroU32);

impl From<Round> for Stamp {
    fn from(round: Round) -> Self {
        // One more than the round, so that a stamp that may be missing takes no more space.
        Self(u32::try_from(round.0).map_or(NonZeroU32::MAX, |round| NonZeroU32::MIN.saturating_add(round)))
    }
}

impl From<Stamp> for Round {
    fn from(stamp: Stamp) -> Self {
        Self(u64::from(stamp.0.get()) - 1)
    }
}

/// Which way a clock is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// It shows a later time.
    Ahead,
    /// It shows an earlier time.
    Behind,
}

/// How ticks make up rounds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Clock {
    /// Ticks in a round, at least 1.
    pub ticks_per_round: u64,
}

impl Clock {
    /// The round that a tick belongs to.
    #[must_use]
    pub const fn round(self, tick: Tick) -> Round {
        Round(tick.0 / self.ticks_per_round)
    }

    /// The first tick of the round after the one that `tick` belongs to.
    #[must_use]
    pub const fn next_round_starts(self, tick: Tick) -> Tick {
        Tick((tick.0 / self.ticks_per_round + 1) * self.ticks_per_round)
    }

    /// The tick, `from` or later, at which peers act: the last one of a round, after that round's deliveries.
    #[must_use]
    pub const fn next_turn(self, from: Tick) -> Tick {
        Tick(self.next_round_starts(from).0 - 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn peers_act_at_the_end_of_a_round() {
        let clock = Clock { ticks_per_round: 50 };
        assert_eq!(clock.next_turn(Tick(0)), Tick(49));
        assert_eq!(clock.next_turn(Tick(49)), Tick(49));
        assert_eq!(clock.next_turn(Tick(50)), Tick(99));
        assert_eq!(clock.round(Tick(49)), Round(0));
        assert_eq!(clock.next_round_starts(Tick(49)), Tick(50));
    }

    #[test]
    fn stamps_keep_rounds() {
        for round in [0, 1, 1_000_000, u64::from(u32::MAX) - 1] {
            assert_eq!(Round::from(Stamp::from(Round(round))), Round(round));
        }
        assert_eq!(Stamp::from(Round(u64::MAX)), Stamp::from(Round(u64::from(u32::MAX))));
        assert!(Stamp::from(Round(3)) < Stamp::from(Round(4)));
    }

    #[test]
    fn a_round_may_be_a_single_tick() {
        let clock = Clock { ticks_per_round: 1 };
        assert_eq!(clock.next_turn(Tick(7)), Tick(7));
        assert_eq!(clock.next_round_starts(Tick(7)), Tick(8));
    }
}
