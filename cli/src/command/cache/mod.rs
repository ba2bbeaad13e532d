//! `ringside cache`: files of the peer cache of document 003.

mod crash;

use std::fs::File;
use std::io::Read as _;
use std::path::PathBuf;

use clap::{Args, Subcommand};
use comfy_table::CellAlignment::{Left, Right};
use ringside_core::base::problem::Problem;
use ringside_core::stack::peer_cache::format::{CachedPeer, PeerCache, Statistics, VERSION};
use serde::Serialize;

use crate::failure::{self, Failure};
use crate::output::Outcome;
use crate::table::aligned;
use crate::text::{count, measure, printable};
use crate::{json, output};

/// Greatest file that is read, in bytes.
const FILE_MAX: u64 = 1 << 30;

#[derive(Args)]
pub(crate) struct CacheArguments {
    #[command(subcommand)]
    command: CacheCommand,
}

#[derive(Subcommand)]
enum CacheCommand {
    /// Print version, statistics and entries of a file in the order in which its peers are dialled
    Show(ShowArguments),
    /// Crash at each of many points of a save, and count which files are old, new or damaged
    CrashTest(crash::CrashArguments),
}

#[derive(Args)]
pub(crate) struct ShowArguments {
    /// The file, usually `peer_cache.json`; it is not changed
    file: PathBuf,
    /// Print the content in JSON instead of a table
    #[arg(long)]
    json: bool,
}

/// The content of a file, in dial order.
#[derive(Serialize)]
struct Shown<'a> {
    version: u32,
    last_updated: u64,
    statistics: Statistics,
    peers: Vec<ShownEntry<'a>>,
}

#[derive(Serialize)]
struct ShownEntry<'a> {
    peer_id: &'a str,
    addresses: &'a [String],
    last_seen: u64,
    connection_count: u32,
    successful_transfers: u32,
    failed_transfers: u32,
    total_bytes_transferred: u64,
    average_latency_ms: u32,
    is_bootstrap: bool,
    supports_relay: bool,
    reliability_score: f64,
}

pub(crate) fn cache(arguments: &CacheArguments) -> Result<Outcome, Failure> {
    match &arguments.command {
        CacheCommand::Show(arguments) => show(arguments),
        CacheCommand::CrashTest(arguments) => crash::crash_test(arguments),
    }
}

fn show(arguments: &ShowArguments) -> Result<Outcome, Failure> {
    let name = printable(&arguments.file.to_string_lossy());
    let text = read(&arguments.file).map_err(|problem| Failure::of(&name, vec![problem]))?;
    let mut cache = PeerCache::parse(&text).map_err(|damage| {
        let place = format!("line {}, column {}", damage.line, damage.column);
        let remedy = "restore the file from a copy, or move it away: the program then starts without a cache";
        Failure::of(&name, vec![Problem::new(place, damage.reason, remedy)])
    })?;
    if cache.version > VERSION {
        failure::warn(&format!(
            "{name} has version {}, newer than {VERSION}: fields that are not known here are left out",
            cache.version
        ));
    }
    cache.sort_for_dialling();
    if arguments.json {
        json::print(&shown(&cache))?;
    } else {
        output::print(&table(&cache))?;
    }
    Ok(Outcome::Success)
}

fn read(path: &PathBuf) -> Result<Vec<u8>, Problem> {
    let unreadable = |error: std::io::Error| {
        Problem::new(
            "the file",
            format!("cannot be read: {error}"),
            "name a file that exists and is readable",
        )
    };
    let file = File::open(path).map_err(unreadable)?;
    let mut text = Vec::new();
    file.take(FILE_MAX + 1).read_to_end(&mut text).map_err(unreadable)?;
    if text.len() as u64 > FILE_MAX {
        return Err(Problem::new("the file", "is larger than 1 GiB", "a peer cache has about 50 kB"));
    }
    Ok(text)
}

fn shown(cache: &PeerCache) -> Shown<'_> {
    Shown {
        version: cache.version,
        last_updated: cache.last_updated,
        statistics: cache.statistics(),
        peers: cache.peers.iter().map(shown_entry).collect(),
    }
}

fn shown_entry(entry: &CachedPeer) -> ShownEntry<'_> {
    ShownEntry {
        peer_id: &entry.peer_id,
        addresses: &entry.addresses,
        last_seen: entry.last_seen,
        connection_count: entry.connection_count,
        successful_transfers: entry.successful_transfers,
        failed_transfers: entry.failed_transfers,
        total_bytes_transferred: entry.total_bytes_transferred,
        average_latency_ms: entry.average_latency_ms,
        is_bootstrap: entry.is_bootstrap,
        supports_relay: entry.supports_relay,
        reliability_score: score(entry),
    }
}

/// Reliability as a number; millionths are exact up to 2^52 of them.
fn score(entry: &CachedPeer) -> f64 {
    entry.reliability_score.to_string().parse().unwrap_or(0.0)
}

fn table(cache: &PeerCache) -> String {
    let found = cache.statistics();
    let thousandths = (found.average_reliability_millionths + 500) / 1_000;
    let average = format!("{}.{:03}", thousandths / 1_000, thousandths % 1_000);
    let head = format!(
        "version {}, written at {}\n{} peers, {} relay, {} bootstrap; average reliability {average}; {} transfers, {} bytes\n\n",
        cache.version,
        cache.last_updated,
        count(found.total_peers),
        count(found.relay_capable_peers),
        count(found.bootstrap_peers),
        count(found.total_transfers),
        count(found.total_bytes_transferred),
    );
    if cache.peers.is_empty() {
        return head + "no entries\n";
    }
    let header = ["#", "peer", "relay", "reliability", "ok", "failed", "latency", "last seen", "addresses"];
    let mut rows = vec![header.map(str::to_owned).to_vec()];
    rows.extend(cache.peers.iter().enumerate().map(|(index, entry)| row(index, entry)));
    let columns = [Right, Left, Left, Right, Right, Right, Right, Right, Left];
    head + &aligned(&columns, &rows).join("\n") + "\n"
}

fn row(index: usize, entry: &CachedPeer) -> Vec<String> {
    let latency = if entry.average_latency_ms == 0 {
        "-".to_owned()
    } else {
        format!("{} ms", entry.average_latency_ms)
    };
    vec![
        (index + 1).to_string(),
        printable(&entry.peer_id),
        if entry.supports_relay { "yes" } else { "-" }.to_owned(),
        measure(Some(score(entry))),
        count(entry.successful_transfers.into()),
        count(entry.failed_transfers.into()),
        latency,
        entry.last_seen.to_string(),
        printable(&entry.addresses.join(" ")),
    ]
}
