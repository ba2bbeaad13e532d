//! Interaction log: what a peer has counted about each known peer, if an active rule reads it.

use crate::base::capacity::make_room;
use crate::base::digest::Digest;
use crate::base::id::PeerId;
use crate::base::prefetch::{self, Prefetch};
use crate::base::time::{Round, Stamp};

/// Counts of the interactions with one peer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct PeerStats {
    /// Round of the last query to it.
    pub asked: Option<Round>,
    /// Queries sent to it.
    pub queries: u32,
    /// Answers of it that elections accepted.
    pub answers: u32,
    /// Elections that it won.
    pub wins: u32,
    /// Round of the last win.
    pub won: Option<Round>,
    /// Consecutive elections on its id that it did not take part in.
    pub absences: u32,
}

impl PeerStats {
    /// Laplace-smoothed answer rate, (answers + 1) / (queries + 2), in thousandths: 500 for a peer never
    /// asked. At most 1,000; forwarded queries of others can bring more answers than queries.
    #[must_use]
    pub(crate) fn answer_rate(self) -> u32 {
        let (answers, queries) = (u64::from(self.answers) + 1, u64::from(self.queries) + 2);
        let rate = (answers * 1_000 / queries).min(1_000);
        u32::try_from(rate).unwrap_or_else(|_| unreachable!("{rate} is at most 1,000"))
    }
}

/// A [`PeerStats`] in half the space.
#[derive(Clone, Copy, Debug, Default)]
struct PackedStats {
    asked: Option<Stamp>,
    won: Option<Stamp>,
    queries: u32,
    answers: u32,
    wins: u32,
    absences: u32,
}

impl From<PeerStats> for PackedStats {
    fn from(stats: PeerStats) -> Self {
        let PeerStats { asked, queries, answers, wins, won, absences } = stats;
        Self { asked: asked.map(Stamp::from), won: won.map(Stamp::from), queries, answers, wins, absences }
    }
}

impl From<PackedStats> for PeerStats {
    fn from(packed: PackedStats) -> Self {
        let PackedStats { asked, queries, answers, wins, won, absences } = packed;
        Self { asked: asked.map(Round::from), queries, answers, wins, won: won.map(Round::from), absences }
    }
}

/// Stats by peer. It holds known peers only: a peer that leaves the table leaves the log.
#[derive(Clone, Debug, Default)]
pub(crate) struct InteractionLog {
    /// Ascending; apart from the stats, so that searches read consecutive numbers.
    peers: Vec<PeerId>,
    /// Parallel to `peers`.
    stats: Vec<PackedStats>,
    /// Number of peers with at least one absence.
    absent: u32,
}

impl InteractionLog {
    /// Stats of a peer; all zero if none are recorded.
    #[must_use]
    pub(crate) fn of(&self, peer: PeerId) -> PeerStats {
        self.peers
            .binary_search(&peer)
            .map_or_else(|_| PeerStats::default(), |index| self.stats[index].into())
    }

    /// Peers with recorded stats, in ascending order.
    pub(crate) fn peers(&self) -> impl Iterator<Item = PeerId> {
        self.peers.iter().copied()
    }

    /// Changes the stats of a peer, which are all zero before the first change.
    pub(super) fn change(&mut self, peer: PeerId, change: impl FnOnce(&mut PeerStats)) {
        let index = self.peers.binary_search(&peer).unwrap_or_else(|index| {
            make_room(&mut self.peers);
            make_room(&mut self.stats);
            self.peers.insert(index, peer);
            self.stats.insert(index, PackedStats::default());
            index
        });
        let mut stats: PeerStats = self.stats[index].into();
        let was_absent = stats.absences > 0;
        change(&mut stats);
        self.absent = self.absent + u32::from(stats.absences > 0) - u32::from(was_absent);
        self.stats[index] = stats.into();
        debug_assert!(self.absent as usize <= self.peers.len(), "{} absent peers", self.absent);
    }

    /// Resets the absences of a peer, and drops its stats if nothing else is recorded.
    pub(super) fn clear_absences(&mut self, peer: PeerId) {
        if self.absent > 0
            && let Ok(index) = self.peers.binary_search(&peer)
        {
            let absences = std::mem::take(&mut self.stats[index].absences);
            self.absent -= u32::from(absences > 0);
            if PeerStats::from(self.stats[index]) == PeerStats::default() {
                self.peers.remove(index);
                self.stats.remove(index);
            }
        }
    }

    /// Drops the stats of a peer that leaves the table.
    pub(super) fn remove(&mut self, peer: PeerId) {
        if let Ok(index) = self.peers.binary_search(&peer) {
            self.peers.remove(index);
            self.absent -= u32::from(self.stats.remove(index).absences > 0);
        }
    }

    /// Returns whether peers are sorted and unique, and the counter equals a recount. Linear time; for
    /// assertions.
    fn is_consistent(&self) -> bool {
        self.peers.len() == self.stats.len()
            && self.peers.is_sorted_by(|one, next| one < next)
            && self.stats.iter().filter(|stats| stats.absences > 0).count() == self.absent as usize
    }

    /// Adds the log to a fingerprint. An empty log adds nothing: fingerprints of runs without one predate it.
    pub(crate) fn digest(&self, digest: &mut Digest) {
        debug_assert!(self.is_consistent(), "counter and order at the fingerprint");
        for (peer, stats) in self.peers.iter().zip(&self.stats) {
            let PeerStats { asked, queries, answers, wins, won, absences } = PeerStats::from(*stats);
            let round = |round: Option<Round>| round.map_or(u64::MAX, |round| round.0);
            let counts = [queries, answers, wins, absences].map(u64::from);
            let numbers = [peer.get(), round(asked), round(won)];
            numbers.into_iter().chain(counts).for_each(|number| digest.number(number));
        }
    }
}

impl Prefetch for InteractionLog {
    /// Prefetches the ids that [`clear_absences`](Self::clear_absences) searches, if it searches at all.
    fn prefetch(&self) {
        if self.absent > 0 {
            prefetch::all(&self.peers);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clearing_absences_keeps_other_interactions() {
        let mut log = InteractionLog::default();
        let [missed, asked, present] = [1, 2, 3].map(PeerId::new);
        log.change(missed, |stats| stats.absences = 1);
        log.change(asked, |stats| (stats.absences, stats.queries) = (1, 1));
        log.change(present, |stats| stats.queries = 1);
        [missed, asked, present].into_iter().for_each(|peer| log.clear_absences(peer));
        assert!(log.peers().eq([asked, present]));
        assert_eq!((log.of(missed), log.of(asked).absences), (PeerStats::default(), 0));
        log.change(asked, |stats| stats.absences = 2);
        log.remove(asked);
        log.change(present, |stats| stats.absences = 1);
        log.clear_absences(present);
        assert_eq!(log.of(present).absences, 0, "removed peers are not counted");
    }

    #[test]
    fn the_answer_rate_grows_with_answers_and_falls_with_silence() {
        let stats = |queries, answers| PeerStats { queries, answers, ..PeerStats::default() };
        assert_eq!(stats(0, 0).answer_rate(), 500);
        assert!(stats(10, 10).answer_rate() > stats(10, 5).answer_rate());
        assert!(stats(10, 0).answer_rate() < stats(2, 0).answer_rate());
        assert_eq!(stats(1, 9).answer_rate(), 1_000, "answers to queries of others count too");
    }
}
