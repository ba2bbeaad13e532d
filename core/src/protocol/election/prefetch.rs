//! Cache-line prefetches of elections: first the channels, then the proofs that they point to.

use super::{Election, ElectionPool};
use crate::base::id::TokenId;
use crate::base::prefetch::{self, Prefetch};
use crate::base::time::Round;

/// Largest number of due elections whose answers are prefetched.
const DUE_MAX: usize = 4;

impl Prefetch for Election {
    /// Prefetches the channels.
    fn prefetch(&self) {
        prefetch::all(&self.channels);
    }
}

impl Election {
    /// Prefetches the proofs on the channels.
    fn prefetch_proofs(&self) {
        self.responses().for_each(|(_, proof)| proof.prefetch());
    }
}

impl Prefetch for ElectionPool {
    /// Prefetches the tokens that lookups search, and the elections.
    fn prefetch(&self) {
        prefetch::all(&self.index);
        prefetch::all(&self.running);
    }
}

impl ElectionPool {
    /// Prefetches the answers of an election.
    pub(crate) fn prefetch_answers(&self, token: TokenId) {
        self.get(token).into_iter().for_each(Election::prefetch);
    }

    /// Prefetches the proofs in the answers of an election.
    pub(crate) fn prefetch_proofs(&self, token: TokenId) {
        self.get(token).into_iter().for_each(Election::prefetch_proofs);
    }

    /// Prefetches the answers of the first elections, if any election is due.
    pub(crate) fn prefetch_due(&self, now: Round) {
        self.due(now).for_each(Election::prefetch);
    }

    /// Prefetches the proofs in the answers of the first elections, if any election is due.
    pub(crate) fn prefetch_due_proofs(&self, now: Round) {
        self.due(now).for_each(Election::prefetch_proofs);
    }

    fn due(&self, now: Round) -> impl Iterator<Item = &Election> {
        let count = if now < self.next_check { 0 } else { DUE_MAX };
        self.in_order().take(count).map(|running| &running.election)
    }
}
