//! What peers say to one another: the messages, and in [`proof`] the proofs of storage that they carry.

mod proof;

#[cfg(test)]
pub(crate) use proof::sample::NoTable;
pub use proof::{
    BlockVersion, CompactProof, Mapping, PROOF_SIZE, Proof, ProofResolver, StorageProof, WalkOrder,
};

use crate::base::digest::Digest;
use crate::base::id::{PeerId, Ticket, TokenId};

/// A message between two peers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Message {
    /// "Who stores this token?"
    Query {
        /// The challenged token.
        token: TokenId,
        /// The channel that the reply belongs to.
        ticket: Ticket,
        /// How it came here, where it does not come from the one who asks.
        trail: Option<Box<Trail>>,
    },
    /// "I do, and here is the proof."
    Answer {
        /// The ticket of the query.
        ticket: Ticket,
        /// The proof, bound to the asker.
        proof: StorageProof,
        /// How it gets back, where the query was passed on.
        relay: Option<Box<Relay>>,
    },
    /// "I do not; ask one of these."
    Referral {
        /// The challenged token.
        token: TokenId,
        /// The ticket of the query.
        ticket: Ticket,
        /// The two nearest peers that the sender knows, the nearer one first.
        suggested: [PeerId; 2],
    },
    /// "I should like to be connected with you, and this is what I store at my own id."
    Invitation {
        /// The proof, bound to the receiver.
        proof: StorageProof,
        /// Whether it answers another invitation, so that it needs no answer itself.
        is_reply: bool,
    },
    /// "We are no longer connected."
    Goodbye {
        /// Whether the sender leaves for good.
        leaves: bool,
    },
}

/// The way of a query that was passed on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trail {
    /// Who asks.
    pub origin: PeerId,
    /// Who has passed it on, in this order. None of them is asked again.
    pub forwarders: Vec<PeerId>,
}

/// The way back of an answer to a query that was passed on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Relay {
    /// Who answers.
    pub responder: PeerId,
    /// How many peers had passed the query on.
    pub hops: u32,
    /// Whom the answer still has to pass, the last one first: in the end the one who asked.
    pub path: Vec<PeerId>,
}

/// The kinds of message, in the order in which they are counted and drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MessageKind {
    /// [`Message::Query`]
    Query = 0,
    /// [`Message::Answer`]
    Answer = 1,
    /// [`Message::Invitation`]
    Invitation = 2,
    /// [`Message::Referral`]
    Referral = 3,
    /// [`Message::Goodbye`]
    Goodbye = 4,
}

impl MessageKind {
    /// How many kinds there are.
    pub const COUNT: usize = 5;
}

impl Message {
    /// Which kind of message this is.
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

    /// The election that a message from one peer to another belongs to, by its owner and its token; none for an
    /// invitation.
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

    /// Adds the message to a fingerprint.
    pub fn digest(&self, digest: &mut Digest, resolver: &dyn ProofResolver) {
        digest.number(self.kind() as u64);
        match self {
            Self::Query { token, ticket, trail } => {
                digest.number(token.get());
                digest.number(ticket.get());
                // What is optional counts only where it is there: fingerprints without it are older than it.
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
