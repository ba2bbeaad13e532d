//! Tokens that a peer has come across and may hold elections on (seed 000, `TokenSamples`).

use crate::actor::Context;
use crate::digest::Digest;
use crate::id::TokenId;

/// A bounded set of tokens.
#[derive(Clone, Debug, Default)]
pub struct Samples {
    /// In ascending order.
    tokens: Vec<TokenId>,
}

impl Samples {
    /// How many tokens there are.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.tokens.len()
    }

    /// Whether there is none.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.tokens.is_empty()
    }

    /// Remembers a token. At the limit a uniformly random resident makes room, or, as shipped, the newcomer is turned
    /// away.
    pub fn insert(&mut self, cx: &mut Context<'_>, token: TokenId) {
        let is_full = self.tokens.len() >= cx.config.peers.sample_capacity as usize;
        if is_full && cx.config.peers.frozen_samples {
            return;
        }
        let Err(place) = self.tokens.binary_search(&token) else { return };
        if !is_full {
            self.tokens.insert(place, token);
        } else if let Some(leaves) = cx.rng.index(self.tokens.len()) {
            // Everything between the two places moves by one; nothing else does.
            if leaves < place {
                self.tokens[leaves..place].rotate_left(1);
                self.tokens[place - 1] = token;
            } else {
                self.tokens[place..=leaves].rotate_right(1);
                self.tokens[place] = token;
            }
        }
    }

    /// Phase 4: forgets uniformly random tokens above the capacity, which may have been lowered.
    pub fn evict(&mut self, cx: &mut Context<'_>) {
        while self.tokens.len() > cx.config.peers.sample_capacity as usize {
            self.take(cx);
        }
    }

    /// Picks a uniformly random token and removes it.
    pub fn take(&mut self, cx: &mut Context<'_>) -> Option<TokenId> {
        cx.rng.index(self.tokens.len()).map(|place| self.tokens.remove(place))
    }

    /// Adds the set to a fingerprint.
    pub fn digest(&self, digest: &mut Digest) {
        digest.length(self.tokens.len());
        self.tokens.iter().for_each(|token| digest.number(token.get()));
    }
}
