//! Ringside's protocol in whole worlds: it connects all peers from any connected start, keeps
//! connections, and costs less than the other presets. `docs/protocol.md` has the results of more seeds.

mod deviations;

use proptest::prelude::*;
use ringside_core::base::id::PeerId;
use ringside_core::base::time::Tick;
use ringside_core::config::knob::Setting;
use ringside_core::observe::metrics::{Shape, Tally};
use ringside_core::protocol::event::PeerStateKind;
use ringside_core::scenario::Scenario;
use ringside_core::sim::command::Command;
use ringside_core::sim::genesis::Contacts;
use ringside_core::sim::host::Host;
use ringside_core::sim::world::World;
use ringside_core::study::ensemble::Measure;
use ringside_core::study::simulation::Simulation;

fn scenario(preset: &str, seed: u64, rounds: u32, settings: &[&str]) -> Scenario {
    let mut scenario = Scenario::preset(preset).expect("a preset");
    (scenario.seed, scenario.rounds) = (seed, rounds);
    settings.iter().for_each(|text| scenario.with_setting(Setting::parse_text(text).expect("a setting")));
    scenario
}

/// Runs a scenario to its end.
pub(crate) fn run(preset: &str, seed: u64, rounds: u32, settings: &[&str]) -> Simulation {
    let mut run = Simulation::new(scenario(preset, seed, rounds, settings));
    run.run();
    run
}

pub(crate) fn read(run: &Simulation, measure: &str) -> f64 {
    let measure = Measure::by_name(measure).expect("a measure");
    measure.of(run).unwrap_or_else(|| panic!("{} is not defined", measure.name))
}

/// Mutual connections form one component, and nearly all connections are mutual.
fn assert_connected(shape: &Shape, case: &str) {
    let running = shape.running;
    assert_eq!(shape.mutual_components.count, 1, "{case}");
    assert!(shape.symmetric_share >= Some(0.97), "{case}: {:?}", shape.symmetric_share);
    let enough = (running / 2).min(8);
    assert!(shape.degrees.mutual.min >= enough, "{case}: {:?}", shape.degrees.mutual);
}

#[test]
fn all_peers_get_connected_from_every_topology() {
    for topology in ["chain", "star", "random", "local-knowledge", "ring", "fully-known"] {
        for seed in 1..=3 {
            let topology = format!("genesis.topology={topology}");
            let settings = [topology.as_str(), "genesis.peers=20", "genesis.neighbors=3"];
            let run = run("improved", seed, 100, &settings);
            let shape = run.shape();
            assert_connected(&shape, &format!("{topology}, seed {seed}"));
            assert!(shape.locality.leaf_set_coverage > Some(0.8), "{topology}: {:?}", shape.locality);
            assert_eq!(run.metrics().first_connected.share, Some(1.0));
        }
    }
}

/// A weakly connected graph of contacts: for each peer but the first an edge from or to an earlier one,
/// and more edges.
#[derive(Clone, Debug)]
struct ContactGraph {
    tree: Vec<(prop::sample::Index, bool)>,
    more: Vec<(prop::sample::Index, prop::sample::Index)>,
}

impl ContactGraph {
    /// The contacts of a peer, all by index.
    fn of(&self, me: usize) -> Vec<usize> {
        let tree = (1..).zip(&self.tree).map(|(child, (parent, leads_up))| {
            let parent = parent.index(child);
            if *leads_up { (child, parent) } else { (parent, child) }
        });
        let peers = self.tree.len() + 1;
        let more = self.more.iter().map(|(from, to)| (from.index(peers), to.index(peers)));
        tree.chain(more).filter(|(from, to)| *from == me && from != to).map(|(_, to)| to).collect()
    }
}

fn contact_graph() -> impl Strategy<Value = ContactGraph> {
    let tree = prop::collection::vec(any::<(prop::sample::Index, bool)>(), 5..24);
    (tree, prop::collection::vec(any::<(prop::sample::Index, prop::sample::Index)>(), 0..10))
        .prop_map(|(tree, more)| ContactGraph { tree, more })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn all_peers_get_connected_from_any_connected_graph(graph in contact_graph(), seed: u64) {
        let peers = format!("genesis.peers={}", graph.tree.len() + 1);
        let config = scenario("improved", seed, 1, &[&peers]).config;
        let contacts = |initial_peers: &[PeerId], me: PeerId| -> Contacts {
            let index = initial_peers.iter().position(|peer| *peer == me).expect("an initial peer");
            graph.of(index).into_iter().map(|other| (initial_peers[other], PeerStateKind::Identified)).collect()
        };
        let mut tally = Tally::default();
        let mut world = World::with_acquaintances(seed, config, contacts, &mut tally);
        let first: usize = world.hosts().iter().map(|host| host.node().peers().iter().count()).sum();
        prop_assert!(first >= graph.tree.len() && first <= graph.tree.len() + graph.more.len());
        world.run_until(Tick(200), &mut tally);
        assert_connected(&Shape::of(&world), "after 200 rounds");
    }
}

