//! Proofs of storage: what they say, and how they are kept.

use std::borrow::Cow;

use crate::base::digest::Digest;
use crate::base::id::{BlockId, PeerId, Rank, TokenId};
use crate::base::mutant::Mutant;
use crate::base::prefetch;

/// Mappings in a proof of storage (seed 000: "10 signature tokens").
pub const PROOF_SIZE: usize = 10;

/// A token and the block that a peer has stored for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Mapping {
    /// The token.
    pub token: TokenId,
    /// Its block.
    pub block: BlockId,
}

/// A proof of storage, spelled out: the answer to a challenge, and ten mappings that only a peer holding the
/// neighbourhood of the token can find quickly.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Proof {
    /// The challenged token and the block claimed for it.
    pub answer: Mapping,
    /// The mappings found, in the order in which they were found.
    pub signature: [Mapping; PROOF_SIZE],
}

impl Proof {
    /// Whether two proofs map a token to different blocks.
    #[must_use]
    pub fn contradicts(&self, other: &Self) -> bool {
        let mappings = |proof: &Self| [proof.answer].into_iter().chain(proof.signature);
        mappings(self)
            .any(|one| mappings(other).any(|other| one.token == other.token && one.block != other.block))
    }

    /// How many mappings of this signature occur anywhere in the other.
    #[must_use]
    pub fn agreement(&self, other: &Self) -> u8 {
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

/// Which of the blocks that ever belonged to a token a peer has for it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum BlockVersion {
    /// The one that it has now.
    #[default]
    Present = 0,
    /// The one before.
    Behind = 1,
    /// The one that the other side of a dispute believes in.
    OtherSide = 2,
}

/// What is known of the order in which a finding met its tokens, from how they were found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WalkOrder {
    /// At most five going up from the challenged token, the others going down, without crossing the origin.
    Straight,
    /// The same round the ring, no token twice.
    Around,
    /// Nothing: the ways up and down may have met.
    Unknown,
}

/// A proof that was found in a store, in a third of the space: its mappings by their places in the table of all tokens.
/// Whatever is known of it by construction nobody has to check again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CompactProof {
    /// For whom it was looked for: its suffixes fit the challenge of this peer.
    asker: PeerId,
    token: TokenId,
    /// The challenged token first.
    ranks: [Rank; 1 + PROOF_SIZE],
    views: Views,
    order: WalkOrder,
}

/// The views of a finding, two bits for each of its places: zero where all blocks are the present ones.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Views([u8; 3]);

impl Views {
    const PRESENT: Self = Self([0; 3]);

    fn of(views: [BlockVersion; 1 + PROOF_SIZE]) -> Self {
        let mut packed = Self::PRESENT;
        for (place, view) in views.into_iter().enumerate() {
            packed.0[place / 4] |= (view as u8) << (place % 4 * 2);
        }
        packed
    }

    const fn at(self, place: usize) -> BlockVersion {
        match self.0[place / 4] >> (place % 4 * 2) & 3 {
            0 => BlockVersion::Present,
            1 => BlockVersion::Behind,
            _ => BlockVersion::OtherSide,
        }
    }
}

impl CompactProof {
    /// What a search for `asker` has found: the challenged token, and tokens with the demanded suffixes. No two
    /// different views of a rank have the same block.
    pub(crate) fn new(
        asker: PeerId,
        token: TokenId,
        found: [(Rank, BlockVersion); 1 + PROOF_SIZE],
        order: WalkOrder,
    ) -> Self {
        let (ranks, views) = (found.map(|(rank, _)| rank), Views::of(found.map(|(_, view)| view)));
        Self { asker, token, ranks, views, order }
    }

    /// For whom it was looked for.
    #[must_use]
    pub const fn asker(&self) -> PeerId {
        self.asker
    }

    /// The challenged token.
    #[must_use]
    pub const fn token(&self) -> TokenId {
        self.token
    }

    /// What is known of the order in which its tokens were met.
    #[must_use]
    pub const fn order(&self) -> WalkOrder {
        self.order
    }

    /// The places of its tokens, the challenged one first, with what the finder has for them.
    #[must_use]
    pub fn places(&self) -> [(Rank, BlockVersion); 1 + PROOF_SIZE] {
        std::array::from_fn(|place| (self.ranks[place], self.views.at(place)))
    }

    fn is_present(&self) -> bool {
        self.views == Views::PRESENT
    }

    /// As [`Proof::contradicts`].
    #[must_use]
    pub fn contradicts(&self, other: &Self) -> bool {
        if self.is_present() && other.is_present() {
            return false;
        }
        let theirs = other.places();
        self.places()
            .iter()
            .any(|(rank, view)| theirs.iter().any(|(other, theirs)| rank == other && view != theirs))
    }

