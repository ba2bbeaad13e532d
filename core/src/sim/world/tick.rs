//! A tick that is progress, piece by piece.
//!
//! A piece is what happens in a shard: the mail of peers next to one another, and their turns. Pieces come in the order of
//! the ring, which is the order in which one would have served all peers in one go. Between two of them a world is neither
//! at one tick nor at the next: whoever holds a [`TickProgress`] lets nobody look at the world, nor change it, until it is over.

use std::ops::Range;

use super::executor::Executor;
use super::service::Phase;
use super::{Observer, World, give_back};
use crate::base::time::Tick;
use crate::sim::host::Host;
use crate::sim::network::{Day, sort_for_delivery};
use crate::stack::packet::Packet;

/// Peers in a shard, about: serving them takes some ten milliseconds.
const SHARD: usize = 1 << 8;
/// The most shards, as bits.
const SHARD_BITS_MAX: u32 = 10;

/// How many bits of an id are its shard in a world of so many peers.
pub(super) fn shard_bits(peers: usize) -> u32 {
    (peers / SHARD).max(1).ilog2().min(SHARD_BITS_MAX)
}

/// A tick that has begun and is not over.
#[derive(Debug)]
pub(crate) struct TickProgress {
    mail: Day<Packet>,
    is_turn: bool,
    left: Left,
}

/// What is left of a tick.
#[derive(Clone, Copy, Debug)]
enum Left {
    /// To serve the shards from one on.
    Shards {
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
        Self::Shards { phase, from: 0, arrived: 0 }
    }
}

impl World {
    /// Begins the next tick in which something happens, if that is before `end`; otherwise nothing does, and `end` is the
    /// next tick to happen.
    pub(crate) fn begin(&mut self, end: Tick) -> Option<TickProgress> {
        let next = self.next_event();
        if next >= end {
            self.now = self.now.max(end);
            return None;
        }
        let bits = shard_bits(self.hosts.len());
        if bits > self.network.shard_bits() {
            self.network.reshard(bits);
        }
        self.now = next;
        let is_turn = self.clock().next_turn(next) == next;
        let phase = if is_turn && !self.may_churn() { Phase::Both } else { Phase::Deliveries };
        Some(TickProgress { mail: self.network.open(next), is_turn, left: Left::all(phase) })
    }

    /// Does a piece of a tick that is progress, or all pieces of a phase where many do them. Returns what is left, if
    /// anything is.
    pub(crate) fn step(
        &mut self,
        executor: &impl Executor,
        mut progress: TickProgress,
        observer: &mut impl Observer,
    ) -> Option<TickProgress> {
        progress.left = match progress.left {
            Left::Shards { phase, from, arrived } => {
                let mail = &mut progress.mail;
                let shards = self.network.shards();
                let executor = self.is_for_many(executor, phase, mail).then_some(executor);
                let next = if executor.is_some() { shards } else { from + 1 };
                let arrived = arrived.wrapping_add(self.serve(executor, phase, mail, from..next, observer));
                if next < shards {
                    Left::Shards { phase, from: next, arrived }
                } else {
                    self.note_arrivals(arrived);
                    if phase == Phase::Deliveries && progress.is_turn { Left::Churn } else { Left::Nothing }
                }
            }
            Left::Churn => {
                self.churn(observer);
                Left::all(Phase::Turns)
            }
            Left::Nothing => Left::Nothing,
        };
        if let Left::Nothing = progress.left {
            self.network.close(progress.mail);
            self.now = Tick(self.now.0 + 1);
            return None;
        }
        Some(progress)
    }

    /// Serves shards next to one another, side by side where there is a executor. Returns a number that stands for the
    /// messages that arrived.
    fn serve(
        &mut self,
        executor: Option<&impl Executor>,
        phase: Phase,
        mail: &mut Day<Packet>,
        shards: Range<usize>,
        observer: &mut impl Observer,
    ) -> u64 {
        let mut scratch = std::mem::take(&mut self.scratch);
        let due = &mut scratch.due;
        shards.clone().for_each(|shard| self.network.take(mail, shard, due));
        let used = due.len();
        give_back(due, used);
        give_back(&mut scratch.order, used);
        let arrived = if let Some(executor) = executor {
            self.serve_side_by_side(executor, phase, &mut scratch, observer)
        } else {
            sort_for_delivery(self.directory(), due, &mut scratch.order);
            let places = self.places(shards);
            self.service(places, &mut scratch.outbox, observer).serve(phase, due)
        };
        self.scratch = scratch;
        arrived
    }

    /// The places of all who live in these shards.
    fn places(&self, shards: Range<usize>) -> Range<usize> {
        let is_before = |shard: usize| move |host: &Host| self.network.shard(host.id()) < shard;
        let place = |shard| self.hosts.partition_point(is_before(shard));
        place(shards.start)..place(shards.end)
    }
}

#[cfg(test)]
impl World {
    /// Divides even a small world, as if it were large.
    pub(crate) fn divide_finely(&mut self, shard_bits: u32) {
        self.network.reshard(shard_bits);
    }
}