/// Checks a world without faults every thousand rounds. `closed` is the least share of ring neighbours that
/// are mutually Connected.
fn stays_healthy(peers: &str, rounds: u32, closed: f64) {
    let mut run = Simulation::new(scenario("improved", 1, rounds, &[peers]));
    for round in (1_000..=u64::from(rounds)).step_by(1_000) {
        run.run_until(Tick(round));
        let shape = run.shape();
        assert_connected(&shape, &format!("{peers}, round {round}"));
        assert!(shape.degrees.connected.min >= 15, "{peers}, round {round}: {:?}", shape.degrees.connected);
        assert!(shape.locality.closed_share >= Some(closed), "{peers}, round {round}: {:?}", shape.locality);
    }
    let metrics = run.metrics();
    assert!(read(&run, "messages_per_peer_round") < 2.0);
    assert!(metrics.recent.lost_share_per_round.unwrap_or(0.0) < 0.01, "{:?}", metrics.recent);
}

#[test]
fn a_healthy_world_stays_healthy() {
    stays_healthy("genesis.peers=30", 20_000, 1.0);
    stays_healthy("genesis.peers=300", 2_000, 0.99);
}

/// One of the three hundred pairs of neighbours cannot prove its storage to one another, and never connects.
#[test]
#[cfg_attr(debug_assertions, ignore = "takes minutes without optimization")]
fn a_healthy_world_of_three_hundred_peers_stays_healthy() {
    stays_healthy("genesis.peers=300", 20_000, 0.99);
}

#[test]
fn neighbours_get_connected_even_if_elections_never_confirm_them() {
    let closed = |seed, rule: &str| {
        let run = run("improved", seed, 1_000, &["genesis.topology=fully-known", rule]);
        (read(&run, "closed_share"), read(&run, "core_coverage"))
    };
    let with: Vec<_> = (1..=3).map(|seed| closed(seed, "peers.neighbors_by_proof=on")).collect();
    assert_eq!(with, [(1.0, 1.0); 3]);
    let without = (1..=3).map(|seed| closed(seed, "peers.neighbors_by_proof=off").1);
    assert!(without.clone().all(|core| core < 0.97), "{:?}", without.collect::<Vec<_>>());
}

#[test]
fn a_run_terminates_without_loss_and_delay_at_any_message_speed() {
    let quiet = ["network.loss=0", "network.delay=0", "network.latency_max=1"];
    let hasty = ["time.ticks_per_round=50", "network.same_round_delivery=on"];
    for settings in [&quiet[..], &[quiet.as_slice(), &hasty].concat()] {
        let run = run("improved", 1, 150, settings);
        assert_connected(&run.shape(), "without loss and delay");
        assert_eq!(run.metrics().rounds, 150);
        assert!(read(&run, "messages_per_peer_round") < 4.0, "{}", read(&run, "messages_per_peer_round"));
        assert_eq!(run.metrics().messages.lost, 0);
    }
}

#[test]
fn it_works_at_any_size() {
    for (peers, rounds) in [(5, 150), (10, 100), (100, 100), (1_000, 40)] {
        let peers = format!("genesis.peers={peers}");
        let run = run("improved", 1, rounds, &[&peers]);
        assert_eq!(run.shape().mutual_components.count, 1, "{peers}");
        assert!(read(&run, "closed_share") > 0.98, "{peers}: {}", read(&run, "closed_share"));
        assert!(read(&run, "symmetric_share") > 0.97, "{peers}: {}", read(&run, "symmetric_share"));
        // Most messages are sent at the start.
        let cost = read(&run, "messages_per_peer_round");
        assert!(cost < 8.0, "{peers}: {cost}");
        let connected = run.metrics().peers.connected;
        assert!(connected.max <= 24, "{peers}: {connected:?}");
    }
}

