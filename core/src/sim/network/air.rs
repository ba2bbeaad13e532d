//! The air: transmissions of radios, as every receiver hears them.
//!
//! A packet with a [`Signal`] is a transmission as one receiver hears it. It arrives at its end, and is on
//! the air for its airtime before that. Whether others destroy it is decided before any host is served: every
//! transmission that can overlap it has begun by then, so that the order of service cannot be observed.

use super::directory::BINDINGS_MAX;
use super::{Bucket, Day, Directory, DropReason, LinkOutcome, Network, delivery_order};
use crate::base::digest::{Digest, Tag};
use crate::base::id::PeerId;
use crate::base::sort;
use crate::base::time::Tick;
use crate::config::Config;
use crate::stack::address::Address;
use crate::stack::layer::Signal;
use crate::stack::packet::Packet;

/// Rules by which transmissions destroy one another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AirRules {
    /// Lead in strength with which a transmission survives others of its band, in hundredths of a dB; `None`
    /// if it never does (capture effect).
    pub capture: Option<i32>,
    /// Whether a host hears nothing while it transmits.
    pub half_duplex: bool,
}

impl AirRules {
    /// The rules that a configuration states; `None` if hosts have no radio.
    #[must_use]
    pub fn of(config: &Config) -> Option<Self> {
        let radio = &config.radio;
        let capture = radio.capture_db.and_then(|db| i32::try_from(100 * db.get()).ok());
        radio.enabled.then_some(Self { capture, half_duplex: radio.half_duplex })
    }
}

/// A transmission at a host: from another one, or its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Reception {
    start: Tick,
    end: Tick,
    /// Sender, and the number of its packet.
    from: Address,
    seq: u32,
    signal: Signal,
    /// Whether another transmission has destroyed it.
    is_destroyed: bool,
}

/// Transmissions at every host, past ones as long as they may overlap others.
#[derive(Clone, Debug)]
pub(super) struct Air {
    rules: AirRules,
    /// By the index of the host in the plan of addresses.
    receptions: Vec<Vec<Reception>>,
    scratch: AirScratch,
}

/// Memory that is used again from tick to tick; its content does not matter.
#[derive(Clone, Debug, Default)]
struct AirScratch {
    receivers: Vec<Address>,
    words: Vec<u64>,
}

impl Reception {
    const fn overlaps(&self, other: &Self) -> bool {
        self.start.0 < other.end.0 && other.start.0 < self.end.0
    }
}

impl AirRules {
    /// Whether a transmission that overlaps another one at a host destroys it.
    fn destroys(self, at: Address, other: &Reception, one: &Reception) -> bool {
        if other.from == at {
            return self.half_duplex;
        }
        let lead = one.signal.strength - other.signal.strength;
        one.signal.band == other.signal.band && self.capture.is_none_or(|least| lead < least)
    }
}

impl Air {
    pub(super) fn new(rules: AirRules) -> Self {
        Self { rules, receptions: Vec::new(), scratch: AirScratch::default() }
    }

    /// Notes a transmission that begins, at its receiver and at its sender.
    pub(super) fn transmit(&mut self, from: Address, to: Address, seq: u32, due: Tick, signal: Signal) {
        let start = Tick(due.0.saturating_sub(u64::from(signal.airtime)));
        let reception = Reception { start, end: due, from, seq, signal, is_destroyed: false };
        self.note(to, reception);
        if self.rules.half_duplex {
            let own = self.at(from);
            let is_noted = |one: &Reception| one.from == from && one.start == start && one.end == due;
            if !own.iter().rev().take_while(|one| one.start == start).any(is_noted) {
                forget(own, from, start);
                self.note(from, reception);
            }
        }
    }

    /// Adds a transmission to those at a host, and marks what it destroys and what destroys it.
    fn note(&mut self, at: Address, reception: Reception) {
        let rules = self.rules;
        let receptions = self.at(at);
        let mut is_destroyed = false;
        for other in receptions.iter_mut().filter(|other| other.overlaps(&reception)) {
            is_destroyed |= rules.destroys(at, other, &reception);
            other.is_destroyed |= rules.destroys(at, &reception, other);
        }
        receptions.push(Reception { is_destroyed, ..reception });
    }

