//! The world: all peers, the network between them, and the one loop.
//!
//! ```text
//! deliveries due -> turns due -> links draw their luck -> facts for the observer
//! ```
//!
//! Nothing happens in a tick without a delivery or a turn, so that such ticks cost nothing. The order in which peers
//! are served within a tick cannot be observed: messages take at least one tick and are delivered in an order of their
//! own, and every peer has streams of chance of its own.

use std::sync::Arc as Shared;

use crate::actor::{Event, Input, Outbox};
use crate::command::Command;
use crate::config::Config;
use crate::digest::{Digest, Fingerprint};
use crate::genesis::{self, Acquaintances};
use crate::host::{Condition, Host, Surroundings};
use crate::id::PeerId;
use crate::message::MessageKind;
use crate::network::{DropReason, Envelope, Fate, Network};
use crate::problem::Problem;
use crate::rng::{Purpose, Rng, mix};
use crate::time::{Clock, Tick};
use crate::token::Universe;

/// Peers that may exist at a time.
pub const PEERS_MAX: usize = 1_000_000;

/// Sees everything that happens in a world and changes nothing.
pub trait Observer {
    /// A peer has stated a fact about itself.
    fn on_event(&mut self, event: Event);
    /// A message was sent.
    fn on_sent(&mut self, kind: MessageKind);
    /// A message arrived, or was dropped.
    fn on_fate(&mut self, fate: Fate);
}

/// All peers and everything between them.
#[derive(Clone, Debug)]
pub struct World {
    seed: u64,
    config: Config,
    /// The next tick to happen.
    now: Tick,
    universe: Shared<Universe>,
    /// In ascending order of id.
    hosts: Vec<Host>,
    network: Network,
    /// Newcomers so far.
    joined: u64,
    /// Stands for all deliveries so far: two runs that ever differed in one have different traces.
    trace: u64,
}

/// Buffers that are filled and emptied in every tick.
#[derive(Default)]
struct Scratch {
    due: Vec<Envelope>,
    outbox: Outbox,
}

impl World {
    /// The world of a seed at tick 0.
    pub fn new(seed: u64, config: Config, observer: &mut impl Observer) -> Self {
        let universe = genesis::universe(seed, &config);
        let residents = genesis::residents(seed, &config, &universe);
        let hosts = residents.iter().map(|id| Host::new(*id, seed, &config, &universe)).collect();
        let mut world = Self {
            seed,
            config,
            now: Tick(0),
            universe: Shared::new(universe),
            hosts,
            network: Network::default(),
            joined: 0,
            trace: mix(seed),
        };
        for (place, id) in residents.iter().enumerate() {
            let known = genesis::acquaintances(seed, &world.config, &residents, *id);
            world.introduce(place, &known, observer);
        }
        world
    }

    /// The next tick to happen: all earlier ones have.
    #[must_use]
    pub const fn now(&self) -> Tick {
        self.now
    }

    /// The rules in force.
    #[must_use]
    pub const fn config(&self) -> &Config {
        &self.config
    }

    /// How ticks make up rounds.
    #[must_use]
    pub fn clock(&self) -> Clock {
        Clock { ticks_per_round: u64::from(self.config.time.ticks_per_round) }
    }

    /// All peers, running or crashed, in ascending order of id.
    #[must_use]
    pub fn hosts(&self) -> &[Host] {
        &self.hosts
    }

    /// The peer with an id.
    #[must_use]
    pub fn host(&self, id: PeerId) -> Option<&Host> {
        self.place(id).map(|place| &self.hosts[place])
    }

    /// The network.
    #[must_use]
    pub const fn network(&self) -> &Network {
        &self.network
    }

    /// Stands for all deliveries so far.
    #[must_use]
    pub const fn trace(&self) -> u64 {
        self.trace
    }

