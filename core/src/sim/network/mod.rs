//! The network between hosts: links, partitions, held links, and packets in flight.
//!
//! | module | content |
//! |---|---|
//! | `calendar`, `wheel` | the queue of packets in flight, by tick and shard |
//! | `link` | loss, delay and bandwidth of one link |
//! | `medium` | collisions on a shared medium |
//! | `air` | collisions of radio transmissions |
//! | `partition`, `holds` | partitions; held links and paused hosts |
//! | `directory` | which host an address reaches |

#[cfg(feature = "layers")]
mod air;
mod calendar;
mod delivery;
mod link;
mod medium;
mod directory;
mod holds;
mod partition;
mod wheel;

#[cfg(feature = "layers")]
pub use air::AirRules;
pub use calendar::{Bucket, Calendar, Day};
#[cfg(test)]
pub(crate) use delivery::arrival_order;
pub(crate) use delivery::sort_for_delivery;
pub use delivery::{DropReason, LinkOutcome, delivery_order};
pub use directory::{BINDINGS_MAX, BindError, Directory};
pub use holds::{HELD_LINKS_MAX, HoldError};
pub(crate) use partition::region;
pub use partition::{PARTITIONS_MAX, Partition, PartitionSet, TooManyPartitions};

use self::holds::Holds;
use self::link::arrival;
pub use self::link::{Route, leave};
use self::medium::Medium;

use std::num::NonZeroU32;
use std::sync::Arc as Shared;

use crate::base::digest::Digest;
use crate::base::id::PeerId;
use crate::base::mutant::{Mutant, mutant};
use crate::base::ratio::Ratio;
use crate::base::ring::Arc;
use crate::base::rng::{Purpose, Rng};
use crate::base::sort;
use crate::base::time::{Clock, Tick};
use crate::config::NetworkConfig;
use crate::protocol::message::ProofResolver;
use crate::stack::packet::Packet;

/// Maximum number of packets in flight; further ones are dropped as [`DropReason::Overload`]. Lower in tests
/// of this crate.
pub const IN_FLIGHT_MAX: usize = if cfg!(test) { 1 << 16 } else { 1 << 24 };

/// Everything between the hosts.
#[derive(Clone, Debug, Default)]
pub struct Network {
    mail: Calendar<Packet>,
    /// Number of first bits of a receiver's id that name its shard.
    shard_bits: u32,
    partitions: PartitionSet,
    holds: Holds,
    directory: Shared<Directory>,
    /// `None` if every link is a medium of its own.
    medium: Option<Box<Medium>>,
    /// `None` if hosts have no radio.
    #[cfg(feature = "layers")]
    air: Option<Box<air::Air>>,
}

impl Network {
    /// An empty network for receivers in shards: neighbours on the ring whose ids have the same first bits.
    #[must_use]
    pub(crate) fn with_shard_bits(shard_bits: u32) -> Self {
        Self { mail: Calendar::with_shards(1 << shard_bits), shard_bits, ..Self::default() }
    }

    /// Number of shards.
    #[must_use]
    pub const fn shards(&self) -> usize {
        self.mail.shards()
    }

    /// Number of first bits of a receiver's id that name its shard.
    #[must_use]
    pub(crate) const fn shard_bits(&self) -> u32 {
        self.shard_bits
    }

    /// Divides the receivers into shards by the first bits of their ids.
    pub(crate) fn reshard(&mut self, shard_bits: u32) {
        let mut mail = std::mem::take(&mut self.mail);
        // Newcomers get addresses in the midst of a tick.
        #[cfg(feature = "layers")]
        mail.replace_open_day();
        self.mail = Calendar::with_shards(1 << shard_bits);
        self.shard_bits = shard_bits;
        while let Some(due) = mail.next_due() {
            let mut day = mail.open(due);
            for packet in day.buckets().iter_mut().flat_map(Bucket::chunks).flat_map(|chunk| chunk.drain(..))
            {
                self.push(due, packet);
            }
            mail.close(day);
        }
    }

    /// Shard of a receiver. Shards ascend along the ring.
    #[must_use]
    pub const fn shard(&self, peer: PeerId) -> usize {
        // In two steps: with one shard, all bits go.
        (peer.get() >> 1 >> (63 - self.shard_bits)) as usize
    }

    fn shard_of(&self, packet: &Packet) -> usize {
        self.shard(self.directory.position(packet.to))
    }

    #[inline]
    fn send(&mut self, due: Tick, packet: Packet) {
        self.begin_on_medium(&packet, due);
        #[cfg(feature = "layers")]
        self.begin_on_air(&packet, due);
        self.push(due, packet);
    }

    /// Notes the transmission of a packet on a shared medium.
    #[inline]
    fn begin_on_medium(&mut self, packet: &Packet, due: Tick) {
        if let Some(medium) = &mut self.medium {
            medium.transmit(self.directory.position(packet.to), due);
        }
    }

    #[inline]
    fn push(&mut self, due: Tick, packet: Packet) {
        self.mail.push(due, self.shard_of(&packet), packet);
    }

