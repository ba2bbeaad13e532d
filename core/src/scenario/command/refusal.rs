//! Refusals of a world in the form in which a person reads them.

use crate::base::problem::Problem;
use crate::sim::network::HoldError;
use crate::sim::refusal::{CommandError, PeerRole};

impl From<CommandError> for Problem {
    fn from(error: CommandError) -> Self {
        Self::new(path(&error), error.to_string(), remedy(&error))
    }
}

/// Key of the command's value that has to change.
const fn path(error: &CommandError) -> &'static str {
    match error {
        CommandError::UnknownPeer { role: PeerRole::Sender, .. } => "from",
        CommandError::EmptyArc
        | CommandError::UnknownPeer { role: PeerRole::Receiver, .. }
        | CommandError::Hold(HoldError::AlreadyHeld | HoldError::LimitReached | HoldError::NotHeld) => "to",
        CommandError::UnknownPeer { role: PeerRole::Subject, .. }
        | CommandError::WrongStatus { .. }
        | CommandError::RestartOfPaused { .. } => "peer",
        CommandError::NoRoom { .. } => "count",
        CommandError::NoVacantId => "identity",
        CommandError::TooManyPartitions(_) | CommandError::NoBlocks => "kind",
        CommandError::Hold(HoldError::NoSuchPacket { .. }) => "place",
    }
}

fn remedy(error: &CommandError) -> String {
    let remedy = match error {
        CommandError::WrongStatus { needed, .. } => return format!("choose a {} peer", needed.name()),
        CommandError::UnknownPeer { .. } => "choose the id of a peer that exists at this tick",
        CommandError::RestartOfPaused { .. } => "resume it first",
        CommandError::NoRoom { .. } => {
            "peers live at tokens: choose a smaller count, or a scenario with a larger tokens.total"
        }
        CommandError::NoBlocks => "set consensus.enabled=on too, or start from the preset blocks",
        CommandError::NoVacantId => "keep the identity, or choose a larger tokens.total",
        CommandError::EmptyArc => "name two different places",
        CommandError::TooManyPartitions(_) => "heal the ring first",
        CommandError::Hold(HoldError::AlreadyHeld) => "choose a link that is not held",
        CommandError::Hold(HoldError::LimitReached) => "release a link first",
        CommandError::Hold(HoldError::NotHeld) => "choose a link that is held",
        CommandError::Hold(HoldError::NoSuchPacket { .. }) => "hold the link first, and count from 0",
    };
    remedy.to_owned()
}
