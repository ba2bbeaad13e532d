//! Serving hosts: packets and timers are handed to them, they take their turns, and their effects are applied
//! at once or recorded for later.

use super::Observer;
use super::prefetch_pipeline::{Lookahead, PrefetchPipeline};
use crate::base::id::PeerId;
use crate::base::mutant::{Mutant, mutant};
use crate::base::time::{Clock, Round, Tick};
use crate::config::Config;
use crate::protocol::context::{Input, Outbox};
use crate::protocol::message::{Message, MessageKind};
use crate::protocol::token::Universe;
use crate::sim::alarms::{Alarm, Alarms};
use crate::sim::host::{Host, HostEnv, HostStatus};
use crate::sim::network::{Directory, DropReason, LinkOutcome, Network, leave};
use crate::stack::address::Address;
use crate::stack::context::{HostOutbox, Resources};
use crate::stack::layer::Upward;
use crate::stack::layers::{Body, Event, HostEvent, LayerId, Layers, PacketKind};
use crate::stack::packet::Packet;
use crate::stack::timer::TimerId;

/// The tick in which hosts are served.
#[derive(Clone, Copy)]
pub(super) struct TickContext<'a> {
    pub(super) now: Tick,
    /// Hosts of the whole world.
    pub(super) peers: usize,
    pub(super) clock: Clock,
    pub(super) env: HostEnv<'a>,
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
            env: HostEnv {
                tick: now,
                now: clock.round(now),
                clock,
                config,
                directory,
                universe,
                adversaries,
            },
        }
    }

    /// Sends a packet from one address, that of a host, to another.
    #[inline]
    fn send(&self, host: &mut Host, effects: &mut impl Effects, (from, to): (Address, Address), body: Body) {
        let Self { now, clock, env, .. } = *self;
        let config = &env.config.network;
        let packet = Packet { to, from, seq: host.sent, sent: now, body };
        host.sent = host.sent.wrapping_add(1);
        let ready = match config.bandwidth {
            Some(bandwidth) => leave(&mut host.slot, bandwidth.get(), now, clock),
            None => now,
        };
        let outcome = effects.network().outcome(&packet, ready, config, clock, &mut host.links);
        effects.sent(packet, outcome);
    }
}

/// Work done for hosts in one pass.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Phase {
    Deliveries,
    Turns,
    /// Deliveries and turns, if nothing comes between them.
    Both,
}

/// Receiver of effects.
pub(super) trait Effects {
    fn network(&self) -> &Network;
    fn happened(&mut self, peer: PeerId, event: Event);
    fn sent(&mut self, packet: Packet, outcome: LinkOutcome);
    fn delivered(&mut self, kind: PacketKind);
    fn dropped(&mut self, reason: DropReason, packet: Packet);
    fn alarmed(&mut self, due: Tick, alarm: Alarm);
}

/// Effects of one host, written by its layers and carried out by its service.
#[derive(Debug, Default)]
pub(super) struct Outboxes {
    pub(super) lifecycle: Outbox,
    pub(super) host: HostOutbox,
    /// Scratch space: indices of the hosts that are served one by one.
    order: Vec<Option<usize>>,
}

/// Applies effects at once.
pub(super) struct ImmediateEffects<'a, O> {
    pub(super) round: Round,
    pub(super) network: &'a mut Network,
    pub(super) alarms: &'a mut Alarms,
    pub(super) observer: &'a mut O,
}

/// Records effects; the network does not change.
pub(super) struct DeferredEffects<'a> {
    pub(super) network: &'a Network,
    pub(super) notes: &'a mut Vec<DeferredEffect>,
}

/// A recorded effect.
#[derive(Debug)]
pub(super) enum DeferredEffect {
    Happened(PeerId, Event),
    Sent(Packet, LinkOutcome),
    Delivered(PacketKind),
    Dropped(DropReason, Packet),
    Alarmed(Tick, Alarm),
}

