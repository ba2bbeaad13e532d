//! How a peer's own elections have gone lately, and what it concludes.

use std::collections::VecDeque;
use std::num::NonZeroU32;

use crate::base::digest::Digest;
use crate::base::time::Round;

/// Rounds for which a split brain counts towards an alarm.
const ALARM_WINDOW: u64 = 100;
/// The weight of the latest election is one part of so many.
const MEMORY: i64 = 16;
/// The most agreement that can be demanded: all mappings of a proof.
const THRESHOLD_MAX: u32 = 10;

/// A moving average of the success of elections, and the split brains of late.
#[derive(Clone, Debug, Default)]
pub(super) struct ElectionStats {
    /// In thousandths; none before the first election has ended.
    success: Option<i64>,
    splits: VecDeque<Round>,
}

impl ElectionStats {
    /// Notes the end of an election.
    pub(super) fn note(&mut self, succeeded: bool) {
        let now = if succeeded { 1_000 } else { 0 };
        let before = self.success.unwrap_or(now);
        self.success = Some(before + (now - before) / MEMORY);
    }

    /// Mappings on which answers must agree, given what is demanded at rest: more while nearly all elections succeed,
    /// fewer while few do.
    pub(super) fn threshold(&self, at_rest: u32) -> u32 {
        match self.success {
            Some(950..) => (at_rest + 2).min(THRESHOLD_MAX),
            Some(850..950) => (at_rest + 1).min(THRESHOLD_MAX),
            Some(..500) => at_rest.saturating_sub(1).max(1),
            _ => at_rest,
        }
    }

    /// Notes a split brain. True where it is the one that raises the alarm, after which counting begins anew.
    pub(super) fn note_split(&mut self, now: Round, alarm: NonZeroU32) -> bool {
        self.splits.push_back(now);
        while self.splits.front().is_some_and(|then| now.since(*then) > ALARM_WINDOW) {
            self.splits.pop_front();
        }
        let is_alarming = self.splits.len() >= alarm.get() as usize;
        if is_alarming {
            self.splits.clear();
        }
        is_alarming
    }

    /// Adds it to a fingerprint, where it is in use: fingerprints of runs without it are older.
    pub(super) fn digest(&self, digest: &mut Digest) {
        if let Some(success) = self.success {
            digest.number(success.unsigned_abs());
        }
        self.splits.iter().for_each(|round| digest.number(round.0));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn success_raises_the_threshold_and_failure_lowers_it() {
        let mut health = ElectionStats::default();
        assert_eq!(health.threshold(6), 6);
        (0..40).for_each(|_| health.note(true));
        assert_eq!(health.threshold(6), 8);
        assert_eq!(health.threshold(9), 10, "a proof has ten mappings");
        (0..40).for_each(|_| health.note(false));
        assert_eq!(health.threshold(6), 5);
        assert_eq!(health.threshold(1), 1);
    }

    #[test]
    fn only_split_brains_close_together_raise_the_alarm() {
        let mut health = ElectionStats::default();
        let alarm = NonZeroU32::new(3).unwrap();
        let raised: Vec<bool> =
            [0, 90, 180, 185, 186, 187].map(|round| health.note_split(Round(round), alarm)).to_vec();
        assert_eq!(raised, [false, false, false, true, false, false]);
    }
}
