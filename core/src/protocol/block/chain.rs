//! Chain of commits of one peer, and heads that contradict each other.

use std::collections::VecDeque;

use arrayvec::ArrayVec;

use super::content::{Block, TOKENS_MAX};
use crate::base::digest::Digest;
use crate::base::id::{BlockId, TokenId};
use crate::base::rng::mix;
use crate::base::time::Round;

/// Links of a chain that are kept, the latest ones.
pub const LINKS_MAX: usize = 256;
/// Blocks that one link names at most.
pub const BLOCKS_MAX: usize = 32;

/// Head of a chain, as its peer states it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Head {
    /// Id of the latest link.
    pub id: u64,
    /// Links before it.
    pub height: u32,
    /// Number of the chain, drawn at each start of its peer: the id is bound to it and to the height.
    /// `None` with `consensus.fraud=heads`.
    pub chain: Option<u64>,
}

/// A link: blocks that a peer has committed in one round.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChainLink {
    /// Its id, and its height in the chain.
    pub head: Head,
    /// Id of the link before; `None` for the first.
    pub previous: Option<u64>,
    /// Round of the commits.
    pub time: Round,
    /// Blocks committed.
    pub blocks: Vec<Commit>,
}

/// A committed block, with its tokens: a peer that stores none of them need not ask for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Commit {
    /// The block.
    pub block: BlockId,
    /// Its tokens.
    pub tokens: ArrayVec<TokenId, TOKENS_MAX>,
}

impl From<&Block> for Commit {
    fn from(block: &Block) -> Self {
        Self { block: block.id, tokens: block.parts.iter().map(|part| part.token).collect() }
    }
}

/// The latest links of a peer's chain.
#[derive(Clone, Debug, Default)]
pub struct Chain {
    links: VecDeque<ChainLink>,
    number: Option<u64>,
}

impl Chain {
    /// An empty chain with a number, to which its links are bound.
    #[must_use]
    pub const fn numbered(number: u64) -> Self {
        Self { links: VecDeque::new(), number: Some(number) }
    }

    /// Appends commits of a round: to the head if it is of that round and has room, else as a new link.
    ///
    /// A head that has been stated never changes: `is_stated` forces a new link.
    pub fn append(&mut self, time: Round, commit: Commit, is_stated: bool) {
        let previous = self.links.back().map(|link| link.head);
        let is_open = self
            .links
            .back()
            .is_some_and(|link| link.time == time && link.blocks.len() < BLOCKS_MAX && !is_stated);
        if is_open && let Some(mut link) = self.links.pop_back() {
            link.blocks.push(commit);
            link.head.id = link.content_id();
            self.links.push_back(link);
            return;
        }
        let previous_id = previous.map(|head| head.id);
        let blocks = vec![commit];
        let height = previous.map_or(0, |head| head.height.saturating_add(1));
        let id = link_id(self.number, height, previous_id, time, &blocks);
        if self.links.len() == LINKS_MAX {
            self.links.pop_front();
        }
        let head = Head { id, height, chain: self.number };
        self.links.push_back(ChainLink { head, previous: previous_id, time, blocks });
    }

    /// The head; `None` before the first commit.
    #[must_use]
    pub fn head(&self) -> Option<Head> {
        self.links.back().map(|link| link.head)
    }

    /// The link with an id, if it is one of the latest.
    #[must_use]
    pub fn link(&self, id: u64) -> Option<&ChainLink> {
        self.links.iter().rev().find(|link| link.head.id == id)
    }

    /// The link that shows the commit of a block, if it is one of the latest.
    #[must_use]
    pub fn link_of(&self, block: BlockId) -> Option<&ChainLink> {
        self.links.iter().rev().find(|link| link.has(block))
    }

    /// Links that are kept.
    #[must_use]
    pub fn len(&self) -> usize {
        self.links.len()
    }

    /// Whether nothing has been committed.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.links.is_empty()
    }

    /// Adds the chain to a fingerprint: its head stands for all links.
    pub fn digest(&self, digest: &mut Digest) {
        digest.length(self.links.len());
        if let Some(link) = self.links.back() {
            link.digest(digest);
        }
    }
}

