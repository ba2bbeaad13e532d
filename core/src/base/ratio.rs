//! Probabilities and shares as integers, which compare alike on every target.

/// A probability or share in millionths, from 0 to 1,000,000.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Ratio(u32);

impl Ratio {
    /// Probability 0: never.
    pub const ZERO: Self = Self(0);
    /// Probability 1: always.
    pub const ONE: Self = Self(1_000_000);

    /// `millionths` / 1,000,000, saturating at 1.
    #[must_use]
    pub const fn from_millionths(millionths: u32) -> Self {
        if millionths > Self::ONE.0 { Self::ONE } else { Self(millionths) }
    }

    /// `percent` / 100.
    ///
    /// # Panics
    ///
    /// If `percent` is above 100: percentages are literals of presets and defaults.
    #[must_use]
    pub(crate) const fn from_percent(percent: u32) -> Self {
        assert!(percent <= 100, "a ratio is at most 100 %");
        Self(percent * 10_000)
    }

    /// Millionths, from 0 to 1,000,000.
    #[must_use]
    pub const fn millionths(self) -> u32 {
        debug_assert!(self.0 <= Self::ONE.0, "a ratio is at most 1");
        self.0
    }

    /// This share of a count, rounded down.
    #[must_use]
    pub const fn of(self, count: u64) -> u64 {
        // Split into millions and the rest, so that no count overflows.
        let share = (count / 1_000_000) * self.0 as u64 + (count % 1_000_000) * self.0 as u64 / 1_000_000;
        debug_assert!(share <= count, "a share is a part of its whole");
        share
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_of_a_count_does_not_overflow() {
        assert_eq!(Ratio::from_millionths(900_000).of(10), 9);
        assert_eq!(Ratio::ONE.of(u64::MAX), u64::MAX);
        assert_eq!(Ratio::from_millionths(500_000).of(u64::MAX), u64::MAX / 2);
    }
}