impl<O: Observer> Effects for ImmediateEffects<'_, O> {
    fn network(&self) -> &Network {
        self.network
    }

    fn happened(&mut self, peer: PeerId, event: Event) {
        self.observer.on_event(self.round, peer, event);
    }

    #[inline]
    fn sent(&mut self, packet: Packet, outcome: LinkOutcome) {
        let kind = packet.body.kind();
        self.observer.on_sent(kind);
        match self.network.admit(outcome) {
            LinkOutcome::Fails(reason) => self.dropped(reason, packet),
            LinkOutcome::Arrives { due, again } => {
                if mutant!(DuplicateUncounted: again.is_some() => false) {
                    self.observer.on_duplicated(kind);
                }
                self.network.enqueue(packet, due, again);
            }
        }
    }

    fn delivered(&mut self, kind: PacketKind) {
        self.observer.on_delivered(kind);
    }

    #[cold]
    fn dropped(&mut self, reason: DropReason, packet: Packet) {
        self.observer.on_dropped(reason, self.network.route(&packet), &packet);
    }

    fn alarmed(&mut self, due: Tick, alarm: Alarm) {
        self.alarms.push(due, alarm);
    }
}

impl<O: Observer> ImmediateEffects<'_, O> {
    /// Applies recorded effects.
    pub(super) fn apply(&mut self, notes: &mut Vec<DeferredEffect>) {
        for note in notes.drain(..) {
            match note {
                DeferredEffect::Happened(peer, event) => self.happened(peer, event),
                DeferredEffect::Sent(packet, outcome) => self.sent(packet, outcome),
                DeferredEffect::Delivered(kind) => self.delivered(kind),
                DeferredEffect::Dropped(reason, packet) => self.dropped(reason, packet),
                DeferredEffect::Alarmed(due, alarm) => self.alarmed(due, alarm),
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

    fn alarmed(&mut self, due: Tick, alarm: Alarm) {
        self.notes.push(DeferredEffect::Alarmed(due, alarm));
    }
}

/// Hosts next to one another, being served.
pub(super) struct Service<'a, E> {
    pub(super) tick: TickContext<'a>,
    pub(super) hosts: &'a mut [Host],
    /// Their ids.
    pub(super) ids: &'a [PeerId],
    pub(super) outbox: &'a mut Outboxes,
    pub(super) effects: E,
}

impl<E: Effects> Service<'_, E> {
    /// Does a phase, with packets in the order of delivery. Returns a sum that stands for those delivered:
    /// the order within a tick is not part of a run.
    pub(super) fn serve(&mut self, phase: Phase, due: &mut Vec<Packet>) -> u64 {
        if phase == Phase::Deliveries && due.len() < self.hosts.len() / FEW {
            self.deliver(due)
        } else {
            self.serve_groups(phase, due)
        }
    }

    pub(super) fn deliver(&mut self, due: &mut Vec<Packet>) -> u64 {
        let directory = self.tick.env.directory;
        let mut order = std::mem::take(&mut self.outbox.order);
        order.clear();
        order.extend(due.iter().scan(0, |last, packet| {
            let index = find_near(self.ids, directory.position(packet.to), *last);
            *last = index.unwrap_or(*last);
            Some(index)
        }));
        let lookahead = Lookahead::new(self.tick.peers, &order);
        let mut arrived = 0_u64;
        for (number, packet) in due.drain(..).enumerate() {
            lookahead.look(self.hosts, number);
            arrived = arrived.wrapping_add(self.arrive(order[number], packet));
        }
        self.outbox.order = order;
        arrived
    }

    /// Serves all hosts, group by group: each kind of work is done for a whole group before the next kind.
    fn serve_groups(&mut self, phase: Phase, due: &mut Vec<Packet>) -> u64 {
        let HostEnv { now, universe, .. } = self.tick.env;
        let directory = self.tick.env.directory;
        let mut pipeline = PrefetchPipeline::new(universe, directory, now, self.tick.peers, due.len());
        let mut arrived = 0_u64;
        let mut mail = due.drain(..);
        while let Some(group) = pipeline.next(self.hosts, mail.as_slice()) {
            for index in group.clone() {
                let id = self.hosts[index].id();
                while let Some(packet) = mail.as_slice().first()
                    && let to = directory.position(packet.to)
                    && to <= id
                    && let Some(packet) = mail.next()
                {
                    let index = (to == id).then_some(index);
                    arrived = arrived.wrapping_add(self.arrive(index, packet));
                }
            }
            if phase != Phase::Deliveries {
                group.for_each(|index| self.take_turn(index));
            }
        }
        mail.for_each(|packet| self.effects.dropped(DropReason::Undeliverable, packet));
        arrived
    }

    /// Delivers a packet to the host at an index, if there is one; its number in the trace, or 0.
    fn arrive(&mut self, index: Option<usize>, packet: Packet) -> u64 {
        let route = self.effects.network().route(&packet);
        let is_here = |host: &Host| {
            // A number of an unbound address may equal an id.
            self.tick.env.directory.host(packet.to) == Some(host.id())
                && mutant!(CrashedListen: host.is_running() => true)
        };
        let Some(index) = index.filter(|index| is_here(&self.hosts[*index])) else {
            self.effects.dropped(DropReason::Undeliverable, packet);
            return 0;
        };
        if self.effects.network().separates(route, self.tick.now) {
            self.effects.dropped(DropReason::Cut, packet);
            return 0;
        }
        self.effects.delivered(packet.body.kind());
        let trace = packet.trace();
        match packet.body.into_lifecycle() {
            Ok(message) => self.receive(index, route.from, message),
            Err(body) => self.hand_to_layer(index, packet.from, body),
        }
        trace
    }

    fn receive(&mut self, index: usize, from: PeerId, message: Message) {
        if Mutant::DeliveredTwice.is_active() && message.kind() == MessageKind::Invitation {
            self.handle(index, Input::Message { from, message: message.clone() });
        }
        self.handle(index, Input::Message { from, message });
    }

    /// Hands a packet to the layer that it belongs to, and what that hands up to the layer of that.
    #[cold]
    fn hand_to_layer(&mut self, index: usize, from: Address, body: Body) {
        let upward = self.with_layers(index, |layers, resources| layers.on_packet(resources, from, body));
        let Some(Upward { from, body }) = upward.flatten() else { return };
        match body.into_lifecycle() {
            Ok(message) => self.receive(index, from, message),
            Err(body) => self.hand_to_layer(index, self.tick.env.directory.listening(from), body),
        }
    }

    /// Lets the layers below the lifecycle of a host do something, and carries out what they cause.
    pub(super) fn with_layers<T>(
        &mut self,
        index: usize,
        work: impl FnOnce(&mut Layers, &mut Resources<'_>) -> T,
    ) -> Option<T> {
        let result = self.hosts[index].with_layers(self.tick.env, &mut self.outbox.host, work);
        self.carry_out_layers(index);
        result
    }

    /// Hands timers to their hosts.
    pub(super) fn ring_all(&mut self, alarms: &[Alarm]) {
        let mut order = std::mem::take(&mut self.outbox.order);
        order.clear();
        order.extend(alarms.iter().map(|alarm| self.ids.binary_search(&alarm.host).ok()));
        let lookahead = Lookahead::new(self.tick.peers, &order);
        for (number, alarm) in alarms.iter().enumerate() {
            lookahead.look(self.hosts, number);
            order[number].into_iter().for_each(|index| self.ring(index, alarm.timer));
        }
        self.outbox.order = order;
    }

    /// Hands a timer to its layer, if it still stands and its host runs.
    fn ring(&mut self, index: usize, timer: TimerId) {
        let host = &mut self.hosts[index];
        if host.is_running() && host.fire(timer, self.tick.now) {
            self.with_layers(index, |layers, resources| layers.on_timer(resources, timer));
        }
    }

    pub(super) fn take_turn(&mut self, index: usize) {
        let host = &self.hosts[index];
        let acts = self.tick.env.config.stack.lifecycle
            && mutant!(PausedAct: host.is_running() => host.is_running() || host.status() == HostStatus::Paused);
        let turns = if acts { host.local_clock().turns(self.tick.env.now) } else { 0 };
        (0..turns).for_each(|_| self.handle(index, Input::Turn));
    }

    fn handle(&mut self, index: usize, input: Input) {
        self.hosts[index].handle(self.tick.env, &mut self.outbox.lifecycle, input);
        if !self.outbox.lifecycle.is_empty() {
            self.carry_out(index);
        }
    }

    /// Carries out what the lifecycle of a host has caused: its messages go down through the layers, if any
    /// is on.
    #[inline(never)]
    pub(super) fn carry_out(&mut self, index: usize) {
        let host = &mut self.hosts[index];
        let id = host.id();
        let Outbox { events, messages, .. } = &mut self.outbox.lifecycle;
        events.drain(..).for_each(|event| self.effects.happened(id, event.into()));
        if host.stack().lower().is_some() {
            self.pass_down_all(index);
            return;
        }
        let directory = self.tick.env.directory;
        let from = directory.listening(id);
        for (to, message) in messages.drain(..) {
            self.tick.send(host, &mut self.effects, (from, directory.listening(to)), message.into());
        }
    }

    /// Lets the layers below the lifecycle of a host carry its messages.
    #[cold]
    fn pass_down_all(&mut self, index: usize) {
        let mut messages = std::mem::take(&mut self.outbox.lifecycle.messages);
        for (to, message) in messages.drain(..) {
            self.pass_down(index, LayerId::Lifecycle, to, message.into());
        }
        self.outbox.lifecycle.messages = messages;
    }

    /// Lets the layers below the sender of a message carry it, or sends it to the address of its receiver.
    #[cold]
    fn pass_down(&mut self, index: usize, sender: LayerId, to: PeerId, body: Body) {
        let (id, kind) = (self.hosts[index].id(), body.kind());
        let passed = self.with_layers(index, |layers, resources| layers.on_send(resources, sender, to, body));
        match passed.flatten() {
            Some(body) => {
                let link = [id, to].map(|peer| self.tick.env.directory.listening(peer));
                self.tick.send(&mut self.hosts[index], &mut self.effects, link.into(), body);
            }
            None => self.effects.happened(id, HostEvent::Taken(kind).into()),
        }
    }

    /// Carries out what the layers of a host have caused.
    fn carry_out_layers(&mut self, index: usize) {
        if self.outbox.host.is_empty() {
            return;
        }
        let id = self.hosts[index].id();
        // The lists keep their memory: a host causes a few effects at a time, many times.
        let mut outbox = std::mem::take(&mut self.outbox.host);
        outbox.events.drain(..).for_each(|event| self.effects.happened(id, event));
        let alarms = outbox.alarms.drain(..);
        alarms.for_each(|(due, timer)| self.effects.alarmed(due, Alarm { host: id, timer }));
        let from = self.tick.env.directory.listening(id);
        let host = &mut self.hosts[index];
        let packets = outbox.packets.drain(..);
        packets.for_each(|(to, body)| self.tick.send(host, &mut self.effects, (from, to), body));
        #[cfg(feature = "layers")]
        let (recalled, messages) = (outbox.recalled.take(), std::mem::take(&mut outbox.messages));
        self.outbox.host = outbox;
        #[cfg(feature = "layers")]
        for (sender, to, body) in messages {
            self.pass_down(index, sender, to, body);
        }
        #[cfg(feature = "layers")]
        if let Some((peers, invited)) = recalled.filter(|_| self.tick.env.config.stack.lifecycle) {
            self.handle(index, Input::Recalled { peers, invited });
        }
    }
}

/// With fewer packets than one to this many hosts, their receivers are searched for.
const FEW: usize = 8;

/// Index of an id that is probably a little behind `start` (exponential search).
fn find_near(ids: &[PeerId], id: PeerId, start: usize) -> Option<usize> {
    let is_before = |index: usize| ids.get(index).is_some_and(|other| *other < id);
    if start > 0 && !is_before(start - 1) {
        return ids.binary_search(&id).ok();
    }
    let mut width = 1;
    while is_before(start + width) {
        width *= 2;
    }
    let near = &ids[start + width / 2..(start + width + 1).min(ids.len())];
    near.binary_search(&id).ok().map(|index| start + width / 2 + index)
}