    /// As [`Proof::agreement`].
    #[must_use]
    pub fn agreement(&self, other: &Self) -> u8 {
        if (self.is_present() && other.is_present()) || Mutant::BlocksIgnored.is_active() {
            // No branches, and no sum before the end: numbers are compared many at a time.
            let mut occurs = [0; PROOF_SIZE];
            for theirs in &other.ranks[1..] {
                for (occurs, ours) in occurs.iter_mut().zip(&self.ranks[1..]) {
                    *occurs |= u32::from(ours == theirs);
                }
            }
            return occurs.into_iter().fold(0, |sum, occurs| sum + u8::from(occurs > 0));
        }
        agreement(&self.places()[1..], &other.places()[1..])
    }
}

/// How many things of the one list occur anywhere in the other.
fn agreement<T: PartialEq>(one: &[T], other: &[T]) -> u8 {
    // Mostly those who agree have met the same token at the same step.
    let occurs = |(place, thing): (usize, &T)| other[place] == *thing || other.contains(thing);
    one.iter().enumerate().map(|thing| u8::from(occurs(thing))).sum()
}

/// Spells out what was found: it has the table of all tokens.
pub trait ProofResolver {
    /// What a finding says.
    fn resolve(&self, finding: &CompactProof) -> Proof;
}

/// A proof of storage as it comes off the wire.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StorageProof {
    /// Found in a store.
    Found(Box<CompactProof>),
    /// Spelled out by whoever sends it, from a store or from nowhere.
    Stated(Box<Proof>),
}

impl StorageProof {
    /// Asks for the proof.
    pub(crate) fn prefetch(&self) {
        match self {
            Self::Found(finding) => prefetch::whole(&**finding),
            Self::Stated(proof) => prefetch::whole(&**proof),
        }
    }

    /// The challenged token.
    #[must_use]
    pub fn token(&self) -> TokenId {
        match self {
            Self::Found(finding) => finding.token,
            Self::Stated(proof) => proof.answer.token,
        }
    }

    /// What it says.
    #[must_use]
    pub fn resolve(&self, reader: &dyn ProofResolver) -> Cow<'_, Proof> {
        match self {
            Self::Found(finding) => Cow::Owned(reader.resolve(finding)),
            Self::Stated(proof) => Cow::Borrowed(proof),
        }
    }

    /// Whether the two map a token to different blocks.
    #[must_use]
    pub fn contradicts(&self, other: &Self, reader: &dyn ProofResolver) -> bool {
        match (self, other) {
            (Self::Found(one), Self::Found(other)) => one.contradicts(other),
            _ => self.resolve(reader).contradicts(&other.resolve(reader)),
        }
    }

    /// Whether both claim the same mapping for the challenged token.
    #[must_use]
    pub fn has_answer_of(&self, other: &Self, reader: &dyn ProofResolver) -> bool {
        match (self, other) {
            (Self::Found(one), Self::Found(other)) => one.places()[0] == other.places()[0],
            _ => self.resolve(reader).answer == other.resolve(reader).answer,
        }
    }

    /// How many mappings of this signature occur anywhere in the other.
    #[must_use]
    pub fn agreement(&self, other: &Self, reader: &dyn ProofResolver) -> u8 {
        match (self, other) {
            (Self::Found(one), Self::Found(other)) => one.agreement(other),
            _ => self.resolve(reader).agreement(&other.resolve(reader)),
        }
    }

    /// Whether the two agree with one another as much one way as the other: no mapping occurs twice in either.
    #[must_use]
    pub fn agrees_symmetrically(&self, other: &Self) -> bool {
        let is_unique =
            |evidence: &Self| matches!(evidence, Self::Found(finding) if finding.order != WalkOrder::Unknown);
        is_unique(self) && is_unique(other)
    }

    /// Adds what it says to a fingerprint.
    pub fn digest(&self, digest: &mut Digest, reader: &dyn ProofResolver) {
        self.resolve(reader).digest(digest);
    }
}

impl From<CompactProof> for StorageProof {
    fn from(finding: CompactProof) -> Self {
        Self::Found(Box::new(finding))
    }
}

impl From<Proof> for StorageProof {
    fn from(proof: Proof) -> Self {
        Self::Stated(Box::new(proof))
    }
}

#[cfg(test)]
pub(crate) mod sample {
    use super::*;

    /// For tests in which nothing is found in a store.
    pub(crate) struct NoTable;

    impl ProofResolver for NoTable {
        fn resolve(&self, _: &CompactProof) -> Proof {
            unreachable!("all evidence is stated")
        }
    }
}
