//! The order of the layers: a module of the core imports only from modules listed before it, or from its own folder.

use std::fs;
use std::path::{Path, PathBuf};

fn core() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../core/src")
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The modules as `lib.rs` lists them.
fn modules() -> Vec<String> {
    let lib = read(&core().join("lib.rs"));
    let names = lib
        .lines()
        .filter_map(|line| line.trim_start_matches("pub ").strip_prefix("mod ")?.strip_suffix(';'));
    names.map(str::to_owned).collect()
}

fn files(module: &str) -> Vec<PathBuf> {
    let file = core().join(format!("{module}.rs"));
    if file.exists() { vec![file] } else { files_below(&core().join(module)) }
}

fn files_below(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let paths = entries.map(|entry| entry.expect("an entry").path());
    let nested = paths.map(|path| if path.is_dir() { files_below(&path) } else { vec![path] });
    nested.flatten().filter(|path| path.extension().is_some_and(|extension| extension == "rs")).collect()
}

/// The modules that a file names as `crate::module`, outside its tests and comments.
fn imports(source: &str) -> Vec<String> {
    let code = source.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default();
    let lines = code.lines().filter(|line| !line.trim_start().starts_with("//"));
    let named = lines.flat_map(|line| line.split("crate::").skip(1).map(str::to_owned).collect::<Vec<_>>());
    named
        .map(|rest| rest.chars().take_while(|letter| letter.is_alphanumeric() || *letter == '_').collect())
        .collect()
}

#[test]
fn a_module_imports_only_from_those_before_it() {
    let modules = modules();
    assert!(modules.len() > 15);
    for (place, module) in modules.iter().enumerate() {
        for file in files(module) {
            let inside = file.strip_prefix(core()).expect("a file of the core");
            let is_test =
                inside.iter().any(|part| ["tests", "tests.rs", "sample.rs"].iter().any(|name| part == *name));
            for import in imports(&read(&file)).into_iter().filter(|_| !is_test) {
                let allowed = modules[..=place].contains(&import);
                assert!(allowed, "{} imports from {import}, which is not below {module}", file.display());
            }
        }
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
    let mutant = read(&core().join("mutant.rs"));
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
