//! The world: all peers, the network between them, and the one loop.
//!
//! ```text
//! deliveries due -> turns due -> links draw their link_rng -> facts for the observer
//! ```
//!
//! Nothing happens in a tick without a delivery or a turn, so that such ticks cost nothing. The order in
//! which peers are served within a tick cannot be observed: messages take at least one tick and are delivered
//! in an order of their own, and every peer has streams of chance of its own.
//!
//! This file has the loop; [`tick`] divides a tick into pieces, [`service`] serves peers one after another,
//! [`executor`] side by side, and [`prefetch_pipeline`] asks for the memory of those who come next;
//! [`host_table`] finds a host by its id; [`commands`] carries out what an operator demands, [`churn`] lets
//! peers come and go on their own, and [`fingerprint`] takes fingerprints. In builds with layers, `clients`
//! submit blocks, and `power` stops and starts hosts by a schedule.

mod prefetch_pipeline;
mod churn;
#[cfg(feature = "layers")]
mod clients;
#[cfg(feature = "layers")]
mod power;
mod commands;
mod executor;
mod tick;
mod fingerprint;
mod host_table;
mod service;

#[cfg(feature = "layers")]
pub use self::clients::Clients;
pub use self::executor::{Executor, Sequential};
pub(crate) use self::fingerprint::FingerprintBuilder;
pub(crate) use self::tick::TickProgress;

use std::ops::Range;
use std::sync::Arc as Shared;

use self::executor::WorkerBuffers;
use self::host_table::HostTable;
use self::service::{ImmediateEffects, Outboxes, Service, TickContext};
use self::tick::shard_bits;
use crate::base::id::{BlockId, PeerId};
use crate::base::rng::{Purpose, Rng, mix};
use crate::base::time::{Clock, Round, Tick};
use crate::config::{Behavior, Config};
use crate::protocol::context::Context;
use crate::protocol::node::Node;
use crate::protocol::peer_table::CONTACTS_MAX;
use crate::protocol::token::Universe;
use crate::sim::alarms::Alarms;
use crate::sim::genesis::{self, Contacts};
use crate::sim::host::Host;
#[cfg(feature = "layers")]
use crate::sim::network::AirRules;
use crate::sim::network::{Directory, DropReason, Network, Route};
use crate::stack::adversary::Adversary;
use crate::stack::layers::PacketKind;
use crate::stack::layers::planned_address;
use crate::stack::layers::{Event, Layers};
use crate::stack::packet::Packet;

/// Peers that may exist at a time.
pub const PEERS_MAX: usize = 1_000_000;

/// Messages for which there may always be room in a buffer.
const SPARE: usize = 1 << 10;

/// Sees everything that happens in a world and changes nothing.
pub trait Observer {
    /// A peer has stated a fact about itself.
    fn on_event(&mut self, now: Round, peer: PeerId, event: Event);
    /// A message was sent.
    fn on_sent(&mut self, kind: PacketKind);
    /// A message is on its way a second time.
    fn on_duplicated(&mut self, kind: PacketKind);
    /// A message arrived at a running peer.
    fn on_delivered(&mut self, kind: PacketKind);
    /// A message did not arrive.
    fn on_dropped(&mut self, reason: DropReason, route: Route, packet: &Packet);
}

/// All peers and everything between them.
#[derive(Clone, Debug)]
pub struct World {
    seed: u64,
    config: Config,
    /// The next tick to happen.
    now: Tick,
    universe: Shared<Universe>,
    hosts: HostTable,
    network: Network,
    /// The network's directory of addresses, for reading while the network changes.
    directory: Shared<Directory>,
    alarms: Alarms,
    /// Newcomers so far.
    joined: u64,
    /// When the next peer arrives on its own, in thousandths of a round; none before the first is awaited.
    next_arrival: Option<u64>,
    /// All peers that are not honest, in ascending order.
    adversaries: Vec<PeerId>,
    /// Peers that are to come back on their own.
    awaited: usize,
    /// `None` before they have submitted a block.
    #[cfg(feature = "layers")]
    clients: Option<Box<Clients>>,
    scratch: Scratch,
    /// Stands for all deliveries so far: two runs that ever differed in one have different traces.
    trace: u64,
}

/// Buffers that are filled and emptied in every tick: between ticks there is nothing in them.
#[derive(Debug, Default)]
struct Scratch {
    due: Vec<Packet>,
    order: Vec<u64>,
    outbox: Outboxes,
    buffers: Vec<WorkerBuffers>,
}

impl Clone for Scratch {
    fn clone(&self) -> Self {
        Self::default()
    }
}

/// A build without layers has neither clients nor a schedule of its hosts.
#[cfg(not(feature = "layers"))]
#[allow(clippy::unused_self)]
impl World {
    const fn has_load(&self) -> bool {
        false
    }

