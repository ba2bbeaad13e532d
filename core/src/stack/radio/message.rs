//! Messages, the frames that carry them, and what goes on the air.

use std::sync::Arc as Shared;

use super::frame::{HEADER, PAYLOAD_MAX, crc32};
use crate::base::digest::Digest;
use crate::base::id::PeerId;
use crate::base::kind::KindInfo;
use crate::base::rng::mix;
use crate::config::Cargo;
use crate::protocol::message::ProofResolver;
use crate::stack::layer::{Body, LayerBody, Signal};

/// Number of a message: its originator and a counter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct MessageId {
    /// Originator.
    pub origin: PeerId,
    /// Messages that it had originated before.
    pub number: u32,
}

impl MessageId {
    /// Adds the number to a fingerprint.
    pub fn digest(self, digest: &mut Digest) {
        digest.number(self.origin.get());
        digest.number(self.number);
    }
}

/// Destination of a message or a frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    /// All hosts, over several hops.
    Flood,
    /// All hosts in range.
    Near,
    /// One host.
    Peer(PeerId),
}

/// Urgency of a frame; lower numbers go first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Priority {
    /// Blocks and acknowledgements.
    Critical,
    /// Transactions and proofs.
    High,
    /// Searches for routes, and messages of the lifecycle.
    Normal,
    /// Beacons.
    Low,
}

/// A message of any length.
#[derive(Clone, Debug)]
pub struct RadioMessage {
    /// Its number.
    pub id: MessageId,
    /// Destination.
    pub target: Target,
    /// Content, for the length of its fragments.
    pub cargo: Cargo,
    /// Urgency.
    pub priority: Priority,
    /// Length, in bytes.
    pub bytes: u32,
    /// Time at which it was originated, in ms by the clock of its originator.
    pub created_ms: u64,
    /// A message of another layer; `None` for traffic of this one.
    pub content: Option<Body>,
}

impl Cargo {
    /// Bytes of a fragment of a message that takes several.
    #[must_use]
    pub const fn chunk(self) -> u32 {
        match self {
            Self::Transaction => 180,
            Self::Block => 197,
            Self::Proof => 150,
        }
    }

    /// Urgency.
    #[must_use]
    pub const fn priority(self) -> Priority {
        match self {
            Self::Block => Priority::Critical,
            Self::Transaction | Self::Proof => Priority::High,
        }
    }
}

/// Fragments of a message of this length: one if it fits into a frame.
#[must_use]
pub const fn fragments(bytes: u32, cargo: Cargo) -> u32 {
    if bytes as usize <= PAYLOAD_MAX { 1 } else { bytes.div_ceil(cargo.chunk()) }
}

impl RadioMessage {
    /// Number of its fragments.
    #[must_use]
    pub const fn fragments(&self) -> u32 {
        fragments(self.bytes, self.cargo)
    }

    /// Payload of a fragment, in bytes.
    #[must_use]
    pub const fn payload(&self, sequence: u32) -> u32 {
        if self.fragments() == 1 {
            return self.bytes;
        }
        let left = self.bytes - sequence * self.cargo.chunk();
        if left < self.cargo.chunk() { left } else { self.cargo.chunk() }
    }

    /// Checksum of the payload of a fragment: of bytes that the number of the message decides.
    #[must_use]
    pub fn checksum(&self, sequence: u32) -> u32 {
        let start = mix(self.id.origin.get() ^ mix(u64::from(self.id.number) << 32 | u64::from(sequence)));
        let words = u64::from(self.payload(sequence).div_ceil(8));
        let bytes: Vec<u8> = (0..words).flat_map(|word| mix(start ^ word).to_le_bytes()).collect();
        crc32(&bytes[..(self.payload(sequence) as usize).min(bytes.len())])
    }
}

