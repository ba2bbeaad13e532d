//! Stored mappings of a host, as a layer sees and changes them.

use crate::base::id::{BlockId, TokenId};
use crate::base::time::Round;
use crate::protocol::message::ProofResolver;

/// Mappings that a host stores, and the proofs that show them. The lifecycle above proves storage with the
/// same ones.
pub trait Storage: ProofResolver {
    /// Whether a position lies within the arc whose tokens the host stores.
    fn reaches(&self, position: u64) -> bool;

    /// Whether a token is one that the host stores, whether it exists yet or not.
    fn covers(&self, token: TokenId) -> bool;

    /// Block that the host stores for a token; `None` if it stores none.
    fn block_of(&self, token: TokenId) -> Option<BlockId>;

    /// Whether the block stored for a token is still that of the beginning, which is kept nowhere.
    fn is_original(&self, token: TokenId) -> bool;

    /// Maps a token to a block of a time; `false`, and no change, if the stored time is not earlier, the host
    /// does not store the token, or there is no room.
    fn store(&mut self, token: TokenId, block: BlockId, time: Round) -> bool;

    /// Maps a token to a block whatever the stored time is: to give up a block that has lost.
    fn replace(&mut self, token: TokenId, block: BlockId, time: Round) -> bool;
}
