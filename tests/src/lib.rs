//! Shared code of the whole-simulation tests: golden runs, texts of scenarios, fuzz targets, mutation
//! testing, and the sources as text.

pub mod fuzz;
#[cfg(feature = "mutants")]
pub mod mutants;
pub mod reading;
pub mod sources;

use std::fmt::Write as _;

use ringside_core::scenario::Scenario;
use ringside_core::scenario::raw::Value;
use ringside_core::study::simulation::Simulation;

/// The recorded fingerprints, one line for each golden run.
pub const FINGERPRINTS: &str = include_str!("../golden/fingerprints.txt");
/// One link of each kind and released version, with recorded outcomes.
pub const LINKS: &str = include_str!("../golden/links.txt");

/// The scenarios of the golden runs in JSON. The wasm tests run the same ones.
pub const GOLDEN_RUNS: &[(&str, &str)] = &[
    ("the published experiment", r#"{ "preset": "seed-000-1", "seed": 1, "rounds": 60 }"#),
    ("the lifecycle", r#"{ "preset": "lifecycle-1", "seed": 1, "rounds": 80 }"#),
    ("our own protocol", r#"{ "preset": "improved", "seed": 1, "rounds": 200 }"#),
    ("what the documents promise", r#"{ "preset": "as-claimed-1", "seed": 1, "rounds": 60 }"#),
    (
        "many commands",
        r#"{ "preset": "lifecycle-1", "seed": 18446744073709551615, "rounds": 80, "commands": [
            { "at": 10, "kind": "join", "count": 3 },
            { "at": 20, "kind": "cut", "from": "0000000000000000", "to": "8000000000000000" },
            { "at": 30, "kind": "set", "path": "network.loss", "value": 0.2 },
            { "at": 50, "kind": "heal" },
            { "at": 55, "kind": "set", "path": "network.latency_max", "value": 9 }
        ] }"#,
    ),
    (
        "delays over many rounds",
        r#"{ "preset": "seed-000-1", "seed": 7, "rounds": 20, "set": {
            "genesis": { "peers": 60, "topology": "ring" },
            "network": { "delay": 0.9, "latency_min": 3, "latency_max": 700 }
        } }"#,
    ),
    (
        "a hundred peers at random",
        r#"{ "preset": "lifecycle-1", "seed": 3, "rounds": 30, "set": {
            "genesis": { "peers": 100, "topology": "random", "neighbors": 3 },
            "tokens": { "total": 50000 },
            "peers": { "frozen_samples": true, "sample_capacity": 40, "distance_pruning": true, "prune_protection_rounds": 5 }
        } }"#,
    ),
    (
        "queries that are passed on, along a chain",
        r#"{ "preset": "improved", "seed": 5, "rounds": 25, "set": {
            "genesis": { "topology": "chain", "peers": 20 },
            "election": { "agenda": "samples", "first_hops": "hybrid", "reelection_share": 0.5, "adaptive_threshold": true },
            "routing": { "strategy": "broadcast", "answers": "retrace" },
            "tokens": { "conflict_share": 0.2, "stale_share": 0.1 }
        } }"#,
    ),
    ("the published experiment, without favourites", r#"{ "preset": "seed-000", "seed": 1, "rounds": 60 }"#),
    ("the first two fixes, without favourites", r#"{ "preset": "next", "seed": 1, "rounds": 40 }"#),
    (
        "what the documents promise, without favourites",
        r#"{ "preset": "as-claimed", "seed": 1, "rounds": 60 }"#,
    ),
    ("sessions as published", r#"{ "preset": "sessions-shipped", "seed": 1, "rounds": 300 }"#),
    ("sessions at work", r#"{ "preset": "sessions", "seed": 1, "rounds": 300 }"#),
    (
        "peer caches",
        r#"{ "preset": "cache", "seed": 1, "rounds": 60, "set": { "cache": { "subjects": 5, "up_rounds": 20, "down_rounds": 5 } } }"#,
    ),
    ("radios", r#"{ "preset": "lora", "seed": 1, "rounds": 120 }"#),
    ("radios and gateways", r#"{ "preset": "lora-hybrid", "seed": 1, "rounds": 60 }"#),
    ("peer managers", r#"{ "preset": "peer-manager", "seed": 1, "rounds": 60 }"#),
    (
        "blocks as published",
        r#"{ "preset": "blocks-shipped", "seed": 1, "rounds": 40, "set": { "genesis": { "peers": 40 }, "load": { "from_round": 5 } } }"#,
    ),
    (
        "blocks at work",
        r#"{ "preset": "blocks", "seed": 1, "rounds": 40, "set": { "genesis": { "peers": 40 }, "load": { "from_round": 5, "conflict_share": 0.3 } } }"#,
    ),
    ("the lifecycle over sessions", r#"{ "preset": "lifecycle-sessions", "seed": 1, "rounds": 20 }"#),
    (
        "the lifecycle with caches",
        r#"{ "preset": "lifecycle-cache", "seed": 1, "rounds": 40, "set": { "genesis": { "peers": 20 }, "cache": { "up_rounds": 20, "down_rounds": 5 } } }"#,
    ),
    ("the lifecycle over radio", r#"{ "preset": "lifecycle-radio", "seed": 1, "rounds": 12 }"#),
    (
        "all documents",
        r#"{ "preset": "full-stack", "seed": 1, "rounds": 10, "set": { "genesis": { "peers": 30 }, "load": { "from_round": 2 } } }"#,
    ),
];

/// Reads a scenario in JSON.
///
/// # Panics
///
/// If it is invalid.
#[must_use]
pub fn scenario(json: &str) -> Scenario {
    let value: Value = serde_json::from_str(json).expect("JSON");
    Scenario::parse(&value).unwrap_or_else(|problems| panic!("{problems:#?}"))
}

/// Runs the golden scenarios; returns a line for each in the format of `golden/fingerprints.txt`.
#[must_use]
pub fn fingerprints() -> String {
    GOLDEN_RUNS.iter().fold(String::new(), |mut lines, (name, json)| {
        let mut run = Simulation::new(scenario(json));
        run.run();
        // Writing to a string cannot fail.
        let _ = writeln!(lines, "{} tick {:>5}  {name}", run.fingerprint(), run.now().0);
        lines
    })
}
