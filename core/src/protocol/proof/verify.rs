//! Verification: the suffixes fit the challenge, an honest walk finds the tokens in this order, and no block
//! contradicts the challenger's own store.

use super::UPWARD;
use super::challenge::chunks;
use crate::base::id::{PeerId, TokenId};
use crate::base::mutant::{Mutant, mutant};
use crate::config::{SearchRule, VerificationRule};
use crate::protocol::context::TokenStore;
use crate::protocol::event::ElectionError;
use crate::protocol::message::{
    CompactProof, Mapping, PROOF_SIZE, Proof, ProofResolver, StorageProof, WalkOrder,
};
use crate::protocol::token::{SUFFIXES, suffix};

/// A proof whose suffixes fit its challenge; made by [`verify`] and [`ProofVerifier::verify`] alone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VerifiedProof(StorageProof);

impl VerifiedProof {
    /// The proof itself.
    #[must_use]
    pub const fn proof(&self) -> &StorageProof {
        &self.0
    }
}

/// Verifies that a proof is about `token`, and that its suffixes fit the challenge of `challenger` for the
/// block that the proof claims. Neither this block nor the existence of the tokens is verified.
///
/// # Errors
///
/// [`ElectionError::WrongToken`] or [`ElectionError::SignatureVerificationFailed`], in this order.
pub fn verify(
    proof: StorageProof,
    token: TokenId,
    challenger: PeerId,
    resolver: &dyn ProofResolver,
) -> Result<VerifiedProof, ElectionError> {
    let is_about_token = mutant!(TokenOverlooked: proof.token() == token => true);
    if !is_about_token {
        return Err(ElectionError::WrongToken);
    }
    let fits = match &proof {
        // By construction: the search looked for these suffixes.
        StorageProof::Compact(compact) if compact.asker() == challenger => true,
        _ => fits(&proof.resolve(resolver), challenger),
    };
    if fits { Ok(VerifiedProof(proof)) } else { Err(ElectionError::SignatureVerificationFailed) }
}

fn fits(Proof { answer, signature }: &Proof, challenger: PeerId) -> bool {
    let demanded = chunks(challenger, answer.token, answer.block);
    debug_assert!(demanded.iter().all(|chunk| usize::from(*chunk) < SUFFIXES), "{demanded:?}");
    let count = mutant!(SuffixOverlooked: PROOF_SIZE => PROOF_SIZE - 1);
    signature.iter().zip(demanded).take(count).all(|(mapping, chunk)| suffix(mapping.token) == chunk)
}

/// A challenger's verification of proofs.
#[derive(Clone, Copy)]
pub struct ProofVerifier<'a> {
    /// Checks to make.
    pub rule: VerificationRule,
    /// Rule by which honest provers search.
    pub search: SearchRule,
    /// The challenger's own store.
    pub own: &'a dyn TokenStore,
}

impl ProofVerifier<'_> {
    /// Verifies a proof as [`verify`] and, by the rule, that its tokens are different ones that an honest
    /// search finds in this order ([`VerificationRule::Structural`]), and that no block contradicts the
    /// challenger's store ([`VerificationRule::Strict`]).
    ///
    /// # Errors
    ///
    /// As [`verify`].
    pub fn verify(
        &self,
        proof: StorageProof,
        token: TokenId,
        challenger: PeerId,
    ) -> Result<VerifiedProof, ElectionError> {
        let verified = verify(proof, token, challenger, self.own)?;
        let passes = match self.rule {
            VerificationRule::Weak => true,
            VerificationRule::Structural => self.is_in_order(verified.proof()),
            VerificationRule::Strict => self.is_in_order(verified.proof()) && self.agrees(verified.proof()),
        };
        if passes { Ok(verified) } else { Err(ElectionError::SignatureVerificationFailed) }
    }

    pub(super) fn is_in_order(&self, proof: &StorageProof) -> bool {
        match proof {
            _ if Mutant::OrderUnchecked.is_active() => true,
            StorageProof::Compact(compact) if self.is_in_order_by_construction(compact) => true,
            _ => {
                let Proof { answer, signature } = &*proof.resolve(self.own);
                is_walk(answer.token, &signature.map(|mapping| mapping.token), self.search)
            }
        }
    }

    fn is_in_order_by_construction(&self, compact: &CompactProof) -> bool {
        match compact.order() {
            WalkOrder::Straight => true,
            WalkOrder::Around => self.search == SearchRule::RingWrap,
            WalkOrder::Unknown => false,
        }
    }

    pub(super) fn agrees(&self, proof: &StorageProof) -> bool {
        let agrees =
            |mapping: &Mapping| self.own.block_of(mapping.token).is_none_or(|block| block == mapping.block);
        let Proof { answer, signature } = &*proof.resolve(self.own);
        agrees(answer) && signature.iter().all(agrees)
    }
}

/// Returns whether a search can find these tokens in this order: up to five ascending, the others descending,
/// each beyond the one before, none twice.
pub(super) fn is_walk(start: TokenId, found: &[TokenId; PROOF_SIZE], search: SearchRule) -> bool {
    let mut sorted = *found;
    sorted.sort_unstable();
    let has_duplicate = sorted.windows(2).any(|pair| pair[0] == pair[1]);
    let up = |token: &TokenId| token.get().wrapping_sub(start.get());
    let down = |token: &TokenId| start.get().wrapping_sub(token.get());
    let stays_above = |token: &TokenId| search == SearchRule::RingWrap || *token > start;
    let stays_below = |token: &TokenId| search == SearchRule::RingWrap || *token < start;
    let rises = |part: &[TokenId]| part.iter().all(stays_above) && part.is_sorted_by_key(up);
    let falls = |part: &[TokenId]| part.iter().all(stays_below) && part.is_sorted_by_key(down);
    let turns_at = |index: usize| rises(&found[..index]) && falls(&found[index..]);
    !has_duplicate && !found.contains(&start) && (0..=UPWARD).any(turns_at)
}
