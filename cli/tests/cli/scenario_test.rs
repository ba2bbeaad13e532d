//! `ringside test`.

use std::path::Path;

use crate::program::{file, ringside};

const SMALL: &str =
    r#""preset": "lifecycle", "rounds": 5, "set": { "genesis": { "peers": 4 }, "tokens": { "total": 500 } }"#;

#[test]
fn the_shipped_scenarios_pass() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../scenarios");
    let text = ringside(&["test", folder.to_str().unwrap()]).success();
    assert!(text.contains("partition.json  The ring is cut in two, falls apart, and heals"), "{text}");
    assert!(text.ends_with("41 of 41 scenarios passed\n"), "{text}");
}

#[test]
fn a_failed_expectation_is_printed_with_the_value_found() {
    let expect = r#""expect": [{ "at": 3, "measure": "peers.running", "at_least": 9 }, { "measure": "ticks", "equals": 5 }]"#;
    let path = file("test-fails.json", format!("{{ {SMALL}, {expect} }}"));
    let finished = ringside(&["test", &path]);
    assert_eq!(finished.code, 1, "{finished:?}");
    for part in [
        "FAIL  round 3: expected peers.running at least 9, found 4",
        "pass  round 5: expected ticks equal to 5, found 5",
        "0 of 1",
    ] {
        assert!(finished.stdout.contains(part), "{part}: {finished:?}");
    }
    let list = ringside(&["test", &path, "--json"]).json();
    assert_eq!(list[0]["passed"], false);
    assert_eq!(
        (&list[0]["findings"][1]["found"], &list[0]["findings"][0]["round"]),
        (&"5".into(), &3.into())
    );
}

#[test]
fn a_refused_command_is_a_failure() {
    let command = r#""commands": [{ "at": 1, "kind": "crash", "peer": "0000000000000007" }]"#;
    let path = file(
        "test-refused.json",
        format!(r#"{{ {SMALL}, {command}, "expect": [{{ "measure": "ticks", "equals": 5 }}] }}"#),
    );
    let finished = ringside(&["test", &path]);
    assert_eq!(finished.code, 1);
    assert!(finished.stdout.contains("there is no peer 0000000000000007"), "{finished:?}");
}

#[test]
fn untestable_files_are_refused_before_anything_runs() {
    let refusal = |name: &str, expect: &str| {
        let path = file(name, format!("{{ {SMALL}, {expect} }}"));
        ringside(&["test", &path]).refusal().to_owned()
    };
    assert!(refusal("test-empty.json", r#""rounds": 5"#).contains("twice"));
    assert!(refusal("test-nothing.json", r#""title": "x""#).contains("nothing to test"));
    let unknown = r#""expect": [{ "measure": "peers.runing", "equals": 1 }]"#;
    assert!(refusal("test-unknown.json", unknown).contains("peers.runing is not in the report"));
    let object = r#""expect": [{ "measure": "peers", "equals": 1 }]"#;
    assert!(refusal("test-object.json", object).contains("peers is not a number"));
    assert_eq!(ringside(&["test", "nowhere.json"]).code, 2);
    assert_eq!(ringside(&["test", concat!(env!("CARGO_MANIFEST_DIR"), "/src")]).code, 2, "no JSON files");
}
