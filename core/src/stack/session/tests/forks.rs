//! Forks: halves of a cut network that both produce blocks, and which chain prevails.

use crate::base::time::Tick;
use crate::observe::metrics::SyncMetrics;
use crate::scenario::Scenario;
use crate::sim::command::{Command, TimedCommand};
use crate::study::simulation::Simulation;

/// Chains after a cut from second 120 on.
fn healed(settings: &[&str], peers: u32, cut_seconds: u64, seconds: u32) -> SyncMetrics {
    let peers = format!("genesis.peers={peers}");
    let common = [peers.as_str(), "sync.behind=0", "sync.forks=on", "sync.block_ms=20000"];
    let mut scenario = Scenario::with_settings("sessions", &[&common, settings].concat());
    scenario.seed = 1;
    scenario.rounds = seconds;
    let at = |second: u64, command| TimedCommand { at: Tick(second * super::SECOND), command };
    if cut_seconds > 0 {
        scenario.commands =
            vec![at(120, Command::CutHalves { salt: 2 }), at(120 + cut_seconds, Command::Heal)];
    }
    let mut run = Simulation::new(scenario);
    run.run();
    run.metrics().sync.unwrap()
}

#[test]
fn without_a_cut_there_is_no_fork_and_no_reorganisation() {
    let found = healed(&["network.loss=0.05", "network.reordering=0.1"], 8, 0, 600);
    assert_eq!((found.branches, found.forks, found.votes, found.reorganisations), (1, 0, 0, 0), "{found:?}");
    assert!(found.height_min > 2_500, "{found:?}");
}

#[test]
fn halves_fork_and_the_shorter_chain_gives_way() {
    let cut = healed(&[], 24, 600, 720);
    assert_eq!((cut.branches, cut.reorganisations), (2, 0), "{cut:?}");
    let found = healed(&[], 24, 600, 1_200);
    assert_eq!((found.branches, found.height_min), (1, found.height_max), "{found:?}");
    assert!(found.reorganisations > 0 && found.deepest <= 100 && found.refused == 0, "{found:?}");
    assert_eq!(found.blocks_produced + 1, found.slots, "sessions are too young for the first slot alone");
}

/// Peers that leave after half a second take the evidence of the fork along, unless tips are cached.
#[test]
fn a_cache_of_tips_heals_what_peers_that_leave_would_hide() {
    let leaving = ["sync.leave_ms=500"];
    let erased = healed(&[&leaving[..], &["sync.tip_cache_s=0"]].concat(), 24, 600, 1_800);
    assert_eq!((erased.branches, erased.reorganisations), (2, 0), "{erased:?}");
    let cached = healed(&leaving, 24, 600, 1_800);
    assert_eq!(cached.branches, 1, "{cached:?}");
    assert!(cached.reorganisations > 0, "{cached:?}");
}

#[test]
fn deep_forks_are_searched_in_steps_and_those_above_a_thousand_blocks_are_refused() {
    // After a long cut the back-off of the preset would not dial for longer than the test lasts.
    let fast = ["sync.block_ms=1000", "session.backoff=doubling"];
    let deep = healed(&fast, 10, 400, 1_200);
    assert_eq!((deep.branches, deep.refused), (1, 0), "{deep:?}");
    assert!(deep.deepest > 101, "{deep:?}");
    let deeper = healed(&fast, 10, 2_600, 3_200);
    assert_eq!((deeper.branches, deeper.reorganisations), (2, 0), "{deeper:?}");
    assert!(deeper.refused > 0, "{deeper:?}");
}

/// Without a check of the genesis block a host may seek a chain that shares no block with its own.
#[test]
fn no_reorganisation_replaces_the_genesis_block() {
    let found = healed(&["sync.foreign=3", "sync.genesis=none", "sync.block_ms=5000"], 4, 0, 600);
    assert!(found.refused > 0 && found.reorganisations == 0, "{found:?}");
    assert!(found.height_max < 3_000, "{found:?}");
}

/// Hosts with another genesis block tell their tips before that is known.
#[test]
fn a_chain_with_another_genesis_block_is_no_fork() {
    for check in ["sync.genesis=lenient", "sync.genesis=strict"] {
        let found = healed(&["sync.foreign=2", "sync.tip_cache_s=3600", check], 8, 0, 900);
        assert_eq!((found.votes, found.reorganisations), (0, 0), "{check} {found:?}");
        assert!(found.height_max > 2_500, "{check} {found:?}");
    }
}
