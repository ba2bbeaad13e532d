//! `ringside cache`: files of the peer cache of document 003.

mod crash;
mod dialled;

use std::fs::File;
use std::io::Read as _;
use std::path::PathBuf;

use clap::{Args, Subcommand};
use comfy_table::CellAlignment::{Left, Right};
use ringside_core::base::problem::Problem;
use ringside_core::stack::peer_cache::format::{CachedPeer, PeerCache, Statistics, VERSION};
use ringside_core::stack::peer_cache::json::{BYTE_ORDER_MARK, Damage};
use ringside_core::stack::peer_cache::namespace::{FileNames, NamespacedCache, has_header};
use serde::Serialize;

use self::dialled::Policy;
use crate::failure::{self, Failure};
use crate::output::Outcome;
use crate::table::aligned;
use crate::text::{count, counted, measure, printable};
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
    /// The file, usually `peer_cache.json`, or `peer_cache.<key>.json` with a header; it is not changed
    file: PathBuf,
    /// Say of each entry whether a start with this policy dials it: any, lan or wan
    #[arg(long, value_name = "POLICY")]
    policy: Option<Policy>,
    /// Addresses of names, one a line as in /etc/hosts; without them no name has an answer
    #[arg(long, value_name = "FILE", requires = "policy")]
    hosts: Option<PathBuf>,
    /// Print the content in JSON instead of a table
    #[arg(long)]
    json: bool,
}

/// The content of a file, in dial order.
#[derive(Serialize)]
struct Shown<'a> {
    version: u32,
    last_updated: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    namespace: Option<ShownNamespace<'a>>,
    statistics: Statistics,
    peers: Vec<ShownEntry<'a>>,
}

/// The network that a file belongs to, as its header states it.
#[derive(Serialize)]
struct ShownNamespace<'a> {
    key: &'a str,
    port: u16,
    bootstrap_nodes: &'a [String],
    chain_id: Option<u64>,
    generated_at: u64,
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
    #[serde(skip_serializing_if = "Option::is_none")]
    dialled: Option<&'a str>,
}

/// A file of either form.
enum Content {
    Plain(PeerCache),
    Namespaced(NamespacedCache),
}

impl Content {
    /// Reads a file: one with a header if it has one.
    fn parse(text: &[u8]) -> Result<Self, Damage> {
        if has_header(text) {
            return NamespacedCache::parse(text).map(Self::Namespaced);
        }
        PeerCache::parse(text).map(Self::Plain)
    }

    const fn cache(&mut self) -> &mut PeerCache {
        match self {
            Self::Plain(cache) => cache,
            Self::Namespaced(file) => &mut file.cache,
        }
    }

    fn namespace(&self) -> Option<ShownNamespace<'_>> {
        let Self::Namespaced(file) = self else { return None };
        let (key, generated_at) = (file.key.as_str(), file.generated_at);
        let (namespace, nodes) = (&file.namespace, &file.namespace.bootstrap_nodes);
        let (port, chain_id) = (namespace.port, namespace.chain_id);
        Some(ShownNamespace { key, port, bootstrap_nodes: nodes, chain_id, generated_at })
    }
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
    let mut content = Content::parse(&text).map_err(|damage| {
        let place = format!("line {}, column {}", damage.line, damage.column);
        let remedy = "restore the file from a copy, or move it away: the program then starts without a cache";
        Failure::of(&name, vec![Problem::new(place, damage.reason, remedy)])
    })?;
    content.cache().sort_for_dialling();
    warn(arguments, &name, &text, &mut content);
    let verdicts = dialled::verdicts(content.cache(), arguments.policy, arguments.hosts.as_ref())?;
    let namespace = content.namespace();
    let cache = match &content {
        Content::Plain(cache) => cache,
        Content::Namespaced(file) => &file.cache,
    };
    if arguments.json {
        json::print(&shown(cache, namespace, &verdicts))?;
    } else {
        output::print(&table(cache, namespace.as_ref(), &verdicts))?;
    }
    Ok(Outcome::Success)
}

/// Warns of what a program might take otherwise.
fn warn(arguments: &ShowArguments, name: &str, text: &[u8], content: &mut Content) {
    if text.starts_with(BYTE_ORDER_MARK) {
        failure::warn(&format!(
            "{name} begins with a byte order mark, which is skipped here; a program may take the file for damaged: save it without one"
        ));
    }
    let version = content.cache().version;
    if version > VERSION {
        failure::warn(&format!(
            "{name} has version {version}, newer than {VERSION}: fields that are not known here are left out"
        ));
    }
    let file = arguments.file.file_name().map(|file| file.to_string_lossy()).unwrap_or_default();
    let stated = content.namespace().map(|namespace| namespace.key.to_owned());
    if let Some((named, stated)) =
        FileNames::key_in(&file).zip(stated).filter(|(named, stated)| named != stated)
    {
        failure::warn(&format!(
            "{name} is named after the namespace {named}, but its header states {}: a start tries none of its peers",
            printable(&stated)
        ));
    }
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

fn shown<'a>(
    cache: &'a PeerCache,
    namespace: Option<ShownNamespace<'a>>,
    verdicts: &'a [String],
) -> Shown<'a> {
    let peers = cache.peers.iter().enumerate();
    Shown {
        version: cache.version,
        last_updated: cache.last_updated,
        namespace,
        statistics: cache.statistics(),
        peers: peers
            .map(|(index, entry)| shown_entry(entry, verdicts.get(index).map(String::as_str)))
            .collect(),
    }
}

fn shown_entry<'a>(entry: &'a CachedPeer, dialled: Option<&'a str>) -> ShownEntry<'a> {
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
        dialled,
    }
}

/// Reliability as a number; millionths are exact up to 2^52 of them.
fn score(entry: &CachedPeer) -> f64 {
    entry.reliability_score.to_string().parse().unwrap_or(0.0)
}

fn table(cache: &PeerCache, namespace: Option<&ShownNamespace<'_>>, verdicts: &[String]) -> String {
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
    let head = namespace.map(namespace_line).unwrap_or_default() + &head;
    if cache.peers.is_empty() {
        return head + "no entries\n";
    }
    let header = ["#", "peer", "relay", "reliability", "ok", "failed", "latency", "last seen", "addresses"];
    let mut rows = vec![header.map(str::to_owned).to_vec()];
    rows.extend(cache.peers.iter().enumerate().map(|(index, entry)| row(index, entry)));
    let mut columns = vec![Right, Left, Left, Right, Right, Right, Right, Right, Left];
    if !verdicts.is_empty() {
        columns.push(Left);
        rows[0].push("dialled".to_owned());
        rows[1..].iter_mut().zip(verdicts).for_each(|(row, verdict)| row.push(verdict.clone()));
    }
    head + &aligned(&columns, &rows).join("\n") + "\n"
}

fn namespace_line(namespace: &ShownNamespace<'_>) -> String {
    let chain = namespace.chain_id.map(|chain| format!(", chain {chain}")).unwrap_or_default();
    let nodes = counted(namespace.bootstrap_nodes.len() as u64, "bootstrap node", "bootstrap nodes");
    format!("namespace {}: port {}{chain}, {nodes}\n", printable(namespace.key), namespace.port)
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