impl ChainLink {
    /// Bytes on the wire.
    #[must_use]
    pub fn size(&self) -> u32 {
        17 + self.head.size()
            + self
                .blocks
                .iter()
                .map(|commit| 9 + 8 * u32::try_from(commit.tokens.len()).unwrap_or(0))
                .sum::<u32>()
    }

    /// Whether the id is that of the content.
    #[must_use]
    pub fn is_genuine(&self) -> bool {
        self.blocks.len() <= BLOCKS_MAX && self.head.id == self.content_id()
    }

    /// Whether a link shows the commit of a block.
    #[must_use]
    pub fn has(&self, block: BlockId) -> bool {
        self.blocks.iter().any(|commit| commit.block == block)
    }

    fn content_id(&self) -> u64 {
        link_id(self.head.chain, self.head.height, self.previous, self.time, &self.blocks)
    }

    /// Adds the link to a fingerprint.
    pub fn digest(&self, digest: &mut Digest) {
        digest.number(self.head.id);
        digest.number(self.head.height);
        digest.number(self.time.0);
        digest.length(self.blocks.len());
        self.blocks.iter().for_each(|commit| digest.number(commit.block.get()));
    }
}

impl Head {
    /// Bytes on the wire.
    #[must_use]
    pub const fn size(&self) -> u32 {
        if self.chain.is_some() { 20 } else { 12 }
    }
}

/// Whether two heads that one peer has signed cannot share their ancestry: a chain has one link at a height.
/// A numbered chain ends when its peer loses its memory, and the peer begins another one.
#[must_use]
pub fn contradict(one: Head, other: Head) -> bool {
    one.chain == other.chain && one.height == other.height && one.id != other.id
}

fn link_id(chain: Option<u64>, height: u32, previous: Option<u64>, time: Round, blocks: &[Commit]) -> u64 {
    let start = mix(previous.map_or(1, mix) ^ mix(time.0));
    let start = chain.map_or(start, |number| mix(start ^ mix(number ^ mix(u64::from(height)))));
    blocks.iter().fold(start, |hash, commit| {
        let hash = mix(hash ^ commit.block.get());
        commit.tokens.iter().fold(hash, |hash, token| mix(hash ^ token.get()))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn commit(block: u64) -> Commit {
        Commit { block: BlockId::new(block), tokens: ArrayVec::new() }
    }

    #[test]
    fn commits_of_a_round_share_a_link_until_it_is_stated() {
        let mut chain = Chain::default();
        assert_eq!(chain.head(), None);
        chain.append(Round(1), commit(7), false);
        let first = chain.head().unwrap();
        chain.append(Round(1), commit(8), false);
        let second = chain.head().unwrap();
        assert_eq!((first.height, second.height, chain.len()), (0, 0, 1));
        chain.append(Round(1), commit(9), true);
        let third = chain.head().unwrap();
        assert_eq!((third.height, chain.len()), (1, 2));
        assert_eq!(chain.link(third.id).unwrap().previous, Some(second.id));
        assert!(chain.link(second.id).unwrap().is_genuine());
        assert!(contradict(first, second) && !contradict(second, third) && !contradict(third, third));
    }

    #[test]
    fn links_of_a_numbered_chain_are_bound_to_number_and_height() {
        let begin = |number| {
            let mut chain = Chain::numbered(number);
            (0..3).for_each(|round| chain.append(Round(round), commit(round), true));
            chain.head().unwrap()
        };
        let (one, other) = (begin(1), begin(2));
        assert!(one.id != other.id && one.height == other.height);
        assert!(!contradict(one, other), "its peer has lost its memory between the two");
        let mut chain = Chain::numbered(1);
        chain.append(Round(0), commit(0), false);
        let link = chain.link(chain.head().unwrap().id).unwrap();
        let claimed = |head: Head| ChainLink { head, ..link.clone() };
        assert!(link.is_genuine());
        assert!(!claimed(Head { height: 1, ..link.head }).is_genuine());
        assert!(!claimed(Head { chain: Some(2), ..link.head }).is_genuine());
        assert!(!claimed(Head { chain: None, ..link.head }).is_genuine());
    }

    #[test]
    fn a_chain_keeps_its_latest_links() {
        let mut chain = Chain::default();
        (0..LINKS_MAX as u64 + 5).for_each(|round| chain.append(Round(round), commit(round), false));
        assert_eq!((chain.len(), chain.head().unwrap().height), (LINKS_MAX, 260));
    }
}
