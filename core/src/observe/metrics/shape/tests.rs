//! Graphs of which the right answer is obvious, and the shape of whole worlds.

use super::graph::Graph;
use super::*;
use crate::base::ring::{Arc, HALF};
use crate::config::knob::Setting;
use crate::scenario::Scenario;
use crate::sim::command::Command;
use crate::sim::host::Host;
use crate::study::simulation::Simulation;
use proptest::prelude::*;

/// Peers at even steps round the ring, with the ranks that they are connected with.
pub(super) fn graph(lists: &[Vec<usize>]) -> Graph {
    let step = (u64::MAX / (lists.len().max(1) as u64)).wrapping_add(1);
    Graph::new((0..lists.len() as u64).map(|rank| rank.wrapping_mul(step)).collect(), lists)
}

fn connected(peers: usize, is_connected: impl Fn(usize, usize) -> bool) -> Graph {
    let others = |rank| (0..peers).filter(|other| *other != rank && is_connected(rank, *other)).collect();
    graph(&(0..peers).map(others).collect::<Vec<_>>())
}

/// All peers with all others.
pub(super) fn full(peers: usize) -> Graph {
    connected(peers, |_, _| true)
}

/// Each peer with the next one on both sides.
pub(super) fn ring(peers: usize) -> Graph {
    connected(peers, |one, other| [1, peers - 1].contains(&one.abs_diff(other)))
}

/// Each peer with the first.
pub(super) fn star(peers: usize) -> Graph {
    connected(peers, |one, other| one == 0 || other == 0)
}

/// The first few with one another, and the others with one another.
pub(super) fn islands(peers: usize, few: usize) -> Graph {
    connected(peers, |one, other| (one < few) == (other < few))
}

/// Arbitrary positions and edges.
pub(super) fn any_graph() -> impl Strategy<Value = Graph> {
    let positions = prop::collection::btree_set(any::<u64>(), 0..24);
    (positions, any::<u64>()).prop_map(|(positions, seed)| {
        let peers = positions.len();
        let is_connected = |one: usize, other: usize| {
            one != other && crate::base::rng::mix(seed ^ (one * peers + other) as u64).is_multiple_of(3)
        };
        let others = |one| (0..peers).filter(|other| is_connected(one, *other)).collect();
        Graph::new(positions.into_iter().collect(), &(0..peers).map(others).collect::<Vec<_>>())
    })
}

#[track_caller]
pub(super) fn near(found: Option<f64>, expected: f64) {
    let found = found.expect("a number");
    assert!((found - expected).abs() < 1e-4, "{found} is not {expected}");
}

fn run(settings: &[&str], rounds: u64) -> Simulation {
    let mut scenario = Scenario::preset("lifecycle-1").unwrap();
    scenario.seed = 3;
    for text in settings {
        scenario.with_setting(Setting::parse_text(text).unwrap());
    }
    let mut run = Simulation::new(scenario);
    after(&mut run, rounds);
    run
}

fn after(run: &mut Simulation, rounds: u64) {
    run.tick(rounds * run.world().clock().ticks_per_round);
}

const SMALL: &[&str] = &["genesis.peers=24", "tokens.total=30000"];

#[test]
fn a_shape_agrees_with_the_peer_tables_of_its_world() {
    let run = run(SMALL, 60);
    let (shape, metrics) = (run.shape(), run.metrics());
    assert_eq!((shape.tick, shape.running as u64), (metrics.tick, metrics.peers.running));
    assert_eq!(shape.stale_edges, 0);
    let connected = metrics.peers.connected;
    assert_eq!(
        (shape.degrees.connected.min, shape.degrees.connected.max),
        (connected.min as usize, connected.max as usize)
    );
    assert!((shape.degrees.connected.mean - connected.avg).abs() < 1e-9);
    assert!(shape.edges > 0 && shape.symmetric_share > Some(0.5), "{shape:?}");
    assert_eq!(shape.mutual_components.count, 1);
}

