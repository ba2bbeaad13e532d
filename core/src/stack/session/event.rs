//! Facts that sessions state for observers.

use crate::base::kind::CounterInfo;
use crate::stack::layer::LayerEvent;

/// A fact about the sessions of one host. Times are in ms.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SessionEvent {
    /// A SYN went out.
    Dialed,
    /// A dial had no answer, or was reset.
    DialFailed,
    /// A session is open on its dialing side.
    Opened,
    /// A session is open on its accepting side.
    Accepted,
    /// A session has ended on its dialing side.
    Closed {
        /// Time since it opened.
        lifetime_ms: u64,
    },
    /// A session has ended on its accepting side.
    Released,
    /// A duplicate was refused, or gave way to another.
    Refused,
    /// A ping went out.
    PingSent,
    /// A pong matched an outstanding ping.
    PongMatched {
        /// Time since the ping.
        rtt_ms: u64,
    },
    /// A pong matched no outstanding ping.
    PongUnmatched,
    /// A pong was missed.
    PongMissed,
    /// A reply was lost because its key is not registered.
    ReplyLost,
    /// A segment was sent again.
    Retransmitted,
    /// A message came before the handshake.
    EarlyMessage,
}

const fn counter(name: &'static str, unit: &'static str, meaning: &'static str) -> CounterInfo {
    CounterInfo { name, unit, meaning }
}

impl LayerEvent for SessionEvent {
    const COUNTERS: &'static [CounterInfo] = &[
        counter("dials", "dials", "SYNs of new streams."),
        counter("dials_failed", "dials", "Dials without an answer, or reset."),
        counter("opened", "sessions", "Sessions opened, counted on the dialing side."),
        counter("accepted", "sessions", "Sessions opened, counted on the accepting side."),
        counter("closed", "sessions", "Sessions ended, counted on the dialing side."),
        counter("released", "sessions", "Sessions ended, counted on the accepting side."),
        counter("refused", "sessions", "Duplicates refused or replaced."),
        counter("pings_sent", "pings", "Pings sent."),
        counter("pongs_matched", "pongs", "Pongs that matched an outstanding ping."),
        counter("pongs_unmatched", "pongs", "Pongs that matched no outstanding ping."),
        counter("pongs_missed", "pongs", "Pongs missed by the rule in force."),
        counter("replies_lost", "replies", "Replies lost because their key is not registered."),
        counter("retransmitted", "segments", "Segments sent again."),
        counter("early_messages", "messages", "Messages before the handshake, which end a session."),
    ];

    fn counter(&self) -> Option<u8> {
        Some(match self {
            Self::Dialed => 0,
            Self::DialFailed => 1,
            Self::Opened => 2,
            Self::Accepted => 3,
            Self::Closed { .. } => 4,
            Self::Released => 5,
            Self::Refused => 6,
            Self::PingSent => 7,
            Self::PongMatched { .. } => 8,
            Self::PongUnmatched => 9,
            Self::PongMissed => 10,
            Self::ReplyLost => 11,
            Self::Retransmitted => 12,
            Self::EarlyMessage => 13,
        })
    }
}
