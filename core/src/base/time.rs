//! Time in ticks, the quantum of the kernel, and in rounds, the unit of the protocol.

use std::num::NonZeroU32;

/// A quantum of simulated time, counted from 0. Latencies are in ticks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Tick(pub u64);

/// A round of the protocol, counted from 0. Every peer takes one turn a round; timeouts are in rounds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Round(pub u64);

impl Round {
    /// Rounds since `earlier`; 0 if it lies ahead, as it may after a clock was set.
    #[must_use]
    pub const fn since(self, earlier: Self) -> u64 {
        self.0.saturating_sub(earlier.0)
    }
}

/// A round in four bytes, as peers store it. Saturates at round 2^32 - 2, far beyond the longest run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Stamp(NonZeroU32);

impl From<Round> for Stamp {
    fn from(round: Round) -> Self {
        // One more than the round, so that `Option<Stamp>` takes four bytes too.
        Self(u32::try_from(round.0).map_or(NonZeroU32::MAX, |round| NonZeroU32::MIN.saturating_add(round)))
    }
}

impl From<Stamp> for Round {
    fn from(stamp: Stamp) -> Self {
        Self(u64::from(stamp.0.get()) - 1)
    }
}

/// Direction of a clock error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// The clock shows a later time.
    Ahead,
    /// The clock shows an earlier time.
    Behind,
}

/// Division of ticks into rounds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Clock {
    /// Ticks in a round, at least 1.
    pub ticks_per_round: u64,
}

impl Clock {
    /// Round of a tick.
    #[must_use]
    pub const fn round(self, tick: Tick) -> Round {
        debug_assert!(self.ticks_per_round > 0, "a round has a tick");
        Round(tick.0 / self.ticks_per_round)
    }

    /// First tick of the round after that of `tick`.
    #[must_use]
    pub const fn next_round_starts(self, tick: Tick) -> Tick {
        Tick((tick.0 / self.ticks_per_round + 1) * self.ticks_per_round)
    }

    /// Next tick at which peers take their turns, `from` or later: the last one of a round, after its
    /// deliveries.
    #[must_use]
    pub(crate) const fn next_turn(self, from: Tick) -> Tick {
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
