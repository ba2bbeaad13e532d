//! Tests of blocks in worlds: commits, defects as switches, conflicts, saboteurs and partitions.

mod fraud;

use crate::base::id::PeerId;
use crate::config::knob::Setting;
use crate::observe::metrics::BlockMetrics;
use crate::scenario::Scenario;
use crate::sim::command::{Command, TimedCommand};
use crate::study::simulation::Simulation;

/// A small world of a preset with blocks from round 30 to round 80.
fn scenario(preset: &str, settings: &[&str], rounds: u32) -> Scenario {
    let small = ["genesis.peers=48", "tokens.total=20000", "load.from_round=30", "load.until_round=80"];
    let all: Vec<&str> = small.iter().chain(settings).copied().collect();
    let mut scenario = Scenario::with_settings(preset, &all);
    scenario.rounds = rounds;
    scenario
}

fn run(preset: &str, settings: &[&str]) -> BlockMetrics {
    let mut run = Simulation::new(scenario(preset, settings, 130));
    run.run();
    run.metrics().blocks.expect("peers vote on blocks")
}

#[test]
fn blocks_commit_by_all_three_ways() {
    for spread in ["certificate", "push"] {
        let found = run("blocks", &[&format!("consensus.spread={spread}")]);
        assert_eq!(
            (found.submitted, found.committed, found.wrong_commits),
            (50, 50, 0),
            "{spread}: {found:?}"
        );
    }
    let shipped = run("blocks-shipped", &[]);
    assert!(shipped.committed >= 45, "{shipped:?}");
}

#[test]
fn certificates_take_less_time_and_fewer_messages_than_polling() {
    let (ours, shipped) = (run("blocks", &[]), run("blocks-shipped", &[]));
    assert!(ours.rounds.mean < shipped.rounds.mean, "{ours:?} {shipped:?}");
    assert!(ours.messages_per_commit < shipped.messages_per_commit);
    assert!(ours.rounds.p95.is_some_and(|rounds| rounds <= 11) && ours.messages_per_needed < Some(5.8));
}

#[test]
fn a_layer_that_is_off_leaves_no_trace() {
    let fingerprint = |settings: &[&str]| {
        let mut scenario = Scenario::with_settings("improved", settings);
        scenario.rounds = 20;
        let mut run = Simulation::new(scenario);
        run.run();
        run.world().fingerprint()
    };
    assert_eq!(fingerprint(&[]), fingerprint(&["load.blocks_per_1000_rounds=1000", "consensus.threshold=5"]));
    assert_ne!(fingerprint(&[]), fingerprint(&["consensus.enabled=on"]));
}

#[test]
fn forged_signatures_commit_only_where_parents_are_not_checked() {
    assert_eq!(run("blocks", &["load.forged_share=1"]).committed, 0);
    assert!(run("blocks", &["load.forged_share=1", "consensus.parents_checked=off"]).committed > 40);
}

#[test]
fn six_tokens_are_refused_by_an_error_of_the_original() {
    assert_eq!(run("blocks-shipped", &["load.tokens=6"]).committed, 0);
    assert!(run("blocks", &["load.tokens=6"]).committed > 40);
}

#[test]
fn of_conflicting_blocks_one_commits() {
    let found = run("blocks", &["load.conflict_share=1"]);
    assert_eq!((found.submitted, found.committed, found.blocked), (100, 50, 50), "{found:?}");
    assert_eq!((found.two_owners, found.wrong_commits, found.reorganisations), (0, 0, 0), "{found:?}");
    let unlocked = ["load.conflict_share=1", "consensus.locked_votes=off", "consensus.quorum=balance"];
    assert!(run("blocks", &unlocked).wrong_commits > 0);
}

#[test]
fn blocks_spend_blocks_and_create_tokens() {
    let chained = run("blocks", &["load.respend_share=0.5", "load.until_round=120"]);
    assert!(chained.committed + 5 >= chained.submitted - chained.pending, "{chained:?}");
    let created = run("blocks", &["load.create_share=1"]);
    assert!(created.committed > 40, "{created:?}");
}

