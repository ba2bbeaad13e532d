//! File of version 1: what it holds, how it is read and written, and what is kept of it.
//!
//! The text is JSON, indented by two spaces, with the fields in the order below. Unknown fields are ignored,
//! every known one is required.

use std::fmt::Write as _;

use serde::Serialize;

use super::json::{CacheReader, Damage};
use super::score::FileScore;
use crate::base::sort;

/// Version of the file.
pub const VERSION: u32 = 1;
/// Name of the file.
pub const FILE: &str = "peer_cache.json";
/// Entries that a file keeps.
pub const ENTRIES_MAX: usize = 100;
/// Age in seconds beyond which an entry is stale.
pub const AGE_MAX: u64 = 604_800;
/// Seconds by which clocks may differ.
pub const SKEW_MAX: u64 = 300;
/// Entries of a file that are read at most.
pub const READ_MAX: usize = 1 << 20;

/// Field for the last session, which version 1 does not know.
const LAST_SUCCESS: &str = "last_successful_connect_at";
/// Field for the last dial without an answer, which version 1 does not know.
const LAST_FAILURE: &str = "last_failed_connect_at";

/// Field for the answers that elections have accepted, which version 1 does not know.
const ANSWERS: &str = "answers_accepted";

/// A remembered peer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CachedPeer {
    /// Id.
    pub peer_id: String,
    /// Addresses, each as a path: `/ip4/10.0.0.1/tcp/4001`.
    pub addresses: Vec<String>,
    /// Unix time in seconds.
    pub last_seen: u64,
    /// Times connected; version 1 counts transfers.
    pub connection_count: u32,
    /// Transfers that succeeded.
    pub successful_transfers: u32,
    /// Transfers that failed.
    pub failed_transfers: u32,
    /// Bytes of all transfers.
    pub total_bytes_transferred: u64,
    /// Round trip in ms; 0 if unknown.
    pub average_latency_ms: u32,
    /// Whether it is a bootstrap node.
    pub is_bootstrap: bool,
    /// Whether it relays for others.
    pub supports_relay: bool,
    /// Reliability, from 0 to 1.
    pub reliability_score: FileScore,
    /// Unix time of the last session in seconds; `None` if unknown. Version 1 ignores the field.
    pub last_success: Option<u64>,
    /// Unix time of the last dial without an answer in seconds; `None` if the last dial had one. Version 1
    /// ignores the field.
    pub last_failure: Option<u64>,
    /// Answers that elections have accepted from it; `None` if the lifecycle is not served. Version 1 ignores
    /// the field.
    pub answers: Option<u32>,
}

/// Content of a file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PeerCache {
    /// Version of the program that wrote it.
    pub version: u32,
    /// Unix time in seconds.
    pub last_updated: u64,
    /// Entries.
    pub peers: Vec<CachedPeer>,
}

/// Sums over the entries of a file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Statistics {
    /// Entries.
    pub total_peers: u64,
    /// Those that relay for others.
    pub relay_capable_peers: u64,
    /// Bootstrap nodes.
    pub bootstrap_peers: u64,
    /// Mean reliability in millionths, each counted within its range; 0 without entries.
    pub average_reliability_millionths: u64,
    /// Transfers, failed ones included.
    pub total_transfers: u64,
    /// Bytes of all transfers.
    pub total_bytes_transferred: u64,
}

impl CachedPeer {
    /// Whether it was last seen too long ago. Time stamps in the future are never stale.
    #[must_use]
    pub const fn is_stale(&self, now: u64, age_max: u64) -> bool {
        now.saturating_sub(self.last_seen) > age_max
    }

    /// Appends addresses that are not there yet.
    pub fn merge_addresses(&mut self, addresses: &[String]) {
        for address in addresses {
            if !self.addresses.contains(address) {
                self.addresses.push(address.clone());
            }
        }
    }
}

