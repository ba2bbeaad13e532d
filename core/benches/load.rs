//! What a round, a message and a peer cost, in worlds from a thousand peers on.
//!
//! ```text
//! cargo bench -p ringside-core --bench load -- [PRESET [PEERS [ROUNDS]]]
//! ```
//!
//! Time is that of the processor, where the system tells it, so that others who use the machine disturb less.

#[path = "common/heap.rs"]
mod heap;

use std::time::Instant;

use self::heap::{in_use, requests};
use ringside_core::config::knob::Setting;
use ringside_core::scenario::Scenario;
use ringside_core::simulation::Simulation;
use ringside_core::time::Tick;

/// Parts into which a run is divided: the first ones are busier than those after them.
const PARTS: u64 = 3;

/// Nanoseconds on the processor so far.
fn spent(start: Instant) -> u64 {
    let schedule = std::fs::read_to_string("/proc/self/schedstat").ok();
    let on_processor = schedule.and_then(|text| text.split_whitespace().next()?.parse().ok());
    on_processor.unwrap_or_else(|| u64::try_from(start.elapsed().as_nanos()).unwrap_or(u64::MAX))
}

fn report(preset: &str, peers: u32, rounds: u64) {
    let mut scenario = Scenario::preset(preset).expect("a preset");
    let setting = Setting::parse_text(&format!("genesis.peers={peers}")).expect("a setting");
    scenario.with_setting(setting);
    assert_eq!(scenario.check(), []);
    let clock = Instant::now();
    let (before, base) = (spent(clock), in_use());
    let mut run = Simulation::new(scenario);
    println!("{preset}, {peers} peers: opened in {} ms", (spent(clock) - before) / 1_000_000);
    let (mut spent_before, mut sent_before) = (spent(clock), run.metrics().messages.total);
    for part in 1..=PARTS {
        let asked = requests();
        run.run_until(Tick(rounds * part / PARTS * run.world().clock().ticks_per_round));
        let (spent, asked) = (spent(clock), (requests() - asked) as u64);
        let sent = run.metrics().messages.total;
        let turns = rounds / PARTS * u64::from(peers);
        let (nanoseconds, messages) = (spent - spent_before, (sent - sent_before).max(1));
        println!(
            "  to round {:>6}: {:>8} rounds/s {:>6} ns/peer-round {:>6} ns/message {:>5}.{:02} messages/peer-round \
             {:>7} B/peer {:>3}.{:02} requests/message",
            rounds * part / PARTS,
            rounds / PARTS * 1_000_000_000 / nanoseconds,
            nanoseconds / turns,
            nanoseconds / messages,
            messages / turns,
            messages * 100 / turns % 100,
            (in_use() - base) / peers as usize,
            asked / messages,
            asked * 100 / messages % 100,
        );
        (spent_before, sent_before) = (self::spent(clock), sent);
    }
    println!("  fingerprint {}", run.fingerprint());
}

fn main() {
    // `cargo test --all-targets` starts benchmarks too, to see that they work.
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
