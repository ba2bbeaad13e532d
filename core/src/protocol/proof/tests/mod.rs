//! Proofs against reference vectors, and by property: fixtures, and tests by subject.

mod search;
mod verify;

use super::challenge::unpack;
use super::search::Walk;
use super::verify::is_walk;
use super::*;
use crate::base::id::{BlockId, PeerId, TokenId};
use crate::base::ratio::Ratio;
use crate::base::rng::{Purpose, Rng, mix};
use crate::config::{SearchRule, VerificationRule};
use crate::protocol::context::TokenStore;
use crate::protocol::event::ElectionError;
use crate::protocol::message::{CompactProof, Mapping, Proof, ProofResolver, StorageProof};
use crate::protocol::token::{Rank, TokenSet, Universe, suffix};
use crate::scenario::Scenario;
use proptest::prelude::*;

/// Vectors computed with an independent implementation of the protocol.
#[test]
fn chunks_are_those_of_the_reference() {
    let of =
        |challenger, token, block| chunks(PeerId::new(challenger), TokenId::new(token), BlockId::new(block));
    assert_eq!(of(0, 0, 0), [987, 9, 783, 692, 654, 785, 151, 556, 491, 494]);
    assert_eq!(of(12345, 1000, 42), [131, 241, 435, 360, 462, 323, 12, 899, 571, 739]);
    assert_eq!(of(u64::MAX, 1, 2), [981, 789, 1001, 43, 201, 727, 539, 272, 641, 1020]);
    assert_eq!(
        of(0x0123_4567_89ab_cdef, 0xfedc_ba98_7654_3210, 7),
        [66, 380, 991, 281, 98, 438, 840, 758, 271, 133]
    );
    let counting = std::array::from_fn(|index| u8::try_from(index).unwrap());
    assert_eq!(unpack(&counting), [256, 128, 48, 16, 517, 449, 128, 36, 778, 770]);
}

/// The 20,000 tokens of the reference vectors.
fn reference_universe() -> Universe {
    let mut state = 42_u64;
    let mappings = (0..20_000).map(|_| {
        state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let token = mix(state);
        Mapping { token: TokenId::new(token), block: BlockId::new(token.rotate_left(17) ^ 0x00c0_ffee) }
    });
    Universe::new(mappings.collect())
}

/// Result of a search, in explicit form.
fn stated(
    universe: &Universe,
    token_set: &TokenSet,
    rule: SearchRule,
    token: TokenId,
    challenger: PeerId,
) -> Option<Proof> {
    search(universe, token_set, rule, token, challenger).map(|compact| universe.resolve(&compact))
}

fn everything(universe: &Universe) -> TokenSet {
    let mut rng = Rng::stream(1, Purpose::Coverage, 0);
    TokenSet::new(universe, PeerId::new(0), crate::base::ring::HALF, Ratio::ONE, &mut rng)
}
