//! Tests of fraud in worlds: peers that answer with mappings older than their heads, restarts and partitions.

use super::scenario;
use crate::base::id::PeerId;
use crate::base::time::Tick;
use crate::config::RestartIdentity;
use crate::config::knob::Setting;
use crate::observe::block_view;
use crate::observe::metrics::BlockMetrics;
use crate::sim::command::{Command, TimedCommand};
use crate::stack::consensus::sabotage;
use crate::study::simulation::Simulation;

const WATCHED: &str = "consensus.fraud=mappings";
const LIARS: [&str; 2] = ["consensus.saboteurs=0.1", "consensus.sabotage=outdated"];

fn begin(settings: &[&str], rounds: u32) -> Simulation {
    Simulation::new(scenario("blocks", &[&["load.until_round=300"], settings].concat(), rounds))
}

fn run(settings: &[&str]) -> BlockMetrics {
    let mut run = begin(settings, 330);
    run.run();
    run.metrics().blocks.expect("peers vote on blocks")
}

#[test]
fn peers_that_answer_with_mappings_older_than_their_heads_are_convicted_by_all() {
    let found = run(&[&LIARS[..], &[WATCHED]].concat());
    assert_eq!((found.frauds.saboteurs, found.frauds.honest), (Some(1.0), 0), "{:?}", found.frauds);
    let unwatched = run(&LIARS);
    assert_eq!((unwatched.frauds.answers, unwatched.frauds.saboteurs), (0, Some(0.0)));
}

/// Rounds from the first conviction of each peer to that by the last of the other honest peers.
fn rounds_to_all(run: &mut Simulation) -> Vec<u64> {
    let mut first: Vec<(PeerId, u64)> = Vec::new();
    let mut spread: Vec<u64> = Vec::new();
    while run.now() < Tick(330) {
        run.tick(1);
        let rules = &run.world().config().consensus;
        let layers: Vec<_> = block_view::layers(run.world())
            .filter(|(peer, _)| sabotage::is_honest(rules, *peer))
            .map(|(_, layer)| layer.frauds())
            .collect();
        for peer in layers.iter().flat_map(|frauds| frauds.iter()) {
            if first.iter().all(|known| known.0 != *peer) {
                first.push((*peer, run.now().0));
            }
        }
        let is_common = |peer: &PeerId| layers.iter().all(|frauds| frauds.contains(peer));
        spread.extend(
            first
                .iter()
                .skip(spread.len())
                .take_while(|known| is_common(&known.0))
                .map(|known| run.now().0 - known.1),
        );
    }
    spread
}

#[test]
fn evidence_reaches_all_peers_within_a_few_rounds() {
    let mut run = begin(&[&LIARS[..], &[WATCHED]].concat(), 330);
    let spread = rounds_to_all(&mut run);
    assert!(spread.len() >= 3 && spread.iter().all(|rounds| *rounds <= 10), "{spread:?}");
}

#[test]
fn peers_that_restart_or_are_cut_off_are_not_convicted() {
    let mut scenario = scenario("blocks", &[WATCHED, "load.conflict_share=0.5", "load.until_round=300"], 400);
    let hosts = Simulation::new(scenario.clone());
    let peers: Vec<PeerId> = hosts.world().hosts().iter().map(crate::sim::host::Host::id).collect();
    let restarts = (0..120).map(|number| Command::Restart {
        peer: peers[number * 7 % peers.len()],
        identity: RestartIdentity::Keep,
    });
    let restarts = restarts.zip(40..).map(|(command, round)| (2 * round, command));
    let cut = [(100, Command::CutHalves { salt: 1 }), (230, Command::Heal)];
    scenario.commands =
        restarts.chain(cut).map(|(at, command)| TimedCommand { at: Tick(at), command }).collect();
    scenario.commands.sort_by_key(|timed| timed.at);
    let mut run = Simulation::new(scenario);
    run.run();
    let found = run.metrics().blocks.unwrap();
    assert_eq!((found.frauds.heads, found.frauds.answers), (0, 0), "{found:?}");
    assert!(found.committed > 50, "{found:?}");
}

#[test]
fn saboteurs_that_tell_the_truth_about_mappings_are_not_convicted() {
    for sabotage in ["refuse", "approve", "equivocate", "withhold", "flood", "forge-parents", "stale"] {
        let found = run(&[WATCHED, "consensus.saboteurs=0.1", &format!("consensus.sabotage={sabotage}")]);
        assert_eq!(found.frauds.answers, 0, "{sabotage}");
    }
}

/// With a published program that takes over parents without votes, and believes contents.
#[test]
fn honest_peers_of_the_published_rules_are_not_convicted() {
    let settings = [WATCHED, "consensus.heads=on", "load.respend_share=0.5", "network.loss=0.05"];
    let mut run = Simulation::new(scenario("blocks-shipped", &settings, 130));
    run.run();
    let found = run.metrics().blocks.unwrap();
    assert_eq!((found.frauds.heads, found.frauds.answers), (0, 0), "{found:?}");
}

/// All peers lie until round 62, in which they take up the rules: what they store stays outdated.
fn convictions_after_a_lie() -> (u64, u64) {
    let settings = [WATCHED, "consensus.saboteurs=1", LIARS[1], "load.until_round=62"];
    let mut run = Simulation::new(scenario("blocks", &settings, 330));
    run.tick(62);
    run.inject(Command::Set(Setting::parse_text("consensus.saboteurs=0").unwrap())).unwrap();
    run.tick(20);
    let found = |run: &Simulation| run.metrics().blocks.unwrap().frauds.answers;
    let before = found(&run);
    run.run();
    (before, found(&run))
}

#[test]
fn a_peer_that_cannot_answer_without_a_contradiction_states_no_head() {
    let (before, after) = convictions_after_a_lie();
    assert_eq!(before, after);
}

#[cfg(feature = "mutants")]
#[test]
fn with_a_head_it_would_be_convicted() {
    use crate::base::mutant::Mutant;
    let (before, after) = Mutant::ContradictionStated.during(convictions_after_a_lie);
    assert!(before < after, "{before} {after}");
}
