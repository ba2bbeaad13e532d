//! Tokens: the table of all tokens of a world, and the set that each peer stores.
//!
//! One sorted table, the [`Universe`], holds all tokens with their blocks. A [`TokenSet`] is a view of it: an
//! arc of ranks around the peer's id, and a keyed predicate that decides token by token whether the peer
//! stores it. That takes about a hundred bytes for each peer instead of a few hundred kilobytes.
//!
//! | module | content |
//! |---|---|
//! | `universe` | [`Universe`]: lookup by token and rank, block versions, resolution of compact proofs |
//! | `token_set` | [`TokenSet`]: membership, storage faults, the next held token of a suffix |
//! | `overlay` | [`Overlay`]: blocks that one peer has stored since, in place of those of the table |
//! | `index` | all ranks by suffix, in cache lines, so that a proof is ten lookups instead of a scan |
//!
//! Ranks have 32 bits. A universe changes only by [`Universe::remap`], before a run begins.

mod index;
mod overlay;
mod token_set;
mod universe;

pub use self::overlay::Overlay;
pub use self::token_set::{TokenSet, reach};
pub use self::universe::Universe;
pub use crate::base::id::Rank;

use crate::base::id::TokenId;

/// Number of bits of a token that a proof challenges.
pub(crate) const SUFFIX_BITS: u32 = 10;
/// Number of different suffixes.
pub(crate) const SUFFIXES: usize = 1 << SUFFIX_BITS;

/// Suffix of a token: its lowest ten bits.
#[must_use]
#[expect(clippy::cast_possible_truncation, reason = "ten bits fit")]
pub const fn suffix(token: TokenId) -> u16 {
    token.get() as u16 & (SUFFIXES as u16 - 1)
}

#[cfg(test)]
mod tests;