    const fn has_power_schedule(&self) -> bool {
        false
    }
}

/// Gives memory back where a tick was far busier than this one, in which so much was used of a buffer.
fn give_back<T>(buffer: &mut Vec<T>, used: usize) {
    if buffer.capacity() > SPARE.max(4 * used) {
        buffer.shrink_to(2 * used);
    }
}

impl World {
    /// The world of a seed at tick 0.
    pub fn new(seed: u64, config: Config, observer: &mut impl Observer) -> Self {
        let rules = config.clone();
        let known = |initial_peers: &[PeerId], me| genesis::contacts(seed, &rules, initial_peers, me);
        Self::with_acquaintances(seed, config, known, observer)
    }

    /// The world of a seed at tick 0, in which the first peers know others of your choice instead of those
    /// that the topology gives them: `known` is asked for each of them, and given all of them in ascending
    /// order.
    pub fn with_acquaintances(
        seed: u64,
        config: Config,
        known: impl Fn(&[PeerId], PeerId) -> Contacts,
        observer: &mut impl Observer,
    ) -> Self {
        let mut universe = genesis::universe(seed, &config);
        let initial_peers = genesis::initial_peers(seed, &config, &universe);
        if config.tokens.zero_id_blocks {
            initial_peers.iter().for_each(|id| universe.remap((*id).into(), BlockId::new(0)));
        }
        let host = |id: &PeerId| Host::new(*id, seed, &config, &universe);
        let hosts = HostTable::new(initial_peers.iter().map(host).collect());
        let mut world = Self {
            seed,
            config,
            now: Tick(0),
            universe: Shared::new(universe),
            hosts,
            network: Network::with_shard_bits(shard_bits(initial_peers.len())),
            directory: Shared::default(),
            alarms: Alarms::default(),
            joined: 0,
            next_arrival: None,
            adversaries: Vec::new(),
            awaited: 0,
            #[cfg(feature = "layers")]
            clients: None,
            scratch: Scratch::default(),
            trace: mix(seed),
        };
        world.network.share_medium(world.config.network.airtime);
        #[cfg(feature = "layers")]
        if let Some(rules) = AirRules::of(&world.config) {
            world.network.share_air(rules);
        }
        world.assign_adversaries(&initial_peers);
        world.assign_addresses(&initial_peers);
        for (index, id) in initial_peers.iter().enumerate() {
            if world.config.stack.lifecycle {
                world.introduce(index, &known(&initial_peers, *id), observer);
            }
            world.boot(index, observer);
        }
        world
    }

    /// Makes adversaries of a share of the first peers.
    fn assign_adversaries(&mut self, initial_peers: &[PeerId]) {
        let config = self.config.adversary;
        let count = usize::try_from(config.share.of(initial_peers.len() as u64)).unwrap_or(usize::MAX);
        let mut rng = Rng::stream(self.seed, Purpose::Adversaries, 0);
        for peer in rng.take_some(&mut initial_peers.to_vec(), count) {
            if let Some(index) = self.index_of(peer) {
                self.set_behavior(index, config.conduct, Round(config.from_round.into()));
            }
        }
    }

    /// Binds the next planned addresses to hosts, if a layer plans any. Beyond the limit of the directory,
    /// hosts listen on their ids, which no dialer knows.
    fn assign_addresses(&mut self, hosts: &[PeerId]) {
        let bound = self.directory.bindings().len();
        let addresses = hosts.iter().zip(bound..).map_while(|(host, index)| {
            let address = planned_address(&self.config, index)?;
            Some((address, *host))
        });
        let planned: Vec<_> = addresses.collect();
        if !planned.is_empty() {
            self.change_directory(|directory| {
                planned.into_iter().all(|(address, host)| directory.bind(address, host).is_ok())
            });
        }
    }

    /// Lets a peer behave like this from a round on.
    fn set_behavior(&mut self, index: usize, conduct: Behavior, since: Round) {
        let adversary = (conduct != Behavior::Honest).then(|| Adversary::new(conduct, since));
        self.hosts[index].set_adversary(adversary);
        self.note_adversaries();
    }

    fn note_adversaries(&mut self) {
        let adversaries = self.hosts.iter().filter(|host| host.adversary().is_some());
        self.adversaries = adversaries.map(Host::id).collect();
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
        self.index_of(id).map(|index| &self.hosts[index])
    }

    /// All tokens.
    #[must_use]
    pub fn universe(&self) -> &Universe {
        &self.universe
    }

    /// The network.
    #[must_use]
    pub const fn network(&self) -> &Network {
        &self.network
    }

    /// The directory of addresses: the identity, unless a scenario states an address plan.
    #[must_use]
    pub fn directory(&self) -> &Directory {
        &self.directory
    }

