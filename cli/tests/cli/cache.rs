//! `ringside cache`: files of version 1 of the peer cache, and crashes while they are saved.

use std::fs;

use crate::program::ringside;

const ENTRY: &str = r#"{
      "peer_id": "PEER",
      "addresses": ["/ip4/192.168.1.100/tcp/4001"],
      "last_seen": 1700000000,
      "connection_count": 15,
      "successful_transfers": 12,
      "failed_transfers": 3,
      "total_bytes_transferred": 10485760,
      "average_latency_ms": 45,
      "is_bootstrap": false,
      "supports_relay": RELAY,
      "reliability_score": SCORE
    }"#;

fn entry(peer: &str, relay: &str, score: &str) -> String {
    ENTRY.replace("PEER", peer).replace("RELAY", relay).replace("SCORE", score)
}

fn file(name: &str, text: &str) -> String {
    let path = std::env::temp_dir().join(format!("ringside-cache-{}-{name}.json", std::process::id()));
    fs::write(&path, text).unwrap();
    path.to_string_lossy().into_owned()
}

fn sample(version: u32) -> String {
    let peers =
        [entry("good", "false", "0.95"), entry("relay", "true", "0.7"), entry("better", "true", "0.85")];
    format!(
        "{{\"version\": {version}, \"last_updated\": 1700000000, \"new\": null, \"peers\": [{}]}}",
        peers.join(",")
    )
}

#[test]
fn entries_are_shown_in_dial_order() {
    let text = sample(1);
    let path = file("order", &text);
    let shown = ringside(&["cache", "show", &path]).success();
    assert!(shown.starts_with("version 1, written at 1700000000\n3 peers, 2 relay, 0 bootstrap"), "{shown}");
    let rows = shown.lines().filter(|line| line.starts_with(|first: char| first.is_ascii_digit()));
    let peers: Vec<&str> = rows.filter_map(|row| row.split_whitespace().nth(1)).collect();
    assert_eq!(peers[peers.len() - 3..], ["better", "relay", "good"], "{shown}");
    let json = ringside(&["cache", "show", &path, "--json"]).json();
    assert_eq!(json["peers"][2]["peer_id"], "good");
    assert_eq!(json["peers"][2]["reliability_score"], 0.95);
    assert_eq!(json["statistics"]["total_transfers"], 45);
    assert_eq!(fs::read_to_string(&path).unwrap(), text, "the file is not changed");
}

#[test]
fn a_newer_version_is_shown_with_a_warning() {
    let shown = ringside(&["cache", "show", &file("newer", &sample(2))]);
    assert_eq!(shown.code, 0, "{shown:?}");
    assert!(shown.stdout.starts_with("version 2"), "{shown:?}");
    assert!(shown.stderr.contains("has version 2, newer than 1"), "{shown:?}");
}

#[test]
fn a_damaged_file_is_refused_with_line_and_reason() {
    let older = sample(1).replacen("      \"supports_relay\": false,\n", "", 1);
    let refused = ringside(&["cache", "show", &file("older", &older)]);
    let refusal = refused.refusal();
    assert!(refusal.contains("line 12") && refusal.contains("`supports_relay` is missing"), "{refusal}");
    assert!(
        ringside(&["cache", "show", &file("cut", &sample(1)[..300])]).refusal().contains("the text ends")
    );
    assert!(ringside(&["cache", "show", "/nowhere/peer_cache.json"]).refusal().contains("cannot be read"));
}

#[test]
fn a_byte_order_mark_is_skipped_with_a_warning_and_utf_16_is_refused() {
    let shown = ringside(&["cache", "show", &file("mark", &format!("\u{feff}{}", sample(1)))]);
    assert!(shown.code == 0 && shown.stdout.starts_with("version 1"), "{shown:?}");
    assert!(shown.stderr.contains("begins with a byte order mark"), "{shown:?}");
    let path = file("wide", "");
    let wide: Vec<u8> = sample(1).encode_utf16().flat_map(u16::to_le_bytes).collect();
    fs::write(&path, [&b"\xff\xfe"[..], &wide].concat()).unwrap();
    assert!(ringside(&["cache", "show", &path]).refusal().contains("the text is UTF-16"));
}

#[test]
fn a_namespaced_file_is_shown_with_its_network_and_a_wrong_name_is_warned_of() {
    let key = "0123456789abcdef0123456789abcdef";
    let header = format!(
        "{{\"schema_version\": 1, \"namespace_key\": \"{key}\", \"generated_at\": 5,
          \"namespace_meta\": {{\"port\": 4001, \"bootstrap_nodes\": [\"a\", \"b\"], \"chain_id\": 7}}}}"
    );
    let times = "{\"good\": 1700000000}";
    let text = format!(
        "{{\"header\": {header}, \"cache\": {}, \"last_successful_connect_at\": {times}}}",
        sample(1)
    );
    let path = file("namespaced", &text);
    let shown = ringside(&["cache", "show", &path]).success();
    assert!(
        shown.starts_with(&format!("namespace {key}: port 4001, chain 7, 2 bootstrap nodes\n")),
        "{shown}"
    );
    let json = ringside(&["cache", "show", &path, "--json"]).json();
    assert_eq!((&json["namespace"]["chain_id"], &json["peers"][2]["peer_id"]), (&7.into(), &"good".into()));
    let folder = std::env::temp_dir().join(format!("ringside-namespace-{}", std::process::id()));
    fs::create_dir_all(&folder).unwrap();
    let wrong = folder.join(format!("peer_cache.{}.json", key.replace('0', "f")));
    fs::write(&wrong, text.as_bytes()).unwrap();
    let shown = ringside(&["cache", "show", &wrong.to_string_lossy()]);
    fs::remove_dir_all(&folder).unwrap();
    assert!(shown.code == 0 && shown.stderr.contains("tries none of its peers"), "{shown:?}");
    let cut = file("namespaced-cut", &text.replace("\"port\": 4001, ", ""));
    assert!(ringside(&["cache", "show", &cut]).refusal().contains("`port` is missing"));
}

