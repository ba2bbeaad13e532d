//! `ringside bench`: how fast this machine is at work that other simulators can be given, too.

#![expect(clippy::disallowed_types, reason = "what is measured is the time that passes here, not in a world")]

use std::fs;
use std::time::Instant;

use ringside_core::study::workload::exchange::Exchange;
use serde::Serialize;

use crate::args::{BenchArguments, BenchCommand, ExchangeArguments};
use crate::failure::Failure;
use crate::output::Outcome;
use crate::{json, output};

/// What an exchange came to.
#[derive(Serialize)]
struct Measurement {
    nodes: u32,
    ticks: u64,
    delivered: u64,
    seconds: f64,
    delivered_per_second: f64,
    /// The most memory that the whole process has had; none where the system does not tell.
    peak_bytes: Option<u64>,
}

pub(crate) fn bench(BenchArguments { command }: &BenchArguments) -> Result<Outcome, Failure> {
    let BenchCommand::Exchange(arguments) = command;
    let measured = exchange(arguments);
    if arguments.json {
        json::print(&measured)?;
    } else {
        output::print(&measured.text())?;
    }
    Ok(Outcome::Fine)
}

fn exchange(&ExchangeArguments { nodes, ticks, seed, .. }: &ExchangeArguments) -> Measurement {
    let mut exchange = Exchange::new(nodes, seed);
    let start = Instant::now();
    exchange.run(ticks);
    let seconds = start.elapsed().as_secs_f64();
    let delivered = exchange.delivered();
    #[expect(clippy::cast_precision_loss, reason = "a rate for people")]
    let delivered_per_second = delivered as f64 / seconds;
    Measurement { nodes, ticks, delivered, seconds, delivered_per_second, peak_bytes: peak_bytes() }
}

impl Measurement {
    fn text(&self) -> String {
        let Self { nodes, ticks, delivered, seconds, delivered_per_second, peak_bytes } = self;
        let millions = delivered_per_second / 1e6;
        let peak = peak_bytes.map_or(String::new(), |bytes| format!(", at most {} MB", bytes / 1_000_000));
        format!(
            "{nodes} nodes, {ticks} ticks: {delivered} messages delivered in {seconds:.3} s, {millions:.1} million \
             a second{peak}\n"
        )
    }
}

/// As Linux counts it.
fn peak_bytes() -> Option<u64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let kilobytes =
        status.lines().find_map(|line| line.strip_prefix("VmHWM:")?.trim().strip_suffix(" kB"))?;
    Some(kilobytes.parse::<u64>().ok()? * 1024)
}