    /// The next tick at which a message is due or peers have their turn.
    #[must_use]
    pub fn next_event(&self) -> Tick {
        let turn = self.clock().next_turn(self.now);
        self.network.next_due().map_or(turn, |due| due.min(turn))
    }

    /// Lets everything happen that is due before `end`, which becomes the next tick to happen.
    pub fn run_until(&mut self, end: Tick, observer: &mut impl Observer) {
        let mut scratch = Scratch::default();
        loop {
            let next = self.next_event();
            if next >= end {
                break;
            }
            self.now = next;
            self.deliver(&mut scratch, observer);
            if self.clock().next_turn(next) == next {
                self.take_turns(&mut scratch, observer);
            }
            self.now = Tick(next.0 + 1);
        }
        self.now = self.now.max(end);
    }

    fn deliver(&mut self, scratch: &mut Scratch, observer: &mut impl Observer) {
        let Scratch { due, outbox } = scratch;
        self.network.take_due(self.now, due);
        let mut arrived = 0_u64;
        for envelope in due.drain(..) {
            let running = self.place(envelope.to).filter(|place| self.hosts[*place].is_running());
            let Some(place) = running else {
                observer.on_fate(Fate::Dropped(DropReason::Undeliverable));
                continue;
            };
            if self.network.separates(envelope.from, envelope.to) {
                observer.on_fate(Fate::Dropped(DropReason::Cut));
                continue;
            }
            observer.on_fate(Fate::Delivered(envelope.message.kind()));
            // A sum, because the order within a tick is not part of a run.
            arrived = arrived.wrapping_add(envelope.trace());
            let Envelope { from, message, .. } = envelope;
            self.handle(place, Input::Message { from, message }, outbox, observer);
        }
        if arrived != 0 {
            self.trace = mix(self.trace ^ mix(self.now.0) ^ arrived);
        }
    }

    fn take_turns(&mut self, scratch: &mut Scratch, observer: &mut impl Observer) {
        for place in 0..self.hosts.len() {
            if self.hosts[place].is_running() {
                self.handle(place, Input::Turn, &mut scratch.outbox, observer);
            }
        }
    }

    fn handle(&mut self, place: usize, input: Input, outbox: &mut Outbox, observer: &mut impl Observer) {
        let surroundings = Surroundings {
            now: self.clock().round(self.now),
            config: &self.config,
            universe: &self.universe,
        };
        self.hosts[place].handle(surroundings, outbox, input);
        self.carry_out(place, outbox, observer);
    }

    /// Tells the observer what happened and hands messages to the network.
    fn carry_out(&mut self, place: usize, outbox: &mut Outbox, observer: &mut impl Observer) {
        outbox.events.drain(..).for_each(|event| observer.on_event(event));
        let clock = self.clock();
        let host = &mut self.hosts[place];
        for (to, message) in outbox.messages.drain(..) {
            observer.on_sent(message.kind());
            let envelope = Envelope { to, from: host.id(), sequence: host.sent, sent: self.now, message };
            host.sent = host.sent.wrapping_add(1);
            if let Err(reason) = self.network.post(envelope, &self.config.network, clock, &mut host.links) {
                observer.on_fate(Fate::Dropped(reason));
            }
        }
    }

    fn introduce(&mut self, place: usize, known: &Acquaintances, observer: &mut impl Observer) {
        let mut outbox = Outbox::default();
        let surroundings = Surroundings {
            now: self.clock().round(self.now),
            config: &self.config,
            universe: &self.universe,
        };
        self.hosts[place].with_context(surroundings, &mut outbox, |node, cx| {
            known.iter().for_each(|(peer, standing)| node.introduce(cx, *peer, *standing));
        });
        self.carry_out(place, &mut outbox, observer);
    }

