//! Challenge: the suffixes that a proof has to show.

use crate::base::id::{BlockId, PeerId, TokenId};
use crate::base::mutant::mutant;
use crate::protocol::message::PROOF_SIZE;
use crate::protocol::token::SUFFIX_BITS;

/// Demanded suffixes of a proof, in order: ten numbers below 1,024.
pub type Chunks = [u16; PROOF_SIZE];

/// Suffixes that `challenger` demands of a peer that claims to store `block` for `token`: the first hundred
/// bits of BLAKE3(challenger, token, block), ten at a time from the lowest bit up. All numbers are
/// little-endian.
#[must_use]
pub fn chunks(challenger: PeerId, token: TokenId, block: BlockId) -> Chunks {
    let challenger = mutant!(ProofUnbound: challenger => PeerId::new(0));
    let mut input = [0; 24];
    input[..8].copy_from_slice(&challenger.get().to_le_bytes());
    input[8..16].copy_from_slice(&token.get().to_le_bytes());
    input[16..].copy_from_slice(&block.get().to_le_bytes());
    unpack(blake3::hash(&input).as_bytes())
}

const _: () =
    assert!(PROOF_SIZE * SUFFIX_BITS as usize <= 256, "a hash has a bit for each bit of the suffixes");

pub(super) fn unpack(hash: &[u8; 32]) -> Chunks {
    const BITS: usize = SUFFIX_BITS as usize;
    const MASK: u16 = (1 << SUFFIX_BITS) - 1;
    std::array::from_fn(|index| {
        let (byte, shift) = (index * BITS / 8, index * BITS % 8);
        (u16::from_le_bytes([hash[byte], hash[byte + 1]]) >> shift) & MASK
    })
}
