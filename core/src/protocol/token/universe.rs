//! Universe: the table of all tokens of a world, sorted, with an index by suffix.

use super::index::SuffixIndex;
use crate::base::id::{BlockId, Rank, TokenId};
use crate::base::prefetch;
use crate::base::ring::RingIndex;
use crate::base::rng::{Rng, mix};
use crate::protocol::message::{BlockVersion, CompactProof, Mapping, Proof, ProofResolver};

/// Key that separates contested tokens from others, alike for all peers, and their two blocks from each
/// other.
pub(super) const CONTESTED: u64 = 0x0c0f_11c7_ed00_0001;

/// All tokens of a world with their blocks, sorted by token, and indexed by suffix.
#[derive(Debug)]
pub struct Universe {
    mappings: Vec<Mapping>,
    directory: RingIndex,
    pub(super) by_suffix: SuffixIndex,
}

impl Universe {
    /// A universe of `count` different random tokens, each with a random block.
    #[must_use]
    pub fn random(count: usize, rng: &mut Rng) -> Self {
        let mut mappings = Vec::with_capacity(count);
        while mappings.len() < count {
            let missing = count - mappings.len();
            mappings.extend(
                (0..missing).map(|_| Mapping {
                    token: TokenId::new(rng.number()),
                    block: BlockId::new(rng.number()),
                }),
            );
            sort(&mut mappings);
            mappings.dedup_by_key(|mapping| mapping.token);
        }
        Self::new(mappings)
    }

    /// A universe of given mappings, in any order.
    ///
    /// # Panics
    ///
    /// With 2^32 mappings or more: ranks have 32 bits.
    #[must_use]
    pub fn new(mut mappings: Vec<Mapping>) -> Self {
        assert!(u32::try_from(mappings.len()).is_ok(), "ranks have 32 bits");
        sort(&mut mappings);
        let tokens = mappings.iter().map(|mapping| mapping.token);
        let (directory, by_suffix) =
            (RingIndex::new(tokens.clone().map(TokenId::get)), SuffixIndex::new(tokens));
        Self { mappings, directory, by_suffix }
    }

    /// Maps a token to another block; no effect if the token does not exist.
    pub fn remap(&mut self, token: TokenId, block: BlockId) {
        if let Some(rank) = self.rank_of(token) {
            self.mappings[rank.0 as usize].block = block;
        }
    }

    /// Number of tokens.
    #[must_use]
    pub fn len(&self) -> u32 {
        rank_from(self.mappings.len()).0
    }

    /// Returns whether there are no tokens.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.mappings.is_empty()
    }

    /// The mapping at a rank, with the current block.
    #[must_use]
    pub fn mapping(&self, rank: Rank) -> Mapping {
        self.mappings[rank.0 as usize]
    }

    /// The mapping at a rank, with the block of a version.
    #[must_use]
    pub(crate) fn mapping_of(&self, version: BlockVersion, rank: Rank) -> Mapping {
        let Mapping { token, block } = self.mapping(rank);
        let block = match version {
            BlockVersion::Current => block,
            BlockVersion::Previous => BlockId::new(mix(block.get())),
            BlockVersion::Rival => BlockId::new(mix(block.get() ^ CONTESTED)),
        };
        Mapping { token, block }
    }

    /// Rank of a token; `None` if it does not exist.
    #[must_use]
    pub fn rank_of(&self, token: TokenId) -> Option<Rank> {
        let rank = self.first_at_or_after(token.get());
        self.mappings.get(rank.0 as usize).is_some_and(|mapping| mapping.token == token).then_some(rank)
    }

    /// Prefetches the entry of the directory that a lookup of a token reads first.
    pub(crate) fn prefetch_directory(&self, token: TokenId) {
        self.directory.prefetch(token.get());
    }

    /// Prefetches the mappings near a token, by the directory.
    pub(crate) fn prefetch_mappings(&self, token: TokenId) {
        prefetch::all(&self.mappings[self.directory.around(token.get())]);
    }

    /// Prefetches the lines that a search for suffixes near a rank reads.
    pub(crate) fn prefetch_suffixes(&self, suffixes: &[u16], near: Rank) {
        self.by_suffix.prefetch(suffixes, near);
    }

    /// Rank of the first token at or above a position; the number of tokens if all are below it.
    pub(super) fn first_at_or_after(&self, position: u64) -> Rank {
        let near = self.directory.around(position);
        let before = self.mappings[near.clone()].partition_point(|mapping| mapping.token.get() < position);
        let index = near.start + before;
        debug_assert!(
            index == 0 || self.mappings[index - 1].token.get() < position,
            "{index} is not the first"
        );
        debug_assert!(self.mappings.get(index).is_none_or(|mapping| mapping.token.get() >= position));
        rank_from(index)
    }
}

/// Rank of an index of the table, whose length has 32 bits.
#[expect(clippy::cast_possible_truncation, reason = "`Universe::new` asserts the length")]
const fn rank_from(index: usize) -> Rank {
    Rank(index as u32)
}

impl ProofResolver for Universe {
    fn resolve(&self, compact: &CompactProof) -> Proof {
        let [answer, signature @ ..] =
            compact.entries().map(|(rank, version)| self.mapping_of(version, rank));
        debug_assert_eq!(answer.token, compact.token(), "the ranks are those of this universe");
        Proof { answer, signature }
    }
}

/// Sorts by token. A function of its own, because the library's sort is compiled once more for every call
/// with another key.
fn sort(mappings: &mut [Mapping]) {
    mappings.sort_unstable_by_key(|mapping| mapping.token);
}
