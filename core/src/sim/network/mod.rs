//! Messages on their way: what links do to them, and what is in flight.

mod calendar;
mod link;
mod partition;

pub use calendar::{Bucket, Calendar, Day};
pub use partition::{PARTITIONS_MAX, Partition, PartitionSet, region};

use self::link::arrival;
pub use self::link::leave;

use std::num::NonZeroU32;

use crate::base::digest::Digest;
use crate::base::id::PeerId;
use crate::base::mutant::Mutant;
use crate::base::ratio::Ratio;
use crate::base::ring::Arc;
use crate::base::rng::{Purpose, Rng, mix};
use crate::base::sort;
use crate::base::time::{Clock, Tick};
use crate::config::NetworkConfig;
use crate::protocol::message::{Message, ProofResolver};

/// Messages in flight at most; further ones are dropped as [`DropReason::Overload`]. Tests of this crate come to the limit
/// sooner.
pub const IN_FLIGHT_MAX: usize = if cfg!(test) { 1 << 16 } else { 1 << 24 };

/// A message on its way.
#[derive(Clone, Debug)]
pub struct Envelope {
    /// Who is to get it; nobody may live there.
    pub to: PeerId,
    /// Who sent it.
    pub from: PeerId,
    /// How many messages the sender had sent before, so that messages of one pair have an order.
    pub sequence: u32,
    /// When it was sent.
    pub sent: Tick,
    /// What it says.
    pub message: Message,
}

impl Envelope {
    /// The order in which the messages of one tick are delivered, whatever order they were sent in.
    #[must_use]
    pub fn order(&self) -> (PeerId, PeerId, u32) {
        if Mutant::OrderOfEntry.is_active() {
            return (self.to, self.to, 0);
        }
        (self.to, self.from, self.sequence)
    }

    /// Puts the messages of one tick in the order of delivery. `buffer` is for use again and again.
    pub fn sort(due: &mut [Self], buffer: &mut Vec<u64>) {
        sort::sort_by_number(due, buffer, |envelope| envelope.order().0.get(), Self::order);
    }

    fn digest(&self, digest: &mut Digest, reader: &dyn ProofResolver) {
        digest.number(self.to.get());
        digest.number(self.from.get());
        digest.number(self.sequence);
        digest.number(self.sent.0);
        self.message.digest(digest, reader);
    }

    /// A number that stands for this delivery in the trace of a run.
    #[must_use]
    pub const fn trace(&self) -> u64 {
        let kind = self.message.kind() as u64;
        mix(mix(self.to.get() ^ self.sent.0) ^ self.from.get().rotate_left(17)).wrapping_add(mix((self
            .sequence
            as u64)
            << 3
            | kind))
    }
}

/// Why a message did not arrive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DropReason {
    /// The link lost it.
    Loss,
    /// A cut lies between sender and receiver.
    Cut,
    /// No running peer has the receiver's id.
    Undeliverable,
    /// Too many messages are in flight.
    Overload,
}

/// Links on which messages may be held at a time.
pub const HELD_LINKS_MAX: usize = 1024;

/// Everything between the peers.
#[derive(Clone, Debug, Default)]
pub struct Network {
    mail: Calendar<Envelope>,
    /// The first bits of a receiver's id, so many, are its shard.
    shard_bits: u32,
    partitions: PartitionSet,
    /// Links, from one peer to another, on which messages wait until they are released; in ascending order.
    held_links: Vec<(PeerId, PeerId)>,
    /// Peers that take nothing in for the time being, in ascending order.
    paused: Vec<PeerId>,
    /// What waits on held links and before paused peers.
    waiting: Vec<Envelope>,
    /// What was picked from held links, and when it arrives.
    picked: Vec<(Tick, Envelope)>,
}

/// What links make of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LinkOutcome {
    /// It gets there, perhaps twice.
    Arrives {
        /// When.
        due: Tick,
        /// When once more.
        again: Option<Tick>,
    },
    /// It does not get there.
    Fails(DropReason),
}

/// What the network made of a message that it took.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Enqueued {
    /// It is on its way.
    Once,
    /// It is on its way twice.
    Twice,
}

impl Network {
    /// Nothing in flight, for receivers in shards: neighbours on the ring, of the same first bits of their ids.
    #[must_use]
    pub fn with_shard_bits(shard_bits: u32) -> Self {
        Self { mail: Calendar::with_shards(1 << shard_bits), shard_bits, ..Self::default() }
    }