#[test]
fn it_costs_a_sixth_of_the_others_and_its_connections_are_more_often_mutual() {
    let ours = run("improved", 1, 150, &[]);
    for other in ["seed-000", "next", "as-claimed", "lifecycle-1"] {
        let theirs = run(other, 1, 150, &[]);
        let of = |measure| (read(&ours, measure), read(&theirs, measure));
        let (mine, theirs_cost) = of("messages_per_peer_round");
        assert!(mine * 6.0 < theirs_cost, "{other}: {mine} and {theirs_cost}");
        let (mine, theirs_share) = of("symmetric_share");
        assert!(mine >= theirs_share, "{other}: {mine} and {theirs_share}");
        let (mine, theirs_splits) = of("split_brains");
        assert!(mine <= theirs_splits && mine < 1.0, "{other}: {mine} and {theirs_splits}");
        // The shipped majority of a tenth rules split brains out.
        let can_split = ringside_core::base::ratio::Ratio::from_millionths(500_000);
        if theirs.scenario().config.election.majority_threshold > can_split {
            assert!(theirs_splits > 0.0, "{other}");
        }
    }
}

/// Eviction of the lowest id first.
#[test]
fn shipped_eviction_disfavours_low_ids() {
    let kept = |rule: &str| {
        let settings = ["genesis.peers=20", "peers.connected_budget=6", rule];
        let run = run("lifecycle-1", 1, 100, &settings);
        let hosts = run.world().hosts();
        let keepers = |host: &Host| {
            hosts
                .iter()
                .filter(|other| other.node().peers().kind_of(host.id()) == PeerStateKind::Connected)
                .count()
        };
        let (low, high) = hosts.split_at(hosts.len() / 2);
        [low, high].map(|half| half.iter().map(keepers).sum::<usize>())
    };
    let [low, high] = kept("peers.eviction=lowest-id");
    assert!(2 * low < high, "{low} and {high}");
    let [low, high] = kept("peers.eviction=random");
    assert!(2 * low > high && 2 * high > low, "{low} and {high}");
}

#[test]
fn every_connection_was_earned() {
    for preset in ["next", "as-claimed", "lifecycle-1", "improved"] {
        let run =
            run(preset, 1, 60, &["genesis.peers=15", "genesis.topology=ring", "genesis.connected_share=0"]);
        let metrics = run.metrics();
        let into_connected =
            metrics.transitions.iter().filter(|change| change.to == PeerStateKind::Connected);
        let mut count = 0;
        for change in into_connected {
            assert_eq!(change.from, PeerStateKind::Pending, "{preset}");
            assert_eq!(change.cause, ringside_core::protocol::event::Cause::Reciprocation, "{preset}");
            count += 1;
        }
        assert_eq!(count, 1, "{preset}: there is one transition to Connected");
    }
}

/// A world of twenty peers loses half of them without a goodbye. Returns the table entries about crashed
/// peers 850 rounds later: all, and those with an open invitation.
fn entries_of_crashed_peers(seed: u64, rule: &str) -> (usize, usize) {
    let mut run = Simulation::new(scenario("improved", seed, 1_000, &["genesis.peers=20", rule]));
    run.run_until(Tick(150));
    let gone: Vec<PeerId> = run.world().hosts().iter().map(Host::id).step_by(2).collect();
    gone.iter().for_each(|peer| run.inject(Command::Crash { peer: *peer }).expect("it runs"));
    run.run();
    let running = run.world().hosts().iter().filter(|host| host.is_running());
    let tables = running.map(|host| host.node().peers());
    let standings: Vec<PeerStateKind> =
        tables.flat_map(|table| gone.iter().map(|peer| table.kind_of(*peer))).collect();
    let count =
        |wanted: fn(PeerStateKind) -> bool| standings.iter().filter(|standing| wanted(**standing)).count();
    (
        count(|standing| standing != PeerStateKind::Unknown),
        count(|standing| standing == PeerStateKind::Pending),
    )
}

#[test]
fn crashed_peers_are_forgotten_if_unanswered_invitations_count_as_absences() {
    for seed in 1..=3 {
        let (known, invited) = entries_of_crashed_peers(seed, "peers.unanswered_is_absent=on");
        assert!(known <= 15 && invited <= 10, "of 100, seed {seed}: {known} known, {invited} invited");
        let (known, invited) = entries_of_crashed_peers(seed, "peers.unanswered_is_absent=off");
        assert!(known >= 60 && invited >= 50, "of 100, seed {seed}: {known} known, {invited} invited");
    }
}
