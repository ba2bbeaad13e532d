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
