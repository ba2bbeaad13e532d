//! What a peer remembers of its dealings with others, where a rule makes use of it.

use crate::base::capacity::make_room;
use crate::base::digest::Digest;
use crate::base::id::PeerId;
use crate::base::prefetch;
use crate::base::time::{Round, Stamp};

/// Dealings with one peer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PeerStats {
    /// When it was last asked.
    pub asked: Option<Round>,
    /// Queries sent to it.
    pub queries: u32,
    /// Answers of it that an election has taken.
    pub answers: u32,
    /// Elections that it won.
    pub wins: u32,
    /// When it last won.
    pub won: Option<Round>,
    /// Elections on its id, one after another, in which it did not show.
    pub absences: u32,
}

impl PeerStats {
    /// How reliably it answers, in thousandths: answers per query, with one of two given to a stranger.
    #[must_use]
    pub fn reliability(self) -> u32 {
        let (answers, queries) = (u64::from(self.answers) + 1, u64::from(self.queries) + 2);
        u32::try_from((answers * 1_000 / queries).min(1_000)).unwrap_or(1_000)
    }
}

/// A record in half the space.
#[derive(Clone, Copy, Debug, Default)]
struct Kept {
    asked: Option<Stamp>,
    won: Option<Stamp>,
    queries: u32,
    answers: u32,
    wins: u32,
    absences: u32,
}

impl From<PeerStats> for Kept {
    fn from(record: PeerStats) -> Self {
        let PeerStats { asked, queries, answers, wins, won, absences } = record;
        Self { asked: asked.map(Stamp::from), won: won.map(Stamp::from), queries, answers, wins, absences }
    }
}

impl From<Kept> for PeerStats {
    fn from(kept: Kept) -> Self {
        let Kept { asked, won, queries, answers, wins, absences } = kept;
        Self { asked: asked.map(Round::from), queries, answers, wins, won: won.map(Round::from), absences }
    }
}

/// Records of peers. It has one for known peers only: who is forgotten leaves it.
#[derive(Clone, Debug, Default)]
pub struct InteractionLog {
    /// In ascending order, apart from the records, so that searches run over consecutive numbers.
    peers: Vec<PeerId>,
    records: Vec<Kept>,
    /// How many of them tell of absences.
    absent: u32,
}

impl InteractionLog {
    /// What is remembered of a peer.
    #[must_use]
    pub fn of(&self, peer: PeerId) -> PeerStats {
        self.peers
            .binary_search(&peer)
            .map_or_else(|_| PeerStats::default(), |place| self.records[place].into())
    }

    /// The peers of whom something is remembered, in ascending order.
    pub fn peers(&self) -> impl Iterator<Item = PeerId> {
        self.peers.iter().copied()
    }

    /// Asks for what a peer that appears is looked up in.
    pub(super) fn prefetch(&self) {
        if self.absent > 0 {
            prefetch::all(&self.peers);
        }
    }

    /// Changes the record of a peer.
    pub(super) fn change(&mut self, peer: PeerId, change: impl FnOnce(&mut PeerStats)) {
        let place = self.peers.binary_search(&peer).unwrap_or_else(|place| {
            make_room(&mut self.peers);
            make_room(&mut self.records);
            self.peers.insert(place, peer);
            self.records.insert(place, Kept::default());
            place
        });
        let mut record: PeerStats = self.records[place].into();
        let was_absent = record.absences > 0;
        change(&mut record);
        self.absent = self.absent + u32::from(record.absences > 0) - u32::from(was_absent);
        self.records[place] = record.into();
    }

    /// Forgives the absences of a peer, where there are any.
    pub(super) fn clear_absences(&mut self, peer: PeerId) {
        if self.absent > 0
            && let Ok(place) = self.peers.binary_search(&peer)
        {
            let absences = std::mem::take(&mut self.records[place].absences);
            self.absent -= u32::from(absences > 0);
            if PeerStats::from(self.records[place]) == PeerStats::default() {
                self.peers.remove(place);
                self.records.remove(place);
            }
        }
    }

    pub(super) fn forget(&mut self, peer: PeerId) {
        if let Ok(place) = self.peers.binary_search(&peer) {
            self.peers.remove(place);
            self.absent -= u32::from(self.records.remove(place).absences > 0);
        }
    }

    /// Adds the ledger to a fingerprint, where it is in use: fingerprints of runs without it are older.
    pub fn digest(&self, digest: &mut Digest) {
        for (peer, record) in self.peers.iter().zip(&self.records) {
            let PeerStats { asked, queries, answers, wins, won, absences } = PeerStats::from(*record);
            let round = |round: Option<Round>| round.map_or(u64::MAX, |round| round.0);
            let counts = [queries, answers, wins, absences].map(u64::from);
            let numbers = [peer.get(), round(asked), round(won)];
            numbers.into_iter().chain(counts).for_each(|number| digest.number(number));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_appears_again_is_remembered_only_for_other_dealings() {
        let mut ledger = InteractionLog::default();
        let [missed, asked, present] = [1, 2, 3].map(PeerId::new);
        ledger.change(missed, |record| record.absences = 1);
        ledger.change(asked, |record| (record.absences, record.queries) = (1, 1));
        ledger.change(present, |record| record.queries = 1);
        [missed, asked, present].into_iter().for_each(|peer| ledger.clear_absences(peer));
        assert!(ledger.peers().eq([asked, present]));
        assert_eq!((ledger.of(missed), ledger.of(asked).absences), (PeerStats::default(), 0));
        ledger.change(asked, |record| record.absences = 2);
        ledger.forget(asked);
        ledger.change(present, |record| record.absences = 1);
        ledger.clear_absences(present);
        assert_eq!(ledger.of(present).absences, 0, "those who are forgotten are not counted");
    }

    #[test]
    fn reliability_grows_with_answers_and_falls_with_silence() {
        let record = |queries, answers| PeerStats { queries, answers, ..PeerStats::default() };
        assert_eq!(record(0, 0).reliability(), 500);
        assert!(record(10, 10).reliability() > record(10, 5).reliability());
        assert!(record(10, 0).reliability() < record(2, 0).reliability());
        assert_eq!(record(1, 9).reliability(), 1_000, "answers to queries of others count too");
    }
}
