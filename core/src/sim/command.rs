//! What an operator may do to a running world.

use std::num::NonZeroU32;

use crate::base::id::PeerId;
use crate::base::ratio::Ratio;
use crate::base::ring::Arc;
use crate::base::time::{Direction, Tick};
use crate::config::knob::Setting;
use crate::config::{Behavior, RestartIdentity, StorageFault};

/// One intervention from outside.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Command {
    /// New peers arrive.
    Join {
        /// Number of peers, at least 1.
        count: u32,
    },
    /// A running or crashed peer departs for good; its state is lost.
    Leave {
        /// The peer.
        peer: PeerId,
    },
    /// A running peer stops and keeps its state.
    Crash {
        /// The peer.
        peer: PeerId,
    },
    /// A crashed peer resumes with the state it had.
    Return {
        /// The peer.
        peer: PeerId,
    },
    /// No message passes between an arc of the ring and the rest, until [`Command::Heal`]. Replaces an
    /// earlier cut.
    Cut {
        /// One side; the rest is the other.
        arc: Arc,
    },
    /// All partitions end.
    Heal,
    /// A knob changes, for all peers at once.
    Set(Setting),
    /// Flash crowd: new peers arrive, each with some contacts and a share of its tokens.
    Arrive {
        /// Number of peers, at least 1.
        count: u32,
        /// Running peers that each one knows.
        contacts: u32,
        /// Share of the tokens within its reach that each one stores.
        coverage: Ratio,
    },
    /// A random share of the running peers stops at once.
    Expire {
        /// Share of the running peers.
        share: Ratio,
    },
    /// No message passes from an arc of the ring to the rest; messages into the arc pass.
    CutOneWay {
        /// The arc whose messages are blocked.
        arc: Arc,
    },
    /// No message passes between two random halves of the peers.
    CutHalves {
        /// Seed of the split.
        salt: u32,
    },
    /// No message passes between equal arcs of the ring.
    CutRegions {
        /// Number of arcs, at least 2.
        regions: u32,
    },
    /// No message passes between one peer and all others.
    Isolate {
        /// The peer.
        peer: PeerId,
    },
    /// All partitions, present and future, alternate between on and off, until [`Command::Heal`].
    Flap {
        /// Length of each phase in ticks.
        period: NonZeroU32,
    },
    /// Messages from one peer to another wait, until [`Command::Release`].
    Hold {
        /// Sender.
        from: PeerId,
        /// Receiver.
        to: PeerId,
    },
    /// The messages of a held link arrive, and the hold ends.
    Release {
        /// Sender.
        from: PeerId,
        /// Receiver.
        to: PeerId,
    },
    /// One message of a held link arrives, and the link stays held: messages can arrive in any order.
    ReleaseOne {
        /// Sender.
        from: PeerId,
        /// Receiver.
        to: PeerId,
        /// Index of the message in the order of sending, from 0.
        place: u32,
    },
    /// A running or crashed host loses its memory and boots again from its disk, ungracefully.
    Restart {
        /// The host.
        peer: PeerId,
        /// Whether it stays the same peer.
        identity: RestartIdentity,
    },
    /// A running peer does nothing until [`Command::Resume`]; messages to it wait.
    Pause {
        /// The peer.
        peer: PeerId,
    },
    /// A paused peer resumes, and receives all messages that wait.
    Resume {
        /// The peer.
        peer: PeerId,
    },
    /// The clock of a peer is wrong by a number of rounds.
    Skew {
        /// The peer.
        peer: PeerId,
        /// Rounds; 0 sets the clock right.
        rounds: u32,
        /// Whether it is ahead or behind.
        direction: Direction,
    },
    /// The clock of a peer, and the peer with it, runs too slowly or too fast.
    Drift {
        /// The peer.
        peer: PeerId,
        /// Thousandths of a round that pass on it in a round; 1,000 is normal.
        rate: u32,
    },
    /// A peer loses some of its tokens.
    Lose {
        /// The peer.
        peer: PeerId,
        /// Share of its tokens.
        share: Ratio,
    },
    /// A share of a peer's tokens becomes faulty.
    Spoil {
        /// The peer.
        peer: PeerId,
        /// The fault.
        harm: StorageFault,
        /// Share of its tokens; 0 ends the fault, except for lost tokens.
        share: Ratio,
    },
    /// The tokens of a random share of the running peers become faulty.
    SpoilShare {
        /// Share of the running peers.
        peers: Ratio,
        /// The fault.
        harm: StorageFault,
        /// Share of the tokens of each.
        share: Ratio,
    },
    /// A peer breaks a rule from now on, or becomes honest.
    Corrupt {
        /// The peer.
        peer: PeerId,
        /// Its behavior.
        conduct: Behavior,
    },
    /// A random share of the honest peers breaks a rule from now on.
    CorruptShare {
        /// Share of the honest peers.
        share: Ratio,
        /// Their behavior.
        conduct: Behavior,
    },
    /// Adversaries arrive at the vacant tokens nearest to a position on the ring.
    Sybils {
        /// The position.
        near: PeerId,
        /// Number of adversaries.
        count: u32,
        /// Their behavior.
        conduct: Behavior,
    },
    /// A client submits a block of fresh tokens through a running peer, if peers vote on blocks.
    Submit {
        /// The peer.
        peer: PeerId,
        /// Tokens of the block.
        tokens: u32,
        /// Versions of the block with the same parents; all but the first go through random peers.
        versions: u32,
    },
}

/// A command with its tick: it is executed before anything else happens in that tick.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TimedCommand {
    /// The tick.
    pub at: Tick,
    /// The command.
    pub command: Command,
}