    /// How many shards there are.
    #[must_use]
    pub const fn shards(&self) -> usize {
        self.mail.shards()
    }

    /// The first bits of a receiver's id that are its shard.
    #[must_use]
    pub const fn shard_bits(&self) -> u32 {
        self.shard_bits
    }

    /// Divides the receivers anew, by so many first bits of their ids.
    pub fn reshard(&mut self, shard_bits: u32) {
        let mut mail = std::mem::take(&mut self.mail);
        self.mail = Calendar::with_shards(1 << shard_bits);
        self.shard_bits = shard_bits;
        while let Some(due) = mail.next_due() {
            let mut day = mail.open(due);
            for envelope in
                day.buckets().iter_mut().flat_map(Bucket::chunks).flat_map(|chunk| chunk.drain(..))
            {
                self.send(due, envelope);
            }
            mail.close(day);
        }
    }

    /// The shard of a receiver. Who is later on the ring is in the same shard or in a later one.
    #[must_use]
    pub const fn shard(&self, peer: PeerId) -> usize {
        // In two steps: with one shard, all bits go.
        (peer.get() >> 1 >> (63 - self.shard_bits)) as usize
    }

    fn send(&mut self, due: Tick, envelope: Envelope) {
        self.mail.push(due, self.shard(envelope.to), envelope);
    }

    /// The arc that is cut off from the rest, if any.
    #[must_use]
    pub const fn cut(&self) -> Option<Arc> {
        self.partitions.cut
    }

    /// Everything that separates peers at present.
    #[must_use]
    pub const fn partitions(&self) -> &PartitionSet {
        &self.partitions
    }

    /// Cuts an arc off, in place of an earlier one.
    pub const fn set_cut(&mut self, arc: Arc) {
        self.partitions.cut = Some(arc);
    }

    /// Adds a partition. False where there are too many.
    pub fn add_partition(&mut self, partition: Partition) -> bool {
        self.partitions.add(partition)
    }

    /// Lets all partitions come and go.
    pub const fn flap(&mut self, period: NonZeroU32) {
        self.partitions.flap(period);
    }

    /// Makes the ring whole again.
    pub fn heal(&mut self) {
        if Mutant::HealIncomplete.is_active() {
            self.partitions.cut = None;
            return;
        }
        self.partitions = PartitionSet::default();
    }

    /// Holds the messages from one peer to another. False where it does already, or too many links are held.
    pub fn hold(&mut self, from: PeerId, to: PeerId) -> bool {
        let place = self.held_links.binary_search(&(from, to));
        let may_hold = self.held_links.len() < HELD_LINKS_MAX;
        if let (Err(place), true) = (place, may_hold) {
            self.held_links.insert(place, (from, to));
        }
        place.is_err() && may_hold
    }

    /// Lets the messages of a held link go, to arrive at the tick `now`. False where it is not held.
    pub fn release(&mut self, from: PeerId, to: PeerId, now: Tick) -> bool {
        let place = self.held_links.binary_search(&(from, to));
        if let Ok(place) = place {
            self.held_links.remove(place);
            self.flush_held(now);
        }
        place.is_ok()
    }

    /// Lets one message of a held link go, to arrive at the tick `now`: the one with this place in the order in
    /// which they were sent, from 0.
    ///
    /// # Errors
    ///
    /// How many there are, where that one is not among them.
    pub fn release_one(&mut self, from: PeerId, to: PeerId, place: usize, now: Tick) -> Result<(), usize> {
        let held = self.waiting.iter().enumerate();
        let mut held: Vec<(u32, usize)> = held
            .filter(|(_, envelope)| {
                (envelope.from, envelope.to) == (from, to) && self.is_on_held_link(envelope)
            })
            .map(|(index, envelope)| (envelope.sequence, index))
            .collect();
        sort::sort_by_key(&mut held, |held| *held);
        let (_, index) = *held.get(place).ok_or(held.len())?;
        self.picked.push((now, self.waiting.remove(index)));
        Ok(())
    }

    /// Lets messages to a peer wait.
    pub fn pause(&mut self, peer: PeerId) {
        if let Err(place) = self.paused.binary_search(&peer) {
            self.paused.insert(place, peer);
        }
    }

    /// Lets the messages to a paused peer go, to arrive at the tick `now`.
    pub fn resume(&mut self, peer: PeerId, now: Tick) {
        if let Ok(place) = self.paused.binary_search(&peer) {
            self.paused.remove(place);
            self.flush_held(now);
        }
    }