    fn at(&mut self, host: Address) -> &mut Vec<Reception> {
        let index = host.plan_index() as usize;
        assert!(index < BINDINGS_MAX, "radios have planned addresses");
        if index >= self.receptions.len() {
            self.receptions.resize_with(index + 1, Vec::new);
        }
        &mut self.receptions[index]
    }

    /// Whether others have destroyed a transmission that ends now at its receiver.
    pub(super) fn is_destroyed(&self, from: Address, to: Address, seq: u32, now: Tick) -> bool {
        let receptions = self.receptions.get(to.plan_index() as usize);
        let mut ending = receptions.into_iter().flatten().filter(|one| one.end == now);
        ending.any(|one| one.from == from && one.seq == seq && one.is_destroyed)
    }

    /// Forgets transmissions at a host that can overlap none that is still to end there.
    pub(super) fn forget(&mut self, at: Address, now: Tick) {
        forget(self.at(at), at, Tick(now.0 + 1));
    }

    /// Adds the transmissions to a fingerprint, in ascending order of host.
    pub(super) fn digest(&self, digest: &mut Digest, directory: &Directory) {
        digest.section(Tag::Air);
        let lists = (0..).zip(&self.receptions).filter(|(_, receptions)| !receptions.is_empty());
        let mut lists: Vec<(PeerId, &Vec<Reception>)> =
            lists.map(|(index, all)| (directory.position(Address::planned(index)), all)).collect();
        sort::sort_by_key(&mut lists, |(at, _)| *at);
        for (at, receptions) in lists {
            digest.number(at.get());
            digest.length(receptions.len());
            // A sum: the order in which hosts of one tick transmit is not part of a run.
            let one = |one: &Reception| {
                let from = directory.position(one.from);
                let numbers = [one.start.0, one.end.0, from.get(), u64::from(one.signal.band)];
                numbers.into_iter().fold(0, |sum: u64, number| crate::base::rng::mix(sum ^ number))
            };
            digest.number(receptions.iter().map(one).fold(0, u64::wrapping_add));
        }
    }
}

impl Network {
    /// Lets hosts have radios, whose transmissions destroy one another by these rules.
    pub fn share_air(&mut self, rules: AirRules) {
        self.air = Some(Box::new(Air::new(rules)));
    }

    /// A transmission arrives at its end, unless a partition is in its way.
    pub(super) fn outcome_on_air(&self, packet: &Packet, signal: Signal) -> LinkOutcome {
        if self.separates(self.route(packet), packet.sent) {
            return LinkOutcome::Fails(DropReason::Cut);
        }
        LinkOutcome::Arrives { due: Tick(packet.sent.0 + u64::from(signal.airtime.max(1))), again: None }
    }

    /// Notes a packet that is a transmission.
    #[inline]
    pub(super) fn begin_on_air(&mut self, packet: &Packet, due: Tick) {
        if let (Some(air), Some(signal)) = (&mut self.air, packet.body.signal()) {
            air.transmit(packet.from, packet.to, packet.seq, due, signal);
        }
    }

    /// Takes the transmissions out of an opened day that others destroy at their receivers; empty without
    /// radios.
    pub(super) fn collide_on_air(&mut self, day: &mut Day<Packet>, now: Tick) -> Vec<Packet> {
        let Some(air) = &mut self.air else { return Vec::new() };
        let mut scratch = std::mem::take(&mut air.scratch);
        let mut destroyed = Vec::with_capacity(day.len());
        for chunk in day.buckets().iter_mut().flat_map(Bucket::chunks) {
            destroyed.extend(chunk.extract_if(.., |packet| {
                let is_on_air = packet.body.signal().is_some();
                if is_on_air {
                    scratch.receivers.push(packet.to);
                }
                is_on_air && air.is_destroyed(packet.from, packet.to, packet.seq, now)
            }));
        }
        scratch.receivers.drain(..).for_each(|receiver| air.forget(receiver, now));
        let order = |packet: &Packet| delivery_order(&self.directory, packet);
        sort::sort_by_numbers(
            &mut destroyed,
            &mut scratch.words,
            |packet| order(packet).0.get(),
            |packet| order(packet).1,
            order,
        );
        air.scratch = scratch;
        destroyed
    }
}

