//! The cost of a message in worlds of different sizes.

mod common;

use self::common::{lifecycle, tokens_for};
use criterion::{BatchSize, Criterion, SamplingMode, Throughput, criterion_group, criterion_main};
use ringside_core::base::time::Tick;
use ringside_core::study::simulation::Simulation;

const ROUNDS: u64 = 100;

/// The first hundred rounds, without genesis.
fn lifecycles(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("lifecycle, 100 rounds");
    group.sample_size(10).sampling_mode(SamplingMode::Flat);
    for (peers, tokens) in [
        (30, tokens_for(30)),
        (300, tokens_for(300)),
        (1_000, tokens_for(1_000)),
        // The same peers, with tokens that fit into the cache.
        (300, tokens_for(30)),
        (1_000, tokens_for(30)),
    ] {
        let start = Simulation::new(lifecycle(peers, tokens));
        let end = Tick(ROUNDS * start.world().clock().ticks_per_round);
        group.throughput(Throughput::Elements(messages_until(end, start.clone())));
        group.bench_function(format!("{peers} peers, {tokens} tokens"), |bencher| {
            bencher.iter_batched_ref(|| start.clone(), |run| run.run_until(end), BatchSize::PerIteration);
        });
    }
    group.finish();
}

fn messages_until(end: Tick, mut run: Simulation) -> u64 {
    run.run_until(end);
    run.metrics().messages.total
}

criterion_group!(benches, lifecycles);
criterion_main!(benches);
