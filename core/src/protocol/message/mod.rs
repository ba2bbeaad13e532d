//! Messages between peers, and the proofs of storage that they carry.
//!
//! A [`Message::Query`] challenges its receiver to prove that it stores a token. The reply is an
//! [`Message::Answer`] with a [`StorageProof`], or a [`Message::Referral`] to two nearer peers; forwarded
//! queries carry a [`Trail`], their answers a [`Relay`]. Two [`Message::Invitation`]s, one each way, make a
//! connection; a [`Message::Goodbye`] ends it.
//!
//! A proof has two forms. [`StorageProof::Compact`] stores ranks in the table of all tokens, and what its
//! search guarantees; [`StorageProof::Explicit`] spells out ten mappings, and may be invented. A
//! [`ProofResolver`] turns the first into the second; fingerprints contain the explicit form alone.

mod kind;
mod proof;

pub use kind::{MESSAGE_KINDS, MessageKind};
#[cfg(test)]
pub(crate) use proof::sample::NoTable;
pub(crate) use proof::{BlockVersion, PackedVersions, WalkOrder};
pub use proof::{CompactProof, Mapping, PROOF_SIZE, Proof, ProofResolver, StorageProof};

use crate::base::digest::Digest;
use crate::base::id::{PeerId, Ticket, TokenId};

/// A message between two peers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Message {
    /// Challenge to prove storage of a token.
    Query {
        /// The challenged token.
        token: TokenId,
        /// Ticket of the channel, which the reply has to carry.
        ticket: Ticket,
        /// Asker and forwarders; `None` if the sender is the asker.
        trail: Option<Box<Trail>>,
    },
    /// Proof of storage.
    Answer {
        /// Ticket of the query.
        ticket: Ticket,
        /// Proof, bound to the asker.
        proof: StorageProof,
        /// Return path; `None` if the query was not forwarded.
        relay: Option<Box<Relay>>,
    },
    /// Suggestion of two other peers to ask.
    Referral {
        /// The challenged token.
        token: TokenId,
        /// Ticket of the query.
        ticket: Ticket,
        /// The two peers nearest to the token that the sender knows, nearer one first.
        suggested: [PeerId; 2],
    },
    /// Offer of a connection, with a proof of storage for the sender's own id.
    Invitation {
        /// Proof, bound to the receiver.
        proof: StorageProof,
        /// Whether it confirms a connection, so that it needs no reply.
        is_reply: bool,
    },
    /// End of a connection.
    Goodbye {
        /// Whether the sender leaves for good.
        leaves: bool,
    },
}

/// Path of a forwarded query.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trail {
    /// Asker.
    pub origin: PeerId,
    /// Forwarders, in order. None of them receives the query again.
    pub forwarders: Vec<PeerId>,
}

/// Return path of the answer to a forwarded query.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Relay {
    /// Responder.
    pub responder: PeerId,
    /// Number of forwarders of the query.
    pub hops: u32,
    /// Remaining receivers in reverse order: the asker comes first in the list and last on the path.
    pub path: Vec<PeerId>,
}

impl Message {
    /// The message without its data.
    #[must_use]
    pub const fn kind(&self) -> MessageKind {
        match self {
            Self::Query { .. } => MessageKind::Query,
            Self::Answer { .. } => MessageKind::Answer,
            Self::Referral { .. } => MessageKind::Referral,
            Self::Invitation { .. } => MessageKind::Invitation,
            Self::Goodbye { .. } => MessageKind::Goodbye,
        }
    }

    /// The election that a message from one peer to another belongs to, by its owner and token; `None` for
    /// invitations and goodbyes.
    #[must_use]
    pub fn election(&self, from: PeerId, to: PeerId) -> Option<(PeerId, TokenId)> {
        match self {
            Self::Query { token, trail, .. } => {
                Some((trail.as_ref().map_or(from, |trail| trail.origin), *token))
            }
            Self::Answer { proof, relay, .. } => {
                let owner = relay.as_ref().and_then(|relay| relay.path.first());
                Some((owner.copied().unwrap_or(to), proof.token()))
            }
            Self::Referral { token, .. } => Some((to, *token)),
            Self::Invitation { .. } | Self::Goodbye { .. } => None,
        }
    }

    /// Peers that the message names besides sender and receiver.
    #[cfg(feature = "layers")]
    pub(crate) fn named(&self) -> impl Iterator<Item = PeerId> {
        let (one, list): ([Option<PeerId>; 2], &[PeerId]) = match self {
            Self::Query { trail: Some(trail), .. } => ([Some(trail.origin), None], &trail.forwarders),
            Self::Answer { relay: Some(relay), .. } => ([Some(relay.responder), None], &relay.path),
            Self::Referral { suggested, .. } => (suggested.map(Some), &[]),
            _ => ([None; 2], &[]),
        };
        one.into_iter().flatten().chain(list.iter().copied())
    }

    /// Size in bytes of a plain binary form: 8 an id, token or ticket, 16 a mapping, 1 a flag.
    #[must_use]
    pub(crate) fn wire_size(&self) -> u32 {
        const ID: usize = 8;
        const PROOF: usize = 16 * (1 + PROOF_SIZE);
        let bytes = 1 + match self {
            Self::Query { trail, .. } => {
                2 * ID + trail.as_ref().map_or(0, |trail| ID * (1 + trail.forwarders.len()))
            }
            Self::Answer { relay, .. } => {
                ID + PROOF + relay.as_ref().map_or(0, |relay| 4 + ID * (1 + relay.path.len()))
            }
            Self::Referral { .. } => 4 * ID,
            Self::Invitation { .. } => PROOF + 1,
            Self::Goodbye { .. } => 1,
        };
        debug_assert!(bytes < 1 << 20, "trails and relays have limits");
        u32::try_from(bytes).unwrap_or(u32::MAX)
    }

    /// Adds the message to a fingerprint.
    pub fn digest(&self, digest: &mut Digest, resolver: &dyn ProofResolver) {
        digest.number(self.kind() as u64);
        match self {
            Self::Query { token, ticket, trail } => {
                digest.number(token.get());
                digest.number(ticket.get());
                // Without a marker if it is missing: fingerprints of runs without forwarding predate it.
                if let Some(trail) = trail {
                    digest.number(trail.origin.get());
                    trail.forwarders.iter().for_each(|peer| digest.number(peer.get()));
                }
            }
            Self::Answer { ticket, proof, relay } => {
                digest.number(ticket.get());
                proof.digest(digest, resolver);
                if let Some(relay) = relay {
                    digest.number(relay.responder.get());
                    digest.number(relay.hops);
                    relay.path.iter().for_each(|peer| digest.number(peer.get()));
                }
            }
            Self::Referral { token, ticket, suggested } => {
                digest.number(token.get());
                digest.number(ticket.get());
                suggested.iter().for_each(|peer| digest.number(peer.get()));
            }
            Self::Invitation { proof, is_reply } => {
                proof.digest(digest, resolver);
                if *is_reply {
                    digest.number(true);
                }
            }
            Self::Goodbye { leaves } => digest.number(*leaves),
        }
    }
}
