//! The world: all peers, the network between them, and the one loop.
//!
//! ```text
//! deliveries due -> turns due -> links draw their link_rng -> facts for the observer
//! ```
//!
//! Nothing happens in a tick without a delivery or a turn, so that such ticks cost nothing. The order in which peers
//! are served within a tick cannot be observed: messages take at least one tick and are delivered in an order of their
//! own, and every peer has streams of chance of its own.
//!
//! This file has the loop; [`tick`] divides a tick into pieces, [`service`] serves peers one after another, [`executor`] side
//! by side, and [`prefetch_pipeline`] asks for the memory of those who come next; [`commands`] carries out what an operator demands, [`churn`] lets peers come and go on their own, and
//! [`fingerprint`] takes fingerprints.

mod prefetch_pipeline;
mod churn;
mod commands;
mod executor;
mod tick;
mod fingerprint;
mod service;

pub use self::executor::{Executor, Sequential};
pub(crate) use self::fingerprint::FingerprintBuilder;
pub(crate) use self::tick::TickProgress;

use std::ops::Range;
use std::sync::Arc as Shared;

use self::executor::WorkerBuffers;
use self::service::{ImmediateEffects, Service, TickContext};
use self::tick::shard_bits;
use crate::base::id::{BlockId, PeerId};
use crate::base::problem::Problem;
use crate::base::rng::{Purpose, Rng, mix};
use crate::base::time::{Clock, Round, Tick};
use crate::config::{Behavior, Config};
use crate::protocol::context::{Context, Outbox};
use crate::protocol::node::Node;
use crate::protocol::token::Universe;
use crate::sim::genesis::{self, Contacts};
use crate::sim::host::Host;
use crate::sim::network::{Directory, DropReason, Network, Route};
use crate::stack::adversary::Adversary;
use crate::stack::event::Event;
use crate::stack::kind::PacketKind;
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
    /// In ascending order of id.
    hosts: Vec<Host>,
    network: Network,
    /// The network's directory of addresses, for reading while the network changes.
    directory: Shared<Directory>,
    /// Newcomers so far.
    joined: u64,
    /// When the next peer arrives on its own, in thousandths of a round; none before the first is awaited.
    next_arrival: Option<u64>,
    /// All peers that are not honest, in ascending order.
    adversaries: Vec<PeerId>,
    /// Peers that are to come back on their own.
    awaited: usize,
    scratch: Scratch,
    /// Stands for all deliveries so far: two runs that ever differed in one have different traces.
    trace: u64,
}

/// Buffers that are filled and emptied in every tick: between ticks there is nothing in them.
#[derive(Debug, Default)]
struct Scratch {
    due: Vec<Packet>,
    order: Vec<u64>,
    outbox: Outbox,
    buffers: Vec<WorkerBuffers>,
}

impl Clone for Scratch {
    fn clone(&self) -> Self {
        Self::default()
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

    /// The world of a seed at tick 0, in which the first peers know others of your choice instead of those that the
    /// topology gives them: `known` is asked for each of them, and given all of them in ascending order.
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
        let hosts = initial_peers.iter().map(|id| Host::new(*id, seed, &config, &universe)).collect();
        let mut world = Self {
            seed,
            config,
            now: Tick(0),
            universe: Shared::new(universe),
            hosts,
            network: Network::with_shard_bits(shard_bits(initial_peers.len())),
            directory: Shared::default(),
            joined: 0,
            next_arrival: None,
            adversaries: Vec::new(),
            awaited: 0,
            scratch: Scratch::default(),
            trace: mix(seed),
        };
        world.assign_adversaries(&initial_peers);
        for (place, id) in initial_peers.iter().enumerate() {
            world.introduce(place, &known(&initial_peers, *id), observer);
        }
        world
    }

    /// Makes adversaries of a share of the first peers.
    fn assign_adversaries(&mut self, initial_peers: &[PeerId]) {
        let config = self.config.adversary;
        let count = usize::try_from(config.share.of(initial_peers.len() as u64)).unwrap_or(usize::MAX);
        let mut rng = Rng::stream(self.seed, Purpose::Adversaries, 0);
        for peer in rng.take_some(&mut initial_peers.to_vec(), count) {
            if let Some(place) = self.place(peer) {
                self.set_behavior(place, config.conduct, Round(config.from_round.into()));
            }
        }
    }

