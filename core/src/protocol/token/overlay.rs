//! Overlay: mappings of one peer that differ from the shared table, because it has stored later blocks.

use crate::base::digest::Digest;
use crate::base::id::{BlockId, TokenId};
use crate::base::time::Round;
use crate::protocol::message::{Mapping, Proof};

/// Most mappings of an overlay; beyond that, mappings stay as they are.
pub(super) const OVERLAY_MAX: usize = 1 << 16;

/// Mappings that replace those of the shared table, in ascending order of token.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Overlay {
    stored: Vec<(Mapping, Round)>,
}

impl Overlay {
    /// The block that replaces the one of the shared table; `None` if none does.
    #[must_use]
    pub fn block_of(&self, token: TokenId) -> Option<BlockId> {
        self.find(token).ok().map(|index| self.stored[index].0.block)
    }

    /// Maps a token to a block; `false` if that has no later time than the one stored, unless `is_forced`, or
    /// there is no room.
    pub fn store(&mut self, token: TokenId, block: BlockId, time: Round, is_forced: bool) -> bool {
        let stored = (Mapping { token, block }, time);
        match self.find(token) {
            Ok(index) if is_forced || self.stored[index].1 < time => self.stored[index] = stored,
            Err(index) if self.stored.len() < OVERLAY_MAX => self.stored.insert(index, stored),
            _ => return false,
        }
        true
    }

    /// Replaced mappings.
    pub fn iter(&self) -> impl Iterator<Item = (Mapping, Round)> {
        self.stored.iter().copied()
    }

    /// A proof with the stored blocks; `None` if it shows no token of the overlay.
    #[must_use]
    pub fn shown_in(&self, mut proof: Proof) -> Option<Proof> {
        let mut is_other = false;
        for mapping in [&mut proof.answer].into_iter().chain(&mut proof.signature) {
            if let Some(block) = self.block_of(mapping.token) {
                mapping.block = block;
                is_other = true;
            }
        }
        is_other.then_some(proof)
    }

    fn find(&self, token: TokenId) -> Result<usize, usize> {
        self.stored.binary_search_by_key(&token, |(mapping, _)| mapping.token)
    }

    /// Adds the overlay to a fingerprint.
    pub fn digest(&self, digest: &mut Digest) {
        digest.length(self.stored.len());
        for (mapping, time) in &self.stored {
            digest.number(mapping.token.get());
            digest.number(mapping.block.get());
            digest.number(time.0);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mapping_only_moves_forward_in_time() {
        let (token, block) = (TokenId::new(4), BlockId::new);
        let mut overlay = Overlay::default();
        assert!(overlay.store(token, block(1), Round(5), false));
        assert!(!overlay.store(token, block(2), Round(5), false), "not strictly later");
        assert!(overlay.store(token, block(3), Round(6), false));
        assert_eq!(overlay.block_of(token), Some(block(3)));
        assert!(overlay.store(token, block(4), Round(2), true), "a lost block is given up");
        assert_eq!(overlay.block_of(TokenId::new(5)), None);
    }

    #[test]
    fn an_overlay_is_bounded() {
        let mut overlay = Overlay::default();
        let store = |overlay: &mut Overlay, token| {
            overlay.store(TokenId::new(token as u64), BlockId::new(1), Round(1), false)
        };
        assert!((0..OVERLAY_MAX).all(|token| store(&mut overlay, token)));
        assert!(!store(&mut overlay, OVERLAY_MAX));
    }
}
