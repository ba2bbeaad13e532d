//! Packets of a layer, by kind and by what happened to them.

use crate::stack::layers::KINDS_MAX;

/// Packets of one layer since tick 0, by kind and by what happened to them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PacketCounts {
    /// Sent, by the number of the kind.
    pub sent: [u64; KINDS_MAX],
    /// Sent once and in flight twice.
    pub duplicated: u64,
    /// Arrived at a running host.
    pub delivered: u64,
    /// Lost on a link.
    pub lost: u64,
    /// Stopped at a partition.
    pub cut: u64,
    /// Sent to an address at which no running host is.
    pub undeliverable: u64,
    /// Dropped because too many packets were in flight.
    pub overload: u64,
    /// Destroyed by another packet on a shared medium.
    pub collided: u64,
}

impl PacketCounts {
    /// No packets.
    pub(super) const ZERO: Self = Self {
        sent: [0; KINDS_MAX],
        duplicated: 0,
        delivered: 0,
        lost: 0,
        cut: 0,
        undeliverable: 0,
        overload: 0,
        collided: 0,
    };

    /// Packets sent, of any kind.
    #[must_use]
    pub fn total(&self) -> u64 {
        self.sent.iter().sum()
    }

    /// Packets that arrived or were dropped.
    #[must_use]
    pub const fn ended(&self) -> u64 {
        self.delivered + self.lost + self.cut + self.undeliverable + self.overload + self.collided
    }

    /// Packets that were sent and neither arrived nor were dropped: the number in flight, if every one is
    /// accounted for. `None` if more arrived or were dropped than were sent.
    #[must_use]
    pub(crate) fn unaccounted(&self) -> Option<u64> {
        (self.total() + self.duplicated).checked_sub(self.ended())
    }
}
