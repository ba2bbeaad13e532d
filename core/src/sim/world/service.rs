//! Serving peers: what is due is handed to them, they have their turns, and what they cause takes effect at once or is
//! noted for later.

use super::Observer;
use super::prefetch_pipeline::Ahead;
use crate::base::id::PeerId;
use crate::base::mutant::Mutant;
use crate::base::time::{Clock, Round, Tick};
use crate::config::Config;
use crate::protocol::context::{Input, Outbox};
use crate::protocol::message::MessageKind;
use crate::protocol::token::Universe;
use crate::sim::host::{Host, HostEnv, HostStatus};
use crate::sim::network::{Directory, DropReason, Enqueued, LinkOutcome, Network, leave};
use crate::stack::event::Event;
use crate::stack::kind::PacketKind;
use crate::stack::packet::{Body, Packet};

/// When and where peers are served.
#[derive(Clone, Copy)]
pub(super) struct TickContext<'a> {
    pub(super) now: Tick,
    /// In the whole world.
    pub(super) peers: usize,
    pub(super) clock: Clock,
    pub(super) env: HostEnv<'a>,
    pub(super) directory: &'a Directory,
}

impl<'a> TickContext<'a> {
    pub(super) fn new(
        now: Tick,
        peers: usize,
        config: &'a Config,
        universe: &'a Universe,
        adversaries: &'a [PeerId],
        directory: &'a Directory,
    ) -> Self {
        let clock = Clock { ticks_per_round: u64::from(config.time.ticks_per_round) };
        Self {
            now,
            peers,
            clock,
            env: HostEnv { now: clock.round(now), config, universe, adversaries },
            directory,
        }
    }
}

/// What is done for peers in one go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Phase {
    Deliveries,
    Turns,
    /// Where nothing comes between deliveries and turns.
    Both,
}

/// What peers cause.
pub(super) trait Effects {
    fn network(&self) -> &Network;
    fn happened(&mut self, peer: PeerId, event: Event);
    fn sent(&mut self, packet: Packet, outcome: LinkOutcome);
    fn delivered(&mut self, kind: PacketKind);
    fn dropped(&mut self, reason: DropReason, packet: Packet);
}

/// What peers cause takes effect at once.
pub(super) struct ImmediateEffects<'a, O> {
    pub(super) round: Round,
    pub(super) network: &'a mut Network,
    pub(super) observer: &'a mut O,
}

/// What peers cause is noted in a network that stays as it is.
pub(super) struct DeferredEffects<'a> {
    pub(super) network: &'a Network,
    pub(super) notes: &'a mut Vec<DeferredEffect>,
}

/// What a peer has caused.
#[derive(Debug)]
pub(super) enum DeferredEffect {
    Happened(PeerId, Event),
    Sent(Packet, LinkOutcome),
    Delivered(PacketKind),
    Dropped(DropReason, Packet),
}

impl<O: Observer> Effects for ImmediateEffects<'_, O> {
    fn network(&self) -> &Network {
        self.network
    }

    fn happened(&mut self, peer: PeerId, event: Event) {
        self.observer.on_event(self.round, peer, event);
    }

    fn sent(&mut self, packet: Packet, outcome: LinkOutcome) {
        let kind = packet.body.kind();
        self.observer.on_sent(kind);
        match self.network.enqueue(packet, outcome) {
            Ok(Enqueued::Once) => {}
            Ok(Enqueued::Twice) => self.observer.on_duplicated(kind),
            Err((reason, packet)) => self.observer.on_dropped(reason, self.network.route(&packet), &packet),
        }
    }

    fn delivered(&mut self, kind: PacketKind) {
        self.observer.on_delivered(kind);
    }

    fn dropped(&mut self, reason: DropReason, packet: Packet) {
        self.observer.on_dropped(reason, self.network.route(&packet), &packet);
    }
}

impl<O: Observer> ImmediateEffects<'_, O> {
    /// Lets what was noted take effect.
    pub(super) fn apply(&mut self, notes: &mut Vec<DeferredEffect>) {
        for note in notes.drain(..) {
            match note {
                DeferredEffect::Happened(peer, event) => self.happened(peer, event),
                DeferredEffect::Sent(packet, outcome) => self.sent(packet, outcome),
                DeferredEffect::Delivered(kind) => self.delivered(kind),
                DeferredEffect::Dropped(reason, packet) => self.dropped(reason, packet),
            }
        }
    }
}

impl Effects for DeferredEffects<'_> {
    fn network(&self) -> &Network {
        self.network
    }

    fn happened(&mut self, peer: PeerId, event: Event) {
        self.notes.push(DeferredEffect::Happened(peer, event));
    }

    fn sent(&mut self, packet: Packet, outcome: LinkOutcome) {
        self.notes.push(DeferredEffect::Sent(packet, outcome));
    }

    fn delivered(&mut self, kind: PacketKind) {
        self.notes.push(DeferredEffect::Delivered(kind));
    }

    fn dropped(&mut self, reason: DropReason, packet: Packet) {
        self.notes.push(DeferredEffect::Dropped(reason, packet));
    }
}

/// Peers that are next to one another, being served.
pub(super) struct Service<'a, E> {
    pub(super) tick: TickContext<'a>,
    pub(super) hosts: &'a mut [Host],
    pub(super) outbox: &'a mut Outbox,
    pub(super) effects: E,
}