#[test]
fn a_client_submits_a_block_by_command() {
    let mut scenario = scenario("blocks", &["load.blocks_per_1000_rounds=0"], 60);
    let peer = Simulation::new(scenario.clone()).world().hosts()[3].id();
    let at = crate::base::time::Tick(40);
    scenario.commands = vec![TimedCommand { at, command: Command::Submit { peer, tokens: 3, versions: 1 } }];
    let mut run = Simulation::new(scenario);
    run.run();
    let found = run.metrics().blocks.unwrap();
    assert_eq!((found.submitted, found.committed), (1, 1));
    let refused = Simulation::new(Scenario::with_settings("improved", &[]));
    let mut refused = refused;
    let peer = refused.world().hosts()[0].id();
    let problem = refused.inject(Command::Submit { peer, tokens: 1, versions: 1 }).unwrap_err();
    assert!(problem.to_string().contains("do not vote on blocks"), "{problem:?}");
}

/// A world whose halves are cut from one another while they commit, some time after it is whole again.
fn healed(settings: &[&str]) -> Simulation {
    let load = ["load.conflict_share=0.5", "load.until_round=230"];
    let mut scenario = scenario("blocks", &[&load, settings].concat(), 360);
    let ticks = u64::from(scenario.config.time.ticks_per_round);
    let at = |round: u64| crate::base::time::Tick(round * ticks);
    scenario.commands = vec![
        TimedCommand { at: at(50), command: Command::CutHalves { salt: 1 } },
        TimedCommand { at: at(230), command: Command::Heal },
    ];
    let mut run = Simulation::new(scenario);
    run.run();
    run
}

#[test]
fn tokens_that_both_halves_of_a_partition_have_spent_get_one_owner() {
    let repaired = healed(&[]);
    let found = repaired.metrics().blocks.unwrap();
    assert_eq!(found.two_owners, 0, "{found:?}");
    let (common, all) = crate::observe::block_view::agreement(repaired.world(), |_| true);
    assert_eq!(common, all);
    let unrepaired = healed(&["consensus.repair=off"]).metrics().blocks.unwrap();
    assert!(unrepaired.two_owners > 0, "{unrepaired:?}");
}

#[test]
fn saboteurs_do_not_make_two_owners() {
    for sabotage in ["refuse", "approve", "equivocate", "withhold", "flood", "forge-parents", "stale"] {
        let settings = [
            format!("consensus.sabotage={sabotage}"),
            "consensus.saboteurs=0.1".into(),
            "load.conflict_share=0.5".into(),
        ];
        let settings: Vec<&str> = settings.iter().map(String::as_str).collect();
        let found = run("blocks", &settings);
        // Of two certificates, a peer that tells two stories may decide one and give up the other.
        let most = u64::from(sabotage == "equivocate");
        assert!(found.two_owners <= most, "{sabotage}: {found:?}");
        assert!(found.committed >= 25, "{sabotage}: {found:?}");
    }
}

/// A world in which a client submits one block of three tokens: identities have arrived around a position,
/// and some peers are silent from the round before.
fn with_sybils(near: Option<PeerId>, silent: &[PeerId]) -> Simulation {
    let mut scenario = scenario("blocks", &["load.blocks_per_1000_rounds=0"], 160);
    let peer = Simulation::new(scenario.clone()).world().hosts()[3].id();
    let ticks = u64::from(scenario.config.time.ticks_per_round);
    let at = |round: u64| crate::base::time::Tick(round * ticks);
    let sybils = near.map(|near| {
        let conduct = crate::config::Behavior::Eclipser;
        TimedCommand { at: at(10), command: Command::Sybils { near, count: 16, conduct } }
    });
    let submit = TimedCommand { at: at(100), command: Command::Submit { peer, tokens: 3, versions: 1 } };
    let pauses =
        silent.iter().map(|peer| TimedCommand { at: at(99), command: Command::Pause { peer: *peer } });
    scenario.commands = sybils.into_iter().chain(pauses).chain([submit]).collect();
    let mut run = Simulation::new(scenario);
    run.run();
    run
}

