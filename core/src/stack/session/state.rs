//! State of one session.

use std::collections::VecDeque;

use super::pacing::Pacer;
use super::path;
use super::ping::PingState;
use super::segment::{Payload, Segment};
use super::stream::Stream;
use crate::base::digest::Digest;
use crate::base::id::PeerId;
use crate::stack::context::HostContext;

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
    /// Time at which the next turn of the keepalive is due.
    pub beat_due: u64,
    /// Pings taken since the first of a window of 10 s.
    pub pings_taken: Window,
    /// Time at which a check first found no writer for it.
    pub mute_since: Option<u64>,
    /// Whether a NAT has forgotten it: nothing passes any more.
    pub is_cut: bool,
    /// Number of the series of dials that it belongs to.
    pub series: u32,
    /// Payloads that a slow reader has not come to.
    pub unread: VecDeque<Payload>,
    /// What synchronization knows of the other end.
    pub link: RemoteState,
    /// Pacer of the stream; `None` while its bandwidth is not limited and it is not probed.
    pub line: Option<Box<Pacer>>,
}

/// Events within a window of time.
#[derive(Clone, Copy, Debug, Default)]
pub struct Window {
    since: u64,
    count: u32,
}

impl Window {
    /// Counts an event; returns the number of events of this window.
    pub const fn count(&mut self, now: u64, length: u64) -> u32 {
        if now.saturating_sub(self.since) >= length {
            *self = Self { since: now, count: 0 };
        }
        self.count = self.count.saturating_add(1);
        self.count
    }

    /// Adds the window to a fingerprint.
    pub fn digest(self, digest: &mut Digest) {
        digest.number(self.since);
        digest.number(self.count);
    }
}

/// What synchronization knows of the other end of a session.
#[derive(Clone, Copy, Debug, Default)]
pub struct RemoteState {
    /// Greatest height that it has stated.
    pub tip: u32,
    /// Result of the check of its genesis block.
    pub genesis: Genesis,
    /// Whether it has shown that it lives: by a matched pong, or a ping.
    pub is_verified: bool,
}

/// Result of the check of a genesis block.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Genesis {
    /// No check.
    #[default]
    Unchecked,
    /// The answer has not come.
    Awaited,
    /// The same.
    Same,
    /// No answer, taken for the same.
    Assumed,
    /// Another one, or no answer where that is not enough.
    Refused,
}

impl Genesis {
    /// Whether blocks of the other end are taken.
    #[must_use]
    pub(crate) const fn is_compatible(self) -> bool {
        matches!(self, Self::Unchecked | Self::Same | Self::Assumed)
    }
}

impl Session {
    /// A new session.
    #[must_use]
    pub fn new(id: u32, side: Side, stage: Stage, stream: Stream, now: u64) -> Self {
        Self {
            id,
            side,
            stage,
            stream,
            pings: PingState::default(),
            beats: 0,
            heard: now,
            peer: None,
            beat_due: 0,
            pings_taken: Window::default(),
            mute_since: None,
            is_cut: false,
            series: 0,
            unread: VecDeque::new(),
            link: RemoteState::default(),
            line: None,
        }
    }

    /// Sends a segment, unless a NAT has forgotten the session.
    pub fn emit(&self, cx: &mut HostContext<'_>, segment: Segment) {
        if !self.is_cut {
            path::send(cx, self.stream.listening, segment);
        }
    }

    /// IP of the other end.
    #[must_use]
    pub const fn ip(&self) -> u64 {
        self.stream.listening.host_part()
    }

    /// Whether both sides may send.
    #[must_use]
    pub(crate) const fn is_open(&self) -> bool {
        matches!(self.stage, Stage::Open { .. })
    }

    /// Whether the session has not begun to end.
    #[must_use]
    pub(crate) const fn is_alive(&self) -> bool {
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
        digest.number(self.beat_due);
        self.pings_taken.digest(digest);
        digest.number(self.mute_since.map_or(0, |since| since + 1));
        let flags = u64::from(self.is_cut) << 1 | u64::from(self.link.is_verified);
        digest.number(flags << 8 | self.link.genesis as u64);
        digest.number(u64::from(self.series) << 32 | u64::from(self.link.tip));
        digest.length(self.unread.len());
        self.line.iter().for_each(|line| line.digest(digest));
    }
}