#[test]
fn a_policy_says_which_entries_are_dialled_and_why_not() {
    let named = |peer: &str, address: &str| {
        entry(peer, "false", "0.5").replace("/ip4/192.168.1.100/tcp/4001", address)
    };
    let peers = [
        named("wide", "/ip4/8.8.8.8/tcp/1/p2p/a"),
        named("home", "/ip4/10.0.0.1/tcp/1/p2p/b"),
        named("known", "/dns4/known.example/tcp/1/p2p/c"),
        named("bound", "/dns4/bound.example/tcp/1/p2p/d"),
        named("lost", "/dns4/lost.example/tcp/1/p2p/e"),
        named("bare", "/ip4/8.8.8.8/tcp/1"),
    ];
    let text = format!("{{\"version\": 1, \"last_updated\": 1, \"peers\": [{}]}}", peers.join(","));
    let path = file("policy", &text);
    let hosts = file("hosts", "8.8.8.8 known.example bound.example # public\n10.0.0.1 bound.example\n");
    let dialled = |policy: &str| {
        let arguments = ["cache", "show", &path, "--policy", policy, "--hosts", &hosts, "--json"];
        let json = ringside(&arguments).json();
        let verdict = |peer: &serde_json::Value| peer["dialled"].as_str().unwrap().to_owned();
        json["peers"].as_array().unwrap().iter().map(verdict).collect::<Vec<_>>()
    };
    let (bare, no) = ("no port or peer", "not public");
    assert_eq!(dialled("wan"), ["yes", no, "yes", no, "no answer for the name", bare]);
    assert_eq!(dialled("lan"), ["yes", "yes", "yes", "yes", "yes", bare]);
    assert_eq!(dialled("any"), ["yes"; 6]);
    let shown = ringside(&["cache", "show", &path, "--policy", "wan"]).success();
    assert!(shown.contains("dialled") && shown.contains(no), "{shown}");
    assert!(
        ringside(&["cache", "show", &path, "--policy", "none"]).refusal().contains("choose any, lan or wan")
    );
    let bad = file("bad-hosts", "known.example 8.8.8.8\n");
    let refused = ringside(&["cache", "show", &path, "--policy", "wan", "--hosts", &bad]);
    assert!(
        refused.refusal().contains("line 1") && refused.refusal().contains("no IP address"),
        "{refused:?}"
    );
}

#[test]
fn odd_files_are_refused_or_shown_without_entries() {
    let refusal = |path: &str| ringside(&["cache", "show", path]).refusal().to_owned();
    assert!(refusal(&file("empty", "")).contains("the text ends where an object should be"));
    assert!(refusal(&file("binary", "\u{0}\u{1}\u{7f}ELF")).contains("an object should be here"));
    assert!(refusal(&std::env::temp_dir().to_string_lossy()).contains("cannot be read"));
    let huge = std::env::temp_dir().join(format!("ringside-cache-{}-huge.json", std::process::id()));
    fs::File::create(&huge).unwrap().set_len((1 << 30) + 1).unwrap();
    let refused = refusal(&huge.to_string_lossy());
    fs::remove_file(&huge).unwrap();
    assert!(refused.contains("is larger than 1 GiB"), "{refused}");
    let bare = "{\"version\":99,\"last_updated\":1,\"peers\":[],\"new\":{\"a\":[1]}}";
    let shown = ringside(&["cache", "show", &file("bare", bare)]);
    assert!(shown.code == 0 && shown.stdout.ends_with("no entries\n"), "{shown:?}");
    assert!(shown.stderr.contains("has version 99"), "{shown:?}");
}

#[test]
fn a_crash_test_counts_old_new_and_damaged_files() {
    let found = ringside(&["cache", "crash-test", "--points", "200", "--json"]).json();
    let saves = found["saves"].as_array().unwrap();
    let names: Vec<_> = saves.iter().map(|save| save["save"].as_str().unwrap()).collect();
    assert_eq!(names, ["direct", "rename", "synced"]);
    for save in saves {
        assert_eq!(save["outcomes"].as_array().unwrap().len(), 200);
        let is_safe = save["damaged"] == 0 && save["lost"] == 0 && save["mixed"] == 0;
        assert_eq!(is_safe, save["save"] == "synced", "{save}");
    }
    let drawn = ringside(&["cache", "crash-test"]).success();
    assert!(drawn.contains("\nsynced  oooo") && drawn.contains("\ndirect  XXXX"), "{drawn}");
    assert!(ringside(&["cache", "crash-test", "--points", "0"]).refusal().contains("--points"));
}
