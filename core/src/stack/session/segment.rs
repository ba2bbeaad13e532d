//! Segments of streams: what session packets carry.

use crate::base::digest::Digest;
use crate::base::id::PeerId;
use crate::base::kind::KindInfo;
use crate::protocol::message::ProofResolver;
use crate::stack::address::Address;
use crate::stack::layer::{Body, LayerBody};

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
    /// Known peers.
    Peers(PeerList),
    /// The sender announces itself.
    Announcement,
    /// A message of another layer.
    Carried(Body),
    /// A message of another layer, with addresses of peers that it names.
    Introduction(Box<Introduction>),
    /// A frame with nothing but a length, which may exceed what hosts take.
    Frame(u32),
    /// Asks for the hash of the genesis block.
    GetGenesis,
    /// Genesis block of the sender's chain.
    Genesis(u32),
    /// Asks for blocks: the first and the last height.
    GetBlocks(u32, u32),
    /// Blocks of a chain.
    Blocks(BlockRange),
    /// A new block.
    Block(BlockRange),
    /// Height and hash of the last block of the sender, whose chain may fork.
    Tip(u32, u64),
    /// Asks for the hash of the block at a height.
    GetHash(u32),
    /// Hash of the block at a height.
    Hash(u32, u64),
    /// Blocks of a chain that may fork.
    Chain(Box<ChainRange>),
    /// A new block of such a chain.
    Child(Box<ChainRange>),
    /// Asks a silent stream for a sign of life.
    Probe,
    /// Peers with which the sender has a session.
    Reachable(Box<[Address]>),
    /// Asks the directory server for the published list.
    GetList,
    /// The published list: its length, and as many addresses as are there.
    List(PeerList),
}

/// Known peers: their number, and addresses as far as they are told.
#[derive(Clone, Debug)]
pub struct PeerList {
    /// Number of accepted peers.
    pub count: u32,
    /// Addresses.
    pub addresses: Box<[Address]>,
}

/// A message of another layer, with addresses of peers that it names.
#[derive(Clone, Debug)]
pub struct Introduction {
    /// The message.
    pub body: Body,
    /// Addresses, as far as the sender knows them.
    pub addresses: Box<[(PeerId, Address)]>,
}

/// Bytes of an address: IP and port.
const ADDRESS: u32 = 6;

/// Consecutive blocks of one chain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BlockRange {
    /// Genesis block of the chain.
    pub genesis: u32,
    /// First height.
    pub start: u32,
    /// Number of blocks.
    pub count: u32,
}

/// Consecutive blocks of a chain that may fork.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChainRange {
    /// Genesis block of the chain.
    pub genesis: u32,
    /// First height.
    pub start: u32,
    /// Hash of the block before the first one.
    pub parent: u64,
    /// Hashes of the blocks.
    pub hashes: Box<[u64]>,
}

impl ChainRange {
    /// Number of blocks.
    #[must_use]
    pub fn count(&self) -> u32 {
        u32::try_from(self.hashes.len()).unwrap_or(u32::MAX)
    }

    /// Last height; the one before the first if there is no block.
    #[must_use]
    pub fn end(&self) -> u32 {
        (self.start + self.count()).saturating_sub(1)
    }
}

/// Bytes of a block.
const BLOCK: u32 = 1_000;

const fn kind(name: &'static str, plural: &'static str) -> KindInfo {
    KindInfo { name, plural }
}

