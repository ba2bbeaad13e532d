//! A peer that a host knows: how it was found, what it has done, and the connection with it.

use super::factors::Observed;
use crate::base::digest::Digest;
use crate::stack::address::Address;

/// How a peer was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DiscoverySource {
    /// Through a seed.
    Dns,
    /// Through a connected peer.
    Exchange,
    /// In the local network.
    Mdns,
    /// In the mesh.
    Mesh,
    /// It dialled.
    Dial,
    /// A person has added it: it is never forgotten.
    Manual,
}

/// Side of a connection that a host is on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LinkSide {
    /// The peer dialled.
    Inbound,
    /// This host dialled.
    Outbound,
}

/// Connection with a peer. Times are in ms.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PoolLink {
    /// None.
    Idle,
    /// A dial without an answer so far.
    Dialing {
        /// Time of the dial.
        since: u64,
    },
    /// Open.
    Open {
        /// Side of this host.
        side: LinkSide,
        /// Time at which it opened.
        since: u64,
        /// Time of the last activity.
        active: u64,
        /// Outstanding ping, and its time.
        ping: Option<(u32, u64)>,
        /// Pings in sequence that went unanswered.
        missed: u32,
    },
}

/// Why a connection has ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LinkEnd {
    /// The peer has ended it.
    ByPeer,
    /// Nothing was heard on it for too long.
    Idle,
    /// Several pings in sequence had no answer.
    Unanswered,
    /// The peer is banned.
    Banned,
    /// It gave way to a better peer.
    Replaced {
        /// The better peer.
        by: Address,
        /// Score of the better peer, in ten-thousandths.
        newcomer: u64,
        /// Score of the peer that gave way.
        worst: u64,
    },
}

/// A peer that a host knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KnownPeer {
    /// Its address.
    pub address: Address,
    /// How it was found.
    pub source: DiscoverySource,
    /// Time at which it was last heard of, in ms.
    pub seen_ms: u64,
    /// Time of the first connection or dial, in ms; `None` before it.
    pub first_ms: Option<u64>,
    /// Connection with it.
    pub link: PoolLink,
    /// Dials in sequence that failed.
    pub failures: u32,
    /// Time before which it is not dialled, in ms.
    pub not_before_ms: u64,
    /// Time of the connections that have ended, in ms.
    pub connected_ms: u64,
    /// Whether it had a connection.
    pub was_connected: bool,
    /// Why its last connection has ended, and when, in ms; for observers alone.
    pub ended: Option<(u64, LinkEnd)>,
    /// Its score when it was last computed, in ten-thousandths.
    pub score: u64,
    /// What is known of its service.
    pub observed: Observed,
    /// Host that has named it, by the host part of its address; only while referrals are limited.
    pub referrer: Option<u64>,
}

impl KnownPeer {
    /// A peer of which nothing is known but its address.
    #[must_use]
    pub fn new(address: Address, source: DiscoverySource, now: u64) -> Self {
        Self {
            address,
            source,
            seen_ms: now,
            first_ms: None,
            link: PoolLink::Idle,
            failures: 0,
            not_before_ms: 0,
            connected_ms: 0,
            was_connected: false,
            ended: None,
            score: 0,
            observed: Observed::default(),
            referrer: None,
        }
    }

    /// Whether a connection is open.
    #[must_use]
    pub const fn is_open(&self) -> bool {
        matches!(self.link, PoolLink::Open { .. })
    }

    /// Whether a connection is open on this side.
    #[must_use]
    pub fn is_on(&self, wanted: LinkSide) -> bool {
        matches!(self.link, PoolLink::Open { side, .. } if side == wanted)
    }

    /// Time of all connections until now, in ms.
    #[must_use]
    pub const fn up_ms(&self, now: u64) -> u64 {
        let present = match self.link {
            PoolLink::Open { since, .. } => now.saturating_sub(since),
            _ => 0,
        };
        self.connected_ms + present
    }

    /// Adds the peer to a fingerprint.
    pub fn digest(&self, digest: &mut Digest) {
        digest.number(self.address.get());
        digest.number(self.seen_ms);
        digest.number(self.source as u64);
        match self.link {
            PoolLink::Idle => digest.number(0_u64),
            PoolLink::Dialing { since } => digest.number(since << 2 | 1),
            PoolLink::Open { side, since, active, ping, missed } => {
                digest.number(since << 2 | 2 | u64::from(side == LinkSide::Inbound));
                digest.number(active);
                digest.number(u64::from(missed) << 32 | u64::from(ping.map_or(0, |ping| ping.0)));
                digest.number(ping.map_or(0, |ping| ping.1));
            }
        }
        digest.number(u64::from(self.failures) << 1 | u64::from(self.was_connected));
        digest.number(self.not_before_ms);
        digest.number(self.connected_ms);
        digest.number(self.score);
        let Observed { dials, accepted, received, invalid, propagated, .. } = self.observed;
        [dials, accepted, received, invalid, propagated].into_iter().for_each(|one| digest.number(one));
        if let Some(referrer) = self.referrer {
            digest.number(referrer);
        }
    }
}