/// The witnesses of a block are the peers around its id, which can be known before it is submitted.
#[test]
fn captured_witnesses_keep_a_block_undecided_by_silence_only() {
    let committed = |run: &Simulation| {
        let stores = crate::observe::block_view::layers(run.world()).map(|(_, layer)| layer.store());
        stores.flat_map(|store| store.iter().map(|block| block.id)).collect::<Vec<_>>()
    };
    let alone = with_sybils(None, &[]);
    let id = *committed(&alone).first().expect("the block commits");
    let near = PeerId::new(id.get());
    let captured = with_sybils(Some(near), &[]);
    let hosts = captured.world().hosts().iter();
    let sybils: Vec<PeerId> =
        hosts.filter(|host| host.adversary().is_some()).map(crate::sim::host::Host::id).collect();
    assert_eq!((sybils.len(), captured.metrics().blocks.unwrap().committed), (16, 1));
    let few = with_sybils(Some(near), &sybils[..4]).metrics().blocks.unwrap();
    assert_eq!((few.committed, few.pending), (1, 0), "{few:?}");
    let silent = with_sybils(Some(near), &sybils).metrics().blocks.unwrap();
    assert_eq!((silent.committed, silent.pending, silent.wrong_commits), (0, 1, 0), "{silent:?}");
}

#[test]
fn stale_voters_do_not_approve_of_blocks_that_spend_committed_ones() {
    let load = ["load.respend_share=0.5", "load.until_round=110"];
    let all_stale = [&load[..], &["consensus.saboteurs=1", "consensus.sabotage=stale"]].concat();
    let (honest, stale) = (run("blocks", &load), run("blocks", &all_stale));
    assert_eq!((honest.pending, honest.committed), (0, honest.submitted), "{honest:?}");
    assert!(stale.pending > 5 && stale.committed + stale.pending == stale.submitted, "{stale:?}");
}

/// Blocks that honest peers have committed under an id that is not the hash of their content.
fn forgeries(content_checked: &str) -> usize {
    let settings = [
        "consensus.sabotage=forge-parents",
        "consensus.saboteurs=0.3",
        "load.respend_share=0.5",
        "network.loss=0.1",
        content_checked,
    ];
    let mut run = Simulation::new(scenario("blocks", &settings, 130));
    run.run();
    let stores = crate::observe::block_view::layers(run.world()).map(|(_, layer)| layer.store());
    let is_forged = |block: &&std::sync::Arc<crate::protocol::block::Block>| {
        crate::protocol::block::Block::new(block.time, block.parts.clone()).id != block.id
    };
    stores.map(|store| store.iter().filter(is_forged).count()).sum()
}

#[test]
fn forged_parents_are_believed_only_where_content_is_not_checked() {
    assert_eq!(forgeries("consensus.content_checked=on"), 0);
    assert!(forgeries("consensus.content_checked=off") > 0);
}

#[test]
fn too_many_votes_of_a_sender_are_refused() {
    let settings = ["consensus.sabotage=flood", "consensus.saboteurs=0.3", "consensus.votes_max=3"];
    assert!(run("blocks", &settings).votes_refused > 0);
    assert_eq!(run("blocks", &[]).votes_refused, 0);
}

#[test]
fn committed_blocks_are_shown_by_proofs() {
    let mut run = Simulation::new(scenario("blocks", &[], 100));
    run.run();
    let world = run.world();
    let changed = world.hosts().iter().filter_map(|host| Some((host, host.token_set().overlay()?)));
    let (host, mapping) = changed
        .flat_map(|(host, overlay)| overlay.iter().map(move |(mapping, _)| (host, mapping)))
        .next()
        .expect("a commit changes what a peer stores");
    let rank = world.universe().rank_of(mapping.token).unwrap();
    assert_eq!(host.token_set().mapping(world.universe(), rank).block, mapping.block);
    assert_ne!(world.universe().mapping(rank).block, mapping.block);
}

#[test]
fn a_change_of_knobs_during_a_run_is_taken_up() {
    let mut run = Simulation::new(scenario("blocks", &[], 130));
    run.tick(50);
    let set = Command::Set(Setting::parse_text("consensus.parents_checked=off").unwrap());
    run.inject(set).unwrap();
    run.run();
    assert!(run.metrics().blocks.unwrap().committed > 45);
}
