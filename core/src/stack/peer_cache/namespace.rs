//! Namespace of a cache: the network that its peers belong to. A file of another network is not dialled.
//!
//! The file is `peer_cache.<key>.json`. Its key is the first half of a SHA-256 over port, bootstrap nodes and
//! chain id; a header repeats what the key was made of, so that a file which was copied under another name is
//! found out.

use std::fmt::Write as _;

use sha2::{Digest as _, Sha256};

use super::format::{FILE, PeerCache, once, required, strings, write_string};
use super::json::{CacheReader, Damage};
use crate::base::sort;

/// Version of the header.
pub const SCHEMA_VERSION: u32 = 1;
/// Bytes of the hash that the key has.
const KEY_BYTES: usize = 16;

/// A network as a host was configured for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Namespace {
    /// Port on which the host listens.
    pub port: u16,
    /// Bootstrap nodes, each once, in ascending order.
    pub bootstrap_nodes: Vec<String>,
    /// Id of the chain; `None` if there is none.
    pub chain_id: Option<u64>,
}

impl Namespace {
    /// The namespace of a configuration. The order of the bootstrap nodes, repetitions, blanks around them
    /// and slashes behind them make no difference.
    #[must_use]
    pub fn new(port: u16, bootstrap_nodes: &[String], chain_id: Option<u64>) -> Self {
        let canonical = |node: &String| node.trim().trim_end_matches('/').to_owned();
        let mut nodes: Vec<String> = bootstrap_nodes.iter().map(canonical).collect();
        nodes.retain(|node| !node.is_empty());
        sort::sort_by(&mut nodes, String::cmp);
        nodes.dedup();
        Self { port, bootstrap_nodes: nodes, chain_id }
    }

    /// Key of the namespace: 32 hexadecimal digits.
    #[must_use]
    pub fn key(&self) -> String {
        let mut text = format!("port {}\n", self.port);
        self.bootstrap_nodes.iter().for_each(|node| text.extend(["node ", node.as_str(), "\n"]));
        if let Some(chain) = self.chain_id {
            let _ = writeln!(text, "chain {chain}");
        }
        let hash = Sha256::digest(text.as_bytes());
        let first = hash[..KEY_BYTES].iter().fold(0_u128, |key, byte| key << 8 | u128::from(*byte));
        format!("{first:032x}")
    }
}

/// Names of a file and of those beside it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileNames {
    /// The file.
    pub file: String,
    /// Name under which a file is written before it replaces the old one.
    pub temporary: String,
    /// Name under which a damaged file is kept aside.
    pub aside: String,
}

impl FileNames {
    /// Names without a namespace.
    #[must_use]
    pub fn plain() -> Self {
        let stem = FILE.trim_end_matches(".json");
        Self {
            file: FILE.to_owned(),
            temporary: format!("{stem}.tmp"),
            aside: format!("{stem}.damaged.json"),
        }
    }

    /// Names in the namespace with a key.
    #[must_use]
    pub fn of(key: &str) -> Self {
        let stem = format!("{}.{key}", FILE.trim_end_matches(".json"));
        Self {
            file: format!("{stem}.json"),
            temporary: format!("{stem}.tmp"),
            aside: format!("{stem}.damaged.json"),
        }
    }

    /// Key of the namespace in the name of a file; `None` if it has none.
    #[must_use]
    pub fn key_in(name: &str) -> Option<&str> {
        let stem = FILE.trim_end_matches(".json");
        let key = name.strip_prefix(stem)?.strip_prefix('.')?.strip_suffix(".json")?;
        let is_digit = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
        (key.len() == 2 * KEY_BYTES && key.bytes().all(is_digit)).then_some(key)
    }
}

/// Content of a file with a header.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NamespacedCache {
    /// Version of the header.
    pub schema_version: u32,
    /// Key that the header states.
    pub key: String,
    /// Namespace that the header states.
    pub namespace: Namespace,
    /// Unix time in seconds at which it was written.
    pub generated_at: u64,
    /// The cache, each entry with the time of its last session.
    pub cache: PeerCache,
}

impl NamespacedCache {
    /// A file of a namespace.
    #[must_use]
    pub fn new(namespace: Namespace, cache: PeerCache) -> Self {
        let (key, generated_at) = (namespace.key(), cache.last_updated);
        Self { schema_version: SCHEMA_VERSION, key, namespace, generated_at, cache }
    }

    /// Whether its peers belong to a namespace: its header states the key, and that of its parts is the same.
    #[must_use]
    pub fn is_of(&self, namespace: &Namespace) -> bool {
        self.key == namespace.key() && self.namespace == *namespace
    }

