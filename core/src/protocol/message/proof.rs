//! Proofs of storage: their content, their compact form, and how two of them compare.

use std::borrow::Cow;

use crate::base::digest::Digest;
use crate::base::id::{BlockId, PeerId, Rank, TokenId};
use crate::base::mutant::Mutant;
use crate::base::prefetch::{self, Prefetch};

/// Number of mappings in the signature of a proof (document 000: "10 signature tokens").
pub const PROOF_SIZE: usize = 10;

/// A token and the block stored for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Mapping {
    /// The token.
    pub token: TokenId,
    /// Its block.
    pub block: BlockId,
}

/// A proof of storage in explicit form: the answer to a challenge, and ten mappings that only a peer which
/// stores the neighborhood of the token finds quickly.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Proof {
    /// The challenged token and the block claimed for it.
    pub answer: Mapping,
    /// Mappings with the demanded suffixes, in the order in which the search found them.
    pub signature: [Mapping; PROOF_SIZE],
}

impl Proof {
    /// Returns whether two proofs map a token to different blocks.
    #[must_use]
    pub fn contradicts(&self, other: &Self) -> bool {
        let mappings = |proof: &Self| [proof.answer].into_iter().chain(proof.signature);
        mappings(self)
            .any(|one| mappings(other).any(|other| one.token == other.token && one.block != other.block))
    }

    /// Number of mappings of this signature that occur anywhere in the other: 0 to 10.
    #[must_use]
    pub(crate) fn agreement(&self, other: &Self) -> u8 {
        if Mutant::BlocksIgnored.is_active() {
            return agreement(&self.signature.map(|one| one.token), &other.signature.map(|one| one.token));
        }
        agreement(&self.signature, &other.signature)
    }

    /// Adds the proof to a fingerprint.
    pub fn digest(&self, digest: &mut Digest) {
        for mapping in [&self.answer].into_iter().chain(&self.signature) {
            digest.number(mapping.token.get());
            digest.number(mapping.block.get());
        }
    }
}

/// Version of a token's block that a peer stores.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum BlockVersion {
    /// The current block.
    #[default]
    Current = 0,
    /// The block before the current one.
    Previous = 1,
    /// The rival block of a contested token.
    Rival = 2,
}

/// Order of the tokens of a compact proof around the ring, as far as its search guarantees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum WalkOrder {
    /// Up to five tokens ascend from the challenged one, the others descend from it; none across the origin.
    Straight,
    /// As `Straight`, across the origin; no token occurs twice.
    Around,
    /// No guarantee: the two walks may have met.
    Unknown,
}

/// A proof that a search has found in a store, in a third of the space: tokens by their ranks in the table of
/// all tokens. Guarantees of its construction are not verified again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CompactProof {
    /// Challenger: the suffixes fit its challenge.
    asker: PeerId,
    token: TokenId,
    /// The challenged token first.
    ranks: [Rank; 1 + PROOF_SIZE],
    versions: PackedVersions,
    order: WalkOrder,
}

/// Block versions of a compact proof, two bits each; all zero if all blocks are current.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct PackedVersions([u8; 3]);

impl PackedVersions {
    pub(crate) const CURRENT: Self = Self([0; 3]);

    pub(crate) fn new(versions: [BlockVersion; 1 + PROOF_SIZE]) -> Self {
        let mut packed = Self::CURRENT;
        for (index, version) in versions.into_iter().enumerate() {
            packed.0[index / 4] |= (version as u8) << (index % 4 * 2);
        }
        packed
    }

    const fn get(self, index: usize) -> BlockVersion {
        let bits = self.0[index / 4] >> (index % 4 * 2) & 3;
        debug_assert!(bits < 3, "three versions");
        match bits {
            0 => BlockVersion::Current,
            1 => BlockVersion::Previous,
            _ => BlockVersion::Rival,
        }
    }
}

impl CompactProof {
    /// Result of a search for `asker`: the challenged token, then the tokens with the demanded suffixes, and
    /// the version of each. Different versions of one rank must have different blocks.
    pub(crate) fn new(
        asker: PeerId,
        token: TokenId,
        ranks: [Rank; 1 + PROOF_SIZE],
        versions: PackedVersions,
        order: WalkOrder,
    ) -> Self {
        debug_assert!(
            order == WalkOrder::Unknown || Mutant::ProofCutShort.is_active() || is_unique(&ranks),
            "a walk in order finds no token twice: {ranks:?}"
        );
        Self { asker, token, ranks, versions, order }
    }

    /// Challenger for which the proof was searched.
    #[must_use]
    pub const fn asker(&self) -> PeerId {
        self.asker
    }

    /// The challenged token.
    #[must_use]
    pub const fn token(&self) -> TokenId {
        self.token
    }

    /// Order of the tokens, as far as it is guaranteed.
    #[must_use]
    pub(crate) const fn order(&self) -> WalkOrder {
        self.order
    }

    /// Ranks of the tokens, the challenged one first, with the block versions that the prover stores.
    #[must_use]
    pub(crate) fn entries(&self) -> [(Rank, BlockVersion); 1 + PROOF_SIZE] {
        std::array::from_fn(|index| (self.ranks[index], self.versions.get(index)))
    }

    fn is_current(&self) -> bool {
        self.versions == PackedVersions::CURRENT
    }

