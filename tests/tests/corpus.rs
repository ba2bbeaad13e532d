//! Replay of the fuzzing corpus, which `cargo xtask fuzz --keep` extends.

use std::fs;
use std::path::Path;

use ringside_core::config::KNOBS;
use ringside_tests::fuzz::{TARGETS, knob};

/// The inputs of a target, with their paths.
fn corpus(target: &str) -> Vec<(String, Vec<u8>)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus").join(target);
    let entries = fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut paths: Vec<_> = entries.map(|entry| entry.expect("an entry").path()).collect();
    paths.sort();
    paths.iter().map(|path| (path.display().to_string(), fs::read(path).expect("a file"))).collect()
}

#[test]
fn no_input_of_the_corpus_fails() {
    for (target, fuzz) in TARGETS {
        let inputs = corpus(target);
        assert!(inputs.len() >= 20, "{target}: {} inputs", inputs.len());
        for (name, bytes) in inputs {
            println!("{name}");
            fuzz(&bytes);
        }
    }
}

#[test]
fn the_bytes_of_commands_reach_every_knob() {
    let drawn: Vec<&str> =
        (0..=255).flat_map(|index| [false, true].map(|from_end| knob(from_end, index).path)).collect();
    let missed = KNOBS.iter().filter(|knob| !drawn.contains(&knob.path)).map(|knob| knob.path);
    assert_eq!(missed.collect::<Vec<_>>(), [""; 0]);
}

/// The lock file of the fuzz targets is of another workspace, which no other command checks.
#[test]
fn the_lock_file_of_the_fuzz_targets_names_all_packages_of_the_core() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let read = |path: &str| fs::read_to_string(root.join(path)).expect("a text file");
    let manifest = read("core/Cargo.toml");
    let (_, dependencies) = manifest.split_once("\n[dependencies]\n").expect("dependencies");
    let section = dependencies.split("\n[").next().unwrap_or_default();
    let names = section.lines().filter_map(|line| line.split([' ', '=', '.']).next());
    let names: Vec<&str> = names.filter(|name| !name.is_empty() && !name.starts_with('#')).collect();
    assert!(names.contains(&"sha2"), "{names:?}");
    let lock = read("fuzz/Cargo.lock");
    let missed = names.into_iter().filter(|name| !lock.contains(&format!("\nname = \"{name}\"\n")));
    assert_eq!(missed.collect::<Vec<_>>(), [""; 0]);
}

#[test]
fn the_corpus_reaches_blocks() {
    for (name, bytes) in corpus("scenario").into_iter().filter(|(name, _)| name.contains("blocks-with")) {
        let value = serde_json::from_slice(&bytes).expect("JSON");
        let trial = ringside_core::scenario::expect::Trial::parse(&value);
        assert!(trial.is_ok(), "{name}: {trial:?}");
    }
    let inputs = corpus("commands").into_iter().filter(|(name, _)| name.contains("blocks-"));
    let committed = inputs.map(|(_, bytes)| {
        let run = ringside_tests::fuzz::run_commands(&bytes);
        run.metrics().blocks.expect("peers vote on blocks").committed
    });
    let committed: Vec<u64> = committed.collect();
    assert!(committed.len() == 2 && committed.iter().all(|count| *count > 0), "{committed:?}");
}
