//! What a peer remembers of its dealings with others, where a rule makes use of it.

use crate::digest::Digest;
use crate::id::PeerId;
use crate::time::Round;

/// Dealings with one peer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Record {
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

impl Record {
    /// How reliably it answers, in thousandths: answers per query, with one of two given to a stranger.
    #[must_use]
    pub fn reliability(self) -> u32 {
        let (answers, queries) = (u64::from(self.answers) + 1, u64::from(self.queries) + 2);
        u32::try_from((answers * 1_000 / queries).min(1_000)).unwrap_or(1_000)
    }
}

/// Records of peers. It has one for known peers only: who is forgotten leaves it.
#[derive(Clone, Debug, Default)]
pub struct Ledger {
    /// In ascending order, apart from the records, so that searches run over consecutive numbers.
    peers: Vec<PeerId>,
    records: Vec<Record>,
}

impl Ledger {
    /// What is remembered of a peer.
    #[must_use]
    pub fn of(&self, peer: PeerId) -> Record {
        self.peers.binary_search(&peer).map_or_else(|_| Record::default(), |place| self.records[place])
    }

    /// The peers of whom something is remembered, in ascending order.
    pub fn peers(&self) -> impl Iterator<Item = PeerId> {
        self.peers.iter().copied()
    }

    /// The record of a peer, for a change.
    pub(super) fn change(&mut self, peer: PeerId) -> &mut Record {
        let place = self.peers.binary_search(&peer).unwrap_or_else(|place| {
            self.peers.insert(place, peer);
            self.records.insert(place, Record::default());
            place
        });
        &mut self.records[place]
    }

    pub(super) fn forget(&mut self, peer: PeerId) {
        if let Ok(place) = self.peers.binary_search(&peer) {
            self.peers.remove(place);
            self.records.remove(place);
        }
    }

    /// Adds the ledger to a fingerprint, where it is in use: fingerprints of runs without it are older.
    pub fn digest(&self, digest: &mut Digest) {
        for (peer, record) in self.peers.iter().zip(&self.records) {
            let Record { asked, queries, answers, wins, won, absences } = *record;
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
    fn reliability_grows_with_answers_and_falls_with_silence() {
        let record = |queries, answers| Record { queries, answers, ..Record::default() };
        assert_eq!(record(0, 0).reliability(), 500);
        assert!(record(10, 10).reliability() > record(10, 5).reliability());
        assert!(record(10, 0).reliability() < record(2, 0).reliability());
        assert_eq!(record(1, 9).reliability(), 1_000, "answers to queries of others count too");
    }
}
