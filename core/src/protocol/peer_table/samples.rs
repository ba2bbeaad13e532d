//! Sample pool: tokens that a peer has seen and may hold elections on (document 000, `TokenSamples`).

use crate::base::capacity::make_room;
use crate::base::digest::Digest;
use crate::base::id::TokenId;
use crate::base::mutant::mutant;
use crate::protocol::context::Context;

/// A set of at most `peers.sample_capacity` tokens.
#[derive(Clone, Debug, Default)]
pub struct Samples {
    /// In ascending order.
    tokens: Vec<TokenId>,
}

impl Samples {
    /// Number of tokens.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.tokens.len()
    }

    /// Returns whether the set is empty.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.tokens.is_empty()
    }

    /// The tokens, in ascending order.
    pub fn iter(&self) -> impl Iterator<Item = TokenId> {
        self.tokens.iter().copied()
    }

    /// Inserts a token; no effect if it is in the set. At the capacity it replaces a uniformly random one,
    /// or, as document 000 ships it (`peers.frozen_samples`), is dropped.
    pub(crate) fn insert(&mut self, cx: &mut Context<'_>, token: TokenId) {
        let capacity = cx.config.peers.sample_capacity as usize;
        let is_full = mutant!(SamplesUnbounded: self.tokens.len() >= capacity => false);
        if is_full && cx.config.peers.frozen_samples {
            return;
        }
        let Err(index) = self.tokens.binary_search(&token) else { return };
        if !is_full {
            make_room(&mut self.tokens);
            self.tokens.insert(index, token);
        } else if let Some(evicted) = cx.rng.index(self.tokens.len()) {
            self.replace(evicted, index, token);
        }
        debug_assert!(self.is_sorted(), "samples are sorted and unique after {token}");
    }

    /// Replaces the token at `evicted` by one that belongs at `index`: rotates the tokens between the two by
    /// one.
    fn replace(&mut self, evicted: usize, index: usize, token: TokenId) {
        debug_assert!(evicted < self.tokens.len() && index <= self.tokens.len(), "{evicted} and {index}");
        if evicted < index {
            self.tokens[evicted..index].rotate_left(1);
            self.tokens[index - 1] = token;
        } else {
            self.tokens[index..=evicted].rotate_right(1);
            self.tokens[index] = token;
        }
    }

    /// Phase 4: removes uniformly random tokens above the capacity, which a command may have lowered.
    pub(crate) fn evict(&mut self, cx: &mut Context<'_>) {
        let capacity = cx.config.peers.sample_capacity as usize;
        while mutant!(SamplesUnbounded: self.tokens.len() > capacity => false) {
            self.take(cx);
        }
    }

    /// Removes and returns a uniformly random token; `None` if the set is empty.
    pub(crate) fn take(&mut self, cx: &mut Context<'_>) -> Option<TokenId> {
        cx.rng.index(self.tokens.len()).map(|index| self.tokens.remove(index))
    }

    fn is_sorted(&self) -> bool {
        self.tokens.is_sorted_by(|one, next| one < next)
    }

    /// Adds the set to a fingerprint.
    pub(crate) fn digest(&self, digest: &mut Digest) {
        digest.length(self.tokens.len());
        self.tokens.iter().for_each(|token| digest.number(token.get()));
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::Harness;
    use super::*;
    use proptest::prelude::*;

    fn token(number: u64) -> TokenId {
        TokenId::new(number)
    }

    /// A full set of the tokens 10, 20, ... 100.
    fn ten(harness: &mut Harness) -> Samples {
        harness.config.peers.sample_capacity = 10;
        let mut samples = Samples::default();
        (1..=10).for_each(|step| harness.with(|cx| samples.insert(cx, token(10 * step))));
        samples
    }

    #[test]
    fn a_frozen_set_takes_tokens_until_it_is_full() {
        let mut harness = Harness::new(1);
        harness.config.peers.frozen_samples = true;
        let mut samples = ten(&mut harness);
        let full = samples.tokens.clone();
        assert_eq!(full.len(), 10);
        harness.with(|cx| samples.insert(cx, token(55)));
        assert_eq!(samples.tokens, full, "the newcomer is turned away");
        harness.with(|cx| samples.take(cx)).unwrap();
        harness.with(|cx| samples.insert(cx, token(55)));
        assert!(samples.tokens.contains(&token(55)), "now there is room");
    }

    #[test]
    fn a_known_token_displaces_none() {
        let mut harness = Harness::new(1);
        let mut samples = ten(&mut harness);
        let full = samples.tokens.clone();
        harness.with(|cx| samples.insert(cx, token(50)));
        assert_eq!(samples.tokens, full);
    }

    /// Below all residents, between them and above.
    #[test]
    fn any_resident_is_as_likely_to_make_room_for_a_newcomer() {
        for newcomer in [5, 55, 105] {
            let mut harness = Harness::new(newcomer);
            let full = ten(&mut harness);
            let mut displaced = vec![0_u32; 10];
            for _ in 0..10_000 {
                let mut samples = full.clone();
                harness.with(|cx| samples.insert(cx, token(newcomer)));
                assert!(samples.tokens.contains(&token(newcomer)));
                let gone = full.tokens.iter().position(|token| !samples.tokens.contains(token)).unwrap();
                displaced[gone] += 1;
            }
            assert_eq!(displaced.iter().sum::<u32>(), 10_000);
            // 1,000 each are expected, give or take 30.
            assert!(displaced.iter().all(|times| (850..1_150).contains(times)), "{newcomer}: {displaced:?}");
        }
    }

    #[test]
    fn any_token_is_as_likely_to_be_taken_and_is_gone_then() {
        let mut harness = Harness::new(1);
        let full = ten(&mut harness);
        let mut times = vec![0_u32; 10];
        for _ in 0..10_000 {
            let mut samples = full.clone();
            let token = harness.with(|cx| samples.take(cx)).unwrap();
            assert_eq!(samples.len(), 9);
            assert!(!samples.tokens.contains(&token));
            times[full.tokens.binary_search(&token).unwrap()] += 1;
        }
        assert!(times.iter().all(|times| (850..1_150).contains(times)), "{times:?}");
        assert_eq!(harness.with(|cx| Samples::default().take(cx)), None);
    }

    #[test]
    fn a_lowered_capacity_costs_random_tokens() {
        let mut harness = Harness::new(1);
        let full = ten(&mut harness);
        harness.config.peers.sample_capacity = 4;
        let mut kept = vec![0_u32; 10];
        for _ in 0..5_000 {
            let mut samples = full.clone();
            harness.with(|cx| samples.evict(cx));
            assert_eq!(samples.len(), 4);
            let index = |token| full.tokens.binary_search(token).unwrap();
            samples.tokens.iter().for_each(|token| kept[index(token)] += 1);
        }
        // 2,000 each are expected, give or take 35.
        assert!(kept.iter().all(|times| (1_800..2_200).contains(times)), "{kept:?}");
    }

    /// An operation on the set, with small numbers so that tokens meet.
    #[derive(Clone, Debug)]
    enum Operation {
        Insert(u64),
        Take,
        Limit(u32),
    }

    fn operation() -> impl Strategy<Value = Operation> {
        prop_oneof![
            8 => (0..24_u64).prop_map(Operation::Insert),
            1 => Just(Operation::Take),
            1 => (1..12_u32).prop_map(Operation::Limit),
        ]
    }

    proptest! {
        #[test]
        fn tokens_are_sorted_unique_and_no_more_than_there_is_room_for(
            operations in prop::collection::vec(operation(), 0..120),
            seed: u64,
            frozen: bool,
        ) {
            let mut harness = Harness::new(seed);
            harness.config.peers.frozen_samples = frozen;
            harness.config.peers.sample_capacity = 8;
            let mut samples = Samples::default();
            for operation in operations {
                let before = samples.tokens.clone();
                match operation {
                    Operation::Insert(number) => {
                        harness.with(|cx| samples.insert(cx, token(number)));
                        let is_known = samples.tokens.contains(&token(number));
                        prop_assert!(is_known || frozen, "only a frozen set turns tokens away");
                    }
                    Operation::Take => {
                        harness.with(|cx| samples.take(cx));
                    }
                    Operation::Limit(capacity) => {
                        harness.config.peers.sample_capacity = capacity;
                        harness.with(|cx| samples.evict(cx));
                    }
                }
                prop_assert!(samples.tokens.is_sorted_by(|one, next| one < next), "{:?}", samples.tokens);
                prop_assert!(samples.len() <= harness.config.peers.sample_capacity as usize);
                let gone = before.iter().filter(|token| !samples.tokens.contains(token)).count();
                let is_limit = matches!(operation, Operation::Limit(_));
                prop_assert!(is_limit || gone <= 1, "one newcomer costs one resident at most");
            }
        }
    }
}
