//! Peers that are served side by side, with the same outcome as one after another.
//!
//! Peers of one tick share nothing that changes. Each piece of a world, hosts next to one another with what is due to
//! them, is served by itself and notes what it causes, down to the luck of the links, which belongs to the sender. Then
//! the notes take effect, piece by piece: that is the order in which one would have served all peers alone, so that
//! neither the number of pieces nor who did them can be observed.

use super::service::{AtOnce, Note, Noted, Occasion, Phase, Service};
use super::{Observer, Scratch, World, give_back};
use crate::actor::Outbox;
use crate::host::Host;
use crate::id::PeerId;
use crate::network::{Day, Envelope};

/// Pieces for each of those who work, so that nobody waits long for the slowest.
const PIECES_EACH: usize = 4;

/// Those who do the work of a tick.
pub trait Crew {
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
pub struct Alone;

impl Crew for Alone {
    fn size(&self) -> usize {
        1
    }

    fn each<T: Send>(&self, pieces: &mut [T], work: impl Fn(&mut T) + Sync) {
        pieces.iter_mut().for_each(work);
    }
}

/// What somebody needs for a piece of work, used again in every tick.
#[derive(Debug, Default)]
pub(super) struct Desk {
    due: Vec<Envelope>,
    order: Vec<u64>,
    outbox: Outbox,
    notes: Vec<Note>,
    arrived: u64,
}

/// Hosts next to one another, and who serves them.
struct Piece<'a> {
    hosts: &'a mut [Host],
    desk: &'a mut Desk,
}

impl World {
    /// Whether it is worth while to serve so many peers, or peers with so many messages, side by side.
    pub(super) fn is_for_many(&self, crew: &impl Crew, phase: Phase, mail: &Day<Envelope>) -> bool {
        let peers = if phase == Phase::Deliveries { 0 } else { self.hosts.len() };
        crew.size() > 1 && peers + mail.len() >= crew.least()
    }

    /// Serves all peers in pieces. Returns a number that stands for the messages that arrived.
    pub(super) fn serve_side_by_side(
        &mut self,
        crew: &impl Crew,
        phase: Phase,
        Scratch { due, desks, .. }: &mut Scratch,
        observer: &mut impl Observer,
    ) -> u64 {
        desks.resize_with(crew.size() * PIECES_EACH, Desk::default);
        let size = self.hosts.len().div_ceil(desks.len()).max(1);
        self.hand_out(due, desks, size);
        let occasion =
            Occasion::new(self.now, self.hosts.len(), &self.config, &self.universe, &self.accomplices);
        let network = &self.network;
        let hosts = self.hosts.chunks_mut(size);
        let mut pieces: Vec<Piece<'_>> =
            hosts.zip(&mut *desks).map(|(hosts, desk)| Piece { hosts, desk }).collect();
        crew.each(&mut pieces, |Piece { hosts, desk }| {
            let Desk { due, order, outbox, notes, arrived } = &mut **desk;
            Envelope::sort(due, order);
            let effects = Noted { network, notes };
            *arrived = Service { occasion, hosts, outbox, effects }.serve(phase, due);
        });
        let round = occasion.surroundings.now;
        let mut effects = AtOnce { round, network: &mut self.network, observer };
        desks.iter_mut().fold(0, |sum, desk| {
            let used = desk.notes.len();
            effects.make_true(&mut desk.notes);
            give_back(&mut desk.notes, used);
            give_back(&mut desk.due, used);
            give_back(&mut desk.order, used);
            sum.wrapping_add(std::mem::take(&mut desk.arrived))
        })
    }

    /// Gives every message to the desk of the piece that its receiver belongs to, or would belong to.
    fn hand_out(&self, due: &mut Vec<Envelope>, desks: &mut [Desk], size: usize) {
        let starts: Vec<PeerId> = self.hosts.iter().step_by(size).map(Host::id).collect();
        for envelope in due.drain(..) {
            let after = starts.partition_point(|start| *start <= envelope.to);
            desks[after.saturating_sub(1)].due.push(envelope);
        }
    }
}
