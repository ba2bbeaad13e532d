//! Peers that are served side by side, with the same outcome as one after another.
//!
//! Peers of one tick share nothing that changes. Each piece of a world, hosts next to one another with what is due to
//! them, is served by itself and notes what it causes, down to the link_rng of the links, which belongs to the sender. Then
//! the notes take effect, piece by piece: that is the order in which one would have served all peers alone, so that
//! neither the number of pieces nor who did them can be observed.

use super::service::{
    DeferredEffect, DeferredEffects, ImmediateEffects, Outboxes, Phase, Service, TickContext,
};
use super::{Observer, Scratch, World, give_back};
use crate::base::id::PeerId;
use crate::sim::host::Host;
use crate::sim::network::{Day, sort_for_delivery};
use crate::stack::packet::Packet;

/// Pieces for each of those who work, so that nobody waits long for the slowest.
const PIECES_EACH: usize = 4;

/// Those who do the work of a tick.
pub trait Executor {
    /// How many there are.
    fn size(&self) -> usize;

    /// With fewer turns and messages in a tick, telling others what to do takes longer than doing it.
    fn least(&self) -> usize {
        256
    }

    /// Does a piece of work with each of these, in any order or at the same time, and returns when all is done.
    fn each<T: Send>(&self, pieces: &mut [T], work: impl Fn(&mut T) + Sync);
}

/// One who does all of it, one piece after another.
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

/// What somebody needs for a piece of work, used again in every tick.
#[derive(Debug, Default)]
pub(super) struct WorkerBuffers {
    due: Vec<Packet>,
    order: Vec<u64>,
    outbox: Outboxes,
    notes: Vec<DeferredEffect>,
    arrived: u64,
}

/// Hosts next to one another, and who serves them.
struct Piece<'a> {
    hosts: &'a mut [Host],
    buffers: &'a mut WorkerBuffers,
}

impl World {
    /// Whether it is worth while to serve so many peers, or peers with so many messages, side by side.
    pub(super) fn is_for_many(&self, executor: &impl Executor, phase: Phase, mail: &Day<Packet>) -> bool {
        let peers = if phase == Phase::Deliveries { 0 } else { self.hosts.len() };
        executor.size() > 1 && peers + mail.len() >= executor.least()
    }

    /// Serves all peers in pieces. Returns a number that stands for the messages that arrived.
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
        let hosts = self.hosts.chunks_mut(size);
        let mut pieces: Vec<Piece<'_>> =
            hosts.zip(&mut *buffers).map(|(hosts, buffers)| Piece { hosts, buffers }).collect();
        executor.each(&mut pieces, |Piece { hosts, buffers }| {
            let WorkerBuffers { due, order, outbox, notes, arrived } = &mut **buffers;
            sort_for_delivery(tick.env.directory, due, order);
            let effects = DeferredEffects { network, notes };
            *arrived = Service { tick, hosts, outbox, effects }.serve(phase, due);
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
