//! `ringside link` and `ringside verify`.

use ringside_core::base::digest::Fingerprint;
use ringside_core::scenario::link::{self, Link};

use crate::program::{file, ringside, ringside_with, small};

/// A link of the small world with its outcome after four rounds.
fn honest() -> String {
    small("link", &["--rounds=4"]).success().trim().to_owned()
}

/// The same link with an altered outcome.
fn altered(change: impl FnOnce(&mut Link)) -> String {
    let mut link = link::decode(&honest()).unwrap();
    change(&mut link);
    link::encode(&link).unwrap()
}

fn with_wrong_fingerprint() -> String {
    altered(|link| link.claim.as_mut().unwrap().fingerprint = Fingerprint(1))
}

#[test]
fn a_link_reproduces_the_run_of_its_file() {
    let scenario = r#"{
        "preset": "lifecycle", "seed": "18446744073709551615", "rounds": 5,
        "set": { "tokens": { "total": 300 }, "network": { "loss": 0.1 } },
        "commands": [{ "at": 2, "kind": "join", "count": 3 }]
    }"#;
    let path = file("reproduced.json", scenario);
    let from_file = ringside(&["run", &path, "--json"]);
    let link = ringside(&["link", &path]).success();
    assert!(link.starts_with("#s=1.") && link.ends_with('\n'), "{link}");
    for target in [link.trim(), link.trim().trim_start_matches("#s=")] {
        let from_link = ringside(&["run", target, "--json"]);
        assert_eq!(from_link.field("fingerprint"), from_file.field("fingerprint"));
        assert_eq!(from_link.field("seed"), "18446744073709551615");
        assert_eq!(from_link.json()["verdict"]["kind"], "reproduced");
        assert_eq!(from_link.code, 0);
    }
}

#[test]
fn links_are_read_from_files_and_from_the_standard_input() {
    let link = honest();
    let path = file("link.txt", format!("{link}\n"));
    assert!(ringside(&["verify", &path]).success().contains("reproduced"));
    assert!(
        ringside_with(&["verify", "-"], &format!("https://example.org/{link}\n"))
            .success()
            .contains("reproduced")
    );
    assert!(ringside_with(&["run", "-", "--rounds=4"], &link).success().contains("reproduced"));
}

#[test]
fn the_scenario_of_a_link_can_be_printed_and_edited_as_a_file() {
    let scenario = r#"{ "preset": "improved", "seed": 9, "rounds": 5, "set": { "genesis": { "peers": 6 } },
        "commands": [{ "at": 2, "kind": "join", "count": 3 }] }"#;
    let link = ringside(&["link", &file("described.json", scenario), "--no-run"]).success();
    let written = ringside_with(&["scenario", "-"], &link).success();
    let described: serde_json::Value = serde_json::from_str(&written).expect("it is JSON");
    assert_eq!(described["set"]["genesis"]["peers"], 6);
    assert_eq!(described["commands"][0]["kind"], "join");
    assert!(written.lines().count() > 10, "it is indented: {written}");
    let again = file("written.json", &written);
    assert_eq!(ringside(&["link", &again, "--no-run"]).success(), link);
    let changed = ringside(&["scenario", &again, "--set", "network.loss=0.25"]).json();
    assert_eq!(changed["set"]["network"]["loss"], 0.25);
}

#[test]
fn a_base_makes_the_link_a_url() {
    let link = |base: &[&str]| small("link", &[&["--no-run"], base].concat()).success();
    let bare = link(&[]);
    assert_eq!(link(&["--base", "https://example.org/lab/"]), format!("https://example.org/lab/{bare}"));
    assert_eq!(link(&["--base", "https://example.org/#s=1.old"]), format!("https://example.org/{bare}"));
    assert_eq!(link::decode(&bare).unwrap().claim, None);
}

#[test]
fn verify_reports_by_its_exit_code() {
    let finished = ringside(&["verify", &honest()]);
    let fingerprint = small("run", &["--rounds=4", "--json"]).field("fingerprint");
    let expected = format!("reproduced: identical to the bit at tick 4, fingerprint {fingerprint}\n");
    assert_eq!(finished.success(), expected);

    let finished = ringside(&["verify", &with_wrong_fingerprint()]);
    assert_eq!(finished.code, 1, "{finished:?}");
    assert!(
        finished.stdout.starts_with("differs: identical until tick 3, different at tick 4"),
        "{finished:?}"
    );
    assert!(
        finished.stdout.contains("recorded 0000000000000001, found ")
            && finished.stdout.contains(&fingerprint)
    );

    let early = altered(|link| link.claim.as_mut().unwrap().ladder[1].trace ^= 1);
    let finished = ringside(&["verify", &early]);
    assert_eq!(finished.code, 1, "{finished:?}");
    assert!(
        finished.stdout.starts_with("differs: identical until tick 1, different at tick 2"),
        "{finished:?}"
    );
}

#[test]
fn verify_needs_a_recorded_outcome() {
    for target in ["lifecycle", &altered(|link| link.claim = None)] {
        let finished = ringside(&["verify", target]);
        assert!(finished.refusal().contains("records no outcome"), "{finished:?}");
    }
}

#[test]
fn damaged_links_are_refused_with_the_reason() {
    let link = honest();
    let cut = ringside(&["verify", &link[..link.len() - 3]]);
    assert!(cut.refusal().starts_with("error: the link: is cut off"), "{cut:?}");
    let newer = ringside(&["run", &link.replace("=1.", "=9.")]);
    assert!(newer.refusal().contains("a newer version of Ringside"), "{newer:?}");
    let address = ringside(&["run", "https://example.org/"]);
    assert!(address.refusal().contains("is not a link of Ringside"), "{address:?}");
}

#[test]
fn a_run_reports_the_reproduction_status_of_its_link() {
    let verdict = |arguments: &[&str]| {
        let finished = ringside(&[&["run", "--json"], arguments].concat());
        (finished.code, finished.json()["verdict"]["kind"].as_str().map(str::to_owned))
    };
    let known = |code, kind: &str| (code, Some(kind.to_owned()));
    let (honest, wrong) = (honest(), with_wrong_fingerprint());
    assert_eq!(verdict(&[&honest, "--rounds=4"]), known(0, "reproduced"));
    assert_eq!(verdict(&[&honest, "--rounds=3"]), known(0, "pending"));
    assert_eq!(verdict(&[&wrong, "--rounds=4"]), known(1, "differs"));
    assert!(ringside(&["run", &wrong, "--rounds=4"]).stdout.contains("differs: identical until tick 3"));
    // An override drops the recorded outcome.
    assert_eq!(verdict(&[&wrong, "--rounds=4", "--seed=1"]), (0, None));
    assert_eq!(verdict(&[&wrong, "--rounds=4", "--set=network.loss=0.5"]), (0, None));
}

#[test]
fn a_new_link_does_not_repeat_a_wrong_outcome() {
    let finished = ringside(&["link", &with_wrong_fingerprint(), "--rounds=4"]);
    assert_eq!((finished.code, finished.stdout.trim()), (0, honest().as_str()));
    assert!(finished.stderr.starts_with("warning: the given link differs"), "{finished:?}");
}