impl PeerCache {
    /// A file of the present version.
    #[must_use]
    pub const fn new(last_updated: u64, peers: Vec<CachedPeer>) -> Self {
        Self { version: VERSION, last_updated, peers }
    }

    /// Drops stale entries; returns their number.
    pub fn drop_stale(&mut self, now: u64, age_max: u64) -> usize {
        let before = self.peers.len();
        self.peers.retain(|entry| !entry.is_stale(now, age_max));
        before - self.peers.len()
    }

    /// Keeps one entry for each id, that seen last. Version 1 keeps all.
    pub fn drop_duplicates(&mut self) {
        let mut order: Vec<usize> = (0..self.peers.len()).collect();
        sort::sort_by(&mut order, |one, other| {
            let [one, other] = [one, other].map(|index| &self.peers[*index]);
            one.peer_id.cmp(&other.peer_id).then(other.last_seen.cmp(&one.last_seen))
        });
        order.dedup_by(|later, kept| self.peers[*later].peer_id == self.peers[*kept].peer_id);
        sort::sort_by_key(&mut order, |one| *one);
        self.peers = order.into_iter().map(|index| std::mem::take(&mut self.peers[index])).collect();
    }

    /// Sorts by reliability, then by connections, both descending, and keeps the first entries.
    pub fn sort_and_limit(&mut self, entries_max: usize) {
        sort::sort_by(&mut self.peers, |one, other| {
            let reliability = other.reliability_score.cmp(&one.reliability_score);
            reliability.then(other.connection_count.cmp(&one.connection_count))
        });
        self.peers.truncate(entries_max);
    }

    /// Sorts into the order in which peers are dialled: those that relay first, then by reliability.
    pub fn sort_for_dialling(&mut self) {
        sort::sort_by(&mut self.peers, |one, other| {
            let relay = other.supports_relay.cmp(&one.supports_relay);
            relay.then(other.reliability_score.cmp(&one.reliability_score))
        });
    }

    /// Sorts by the last session, the latest first, then by id: another order in which peers are dialled.
    pub fn sort_by_success(&mut self) {
        sort::sort_by(&mut self.peers, |one, other| {
            let success = other.last_success.cmp(&one.last_success);
            success.then(other.last_seen.cmp(&one.last_seen)).then(one.peer_id.cmp(&other.peer_id))
        });
    }

    /// Moves time stamps that lie further in the future than clocks may differ to the present.
    pub fn clamp_to(&mut self, now: u64) {
        for entry in self.peers.iter_mut().filter(|entry| entry.last_seen > now.saturating_add(SKEW_MAX)) {
            entry.last_seen = now;
        }
    }

    /// Sums over the entries.
    #[must_use]
    pub fn statistics(&self) -> Statistics {
        let count =
            |is_so: fn(&CachedPeer) -> bool| self.peers.iter().filter(|one| is_so(one)).count() as u64;
        let transfers =
            |one: &CachedPeer| u64::from(one.successful_transfers) + u64::from(one.failed_transfers);
        let scores = self.peers.iter().map(|one| u64::from(one.reliability_score.ratio().millionths()));
        let total = self.peers.len() as u64;
        Statistics {
            total_peers: total,
            relay_capable_peers: count(|one| one.supports_relay),
            bootstrap_peers: count(|one| one.is_bootstrap),
            average_reliability_millionths: scores.sum::<u64>().checked_div(total).unwrap_or(0),
            total_transfers: self.peers.iter().map(transfers).sum(),
            total_bytes_transferred: self
                .peers
                .iter()
                .fold(0, |sum: u64, one| sum.saturating_add(one.total_bytes_transferred)),
        }
    }

    /// Reads a file.
    ///
    /// # Errors
    ///
    /// If the text is not JSON, a field is missing or of another kind, or there are too many entries.
    pub fn parse(text: &[u8]) -> Result<Self, Damage> {
        let mut reader = CacheReader::new(text);
        let cache = Self::read(&mut reader)?;
        reader.end()?;
        Ok(cache)
    }

