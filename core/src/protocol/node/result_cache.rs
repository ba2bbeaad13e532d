//! Result cache: tokens whose last election ended recently, so that no other election is held on them.

use crate::base::capacity::make_room;
use crate::base::digest::Digest;
use crate::base::id::TokenId;
use crate::base::mutant::{Mutant, mutant};
use crate::base::time::Round;

/// Largest number of cached results; further ones are not cached.
const RESULTS_MAX: usize = 4096;

/// Capacity that is kept for results, whatever their number.
const SPARE: usize = 8;

/// Ends of elections by token, for as long as their results are valid (`election.cache_rounds`).
#[derive(Clone, Debug, Default)]
pub(super) struct ResultCache {
    /// In ascending order of token.
    pub(super) ended: Vec<(TokenId, Round)>,
    /// First round in which a result may expire.
    next_expiry: Round,
    /// Number of expiries, modulo 2^32.
    revision: u32,
}

impl ResultCache {
    /// Returns whether a valid result exists for a token.
    pub(super) fn contains(&self, token: TokenId) -> bool {
        self.search(token).is_ok()
    }

    /// Revision of expiries: equal revisions mean that no result has expired in between.
    pub(super) const fn revision(&self) -> u32 {
        self.revision
    }

    /// Caches the end of an election; no effect at the limit.
    pub(super) fn insert(&mut self, token: TokenId, now: Round) {
        let is_full = mutant!(ResultsUnbounded: self.ended.len() >= RESULTS_MAX => false);
        match self.search(token) {
            _ if is_full => {}
            Ok(index) => self.ended[index].1 = now,
            Err(index) => {
                make_room(&mut self.ended);
                self.ended.insert(index, (token, now));
            }
        }
        debug_assert!(
            self.ended.len() <= RESULTS_MAX || Mutant::ResultsUnbounded.is_active(),
            "{} results",
            self.ended.len()
        );
    }

    /// Removes results that are `valid_for` rounds old or older. Skipped before the earliest round in which
    /// one can be.
    pub(super) fn expire(&mut self, now: Round, valid_for: u64) {
        if now < self.next_expiry || self.ended.is_empty() {
            return;
        }
        debug_assert!(self.ended.is_sorted_by(|one, next| one.0 < next.0), "results are sorted and unique");
        self.revision = self.revision.wrapping_add(1);
        self.ended.retain(|(_, ended)| now.since(*ended) < valid_for);
        if self.ended.capacity() > SPARE.max(4 * self.ended.len()) {
            self.ended.shrink_to(2 * self.ended.len());
        }
        // Later results are valid for at least as long.
        let oldest = self.ended.iter().map(|(_, ended)| ended.0).fold(now.0, u64::min);
        let due = oldest + valid_for;
        self.next_expiry = Round(mutant!(SettledLate: due => due + valid_for));
    }

    /// Invalidates the schedule of expiries: the clock or the rules have changed.
    pub(super) const fn invalidate(&mut self) {
        self.next_expiry = Round(0);
    }

    fn search(&self, token: TokenId) -> Result<usize, usize> {
        self.ended.binary_search_by_key(&token, |(token, _)| *token)
    }

    /// Adds the results to a fingerprint. No results add nothing: fingerprints of runs without a cache
    /// predate it.
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
        fn results_are_valid_for_as_long_as_they_should(
            steps in prop::collection::vec((0_u64..12, 0_u64..4, prop::option::of(0_u64..30)), 0..80),
        ) {
            let (mut results, mut model) = (ResultCache::default(), BTreeMap::new());
            let mut now = 0;
            for (token, passes, set_clock) in steps {
                now = set_clock.unwrap_or(now + passes);
                if set_clock.is_some() {
                    results.invalidate();
                }
                results.expire(Round(now), 7);
                model.retain(|_, ended| Round(now).since(Round(*ended)) < 7);
                results.insert(TokenId::new(token), Round(now));
                model.insert(token, now);
                for token in 0..12 {
                    prop_assert_eq!(results.contains(TokenId::new(token)), model.contains_key(&token));
                }
            }
        }
    }

    #[test]
    fn the_memory_is_bounded() {
        let mut results = ResultCache::default();
        (0..2 * RESULTS_MAX as u64).for_each(|token| results.insert(TokenId::new(token), Round(1)));
        assert_eq!(results.ended.len(), RESULTS_MAX);
    }
}
