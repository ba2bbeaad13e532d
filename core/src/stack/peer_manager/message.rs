//! Messages of the peer manager.

use crate::base::digest::Digest;
use crate::base::kind::KindInfo;
use crate::protocol::message::ProofResolver;
use crate::stack::address::Address;
use crate::stack::layer::LayerBody;

/// Addresses that one message holds at most.
pub const ADDRESSES_MAX: usize = 32;

/// A message of the peer manager.
#[derive(Clone, Debug)]
pub enum ManagerBody {
    /// A dial.
    Connect {
        /// Whether the sender is a light node.
        is_light: bool,
    },
    /// A dial is accepted.
    Accept {
        /// Whether the sender is a light node.
        is_light: bool,
    },
    /// A dial is refused.
    Refuse,
    /// The connection ends.
    Bye,
    /// The other side is asked for a sign of life.
    Ping(u32),
    /// A sign of life.
    Pong(u32),
    /// Data, valid or not.
    Data {
        /// Whether it verifies.
        is_valid: bool,
    },
    /// Addresses of peers are asked for.
    GetPeers,
    /// Addresses of peers.
    Peers(Vec<Address>),
    /// A seed is asked for addresses.
    AskSeed,
    /// Addresses from a seed.
    FromSeed(Vec<Address>),
    /// A host states in its local network that it is there.
    AnnounceLocal,
    /// A host states in its mesh that it is there.
    AnnounceMesh,
    /// A message of a minted id, or to one.
    Minted {
        /// Direction.
        end: MintedEnd,
        /// Port of the id at the address of the host that has minted it.
        port: u16,
        /// The message.
        body: Box<Self>,
    },
}

/// End of a message at which its minted id stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MintedEnd {
    /// It sends the message.
    Sender,
    /// It receives the message.
    Receiver,
}

const MANAGED: &[KindInfo] = &[
    // A peer is dialled.
    KindInfo { name: "connect", plural: "dials" },
    // A dial is accepted.
    KindInfo { name: "accept", plural: "acceptances" },
    // A dial is refused.
    KindInfo { name: "refuse", plural: "refusals" },
    // A connection ends.
    KindInfo { name: "bye", plural: "goodbyes" },
    // A sign of life is asked for.
    KindInfo { name: "ping", plural: "pings" },
    // A sign of life.
    KindInfo { name: "pong", plural: "pongs" },
    // Data, valid or not.
    KindInfo { name: "data", plural: "data messages" },
    // Addresses of peers are asked for.
    KindInfo { name: "get_peers", plural: "questions for peers" },
    // Addresses of peers.
    KindInfo { name: "peers", plural: "lists of peers" },
    // A seed is asked for addresses.
    KindInfo { name: "ask_seed", plural: "questions to seeds" },
    // Addresses from a seed.
    KindInfo { name: "from_seed", plural: "answers of seeds" },
    // A host announces itself in its local network.
    KindInfo { name: "local", plural: "local announcements" },
    // A host announces itself in its mesh.
    KindInfo { name: "mesh", plural: "mesh announcements" },
];

impl LayerBody for ManagerBody {
    const KINDS: &'static [KindInfo] = MANAGED;

    fn kind(&self) -> u8 {
        match self {
            Self::Connect { .. } => 0,
            Self::Accept { .. } => 1,
            Self::Refuse => 2,
            Self::Bye => 3,
            Self::Ping(_) => 4,
            Self::Pong(_) => 5,
            Self::Data { .. } => 6,
            Self::GetPeers => 7,
            Self::Peers(_) => 8,
            Self::AskSeed => 9,
            Self::FromSeed(_) => 10,
            Self::AnnounceLocal => 11,
            Self::AnnounceMesh => 12,
            Self::Minted { body, .. } => body.kind(),
        }
    }

    fn size(&self) -> u32 {
        match self {
            Self::Peers(list) | Self::FromSeed(list) => {
                24 + 6 * u32::try_from(list.len()).unwrap_or(u32::MAX)
            }
            Self::Data { .. } => 224,
            Self::Minted { body, .. } => body.size(),
            _ => 32,
        }
    }

    fn digest(&self, digest: &mut Digest, _resolver: &dyn ProofResolver) {
        self.add_to(digest);
    }
}

impl ManagerBody {
    /// Adds the message to a fingerprint.
    fn add_to(&self, digest: &mut Digest) {
        match self {
            Self::Minted { end, port, body } => {
                digest.number(u64::from(*end == MintedEnd::Sender) << 16 | u64::from(*port));
                digest.number(body.kind());
                body.add_to(digest);
            }
            Self::Connect { is_light } | Self::Accept { is_light } => digest.number(u64::from(*is_light)),
            Self::Ping(number) | Self::Pong(number) => digest.number(*number),
            Self::Data { is_valid } => digest.number(u64::from(*is_valid)),
            Self::Peers(list) | Self::FromSeed(list) => {
                digest.length(list.len());
                list.iter().for_each(|address| digest.number(address.get()));
            }
            _ => {}
        }
    }
}
