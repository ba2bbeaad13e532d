//! The message queue alone, compared with a hand-written loop.

#[path = "common/wheel.rs"]
mod wheel;

use self::wheel::Wheel;
use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use ringside_core::study::workload::exchange::{Exchange, LATENCY_MAX};

/// Average number of messages delivered per node and tick.
const PER_NODE: u64 = 2;

fn exchanges(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("exchange, a tick");
    group.sample_size(20);
    for nodes in [1_000, 10_000, 100_000] {
        group.throughput(Throughput::Elements(PER_NODE * u64::from(nodes)));
        let mut kernel = Exchange::new(nodes, 1);
        let mut wheel = Wheel::new(nodes, 1);
        // Until the number of messages in flight is steady.
        kernel.run(2 * u64::from(LATENCY_MAX));
        wheel.run(2 * LATENCY_MAX);
        assert_eq!(kernel.delivered(), wheel.delivered(), "both do the same work");
        group.bench_function(BenchmarkId::new("kernel", nodes), |bencher| bencher.iter(|| kernel.run(1)));
        group.bench_function(BenchmarkId::new("by hand", nodes), |bencher| bencher.iter(|| wheel.run(1)));
    }
    group.finish();
}

criterion_group!(benches, exchanges);
criterion_main!(benches);
