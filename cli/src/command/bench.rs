//! `ringside bench`: the speed of this machine on a workload that other simulators can run too.

#![expect(clippy::disallowed_types, reason = "wall-clock time is what a benchmark measures")]

use std::fs;
use std::time::Instant;

use clap::{Args, Subcommand};
use ringside_core::scenario::command::MAX_TICK;
use ringside_core::study::workload::exchange::{Exchange, NODES_MAX};
use serde::Serialize;

use crate::arguments::seed;
use crate::failure::Failure;
use crate::output::Outcome;
use crate::{json, output};

#[derive(Args)]
pub(crate) struct BenchArguments {
    #[command(subcommand)]
    command: BenchCommand,
}

#[derive(Subcommand)]
enum BenchCommand {
    /// The message queue alone, without a protocol
    Exchange(ExchangeArguments),
}

const EXCHANGE_EXAMPLES: &str = "\
In each tick every node sends a request to one of its 20 neighbours, chosen at random; a message takes 1 to 10 ticks,
uniformly distributed; each request is answered once. The work is single-threaded. The time excludes creating the nodes.

Examples:
  ringside bench exchange
  ringside bench exchange --nodes 1000000 --ticks 30 --json

Output of --json, one object:
  nodes, ticks, delivered, seconds, delivered_per_second
  peak_bytes           peak memory of the process, null if the system does not report it";

#[derive(Args)]
#[command(after_help = EXCHANGE_EXAMPLES)]
struct ExchangeArguments {
    /// Number of nodes, 2 to 8000000
    #[arg(long, value_name = "N", default_value_t = 10_000)]
    #[arg(value_parser = clap::value_parser!(u32).range(2..=i64::from(NODES_MAX)))]
    nodes: u32,
    /// Number of ticks, 1 to 10000000000
    #[arg(long, value_name = "N", default_value_t = 1_000)]
    #[arg(value_parser = clap::value_parser!(u64).range(1..=MAX_TICK))]
    ticks: u64,
    /// Random seed, decimal or hexadecimal with 0x, from 0 to 2^64 - 1
    #[arg(long, value_name = "N", value_parser = seed, default_value = "1")]
    seed: u64,
    /// Print one JSON object instead of text
    #[arg(long)]
    json: bool,
}

/// The outcome of an exchange.
#[derive(Serialize)]
struct Measurement {
    nodes: u32,
    ticks: u64,
    delivered: u64,
    seconds: f64,
    delivered_per_second: f64,
    /// Peak memory of the process, in bytes; `None` if the system does not report it.
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
    Ok(Outcome::Success)
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

/// Peak resident memory from `/proc/self/status`; `None` except on Linux.
fn peak_bytes() -> Option<u64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let kilobytes =
        status.lines().find_map(|line| line.strip_prefix("VmHWM:")?.trim().strip_suffix(" kB"))?;
    Some(kilobytes.parse::<u64>().ok()? * 1024)
}
