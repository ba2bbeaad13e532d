//! What becomes of a packet, and the order in which packets are delivered.

use super::directory::Directory;
use crate::base::id::PeerId;
use crate::base::mutant::mutant;
use crate::base::sort;
use crate::base::time::Tick;
use crate::config::ArrivalOrder;
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

/// Canonical order of packets, whatever order they were sent in: by receiver, sender and sequence number.
#[must_use]
pub fn delivery_order(directory: &Directory, packet: &Packet) -> (PeerId, u64, u32) {
    let to = directory.position(packet.to);
    mutant!(OrderOfEntry: (to, packet.from.get(), packet.seq) => (to, to.get(), 0))
}

/// Key of a packet among those that arrive at a tick: its receiver, a rank by the [`ArrivalOrder`], and the
/// rest of its [`delivery_order`], which decides between equal ranks.
#[must_use]
pub(crate) fn arrival_order(
    directory: &Directory,
    order: ArrivalOrder,
    now: Tick,
    packet: &Packet,
) -> (PeerId, u64, u64, u32) {
    let (to, from, seq) = delivery_order(directory, packet);
    let rank = match order {
        ArrivalOrder::Sender => from,
        ArrivalOrder::Hash => [to.get(), from, u64::from(seq)].into_iter().fold(mix(now.0), chain),
    };
    (to, rank, from, seq)
}

const fn chain(state: u64, number: u64) -> u64 {
    mix(state ^ number)
}

/// One step of `SplitMix64`: its increment and its finalizer.
const fn mix(number: u64) -> u64 {
    let number = number.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let number = (number ^ (number >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let number = (number ^ (number >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    number ^ (number >> 31)
}

/// Sorts the packets that arrive at a tick into the order of delivery. `buffer` is scratch space, reused from
/// tick to tick.
pub(crate) fn sort_for_delivery(
    directory: &Directory,
    order: ArrivalOrder,
    now: Tick,
    due: &mut [Packet],
    buffer: &mut Vec<u64>,
) {
    let key = |packet: &Packet| arrival_order(directory, order, now, packet);
    sort::sort_by_numbers(
        due,
        buffer,
        |packet| directory.position(packet.to).get(),
        |packet| key(packet).1,
        key,
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Of ten senders, each comes before the next higher one in half of the ticks.
    #[test]
    fn a_hash_favours_no_sender() {
        let rank = |from: u64, tick: u64| [7, from, 3].into_iter().fold(mix(tick), chain);
        for from in 0..10 {
            let first = (0..10_000).filter(|tick| rank(from, *tick) < rank(from + 1, *tick)).count();
            assert!((4_800..5_200).contains(&first), "{from} comes first {first} times of 10,000");
        }
    }
}
