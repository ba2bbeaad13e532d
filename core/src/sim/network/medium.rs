//! Shared medium: packets that overlap in time at a receiver destroy one another (pure ALOHA, Abramson 1970).
//!
//! A packet that arrives at tick `t` occupies its receiver in the `airtime` ticks before `t`, which are part
//! of its latency. Which packets of a tick collide is decided before any host is served: every packet that
//! can overlap them has been sent by then, so that the order of service cannot be observed.

use litemap::LiteMap;

use super::{Bucket, Day, Network, delivery_order};
use crate::base::digest::{Digest, Tag};
use crate::base::id::PeerId;
use crate::base::sort;
use crate::base::time::Tick;
use crate::stack::packet::Packet;

/// The receptions of every receiver, past ones as long as they may overlap others.
#[derive(Clone, Debug)]
pub(super) struct Medium {
    /// Ticks that a packet occupies its receiver, at least 1.
    airtime: u64,
    /// Ends of receptions, in ascending order, by receiver.
    receptions: LiteMap<PeerId, Vec<Tick>>,
}

impl Medium {
    pub(super) fn new(airtime: u64) -> Self {
        debug_assert!(airtime > 0, "without airtime nothing overlaps");
        Self { airtime, receptions: LiteMap::new_vec() }
    }

    pub(super) const fn airtime(&self) -> u64 {
        self.airtime
    }

    /// Notes a packet that will arrive.
    pub(super) fn transmit(&mut self, receiver: PeerId, due: Tick) {
        let receptions = self.receptions.entry(receiver).or_default();
        let index = receptions.partition_point(|end| *end <= due);
        receptions.insert(index, due);
    }

    /// Whether a packet that arrives now overlaps another one at its receiver.
    pub(super) fn collides(&self, receiver: PeerId, now: Tick) -> bool {
        let Some(receptions) = self.receptions.get(&receiver) else { return false };
        let first = receptions.partition_point(|end| end.0 + self.airtime <= now.0);
        let near = receptions[first..].iter().take_while(|end| end.0 < now.0 + self.airtime).count();
        debug_assert!(near > 0, "the packet itself was noted");
        near > 1
    }

    /// Forgets receptions that can overlap no packet that arrives after `now`.
    pub(super) fn forget(&mut self, receiver: PeerId, now: Tick) {
        if let Some(receptions) = self.receptions.get_mut(&receiver) {
            let gone = receptions.partition_point(|end| end.0 + self.airtime <= now.0);
            receptions.drain(..gone);
        }
    }

    /// Adds the receptions to a fingerprint.
    pub(super) fn digest(&self, digest: &mut Digest) {
        digest.section(Tag::Medium);
        digest.number(self.airtime);
        for (receiver, receptions) in self.receptions.iter().filter(|(_, receptions)| !receptions.is_empty())
        {
            debug_assert!(receptions.is_sorted(), "receptions are in order");
            digest.number(receiver.get());
            digest.length(receptions.len());
            receptions.iter().for_each(|end| digest.number(end.0));
        }
    }
}

impl Network {
    /// Takes the packets out of an opened day that overlap others at their receivers; empty without a shared
    /// medium.
    ///
    /// This stage comes before any host is served.
    pub fn collide(&mut self, day: &mut Day<Packet>, now: Tick) -> Vec<Packet> {
        #[cfg(feature = "layers")]
        if self.air.is_some() {
            return self.collide_on_air(day, now);
        }
        let Some(medium) = &mut self.medium else { return Vec::new() };
        let directory = &self.directory;
        let receiver = |packet: &Packet| directory.position(packet.to);
        let mut collided = Vec::new();
        for chunk in day.buckets().iter_mut().flat_map(Bucket::chunks) {
            collided.extend(chunk.extract_if(.., |packet| medium.collides(receiver(packet), now)));
        }
        let arrived = day.buckets().iter_mut().flat_map(Bucket::chunks).flat_map(|chunk| chunk.iter());
        let receivers: Vec<PeerId> = arrived.chain(&collided).map(receiver).collect();
        receivers.into_iter().for_each(|receiver| medium.forget(receiver, now));
        sort::sort_by_key(&mut collided, |packet| delivery_order(directory, packet));
        collided
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RECEIVER: PeerId = PeerId::new(1);

    fn medium(ends: &[u64]) -> Medium {
        let mut medium = Medium::new(10);
        ends.iter().for_each(|end| medium.transmit(RECEIVER, Tick(*end)));
        medium
    }

    #[test]
    fn packets_collide_if_they_overlap_at_their_receiver() {
        let medium = medium(&[100, 109, 119, 150, 150]);
        let collided = [100, 109, 119, 150].map(|end| medium.collides(RECEIVER, Tick(end)));
        assert_eq!(
            collided,
            [true, true, false, true],
            "from 109 to 119 are ten ticks: they just do not overlap"
        );
        assert!(!medium.collides(PeerId::new(2), Tick(100)), "another receiver hears nothing of it");
    }

    #[test]
    fn what_cannot_overlap_any_more_is_forgotten() {
        let mut medium = medium(&[100, 109]);
        medium.forget(RECEIVER, Tick(109));
        assert!(medium.collides(RECEIVER, Tick(109)));
        medium.forget(RECEIVER, Tick(110));
        assert!(!medium.collides(RECEIVER, Tick(109)));
    }
}
