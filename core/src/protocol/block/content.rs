//! Content of a block, and the rules by which it is valid.

use arrayvec::ArrayVec;

use crate::base::digest::Digest;
use crate::base::id::{BlockId, TokenId};
use crate::base::rng::mix;
use crate::base::time::Round;

/// Most tokens of a block.
pub const TOKENS_MAX: usize = 6;

/// One token of a block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Part {
    /// The token that the block takes over.
    pub token: TokenId,
    /// Block that the token maps to before; `None` for a token that the block creates.
    pub last: Option<BlockId>,
    /// Key that the next block must present.
    pub key: u64,
    /// Key of the parent, as presented; equality stands in for a signature. Not part of the id.
    pub signature: Option<u64>,
}

/// A block: tokens that it takes over from their parents.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Block {
    /// Id: also the position of its witnesses on the ring.
    pub id: BlockId,
    /// Round in which it was made.
    pub time: Round,
    /// Its tokens.
    pub parts: ArrayVec<Part, TOKENS_MAX>,
}

/// Rules of validity. The published program leaves some checks out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ValidityRules {
    /// Whether six tokens are one too many, by an error of the published program.
    pub is_six_refused: bool,
    /// Whether tokens must differ, and the id be the hash of the content.
    pub is_content_checked: bool,
    /// Rounds by which the time of a block may be ahead.
    pub future_rounds: u64,
}

/// Reason why a block is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Invalid {
    /// No token.
    Empty,
    /// Six tokens, where that is one too many.
    TooManyTokens,
    /// Its time is too far ahead.
    FromTheFuture,
    /// A token occurs twice.
    TokenTwice,
    /// The id is not the hash of the content.
    WrongId,
    /// The parent is not earlier than the block.
    ParentNotEarlier,
    /// The parent does not contain the token.
    ParentLacksToken,
    /// The signature is not the key of the parent.
    WrongSignature,
}

impl Block {
    /// A block with the id of its content.
    #[must_use]
    pub fn new(time: Round, parts: ArrayVec<Part, TOKENS_MAX>) -> Self {
        Self { id: content_id(time, &parts), time, parts }
    }

    /// Checks the block by itself, without its parents.
    ///
    /// # Errors
    ///
    /// The first rule that it breaks.
    pub fn check(&self, now: Round, rules: ValidityRules) -> Result<(), Invalid> {
        if self.parts.is_empty() {
            return Err(Invalid::Empty);
        }
        if rules.is_six_refused && self.parts.len() >= TOKENS_MAX {
            return Err(Invalid::TooManyTokens);
        }
        if self.time.0 > now.0.saturating_add(rules.future_rounds) {
            return Err(Invalid::FromTheFuture);
        }
        let is_twice =
            |(index, part): (usize, &Part)| self.parts[..index].iter().any(|one| one.token == part.token);
        if rules.is_content_checked && self.parts.iter().enumerate().any(is_twice) {
            return Err(Invalid::TokenTwice);
        }
        if rules.is_content_checked && !self.is_genuine() {
            return Err(Invalid::WrongId);
        }
        Ok(())
    }

    /// Whether the id is the hash of the content.
    #[must_use]
    pub fn is_genuine(&self) -> bool {
        self.id == content_id(self.time, &self.parts)
    }

    /// Checks one token of the block against the parent that it names.
    ///
    /// # Errors
    ///
    /// The first rule that it breaks.
    pub fn check_parent(&self, part: &Part, parent: &Self) -> Result<(), Invalid> {
        if parent.time >= self.time {
            return Err(Invalid::ParentNotEarlier);
        }
        let Some(spent) = parent.part(part.token) else { return Err(Invalid::ParentLacksToken) };
        if part.signature != Some(spent.key) {
            return Err(Invalid::WrongSignature);
        }
        Ok(())
    }

    /// Index of a token within the block.
    #[must_use]
    pub fn index_of(&self, token: TokenId) -> Option<usize> {
        self.parts.iter().position(|part| part.token == token)
    }

    /// The part of a token.
    #[must_use]
    pub fn part(&self, token: TokenId) -> Option<&Part> {
        self.parts.iter().find(|part| part.token == token)
    }

    /// Whether another block takes over one of the tokens from the same parent.
    #[must_use]
    pub fn conflicts_with(&self, other: &Self) -> bool {
        let is_rival = |part: &Part| other.part(part.token).is_some_and(|one| one.last == part.last);
        self.id != other.id && self.parts.iter().any(is_rival)
    }

    /// Bytes on the wire.
    #[must_use]
    pub fn size(&self) -> u32 {
        17 + 32 * u32::try_from(self.parts.len()).unwrap_or(u32::MAX)
    }

