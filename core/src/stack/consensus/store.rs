//! Store: committed blocks of one peer, with what proves them.

use std::collections::VecDeque;
use std::sync::Arc as Shared;

use super::message::Votes;
use super::pool::PEERS_MAX;
use super::support::Support;
use crate::base::digest::Digest;
use crate::base::id::{BlockId, PeerId, TokenId};
use crate::protocol::block::Block;

/// Committed blocks that are kept, the latest ones.
pub const STORED_MAX: usize = 4_096;

/// Committed blocks, the latest ones.
#[derive(Clone, Debug, Default)]
pub struct BlockStore {
    /// In ascending order of id.
    blocks: Vec<Stored>,
    /// In the order of their commits.
    order: VecDeque<BlockId>,
}

/// A committed block.
#[derive(Clone, Debug)]
struct Stored {
    block: Shared<Block>,
    /// Signed votes that prove it; `None` if it was decided without.
    certificate: Option<Votes>,
    /// Approvals at its commit; `None` if it was taken over without votes.
    support: Option<Support>,
    /// Peers whose chains show that they have committed it, noted with `consensus.repair`.
    attested: Vec<PeerId>,
}

impl BlockStore {
    /// The block with an id.
    #[must_use]
    pub fn get(&self, id: BlockId) -> Option<&Shared<Block>> {
        self.find(id).ok().map(|index| &self.blocks[index].block)
    }

    /// Signed votes that prove a block.
    #[must_use]
    pub fn certificate(&self, id: BlockId) -> Option<&Votes> {
        self.blocks[self.find(id).ok()?].certificate.as_ref()
    }

    /// Peers whose chains show that they have committed a block, as far as noted.
    #[must_use]
    pub fn attested(&self, id: BlockId) -> &[PeerId] {
        self.find(id).map_or(&[], |index| &self.blocks[index].attested)
    }

    /// Notes that the chain of a peer shows that it has committed a block.
    pub fn attest(&mut self, id: BlockId, peer: PeerId) {
        let Ok(index) = self.find(id) else { return };
        let attested = &mut self.blocks[index].attested;
        if attested.len() < PEERS_MAX && !attested.contains(&peer) {
            attested.push(peer);
        }
    }

    /// Blocks that take over a token from a parent.
    pub fn children(&self, token: TokenId, parent: Option<BlockId>) -> impl Iterator<Item = &Shared<Block>> {
        self.iter().filter(move |block| block.part(token).is_some_and(|part| part.last == parent))
    }

    /// Approvals that each block had when it was committed, of those decided by votes.
    pub fn supports(&self) -> impl Iterator<Item = Support> {
        self.blocks.iter().filter_map(|stored| stored.support)
    }

    /// Keeps a block.
    pub fn insert(&mut self, block: Shared<Block>, certificate: Option<Votes>, support: Option<Support>) {
        let Err(index) = self.find(block.id) else { return };
        self.order.push_back(block.id);
        self.blocks.insert(index, Stored { block, certificate, support, attested: Vec::new() });
        if self.order.len() > STORED_MAX
            && let Some(oldest) = self.order.pop_front()
            && let Ok(index) = self.find(oldest)
        {
            self.blocks.remove(index);
        }
    }

    fn find(&self, id: BlockId) -> Result<usize, usize> {
        self.blocks.binary_search_by_key(&id, |stored| stored.block.id)
    }

    /// The blocks that were committed last, at most a number of them, the latest first.
    pub fn latest(&self, most: usize) -> impl Iterator<Item = &Shared<Block>> {
        self.order.iter().rev().take(most).filter_map(|id| self.get(*id))
    }

    /// Number of blocks.
    #[must_use]
    pub fn len(&self) -> usize {
        self.blocks.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.blocks.is_empty()
    }

    /// All blocks, in ascending order of id.
    pub fn iter(&self) -> impl Iterator<Item = &Shared<Block>> {
        self.blocks.iter().map(|stored| &stored.block)
    }

    pub(super) fn digest(&self, digest: &mut Digest) {
        digest.length(self.order.len());
        self.order.iter().for_each(|id| digest.number(id.get()));
        for stored in self.blocks.iter().filter(|stored| !stored.attested.is_empty()) {
            digest.number(stored.block.id.get());
            stored.attested.iter().for_each(|peer| digest.number(peer.get()));
        }
    }
}
