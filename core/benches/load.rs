//! Costs of a round, a message and a peer, in worlds of a thousand peers and more.
//!
//! ```text
//! cargo bench -p ringside-core --bench load -- [PRESET [PEERS [ROUNDS]]]
//! ```
//!
//! Time is CPU time if the system reports it, which reduces the influence of other processes.
#![expect(clippy::disallowed_types, reason = "wall-clock time is the fallback of CPU time")]

#[path = "common/heap.rs"]
mod heap;

use std::time::Instant;

use self::heap::{in_use, requests};
use ringside_core::base::time::Tick;
use ringside_core::config::knob::Setting;
use ringside_core::scenario::Scenario;
use ringside_core::study::simulation::Simulation;

/// Number of parts of a run: the first ones are busier than the others.
const PARTS: u64 = 3;

/// A meter of CPU time, allocations and messages.
struct Meter {
    start: Instant,
}

#[derive(Clone, Copy)]
struct Reading {
    nanoseconds: u64,
    requests: u64,
    messages: u64,
}

impl Meter {
    fn nanoseconds(&self) -> u64 {
        let schedule = std::fs::read_to_string("/proc/self/schedstat").ok();
        let on_processor = schedule.and_then(|text| text.split_whitespace().next()?.parse().ok());
        on_processor.unwrap_or_else(|| u64::try_from(self.start.elapsed().as_nanos()).unwrap_or(u64::MAX))
    }

    fn read(&self, run: &Simulation) -> Reading {
        let messages = run.metrics().messages.total;
        Reading { nanoseconds: self.nanoseconds(), requests: requests() as u64, messages }
    }
}

fn world(preset: &str, peers: u32) -> Scenario {
    let mut scenario = Scenario::preset(preset).expect("a preset");
    let setting = Setting::parse_text(&format!("genesis.peers={peers}")).expect("a setting");
    scenario.with_setting(setting);
    assert_eq!(scenario.check(), []);
    scenario
}

fn report(preset: &str, peers: u32, rounds: u64) {
    let scenario = world(preset, peers);
    let meter = Meter { start: Instant::now() };
    let (before, heap) = (meter.nanoseconds(), in_use());
    let mut run = Simulation::new(scenario);
    println!("{preset}, {peers} peers: opened in {} ms", (meter.nanoseconds() - before) / 1_000_000);
    for part in 0..PARTS {
        let former = meter.read(&run);
        run.run_until(Tick(rounds * (part + 1) / PARTS * run.world().clock().ticks_per_round));
        let latter = meter.read(&run);
        let turns = rounds / PARTS * u64::from(peers);
        let nanoseconds = (latter.nanoseconds - former.nanoseconds).max(1);
        let messages = (latter.messages - former.messages).max(1);
        let requests = latter.requests - former.requests;
        println!(
            "  to round {:>6} | {:>7} rounds/s | {:>6} ns/peer-round | {:>5} ns/message | {:>3}.{:02} \
             messages/peer-round | {:>7} B/peer | {:>2}.{:02} allocations/message",
            rounds * (part + 1) / PARTS,
            rounds / PARTS * 1_000_000_000 / nanoseconds,
            nanoseconds / turns,
            nanoseconds / messages,
            messages / turns,
            messages * 100 / turns % 100,
            (in_use() - heap) / peers as usize,
            requests / messages,
            requests * 100 / messages % 100,
        );
    }
    println!("  fingerprint {}", run.fingerprint());
}

fn main() {
    // `cargo test --all-targets` runs benchmarks too, briefly.
    let is_measured = std::env::args().any(|argument| argument == "--bench");
    let mut arguments = std::env::args().skip(1).filter(|argument| !argument.starts_with("--"));
    let preset = arguments.next().unwrap_or_else(|| "improved".to_owned());
    let peers: Option<u32> = arguments.next().and_then(|text| text.parse().ok());
    let rounds: Option<u64> = arguments.next().and_then(|text| text.parse().ok());
    match peers {
        Some(peers) => report(&preset, peers, rounds.unwrap_or(300)),
        None if is_measured => {
            [(1_000, 900), (10_000, 300)].iter().for_each(|(peers, rounds)| report(&preset, *peers, *rounds));
        }
        None => report(&preset, 30, 30),
    }
}