    /// The arc that is cut off from the rest; `None` if there is none.
    #[must_use]
    pub const fn cut(&self) -> Option<Arc> {
        self.partitions.cut
    }

    /// All partitions.
    #[must_use]
    pub const fn partitions(&self) -> &PartitionSet {
        &self.partitions
    }

    /// Cuts an arc off, in place of an earlier one.
    pub(crate) const fn set_cut(&mut self, arc: Arc) {
        self.partitions.cut = Some(arc);
    }

    /// Adds a partition.
    ///
    /// # Errors
    ///
    /// There are [`PARTITIONS_MAX`] already.
    pub(crate) fn add_partition(&mut self, partition: Partition) -> Result<(), TooManyPartitions> {
        self.partitions.add(partition)
    }

    /// Lets all partitions alternate between on and off.
    pub const fn flap(&mut self, period: NonZeroU32) {
        self.partitions.flap(period);
    }

    /// Ends all partitions.
    pub fn heal(&mut self) {
        if Mutant::HealIncomplete.is_active() {
            self.partitions.cut = None;
            return;
        }
        self.partitions = PartitionSet::default();
    }

    /// Holds the packets from one host to another.
    ///
    /// # Errors
    ///
    /// If the link is held already, or [`HELD_LINKS_MAX`] are.
    pub fn hold(&mut self, from: PeerId, to: PeerId) -> Result<(), HoldError> {
        self.holds.hold(from, to)
    }

    /// Releases the packets of a held link, to arrive at the tick `now`.
    ///
    /// # Errors
    ///
    /// If the link is not held.
    pub fn release(&mut self, from: PeerId, to: PeerId, now: Tick) -> Result<(), HoldError> {
        self.holds.release(from, to)?;
        self.flush_held(now);
        Ok(())
    }

    /// Releases one packet of a held link, to arrive at the tick `now`: the one with this index in the order
    /// of sending, from 0.
    ///
    /// # Errors
    ///
    /// If the link holds no packet with this index.
    pub(crate) fn release_one(
        &mut self,
        from: PeerId,
        to: PeerId,
        index: usize,
        now: Tick,
    ) -> Result<(), HoldError> {
        self.holds.release_one(&self.directory, (from, to), index, now)
    }

    /// Lets packets to a host wait.
    pub fn pause(&mut self, host: PeerId) {
        self.holds.pause(host);
    }

    /// Releases the packets to a paused host, to arrive at the tick `now`.
    pub fn resume(&mut self, host: PeerId, now: Tick) {
        if self.holds.resume(host) {
            self.flush_held(now);
        }
    }

    fn flush_held(&mut self, now: Tick) {
        for packet in self.holds.flush(&self.directory) {
            self.send(now, packet);
        }
    }

    /// Links on which packets are held, each from one host to another.
    #[must_use]
    pub(crate) fn held_links(&self) -> &[(PeerId, PeerId)] {
        self.holds.links()
    }

    /// The directory of addresses.
    #[must_use]
    pub const fn directory(&self) -> &Shared<Directory> {
        &self.directory
    }

    /// Sets the directory, and moves packets in flight to the shards of the hosts that their addresses reach
    /// now.
    pub(crate) fn set_directory(&mut self, directory: Shared<Directory>) {
        self.directory = directory;
        self.reshard(self.shard_bits);
    }

    /// Barriers between peers in words: partitions, and held links.
    #[must_use]
    pub(crate) fn describe_barriers(&self) -> Vec<String> {
        let held = match self.held_links().len() {
            0 => None,
            1 => Some("1 link held".to_owned()),
            count => Some(format!("{count} links held")),
        };
        self.partitions.words().into_iter().chain(held).collect()
    }

    /// Number of packets in flight.
    #[must_use]
    pub const fn in_flight(&self) -> usize {
        self.mail.len() + self.holds.len()
    }

    /// Number of packets that are held or wait before a paused host.
    #[must_use]
    pub const fn waiting(&self) -> usize {
        self.holds.waiting()
    }

    /// All messages in flight with the ticks at which they are due, the earliest first; not those that are
    /// held.
    pub fn iter(&self) -> impl Iterator<Item = (Tick, &Packet)> {
        self.mail.iter()
    }

    /// All packets in flight, held ones last.
    pub fn packets(&self) -> impl Iterator<Item = &Packet> {
        self.mail.iter().map(|(_, packet)| packet).chain(self.holds.packets())
    }

    /// The next tick at which a packet is due.
    #[must_use]
    pub(crate) fn next_due(&self) -> Option<Tick> {
        self.holds.next_due().into_iter().chain(self.mail.next_due()).min()
    }

    /// The hosts between which a packet travels, by the present directory.
    #[must_use]
    #[inline]
    pub fn route(&self, packet: &Packet) -> Route {
        Route { from: self.directory.position(packet.from), to: self.directory.position(packet.to) }
    }

    /// Whether a partition stops packets of a route at a tick.
    #[must_use]
    pub fn separates(&self, Route { from, to }: Route, now: Tick) -> bool {
        self.partitions.stops(from, to, now)
    }

