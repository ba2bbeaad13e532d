//! A tick in progress, piece by piece.
//!
//! A piece is what happens in a shard: the packets to hosts next to one another on the ring, and their turns.
//! Pieces come in the order of the ring, so that all of them together do what serving every host at once
//! would do. Between two pieces a world is neither at one tick nor at the next: the owner of a
//! [`TickProgress`] neither shows nor changes the world.
//!
//! ```text
//! collisions on a shared medium -> deliveries, shard by shard -> timers -> churn -> turns, shard by shard
//! ```

use std::ops::Range;

use super::executor::Executor;
use super::service::Phase;
use super::{Observer, World, give_back};
use crate::base::id::PeerId;
use crate::base::time::Tick;
use crate::sim::alarms::Alarm;
use crate::sim::network::{Day, DropReason, sort_for_delivery};
use crate::stack::packet::Packet;

/// Hosts in a shard, about: serving them takes some ten milliseconds.
const SHARD: usize = 1 << 8;
/// Most shards, as a power of two.
const SHARD_BITS_MAX: u32 = 10;
/// Timers in a piece.
const ALARMS: usize = 1 << 12;

/// First bits of an id that name its shard, in a world of `hosts` hosts.
pub(super) fn shard_bits(hosts: usize) -> u32 {
    (hosts / SHARD).max(1).ilog2().min(SHARD_BITS_MAX)
}

/// A tick that has begun and is not over.
#[derive(Debug)]
pub(crate) struct TickProgress {
    mail: Day<Packet>,
    /// Timers due at this tick.
    alarms: Vec<Alarm>,
    is_turn: bool,
    left: Left,
}

/// The rest of a tick.
#[derive(Clone, Copy, Debug)]
enum Left {
    /// Shards to be served, from one on.
    Shards {
        phase: Phase,
        from: usize,
        /// Sum that stands for the packets delivered in earlier shards.
        arrived: u64,
    },
    /// Timers, from one on, and what follows.
    Alarms {
        from: usize,
    },
    /// Arrivals, returns and departures of hosts, and what follows.
    Churn,
    Nothing,
}

impl Left {
    const fn all(phase: Phase) -> Self {
        Self::Shards { phase, from: 0, arrived: 0 }
    }
}

impl TickProgress {
    /// What follows the deliveries and timers of a tick.
    const fn after_timers(&self) -> Left {
        if self.is_turn { Left::Churn } else { Left::Nothing }
    }
}

impl World {
    /// Begins the next tick with an event, if it comes before `end`; otherwise moves on to `end`.
    pub(crate) fn begin(&mut self, end: Tick, observer: &mut impl Observer) -> Option<TickProgress> {
        let next = self.next_event().filter(|next| *next < end);
        let Some(next) = next else {
            self.now = self.now.max(end);
            return None;
        };
        debug_assert!(next >= self.now, "an event at {next:?} is overdue at {:?}", self.now);
        let bits = shard_bits(self.hosts.len());
        if bits > self.network.shard_bits() {
            self.network.reshard(bits);
        }
        self.now = next;
        let alarms = if self.alarms.next_due() == Some(next) { self.alarms.take(next) } else { Vec::new() };
        let is_turn = self.next_turn() == Some(next);
        // Nothing comes between deliveries and turns: both are done for one host after the other.
        let is_both = is_turn && alarms.is_empty() && !self.may_churn() && !self.has_load();
        let left = Left::all(if is_both { Phase::Both } else { Phase::Deliveries });
        let mut mail = self.network.open(next);
        for packet in self.network.collide(&mut mail, next) {
            observer.on_dropped(DropReason::Collision, self.network.route(&packet), &packet);
        }
        Some(TickProgress { mail, alarms, is_turn, left })
    }

    /// Does one piece of a tick, or all pieces of a phase if the executor has several workers. Returns the
    /// rest; `None` once the tick is over.
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
                    if phase == Phase::Deliveries { Left::Alarms { from: 0 } } else { Left::Nothing }
                }
            }
            Left::Alarms { from } if from < progress.alarms.len() => {
                let next = progress.alarms.len().min(from + ALARMS);
                self.ring(&progress.alarms[from..next], observer);
                Left::Alarms { from: next }
            }
            Left::Alarms { .. } => progress.after_timers(),
            Left::Churn => {
                self.churn(observer);
                #[cfg(feature = "layers")]
                self.submit_load(observer);
                Left::all(Phase::Turns)
            }
            Left::Nothing => Left::Nothing,
        };
        if let Left::Nothing = progress.left {
            self.network.close(progress.mail);
            self.now = Tick(self.now.0 + 1);
            // No day of the calendar is open: addresses may change.
            #[cfg(feature = "layers")]
            if progress.is_turn {
                self.follow_power_schedule(observer);
            }
            return None;
        }
        Some(progress)
    }

    /// Hands timers to their hosts, as far as they still stand.
    fn ring(&mut self, alarms: &[Alarm], observer: &mut impl Observer) {
        let mut scratch = std::mem::take(&mut self.scratch);
        self.service(0..self.hosts.len(), &mut scratch.outbox, observer).ring_all(alarms);
        self.scratch = scratch;
    }

    /// Serves shards next to one another, side by side if there is an executor. Returns a sum that stands for
    /// the packets delivered.
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
            let order = self.config.network.arrival_order;
            sort_for_delivery(self.directory(), order, self.now, due, &mut scratch.order);
            let indices = self.indices(shards);
            self.service(indices, &mut scratch.outbox, observer).serve(phase, due)
        };
        self.scratch = scratch;
        arrived
    }

    /// Indices of the hosts in these shards.
    fn indices(&self, shards: Range<usize>) -> Range<usize> {
        let is_before = |shard: usize| move |id: &PeerId| self.network.shard(*id) < shard;
        let index = |shard| self.hosts.ids().partition_point(is_before(shard));
        index(shards.start)..index(shards.end)
    }
}

#[cfg(test)]
impl World {
    /// Divides even a small world, as if it were large.
    pub(crate) fn divide_finely(&mut self, shard_bits: u32) {
        self.network.reshard(shard_bits);
    }
}
