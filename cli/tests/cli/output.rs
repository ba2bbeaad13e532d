//! Output files, standard streams, and names from outside.

use std::fs;
use std::path::{Path, PathBuf};

use crate::program::{command, file, ringside, ringside_with, small};

/// An empty folder of a test.
fn folder(name: &str) -> PathBuf {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = fs::remove_dir_all(&path);
    fs::create_dir_all(&path).unwrap();
    path
}

fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

#[test]
fn an_interrupted_or_failed_run_leaves_the_old_file() {
    let folder = folder("interrupted");
    let path = folder.join("history.csv");
    fs::write(&path, "old").unwrap();
    let csv = path.to_str().unwrap();
    let long = ["run", "improved", "--set=genesis.peers=3000", "--rounds=100000", "--csv", csv];
    let mut child = command(&long).spawn().unwrap();
    std::thread::sleep(std::time::Duration::from_millis(500));
    child.kill().unwrap();
    child.wait().unwrap();
    assert_eq!(
        (fs::read_to_string(&path).unwrap().as_str(), names(&folder)),
        ("old", vec!["history.csv".into()])
    );
    let failed = small("run", &["--rounds=5", "--inject=1 nothing", "--csv", csv]);
    assert!(failed.refusal().contains("nothing"));
    assert_eq!(fs::read_to_string(&path).unwrap(), "old");
    small("run", &["--rounds=5", "--csv", csv]).success();
    assert!(fs::read_to_string(&path).unwrap().starts_with("round,"));
    assert_eq!(names(&folder), ["history.csv"]);
}