impl LayerBody for Segment {
    const KINDS: &'static [KindInfo] = &[
        // Asks for a stream.
        kind("syn", "SYNs"),
        // Grants a stream.
        kind("syn_ack", "SYN-ACKs"),
        // Ends a stream at once, or tells that there is none.
        kind("rst", "RSTs"),
        // Acknowledges segments and carries nothing.
        kind("stream_ack", "Stream acknowledgements"),
        // Ends a stream in order.
        kind("fin", "FINs"),
        // First message of a dialer.
        kind("handshake", "Handshakes"),
        // Answer to a handshake.
        kind("handshake_ack", "Handshake acknowledgements"),
        // Keepalive with a nonce.
        kind("ping", "Pings"),
        // Answer to a ping.
        kind("pong", "Pongs"),
        // Asks for the height of the chain.
        kind("get_height", "Height queries"),
        // Height of the sender's chain.
        kind("height", "Heights"),
        // Asks for known peers.
        kind("get_peers", "Peer queries"),
        // Peers that the sender knows.
        kind("peers", "Peer lists"),
        // The sender announces itself.
        kind("announcement", "Announcements"),
        // A message of another layer, carried by a session.
        kind("lifecycle", "Carried messages"),
        // A frame with nothing but a length, which may exceed what hosts take.
        kind("frame", "Oversize frames"),
        // Asks for the hash of the genesis block.
        kind("get_genesis", "Genesis queries"),
        // Genesis block of the sender's chain.
        kind("genesis", "Genesis hashes"),
        // Asks for a range of blocks.
        kind("get_blocks", "Block queries"),
        // A range of blocks.
        kind("blocks", "Block ranges"),
        // A block that was just produced.
        kind("block", "New blocks"),
        // Asks a silent stream for a sign of life.
        kind("probe", "Probes"),
        // Asks the directory server for the published list.
        kind("get_list", "List requests"),
        // The published list, from the directory server.
        kind("list", "Published lists"),
        // Asks for the hash of the block at a height.
        kind("get_hash", "Hash queries"),
        // Hash of the block at a height.
        kind("hash", "Hashes"),
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
            Payload::Height(_) | Payload::Tip(..) => 10,
            Payload::GetPeers => 11,
            Payload::Peers(_) | Payload::Reachable(_) => 12,
            Payload::Announcement => 13,
            Payload::Carried(_) | Payload::Introduction(_) => 14,
            Payload::Frame(_) => 15,
            Payload::GetGenesis => 16,
            Payload::Genesis(_) => 17,
            Payload::GetBlocks(..) => 18,
            Payload::Blocks(_) | Payload::Chain(_) => 19,
            Payload::Block(_) | Payload::Child(_) => 20,
            Payload::Probe => 21,
            Payload::GetList => 22,
            Payload::List(_) => 23,
            Payload::GetHash(_) => 24,
            Payload::Hash(..) => 25,
        }
    }

    fn size(&self) -> u32 {
        HEADER + self.payload.bytes()
    }

    fn digest(&self, digest: &mut Digest, resolver: &dyn ProofResolver) {
        digest.number(u64::from(self.from_port) << 16 | u64::from(self.to_port));
        digest.number(u64::from(self.seq) << 32 | u64::from(self.ack));
        self.payload.digest(digest, resolver);
    }
}

impl Payload {
    /// Bytes without headers.
    #[must_use]
    pub(crate) fn bytes(&self) -> u32 {
        match self {
            Self::Syn | Self::SynAck | Self::Rst | Self::StreamAck | Self::Fin | Self::Probe => 0,
            Self::Handshake(_) | Self::HandshakeAck(_) => 64,
            Self::Ping(_) | Self::Pong(_) | Self::Genesis(_) => 48,
            Self::Tip(..) | Self::Hash(..) => 56,
            Self::Chain(range) | Self::Child(range) => 56 + range.count() * BLOCK,
            Self::GetHash(_) | Self::GetHeight | Self::GetPeers | Self::Height(_) => 24,
            Self::GetGenesis | Self::GetBlocks(..) => 28,
            Self::Announcement | Self::GetList => 200,
            Self::Peers(list) => 16 + list.count * 24,
            Self::Reachable(peers) => 16 + u32::try_from(peers.len()).unwrap_or(u32::MAX / 48) * 24,
            Self::List(list) => 200 + u32::try_from(list.addresses.len()).unwrap_or(u32::MAX / 48) * 24,
            Self::Frame(size) => *size,
            Self::Blocks(range) | Self::Block(range) => 24 + range.count * BLOCK,
            Self::Carried(body) => body.size(),
            Self::Introduction(one) => {
                let addresses = u32::try_from(one.addresses.len()).unwrap_or(u32::MAX / ADDRESS);
                one.body.size() + addresses * ADDRESS
            }
        }
    }

    fn digest(&self, digest: &mut Digest, resolver: &dyn ProofResolver) {
        match self {
            Self::Handshake(peer) | Self::HandshakeAck(peer) => digest.number(peer.get()),
            Self::Ping(nonce) | Self::Pong(nonce) => digest.number(*nonce),
            Self::Height(number) | Self::Frame(number) | Self::Genesis(number) => digest.number(*number),
            Self::GetHash(height) => digest.number(*height),
            Self::Tip(height, hash) | Self::Hash(height, hash) => {
                digest.number(*height);
                digest.number(*hash);
            }
            Self::Chain(range) | Self::Child(range) => {
                digest.number(u64::from(range.genesis) << 32 | u64::from(range.start));
                digest.number(range.parent);
                range.hashes.iter().for_each(|hash| digest.number(*hash));
            }
            Self::GetBlocks(first, last) => digest.number(u64::from(*first) << 32 | u64::from(*last)),
            Self::Blocks(range) | Self::Block(range) => {
                digest.number(range.genesis);
                digest.number(u64::from(range.start) << 32 | u64::from(range.count));
            }
            Self::Reachable(peers) => {
                digest.length(peers.len());
                peers.iter().for_each(|address| digest.number(address.get()));
            }
            Self::Peers(list) | Self::List(list) => {
                digest.number(list.count);
                list.addresses.iter().for_each(|address| digest.number(address.get()));
            }
            Self::Carried(body) => body.digest(digest, resolver),
            Self::Introduction(one) => {
                one.body.digest(digest, resolver);
                for (peer, address) in &one.addresses {
                    digest.number(peer.get());
                    digest.number(address.get());
                }
            }
            _ => {}
        }
    }
}
