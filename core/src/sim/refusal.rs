//! Reasons for which a world refuses a command.

use std::fmt;

use super::host::HostStatus;
use super::network::{HoldError, TooManyPartitions};
use crate::base::id::PeerId;

/// A command that a world cannot carry out. Nothing has changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CommandError {
    /// No host has the id.
    UnknownPeer {
        /// The id.
        peer: PeerId,
        /// Part of the command that names it.
        role: PeerRole,
    },
    /// The host is in another status than the command needs.
    WrongStatus {
        /// The host.
        peer: PeerId,
        /// Its status.
        status: HostStatus,
        /// The status that the command needs.
        needed: HostStatus,
    },
    /// A paused host cannot restart.
    RestartOfPaused {
        /// The host.
        peer: PeerId,
    },
    /// More newcomers, or none, than there are vacant tokens.
    NoRoom {
        /// Number of newcomers.
        count: u32,
        /// Number of vacant tokens.
        vacant: usize,
    },
    /// Peers do not vote on blocks.
    NoBlocks,
    /// No id is vacant for a host that returns under a new one.
    NoVacantId,
    /// An arc that begins where it ends.
    EmptyArc,
    /// The limit of partitions is reached.
    TooManyPartitions(TooManyPartitions),
    /// A link cannot be held or released.
    Hold(HoldError),
}

/// Part of a command that names a peer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PeerRole {
    /// The peer that the command changes.
    Subject,
    /// Sender of a link.
    Sender,
    /// Receiver of a link.
    Receiver,
}

impl fmt::Display for CommandError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::UnknownPeer { peer, .. } => write!(f, "there is no peer {peer}"),
            Self::WrongStatus { peer, status, .. } => write!(f, "peer {peer} is {}", status.name()),
            Self::RestartOfPaused { peer } => write!(f, "peer {peer} is paused"),
            Self::NoRoom { count, vacant } => {
                write!(f, "{count} peers cannot join: there is room for 1 to {vacant}")
            }
            Self::NoBlocks => f.write_str("peers do not vote on blocks"),
            Self::NoVacantId => f.write_str("no id is vacant"),
            Self::EmptyArc => f.write_str("the arc is empty: it begins and ends at the same place"),
            Self::TooManyPartitions(error) => error.fmt(f),
            Self::Hold(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for CommandError {}

impl From<TooManyPartitions> for CommandError {
    fn from(error: TooManyPartitions) -> Self {
        Self::TooManyPartitions(error)
    }
}

impl From<HoldError> for CommandError {
    fn from(error: HoldError) -> Self {
        Self::Hold(error)
    }
}