    /// What the link does to a packet, by draws from its sender's stream. It cannot arrive before `ready`,
    /// when the sender's line is free.
    #[must_use]
    pub fn outcome(
        &self,
        packet: &Packet,
        ready: Tick,
        config: &NetworkConfig,
        clock: Clock,
        link_rng: &mut Rng,
    ) -> LinkOutcome {
        if Mutant::LuckSeesTraffic.is_active() {
            *link_rng = Rng::stream(link_rng.number(), Purpose::Links, self.in_flight() as u64);
        }
        #[cfg(feature = "layers")]
        if self.air.is_some()
            && let Some(signal) = packet.body.signal()
        {
            return self.outcome_on_air(packet, signal);
        }
        let route = self.route(packet);
        // Random draws come first: a partition in the way must not change the outcome of later packets.
        let due = arrival(route, packet.sent, ready, config, clock, link_rng);
        let is_double = config.duplication > Ratio::ZERO && link_rng.chance(config.duplication);
        let again =
            if is_double { arrival(route, packet.sent, ready, config, clock, link_rng) } else { None };
        match due {
            None => LinkOutcome::Fails(DropReason::Loss),
            Some(_) if self.separates(route, packet.sent) => LinkOutcome::Fails(DropReason::Cut),
            Some(due) => LinkOutcome::Arrives { due, again },
        }
    }

    /// The outcome of a packet, which fails as an overload if there is no room for it.
    #[must_use]
    #[inline]
    pub(crate) const fn admit(&self, outcome: LinkOutcome) -> LinkOutcome {
        match outcome {
            LinkOutcome::Arrives { .. } if self.in_flight() + 1 >= IN_FLIGHT_MAX => {
                LinkOutcome::Fails(DropReason::Overload)
            }
            outcome => outcome,
        }
    }

    /// Puts an admitted packet in flight, to arrive at a tick, and perhaps again at another.
    #[inline]
    pub(crate) fn enqueue(&mut self, packet: Packet, due: Tick, again: Option<Tick>) {
        let due = mutant!(TickLate: self.on_air(due) => Tick(self.on_air(due).0 + 1));
        if let Some(again) = again {
            self.send_again(self.on_air(again), &packet);
        }
        self.send(due, packet);
    }

    #[cold]
    fn send_again(&mut self, due: Tick, packet: &Packet) {
        self.send(due, packet.clone());
    }

    /// Lets hosts share a medium on which a packet takes `airtime` ticks; `None` for links of their own.
    pub(crate) fn share_medium(&mut self, airtime: Option<NonZeroU32>) {
        self.medium = airtime.map(|airtime| Box::new(Medium::new(airtime.get().into())));
    }

    /// The tick at which a packet has arrived whole.
    fn on_air(&self, due: Tick) -> Tick {
        self.medium.as_ref().map_or(due, |medium| Tick(due.0 + medium.airtime()))
    }

    /// Opens the packets due at a tick, to be taken out and closed. Held packets stay.
    #[must_use = "it is to be closed"]
    pub fn open(&mut self, tick: Tick) -> Day<Packet> {
        let mut day = self.mail.open(tick);
        if !self.holds.is_idle() {
            for chunk in day.buckets().iter_mut().flat_map(Bucket::chunks) {
                self.holds.catch(&self.directory, chunk);
            }
        }
        for packet in self.holds.take_picked(&self.directory) {
            self.begin_on_medium(&packet, tick);
            let shard = self.shard_of(&packet);
            self.mail.add(&mut day, shard, packet);
        }
        day
    }

    /// Takes the packets of a shard out of a day, in arbitrary order.
    pub fn take(&mut self, day: &mut Day<Packet>, shard: usize, due: &mut Vec<Packet>) {
        self.mail.unload(day, shard, due);
    }

    /// Closes a day of which all packets were taken out.
    pub fn close(&mut self, day: Day<Packet>) {
        self.mail.close(day);
    }

    /// Number of parts of the network in a fingerprint.
    #[must_use]
    pub fn parts(&self) -> usize {
        1 + self.mail.parts() + 1
    }

    /// Adds a part of the network to a fingerprint; the parts in order are the whole.
    pub fn digest(&self, part: usize, digest: &mut Digest, reader: &dyn ProofResolver) {
        let held = 1 + self.mail.parts();
        match part {
            0 => {
                self.partitions.digest(digest);
                digest.length(self.mail.len());
            }
            part if part == held => {
                self.holds.digest(digest, &self.directory, reader);
                self.directory.digest(digest);
                if let Some(medium) = &self.medium {
                    medium.digest(digest);
                }
                #[cfg(feature = "layers")]
                if let Some(air) = &self.air {
                    air.digest(digest, &self.directory);
                }
            }
            part => {
                let mut mail = self.mail.part(part - 1);
                sort::sort_by_key(&mut mail, |(due, packet)| (*due, delivery_order(&self.directory, packet)));
                for (due, packet) in mail {
                    digest.number(due.0);
                    packet.digest(digest, reader);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests;
