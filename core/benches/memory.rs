//! Memory per peer, at genesis and after some rounds, and allocations per message.
//!
//! ```text
//! cargo bench -p ringside-core --bench memory -- [PRESET [PEERS [ROUNDS [PATH=VALUE ...]]]]
//! ```
//!
//! The figures are deterministic; time is not measured.

mod common;
#[path = "common/heap.rs"]
mod heap;

use self::common::{lifecycle, tokens_for};
use self::heap::{in_use, requests};

use ringside_core::base::time::Tick;
use ringside_core::config::knob::Setting;
use ringside_core::protocol::event::PeerStateKind;
use ringside_core::protocol::node::Node;
use ringside_core::scenario::Scenario;
use ringside_core::sim::genesis;
use ringside_core::sim::host::Host;
use ringside_core::study::simulation::Simulation;

const ROUNDS: u64 = 100;

/// The bytes of a value on the heap.
fn bytes_of<T>(make: impl FnOnce() -> T) -> usize {
    let before = in_use();
    let value = make();
    let bytes = in_use() - before;
    drop(value);
    bytes
}

/// Prints two lines of the table about a world: at genesis, and after some rounds.
fn report(scenario: Scenario, rounds: u64) {
    // All peers share the universe; a second one is generated to measure its size.
    let universe = bytes_of(|| genesis::universe(scenario.seed, &scenario.config));
    let before = in_use();
    let mut run = Simulation::new(scenario);
    let own = in_use() - before - universe;
    println!("{} {:>9}", line("genesis", &run, own), "");
    let requested = requests();
    run.run_until(Tick(rounds * run.world().clock().ticks_per_round));
    let requests = (requests() - requested) as u64 * 100 / run.metrics().messages.total;
    let own = in_use() - before - universe;
    println!("{} {:>6}.{:02}", line(&format!("{rounds} rounds"), &run, own), requests / 100, requests % 100);
}

/// Bytes per peer without the universe, and the numbers of items in them.
fn line(after: &str, run: &Simulation, own: usize) -> String {
    let hosts = run.world().hosts();
    let peers = hosts.len();
    let total = |of: &dyn Fn(&Node) -> usize| hosts.iter().map(Host::node).map(of).sum::<usize>() / peers;
    let known = |node: &Node| {
        let states = [PeerStateKind::Identified, PeerStateKind::Pending, PeerStateKind::Connected];
        states.map(|state| node.peers().count(state) as usize).iter().sum()
    };
    let bytes = [
        own / peers,
        total(&|node| bytes_of(|| node.elections().clone())),
        total(&|node| bytes_of(|| node.peers().clone())),
        total(&|node| bytes_of(|| node.samples().clone())),
        bytes_of(|| run.world().network().clone()) / peers,
    ];
    let counts = [
        total(&|node| node.elections().len()),
        total(&known),
        total(&|node| node.samples().len()),
        run.world().network().in_flight() / peers,
    ];
    let columns: Vec<String> = bytes.iter().chain(&counts).map(|number| format!("{number:>9}")).collect();
    format!("{peers:>6} {after:>10} | {} | {} |", columns[..5].join(" "), columns[5..].join(" "))
}

fn main() {
    // `cargo test --all-targets` runs benchmarks too, briefly.
    let is_measured = std::env::args().any(|argument| argument == "--bench");
    let sizes: &[u32] = if is_measured { &[30, 300, 3_000] } else { &[30] };
    println!("Per peer: bytes on the heap without the universe, and the bytes of its parts;");
    println!("numbers of items; allocations per message sent.");
    println!(
        "{:>6} {:>10} | {:>9} {:>9} {:>9} {:>9} {:>9} | {:>9} {:>9} {:>9} {:>9} | {:>9}",
        "peers",
        "after",
        "bytes",
        "elections",
        "known",
        "samples",
        "in flight",
        "elections",
        "known",
        "samples",
        "in flight",
        "allocations"
    );
    match chosen() {
        Some((scenario, rounds)) => report(scenario, rounds),
        None => sizes.iter().for_each(|peers| report(lifecycle(*peers, tokens_for(*peers)), ROUNDS)),
    }
}

/// The scenario of the command line: a preset, numbers of peers and rounds, and settings. `None` without
/// arguments.
fn chosen() -> Option<(Scenario, u64)> {
    let mut arguments = std::env::args().skip(1).filter(|argument| !argument.starts_with("--"));
    let mut scenario = Scenario::preset(&arguments.next()?).expect("a preset");
    let peers = arguments.next().map(|peers| format!("genesis.peers={peers}"));
    let rounds = arguments.next().map_or(ROUNDS, |rounds| rounds.parse().expect("a number of rounds"));
    for knob in peers.into_iter().chain(arguments) {
        scenario.with_setting(Setting::parse_text(&knob).expect("a setting"));
    }
    assert_eq!(scenario.check(), []);
    Some((scenario, rounds))
}
