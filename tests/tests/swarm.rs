//! Small random worlds under faults, and after all faults are healed.

use std::thread;

use ringside_core::config::Sabotage;
use ringside_core::observe::invariant::{Property, PropertyKind};
use ringside_core::scenario::Scenario;
use ringside_core::sim::command::Command;
use ringside_core::study::simulation::Simulation;
use ringside_core::study::swarm::{FRAUD_SEEDS, Length, Report, SESSION_SEEDS, examine, generate, shrink};

/// Number of worlds of the lifecycle here; `ringside swarm` runs more.
const SEEDS: u64 = 300;
/// Number of worlds of sessions.
const SESSION_WORLDS: u64 = 40;
/// Number of worlds in which Answers are compared with heads.
const FRAUD_WORLDS: u64 = 60;

/// The reports of all worlds.
fn reports() -> Vec<Report> {
    let threads = thread::available_parallelism().map_or(1, usize::from);
    let seeds = || (0..SEEDS).chain(SESSION_SEEDS..SESSION_SEEDS + SESSION_WORLDS);
    let share = |first: usize| seeds().skip(first).step_by(threads).map(|seed| examine(seed, None));
    thread::scope(|scope| {
        let workers: Vec<_> =
            (0..threads).map(|first| scope.spawn(move || share(first).collect::<Vec<_>>())).collect();
        workers.into_iter().flat_map(|worker| worker.join().expect("it does not panic")).collect()
    })
}

#[test]
fn safety_properties_hold_and_liveness_properties_hold_at_last() {
    let reports = reports();
    let failures: Vec<_> = reports.iter().filter(|report| report.failure.is_some()).collect();
    assert!(failures.is_empty(), "{failures:#?}");
    for property in Property::of_kind(PropertyKind::Sometimes) {
        let is_seen = reports.iter().any(|report| report.seen.contains(&property.id));
        assert!(is_seen, "{} was never seen", property.id);
    }
    let parted = reports.iter().filter(|report| report.partitioned).count();
    assert!(parted * 100 < reports.len(), "{parted} worlds stayed partitioned");
}

/// Under partitions, crashes, restarts and storage faults, up to healing.
#[test]
fn liars_are_convicted_and_honest_peers_are_not() {
    let [mut restarts, mut partitions, mut lying, mut convicted] = [0_usize; 4];
    for seed in FRAUD_SEEDS..FRAUD_SEEDS + FRAUD_WORLDS {
        let scenario = generate(seed, None);
        let count = |is_so: fn(&Command) -> bool| {
            scenario.commands.iter().filter(|timed| is_so(&timed.command)).count()
        };
        restarts += count(|command| matches!(command, Command::Restart { .. }));
        partitions += count(|command| {
            matches!(command, Command::Cut { .. } | Command::CutHalves { .. } | Command::CutRegions { .. })
        });
        let mut run = Simulation::new(scenario);
        run.run();
        let frauds = run.metrics().blocks.expect("peers vote on blocks").frauds;
        assert_eq!((frauds.heads, frauds.honest), (0, 0), "{seed}: {frauds:?}");
        let lies = run.world().config().consensus.sabotage == Sabotage::Outdated;
        assert!(lies || frauds.answers == 0, "{seed}: {frauds:?}");
        lying += usize::from(lies);
        convicted += usize::from(frauds.answers > 0);
    }
    assert!(restarts > 100 && partitions > 15, "{restarts} {partitions}");
    assert!(lying > 20 && convicted * 2 > lying, "{convicted} of {lying}");
}

/// Worlds in which framed peers, a pair that no proof connects, and long bans once stood in the way.
#[test]
fn worlds_that_once_failed_recover() {
    for seed in [7_000_092, 7_101_007, 7_101_773, 9_000_974, 9_002_350, 9_003_079, 9_003_239] {
        let report = examine(seed, None);
        assert!(report.failure.is_none() && !report.partitioned, "{report:#?}");
    }
}

#[test]
fn a_seed_always_generates_the_same_valid_world() {
    for seed in (0..40).chain(SESSION_SEEDS..SESSION_SEEDS + 10) {
        let scenario = generate(seed, None);
        assert_eq!(scenario, generate(seed, None));
        assert_eq!(scenario.check(), [], "{seed}");
        let ticks = u64::from(scenario.rounds) * u64::from(scenario.config.time.ticks_per_round);
        assert!(scenario.commands.iter().all(|timed| timed.at.0 < ticks), "{seed}");
    }
    assert_ne!(generate(1, None).config, generate(2, None).config);
    assert_eq!(generate(1, Some(Length::Rounds(7))).rounds, 7);
    let by_ticks = generate(1, Some(Length::Ticks(30)));
    assert_eq!(by_ticks.rounds, 30_u32.div_ceil(by_ticks.config.time.ticks_per_round));
}

#[test]
fn a_world_shrinks_to_the_cause_of_its_failure() {
    let is_crash = |scenario: &Scenario| {
        scenario.commands.iter().any(|timed| matches!(timed.command, Command::Crash { .. }))
    };
    let is_large = |scenario: &Scenario| scenario.commands.len() > 4 && scenario.config.genesis.peers > 20;
    let large =
        (0..500).map(|seed| generate(seed, None)).find(|scenario| is_crash(scenario) && is_large(scenario));
    let small = shrink(&large.expect("there is one"), is_crash);
    assert_eq!((small.commands.len(), small.config.genesis.peers), (1, 3));
    let changes: Vec<&str> = small.changes().map(|setting| setting.knob().path).collect();
    assert!(changes.iter().all(|path| ["genesis.peers", "tokens.total"].contains(path)), "{changes:?}");
}

#[test]
fn reports_are_deterministic() {
    let report = examine(3, Some(Length::Rounds(10)));
    assert_eq!(report, examine(3, Some(Length::Rounds(10))));
    assert!(report.seen.contains(&"answer-taken"));
}
