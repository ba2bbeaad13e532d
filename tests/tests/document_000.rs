//! The published experiment of document 000, against measurements of the original program: 30 random
//! seeds, 200 rounds each, mean (standard deviation): Answer share 15.7 % (1.4), messages 254,000
//! (23,500), answers 39,550 (1,090), elections completed / started 0.604 (0.020), Connected 2.04 (0.13)
//! from the first round to the last.

use ringside_core::base::time::Tick;
use ringside_core::observe::metrics::Metrics;
use ringside_core::protocol::message::MessageKind;
use ringside_core::scenario::Scenario;
use ringside_core::study::simulation::Simulation;

const SEEDS: u64 = 30;

struct Run {
    first: Metrics,
    last: Metrics,
}

fn run(preset: &str, seed: u64) -> Run {
    let mut scenario = Scenario::preset(preset).expect("a preset");
    scenario.seed = seed;
    let mut run = Simulation::new(scenario);
    run.run_until(Tick(u64::from(run.scenario().config.time.ticks_per_round)));
    let first = run.metrics();
    run.run();
    Run { first, last: run.metrics() }
}

#[expect(clippy::cast_precision_loss, reason = "counts stay far below 2^53")]
fn mean(runs: &[Run], read: impl Fn(&Run) -> f64) -> f64 {
    runs.iter().map(read).sum::<f64>() / runs.len() as f64
}

#[expect(clippy::cast_precision_loss, reason = "counts stay far below 2^53")]
fn count(number: u64) -> f64 {
    number as f64
}

#[test]
fn thirty_runs_match_those_of_the_original() {
    let runs: Vec<Run> = (1..=SEEDS).map(|seed| run("seed-000", seed)).collect();
    let within = |name: &str, range: std::ops::RangeInclusive<f64>, read: &dyn Fn(&Run) -> f64| {
        let mean = mean(&runs, read);
        println!("{name:<22} {mean:>12.4}   {range:?}");
        assert!(range.contains(&mean), "{name}: {mean} is not within {range:?}");
    };
    within("Answer share", 0.149..=0.165, &|run| run.last.answer_share.unwrap_or_default());
    within("messages", 239_000.0..=269_000.0, &|run| count(run.last.messages.total));
    within("answers", 38_850.0..=40_250.0, &|run| count(run.last.messages.answers_and_invitations()));
    within("completed / started", 0.59..=0.62, &|run| {
        count(run.last.elections.completed) / count(run.last.elections.started)
    });
    within("Connected, round 1", 1.94..=2.14, &|run| run.first.peers.connected.avg);
    within("Connected, round 200", 1.94..=2.14, &|run| run.last.peers.connected.avg);
    within("tokens per peer", 17_900.0..=18_150.0, &|run| run.last.tokens_per_peer);
    within("elections started", 17_900.0..=18_150.0, &|run| count(run.last.elections.started));
    within("elections timed out", 3_061.0..=3_776.0, &|run| count(run.last.elections.timed_out));
    within("undeliverable", 16_900.0..=17_400.0, &|run| count(run.last.messages.undeliverable));
    within("split brains", 0.0..=0.0, &|run| count(run.last.elections.split_brain));
}

#[test]
fn no_peer_becomes_connected_as_shipped() {
    let run = run("seed-000", 1);
    assert_eq!(run.first.peers.connected, run.last.peers.connected);
}

/// The authors report for one run with their first two corrections: 69.9 % of the elections completed,
/// 13.4 % timed out, 262,000 messages (61,000 of them answers), Connected 17 on average (1 to 26).
#[test]
fn with_the_first_corrections_peers_become_connected() {
    let runs: Vec<Run> = (1..=10).map(|seed| run("next", seed)).collect();
    let mean = |read: fn(&Metrics) -> f64| mean(&runs, |run| read(&run.last));
    let completed = mean(|last| count(last.elections.completed) / count(last.elections.started));
    assert!((0.65..0.75).contains(&completed), "{completed}");
    let timed_out = mean(|last| count(last.elections.timed_out) / count(last.elections.started));
    assert!((0.11..0.17).contains(&timed_out), "{timed_out}");
    let messages = mean(|last| count(last.messages.total));
    assert!((230_000.0..310_000.0).contains(&messages), "{messages}");
    let answers = mean(|last| count(last.messages.sent(MessageKind::Answer)));
    assert!((45_000.0..65_000.0).contains(&answers), "{answers}");
    let connected = mean(|last| last.peers.connected.avg);
    assert!((12.0..20.0).contains(&connected), "{connected}");
}