    /// Adds the block to a fingerprint.
    pub fn digest(&self, digest: &mut Digest) {
        digest.number(self.id.get());
        digest.number(self.time.0);
        digest.length(self.parts.len());
        for part in &self.parts {
            digest.number(part.token.get());
            digest.number(u64::from(part.last.is_some()));
            digest.number(part.last.map_or(0, BlockId::get));
            digest.number(part.key);
            digest.number(u64::from(part.signature.is_some()));
            digest.number(part.signature.unwrap_or_default());
        }
    }
}

/// Key of a token in the block in which a world begins, which is stored nowhere.
#[must_use]
pub const fn genesis_key(block: BlockId) -> u64 {
    mix(block.get() ^ 0x6b65_7900)
}

/// The first 64 bits of BLAKE3 over time and parts without signatures, little-endian.
fn content_id(time: Round, parts: &[Part]) -> BlockId {
    let mut hasher = blake3::Hasher::new();
    hasher.update(&time.0.to_le_bytes());
    for part in parts {
        let last = part.last.map_or(0, BlockId::get);
        for number in [part.token.get(), u64::from(part.last.is_some()), last, part.key] {
            hasher.update(&number.to_le_bytes());
        }
    }
    let mut first = [0; 8];
    first.copy_from_slice(&hasher.finalize().as_bytes()[..8]);
    BlockId::new(u64::from_le_bytes(first))
}

#[cfg(test)]
mod tests {
    use super::*;

    const RULES: ValidityRules =
        ValidityRules { is_six_refused: false, is_content_checked: true, future_rounds: 100 };
    const SHIPPED: ValidityRules = ValidityRules { is_six_refused: true, is_content_checked: false, ..RULES };

    fn part(token: u64, last: Option<u64>, key: u64, signature: Option<u64>) -> Part {
        Part { token: TokenId::new(token), last: last.map(BlockId::new), key, signature }
    }

    fn block(time: u64, tokens: std::ops::Range<u64>) -> Block {
        Block::new(Round(time), tokens.map(|token| part(token, None, token + 100, None)).collect())
    }

    #[test]
    fn six_tokens_pass_as_written_and_not_as_shipped() {
        assert_eq!(block(5, 0..6).check(Round(5), RULES), Ok(()));
        assert_eq!(block(5, 0..6).check(Round(5), SHIPPED), Err(Invalid::TooManyTokens));
        assert_eq!(block(5, 0..5).check(Round(5), SHIPPED), Ok(()));
        assert_eq!(block(5, 0..0).check(Round(5), SHIPPED), Err(Invalid::Empty));
    }

    #[test]
    fn a_block_may_be_a_hundred_rounds_ahead() {
        assert_eq!(block(150, 0..1).check(Round(50), RULES), Ok(()));
        assert_eq!(block(151, 0..1).check(Round(50), RULES), Err(Invalid::FromTheFuture));
    }

    #[test]
    fn a_token_occurs_once_and_the_id_is_the_hash_of_the_content() {
        let twice =
            Block::new(Round(1), [part(7, None, 1, None), part(7, None, 2, None)].into_iter().collect());
        assert_eq!(twice.check(Round(1), RULES), Err(Invalid::TokenTwice));
        assert_eq!(twice.check(Round(1), SHIPPED), Ok(()));
        let mut forged = block(1, 0..2);
        forged.parts[0].key = 9;
        assert_eq!(forged.check(Round(1), RULES), Err(Invalid::WrongId));
        assert_eq!(forged.check(Round(1), SHIPPED), Ok(()));
        let mut signed = block(1, 0..2);
        signed.parts[0].signature = Some(3);
        assert_eq!(signed.check(Round(1), RULES), Ok(()), "signatures are not part of the id");
    }

    #[test]
    fn a_parent_is_earlier_contains_the_token_and_its_key_is_presented() {
        let parent = block(10, 0..2);
        let child = |time, token, signature| {
            let part = part(token, Some(parent.id.get()), 1, signature);
            Block::new(Round(time), [part].into_iter().collect())
        };
        let check = |block: Block| block.check_parent(&block.parts[0], &parent);
        assert_eq!(check(child(11, 1, Some(101))), Ok(()));
        assert_eq!(check(child(10, 1, Some(101))), Err(Invalid::ParentNotEarlier));
        assert_eq!(check(child(11, 2, Some(102))), Err(Invalid::ParentLacksToken));
        assert_eq!(check(child(11, 1, Some(100))), Err(Invalid::WrongSignature));
        assert_eq!(check(child(11, 1, None)), Err(Invalid::WrongSignature));
    }

    #[test]
    fn blocks_conflict_if_they_take_a_token_from_one_parent() {
        let make = |last, key| Block::new(Round(1), [part(7, last, key, None)].into_iter().collect());
        assert!(make(Some(1), 1).conflicts_with(&make(Some(1), 2)));
        assert!(!make(Some(1), 1).conflicts_with(&make(Some(2), 2)));
        assert!(!make(Some(1), 1).conflicts_with(&make(Some(1), 1)), "a block and itself");
    }
}