    /// As [`Proof::contradicts`].
    #[must_use]
    pub fn contradicts(&self, other: &Self) -> bool {
        if self.is_current() && other.is_current() {
            return false;
        }
        let theirs = other.entries();
        self.entries()
            .iter()
            .any(|(rank, version)| theirs.iter().any(|(other, theirs)| rank == other && version != theirs))
    }

    /// As [`Proof::agreement`].
    #[must_use]
    pub(crate) fn agreement(&self, other: &Self) -> u8 {
        if (self.is_current() && other.is_current()) || Mutant::BlocksIgnored.is_active() {
            // Without branches, and summed at the end, so that the compiler vectorizes the comparisons.
            let mut occurs = [0; PROOF_SIZE];
            for theirs in &other.ranks[1..] {
                for (occurs, ours) in occurs.iter_mut().zip(&self.ranks[1..]) {
                    *occurs |= u32::from(ours == theirs);
                }
            }
            return occurs.into_iter().fold(0, |sum, occurs| sum + u8::from(occurs > 0));
        }
        agreement(&self.entries()[1..], &other.entries()[1..])
    }
}

fn is_unique(ranks: &[Rank]) -> bool {
    ranks.iter().enumerate().all(|(index, rank)| !ranks[..index].contains(rank))
}

/// Number of items of one list that occur anywhere in the other.
fn agreement<T: PartialEq>(one: &[T], other: &[T]) -> u8 {
    debug_assert_eq!(one.len(), other.len(), "signatures are of one size");
    // Agreeing provers have mostly found the same token at the same step.
    let occurs = |(index, item): (usize, &T)| other[index] == *item || other.contains(item);
    one.iter().enumerate().map(|item| u8::from(occurs(item))).sum()
}

/// Resolution of compact proofs by the table of all tokens.
pub trait ProofResolver {
    /// Explicit form of a compact proof.
    fn resolve(&self, compact: &CompactProof) -> Proof;
}

/// A proof of storage as a message carries it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StorageProof {
    /// Found by a search in a store.
    Compact(Box<CompactProof>),
    /// Spelled out by its sender, which may have invented it.
    Explicit(Box<Proof>),
}

impl Prefetch for StorageProof {
    /// Prefetches the content of the proof.
    fn prefetch(&self) {
        match self {
            Self::Compact(compact) => prefetch::whole(&**compact),
            Self::Explicit(proof) => prefetch::whole(&**proof),
        }
    }
}

impl StorageProof {
    /// The challenged token.
    #[must_use]
    pub fn token(&self) -> TokenId {
        match self {
            Self::Compact(compact) => compact.token,
            Self::Explicit(proof) => proof.answer.token,
        }
    }

    /// The proof in explicit form.
    #[must_use]
    pub fn resolve(&self, resolver: &dyn ProofResolver) -> Cow<'_, Proof> {
        match self {
            Self::Compact(compact) => Cow::Owned(resolver.resolve(compact)),
            Self::Explicit(proof) => Cow::Borrowed(proof),
        }
    }

    /// Returns whether two proofs map a token to different blocks.
    #[must_use]
    pub fn contradicts(&self, other: &Self, resolver: &dyn ProofResolver) -> bool {
        match (self, other) {
            (Self::Compact(one), Self::Compact(other)) => one.contradicts(other),
            _ => self.resolve(resolver).contradicts(&other.resolve(resolver)),
        }
    }

    /// Returns whether two proofs claim the same mapping for the challenged token.
    #[must_use]
    pub(crate) fn has_answer_of(&self, other: &Self, resolver: &dyn ProofResolver) -> bool {
        match (self, other) {
            (Self::Compact(one), Self::Compact(other)) => one.entries()[0] == other.entries()[0],
            _ => self.resolve(resolver).answer == other.resolve(resolver).answer,
        }
    }

    /// Number of mappings of this signature that occur anywhere in the other: 0 to 10.
    #[must_use]
    pub(crate) fn agreement(&self, other: &Self, resolver: &dyn ProofResolver) -> u8 {
        match (self, other) {
            (Self::Compact(one), Self::Compact(other)) => one.agreement(other),
            _ => self.resolve(resolver).agreement(&other.resolve(resolver)),
        }
    }

    /// Returns whether the agreement of two proofs is known to be symmetric: no mapping occurs twice in
    /// either.
    #[must_use]
    pub(crate) fn agrees_symmetrically(&self, other: &Self) -> bool {
        let is_unique =
            |proof: &Self| matches!(proof, Self::Compact(compact) if compact.order != WalkOrder::Unknown);
        is_unique(self) && is_unique(other)
    }

    /// Adds the explicit form to a fingerprint.
    pub fn digest(&self, digest: &mut Digest, resolver: &dyn ProofResolver) {
        self.resolve(resolver).digest(digest);
    }
}

impl From<CompactProof> for StorageProof {
    fn from(compact: CompactProof) -> Self {
        Self::Compact(Box::new(compact))
    }
}

impl From<Proof> for StorageProof {
    fn from(proof: Proof) -> Self {
        Self::Explicit(Box::new(proof))
    }
}

#[cfg(test)]
pub(crate) mod sample {
    use super::*;

    /// A resolver for tests in which all proofs are explicit.
    pub(crate) struct NoTable;

    impl ProofResolver for NoTable {
        fn resolve(&self, _: &CompactProof) -> Proof {
            unreachable!("all proofs are explicit")
        }
    }
}
