//! Scores over time: their decay while nothing is heard of a peer, and the history of each peer, for
//! observers alone.

use crate::base::ratio::Ratio;
use crate::stack::address::Address;

/// A day in ms.
const DAY: u64 = 86_400_000;
/// Age of the points that are kept.
const KEPT: u64 = DAY;
/// Quiet after which the whole history of a peer is dropped.
const PURGED: u64 = 7 * DAY;
/// Points of one peer; at the limit the oldest makes room.
const POINTS_MAX: usize = 64;
/// Peers with a history; at the limit the one without a new point for longest makes room.
const PEERS_MAX: usize = 1_024;
/// Change of a score that makes a point, in ten-thousandths.
const STEP: u64 = 100;
/// One, as a fixed-point number.
const ONE: u64 = 1 << 32;

/// Why a score is in a history.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PointKind {
    /// It has changed.
    Change,
    /// The peer was banned.
    Ban,
    /// The connection with the peer gave way to a better one.
    Replacement,
}

/// Score of a peer at a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ScorePoint {
    /// Time in ms.
    pub ms: u64,
    /// Score in ten-thousandths.
    pub score: u64,
    /// Why it is noted.
    pub kind: PointKind,
}

/// History of all peers.
#[derive(Clone, Debug, Default)]
pub struct ScoreHistory {
    /// In ascending order of address.
    peers: Vec<(Address, Vec<ScorePoint>)>,
}

/// A score after a time in ms without news, if it decays at a rate a day: `score * exp(-rate * days)`.
#[must_use]
pub fn decayed(score: u64, daily: Ratio, ms: u64) -> u64 {
    // Beyond 20 the power of e is below a ten-thousandth of the least score.
    let exponent =
        u128::from(daily.millionths()) * u128::from(ms) * u128::from(ONE) / 1_000_000 / u128::from(DAY);
    if exponent == 0 {
        return score;
    }
    if exponent >= u128::from(20 * ONE) {
        return 0;
    }
    // Taylor's series of the 1024th part, squared ten times.
    let [one, part] = [u128::from(ONE), exponent >> 10];
    let square = part * part / one;
    let mut power = one - part + square / 2 - square * part / one / 6;
    for _ in 0..10 {
        power = power * power / one;
    }
    u64::try_from((u128::from(score) * power + one / 2) / one).unwrap_or(score)
}

impl ScoreHistory {
    /// Notes the score of a peer: after a ban or a replacement, or if it has changed by more than a point.
    pub(super) fn note(&mut self, peer: Address, ms: u64, score: u64, kind: PointKind) {
        let index = match self.peers.binary_search_by_key(&peer, |one| one.0) {
            Ok(index) => index,
            Err(_) => self.insert(peer),
        };
        let points = &mut self.peers[index].1;
        let is_near = points.last().is_some_and(|last| last.score.abs_diff(score) <= STEP);
        if is_near && kind == PointKind::Change {
            return;
        }
        if points.len() == POINTS_MAX {
            points.remove(0);
        }
        points.push(ScorePoint { ms, score, kind });
    }

    fn insert(&mut self, peer: Address) -> usize {
        if self.peers.len() == PEERS_MAX {
            let last = |points: &[ScorePoint]| points.last().map_or(0, |point| point.ms);
            let oldest = (0..PEERS_MAX).min_by_key(|index| last(&self.peers[*index].1));
            self.peers.remove(oldest.unwrap_or(0));
        }
        let index = self.peers.partition_point(|one| one.0 < peer);
        self.peers.insert(index, (peer, Vec::new()));
        index
    }

    /// Drops points older than 24 h, except the last one of a peer, which goes after 7 days.
    pub(super) fn purge(&mut self, now: u64) {
        for (_, points) in &mut self.peers {
            let last = points.len().saturating_sub(1);
            let old = points[..last].partition_point(|point| now.saturating_sub(point.ms) > KEPT);
            points.drain(..old);
        }
        let is_recent = |point: &ScorePoint| now.saturating_sub(point.ms) <= PURGED;
        self.peers.retain(|(_, points)| points.last().is_some_and(is_recent));
    }

    /// Points of a peer, the oldest first.
    #[must_use]
    pub fn of(&self, peer: Address) -> &[ScorePoint] {
        let found = self.peers.binary_search_by_key(&peer, |one| one.0);
        found.map_or(&[], |index| &self.peers[index].1)
    }

    /// Number of points of all peers.
    #[must_use]
    pub fn points(&self) -> usize {
        self.peers.iter().map(|one| one.1.len()).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::PointKind::{Ban, Change, Replacement};
    use super::*;

    #[test]
    fn a_score_decays_by_a_power_of_e() {
        let percent = Ratio::from_percent(1);
        assert_eq!(decayed(1_000_000, percent, 0), 1_000_000);
        assert_eq!(decayed(1_000_000, percent, DAY), 990_050);
        assert_eq!(decayed(1_000_000, percent, 300_000), 999_965, "3.5e-5 in a step of 300 s");
        assert_eq!(decayed(1_000_000, Ratio::ONE, DAY), 367_879);
        assert_eq!(decayed(1_000_000, Ratio::ONE, 10 * DAY), 45);
        assert_eq!(decayed(10_000, Ratio::ONE, 1_000 * DAY), 0);
        assert_eq!(decayed(7_215, Ratio::ZERO, 1_000 * DAY), 7_215);
    }

    #[test]
    fn a_history_holds_a_day_of_changes_and_goes_after_a_week() {
        let mut history = ScoreHistory::default();
        let peer = Address::planned(1);
        history.note(peer, 0, 5_000, Change);
        history.note(peer, 1, 5_100, Change);
        assert_eq!(history.of(peer).len(), 1, "a point exactly is no change");
        history.note(peer, 2, 5_101, Change);
        assert_eq!(history.of(peer).len(), 2);
        history.purge(DAY);
        assert_eq!(history.of(peer).len(), 2);
        history.purge(DAY + 1);
        assert_eq!(history.of(peer), [ScorePoint { ms: 2, score: 5_101, kind: Change }]);
        history.purge(7 * DAY + 2);
        assert_eq!(history.points(), 1);
        history.purge(7 * DAY + 3);
        assert_eq!(history.points(), 0);
    }

    #[test]
    fn points_and_peers_are_bounded() {
        let mut history = ScoreHistory::default();
        (0..500).for_each(|ms| history.note(Address::planned(1), ms, ms % 2 * 1_000, Change));
        assert_eq!(history.points(), POINTS_MAX);
        (0..3_000)
            .for_each(|index| history.note(Address::planned(index), 1_000 + u64::from(index), 1, Change));
        assert_eq!(history.peers.len(), PEERS_MAX);
        assert_eq!(history.of(Address::planned(2_999)).len(), 1);
    }

    #[test]
    fn bans_and_replacements_are_noted_whatever_the_score() {
        let mut history = ScoreHistory::default();
        let peer = Address::planned(1);
        for (ms, kind) in (0..).zip([Change, Replacement, Change, Ban]) {
            history.note(peer, ms, 5_000, kind);
        }
        let kept: Vec<_> = history.of(peer).iter().map(|point| (point.ms, point.kind)).collect();
        assert_eq!(kept, [(0, Change), (1, Replacement), (3, Ban)]);
    }
}
