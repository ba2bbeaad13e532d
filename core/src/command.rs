//! What an operator may do to a running world.

use crate::config::knob::Setting;
use crate::id::PeerId;
use crate::ring::Arc;
use crate::time::Tick;

/// One intervention from outside.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Command {
    /// New peers arrive.
    Join {
        /// How many, at least 1.
        count: u32,
    },
    /// A running or crashed peer departs for good; its state is gone.
    Leave {
        /// Who.
        peer: PeerId,
    },
    /// A running peer stops; its state stays as it is.
    Crash {
        /// Who.
        peer: PeerId,
    },
    /// A crashed peer goes on with the state it had.
    Return {
        /// Who.
        peer: PeerId,
    },
    /// No message passes between an arc of the ring and the rest, until [`Command::Heal`]. Replaces an earlier cut.
    Cut {
        /// One side; the rest is the other.
        arc: Arc,
    },
    /// The ring is whole again.
    Heal,
    /// A knob is turned, for all peers at once.
    Set(Setting),
}

/// A command and when it is carried out: before anything else happens in that tick.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TimedCommand {
    /// When.
    pub at: Tick,
    /// What.
    pub command: Command,
}