/// What a frame holds.
#[derive(Clone, Debug)]
pub enum Content {
    /// A host states that it is there.
    Beacon {
        /// Beacons that it has sent before.
        counter: u32,
        /// Time by its clock, in ms.
        sent_ms: u64,
        /// A peer that it has heard of.
        about: Option<PeerId>,
    },
    /// A part of a message.
    Fragment {
        /// The message.
        message: Shared<RadioMessage>,
        /// Number of the part, from 0.
        sequence: u32,
        /// Whether it was sent before.
        again: bool,
        /// Checksum in the frame.
        checksum: u32,
        /// Hops that the message may still travel.
        ttl: u32,
    },
    /// A message has arrived.
    Ack(MessageId),
    /// Parts of a message are asked for again.
    Request {
        /// The message.
        message: MessageId,
        /// Numbers of the missing parts.
        missing: Vec<u32>,
    },
    /// A route to a host is searched for.
    RouteRequest {
        /// The search: the host that began it, and its number.
        search: MessageId,
        /// The host that is searched for.
        wanted: PeerId,
        /// Hops so far.
        hops: u32,
    },
    /// A route has been found.
    RouteReply {
        /// The search.
        search: MessageId,
        /// The host that was searched for.
        wanted: PeerId,
        /// Hops to it.
        hops: u32,
    },
}

/// A frame: one transmission.
#[derive(Clone, Debug)]
pub struct RadioFrame {
    /// Host that transmits it.
    pub from: PeerId,
    /// Host or hosts that it is for: others hear it too.
    pub to: Target,
    /// Content.
    pub content: Content,
}

impl RadioFrame {
    /// Length with its header, in bytes, at most 256.
    #[must_use]
    pub fn bytes(&self) -> u32 {
        let payload = match &self.content {
            Content::Beacon { .. } => 20,
            Content::Fragment { message, sequence, .. } => message.payload(*sequence),
            Content::Ack(_) => 12,
            Content::Request { missing, .. } => {
                // A list of numbers, or a bitmap from the first to the last of them.
                let list = 2 * missing.len();
                let span = missing.last().zip(missing.first()).map_or(0, |(last, first)| last - first + 1);
                let bitmap = 4 + (span as usize).div_ceil(8);
                12 + u32::try_from(list.min(bitmap)).unwrap_or(u32::MAX)
            }
            Content::RouteRequest { .. } | Content::RouteReply { .. } => 24,
        };
        let bytes = u32::try_from(HEADER).unwrap_or(59) + payload;
        debug_assert!(bytes as usize <= super::frame::FRAME_MAX, "{self:?} has {bytes} bytes");
        bytes
    }

    /// Urgency.
    #[must_use]
    pub fn priority(&self) -> Priority {
        match &self.content {
            Content::Beacon { .. } => Priority::Low,
            Content::Fragment { message, .. } => message.priority,
            Content::Ack(_) | Content::Request { .. } => Priority::Critical,
            Content::RouteRequest { .. } | Content::RouteReply { .. } => Priority::Normal,
        }
    }

    /// Adds the frame to a fingerprint.
    pub fn digest(&self, digest: &mut Digest, resolver: Option<&dyn ProofResolver>) {
        digest.number(self.from.get());
        match self.to {
            Target::Flood => digest.number(0_u64),
            Target::Near => digest.number(1_u64),
            Target::Peer(peer) => digest.number(peer.get()),
        }
        match &self.content {
            Content::Beacon { counter, sent_ms, about } => {
                digest.number(about.map_or(0, PeerId::get));
                digest.number(*counter);
                digest.number(*sent_ms);
            }
            Content::Fragment { message, sequence, again, checksum, ttl } => {
                message.id.digest(digest);
                digest.number(u64::from(*sequence) << 32 | u64::from(*ttl) << 1 | u64::from(*again));
                digest.number(u64::from(message.bytes) << 32 | u64::from(*checksum));
                if let (Some(content), Some(resolver)) = (&message.content, resolver) {
                    content.digest(digest, resolver);
                }
            }
            Content::Ack(message) => message.digest(digest),
            Content::Request { message, missing } => {
                message.digest(digest);
                digest.length(missing.len());
                missing.iter().for_each(|one| digest.number(*one));
            }
            Content::RouteRequest { search, wanted, hops } | Content::RouteReply { search, wanted, hops } => {
                search.digest(digest);
                digest.number(wanted.get());
                digest.number(*hops);
            }
        }
    }
}

/// Payload of a packet: a transmission as one receiver hears it, or what gateways tell one another.
#[derive(Clone, Debug)]
pub enum RadioBody {
    /// A transmission.
    OnAir {
        /// The frame, shared by all receivers.
        frame: Shared<RadioFrame>,
        /// Its airtime, and its strength at this receiver.
        signal: Signal,
    },
    /// A frame from gateway to gateway.
    Bridged(Shared<RadioFrame>),
}

