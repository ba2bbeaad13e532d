//! Store: committed blocks of one peer, with what proves them.

use std::collections::VecDeque;
use std::sync::Arc as Shared;

use super::message::Votes;
use crate::base::digest::Digest;
use crate::base::id::BlockId;
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

    /// Keeps a block.
    pub fn insert(&mut self, block: Shared<Block>, certificate: Option<Votes>) {
        let Err(index) = self.find(block.id) else { return };
        self.order.push_back(block.id);
        self.blocks.insert(index, Stored { block, certificate });
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
    }
}
