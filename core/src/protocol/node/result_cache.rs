//! Tokens on which a peer has held elections whose results still stand.

use crate::base::capacity::make_room;
use crate::base::digest::Digest;
use crate::base::id::TokenId;
use crate::base::mutant::Mutant;
use crate::base::prefetch;
use crate::base::time::Round;

/// Tokens whose elections a peer remembers at most; further ones are not remembered.
const SETTLED_MAX: usize = 4096;

/// Results for which there may always be room.
const SPARE: usize = 8;

/// When the last election on a token ended, as long as its result stands.
#[derive(Clone, Debug, Default)]
pub(super) struct ResultCache {
    /// In ascending order of token.
    ended: Vec<(TokenId, Round)>,
    /// No result falls before this round.
    due: Round,
    /// How often results have fallen.
    changes: u32,
}

impl ResultCache {
    /// Whether the result of an election on a token still stands.
    pub(super) fn contains(&self, token: TokenId) -> bool {
        self.place(token).is_ok()
    }

    /// How often results have fallen: as long as this stays the same, what stood stands.
    pub(super) const fn changes(&self) -> u32 {
        self.changes
    }

    /// Asks for the results.
    pub(super) fn prefetch(&self) {
        prefetch::all(&self.ended);
    }

    /// Notes the end of an election.
    pub(super) fn insert(&mut self, token: TokenId, now: Round) {
        match self.place(token) {
            _ if self.ended.len() >= SETTLED_MAX && !Mutant::ResultsUnbounded.is_active() => {}
            Ok(place) => self.ended[place].1 = now,
            Err(place) => {
                make_room(&mut self.ended);
                self.ended.insert(place, (token, now));
            }
        }
    }

    /// Forgets the results that stand no longer.
    pub(super) fn forget(&mut self, now: Round, stands_for: u64) {
        if now < self.due || self.ended.is_empty() {
            return;
        }
        self.changes = self.changes.wrapping_add(1);
        self.ended.retain(|(_, ended)| now.since(*ended) < stands_for);
        if self.ended.capacity() > SPARE.max(4 * self.ended.len()) {
            self.ended.shrink_to(2 * self.ended.len());
        }
        // What ends from now on stands at least as long.
        let next = self.ended.iter().map(|(_, ended)| ended.0).fold(now.0, u64::min);
        let late = if Mutant::SettledLate.is_active() { stands_for } else { 0 };
        self.due = Round(next + stands_for + late);
    }

    /// The clock or the rules have changed.
    pub(super) const fn invalidate(&mut self) {
        self.due = Round(0);
    }

    fn place(&self, token: TokenId) -> Result<usize, usize> {
        self.ended.binary_search_by_key(&token, |(settled, _)| *settled)
    }

    /// Adds the results to a fingerprint, where there are any: fingerprints of runs without a cache are older.
    pub(super) fn digest(&self, digest: &mut Digest) {
        for (token, ended) in &self.ended {
            digest.number(token.get());
            digest.number(ended.0);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn results_stand_for_as_long_as_they_should(
            steps in prop::collection::vec((0_u64..12, 0_u64..4, prop::option::of(0_u64..30)), 0..80),
        ) {
            let (mut settled, mut model) = (ResultCache::default(), BTreeMap::new());
            let mut now = 0;
            for (token, passes, set_clock) in steps {
                now = set_clock.unwrap_or(now + passes);
                if set_clock.is_some() {
                    settled.invalidate();
                }
                settled.forget(Round(now), 7);
                model.retain(|_, ended| Round(now).since(Round(*ended)) < 7);
                settled.insert(TokenId::new(token), Round(now));
                model.insert(token, now);
                for token in 0..12 {
                    prop_assert_eq!(settled.contains(TokenId::new(token)), model.contains_key(&token));
                }
            }
        }
    }

    #[test]
    fn the_memory_is_bounded() {
        let mut settled = ResultCache::default();
        (0..2 * SETTLED_MAX as u64).for_each(|token| settled.insert(TokenId::new(token), Round(1)));
        assert_eq!(settled.ended.len(), SETTLED_MAX);
    }
}
