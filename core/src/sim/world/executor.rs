//! Serving peers in parallel, with the same outcome as serving them one after another.
//!
//! Peers of one tick share nothing that changes. Each piece of a world, hosts next to one another with the
//! packets due to them, is served by itself and records its effects, down to the draws of the links, which
//! come from the sender's stream. Then the effects are applied piece by piece: that is the order of serving
//! all peers alone, so that neither the number of pieces nor the number of workers can be observed.

use super::service::{
    DeferredEffect, DeferredEffects, ImmediateEffects, Outboxes, Phase, Service, TickContext,
};
use super::{Observer, Scratch, World, give_back};
use crate::base::id::PeerId;
use crate::sim::host::Host;
use crate::sim::network::{Day, sort_for_delivery};
use crate::stack::packet::Packet;

/// Pieces for each worker, so that no worker waits long for the slowest one.
const PIECES_EACH: usize = 4;

/// Runs the pieces of a tick, on one thread or several.
pub trait Executor {
    /// Number of workers.
    fn size(&self) -> usize;

    /// Number of turns and packets in a tick below which coordination takes longer than the work.
    fn least(&self) -> usize {
        256
    }

    /// Works on each of the pieces, in any order or in parallel, and returns when all are done.
    fn each<T: Send>(&self, pieces: &mut [T], work: impl Fn(&mut T) + Sync);
}

/// One worker, one piece after another.
#[derive(Clone, Copy, Debug)]
pub struct Sequential;

impl Executor for Sequential {
    fn size(&self) -> usize {
        1
    }

    fn each<T: Send>(&self, pieces: &mut [T], work: impl Fn(&mut T) + Sync) {
        pieces.iter_mut().for_each(work);
    }
}

/// Buffers of one piece of work, reused from tick to tick.
#[derive(Debug, Default)]
pub(super) struct WorkerBuffers {
    due: Vec<Packet>,
    order: Vec<u64>,
    outbox: Outboxes,
    notes: Vec<DeferredEffect>,
    arrived: u64,
}

/// Hosts next to one another, with the buffers of their worker.
struct Piece<'a> {
    hosts: &'a mut [Host],
    ids: &'a [PeerId],
    buffers: &'a mut WorkerBuffers,
}

impl World {
    /// Whether there is enough work in a phase to serve it in parallel.
    pub(super) fn is_for_many(&self, executor: &impl Executor, phase: Phase, mail: &Day<Packet>) -> bool {
        let peers = if phase == Phase::Deliveries { 0 } else { self.hosts.len() };
        executor.size() > 1 && peers + mail.len() >= executor.least()
    }

    /// Serves all peers in pieces. Returns a sum that stands for the packets delivered.
    pub(super) fn serve_side_by_side(
        &mut self,
        executor: &impl Executor,
        phase: Phase,
        Scratch { due, buffers, .. }: &mut Scratch,
        observer: &mut impl Observer,
    ) -> u64 {
        buffers.resize_with(executor.size() * PIECES_EACH, WorkerBuffers::default);
        let size = self.hosts.len().div_ceil(buffers.len()).max(1);
        self.hand_out(due, buffers, size);
        let tick = TickContext::new(
            self.now,
            self.hosts.len(),
            &self.config,
            &self.universe,
            &self.adversaries,
            &self.directory,
        );
        let network = &self.network;
        let parts = self.hosts.parts_mut(size).zip(&mut *buffers);
        let mut pieces: Vec<Piece<'_>> =
            parts.map(|((hosts, ids), buffers)| Piece { hosts, ids, buffers }).collect();
        executor.each(&mut pieces, |Piece { hosts, ids, buffers }| {
            let WorkerBuffers { due, order, outbox, notes, arrived } = &mut **buffers;
            let rule = tick.env.config.network.arrival_order;
            sort_for_delivery(tick.env.directory, rule, tick.now, due, order);
            let effects = DeferredEffects { network, notes };
            *arrived = Service { tick, hosts, ids, outbox, effects }.serve(phase, due);
        });
        let round = tick.env.now;
        let mut effects =
            ImmediateEffects { round, network: &mut self.network, alarms: &mut self.alarms, observer };
        buffers.iter_mut().fold(0, |sum, buffers| {
            let used = buffers.notes.len();
            effects.apply(&mut buffers.notes);
            give_back(&mut buffers.notes, used);
            give_back(&mut buffers.due, used);
            give_back(&mut buffers.order, used);
            sum.wrapping_add(std::mem::take(&mut buffers.arrived))
        })
    }

    /// Gives every message to the buffers of the piece that its receiver belongs to, or would belong to.
    fn hand_out(&self, due: &mut Vec<Packet>, buffers: &mut [WorkerBuffers], size: usize) {
        let starts: Vec<PeerId> = self.hosts.iter().step_by(size).map(Host::id).collect();
        for packet in due.drain(..) {
            let after = starts.partition_point(|start| *start <= self.directory.position(packet.to));
            buffers[after.saturating_sub(1)].due.push(packet);
        }
    }
}