const FRAMES: &[KindInfo] = &[
    // A host states that it is there.
    KindInfo { name: "beacon", plural: "beacons" },
    // A part of a message, as one receiver hears it.
    KindInfo { name: "fragment", plural: "fragments" },
    // A message has arrived.
    KindInfo { name: "ack", plural: "acknowledgements" },
    // Missing parts of a message are asked for again.
    KindInfo { name: "request", plural: "requests" },
    // A route to a host is searched for.
    KindInfo { name: "route_request", plural: "route requests" },
    // A route has been found.
    KindInfo { name: "route_reply", plural: "route replies" },
    // A frame from gateway to gateway over the internet.
    KindInfo { name: "bridged", plural: "bridged frames" },
];

impl LayerBody for RadioBody {
    const KINDS: &'static [KindInfo] = FRAMES;

    fn kind(&self) -> u8 {
        let Self::OnAir { frame, .. } = self else { return 6 };
        match &frame.content {
            Content::Beacon { .. } => 0,
            Content::Fragment { .. } => 1,
            Content::Ack(_) => 2,
            Content::Request { .. } => 3,
            Content::RouteRequest { .. } => 4,
            Content::RouteReply { .. } => 5,
        }
    }

    fn size(&self) -> u32 {
        let (Self::OnAir { frame, .. } | Self::Bridged(frame)) = self;
        frame.bytes()
    }

    fn signal(&self) -> Option<Signal> {
        match self {
            Self::OnAir { signal, .. } => Some(*signal),
            Self::Bridged(_) => None,
        }
    }

    fn digest(&self, digest: &mut Digest, resolver: &dyn ProofResolver) {
        let (Self::OnAir { frame, .. } | Self::Bridged(frame)) = self;
        frame.digest(digest, Some(resolver));
        if let Self::OnAir { signal, .. } = self {
            digest.number(u64::from(signal.airtime) << 32 | u64::from(signal.band));
            digest.number(u64::from(signal.strength.cast_unsigned()));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(bytes: u32, cargo: Cargo) -> RadioMessage {
        let id = MessageId { origin: PeerId::new(1), number: 0 };
        RadioMessage {
            id,
            target: Target::Flood,
            cargo,
            priority: cargo.priority(),
            bytes,
            created_ms: 0,
            content: None,
        }
    }

    #[test]
    fn fragments_are_those_of_the_document() {
        assert_eq!(fragments(50, Cargo::Transaction), 1);
        assert_eq!(fragments(197, Cargo::Proof), 1);
        assert_eq!(
            [Cargo::Transaction, Cargo::Block, Cargo::Proof].map(|one| fragments(198, one)),
            [2, 2, 2]
        );
        assert_eq!(fragments(1_000, Cargo::Transaction), 6);
        assert_eq!(fragments(10_000, Cargo::Block), 51);
        assert_eq!(fragments(20_000, Cargo::Block), 102);
    }

    #[test]
    fn no_frame_exceeds_256_bytes_and_no_byte_is_lost() {
        for bytes in 1..=2_000 {
            for cargo in [Cargo::Transaction, Cargo::Block, Cargo::Proof] {
                let message = Shared::new(message(bytes, cargo));
                let frame = |sequence| RadioFrame {
                    from: PeerId::new(1),
                    to: Target::Flood,
                    content: Content::Fragment {
                        message: Shared::clone(&message),
                        sequence,
                        again: false,
                        checksum: 0,
                        ttl: 1,
                    },
                };
                let sizes: Vec<u32> = (0..message.fragments()).map(|one| frame(one).bytes()).collect();
                assert!(sizes.iter().all(|size| (60..=256).contains(size)), "{bytes}: {sizes:?}");
                assert_eq!(sizes.iter().map(|size| size - 59).sum::<u32>(), bytes);
            }
        }
    }

    #[test]
    fn a_checksum_is_fixed_by_message_and_number() {
        let message = message(1_000, Cargo::Transaction);
        let sums: Vec<u32> = (0..6).map(|one| message.checksum(one)).collect();
        assert_eq!(sums, (0..6).map(|one| message.checksum(one)).collect::<Vec<_>>());
        assert!((1..6).all(|one| sums[0] != sums[one]));
    }
}
