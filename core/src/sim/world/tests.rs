//! Tests of the loop: order within a tick, random streams, and layers of hosts.

use std::cmp::Reverse;

use super::*;
use crate::base::digest::Digest;
use crate::base::id::Ticket;
use crate::config::RestartIdentity;
use crate::config::knob::Setting;
use crate::observe::metrics::Tally;
use crate::protocol::event::PeerStateKind;
use crate::protocol::event::{LifecycleEvent, Rejection};
use crate::protocol::message::{Mapping, Message, PROOF_SIZE, Proof};
use crate::protocol::token::Rank;
use crate::scenario::Scenario;
use crate::sim::command::Command;
use crate::sim::network::arrival_order;
use crate::stack::address::Address;
use crate::stack::layers::LayerId;
use crate::stack::probe::{INTERVAL, Probe};

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
        world.network.enqueue(packet, sent, None);
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
    while let Some(next) = world.next_event().filter(|next| *next < end) {
        world.now = next;
        let mut day = world.network.open(world.now);
        let shards = 0..world.network.shards();
        shards.for_each(|shard| world.network.take(&mut day, shard, &mut scratch.due));
        world.network.close(day);
        scratch.due.sort_unstable_by_key(|packet| {
            let order = world.config.network.arrival_order;
            let (to, rank, from, seq) = arrival_order(&world.directory, order, world.now, packet);
            (Reverse(to), rank, from, seq)
        });
        let all = 0..world.hosts.len();
        let arrived = world.service(all, &mut scratch.outbox, tally).deliver(&mut scratch.due);
        world.note_arrivals(arrived);
        if world.clock().next_turn(world.now) == world.now {
            world.churn(tally);
            let all = 0..world.hosts.len();
            let mut service = world.service(all.clone(), &mut scratch.outbox, tally);
            all.rev().for_each(|index| service.take_turn(index));
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
        ("seed-000", &["network.arrival_order=hash"], Tick(1_500)),
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
    // In the first turn no peer knows the newcomer yet.
    few.run_until(Tick(1), &mut tally);
    more.run_until(Tick(1), &mut tally);
    for host in few.hosts.iter() {
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

/// A world of hosts that run the probe alone, at one tick a millisecond.
fn probing(hosts: u32) -> World {
    let mut scenario = Scenario::preset("improved").unwrap();
    let hosts = format!("genesis.peers={hosts}");
    let layers = ["stack.lifecycle=off", "time.tick_ms=77", "time.ticks_per_round=1000", "tokens.total=1000"];
    let links =
        ["network.latency_max=1", "network.loss=0", "network.delay=0", "network.same_round_delivery=on"];
    for text in [hosts.as_str()].iter().chain(&layers).chain(&links) {
        scenario.with_setting(Setting::parse_text(text).unwrap());
    }
    World::new(7, scenario.config, &mut Tally::default())
}

fn probe(world: &World, index: usize) -> &Probe {
    world.hosts[index].stack().lower().unwrap().layers.probe.get().unwrap()
}

/// Runs to a tick and counts the ticks in which anything was done.
fn run_counting(world: &mut World, end: Tick, tally: &mut Tally) -> usize {
    let mut ticks = 0;
    while let Some(mut progress) = world.begin(end, tally) {
        ticks += 1;
        while let Some(rest) = world.step(&Sequential, progress, tally) {
            progress = rest;
        }
    }
    ticks
}

#[test]
fn a_day_of_timers_costs_what_its_events_cost() {
    let (mut world, mut tally) = (probing(3), Tally::default());
    let day = Tick(24 * 3_600 * 1_000);
    let ticks = run_counting(&mut world, day, &mut tally);
    let beats = day.0 / INTERVAL;
    // All beats of an instant share a tick, and so do their arrivals; the last instant is the end itself.
    assert!(ticks as u64 <= 2 * beats, "{ticks} ticks for {beats} beats");
    let counts = tally.packets(LayerId::Probe);
    assert_eq!(counts.sent[0], 3 * (beats - 1));
    assert_eq!(tally.counters(LayerId::Probe)[0], counts.delivered);
    assert_eq!(tally.packets(LayerId::Lifecycle).total(), 0, "a layer that is off sends nothing");
    assert_eq!((counts.unaccounted(), world.network.in_flight()), (Some(0), 0));
}

#[test]
fn a_timer_goes_by_the_local_clock() {
    let mut world = probing(2);
    let peer = world.hosts[0].id();
    world.apply(Command::Drift { peer, rate: 2_000 }, &mut Tally::default()).unwrap();
    world.run_until(Tick(10 * INTERVAL + 1), &mut Tally::default());
    assert_eq!((probe(&world, 0).sent, probe(&world, 1).sent), (19, 10), "the first deadline was set before");
    let due = &probe(&world, 0).due;
    assert!(due.windows(2).all(|pair| pair[1] - pair[0] == INTERVAL), "{due:?}");
}

#[test]
fn a_timer_that_falls_due_in_a_crash_rings_on_return_and_one_in_a_pause_on_resumption() {
    for (stop, go_on) in [
        (|peer| Command::Crash { peer }, (|peer| Command::Return { peer }) as fn(PeerId) -> Command),
        (|peer| Command::Pause { peer }, |peer| Command::Resume { peer }),
    ] as [(fn(PeerId) -> Command, fn(PeerId) -> Command); 2]
    {
        let (mut world, mut tally) = (probing(2), Tally::default());
        let peer = world.hosts[0].id();
        world.run_until(Tick(INTERVAL - 1), &mut tally);
        world.apply(stop(peer), &mut tally).unwrap();
        world.run_until(Tick(3 * INTERVAL), &mut tally);
        assert_eq!((probe(&world, 0).sent, probe(&world, 1).sent), (0, 2));
        world.apply(go_on(peer), &mut tally).unwrap();
        world.run_until(Tick(3 * INTERVAL + 1), &mut tally);
        assert_eq!(probe(&world, 0).due, [3 * INTERVAL]);
    }
}

#[test]
fn a_restart_loses_memory_and_keeps_the_disk() {
    let (mut world, mut tally) = (probing(3), Tally::default());
    world.run_until(Tick(10 * INTERVAL + 2), &mut tally);
    let received = probe(&world, 1).received;
    assert!(received > 0 && probe(&world, 1).sent > 0);
    let peer = world.hosts[1].id();
    world.apply(Command::Restart { peer, identity: RestartIdentity::Keep }, &mut tally).unwrap();
    assert_eq!((probe(&world, 1).sent, probe(&world, 1).received), (0, received), "the count is on the disk");
    assert_eq!(tally.restarts(), 1);
    world.apply(Command::Restart { peer, identity: RestartIdentity::New }, &mut tally).unwrap();
    assert!(world.host(peer).is_none());
    assert_eq!(world.hosts.len(), 3);
    let counts: Vec<u64> = (0..3).map(|index| probe(&world, index).received).collect();
    assert!(counts.contains(&received), "the disk goes with the host: {counts:?}");
    world.run_until(Tick(12 * INTERVAL), &mut tally);
    assert_eq!(tally.packets(LayerId::Probe).unaccounted(), Some(world.network.in_flight() as u64));
}

#[test]
fn a_restarted_peer_is_a_newcomer_that_others_may_know() {
    let mut tally = Tally::default();
    let mut world = world("improved", &mut tally);
    world.run_until(Tick(80), &mut tally);
    let peer = world.hosts[4].id();
    let known_before = world.hosts[4].node().peers().len();
    assert!(known_before > 3);
    world.apply(Command::Restart { peer, identity: RestartIdentity::Keep }, &mut tally).unwrap();
    let contacts = world.config.genesis.join_contacts as usize;
    assert_eq!(world.hosts[4].node().peers().len(), contacts);
    let knows = |host: &Host| host.node().peers().iter().any(|(known, _)| known == peer);
    assert!(world.hosts.iter().any(knows));
    world.run_until(Tick(200), &mut tally);
    assert!(world.hosts[4].node().peers().count(PeerStateKind::Connected) > 0, "it comes back");
}

#[test]
fn packets_go_to_addresses_and_follow_a_host_that_moves() {
    let (mut world, mut tally) = (probing(3), Tally::default());
    let ids: Vec<PeerId> = world.hosts.iter().map(Host::id).collect();
    let addresses: Vec<Address> = (0..3).map(|host| Address::ip(0x0a00_0001 + host, 24_100)).collect();
    world.change_directory(|directory| {
        for (id, address) in ids.iter().zip(&addresses) {
            directory.bind(*address, *id).unwrap();
        }
    });
    let aim = |world: &mut World, target| {
        let layers = &mut world.hosts[0].stack_mut().lower_mut().unwrap().layers;
        layers.probe.get_mut().unwrap().target = target;
    };
    aim(&mut world, Some(addresses[1]));
    world.run_until(Tick(INTERVAL + 2), &mut tally);
    assert_eq!(probe(&world, 1).received, 1);
    // The address moves to the third host while a packet is under way.
    world.run_until(Tick(2 * INTERVAL + 1), &mut tally);
    assert_eq!(world.network.in_flight(), 3);
    world.change_directory(|directory| {
        directory.unbind(addresses[1]);
        directory.bind(addresses[1], ids[2]).unwrap();
    });
    world.run_until(Tick(2 * INTERVAL + 3), &mut tally);
    assert_eq!((probe(&world, 1).received, probe(&world, 2).received), (1, 1));
    world.change_directory(|directory| directory.unbind(addresses[1]));
    world.run_until(Tick(3 * INTERVAL + 3), &mut tally);
    assert_eq!(
        tally.packets(LayerId::Probe).undeliverable,
        1 + 3 * 2,
        "the others aim at ids, which are no addresses now"
    );
}

#[test]
fn layers_are_part_of_a_fingerprint_only_if_they_are_on() {
    let mut world = probing(2);
    world.run_until(Tick(INTERVAL + 5), &mut Tally::default());
    let before = world.fingerprint();
    let layers = &mut world.hosts[0].stack_mut().lower_mut().unwrap().layers;
    layers.probe.get_mut().unwrap().received += 1;
    assert_ne!(world.fingerprint(), before);
    let mut plain = self::world("improved", &mut Tally::default());
    plain.run_until(Tick(5), &mut Tally::default());
    assert!(plain.hosts.iter().all(|host| host.stack().lower().is_none() && host.disk().is_none()));
}

#[test]
fn overlapping_packets_of_a_shared_medium_are_lost_and_counted() {
    let run = |airtime: &str| {
        let mut tally = Tally::default();
        let mut world = world_with("improved", &[airtime], &mut tally);
        world.run_until(Tick(120), &mut tally);
        let counts = *tally.packets(LayerId::Lifecycle);
        assert_eq!(counts.unaccounted(), Some(world.network.in_flight() as u64));
        (counts.collided, counts.total(), world.fingerprint())
    };
    let (none, _, _) = run("network.airtime=0");
    let (some, sent, fingerprint) = run("network.airtime=2");
    assert_eq!(none, 0);
    assert!(some > sent / 20, "{some} of {sent} collided");
    assert_eq!(run("network.airtime=2").2, fingerprint);
}
