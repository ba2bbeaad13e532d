//! The contract between a peer and the world: inputs in, effects out.

use crate::base::id::{BlockId, PeerId, TokenId};
use crate::base::rng::Rng;
use crate::base::time::Round;
use crate::config::Config;
use crate::protocol::event::LifecycleEvent;
use crate::protocol::message::{Message, ProofResolver, StorageProof};

/// Something that happens to a peer.
#[derive(Clone, Debug)]
pub enum Input {
    /// A message arrives.
    Message {
        /// Who sent it: the kernel vouches for it.
        from: PeerId,
        /// What it says.
        message: Message,
    },
    /// The peer's turn in a round, after the deliveries of that round.
    Turn,
    /// A layer below remembers peers from an earlier life of the host.
    #[cfg(feature = "layers")]
    Recalled {
        /// The peers, those to be invited first.
        peers: Vec<PeerId>,
        /// Number of those that are invited.
        invited: u32,
    },
}

/// What a peer has stored.
pub trait TokenStore: ProofResolver {
    /// The block stored for a token, where the peer holds it.
    fn block_of(&self, token: TokenId) -> Option<BlockId>;

    /// A proof for `asker` that this peer stores `token`, where it can find one.
    fn prove(&self, token: TokenId, asker: PeerId) -> Option<StorageProof>;
}

/// What a peer may use and cause while it handles one input.
pub struct Context<'a> {
    /// The round that the input belongs to.
    pub now: Round,
    /// Shared by all peers, so that a knob changes for all of them at once.
    pub config: &'a Config,
    /// The peer's own stream of decisions.
    pub rng: &'a mut Rng,
    /// The peer's own stream of secrets.
    pub secrets: &'a mut Rng,
    /// What the peer has stored.
    pub store: &'a dyn TokenStore,
    /// Where effects go.
    pub outbox: &'a mut Outbox,
}

impl Context<'_> {
    /// Sends a message. The kernel stamps the sender.
    pub fn send(&mut self, to: PeerId, message: Message) {
        self.outbox.messages.push((to, message));
    }

    /// States a fact for observers; it never comes back.
    pub fn report(&mut self, event: LifecycleEvent) {
        self.outbox.events.push(event);
    }
}

/// The effects of handling inputs.
#[derive(Debug, Default)]
pub struct Outbox {
    /// Messages to be sent, in the order in which they were written.
    pub messages: Vec<(PeerId, Message)>,
    /// Facts for observers.
    pub events: Vec<LifecycleEvent>,
}

impl Outbox {
    /// Whether nothing has come of an input, as of most turns.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.messages.is_empty() && self.events.is_empty()
    }
}