    fn flush_held(&mut self, now: Tick) {
        for envelope in std::mem::take(&mut self.waiting) {
            if self.is_held(&envelope) {
                self.waiting.push(envelope);
            } else if !Mutant::ReleaseLoses.is_active() {
                self.send(now, envelope);
            }
        }
    }

    fn is_held(&self, envelope: &Envelope) -> bool {
        self.is_on_held_link(envelope) || self.is_paused(envelope)
    }

    fn is_on_held_link(&self, envelope: &Envelope) -> bool {
        self.held_links.binary_search(&(envelope.from, envelope.to)).is_ok()
            && !Mutant::HeldPasses.is_active()
    }

    fn is_paused(&self, envelope: &Envelope) -> bool {
        self.paused.binary_search(&envelope.to).is_ok()
    }

    /// The links on which messages are held, each from whom to whom.
    #[must_use]
    pub fn held_links(&self) -> &[(PeerId, PeerId)] {
        &self.held_links
    }

    /// What stands between peers, in words: everything that separates them, and links on which messages are held.
    #[must_use]
    pub fn describe_barriers(&self) -> Vec<String> {
        let held = match self.held_links.len() {
            0 => None,
            1 => Some("1 link held".to_owned()),
            count => Some(format!("{count} links held")),
        };
        self.partitions.words().into_iter().chain(held).collect()
    }

    /// How many messages are in flight.
    #[must_use]
    pub const fn in_flight(&self) -> usize {
        self.mail.len() + self.waiting.len() + self.picked.len()
    }

    /// How many of them are held, or wait before a paused peer.
    #[must_use]
    pub const fn waiting(&self) -> usize {
        self.waiting.len()
    }

    /// All messages in flight with the ticks at which they are due, the earliest first; not those that are held.
    pub fn iter(&self) -> impl Iterator<Item = (Tick, &Envelope)> {
        self.mail.iter()
    }

    /// The next tick at which a message is due.
    #[must_use]
    pub fn next_due(&self) -> Option<Tick> {
        let picked = self.picked.first().map(|(due, _)| *due);
        picked.into_iter().chain(self.mail.next_due()).min()
    }

    /// Whether a message from one peer to another is stopped at a tick.
    #[must_use]
    pub fn separates(&self, from: PeerId, to: PeerId, now: Tick) -> bool {
        self.partitions.stops(from, to, now)
    }

    /// What the links make of a message, with the link_rng of its sender. It cannot arrive before `ready`, when the sender's
    /// line is free.
    #[must_use]
    pub fn outcome(
        &self,
        envelope: &Envelope,
        ready: Tick,
        config: &NetworkConfig,
        clock: Clock,
        link_rng: &mut Rng,
    ) -> LinkOutcome {
        if Mutant::LuckSeesTraffic.is_active() {
            *link_rng = Rng::stream(link_rng.number(), Purpose::Links, self.in_flight() as u64);
        }
        // Luck first: whether a cut lies in the way must not change the outcome of later messages.
        let due = arrival(envelope, ready, config, clock, link_rng);
        let is_double = config.duplication > Ratio::ZERO && link_rng.chance(config.duplication);
        let again = if is_double { arrival(envelope, ready, config, clock, link_rng) } else { None };
        match due {
            None => LinkOutcome::Fails(DropReason::Loss),
            Some(_) if self.separates(envelope.from, envelope.to, envelope.sent) => {
                LinkOutcome::Fails(DropReason::Cut)
            }
            Some(due) => LinkOutcome::Arrives { due, again },
        }
    }

    /// Puts a message on its way, as far as that is its outcome.
    ///
    /// # Errors
    ///
    /// The reason why it will not arrive, and the message.
    pub fn enqueue(
        &mut self,
        envelope: Envelope,
        outcome: LinkOutcome,
    ) -> Result<Enqueued, (DropReason, Envelope)> {
        let (due, again) = match outcome {
            LinkOutcome::Fails(reason) => return Err((reason, envelope)),
            LinkOutcome::Arrives { .. } if self.in_flight() + 1 >= IN_FLIGHT_MAX => {
                return Err((DropReason::Overload, envelope));
            }
            LinkOutcome::Arrives { due, again } => (due, again),
        };
        let due = if Mutant::TickLate.is_active() { Tick(due.0 + 1) } else { due };
        let is_counted = again.is_some() && !Mutant::DuplicateUncounted.is_active();
        let enqueued = if is_counted { Enqueued::Twice } else { Enqueued::Once };
        if let Some(again) = again {
            self.send(again, envelope.clone());
        }
        self.send(due, envelope);
        Ok(enqueued)
    }

