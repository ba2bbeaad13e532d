//! Share links: encoding and decoding.

use std::hint::black_box;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use ringside_core::base::digest::Fingerprint;
use ringside_core::base::id::PeerId;
use ringside_core::base::rng::mix;
use ringside_core::base::time::Tick;
use ringside_core::config::knob::Setting;
use ringside_core::scenario::Scenario;
use ringside_core::scenario::link::{Checkpoint, Link, RecordedOutcome, decode, encode};
use ringside_core::sim::command::{Command, TimedCommand};

/// A typical link: a few settings, some commands, and a recorded outcome.
fn link_with(commands: u64) -> Link {
    let mut scenario = Scenario::preset("lifecycle").expect("a preset");
    for text in ["genesis.peers=100", "network.loss=0.05", "election.consensus_threshold=8"] {
        scenario.with_setting(Setting::parse_text(text).expect("a setting"));
    }
    let crash = |number| TimedCommand {
        at: Tick(3 * number),
        command: Command::Crash { peer: PeerId::new(mix(number)) },
    };
    scenario.commands = (1..=commands).map(crash).collect();
    let ladder = (1..=8).map(|step| Checkpoint { round: 32 * step, trace: 0x1234_5678 }).collect();
    let claim = RecordedOutcome::new(Tick(300), Fingerprint(0x0123_4567_89ab_cdef), ladder);
    Link { scenario, claim: Some(claim) }
}

fn links(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("link");
    for commands in [5, 1_000] {
        let link = link_with(commands);
        let text = encode(&link).expect("a short link");
        assert_eq!(decode(&text).as_ref(), Ok(&link));
        group.throughput(Throughput::Bytes(text.len() as u64));
        group.bench_function(BenchmarkId::new("encode", commands), |bencher| {
            bencher.iter(|| encode(black_box(&link)));
        });
        group.bench_function(BenchmarkId::new("decode", commands), |bencher| {
            bencher.iter(|| decode(black_box(&text)));
        });
    }
    group.finish();
}

criterion_group!(benches, links);
criterion_main!(benches);
