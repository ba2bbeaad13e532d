//! Statistics of a peer's own elections: a moving average of their success, and recent split brains.

use std::collections::VecDeque;
use std::num::NonZeroU32;

use crate::base::digest::Digest;
use crate::base::time::Round;
use crate::protocol::message::PROOF_SIZE;

/// Rounds for which a split brain counts towards an alarm.
const ALARM_WINDOW: u64 = 100;
/// Rounds for which a lost connection counts as poor health.
const LOSS_WINDOW: u64 = 20;
/// Smoothing of the moving average: the latest election has a weight of 1 / 16.
const SMOOTHING: i64 = 16;
/// Largest agreement that can be demanded: all mappings of a proof.
const THRESHOLD_MAX: u32 = 10;

const _: () = assert!(THRESHOLD_MAX as usize == PROOF_SIZE, "all mappings of a proof");

/// Success rate and split brains of elections.
#[derive(Clone, Debug, Default)]
pub(super) struct ElectionStats {
    /// Exponential moving average of success, in thousandths; `None` before the end of the first election.
    success: Option<i64>,
    /// Rounds of the split brains within [`ALARM_WINDOW`].
    splits: VecDeque<Round>,
    /// Connected peers after the last turn, and the round in which they last became fewer; only under
    /// `election.health_rate`.
    connections: Option<(u32, Option<Round>)>,
}

/// Health of the network, as far as a peer sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Health {
    /// Elections succeed at a rate of 85 % or more, and no connection was lost lately.
    Good,
    /// Neither.
    Fair,
    /// Fewer than half of the elections succeed, or a connection was lost lately.
    Poor,
}

impl ElectionStats {
    /// Records the end of an election.
    pub(super) fn record(&mut self, succeeded: bool) {
        let now = if succeeded { 1_000 } else { 0 };
        let before = self.success.unwrap_or(now);
        let after = before + (now - before) / SMOOTHING;
        debug_assert!((0..=1_000).contains(&after), "{after} thousandths");
        self.success = Some(after);
    }

    /// Mappings on which answers must agree, from 1 to 10: the configured number, two more at a success rate
    /// of 95 % or higher, one more from 85 %, one less below 50 %.
    pub(super) fn threshold(&self, configured: u32) -> u32 {
        debug_assert!((1..=THRESHOLD_MAX).contains(&configured), "{configured} mappings");
        match self.success {
            Some(950..) => (configured + 2).min(THRESHOLD_MAX),
            Some(850..950) => (configured + 1).min(THRESHOLD_MAX),
            Some(..500) => configured.saturating_sub(1).max(1),
            _ => configured,
        }
    }

    /// Notes the number of Connected peers in a turn.
    pub(super) fn note_connected(&mut self, now: Round, connected: u32) {
        let (before, lost) = self.connections.unwrap_or((connected, None));
        self.connections = Some((connected, if connected < before { Some(now) } else { lost }));
    }

    /// Health from the success of elections and the loss of connections within [`LOSS_WINDOW`].
    pub(super) fn health(&self, now: Round) -> Health {
        let lost = self.connections.and_then(|(_, lost)| lost);
        let has_lost = lost.is_some_and(|lost| now.since(lost) < LOSS_WINDOW);
        match self.success {
            _ if has_lost => Health::Poor,
            Some(..500) => Health::Poor,
            Some(850..) => Health::Good,
            _ => Health::Fair,
        }
    }

    /// Records a split brain. Returns whether it is the `alarm`-th within [`ALARM_WINDOW`], after which
    /// counting restarts.
    pub(super) fn record_split(&mut self, now: Round, alarm: NonZeroU32) -> bool {
        self.splits.push_back(now);
        while self.splits.front().is_some_and(|then| now.since(*then) > ALARM_WINDOW) {
            self.splits.pop_front();
        }
        let is_alarming = self.splits.len() >= alarm.get() as usize;
        if is_alarming {
            self.splits.clear();
        }
        debug_assert!(self.splits.len() < alarm.get() as usize, "an alarm restarts counting");
        is_alarming
    }

    /// Adds the statistics to a fingerprint. Empty ones add nothing: fingerprints of runs without them
    /// predate them.
    pub(super) fn digest(&self, digest: &mut Digest) {
        if let Some(success) = self.success {
            digest.number(success.unsigned_abs());
        }
        self.splits.iter().for_each(|round| digest.number(round.0));
        if let Some((connected, lost)) = self.connections {
            digest.number(connected);
            lost.iter().for_each(|round| digest.number(round.0));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn success_raises_the_threshold_and_failure_lowers_it() {
        let mut stats = ElectionStats::default();
        assert_eq!(stats.threshold(6), 6);
        (0..40).for_each(|_| stats.record(true));
        assert_eq!(stats.threshold(6), 8);
        assert_eq!(stats.threshold(9), 10, "a proof has ten mappings");
        (0..40).for_each(|_| stats.record(false));
        assert_eq!(stats.threshold(6), 5);
        assert_eq!(stats.threshold(1), 1);
    }

    #[test]
    fn health_is_poor_while_elections_fail_and_after_the_loss_of_a_connection() {
        let mut stats = ElectionStats::default();
        assert_eq!(stats.health(Round(0)), Health::Fair);
        (0..40).for_each(|_| stats.record(true));
        let turns = [(0, 5), (1, 6), (2, 5), (3, 5)];
        turns.iter().for_each(|(round, connected)| stats.note_connected(Round(*round), *connected));
        let after = |round| stats.health(Round(round));
        assert_eq!(
            [3, 2 + LOSS_WINDOW - 1, 2 + LOSS_WINDOW].map(after),
            [Health::Poor, Health::Poor, Health::Good]
        );
        (0..40).for_each(|_| stats.record(false));
        assert_eq!(stats.health(Round(100)), Health::Poor);
    }

    #[test]
    fn only_split_brains_close_together_raise_the_alarm() {
        let mut stats = ElectionStats::default();
        let alarm = NonZeroU32::new(3).unwrap();
        let raised: Vec<bool> =
            [0, 90, 180, 185, 186, 187].map(|round| stats.record_split(Round(round), alarm)).to_vec();
        assert_eq!(raised, [false, false, false, true, false, false]);
    }
}
