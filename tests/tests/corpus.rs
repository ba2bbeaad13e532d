//! Replay of the fuzzing corpus, which `cargo xtask fuzz --keep` extends.

use std::fs;
use std::path::Path;

use ringside_tests::fuzz::TARGETS;

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
