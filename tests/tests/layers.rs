//! The order of the layers: a folder of the core imports only from folders listed before it, or from itself.

use std::fs;
use std::path::{Path, PathBuf};

fn core() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../core/src")
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The folders of the core as `lib.rs` lists them, lowest layer first.
fn layers() -> Vec<String> {
    let lib = read(&core().join("lib.rs"));
    let names = lib.lines().filter_map(|line| line.strip_prefix("pub mod ")?.strip_suffix(';'));
    names.map(str::to_owned).collect()
}

fn files_below(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let paths = entries.map(|entry| entry.expect("an entry").path());
    let nested = paths.map(|path| if path.is_dir() { files_below(&path) } else { vec![path] });
    nested.flatten().filter(|path| path.extension().is_some_and(|extension| extension == "rs")).collect()
}

/// The code of a file without comments and without its own tests.
fn code(source: &str) -> String {
    let code = source.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default();
    code.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n")
}

/// The paths of two segments that a file names as `crate::folder::module`.
fn imports(source: &str) -> Vec<(String, String)> {
    let segment = |text: &str| -> String {
        text.chars().take_while(|letter| letter.is_alphanumeric() || *letter == '_').collect()
    };
    let code = code(source);
    let paths = code.split("crate::").skip(1);
    paths
        .map(|path| {
            let folder = segment(path);
            let rest = path[folder.len()..].strip_prefix("::").unwrap_or_default();
            (folder, segment(rest))
        })
        .collect()
}

fn is_test(inside: &Path) -> bool {
    inside.iter().any(|part| ["tests", "tests.rs", "sample.rs"].iter().any(|name| part == *name))
}

fn source_files(folder: &Path) -> impl Iterator<Item = PathBuf> {
    files_below(folder)
        .into_iter()
        .filter(|file| !is_test(file.strip_prefix(core()).expect("a file of the core")))
}

#[test]
fn a_folder_imports_only_from_those_before_it() {
    let layers = layers();
    assert_eq!(layers, ["base", "config", "protocol", "stack", "sim", "scenario", "observe", "study"]);
    for (index, layer) in layers.iter().enumerate() {
        for file in source_files(&core().join(layer)) {
            for (import, _) in imports(&read(&file)) {
                let is_below = layers[..=index].contains(&import);
                assert!(is_below, "{} imports from {import}, which is not below {layer}", file.display());
            }
        }
    }
}

/// Only `stack.rs` and `layer.rs` know which layers there are and in which order.
#[test]
fn layers_of_the_stack_do_not_import_one_another() {
    let stack = core().join("stack");
    let entries = fs::read_dir(&stack).expect("the stack");
    for folder in entries.map(|entry| entry.expect("an entry").path()).filter(|path| path.is_dir()) {
        let own = folder.file_name().and_then(|name| name.to_str()).expect("a name").to_owned();
        for file in source_files(&folder) {
            for (layer, module) in imports(&read(&file)) {
                let is_shared = ["context", "layer", "timer"].contains(&module.as_str());
                let is_allowed = layer != "stack" || module == own || is_shared;
                assert!(is_allowed, "{} imports from stack/{module}", file.display());
            }
        }
    }
}

#[test]
fn every_folder_opens_with_a_page_that_explains_it() {
    for file in files_below(&core()).iter().filter(|file| file.ends_with("mod.rs")) {
        if is_test(file.strip_prefix(core()).expect("a file of the core")) {
            continue;
        }
        assert!(read(file).starts_with("//! "), "{} has no opening page", file.display());
    }
}

/// Which deliberate fault is active is the one ambient thing, and it is there for tests alone.
#[test]
fn the_core_has_no_ambient_state_but_the_switch_of_the_faults() {
    let ambient = ["std::env", "thread_local", "static mut"];
    let cells = ["OnceLock", "LazyLock", "Atomic", "Mutex"];
    let is_switch = |file: &PathBuf| file.ends_with("mutant/switch.rs");
    let has_any = |line: &str, names: &[&str]| names.iter().any(|name| line.contains(name));
    let is_ambient = |source: &str| {
        source
            .lines()
            .any(|line| has_any(line, &ambient) || (line.contains("static ") && has_any(line, &cells)))
    };
    let files = files_below(&core());
    for file in files.iter().filter(|file| !is_switch(file)) {
        assert!(!is_ambient(&read(file)), "{} has ambient state", file.display());
    }
    assert!(files.iter().any(is_switch));
    let mutant = read(&core().join("base/mutant/mod.rs"));
    assert!(
        mutant.contains("#[cfg(feature = \"mutants\")]\nmod switch;"),
        "it is in nothing that is shipped"
    );
    let manifest = |name: &str| read(&core().join("../..").join(name).join("Cargo.toml"));
    for shipped in ["wasm", "cli", "bench"] {
        assert!(!manifest(shipped).contains("mutants"), "{shipped} is built without faults");
    }
    assert!(!manifest("core").contains("default ="), "no feature is on by itself");
}

#[test]
fn the_core_knows_neither_clock_nor_javascript_nor_ambient_chance() {
    let foreign =
        ["wasm_bindgen", "js_sys", "web_sys", "getrandom", "std::time", "std::thread", "HashMap", "println!"];
    for file in files_below(&core()) {
        let source = read(&file);
        for name in foreign {
            assert!(!source.contains(name), "{} mentions {name}", file.display());
        }
    }
}
