//! Whole worlds: what holds in every one of them, and what interventions bring about.

use proptest::prelude::*;
use ringside_core::base::id::PeerId;
use ringside_core::base::ring::Arc;
use ringside_core::base::time::Tick;
use ringside_core::config::knob::Setting;
use ringside_core::observe::metrics::Metrics;
use ringside_core::protocol::message::MessageKind;
use ringside_core::scenario::Scenario;
use ringside_core::sim::command::Command;
use ringside_core::sim::host::Host;
use ringside_core::study::simulation::Simulation;
use ringside_tests::scenario;

fn small(preset: &str, seed: u64) -> Simulation {
    let mut scenario = Scenario::preset(preset).expect("a preset");
    scenario.seed = seed;
    for text in ["genesis.peers=12", "tokens.total=20000"] {
        scenario.with_setting(Setting::parse_text(text).expect("a setting"));
    }
    Simulation::new(scenario)
}

fn assert_balanced(metrics: &Metrics) {
    let sent = metrics.messages;
    assert_eq!(sent.total, MessageKind::ALL.iter().map(|kind| sent.sent(*kind)).sum::<u64>());
    assert_eq!(
        sent.total + sent.duplicated,
        sent.delivered
            + sent.lost
            + sent.undeliverable
            + sent.cut
            + sent.overload
            + sent.collided
            + sent.in_flight,
        "every message is delivered, dropped or in flight"
    );
    let elections = metrics.elections;
    assert!(elections.completed + elections.timed_out + elections.split_abandoned <= elections.started);
}

/// The largest capacity that is ever in force here.
const SAMPLE_CAPACITY: usize = 1_000;

fn assert_sound(run: &Simulation) {
    assert_balanced(&run.metrics());
    for host in run.world().hosts() {
        let peers = host.node().peers();
        assert!(peers.iter().all(|(peer, _)| peer != host.id()), "nobody knows itself");
        // A capacity that was lowered holds from the peer's next turn on.
        assert!(host.node().samples().len() <= SAMPLE_CAPACITY);
        let counted: u32 = [1, 2, 3]
            .map(|standing| peers.iter().filter(|(_, state)| state.kind() as u32 == standing).count())
            .iter()
            .map(|count| u32::try_from(*count).expect("few"))
            .sum();
        assert_eq!(counted as usize, peers.iter().count());
    }
}