    /// Reads the object of a cache.
    pub(super) fn read(reader: &mut CacheReader<'_>) -> Result<Self, Damage> {
        let (mut version, mut last_updated, mut peers) = (None, None, None);
        reader.object(|reader, key| match key {
            "version" => once(reader, key, &mut version, CacheReader::integer),
            "last_updated" => once(reader, key, &mut last_updated, CacheReader::integer),
            "peers" => once(reader, key, &mut peers, entries),
            _ => reader.skip(),
        })?;
        Ok(Self {
            version: required(reader, "version", version)?,
            last_updated: required(reader, "last_updated", last_updated)?,
            peers: required(reader, "peers", peers)?,
        })
    }

    /// The text of the file.
    #[must_use]
    pub fn to_text(&self) -> String {
        let mut text = String::with_capacity(80 + 480 * self.peers.len());
        let Self { version, last_updated, peers } = self;
        let _ = write!(
            text,
            "{{\n  \"version\": {version},\n  \"last_updated\": {last_updated},\n  \"peers\": ["
        );
        for (index, entry) in peers.iter().enumerate() {
            text.push_str(if index == 0 { "\n" } else { ",\n" });
            write_entry(&mut text, entry);
        }
        text.push_str(if peers.is_empty() { "]\n}" } else { "\n  ]\n}" });
        text
    }
}

/// Reads a field that may occur once.
pub(super) fn once<'a, T>(
    reader: &mut CacheReader<'a>,
    key: &str,
    slot: &mut Option<T>,
    read: impl FnOnce(&mut CacheReader<'a>) -> Result<T, Damage>,
) -> Result<(), Damage> {
    if slot.is_some() {
        return reader.damage(format!("the field `{key}` occurs twice"));
    }
    *slot = Some(
        read(reader).map_err(|damage| Damage { reason: format!("{key}: {}", damage.reason), ..damage })?,
    );
    Ok(())
}

pub(super) fn required<T>(reader: &CacheReader<'_>, key: &str, value: Option<T>) -> Result<T, Damage> {
    value.map_or_else(|| reader.damage(format!("the field `{key}` is missing")), Ok)
}

fn entries(reader: &mut CacheReader<'_>) -> Result<Vec<CachedPeer>, Damage> {
    let mut entries = Vec::new();
    reader.array(|reader| {
        if entries.len() >= READ_MAX {
            return reader.damage(format!("there are more than {READ_MAX} entries"));
        }
        entries.push(entry(reader)?);
        Ok(())
    })?;
    Ok(entries)
}

pub(super) fn strings(reader: &mut CacheReader<'_>) -> Result<Vec<String>, Damage> {
    let mut strings = Vec::new();
    reader.array(|reader| {
        strings.push(reader.string()?);
        Ok(())
    })?;
    Ok(strings)
}

