//! A tick that is happening, piece by piece.
//!
//! A piece is what happens in a district: the mail of peers next to one another, and their turns. Pieces come in the order of
//! the ring, which is the order in which one would have served all peers in one go. Between two of them a world is neither
//! at one tick nor at the next: whoever holds a [`Happening`] lets nobody look at the world, nor change it, until it is over.

use std::ops::Range;

use super::crew::Crew;
use super::service::Phase;
use super::{Observer, World, give_back};
use crate::host::Host;
use crate::network::{Day, Envelope};
use crate::time::Tick;

/// Peers in a district, about: serving them takes some ten milliseconds.
const DISTRICT: usize = 1 << 8;
/// The most districts, as bits.
const DISTRICT_BITS_MAX: u32 = 10;

/// How many bits of an id are its district in a world of so many peers.
pub(super) fn district_bits(peers: usize) -> u32 {
    (peers / DISTRICT).max(1).ilog2().min(DISTRICT_BITS_MAX)
}

/// A tick that has begun and is not over.
#[derive(Debug)]
pub(crate) struct Happening {
    mail: Day<Envelope>,
    is_turn: bool,
    left: Left,
}

/// What is left of a tick.
#[derive(Clone, Copy, Debug)]
enum Left {
    /// To serve the districts from one on.
    Districts {
        phase: Phase,
        from: usize,
        /// Stands for what has arrived in those before.
        arrived: u64,
    },
    /// To let peers come and go, and whatever follows.
    Churn,
    Nothing,
}

impl Left {
    const fn all(phase: Phase) -> Self {
        Self::Districts { phase, from: 0, arrived: 0 }
    }
}

impl World {
    /// Begins the next tick in which something happens, if that is before `end`; otherwise nothing does, and `end` is the
    /// next tick to happen.
    pub(crate) fn begin(&mut self, end: Tick) -> Option<Happening> {
        let next = self.next_event();
        if next >= end {
            self.now = self.now.max(end);
            return None;
        }
        let bits = district_bits(self.hosts.len());
        if bits > self.network.district_bits() {
            self.network.redistrict(bits);
        }
        self.now = next;
        let is_turn = self.clock().next_turn(next) == next;
        let phase = if is_turn && !self.may_churn() { Phase::Both } else { Phase::Deliveries };
        Some(Happening { mail: self.network.open(next), is_turn, left: Left::all(phase) })
    }

    /// Does a piece of a tick that is happening, or all pieces of a phase where many do them. Returns what is left, if
    /// anything is.
    pub(crate) fn go_on(
        &mut self,
        crew: &impl Crew,
        mut happening: Happening,
        observer: &mut impl Observer,
    ) -> Option<Happening> {
        happening.left = match happening.left {
            Left::Districts { phase, from, arrived } => {
                let mail = &mut happening.mail;
                let districts = self.network.districts();
                let crew = self.is_for_many(crew, phase, mail).then_some(crew);
                let next = if crew.is_some() { districts } else { from + 1 };
                let arrived = arrived.wrapping_add(self.serve(crew, phase, mail, from..next, observer));
                if next < districts {
                    Left::Districts { phase, from: next, arrived }
                } else {
                    self.note_arrivals(arrived);
                    if phase == Phase::Deliveries && happening.is_turn { Left::Churn } else { Left::Nothing }
                }
            }
            Left::Churn => {
                self.churn(observer);
                Left::all(Phase::Turns)
            }
            Left::Nothing => Left::Nothing,
        };
        if let Left::Nothing = happening.left {
            self.network.close(happening.mail);
            self.now = Tick(self.now.0 + 1);
            return None;
        }
        Some(happening)
    }

    /// Serves districts next to one another, side by side where there is a crew. Returns a number that stands for the
    /// messages that arrived.
    fn serve(
        &mut self,
        crew: Option<&impl Crew>,
        phase: Phase,
        mail: &mut Day<Envelope>,
        districts: Range<usize>,
        observer: &mut impl Observer,
    ) -> u64 {
        let mut scratch = std::mem::take(&mut self.scratch);
        let due = &mut scratch.due;
        districts.clone().for_each(|district| self.network.take(mail, district, due));
        let used = due.len();
        give_back(due, used);
        give_back(&mut scratch.order, used);
        let arrived = if let Some(crew) = crew {
            self.serve_side_by_side(crew, phase, &mut scratch, observer)
        } else {
            Envelope::sort(due, &mut scratch.order);
            let places = self.places(districts);
            self.service(places, &mut scratch.outbox, observer).serve(phase, due)
        };
        self.scratch = scratch;
        arrived
    }

    /// The places of all who live in these districts.
    fn places(&self, districts: Range<usize>) -> Range<usize> {
        let is_before = |district: usize| move |host: &Host| self.network.district(host.id()) < district;
        let place = |district| self.hosts.partition_point(is_before(district));
        place(districts.start)..place(districts.end)
    }
}

#[cfg(test)]
impl World {
    /// Divides even a small world, as if it were large.
    pub(crate) fn divide_finely(&mut self, district_bits: u32) {
        self.network.redistrict(district_bits);
    }
}
