//! What becomes of a packet, and the order in which packets are delivered.

use super::directory::Directory;
use crate::base::id::PeerId;
use crate::base::mutant::mutant;
use crate::base::sort;
use crate::base::time::Tick;
use crate::stack::packet::Packet;

/// Why a packet did not arrive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DropReason {
    /// Lost on the link.
    Loss,
    /// Stopped at a partition.
    Cut,
    /// No running host is at the address.
    Undeliverable,
    /// Too many messages are in flight.
    Overload,
    /// Another packet overlapped it at its receiver on a shared medium.
    Collision,
}

/// What a link does to a packet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LinkOutcome {
    /// It arrives, perhaps twice.
    Arrives {
        /// Tick of arrival.
        due: Tick,
        /// Tick of arrival of a duplicate.
        again: Option<Tick>,
    },
    /// It does not arrive.
    Fails(DropReason),
}

/// Number of copies in flight of a packet that was accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Enqueued {
    /// One.
    Once,
    /// Two: the link duplicated it.
    Twice,
}

/// Order in which the packets of one tick are delivered, whatever order they were sent in: by receiver,
/// sender and sequence number.
#[must_use]
pub fn delivery_order(directory: &Directory, packet: &Packet) -> (PeerId, u64, u32) {
    let to = directory.position(packet.to);
    mutant!(OrderOfEntry: (to, packet.from.get(), packet.seq) => (to, to.get(), 0))
}

/// Sorts the packets of one tick into the order of delivery. `buffer` is scratch space, reused from tick to
/// tick.
pub fn sort_for_delivery(directory: &Directory, due: &mut [Packet], buffer: &mut Vec<u64>) {
    sort::sort_by_number(
        due,
        buffer,
        |packet| directory.position(packet.to).get(),
        |packet| delivery_order(directory, packet),
    );
}