fn entry(reader: &mut CacheReader<'_>) -> Result<CachedPeer, Damage> {
    let (mut peer_id, mut addresses, mut last_seen, mut score) = (None, None, None, None);
    let [mut connections, mut successful, mut failed, mut latency] = [None; 4];
    let (mut bytes, mut is_bootstrap, mut supports_relay) = (None, None, None);
    let ([mut last_success, mut last_failure], mut answers) = ([None; 2], None);
    reader.object(|reader, key| match key {
        "peer_id" => once(reader, key, &mut peer_id, CacheReader::string),
        "addresses" => once(reader, key, &mut addresses, strings),
        "last_seen" => once(reader, key, &mut last_seen, CacheReader::integer),
        "connection_count" => once(reader, key, &mut connections, CacheReader::integer),
        "successful_transfers" => once(reader, key, &mut successful, CacheReader::integer),
        "failed_transfers" => once(reader, key, &mut failed, CacheReader::integer),
        "total_bytes_transferred" => once(reader, key, &mut bytes, CacheReader::integer),
        "average_latency_ms" => once(reader, key, &mut latency, CacheReader::integer),
        "is_bootstrap" => once(reader, key, &mut is_bootstrap, CacheReader::bool),
        "supports_relay" => once(reader, key, &mut supports_relay, CacheReader::bool),
        "reliability_score" => once(reader, key, &mut score, |reader| reader.number().map(FileScore::parse)),
        LAST_SUCCESS => once(reader, key, &mut last_success, CacheReader::integer),
        LAST_FAILURE => once(reader, key, &mut last_failure, CacheReader::integer),
        ANSWERS => once(reader, key, &mut answers, CacheReader::integer),
        _ => reader.skip(),
    })?;
    Ok(CachedPeer {
        peer_id: required(reader, "peer_id", peer_id)?,
        addresses: required(reader, "addresses", addresses)?,
        last_seen: required(reader, "last_seen", last_seen)?,
        connection_count: required(reader, "connection_count", connections)?,
        successful_transfers: required(reader, "successful_transfers", successful)?,
        failed_transfers: required(reader, "failed_transfers", failed)?,
        total_bytes_transferred: required(reader, "total_bytes_transferred", bytes)?,
        average_latency_ms: required(reader, "average_latency_ms", latency)?,
        is_bootstrap: required(reader, "is_bootstrap", is_bootstrap)?,
        supports_relay: required(reader, "supports_relay", supports_relay)?,
        reliability_score: required(reader, "reliability_score", score)?,
        last_success,
        last_failure,
        answers,
    })
}

fn write_entry(text: &mut String, entry: &CachedPeer) {
    text.push_str("    {\n      \"peer_id\": ");
    write_string(text, &entry.peer_id);
    text.push_str(",\n      \"addresses\": [");
    for (index, address) in entry.addresses.iter().enumerate() {
        text.push_str(if index == 0 { "\n        " } else { ",\n        " });
        write_string(text, address);
    }
    text.push_str(if entry.addresses.is_empty() { "]" } else { "\n      ]" });
    let numbers: [(&str, u64); 6] = [
        ("last_seen", entry.last_seen),
        ("connection_count", entry.connection_count.into()),
        ("successful_transfers", entry.successful_transfers.into()),
        ("failed_transfers", entry.failed_transfers.into()),
        ("total_bytes_transferred", entry.total_bytes_transferred),
        ("average_latency_ms", entry.average_latency_ms.into()),
    ];
    for (key, number) in numbers {
        let _ = write!(text, ",\n      \"{key}\": {number}");
    }
    let CachedPeer { is_bootstrap, supports_relay, reliability_score, .. } = entry;
    let _ = write!(
        text,
        ",\n      \"is_bootstrap\": {is_bootstrap},\n      \"supports_relay\": {supports_relay}"
    );
    let _ = write!(text, ",\n      \"reliability_score\": {reliability_score}");
    let answers = entry.answers.map(u64::from);
    let optional =
        [(LAST_SUCCESS, entry.last_success), (LAST_FAILURE, entry.last_failure), (ANSWERS, answers)];
    for (key, number) in optional {
        if let Some(number) = number {
            let _ = write!(text, ",\n      \"{key}\": {number}");
        }
    }
    text.push_str("\n    }");
}

pub(super) fn write_string(text: &mut String, string: &str) {
    text.push('"');
    for character in string.chars() {
        match character {
            '"' => text.push_str("\\\""),
            '\\' => text.push_str("\\\\"),
            '\n' => text.push_str("\\n"),
            '\r' => text.push_str("\\r"),
            '\t' => text.push_str("\\t"),
            '\u{8}' => text.push_str("\\b"),
            '\u{c}' => text.push_str("\\f"),
            ..'\u{20}' => _ = write!(text, "\\u{:04x}", u32::from(character)),
            _ => text.push(character),
        }
    }
    text.push('"');
}
