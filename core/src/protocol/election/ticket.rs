//! Tickets: keyed hashes by which an election recognises the replies on its channels.

use crate::base::id::{PeerId, Ticket, TokenId};
use crate::base::mutant::mutant;

/// Ticket of a channel: the first 64 bits of BLAKE3(token, first hop, secret), little-endian. Deterministic
/// within an election, so that a channel opened again has the same ticket.
pub(super) fn ticket(token: TokenId, first_hop: PeerId, secret: &[u8; 32]) -> Ticket {
    let first_hop = mutant!(TicketsAlike: first_hop => PeerId::new(0));
    let mut input = [0; 48];
    input[..8].copy_from_slice(&token.get().to_le_bytes());
    input[8..16].copy_from_slice(&first_hop.get().to_le_bytes());
    input[16..].copy_from_slice(secret);
    let mut first = [0; 8];
    first.copy_from_slice(&blake3::hash(&input).as_bytes()[..8]);
    Ticket::new(u64::from_le_bytes(first))
}