    /// Opens the mail that is due at a tick, which is to be taken out and closed. What is held stays.
    #[must_use = "it is to be closed"]
    pub fn open(&mut self, tick: Tick) -> Day<Envelope> {
        let mut day = self.mail.open(tick);
        if !self.held_links.is_empty() || !self.paused.is_empty() {
            for chunk in day.buckets().iter_mut().flat_map(Bucket::chunks) {
                let detained = chunk.extract_if(.., |envelope| self.is_held(envelope)).collect::<Vec<_>>();
                self.waiting.extend(detained);
            }
        }
        for (_, envelope) in std::mem::take(&mut self.picked) {
            if self.is_paused(&envelope) {
                self.waiting.push(envelope);
            } else {
                self.mail.add(&mut day, self.shard(envelope.to), envelope);
            }
        }
        day
    }

    /// Takes the mail of a shard out of a day, in no order that means anything.
    pub fn take(&mut self, day: &mut Day<Envelope>, shard: usize, due: &mut Vec<Envelope>) {
        self.mail.unload(day, shard, due);
    }

    /// Ends a day of which all mail was taken out.
    pub fn close(&mut self, day: Day<Envelope>) {
        self.mail.close(day);
    }

    /// How many parts everything in flight has in a fingerprint.
    #[must_use]
    pub fn parts(&self) -> usize {
        1 + self.mail.parts() + 1
    }

    /// Adds a part of everything in flight to a fingerprint: all of them, one after another, are the whole.
    pub fn digest(&self, part: usize, digest: &mut Digest, reader: &dyn ProofResolver) {
        let held = 1 + self.mail.parts();
        match part {
            0 => {
                self.partitions.digest(digest);
                digest.length(self.mail.len());
            }
            part if part == held => self.digest_held(digest, reader),
            part => {
                let (due, mut mail) = self.mail.part(part - 1);
                sort::sort_by_key(&mut mail, |envelope| envelope.order());
                for envelope in mail {
                    digest.number(due.0);
                    envelope.digest(digest, reader);
                }
            }
        }
    }

    /// What is held, where anything is: fingerprints without it are older.
    fn digest_held(&self, digest: &mut Digest, reader: &dyn ProofResolver) {
        for (from, to) in &self.held_links {
            digest.number(from.get());
            digest.number(to.get());
        }
        self.paused.iter().for_each(|peer| digest.number(peer.get()));
        let mut waiting: Vec<&Envelope> = self.waiting.iter().collect();
        sort::sort_by_key(&mut waiting, |envelope| (envelope.order(), envelope.sent));
        waiting.into_iter().for_each(|envelope| envelope.digest(digest, reader));
        self.picked.iter().for_each(|(_, envelope)| envelope.digest(digest, reader));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::id::{Ticket, TokenId};

    fn envelope(sequence: u32) -> Envelope {
        let message = Message::Query { token: TokenId::new(1), ticket: Ticket::new(1), trail: None };
        Envelope { to: PeerId::new(1), from: PeerId::new(2), sequence, sent: Tick(0), message }
    }

    #[test]
    fn messages_beyond_the_limit_are_dropped_as_overload_whether_they_travel_or_wait() {
        let mut network = Network::default();
        assert!(network.hold(PeerId::new(2), PeerId::new(1)));
        let post = |network: &mut Network, sequence: u32| {
            let outcome = LinkOutcome::Arrives { due: Tick(u64::from(sequence % 2)), again: None };
            network.enqueue(envelope(sequence), outcome).map_err(|(reason, _)| reason)
        };
        let enqueued = (0..u32::MAX).take_while(|sequence| post(&mut network, *sequence).is_ok()).count();
        assert_eq!(enqueued + 1, IN_FLIGHT_MAX);
        let day = network.open(Tick(0));
        assert!(day.is_empty(), "half of them wait on the held link now");
        network.close(day);
        assert_eq!(network.in_flight(), enqueued);
        assert_eq!(post(&mut network, 1), Err(DropReason::Overload));
    }

    #[test]
    fn only_so_many_links_are_held() {
        let mut network = Network::default();
        let held = (0..2_000).filter(|peer| network.hold(PeerId::new(*peer), PeerId::new(9_999))).count();
        assert_eq!(held, HELD_LINKS_MAX);
        assert!(network.release(PeerId::new(0), PeerId::new(9_999), Tick(0)));
        assert!(network.hold(PeerId::new(1_500), PeerId::new(9_999)));
    }
}