/// Forgets transmissions at a host that overlap none of those that end at `next` or later.
fn forget(receptions: &mut Vec<Reception>, at: Address, next: Tick) {
    let pending = receptions.iter().filter(|one| one.end >= next && one.from != at);
    let first = pending.map(|one| one.start).min().unwrap_or(next);
    receptions.retain(|one| one.end >= next || one.end > first);
}

#[cfg(test)]
mod tests {
    use super::*;

    const AT: Address = Address::planned(1);
    const RULES: AirRules = AirRules { capture: Some(600), half_duplex: true };

    fn signal(airtime: u32, band: u32, strength: i32) -> Signal {
        Signal { airtime, band, strength }
    }

    /// Which of some transmissions to one host survive: sender, end, airtime, band and strength.
    fn survivors(rules: AirRules, sent: &[(u32, u64, u32, u32, i32)]) -> Vec<u32> {
        let mut air = Air::new(rules);
        for (from, end, airtime, band, strength) in sent {
            air.transmit(Address::planned(*from), AT, 0, Tick(*end), signal(*airtime, *band, *strength));
        }
        let survives =
            |one: &&(u32, u64, u32, u32, i32)| !air.is_destroyed(Address::planned(one.0), AT, 0, Tick(one.1));
        sent.iter().filter(survives).map(|one| one.0).collect()
    }

    #[test]
    fn transmissions_of_one_band_that_overlap_destroy_one_another() {
        assert_eq!(survivors(RULES, &[(2, 100, 10, 0, 0), (3, 109, 10, 0, 0), (4, 119, 10, 0, 0)]), [4]);
        assert_eq!(
            survivors(RULES, &[(2, 100, 10, 0, 0), (3, 110, 10, 0, 0)]),
            [2, 3],
            "one ends as one begins"
        );
        assert_eq!(survivors(RULES, &[(2, 100, 10, 0, 0), (3, 100, 10, 1, 0)]), [2, 3], "other bands");
    }

    #[test]
    fn the_stronger_one_survives_from_the_threshold_on() {
        assert_eq!(survivors(RULES, &[(2, 100, 10, 0, 600), (3, 105, 10, 0, 0)]), [2]);
        assert_eq!(survivors(RULES, &[(2, 100, 10, 0, 599), (3, 105, 10, 0, 0)]), [0; 0]);
        let never = AirRules { capture: None, ..RULES };
        assert_eq!(survivors(never, &[(2, 100, 10, 0, 9_000), (3, 105, 10, 0, 0)]), [0; 0]);
    }

    #[test]
    fn a_host_hears_nothing_while_it_transmits() {
        let heard = |rules| {
            let mut air = Air::new(rules);
            air.transmit(Address::planned(2), AT, 0, Tick(100), signal(10, 0, 0));
            air.transmit(AT, Address::planned(3), 0, Tick(95), signal(4, 7, 0));
            !air.is_destroyed(Address::planned(2), AT, 0, Tick(100))
        };
        assert!(!heard(RULES), "on another channel too");
        assert!(heard(AirRules { half_duplex: false, ..RULES }));
    }

    #[test]
    fn only_what_may_still_overlap_is_remembered() {
        let mut air = Air::new(RULES);
        for end in (10..10_000).step_by(10) {
            air.transmit(Address::planned(2), AT, 0, Tick(end), signal(15, 0, 0));
            if end > 10 {
                air.forget(AT, Tick(end - 10));
            }
        }
        assert!(air.receptions.iter().all(|all| all.len() <= 5), "{:?}", air.receptions.get(1));
    }
}