#[test]
fn unusable_outputs_are_named_in_words() {
    let folder = folder("outputs");
    let name = folder.to_str().unwrap();
    assert!(small("run", &["--csv", name]).refusal().contains("is a folder"));
    let input = file("input.json", r#"{ "rounds": 3 }"#);
    for arguments in [
        &["run", &input, "--csv", &input][..],
        &["compare", "improved", &input, "--csv", &input],
        &["sweep", &input, "--vary=network.loss=0", "--csv", &input],
    ] {
        assert!(ringside(arguments).refusal().contains("is the experiment itself"), "{arguments:?}");
    }
    assert_eq!(fs::read_to_string(&input).unwrap(), r#"{ "rounds": 3 }"#);
}

#[test]
#[cfg(target_os = "linux")]
fn a_full_disk_is_named() {
    let full = small("run", &["--rounds=2", "--csv", "/dev/full"]);
    assert!(full.refusal().contains("the disk is full"), "{full:?}");
}

#[test]
fn a_dash_is_a_standard_stream() {
    let csv = small("run", &["--rounds=3", "--csv", "-"]).success();
    assert!(csv.starts_with("round,") && csv.lines().count() == 5, "{csv}");
    let sweep =
        small("sweep", &["--rounds=3", "--seeds=1", "--vary=network.loss=0,0.1", "--csv=-"]).success();
    assert!(sweep.starts_with("network.loss,") && sweep.lines().count() == 3, "{sweep}");
    let scenario = r#"{ "rounds": 2, "set": { "tokens": { "total": 50 } }, "expect": [{ "measure": "rounds", "at_least": 2 }] }"#;
    let test = ringside_with(&["test", "-"], scenario);
    assert!(test.code == 0 && test.stdout.contains("standard input"), "{test:?}");
}

#[test]
fn a_test_with_a_command_after_the_end_fails() {
    let scenario = r#"{ "preset": "improved", "rounds": 2, "set": { "tokens": { "total": 50 } }, "commands": [{ "at": 100, "kind": "heal" }],
        "expect": [{ "measure": "rounds", "at_least": 2 }] }"#;
    let test = ringside_with(&["test", "-"], scenario);
    assert!(
        test.code == 1 && test.stdout.contains("1 command after the end of the experiment, tick 2"),
        "{test:?}"
    );
}

#[test]
fn names_are_escaped_in_csv_and_on_the_terminal() {
    let folder = folder("names");
    for name in ["a,b.json", "=1+1.json", "e\u{1b}[31m.json"] {
        fs::write(folder.join(name), r#"{ "rounds": 2, "set": { "tokens": { "total": 50 } } }"#).unwrap();
    }
    let compare = |arguments: &[&str]| {
        let mut command =
            command(&[&["compare", "a,b.json", "=1+1.json", "e\u{1b}[31m.json"], arguments].concat());
        String::from_utf8(command.current_dir(&folder).output().unwrap().stdout).unwrap()
    };
    let csv = compare(&["--seeds=1", "--csv=-"]);
    let starts: Vec<_> = csv.lines().map(|line| &line[..6]).collect();
    assert_eq!(starts[..3], ["experi", "\"a,b\",", "'=1+1,"]);
    assert!(compare(&["--seeds=1"]).contains("e\u{fffd}[31m"));
    let seed = ringside(&["run", "improved", "--seed", "x\u{9b}31m"]);
    assert!(!seed.refusal().contains('\u{9b}'), "{seed:?}");
}

#[test]
fn long_histories_say_their_spacing_and_every_1_writes_each_round() {
    let world =
        ["run", "lifecycle-1", "--set=tokens.total=0", "--set=genesis.peers=1", "--rounds=3000", "--csv=-"];
    let thinned = ringside(&world);
    assert_eq!(thinned.stdout.lines().count(), 1 + 1_501);
    assert!(thinned.stderr.contains("1,501 rows, one for every 2 rounds; --every 1"), "{}", thinned.stderr);
    let whole = ringside(&[&world[..], &["--every=1"]].concat()).stdout;
    assert_eq!(whole.lines().count(), 1 + 3_001);
    assert_eq!(whole.lines().next_back(), thinned.stdout.lines().next_back());
    let many = ringside(&[&world[..], &["--every=1", "--rounds=1000000"]].concat());
    assert_eq!(many.code, 2);
    let short = small("run", &["--rounds=6", "--csv=-"]).success();
    assert_eq!(small("run", &["--rounds=6", "--csv=-", "--every=1"]).success(), short);
}

#[test]
fn files_with_unusual_names_are_opened_or_refused_in_words() {
    for name in [" blank.json ", "x#s=y.json", "1.AAAAAAAAAA"] {
        let path = file(name, r#"{ "rounds": 2, "set": { "tokens": { "total": 50 } } }"#);
        assert_eq!(ringside(&["run", &path]).code, 0, "{name}");
    }
    for jobs in ["0", "-1", "2000", "many"] {
        assert!(ringside(&["run", "improved", "--jobs", jobs]).refusal().contains("from 1 to 1024"));
    }
}

#[test]
#[cfg(unix)]
fn names_that_are_not_utf_8_are_refused_in_words() {
    use std::os::unix::ffi::OsStrExt as _;
    let name = std::ffi::OsStr::from_bytes(b"n\xff.json");
    let output = command(&["run"]).arg(name).output().unwrap();
    let text = String::from_utf8(output.stderr).unwrap();
    assert!(
        output.status.code() == Some(2) && text.contains("is not UTF-8 text") && text.contains("rename"),
        "{text}"
    );
}

#[test]
fn links_are_read_as_they_are_copied() {
    let link = ringside(&["link", "improved", "--no-run"]).success();
    let payload = link.trim().strip_prefix("#s=").unwrap();
    let scenario = ringside(&["scenario", payload]).success();
    for text in [
        format!("#s%3D{payload}"),
        payload.replace('.', "%2E"),
        format!("(https://example.org/#s={payload})."),
        format!("<#s={payload}>"),
        format!(" \"#s={payload}\"\n"),
    ] {
        assert_eq!(ringside(&["scenario", &text]).success(), scenario, "{text}");
        assert_eq!(ringside_with(&["scenario", "-"], &text).success(), scenario, "{text}");
    }
    assert!(
        ringside(&["scenario", &format!("#s={payload}&s={payload}")]).refusal().contains("holds two runs")
    );
}

#[test]
fn completions_and_manual_pages_are_generated() {
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        assert!(ringside(&["completions", shell]).success().contains("sensitivity"), "{shell}");
    }
    assert!(ringside(&["man"]).success().contains(".TH ringside 1"));
    assert!(ringside(&["man", "run"]).success().contains("inject"));
    assert!(ringside(&["man", "rum"]).refusal().contains("there is no command rum"));
}
