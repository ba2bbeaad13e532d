//! The published experiment of seed 000, against figures measured on its own program: 30 seeds, 200 rounds each, mean
//! (standard deviation): Answer share 15.7 % (1.4), messages 254,000 (23,500), answers 39,550 (1,090), elections
//! completed / started 0.604 (0.020), Connected 2.04 (0.13) from the first round to the last.

use ringside_core::metrics::Metrics;
use ringside_core::scenario::Scenario;
use ringside_core::simulation::Simulation;
use ringside_core::time::Tick;

const SEEDS: u64 = 30;

struct Run {
    first: Metrics,
    last: Metrics,
}

fn run(seed: u64) -> Run {
    let mut scenario = Scenario::preset("seed-000").expect("a preset");
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
fn thirty_runs_come_out_as_those_of_the_original() {
    let runs: Vec<Run> = (1..=SEEDS).map(run).collect();
    let within = |name: &str, range: std::ops::RangeInclusive<f64>, read: &dyn Fn(&Run) -> f64| {
        let mean = mean(&runs, read);
        println!("{name:<22} {mean:>12.4}   {range:?}");
        assert!(range.contains(&mean), "{name}: {mean} is not within {range:?}");
    };
    within("Answer share", 0.149..=0.165, &|run| run.last.answer_share.unwrap_or_default());
    within("messages", 239_000.0..=269_000.0, &|run| count(run.last.messages.total));
    within("answers", 38_850.0..=40_250.0, &|run| {
        count(run.last.messages.answer + run.last.messages.invitation)
    });
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
fn nobody_ever_becomes_connected_as_shipped() {
    let run = run(1);
    assert_eq!(run.first.peers.connected, run.last.peers.connected);
}