    /// Lets a peer behave like this from a round on.
    fn set_behavior(&mut self, place: usize, conduct: Behavior, since: Round) {
        let adversary = (conduct != Behavior::Honest).then(|| Adversary::new(conduct, since));
        self.hosts[place].set_adversary(adversary);
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
        self.place(id).map(|place| &self.hosts[place])
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

    /// Changes the directory of addresses. Packets in flight follow: they reach the hosts bound to their addresses now.
    pub fn change_directory<T>(&mut self, change: impl FnOnce(&mut Directory) -> T) -> T {
        let result = change(Shared::make_mut(&mut self.directory));
        self.network.set_directory(Shared::clone(&self.directory));
        result
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
        self.run_until_with(&Sequential, end, observer);
    }

    /// The same with the help of others: what comes of it does not depend on how many they are.
    pub fn run_until_with(&mut self, executor: &impl Executor, end: Tick, observer: &mut impl Observer) {
        while let Some(mut progress) = self.begin(end) {
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
        outbox: &'a mut Outbox,
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
        let effects = ImmediateEffects { round: tick.env.now, network: &mut self.network, observer };
        Service { tick, hosts: &mut self.hosts[places], outbox, effects }
    }

    fn introduce(&mut self, place: usize, known: &Contacts, observer: &mut impl Observer) {
        self.with_node(place, observer, |node, cx| {
            known.iter().for_each(|(peer, standing)| node.introduce(cx, *peer, *standing));
        });
    }

    /// Lets something happen to a peer that is no input of the protocol.
    fn with_node(
        &mut self,
        place: usize,
        observer: &mut impl Observer,
        happen: impl FnOnce(&mut Node, &mut Context<'_>),
    ) {
        let mut outbox = Outbox::default();
        let mut service = self.service(place..place + 1, &mut outbox, observer);
        let env = service.tick.env;
        service.hosts[0].with_context(env, service.outbox, happen);
        service.carry_out(0);
    }

    /// The place of a peer that exists.
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
}

#[cfg(test)]
mod tests {
    use std::cmp::Reverse;

    use super::*;
    use crate::base::digest::Digest;
    use crate::base::id::Ticket;
    use crate::config::knob::Setting;
    use crate::observe::metrics::Tally;
    use crate::protocol::event::{Event as LifecycleEvent, Rejection};
    use crate::protocol::message::{Mapping, Message, PROOF_SIZE, Proof};
    use crate::protocol::token::Rank;
    use crate::scenario::Scenario;
    use crate::sim::command::Command;
    use crate::sim::network::{Enqueued, LinkOutcome, delivery_order};
    use crate::stack::address::Address;

    fn world(preset: &str, tally: &mut Tally) -> World {
        world_with(preset, &[], tally)
    }

    fn world_with(preset: &str, settings: &[&str], tally: &mut Tally) -> World {
        let mut scenario = Scenario::preset(preset).unwrap();
        let small = ["genesis.peers=15", "tokens.total=20000", "network.latency_max=3"];
        for text in small.iter().chain(settings) {
            scenario.with_setting(Setting::parse_text(text).unwrap());
        }
        World::new(7, scenario.config, tally)
    }

    /// Keeps what peers state, and how many messages arrive.
    #[derive(Default)]
    struct Notes {
        events: Vec<Event>,
        delivered: usize,
    }

    impl Observer for Notes {
        fn on_event(&mut self, _: Round, _: PeerId, event: Event) {
            self.events.push(event);
        }

        fn on_sent(&mut self, _: PacketKind) {}

        fn on_duplicated(&mut self, _: PacketKind) {}

        fn on_delivered(&mut self, _: PacketKind) {
            self.delivered += 1;
        }

        fn on_dropped(&mut self, _: DropReason, _: Route, _: &Packet) {}
    }

    #[test]
    fn a_message_that_arrives_once_is_handled_once() {
        let settings = ["genesis.topology=isolated", "network.latency_max=1"];
        let mut world = world_with("improved", &settings, &mut Tally::default());
        let (from, to, sent) = (world.hosts[0].id(), world.hosts[1].id(), world.now);
        let mapping = Mapping { token: from.into(), block: BlockId::new(1) };
        let useless = Proof { answer: mapping, signature: [mapping; PROOF_SIZE] };
        let messages = [
            Message::Invitation { proof: useless.into(), is_reply: false },
            Message::Answer { ticket: Ticket::new(1), proof: useless.into(), relay: None },
            Message::Referral { token: from.into(), ticket: Ticket::new(1), suggested: [from; 2] },
        ];
        for (seq, message) in (0..).zip(messages) {
            let packet = Packet::between(from, to, seq, sent, message);
            assert_eq!(
                world.network.enqueue(packet, LinkOutcome::Arrives { due: sent, again: None }).ok(),
                Some(Enqueued::Once)
            );
        }
        let mut notes = Notes::default();
        world.run_until(Tick(1), &mut notes);
        let rejected = notes.events.into_iter().filter_map(|event| match event {
            Event::Lifecycle(LifecycleEvent::Rejected(rejection)) => Some(rejection),
            _ => None,
        });
        let expected = [Rejection::BadInvitation, Rejection::NoElection, Rejection::NoElection];
        assert_eq!((rejected.collect::<Vec<_>>(), notes.delivered), (expected.to_vec(), 3));
    }

    /// The loop of [`World::run_until`] with all peers served from the last to the first.
    fn run_backwards(world: &mut World, end: Tick, tally: &mut Tally) {
        let mut scratch = Scratch::default();
        while world.next_event() < end {
            world.now = world.next_event();
            let mut day = world.network.open(world.now);
            let shards = 0..world.network.shards();
            shards.for_each(|shard| world.network.take(&mut day, shard, &mut scratch.due));
            world.network.close(day);
            scratch.due.sort_unstable_by_key(|packet| {
                let (to, from, seq) = delivery_order(&world.directory, packet);
                (Reverse(to), from, seq)
            });
            let all = 0..world.hosts.len();
            let arrived = world.service(all, &mut scratch.outbox, tally).deliver(&mut scratch.due);
            world.note_arrivals(arrived);
            if world.clock().next_turn(world.now) == world.now {
                world.churn(tally);
                let all = 0..world.hosts.len();
                let mut service = world.service(all.clone(), &mut scratch.outbox, tally);
                all.rev().for_each(|place| service.take_turn(place));
            }
            world.now = Tick(world.now.0 + 1);
        }
        world.now = end;
    }

    #[test]
    fn the_order_in_which_peers_are_served_cannot_be_observed() {
        let broadcast = ["routing.strategy=broadcast", "routing.answers=retrace", "election.per_round=1"];
        let hybrid = ["routing.strategy=random-walk", "election.first_hops=hybrid", "peers.eviction=random"];
        for (preset, settings, end) in [
            ("seed-000", &[][..], Tick(1_500)),
            ("lifecycle-1", &[], Tick(60)),
            ("as-claimed", &[], Tick(60)),
            ("improved", &[], Tick(120)),
            ("improved", &broadcast, Tick(60)),
            ("improved", &hybrid, Tick(60)),
        ] {
            let (mut forth_tally, mut back_tally) = (Tally::default(), Tally::default());
            let mut forth = world_with(preset, settings, &mut forth_tally);
            let mut back = world_with(preset, settings, &mut back_tally);
            forth.run_until(end, &mut forth_tally);
            run_backwards(&mut back, end, &mut back_tally);
            assert_eq!(back.trace(), forth.trace(), "{preset}");
            assert_eq!(back.fingerprint(), forth.fingerprint(), "{preset}");
            assert_eq!(back_tally, forth_tally, "{preset}");
        }
    }

    #[test]
    fn block_0_is_for_the_ids_of_the_first_peers_alone_and_only_where_the_rule_says_so() {
        let nobody = BlockId::new(0);
        for (setting, expected) in [("tokens.zero_id_blocks=on", 15), ("tokens.zero_id_blocks=off", 0)] {
            let world = world_with("seed-000", &[setting], &mut Tally::default());
            let mappings = (0..world.universe.len()).map(|rank| world.universe.mapping(Rank(rank)));
            let empty: Vec<_> = mappings.filter(|mapping| mapping.block == nobody).collect();
            assert_eq!(empty.len(), expected);
            assert!(empty.iter().all(|mapping| world.host(mapping.token.as_peer()).is_some()));
        }
    }

    #[test]
    fn one_more_peer_does_not_change_the_luck_of_the_others() {
        let mut tally = Tally::default();
        let mut few = world("lifecycle-1", &mut tally);
        let mut more = few.clone();
        more.apply(Command::Join { count: 1 }, &mut tally).unwrap();
        let newcomer = more.hosts.iter().find(|host| few.host(host.id()).is_none()).unwrap().id();
        // In the first turn nobody has heard of the newcomer yet.
        few.run_until(Tick(1), &mut tally);
        more.run_until(Tick(1), &mut tally);
        for host in &few.hosts {
            let same = more.host(host.id()).unwrap();
            let digest_of = |host: &Host| {
                let mut digest = Digest::default();
                host.digest(&mut digest, few.universe());
                digest.finish()
            };
            assert_eq!(digest_of(same), digest_of(host));
        }
        assert!(more.network.iter().any(|(_, packet)| packet.from == Address::of(newcomer)));
    }

    #[test]
    fn an_address_that_crosses_the_origin_is_like_any_other() {
        let mut tally = Tally::default();
        let world = world("lifecycle-1", &mut tally);
        let ids: Vec<PeerId> = world.hosts.iter().map(Host::id).collect();
        let (first, last) = (ids[0], ids[ids.len() - 1]);
        let known: Vec<PeerId> = world.hosts[0].node().peers().iter().map(|(peer, _)| peer).collect();
        assert_eq!(known.len(), 4, "two neighbours on each side");
        assert!(known.contains(&last) && !known.contains(&first));
    }
}