/// An intervention in a small world; peers are named by their place.
#[derive(Clone, Debug)]
enum Intervention {
    Join(u32),
    Leave(usize),
    Crash(usize),
    Return(usize),
    Cut(u64, u64),
    Heal,
    Set(&'static str),
    Wait(u64),
}

fn intervention() -> impl Strategy<Value = Intervention> {
    let settings = vec![
        "network.loss=0",
        "network.loss=1",
        "network.delay=0.9",
        "network.delay=0",
        "network.latency_max=40",
        "election.per_round=0",
        "election.per_round=9",
        "election.majority_threshold=0.9",
        "peers.sample_capacity=3",
        "peers.identified_capacity=2",
        "peers.connected_budget=2",
        "peers.distance_pruning=on",
        "peers.prune_protection_rounds=0",
        "tokens.search=one-way-spill",
        "election.referrals=unbounded",
        "peers.invitations=mute",
        "election.agenda=needs",
        "election.first_hops=hybrid",
        "routing.strategy=broadcast",
        "routing.strategy=greedy",
        "routing.answers=retrace",
        "peers.core_neighbors=2",
        "peers.eviction=redundant",
        "peers.handshake=on",
    ];
    prop_oneof![
        (1..4_u32).prop_map(Intervention::Join),
        (0..14_usize).prop_map(Intervention::Leave),
        (0..14_usize).prop_map(Intervention::Crash),
        (0..14_usize).prop_map(Intervention::Return),
        (any::<u64>(), any::<u64>()).prop_map(|(from, to)| Intervention::Cut(from, to)),
        Just(Intervention::Heal),
        prop::sample::select(settings).prop_map(Intervention::Set),
        (1..120_u64).prop_map(Intervention::Wait),
    ]
}

fn carry_out(run: &mut Simulation, intervention: &Intervention) {
    let peer = |place: usize| run.world().hosts().get(place).map_or(PeerId::new(5), Host::id);
    let command = match *intervention {
        Intervention::Wait(ticks) => return run.tick(ticks),
        Intervention::Join(count) => Command::Join { count },
        Intervention::Leave(place) => Command::Leave { peer: peer(place) },
        Intervention::Crash(place) => Command::Crash { peer: peer(place) },
        Intervention::Return(place) => Command::Return { peer: peer(place) },
        Intervention::Cut(from, to) => Command::Cut { arc: Arc { from, to } },
        Intervention::Heal => Command::Heal,
        Intervention::Set(text) => Command::Set(Setting::parse_text(text).expect("a setting")),
    };
    let before = run.fingerprint();
    if run.inject(command).is_err() {
        assert_eq!(run.fingerprint(), before, "a refused command changes nothing");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn any_interventions_leave_a_sound_world_that_its_link_reproduces(
        preset in prop::sample::select(vec!["seed-000", "next", "as-claimed", "lifecycle-1", "improved"]),
        seed: u64,
        interventions in prop::collection::vec(intervention(), 1..14),
    ) {
        let mut run = small(preset, seed);
        for intervention in &interventions {
            carry_out(&mut run, intervention);
            assert_sound(&run);
        }
        let link = run.link().expect("a short run has a link");
        let mut again = Simulation::open(&link).expect("the link opens");
        again.run_until(run.now());
        prop_assert_eq!(again.fingerprint(), run.fingerprint());
        prop_assert_eq!(again.metrics(), run.metrics());
    }
}

#[test]
fn the_lifecycle_brings_peers_from_heard_of_to_connected() {
    let mut run = small("lifecycle-1", 1);
    assert_eq!(run.metrics().peers.connected.max, 0);
    run.run_until(Tick(100));
    let connected = run.metrics().peers.connected;
    assert!(connected.min >= 8, "of eleven others: {connected:?}");
}

#[test]
fn a_cut_stops_messages_until_it_heals() {
    let mut run = small("lifecycle-1", 2);
    run.run_until(Tick(50));
    let half = Arc { from: 0, to: 1 << 63 };
    run.inject(Command::Cut { arc: half }).expect("a cut");
    run.run_until(Tick(60));
    let stopped = run.metrics().messages.cut;
    assert!(stopped > 100, "{stopped}");
    run.inject(Command::Heal).expect("a healing");
    run.run_until(Tick(80));
    assert_eq!(run.metrics().messages.cut, stopped);
}

#[test]
fn a_cut_that_lasts_severs_connections_and_healing_restores_them() {
    let mut run = small("lifecycle-1", 3);
    run.run_until(Tick(100));
    let arc = Arc { from: 0, to: 1 << 63 };
    let across = |run: &Simulation| {
        let crossing = |host: &Host| {
            let connected =
                host.node().peers().of_kind(ringside_core::protocol::event::PeerStateKind::Connected);
            connected.filter(|peer| arc.contains(peer.get()) != arc.contains(host.id().get())).count()
        };
        run.world().hosts().iter().map(crossing).sum::<usize>()
    };
    assert!(across(&run) > 10);
    run.inject(Command::Cut { arc }).expect("a cut");
    run.run_until(Tick(300));
    assert_eq!(across(&run), 0, "connections across the cut fall silent and expire");
    run.inject(Command::Heal).expect("a healing");
    run.run_until(Tick(500));
    assert!(across(&run) > 10);
}

#[test]
fn a_crashed_peer_is_forgotten_and_returns_with_what_it_knew() {
    let mut run = small("lifecycle-1", 4);
    run.run_until(Tick(100));
    let peer = run.world().hosts()[5].id();
    let known = run.peer(peer).expect("it exists").known;
    let connected_to_it = |run: &Simulation| {
        let connected = |host: &&Host| {
            host.node().peers().kind_of(peer) == ringside_core::protocol::event::PeerStateKind::Connected
        };
        run.world().hosts().iter().filter(connected).count()
    };
    assert!(connected_to_it(&run) > 5);
    run.inject(Command::Crash { peer }).expect("a crash");
    run.run_until(Tick(260));
    assert_eq!(connected_to_it(&run), 0);
    assert_eq!(run.peer(peer).expect("it exists").known, known, "its state stays as it was");
    assert!(run.metrics().messages.undeliverable > 0);
    run.inject(Command::Return { peer }).expect("a return");
    run.run_until(Tick(420));
    assert!(connected_to_it(&run) > 5);
}

#[test]
fn newcomers_take_part() {
    let mut run = small("lifecycle-1", 5);
    run.run_until(Tick(50));
    run.inject(Command::Join { count: 3 }).expect("there is room");
    assert_eq!(run.metrics().peers.running, 15);
    run.run_until(Tick(200));
    assert!(run.metrics().peers.connected.min >= 8, "{:?}", run.metrics().peers.connected);
}

#[test]
fn commands_that_cannot_be_carried_out_say_why_and_change_nothing() {
    let mut run = small("lifecycle-1", 6);
    run.run_until(Tick(10));
    let before = run.fingerprint();
    let nobody = PeerId::new(5);
    let somebody = run.world().hosts()[0].id();
    let refusals = [
        (Command::Crash { peer: nobody }, "peer"),
        (Command::Return { peer: somebody }, "peer"),
        (Command::Join { count: 0 }, "count"),
        (Command::Join { count: 30_000 }, "count"),
        (Command::Cut { arc: Arc { from: 7, to: 7 } }, "to"),
    ];
    for (command, path) in refusals {
        let problem = run.inject(command).expect_err("it cannot be done");
        assert_eq!(problem.path, path);
        assert!(!problem.message.is_empty() && !problem.remedy.is_empty());
    }
    let genesis = Setting::parse_text("genesis.peers=50").expect("a setting");
    assert!(run.inject(Command::Set(genesis)).is_err());
    assert_eq!(run.fingerprint(), before);
    assert!(run.scenario().commands.is_empty());
}

#[test]
fn a_scheduled_command_that_cannot_be_carried_out_is_reported() {
    let mut run = Simulation::new(scenario(
        r#"{ "preset": "lifecycle-1", "commands": [{ "at": 3, "kind": "crash", "peer": "0000000000000005" }] }"#,
    ));
    run.run_until(Tick(5));
    let [refusal] = run.refused() else { panic!("{:?}", run.refused()) };
    assert_eq!((refusal.tick, refusal.problem.path.as_str()), (3, "commands[0].peer"));
}

#[test]
fn without_loss_and_delay_the_shipped_rules_come_to_an_end() {
    let mut run = small("seed-000", 1);
    for text in ["network.loss=0", "network.delay=0"] {
        run.inject(Command::Set(Setting::parse_text(text).expect("a setting"))).expect("live");
    }
    run.run_until(Tick(20 * 50));
    assert_balanced(&run.metrics());
    assert_eq!(run.metrics().rounds, 20);
}

#[test]
fn loss_that_is_certain_loses_everything() {
    let mut run = small("lifecycle-1", 1);
    run.inject(Command::Set(Setting::parse_text("network.loss=1").expect("a setting"))).expect("live");
    run.run_until(Tick(30));
    let messages = run.metrics().messages;
    assert_eq!((messages.delivered, messages.lost), (0, messages.total));
    assert!(messages.total > 0);
}

#[test]
fn the_history_holds_every_round_and_ends_with_the_counts() {
    let mut run = small("lifecycle-1", 1);
    run.run_until(Tick(40));
    let samples = run.history().samples();
    assert_eq!(samples.len(), 41);
    let last = samples.last().expect("a sample");
    assert_eq!(last.round.0, 40);
    assert_eq!(
        last.tally.messages(0).sent(MessageKind::Query),
        run.metrics().messages.sent(MessageKind::Query)
    );
    assert_eq!(last.peers, run.metrics().peers);
}
