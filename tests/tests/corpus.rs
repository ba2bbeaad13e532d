//! What fuzzing has found worth keeping is tried again: see `cargo xtask fuzz`.

use std::fs;
use std::path::Path;

use ringside_tests::fuzz::TARGETS;

/// The kept inputs of a target, by name.
fn kept(target: &str) -> Vec<(String, Vec<u8>)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus").join(target);
    let entries = fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut paths: Vec<_> = entries.map(|entry| entry.expect("an entry").path()).collect();
    paths.sort();
    paths.iter().map(|path| (path.display().to_string(), fs::read(path).expect("a file"))).collect()
}

#[test]
fn nothing_that_was_kept_goes_wrong() {
    for (target, attempt) in TARGETS {
        let inputs = kept(target);
        assert!(inputs.len() >= 20, "{target}: {} inputs", inputs.len());
        for (name, bytes) in inputs {
            println!("{name}");
            attempt(&bytes);
        }
    }
}
