//! Segments of streams: what session packets carry.

use crate::base::digest::Digest;
use crate::base::id::PeerId;
use crate::base::kind::KindInfo;
use crate::protocol::message::{Message, ProofResolver};
use crate::stack::layer::LayerBody;

/// Bytes of IP and TCP headers.
const HEADER: u32 = 40;

/// A segment: ports and numbers of its stream, and a payload.
///
/// Packets go to the address on which a host listens; the ports tell its streams apart.
#[derive(Clone, Debug)]
pub struct Segment {
    /// Port of the sender.
    pub from_port: u16,
    /// Port of the receiver.
    pub to_port: u16,
    /// Number in the order of the stream, from 1; 0 for payloads outside of that order.
    pub seq: u32,
    /// Number of the last segment that the sender has received in order.
    pub ack: u32,
    /// Content.
    pub payload: Payload,
}

/// Content of a segment.
#[derive(Clone, Debug)]
pub enum Payload {
    /// Asks for a stream.
    Syn,
    /// Grants a stream.
    SynAck,
    /// Ends a stream at once, or tells that there is none.
    Rst,
    /// Acknowledges segments and carries nothing.
    StreamAck,
    /// Ends a stream in order.
    Fin,
    /// First message of a dialer, with its peer id.
    Handshake(PeerId),
    /// Answer to a handshake, with the peer id of the acceptor.
    HandshakeAck(PeerId),
    /// Keepalive with a nonce.
    Ping(u64),
    /// Answer to a ping.
    Pong(u64),
    /// Asks for the height of the chain.
    GetHeight,
    /// Height of the sender's chain.
    Height(u32),
    /// Asks for known peers.
    GetPeers,
    /// Number of known peers.
    Peers(u32),
    /// The sender announces itself.
    Announcement,
    /// A message of the peer lifecycle.
    Lifecycle(Message),
}

const fn kind(name: &'static str, plural: &'static str, meaning: &'static str) -> KindInfo {
    KindInfo { name, plural, meaning }
}

impl LayerBody for Segment {
    const KINDS: &'static [KindInfo] = &[
        kind("syn", "SYNs", "Asks for a stream."),
        kind("syn_ack", "SYN-ACKs", "Grants a stream."),
        kind("rst", "RSTs", "Ends a stream at once, or tells that there is none."),
        kind("stream_ack", "Stream acknowledgements", "Acknowledges segments and carries nothing."),
        kind("fin", "FINs", "Ends a stream in order."),
        kind("handshake", "Handshakes", "First message of a dialer."),
        kind("handshake_ack", "Handshake acknowledgements", "Answer to a handshake."),
        kind("ping", "Pings", "Keepalive with a nonce."),
        kind("pong", "Pongs", "Answer to a ping."),
        kind("get_height", "Height queries", "Asks for the height of the chain."),
        kind("height", "Heights", "Height of the sender's chain."),
        kind("get_peers", "Peer queries", "Asks for known peers."),
        kind("peers", "Peer lists", "Peers that the sender knows."),
        kind("announcement", "Announcements", "The sender announces itself."),
        kind("lifecycle", "Carried messages", "A message of the peer lifecycle, carried by a session."),
    ];

    fn kind(&self) -> u8 {
        match self.payload {
            Payload::Syn => 0,
            Payload::SynAck => 1,
            Payload::Rst => 2,
            Payload::StreamAck => 3,
            Payload::Fin => 4,
            Payload::Handshake(_) => 5,
            Payload::HandshakeAck(_) => 6,
            Payload::Ping(_) => 7,
            Payload::Pong(_) => 8,
            Payload::GetHeight => 9,
            Payload::Height(_) => 10,
            Payload::GetPeers => 11,
            Payload::Peers(_) => 12,
            Payload::Announcement => 13,
            Payload::Lifecycle(_) => 14,
        }
    }

    fn size(&self) -> u32 {
        HEADER
            + match &self.payload {
                Payload::Syn | Payload::SynAck | Payload::Rst | Payload::StreamAck | Payload::Fin => 0,
                Payload::Handshake(_) | Payload::HandshakeAck(_) => 64,
                Payload::Ping(_) | Payload::Pong(_) => 48,
                Payload::GetHeight | Payload::GetPeers | Payload::Height(_) => 24,
                Payload::Announcement => 200,
                Payload::Peers(count) => 16 + count * 24,
                Payload::Lifecycle(message) => message.wire_size(),
            }
    }

    fn digest(&self, digest: &mut Digest, resolver: &dyn ProofResolver) {
        digest.number(u64::from(self.from_port) << 16 | u64::from(self.to_port));
        digest.number(u64::from(self.seq) << 32 | u64::from(self.ack));
        self.payload.digest(digest, resolver);
    }
}

impl Payload {
    fn digest(&self, digest: &mut Digest, resolver: &dyn ProofResolver) {
        match self {
            Self::Handshake(peer) | Self::HandshakeAck(peer) => digest.number(peer.get()),
            Self::Ping(nonce) | Self::Pong(nonce) => digest.number(*nonce),
            Self::Height(number) | Self::Peers(number) => digest.number(*number),
            Self::Lifecycle(message) => message.digest(digest, resolver),
            _ => {}
        }
    }
}
