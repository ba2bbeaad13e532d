//! Stored mappings of a host: the shared table as far as the host stores it, and changes by its layers.

use crate::base::id::{BlockId, PeerId, TokenId};
use crate::base::ring;
use crate::base::time::Round;
use crate::protocol::message::{CompactProof, Proof, ProofResolver};
use crate::protocol::token::{TokenSet, Universe};
use crate::stack::storage::Storage;

/// Block that a peer stores for a token; `None` if it stores none.
pub(super) fn stored_block(universe: &Universe, token_set: &TokenSet, token: TokenId) -> Option<BlockId> {
    match universe.rank_of(token) {
        Some(rank) => token_set.holds(rank).then(|| token_set.mapping(universe, rank).block),
        // A token that a block has created.
        None => token_set.overlay()?.block_of(token),
    }
}

/// The tokens of one peer, as its layers may change them.
pub(super) struct StoredMappings<'a> {
    pub(super) id: PeerId,
    pub(super) universe: &'a Universe,
    pub(super) token_set: &'a mut TokenSet,
}

impl ProofResolver for StoredMappings<'_> {
    fn resolve(&self, compact: &CompactProof) -> Proof {
        self.universe.resolve(compact)
    }
}

impl Storage for StoredMappings<'_> {
    fn reaches(&self, position: u64) -> bool {
        ring::distance(self.id.get(), position) <= self.token_set.reach()
    }

    fn covers(&self, token: TokenId) -> bool {
        match self.universe.rank_of(token) {
            Some(rank) => self.token_set.holds(rank),
            None => self.reaches(token.get()),
        }
    }

    fn block_of(&self, token: TokenId) -> Option<BlockId> {
        stored_block(self.universe, self.token_set, token)
    }

    fn is_original(&self, token: TokenId) -> bool {
        self.token_set.overlay().is_none_or(|overlay| overlay.block_of(token).is_none())
    }

    fn store(&mut self, token: TokenId, block: BlockId, time: Round) -> bool {
        self.covers(token) && self.token_set.overlay_mut().store(token, block, time, false)
    }

    fn replace(&mut self, token: TokenId, block: BlockId, time: Round) -> bool {
        self.covers(token) && self.token_set.overlay_mut().store(token, block, time, true)
    }
}
