//! State of one session.

use super::ping::PingState;
use super::stream::Stream;
use crate::base::digest::Digest;
use crate::base::id::PeerId;

/// Side of a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// This host has dialled.
    Dialer,
    /// The other host has dialled.
    Acceptor,
}

/// Stage of a session. Times are in ms.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// The SYN is out.
    Connecting {
        /// Time of the first SYN.
        since: u64,
    },
    /// The stream is open; the dialer waits for the acknowledgement of its handshake, the acceptor for the
    /// handshake.
    Handshaking,
    /// Both sides may send.
    Open {
        /// Time at which it opened.
        since: u64,
    },
    /// The FIN is out and waits for its acknowledgement.
    Closing,
}

/// A session, from its SYN to the acknowledgement of its FIN.
#[derive(Clone, Debug)]
pub struct Session {
    /// Generation: the number of the session on its host, which only grows.
    pub id: u32,
    /// Side of this host.
    pub side: Side,
    /// Stage.
    pub stage: Stage,
    /// The stream below.
    pub stream: Stream,
    /// Keepalive of a dialer.
    pub pings: PingState,
    /// Turns of the keepalive so far: every second one adds a heartbeat.
    pub beats: u32,
    /// Time at which a segment last came.
    pub heard: u64,
    /// Id that the other end stated in its handshake.
    pub peer: Option<PeerId>,
}

impl Session {
    /// A new session.
    #[must_use]
    pub fn new(id: u32, side: Side, stage: Stage, stream: Stream, now: u64) -> Self {
        Self { id, side, stage, stream, pings: PingState::default(), beats: 0, heard: now, peer: None }
    }

    /// IP of the other end.
    #[must_use]
    pub const fn ip(&self) -> u64 {
        self.stream.listening.host_part()
    }

    /// Whether both sides may send.
    #[must_use]
    pub const fn is_open(&self) -> bool {
        matches!(self.stage, Stage::Open { .. })
    }

    /// Whether the session has not begun to end.
    #[must_use]
    pub const fn is_alive(&self) -> bool {
        !matches!(self.stage, Stage::Closing)
    }

    /// Bytes of state, without those of payloads that wait.
    #[must_use]
    pub fn bytes(&self) -> usize {
        size_of::<Self>() + self.stream.heap_bytes() + self.pings.heap_bytes()
    }

    /// Adds the session to a fingerprint.
    pub fn digest(&self, digest: &mut Digest) {
        let (stage, since) = match self.stage {
            Stage::Connecting { since } => (0, since),
            Stage::Handshaking => (1, 0),
            Stage::Open { since } => (2, since),
            Stage::Closing => (3, 0),
        };
        digest.number(u64::from(self.id) << 8 | stage << 1 | u64::from(self.side == Side::Dialer));
        digest.number(since);
        self.stream.digest(digest);
        self.pings.digest(digest);
        digest.number(self.beats);
        digest.number(self.heard);
        digest.number(self.peer.map_or(0, PeerId::get));
    }
}