#[test]
fn connections_with_peers_that_are_gone_are_stale_and_no_edges() {
    let mut run = run(SMALL, 60);
    let before = run.shape();
    let victim = run.world().hosts()[0].id();
    let had = run.world().hosts()[0].node().peers().count(crate::protocol::event::PeerStateKind::Connected)
        as usize;
    run.inject(Command::Crash { peer: victim }).unwrap();
    let shape = run.shape();
    assert_eq!(shape.running, before.running - 1);
    assert_eq!(shape.edges + shape.stale_edges + had, before.edges);
    assert!(shape.stale_edges > 0);
}

#[test]
fn a_lasting_cut_splits_the_graph_and_the_peers_notice() {
    let mut run = run(SMALL, 60);
    let whole = run.shape().partition;
    assert!(!whole.cut && !whole.split, "{whole:?}");
    assert!(whole.true_negatives > 20, "{whole:?}");
    run.inject(Command::Cut { arc: Arc { from: 0, to: HALF } }).unwrap();
    assert!(run.shape().partition.cut && !run.shape().partition.split, "connections time out later");
    let timeout = u64::from(run.world().config().peers.connection_timeout_rounds);
    after(&mut run, timeout + 5);
    let partitioned = run.shape();
    assert!(partitioned.partition.split, "{partitioned:?}");
    assert_eq!(partitioned.mutual_components.nontrivial, 2);
    assert!(partitioned.partition.true_positives > 12, "{:?}", partitioned.partition);
    assert_eq!(partitioned.partition.false_positives, 0);
}

#[test]
fn worlds_with_hardly_anybody_have_a_shape() {
    for peers in 1..4 {
        let setting = format!("genesis.peers={peers}");
        let mut run = run(&[&setting, "tokens.total=100"], 5);
        assert_eq!(run.shape().running, peers);
        let ids: Vec<_> = run.world().hosts().iter().map(Host::id).collect();
        ids.into_iter().for_each(|peer| run.inject(Command::Leave { peer }).unwrap());
        let nobody = run.shape();
        assert_eq!((nobody.running, nobody.mutual_components.count), (0, 0));
        assert_eq!(nobody.locality, Locality::default());
    }
}

proptest! {
    #[test]
    fn mutual_edges_come_in_pairs(graph in any_graph()) {
        prop_assert!(graph.mutual.len() <= graph.connected.len());
        prop_assert!(graph.mutual.iter().all(|(from, to)| graph.mutual.has(to, from)));
        let shares = Locality::of(&graph);
        for part in [shares.leaf_set_coverage, shares.closed_share, shares.gap_max, shares.locality, shares.strong_share] {
            prop_assert!((0.0..=1.0).contains(&part.unwrap_or(0.0)), "{:?}", shares);
        }
    }

    #[test]
    fn the_shape_turns_with_the_ring(graph in any_graph(), turn: u64) {
        // Ranks that a turn moves across the origin change, and nothing that is measured.
        let turned = graph.turned(turn);
        let near = |one: Option<f64>, other: Option<f64>| match (one, other) {
            (Some(one), Some(other)) => (one - other).abs() < 1e-9,
            (one, other) => one == other,
        };
        let (one, other) = (Locality::of(&graph), Locality::of(&turned));
        prop_assert!(near(one.leaf_set_coverage, other.leaf_set_coverage) && near(one.closed_share, other.closed_share));
        prop_assert!(near(one.gap_mean, other.gap_mean) && near(one.gap_max, other.gap_max));
        prop_assert!(near(one.locality, other.locality));
        prop_assert_eq!(Components::of(&graph, &graph.mutual), Components::of(&turned, &turned.mutual));
        prop_assert_eq!(Degrees::of(&graph), Degrees::of(&turned));
        let (one, other) = (Distances::in_rank(&graph), Distances::in_rank(&turned));
        prop_assert!(near(one.ks_gaussian, other.ks_gaussian) && near(one.ks_uniform, other.ks_uniform));
    }
}