    /// Reads a file.
    ///
    /// # Errors
    ///
    /// If the text is not JSON, or a field is missing or of another kind.
    pub fn parse(text: &[u8]) -> Result<Self, Damage> {
        let mut reader = CacheReader::new(text);
        let (mut header, mut cache, mut successes) = (None, None, None);
        reader.object(|reader, key| match key {
            "header" => once(reader, key, &mut header, read_header),
            "cache" => once(reader, key, &mut cache, PeerCache::read),
            "last_successful_connect_at" => once(reader, key, &mut successes, read_times),
            _ => reader.skip(),
        })?;
        let (schema_version, key, namespace, generated_at) = required(&reader, "header", header)?;
        let mut cache = required(&reader, "cache", cache)?;
        let successes = required(&reader, "last_successful_connect_at", successes)?;
        reader.end()?;
        for entry in &mut cache.peers {
            let found = successes.binary_search_by(|(peer, _)| peer.as_str().cmp(&entry.peer_id));
            entry.last_success = found.ok().map(|index| successes[index].1);
        }
        Ok(Self { schema_version, key, namespace, generated_at, cache })
    }

    /// The text of the file.
    #[must_use]
    pub fn to_text(&self) -> String {
        let Self { schema_version, namespace, generated_at, .. } = self;
        let mut nodes = String::new();
        for (index, node) in namespace.bootstrap_nodes.iter().enumerate() {
            nodes.push_str(if index == 0 { "" } else { ", " });
            write_string(&mut nodes, node);
        }
        let chain = namespace.chain_id.map(|chain| format!(",\n      \"chain_id\": {chain}"));
        let mut key = String::new();
        write_string(&mut key, &self.key);
        let mut cache = self.cache.clone();
        cache.peers.iter_mut().for_each(|entry| entry.last_success = None);
        let mut text = String::with_capacity(600 * (1 + cache.peers.len()));
        let _ = write!(
            text,
            "{{\n  \"header\": {{\n    \"schema_version\": {schema_version},\n    \"namespace_key\": {key},\n    \
             \"namespace_meta\": {{\n      \"port\": {},\n      \"bootstrap_nodes\": [{nodes}]{}\n    }},\n    \
             \"generated_at\": {generated_at}\n  }},\n  \"cache\": ",
            namespace.port,
            chain.unwrap_or_default(),
        );
        // Line breaks within strings are escaped, so that each one begins a line of the layout.
        text.push_str(&cache.to_text().replace('\n', "\n  "));
        text.push_str(",\n  \"last_successful_connect_at\": {");
        self.write_times(&mut text);
        text.push_str("}\n}");
        text
    }

    /// Times of the last sessions, by peer.
    fn write_times(&self, text: &mut String) {
        let mut times: Vec<(&str, u64)> = Vec::new();
        times.extend(
            self.cache.peers.iter().filter_map(|one| Some((one.peer_id.as_str(), one.last_success?))),
        );
        times.sort_unstable();
        times.dedup_by_key(|one| one.0);
        for (index, (peer, at)) in times.iter().enumerate() {
            text.push_str(if index == 0 { "\n    " } else { ",\n    " });
            write_string(text, peer);
            let _ = write!(text, ": {at}");
        }
        text.push_str(if times.is_empty() { "" } else { "\n  " });
    }
}

/// Whether a text has the field of a header at its top: it is a file of a namespace, damaged or not.
#[must_use]
pub fn has_header(text: &[u8]) -> bool {
    let (mut reader, mut is_found) = (CacheReader::new(text), false);
    // Damage after the header leaves the answer as it is.
    let _ = reader.object(|reader, key| {
        is_found |= key == "header";
        reader.skip()
    });
    is_found
}

type HeaderParts = (u32, String, Namespace, u64);

fn read_header(reader: &mut CacheReader<'_>) -> Result<HeaderParts, Damage> {
    let (mut version, mut stated, mut meta, mut generated_at) = (None, None, None, None);
    reader.object(|reader, key| match key {
        "schema_version" => once(reader, key, &mut version, CacheReader::integer),
        "namespace_key" => once(reader, key, &mut stated, CacheReader::string),
        "namespace_meta" => once(reader, key, &mut meta, read_meta),
        "generated_at" => once(reader, key, &mut generated_at, CacheReader::integer),
        _ => reader.skip(),
    })?;
    Ok((
        required(reader, "schema_version", version)?,
        required(reader, "namespace_key", stated)?,
        required(reader, "namespace_meta", meta)?,
        required(reader, "generated_at", generated_at)?,
    ))
}

fn read_meta(reader: &mut CacheReader<'_>) -> Result<Namespace, Damage> {
    let (mut port, mut nodes, mut chain_id) = (None, None, None);
    reader.object(|reader, key| match key {
        "port" => once(reader, key, &mut port, CacheReader::integer),
        "bootstrap_nodes" => once(reader, key, &mut nodes, strings),
        "chain_id" => once(reader, key, &mut chain_id, CacheReader::optional_integer),
        _ => reader.skip(),
    })?;
    Ok(Namespace {
        port: required(reader, "port", port)?,
        bootstrap_nodes: required(reader, "bootstrap_nodes", nodes)?,
        chain_id: chain_id.flatten(),
    })
}

/// Times by peer, in ascending order of peer, each once.
fn read_times(reader: &mut CacheReader<'_>) -> Result<Vec<(String, u64)>, Damage> {
    let mut times: Vec<(String, u64)> = Vec::new();
    reader.object(|reader, key| {
        times.push((key.to_owned(), reader.integer()?));
        Ok(())
    })?;
    times.sort_unstable();
    times.dedup_by(|later, kept| later.0 == kept.0);
    Ok(times)
}
