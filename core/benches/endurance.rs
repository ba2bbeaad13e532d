//! Memory of a long run: fails if it grows without bound.
//!
//! ```text
//! cargo bench -p ringside-core --bench endurance -- [PEERS [TICKS [PATH=VALUE ...]]]
//! ```
//!
//! The figures are deterministic; time is not measured.

#[path = "common/heap.rs"]
mod heap;

use self::heap::{in_use, requests};
use ringside_core::config::knob::Setting;
use ringside_core::scenario::Scenario;
use ringside_core::study::simulation::Simulation;

/// Number of parts of a run. Buffers grow to their sizes in the first half.
const PARTS: u64 = 10;

/// Prints the memory of a run after each part. The second half may use at most a tenth more than the first.
fn report(peers: u32, ticks: u64, knobs: impl Iterator<Item = String>) {
    let mut scenario = Scenario::preset("improved").expect("a preset");
    for text in [format!("genesis.peers={peers}"), "network.loss=0.05".to_owned()].into_iter().chain(knobs) {
        scenario.with_setting(Setting::parse_text(&text).expect("a setting"));
    }
    assert_eq!(scenario.check(), []);
    let mut run = Simulation::new(scenario);
    let held: Vec<usize> = (1..=PARTS)
        .map(|part| {
            run.tick(ticks / PARTS);
            let held = in_use();
            let tick = ticks / PARTS * part;
            println!("{peers:>6} peers {tick:>9} ticks {held:>12} bytes, {:>12} allocations", requests());
            held
        })
        .collect();
    let (first, second) = held.split_at(held.len() / 2);
    let (before, after) = (first.iter().max().expect("a part"), second.iter().max().expect("a part"));
    assert!(after * 10 <= before * 11, "{before} bytes at most in the first half, {after} in the second");
}

fn main() {
    // `cargo test --all-targets` runs benchmarks too, briefly.
    let is_measured = std::env::args().any(|argument| argument == "--bench");
    let default = if is_measured { (100, 1_000_000) } else { (16, 2_000) };
    let mut arguments = std::env::args().skip(1).filter(|argument| !argument.starts_with("--"));
    let peers = arguments.next().map_or(default.0, |peers| peers.parse().expect("a number of peers"));
    let ticks = arguments.next().map_or(default.1, |ticks| ticks.parse().expect("a number of ticks"));
    report(peers, ticks, arguments);
}
