//! Unusable input: all problems at once, each with a remedy, and exit code 2.

use std::fs::File;

use crate::program::{file, ringside, ringside_with};

#[test]
fn unknown_targets_name_the_presets() {
    let finished = ringside(&["run", "lifecycel"]);
    assert!(finished.refusal().contains("no such file"), "{finished:?}");
    assert!(finished.stderr.contains("did you mean lifecycle?"), "{finished:?}");
    let finished = ringside(&["run", "missing/experiment.json"]);
    assert!(
        finished.refusal().contains("the presets are seed-000, next, as-claimed, improved, "),
        "{finished:?}"
    );
}

#[test]
fn unknown_knobs_come_with_a_suggestion() {
    let finished = ringside(&["run", "lifecycle", "--set", "network.los=0.1"]);
    assert_eq!(
        finished.refusal(),
        "error: lifecycle: --set network.los: there is no knob \"network.los\"\n  help: did you mean network.loss?\n"
    );
}

#[test]
fn all_problems_come_at_once() {
    let path = file("problems.json", r#"{ "rounds": 0, "sed": 1, "set": { "network": { "los": 1 } } }"#);
    let finished = ringside(&["run", &path, "--set=genesis.peers=0", "--set=nothing", "--seed=1"]);
    let expected = [
        "has 5 problems",
        "sed: ",
        "rounds: ",
        "set.network.los: ",
        "--set genesis.peers: ",
        "--set: \"nothing\" has no \"=\"",
    ];
    for text in expected {
        assert!(finished.refusal().contains(text), "{text} is missing: {finished:?}");
    }
    assert_eq!(finished.stderr.matches("help: ").count(), 5);
    assert!(!finished.stderr.contains('\u{1b}'), "there are colours: {finished:?}");
}

#[test]
fn settings_must_not_contradict_the_scenario() {
    let finished = ringside(&["link", "lifecycle", "--set=network.latency_min=900", "--no-run"]);
    assert!(finished.refusal().contains("900 is more than network.latency_max"), "{finished:?}");
    let both = ["--set=network.latency_min=900", "--set=network.latency_max=900"];
    assert_eq!(ringside(&[&["link", "lifecycle", "--no-run"], &both[..]].concat()).code, 0);
}

#[test]
fn errors_in_json_are_located() {
    let path = file("broken.json", "{\n  \"seed\": 1\n  \"rounds\": 2\n}\n");
    let finished = ringside(&["run", &path]);
    assert!(
        finished.refusal().contains("broken.json: line 3, column 3: expected a comma or a closing bracket"),
        "{finished:?}"
    );
}

#[test]
fn unreadable_files_are_refused() {
    let folder = ringside(&["run", env!("CARGO_TARGET_TMPDIR")]);
    assert!(folder.refusal().contains("cannot be read: "), "{folder:?}");
    let path = file("large.json", "");
    File::options().write(true).open(&path).unwrap().set_len(16 * 1024 * 1024 + 1).unwrap();
    assert!(ringside(&["run", &path]).refusal().contains("has more than 16 MiB"));
    let path = file("bytes.json", b"{ \"preset\": \"\xff\" }");
    assert!(ringside(&["run", &path]).refusal().contains("bytes.json: byte 13: is not UTF-8 text"));
}

#[test]
fn standard_input_is_read_as_a_file() {
    let scenario = r#"{ "preset": "lifecycle", "rounds": 2, "set": { "tokens": { "total": 50 } } }"#;
    let finished = ringside_with(&["run", "-", "--json"], scenario);
    assert_eq!((finished.code, finished.json()["rounds"].as_u64()), (0, Some(2)));
    assert!(ringside(&["run", "-"]).refusal().starts_with("error: standard input: is empty"));
    assert!(ringside_with(&["run", "-"], "[]").refusal().contains("expected an object"));
}

#[test]
fn numbers_must_be_in_range() {
    for seed in ["18446744073709551616", "-1", "1.5", "0x10000000000000000"] {
        let finished = ringside(&["run", "lifecycle", "--seed", seed]);
        assert!(finished.refusal().contains("from 0 to 18446744073709551615"), "{finished:?}");
    }
    assert!(ringside(&["run", "lifecycle", "--rounds=10000001"]).refusal().contains("0..=10000000"));
    assert!(ringside(&["run", "lifecycle", "--ticks=-1"]).refusal().contains("--ticks"));
}

#[test]
fn wrong_usage_has_the_exit_code_of_unusable_input() {
    for arguments in [&["run"][..], &["rum", "lifecycle"], &["run", "lifecycle", "--sed=1"], &[]] {
        assert!(ringside(arguments).refusal().contains("--help"), "{arguments:?}");
    }
}