impl<E: Effects> Service<'_, E> {
    /// Does what is to be done, with messages in the order of delivery. Returns a number that stands for those that
    /// arrived: a sum, because the order within a tick is not part of a run.
    pub(super) fn serve(&mut self, phase: Phase, due: &mut Vec<Packet>) -> u64 {
        if phase == Phase::Deliveries && due.len() < self.hosts.len() / FEW {
            self.deliver(due)
        } else {
            self.serve_groups(phase, due)
        }
    }

    pub(super) fn deliver(&mut self, due: &mut Vec<Packet>) -> u64 {
        let (mut arrived, mut last) = (0_u64, 0);
        for packet in due.drain(..) {
            let place = find_near(self.hosts, self.tick.directory.position(packet.to), last);
            last = place.unwrap_or(last);
            arrived = arrived.wrapping_add(self.arrive(place, packet));
        }
        arrived
    }

    /// Serves all peers, group by group: what has to be done for each of a group is done for all of them before one goes on to
    /// what is different.
    fn serve_groups(&mut self, phase: Phase, due: &mut Vec<Packet>) -> u64 {
        let HostEnv { now, universe, .. } = self.tick.env;
        let directory = self.tick.directory;
        let mut ahead = Ahead::new(universe, directory, now, self.tick.peers, due.len());
        let mut arrived = 0_u64;
        let mut mail = due.drain(..);
        while let Some(group) = ahead.next(self.hosts, mail.as_slice()) {
            for place in group.clone() {
                let id = self.hosts[place].id();
                while let Some(packet) = mail.as_slice().first()
                    && let to = directory.position(packet.to)
                    && to <= id
                    && let Some(packet) = mail.next()
                {
                    let place = (to == id).then_some(place);
                    arrived = arrived.wrapping_add(self.arrive(place, packet));
                }
            }
            if phase != Phase::Deliveries {
                group.for_each(|place| self.take_turn(place));
            }
        }
        mail.for_each(|packet| self.effects.dropped(DropReason::Undeliverable, packet));
        arrived
    }

    /// Lets a message arrive at a place, if anybody lives there; what stands for it in the trace, or 0.
    fn arrive(&mut self, place: Option<usize>, packet: Packet) -> u64 {
        let route = self.effects.network().route(&packet);
        let is_here = |host: &Host| {
            // A number of an unbound address may equal an id.
            self.tick.directory.host(packet.to) == Some(host.id())
                && (host.is_running() || Mutant::CrashedListen.is_active())
        };
        let Some(place) = place.filter(|place| is_here(&self.hosts[*place])) else {
            self.effects.dropped(DropReason::Undeliverable, packet);
            return 0;
        };
        if self.effects.network().separates(route, self.tick.now) {
            self.effects.dropped(DropReason::Cut, packet);
            return 0;
        }
        self.effects.delivered(packet.body.kind());
        let trace = packet.trace();
        let Body::Lifecycle(message) = packet.body;
        if Mutant::DeliveredTwice.is_active() && message.kind() == MessageKind::Invitation {
            self.handle(place, Input::Message { from: route.from, message: message.clone() });
        }
        self.handle(place, Input::Message { from: route.from, message });
        trace
    }

    pub(super) fn take_turn(&mut self, place: usize) {
        let host = &self.hosts[place];
        let acts =
            host.is_running() || (host.status() == HostStatus::Paused && Mutant::PausedAct.is_active());
        let turns = if acts { host.local_clock().turns(self.tick.env.now) } else { 0 };
        (0..turns).for_each(|_| self.handle(place, Input::Turn));
    }

    fn handle(&mut self, place: usize, input: Input) {
        self.hosts[place].handle(self.tick.env, self.outbox, input);
        if !self.outbox.is_empty() {
            self.carry_out(place);
        }
    }

    /// Lets what is in the outbox of a peer take its course.
    #[inline(never)]
    pub(super) fn carry_out(&mut self, place: usize) {
        let TickContext { now, clock, env, .. } = self.tick;
        let config = &env.config.network;
        let host = &mut self.hosts[place];
        self.outbox.events.drain(..).for_each(|event| self.effects.happened(host.id(), event.into()));
        for (to, message) in self.outbox.messages.drain(..) {
            let packet = Packet::between(host.id(), to, host.sent, now, message);
            host.sent = host.sent.wrapping_add(1);
            let ready = match config.bandwidth {
                Some(bandwidth) => leave(&mut host.slot, bandwidth.get(), now, clock),
                None => now,
            };
            let outcome = self.effects.network().outcome(&packet, ready, config, clock, &mut host.links);
            self.effects.sent(packet, outcome);
        }
    }
}

/// With one message to so many peers, their receivers are looked for.
const FEW: usize = 8;

/// The place of a peer that is probably a little behind another.
fn find_near(hosts: &[Host], peer: PeerId, start: usize) -> Option<usize> {
    let is_before = |place: usize| hosts.get(place).is_some_and(|host| host.id() < peer);
    if start > 0 && !is_before(start - 1) {
        return hosts.binary_search_by_key(&peer, Host::id).ok();
    }
    let mut width = 1;
    while is_before(start + width) {
        width *= 2;
    }
    let near = &hosts[start + width / 2..(start + width + 1).min(hosts.len())];
    near.binary_search_by_key(&peer, Host::id).ok().map(|place| start + width / 2 + place)
}