    /// Changes the directory of addresses. Packets in flight follow: they reach the hosts bound to their
    /// addresses now.
    pub(crate) fn change_directory<T>(&mut self, change: impl FnOnce(&mut Directory) -> T) -> T {
        let result = change(Shared::make_mut(&mut self.directory));
        self.network.set_directory(Shared::clone(&self.directory));
        result
    }

    /// Stands for all deliveries so far.
    #[must_use]
    pub const fn trace(&self) -> u64 {
        self.trace
    }

    /// The next tick at which a packet or a timer is due, or peers take their turns; `None` if nothing is to
    /// come.
    #[must_use]
    pub fn next_event(&self) -> Option<Tick> {
        let events = [self.network.next_due(), self.alarms.next_due(), self.next_turn()];
        events.into_iter().flatten().min()
    }

    /// The next tick at which peers take their turns, or may come and go; `None` if neither happens.
    fn next_turn(&self) -> Option<Tick> {
        let has_rounds = self.config.stack.lifecycle || self.may_churn() || self.has_load();
        has_rounds.then(|| self.clock().next_turn(self.now))
    }

    /// Lets everything happen that is due before `end`, which becomes the next tick to happen.
    pub fn run_until(&mut self, end: Tick, observer: &mut impl Observer) {
        self.run_until_with(&Sequential, end, observer);
    }

    /// The same with an executor: the outcome does not depend on its number of workers.
    pub fn run_until_with(&mut self, executor: &impl Executor, end: Tick, observer: &mut impl Observer) {
        while let Some(mut progress) = self.begin(end, observer) {
            while let Some(left) = self.step(executor, progress, observer) {
                progress = left;
            }
        }
    }

    /// Takes the sum of a tick's arrivals into the trace.
    const fn note_arrivals(&mut self, arrived: u64) {
        if arrived != 0 {
            self.trace = mix(self.trace ^ mix(self.now.0) ^ arrived);
        }
    }

    /// Peers next to one another, to be served one after another.
    fn service<'a, O: Observer>(
        &'a mut self,
        places: Range<usize>,
        outbox: &'a mut Outboxes,
        observer: &'a mut O,
    ) -> Service<'a, ImmediateEffects<'a, O>> {
        let tick = TickContext::new(
            self.now,
            self.hosts.len(),
            &self.config,
            &self.universe,
            &self.adversaries,
            &self.directory,
        );
        let effects = ImmediateEffects {
            round: tick.env.now,
            network: &mut self.network,
            alarms: &mut self.alarms,
            observer,
        };
        let (hosts, ids) = self.hosts.part_mut(places);
        Service { tick, hosts, ids, outbox, effects }
    }

    /// Boots the layers of a host below the lifecycle.
    fn boot(&mut self, index: usize, observer: &mut impl Observer) {
        let mut outbox = Outboxes::default();
        let mut service = self.service(index..index + 1, &mut outbox, observer);
        service.with_layers(0, Layers::on_boot);
    }

    /// Stops the layers of a host below the lifecycle, gracefully.
    fn stop(&mut self, index: usize, observer: &mut impl Observer) {
        let mut outbox = Outboxes::default();
        let mut service = self.service(index..index + 1, &mut outbox, observer);
        service.with_layers(0, Layers::on_stop);
    }

    fn introduce(&mut self, index: usize, known: &Contacts, observer: &mut impl Observer) {
        self.with_node(index, observer, |node, cx| {
            known.iter().for_each(|(peer, standing)| node.introduce(cx, *peer, *standing));
        });
        if self.config.peers.rejoin_rounds.is_some() {
            let contacts = self.bootstrap_list(index);
            self.with_node(index, observer, |node, cx| node.keep_contacts(cx, &contacts));
        }
    }

    /// Random others that a peer keeps aside.
    fn bootstrap_list(&self, index: usize) -> Vec<PeerId> {
        let me = self.hosts[index].id();
        let mut rng = Rng::stream(mix(self.seed ^ self.joined), Purpose::Anchors, me.get());
        let places = rng.some_of(self.hosts.len(), CONTACTS_MAX + 1);
        let others = places.into_iter().map(|place| self.hosts[place].id()).filter(|peer| *peer != me);
        others.take(CONTACTS_MAX).collect()
    }

    /// Lets something happen to a peer that is no input of the protocol.
    fn with_node(
        &mut self,
        index: usize,
        observer: &mut impl Observer,
        happen: impl FnOnce(&mut Node, &mut Context<'_>),
    ) {
        let mut outbox = Outboxes::default();
        let mut service = self.service(index..index + 1, &mut outbox, observer);
        let env = service.tick.env;
        service.hosts[0].with_node(env, &mut service.outbox.lifecycle, happen);
        service.carry_out(0);
    }

    fn index_of(&self, id: PeerId) -> Option<usize> {
        self.hosts.index_of(id)
    }
}

#[cfg(test)]
mod tests;
