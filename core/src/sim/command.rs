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
    /// The ring is whole again: all cuts are gone.
    Heal,
    /// A knob is turned, for all peers at once.
    Set(Setting),
    /// New peers arrive that have heard of so many others and hold so much of what falls to them: a flash crowd.
    Arrive {
        /// How many, at least 1.
        count: u32,
        /// Running peers that each has heard of.
        contacts: u32,
        /// The share of the tokens within its reach that each holds.
        coverage: Ratio,
    },
    /// A random share of the running peers stops at once.
    Expire {
        /// Which share.
        share: Ratio,
    },
    /// No message passes from an arc of the ring to the rest; the other way round they pass.
    CutOneWay {
        /// The side that is not heard.
        arc: Arc,
    },
    /// No message passes between two halves of the peers, drawn by lot.
    CutHalves {
        /// Draws another lot.
        salt: u32,
    },
    /// No message passes between equal arcs of the ring.
    CutRegions {
        /// How many, at least 2.
        regions: u32,
    },
    /// No message passes between one peer and all others.
    Isolate {
        /// Who.
        peer: PeerId,
    },
    /// All cuts, present and to come, hold for so many ticks and then do not, in turn, until [`Command::Heal`].
    Flap {
        /// Ticks.
        period: NonZeroU32,
    },
    /// Messages from one peer to another wait, until [`Command::Release`].
    Hold {
        /// Who sends them.
        from: PeerId,
        /// Whom they are for.
        to: PeerId,
    },
    /// Messages that were held arrive.
    Release {
        /// Who sent them.
        from: PeerId,
        /// Whom they are for.
        to: PeerId,
    },
    /// One message that is held arrives, while the link stays held: in any order that somebody wants.
    ReleaseOne {
        /// Who sent it.
        from: PeerId,
        /// Whom it is for.
        to: PeerId,
        /// Which, from 0 for the one that was sent first.
        place: u32,
    },
    /// A running or crashed host loses its memory and boots again from its disk, ungracefully.
    Restart {
        /// The host.
        peer: PeerId,
        /// Whether it stays the same peer.
        identity: RestartIdentity,
    },
    /// A running peer does nothing for the time being, while messages to it wait.
    Pause {
        /// Who.
        peer: PeerId,
    },
    /// A paused peer goes on, and gets all that waits.
    Resume {
        /// Who.
        peer: PeerId,
    },
    /// The clock of a peer is wrong by so many rounds.
    Skew {
        /// Whose.
        peer: PeerId,
        /// Rounds; 0 sets it right.
        rounds: u32,
        /// Which way.
        direction: Direction,
    },
    /// The clock of a peer goes too slowly or too fast, and the peer with it.
    Drift {
        /// Whose.
        peer: PeerId,
        /// Thousandths of a round that pass on it in a round.
        rate: u32,
    },
    /// A peer loses some of its tokens.
    Lose {
        /// Who.
        peer: PeerId,
        /// Which share.
        share: Ratio,
    },
    /// Something befalls the tokens of a peer.
    Spoil {
        /// Who.
        peer: PeerId,
        /// What befalls them.
        harm: StorageFault,
        /// Which share of them; 0 for none any more, except where they are lost.
        share: Ratio,
    },
    /// Something befalls the tokens of a random share of the running peers.
    SpoilShare {
        /// Which share of the peers.
        peers: Ratio,
        /// What befalls the tokens.
        harm: StorageFault,
        /// Which share of the tokens.
        share: Ratio,
    },
    /// A peer breaks a rule from now on, or none any more.
    Corrupt {
        /// Who.
        peer: PeerId,
        /// What it does.
        conduct: Behavior,
    },
    /// A random share of the honest peers breaks a rule from now on.
    CorruptShare {
        /// Which share.
        share: Ratio,
        /// What they do.
        conduct: Behavior,
    },
    /// Adversaries arrive at the vacant tokens nearest to a place.
    Sybils {
        /// The place.
        near: PeerId,
        /// How many.
        count: u32,
        /// What they do.
        conduct: Behavior,
    },
}

/// A command and when it is carried out: before anything else happens in that tick.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TimedCommand {
    /// When.
    pub at: Tick,
    /// What.
    pub command: Command,
}
