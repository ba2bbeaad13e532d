//! The published run, and the operations on a run: genesis, rounds, copies, fingerprints and frames.

mod common;

use self::common::{lifecycle, tokens_for};
use criterion::{BenchmarkId, Criterion, SamplingMode, Throughput, criterion_group, criterion_main};
use ringside_core::base::time::Tick;
use ringside_core::scenario::Scenario;
use ringside_core::study::simulation::Simulation;

/// A run of the lifecycle after a number of rounds.
fn lifecycle_after(rounds: u64, peers: u32, tokens: u32) -> Simulation {
    let mut run = Simulation::new(lifecycle(peers, tokens));
    run.run_until(Tick(rounds * run.world().clock().ticks_per_round));
    run
}

/// The whole published run, including genesis.
fn published(criterion: &mut Criterion) {
    let whole = || {
        let mut run = Simulation::new(Scenario::preset("seed-000").expect("a preset"));
        run.run();
        run
    };
    let mut group = criterion.benchmark_group("published run");
    group.sample_size(10).throughput(Throughput::Elements(whole().metrics().messages.total));
    group.bench_function("200 rounds", |bencher| bencher.iter_with_large_drop(whole));
    group.finish();
}

fn genesis(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("genesis");
    group.sample_size(10).sampling_mode(SamplingMode::Flat);
    for peers in [30, 1_000] {
        group.throughput(Throughput::Elements(peers.into()));
        group.bench_function(BenchmarkId::from_parameter(peers), |bencher| {
            bencher.iter_with_large_drop(|| Simulation::new(lifecycle(peers, tokens_for(peers))));
        });
    }
    group.finish();
}

/// A round of a connected world: mostly turns with little work.
fn round(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("round of a connected world");
    group.sample_size(20);
    for peers in [30, 300] {
        let mut run = lifecycle_after(200, peers, tokens_for(peers));
        let ticks = run.world().clock().ticks_per_round;
        group.throughput(Throughput::Elements(peers.into()));
        group.bench_function(BenchmarkId::from_parameter(peers), |bencher| bencher.iter(|| run.tick(ticks)));
    }
    group.finish();
}

/// A copy of the whole run, as kept for seeking.
fn copy(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("copy");
    group.sample_size(20);
    for peers in [30, 1_000] {
        let run = lifecycle_after(100, peers, tokens_for(peers));
        group.throughput(Throughput::Elements(peers.into()));
        group.bench_function(BenchmarkId::from_parameter(peers), |bencher| {
            bencher.iter_with_large_drop(|| run.clone());
        });
    }
    group.finish();
}

fn fingerprint(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("fingerprint");
    group.sample_size(20);
    for peers in [30, 300] {
        let run = lifecycle_after(100, peers, tokens_for(peers));
        group.throughput(Throughput::Elements(peers.into()));
        group.bench_function(BenchmarkId::from_parameter(peers), |bencher| {
            bencher.iter(|| run.fingerprint());
        });
    }
    group.finish();
}

fn frame(criterion: &mut Criterion) {
    let run = lifecycle_after(3, 10_000, tokens_for(10_000));
    let mut group = criterion.benchmark_group("frame");
    group.sample_size(20);
    for messages in [0, 2_000] {
        let name = format!("10000 peers, {messages} messages");
        group.bench_function(name, |bencher| bencher.iter_with_large_drop(|| run.frame(messages)));
    }
    group.finish();
}

criterion_group!(benches, published, genesis, round, copy, fingerprint, frame);
criterion_main!(benches);
