//! Namespaces of files: keys, names, headers, and whole worlds that change their network.

use crate::config::DamageRule;
use crate::config::knob::Setting;
use crate::observe::metrics::CacheMetrics;
use crate::scenario::Scenario;
use crate::sim::command::Command;
use crate::sim::disk::Disk;
use crate::stack::files::Files as _;
use crate::stack::peer_cache::format::{CachedPeer, FILE, PeerCache};
use crate::stack::peer_cache::namespace::{FileNames, Namespace, NamespacedCache};
use crate::stack::peer_cache::save::{Loaded, load_namespaced};
use crate::study::simulation::Simulation;

fn nodes(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

fn network(chain: u64) -> Namespace {
    Namespace::new(4_001, &nodes(&["/ip4/8.8.8.8/tcp/4001", "/dns/a/tcp/1"]), Some(chain))
}

fn cache(peers: &[(&str, Option<u64>)]) -> PeerCache {
    let entry = |(peer, last_success): &(&str, Option<u64>)| CachedPeer {
        peer_id: (*peer).to_owned(),
        addresses: vec![format!("/ip4/8.8.8.8/tcp/1/p2p/{peer}")],
        last_success: *last_success,
        ..CachedPeer::default()
    };
    PeerCache::new(1_700_000_000, peers.iter().map(entry).collect())
}

fn load(disk: &mut Disk, chain: u64) -> Loaded {
    load_namespaced(disk, DamageRule::Delete, &network(chain))
}

#[test]
fn a_key_depends_on_port_nodes_and_chain_and_on_nothing_else() {
    let key = network(1).key();
    // First half of the SHA-256 over the text, as another program computes it.
    assert_eq!(key, "286c490fda7cd9921ec02ac57f3c3758");
    assert_eq!(key, "286c490fda7cd9921ec02ac57f3c3758", "the first half of the hash");
    let same = ["/dns/a/tcp/1/", " /ip4/8.8.8.8/tcp/4001", "/dns/a/tcp/1", ""];
    assert_eq!(Namespace::new(4_001, &nodes(&same), Some(1)).key(), key);
    for other in [
        Namespace { port: 4_002, ..network(1) },
        Namespace { chain_id: None, ..network(1) },
        network(2),
        Namespace::new(4_001, &nodes(&same[1..2]), Some(1)),
    ] {
        assert_ne!(other.key(), key, "{other:?}");
    }
    let names = FileNames::of(&key);
    assert_eq!(names.file, format!("peer_cache.{key}.json"));
    assert_eq!(FileNames::key_in(&names.file), Some(key.as_str()));
    for name in [FILE, &names.aside, "peer_cache.0123.json", &names.file.to_uppercase()] {
        assert_eq!(FileNames::key_in(name), None, "{name}");
    }
}

#[test]
fn a_file_with_a_header_reads_as_it_was_written() {
    let file = NamespacedCache::new(network(7), cache(&[("b", Some(5)), ("a", None), ("\n", Some(9))]));
    let text = file.to_text();
    assert_eq!(NamespacedCache::parse(text.as_bytes()), Ok(file.clone()), "{text}");
    let json: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!(json["header"]["schema_version"], 1);
    assert_eq!(json["header"]["namespace_meta"]["chain_id"], 7);
    assert_eq!(json["cache"]["peers"][0]["peer_id"], "b");
    assert_eq!(json["last_successful_connect_at"]["b"], 5);
    assert!(file.is_of(&network(7)) && !file.is_of(&network(8)));
    let missing = text.replace("generated_at", "made_at");
    let damage = NamespacedCache::parse(missing.as_bytes()).unwrap_err();
    assert!(damage.reason.contains("`generated_at` is missing"), "{damage}");
}

#[test]
fn an_older_file_is_taken_over_once() {
    let mut disk = Disk::default();
    let old = cache(&[("a", None)]);
    disk.write(FILE, old.to_text().as_bytes()).unwrap();
    assert_eq!(load(&mut disk, 1), Loaded::TakenOver(old.clone()));
    assert_eq!(load(&mut disk, 1), Loaded::Found(old));
    assert_eq!(load(&mut disk, 2), Loaded::Missing, "it belongs to one network now");
    assert_eq!(disk.names().collect::<Vec<_>>(), [FileNames::of(&network(1).key()).file]);
}

#[test]
fn a_file_of_another_network_is_left_alone() {
    let mut disk = Disk::default();
    let names = FileNames::of(&network(1).key());
    let other = NamespacedCache::new(network(2), cache(&[("a", None)])).to_text();
    disk.write(&names.file, other.as_bytes()).unwrap();
    assert_eq!(load(&mut disk, 1), Loaded::Mismatched);
    assert_eq!(disk.read(&names.file), Some(other.as_bytes()));
    let forged = other.replace(&network(2).key(), &network(1).key());
    disk.write(&names.file, forged.as_bytes()).unwrap();
    assert_eq!(load(&mut disk, 1), Loaded::Mismatched, "the parts of the key are another network's");
}

#[test]
fn a_damaged_file_is_kept_aside_whatever_the_rule() {
    let mut disk = Disk::default();
    let names = FileNames::of(&network(1).key());
    disk.write(&names.file, b"{ torn").unwrap();
    disk.write(FILE, cache(&[]).to_text().as_bytes()).unwrap();
    assert!(matches!(load(&mut disk, 1), Loaded::Damaged(_)));
    assert_eq!(disk.read(&names.aside), Some(&b"{ torn"[..]));
    assert!(disk.read(FILE).is_some(), "the older file is not touched");
}

/// A host stops and starts three times; settings change while it is down.
fn life(settings: &[&str], changes: [&[&str]; 3]) -> CacheMetrics {
    let calm = [
        "genesis.peers=12",
        "cache.up_rounds=100",
        "cache.absence_s=0",
        "cache.cycles=3",
        "cache.offline_hourly=0",
        "cache.moved_hourly=0",
        "cache.reborn_hourly=0",
    ];
    let mut scenario = Scenario::with_settings("cache-1", &[&calm, settings].concat());
    scenario.rounds = 400;
    let mut run = Simulation::new(scenario);
    for (cycle, settings) in changes.iter().enumerate() {
        let ticks = run.world().clock().ticks_per_round;
        run.tick((cycle as u64 * 110 + 105) * ticks - run.now().0);
        for text in *settings {
            run.inject(Command::Set(Setting::parse_text(text).unwrap())).unwrap();
        }
    }
    run.run();
    run.metrics().cache.unwrap()
}

#[test]
fn a_host_in_another_network_tries_no_cached_peer_and_finds_its_file_when_it_is_back() {
    let plain = life(&[], [&["cache.chain=1"], &["cache.chain=0"], &[]]);
    let named = life(&["cache.namespace=on"], [&["cache.chain=1"], &["cache.chain=0"], &[]]);
    assert_eq!((plain.loads, named.loads), (3, 2), "{named:?}");
    assert!(named.attempted < plain.attempted && named.attempted > 0, "{named:?} {plain:?}");
    assert_eq!((plain.starts.success, named.starts.success), (3, 2), "{named:?}");
    assert_eq!((named.starts.empty_cache, named.starts.namespace_mismatch), (1, 0), "{named:?}");
    let taken = life(&[], [&["cache.namespace=on"], &[], &["cache.chain=1"]]);
    assert_eq!((taken.taken_over, taken.loads), (1, 2), "{taken:?}");
}

#[test]
fn names_are_looked_up_before_their_peers_are_dialled() {
    let plain = life(&[], [&[], &[], &[]]);
    let slow = life(&["cache.named=1", "cache.lookup_ms=400"], [&[], &[], &[]]);
    assert_eq!(plain.lookups, 0, "{plain:?}");
    assert!(slow.lookups >= slow.attempted && slow.attempted > 0, "{slow:?}");
    assert!(slow.settled_ms > plain.settled_ms, "{slow:?} {plain:?}");
    let silent = life(&["cache.named=1", "cache.lookup_ms=501"], [&[], &[], &[]]);
    assert_eq!(silent.succeeded, 0, "{silent:?}");
    let wide = life(&["cache.policy=wan"], [&[], &[], &[]]);
    assert!(
        wide.barred > 0 && wide.attempted < plain.attempted,
        "only the first six hosts are public: {wide:?}"
    );
}
