//! Proof of storage: ten tokens near a challenged one, chosen by a hash of challenger, token and block
//! (document 000, "Proof-of-Storage Fix"; document 001, "Signature verification").
//!
//! A challenge demands ten suffixes of ten bits each, in order. A peer that stores the neighborhood of the
//! token finds a token for each of them; a peer that stores little does not. The challenger checks the
//! suffixes without a store of its own; the block cannot be checked, so that the worth of a proof lies in the
//! agreement of several peers.
//!
//! | module | content |
//! |---|---|
//! | `challenge` | [`chunks`]: the demanded suffixes, from BLAKE3 |
//! | `search` | [`search`]: two walks from the challenged token, five steps up and five down |
//! | `verify` | [`verify`] and [`ProofVerifier`]: suffixes, order of the walk, contradictions |

mod challenge;
mod search;
mod verify;

pub use self::challenge::{Chunks, chunks};
pub use self::search::search;
pub use self::verify::{ProofVerifier, VerifiedProof, verify};

use crate::protocol::message::PROOF_SIZE;

/// Number of suffixes that a search looks for above the challenged token before it turns downward.
const UPWARD: usize = PROOF_SIZE / 2;

#[cfg(test)]
mod tests;