    /// Carries out a command before the next tick happens. Settings are taken as they are: the scenario's rules have
    /// passed them.
    ///
    /// # Errors
    ///
    /// Says why the command cannot be carried out; nothing has changed then.
    pub fn apply(&mut self, command: Command, observer: &mut impl Observer) -> Result<(), Problem> {
        match command {
            Command::Join { count } => self.join(count, observer),
            Command::Leave { peer } => self.find(peer).map(|place| {
                self.hosts.remove(place);
            }),
            Command::Crash { peer } => self.change_condition(peer, Condition::Running, Condition::Crashed),
            Command::Return { peer } => self.change_condition(peer, Condition::Crashed, Condition::Running),
            Command::Cut { arc } if arc.from == arc.to => Err(Problem::new(
                "to",
                "the arc is empty: it begins and ends at the same place",
                "name two different places",
            )),
            Command::Cut { arc } => {
                self.network.set_cut(Some(arc));
                Ok(())
            }
            Command::Heal => {
                self.network.set_cut(None);
                Ok(())
            }
            Command::Set(setting) => {
                setting.apply(&mut self.config);
                self.hosts.iter_mut().for_each(Host::reconsider);
                Ok(())
            }
        }
    }

    fn join(&mut self, count: u32, observer: &mut impl Observer) -> Result<(), Problem> {
        let vacant = (self.universe.len() as usize).min(PEERS_MAX).saturating_sub(self.hosts.len());
        if count == 0 || count as usize > vacant {
            return Err(Problem::new(
                "count",
                format!("{count} peers cannot join: there is room for 1 to {vacant}"),
                "peers live at tokens: choose a smaller count, or a scenario with a larger tokens.total",
            ));
        }
        (0..count).for_each(|_| self.admit(observer));
        Ok(())
    }

    fn admit(&mut self, observer: &mut impl Observer) {
        self.joined += 1;
        let mut rng = Rng::stream(mix(self.seed ^ self.joined), Purpose::Genesis, self.joined);
        let Some(id) = genesis::vacancy(&self.universe, |id| self.place(id).is_some(), &mut rng) else {
            return;
        };
        let running: Vec<PeerId> = self.hosts.iter().filter(|host| host.is_running()).map(Host::id).collect();
        let contacts = genesis::contacts(&self.config, &running, &mut rng);
        // A newcomer at the place of a peer that has left is somebody else, with luck of its own.
        let host = Host::new(id, mix(self.seed ^ self.joined), &self.config, &self.universe);
        let place = self.hosts.partition_point(|host| host.id() < id);
        self.hosts.insert(place, host);
        self.introduce(place, &contacts, observer);
    }

    fn change_condition(&mut self, peer: PeerId, from: Condition, to: Condition) -> Result<(), Problem> {
        let place = self.find(peer)?;
        if self.hosts[place].condition() != from {
            let (is, wanted) = match from {
                Condition::Running => ("crashed already", "choose a running peer"),
                Condition::Crashed => ("running", "choose a crashed peer"),
            };
            return Err(Problem::new("peer", format!("peer {peer} is {is}"), wanted));
        }
        self.hosts[place].set_condition(to);
        Ok(())
    }

    fn find(&self, peer: PeerId) -> Result<usize, Problem> {
        self.place(peer).ok_or_else(|| {
            Problem::new(
                "peer",
                format!("there is no peer {peer}"),
                "choose the id of a peer that exists at this tick",
            )
        })
    }

    fn place(&self, id: PeerId) -> Option<usize> {
        self.hosts.binary_search_by_key(&id, Host::id).ok()
    }

    /// The fingerprint of the whole state: equal on every target, whatever order peers were served in.
    #[must_use]
    pub fn fingerprint(&self) -> Fingerprint {
        let mut digest = Digest::default();
        digest.number(self.seed);
        digest.number(self.now.0);
        digest.number(self.joined);
        digest.number(self.trace);
        digest.length(self.hosts.len());
        self.hosts.iter().for_each(|host| host.digest(&mut digest));
        self.network.digest(&mut digest);
        digest.finish()
    }
}
