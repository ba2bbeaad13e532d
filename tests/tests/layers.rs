//! The order of the layers: a folder of the core imports only from folders listed before it, or from itself.

use std::collections::BTreeSet;
use std::fs;

use ringside_tests::sources::{Source, named_paths, root, sources};

/// The folder of the core's sources.
const CORE: &str = "core/src";

/// Modules of the stack that its layers share.
const SHARED: [&str; 4] = ["address", "context", "layer", "timer"];

fn core() -> Vec<Source> {
    sources(CORE, &["rs"])
}

/// A file of the core.
fn file(path: &str) -> Source {
    let path = format!("{CORE}/{path}");
    core().into_iter().find(|source| source.path == path).unwrap_or_else(|| panic!("no file {path}"))
}

/// The folders of the core as `lib.rs` lists them, lowest layer first.
fn layers() -> Vec<String> {
    let lib = file("lib.rs").text;
    let names = lib.lines().filter_map(|line| line.strip_prefix("pub mod ")?.strip_suffix(';'));
    names.map(str::to_owned).collect()
}

/// The paths of a file into the core, from its root, as folder and module.
fn imports(source: &Source) -> BTreeSet<(String, String)> {
    let paths = named_paths(&source.code());
    let from_root = paths.iter().filter_map(|path| from_root(path, &module_of(source)));
    from_root
        .filter_map(|path| Some((path.first()?.clone(), path.get(1).cloned().unwrap_or_default())))
        .collect()
}

/// The module that a file of the core is: `stack/session/dial.rs` is `stack::session::dial`.
fn module_of(source: &Source) -> Vec<String> {
    let path = source.path.trim_start_matches(CORE).trim_end_matches(".rs").trim_end_matches("/mod");
    path.split('/').filter(|name| !name.is_empty()).map(str::to_owned).collect()
}

/// A path from the root of the core; `None` if it leads out of the core.
fn from_root(path: &[String], module: &[String]) -> Option<Vec<String>> {
    let ups = path.iter().take_while(|name| *name == "super").count();
    let start = match path[0].as_str() {
        "crate" => return Some(path[1..].to_vec()),
        "self" => return Some([module, &path[1..]].concat()),
        _ if ups == 0 => return None,
        _ => &module[..module.len().saturating_sub(ups)],
    };
    Some([start, &path[ups..]].concat())
}

#[test]
fn paths_are_followed_from_where_they_are_written() {
    let module = ["stack", "echo"].map(str::to_owned);
    let path = |text: &str| text.split("::").map(str::to_owned).collect::<Vec<_>>();
    let follow = |text| from_root(&path(text), &module).map(|path| path.join("::"));
    assert_eq!(follow("super::session::plan").as_deref(), Some("stack::session::plan"));
    assert_eq!(follow("super::super::base").as_deref(), Some("base"));
    assert_eq!(follow("self::inner").as_deref(), Some("stack::echo::inner"));
    assert_eq!(follow("crate::sim").as_deref(), Some("sim"));
    assert_eq!(follow("std::fmt"), None);
}

/// The files below a folder of the core, without tests.
fn files_below(folder: &str) -> Vec<Source> {
    let start = format!("{CORE}/{folder}/");
    core().into_iter().filter(|source| source.path.starts_with(&start) && !source.is_test()).collect()
}

#[test]
fn a_folder_imports_only_from_those_before_it() {
    let layers = layers();
    assert_eq!(layers, ["base", "config", "protocol", "stack", "sim", "scenario", "observe", "study"]);
    for (index, layer) in layers.iter().enumerate() {
        for source in files_below(layer) {
            for (import, _) in imports(&source) {
                let is_below = layers[..=index].contains(&import);
                assert!(is_below, "{} imports from {import}, which is not below {layer}", source.path);
            }
        }
    }
}

/// Only `layers.rs` names all layers and their order.
#[test]
fn layers_of_the_stack_do_not_import_one_another() {
    for source in files_below("stack") {
        let inside = source.path.trim_start_matches("core/src/stack/");
        let Some((own, _)) = inside.split_once('/') else { continue };
        for (layer, module) in imports(&source) {
            let is_allowed = layer != "stack" || module == own || SHARED.contains(&module.as_str());
            assert!(is_allowed, "{} imports from stack/{module}", source.path);
        }
    }
}

#[test]
fn every_folder_opens_with_a_page_that_explains_it() {
    for source in core().iter().filter(|source| source.path.ends_with("/mod.rs") && !source.is_test()) {
        assert!(source.text.starts_with("//! "), "{} has no opening page", source.path);
    }
}

/// The switch of the deliberate faults is the only ambient state, for tests alone.
#[test]
fn the_core_has_no_ambient_state_but_the_switch_of_the_faults() {
    let ambient = ["std::env", "thread_local", "static mut"];
    let cells = ["OnceLock", "LazyLock", "Atomic", "Mutex"];
    let is_switch = |source: &&Source| source.path.ends_with("mutant/switch.rs");
    // Tables that are computed once, from constants alone: they hold no state of a run.
    let is_table = |source: &Source| {
        ["metrics/table/mod.rs", "ensemble/measure.rs"].iter().any(|file| source.path.ends_with(file))
    };
    let has_any = |line: &str, names: &[&str]| names.iter().any(|name| line.contains(name));
    let is_ambient =
        |line: &str| has_any(line, &ambient) || (line.contains("static ") && has_any(line, &cells));
    let sources = core();
    for source in sources.iter().filter(|source| !is_switch(source)) {
        let mut lines =
            source.text.lines().filter(|line| !(is_table(source) && line.contains(": LazyLock<Vec<")));
        assert!(!lines.any(is_ambient), "{} has ambient state", source.path);
    }
    assert!(sources.iter().any(|source| is_switch(&source)));
    let switch = "#[cfg(feature = \"mutants\")]\nmod switch;";
    assert!(file("base/mutant/mod.rs").text.contains(switch), "no shipped build has the switch");
    let manifest = |name: &str| {
        let path = root().join(name).join("Cargo.toml");
        fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
    };
    for shipped in ["wasm", "cli", "bench"] {
        assert!(!manifest(shipped).contains("mutants"), "{shipped} is built without faults");
    }
    let core = manifest("core");
    let defaults: Vec<_> = core.lines().filter(|line| line.starts_with("default =")).collect();
    assert_eq!(defaults, ["default = [\"layers\"]"], "only the layers are on by default");
}

#[test]
fn the_core_has_no_clock_no_javascript_and_no_ambient_randomness() {
    let foreign =
        ["wasm_bindgen", "js_sys", "web_sys", "getrandom", "std::time", "std::thread", "HashMap", "println!"];
    for source in core() {
        for name in foreign {
            assert!(!source.text.contains(name), "{} mentions {name}", source.path);
        }
    }
}
