//! Packets: what layers hand to the network.

use super::address::Address;
use super::layers::{Body, LayerId};
use crate::base::digest::Digest;
use crate::base::id::PeerId;
use crate::base::rng::mix;
use crate::base::time::Tick;
use crate::protocol::message::ProofResolver;

/// A packet on its way.
#[derive(Clone, Debug)]
pub struct Packet {
    /// Destination; no host need be there.
    pub to: Address,
    /// Source: the kernel vouches for it.
    pub from: Address,
    /// Packets that the sender had sent before, modulo 2^32, so that packets of one pair have an order.
    pub seq: u32,
    /// Tick at which it was sent.
    pub sent: Tick,
    /// Payload, by layer. It knows its size in bytes: [`Body::size`].
    pub body: Body,
}

impl Packet {
    /// A packet between hosts whose addresses are their ids.
    #[must_use]
    pub fn between(from: PeerId, to: PeerId, seq: u32, sent: Tick, body: impl Into<Body>) -> Self {
        Self { to: Address::of(to), from: Address::of(from), seq, sent, body: body.into() }
    }

    /// A number that stands for this delivery in the trace of a run.
    #[must_use]
    #[inline]
    pub fn trace(&self) -> u64 {
        let kind = self.body.kind();
        let pair = mix(mix(self.to.get() ^ self.sent.0) ^ self.from.get().rotate_left(17));
        let seq = u64::from(self.seq);
        // Lifecycle kinds take three bits below the sequence number, as in traces that were published.
        let number = if kind.layer == LayerId::Lifecycle {
            mix(seq << 3 | kind.code())
        } else {
            mix(mix(seq) ^ kind.code())
        };
        pair.wrapping_add(number)
    }

    /// Adds the packet to a fingerprint.
    pub fn digest(&self, digest: &mut Digest, resolver: &dyn ProofResolver) {
        digest.number(self.to.get());
        digest.number(self.from.get());
        digest.number(self.seq);
        digest.number(self.sent.0);
        self.body.digest(digest, resolver);
    }
}
