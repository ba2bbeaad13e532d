//! Rules about shape: unique type names, short files, and no import cycles.

use std::collections::{BTreeMap, BTreeSet};

use ringside_tests::sources::{Source, named_paths};

use crate::{FILE_LINES_MAX, Violation};

/// (a) No type name is defined twice outside of tests.
pub(crate) fn duplicate_types(files: &[Source]) -> Vec<Violation> {
    let mut definitions: BTreeMap<String, Vec<(&Source, usize)>> = BTreeMap::new();
    for file in files.iter().filter(|file| !file.is_test()) {
        for (line, text) in (1..).zip(file.without_tests().lines()) {
            if let Some(name) = defined_type(text) {
                definitions.entry(name.to_owned()).or_default().push((file, line));
            }
        }
    }
    let is_duplicate = |(_, places): &(String, Vec<(&Source, usize)>)| places.len() > 1;
    let describe = |(name, places): (String, Vec<(&Source, usize)>)| {
        let others: Vec<String> =
            places[1..].iter().map(|(file, line)| format!("{}:{line}", file.path)).collect();
        let (file, line) = places[0];
        Violation::new(file, line, format!("the type {name} is also defined in {}", others.join(", ")))
    };
    definitions.into_iter().filter(is_duplicate).map(describe).collect()
}

/// The name of the type that a line defines; `None` for associated types, which are indented.
fn defined_type(line: &str) -> Option<&str> {
    let is_indented = line.starts_with(' ');
    let mut rest = line.trim_start();
    if let Some(after) = rest.strip_prefix("pub") {
        rest = if after.starts_with('(') { after.split_once(')')?.1 } else { after }.trim_start();
    }
    let (keyword, after) = rest.split_once(' ')?;
    let is_type =
        ["struct", "enum", "trait", "union"].contains(&keyword) || keyword == "type" && !is_indented;
    let end = after.find(|letter: char| !letter.is_alphanumeric() && letter != '_').unwrap_or(after.len());
    (is_type && end > 0).then_some(&after[..end])
}

/// (e) No file has more than `FILE_LINES_MAX` lines.
pub(crate) fn long_files(files: &[Source]) -> Vec<Violation> {
    let length = |file: &Source| file.text.lines().count();
    let is_long = |file: &&Source| length(file) > FILE_LINES_MAX;
    let describe = |file: &Source| {
        Violation::new(file, length(file), format!("more than {FILE_LINES_MAX} lines: split the file"))
    };
    files.iter().filter(is_long).map(describe).collect()
}

/// (f) No cycle of imports among the modules of one folder. `folder` is the crate's source folder.
pub(crate) fn import_cycles(files: &[Source], folder: &str) -> Vec<Violation> {
    let files: Vec<(Vec<String>, &Source)> = files
        .iter()
        .filter(|file| !file.is_test())
        .filter_map(|file| Some((module_path(&file.path, folder)?, file)))
        .collect();
    let modules: BTreeSet<&[String]> =
        files.iter().flat_map(|(path, _)| (1..=path.len()).map(|length| &path[..length])).collect();
    let exports: BTreeMap<&[String], BTreeMap<String, String>> =
        files.iter().map(|(path, file)| (path.as_slice(), exports(path, file, &modules))).collect();
    let mut graphs: BTreeMap<Vec<String>, BTreeMap<String, BTreeSet<String>>> = BTreeMap::new();
    for (path, file) in &files {
        for import in named_paths(&file.code()).iter().filter_map(|import| absolute(path, import)) {
            let shared = path.iter().zip(&import).take_while(|(own, other)| own == other).count();
            let (Some(from), Some(name)) = (path.get(shared), import.get(shared)) else { continue };
            let parent = &path[..shared];
            let child = [parent, std::slice::from_ref(name)].concat();
            let exported = || exports.get(parent).and_then(|exports| exports.get(name));
            let to = if modules.contains(child.as_slice()) { Some(name) } else { exported() };
            if let Some(to) = to.filter(|to| *to != from) {
                let graph = graphs.entry(parent.to_vec()).or_default();
                graph.entry(from.clone()).or_default().insert(to.clone());
            }
        }
    }
    let of_graph = |(parent, graph): (&Vec<String>, &BTreeMap<String, BTreeSet<String>>)| {
        cycle(graph).map(|modules| Violation {
            path: [&[folder.to_owned()], parent.as_slice()].concat().join("/"),
            line: 1,
            message: format!("modules import one another: {}", modules.join(", ")),
        })
    };
    graphs.iter().filter_map(of_graph).collect()
}

/// The module path of a file: `core/src/study/claims/check.rs` is `["study", "claims", "check"]`.
fn module_path(path: &str, folder: &str) -> Option<Vec<String>> {
    let inside = path.strip_prefix(folder)?.strip_prefix('/')?.strip_suffix(".rs")?;
    let mut segments: Vec<String> = inside.split('/').map(str::to_owned).collect();
    if segments.last().is_some_and(|name| ["mod", "lib", "main"].contains(&name.as_str())) {
        segments.pop();
    }
    Some(segments)
}

/// The path of an import from the root of the crate.
fn absolute(module: &[String], import: &[String]) -> Option<Vec<String>> {
    let ups = import.iter().take_while(|segment| *segment == "super").count();
    match import.first()?.as_str() {
        "crate" => Some(import[1..].to_vec()),
        "self" => Some([module, &import[1..]].concat()),
        // A child of the module, or another crate, which matches no module.
        _ if ups == 0 => Some([module, import].concat()),
        _ => Some([&module[..module.len().checked_sub(ups)?], &import[ups..]].concat()),
    }
}

/// Names that a module imports from its children, each with the child. `super::Name` in a child reaches them.
fn exports(module: &[String], file: &Source, modules: &BTreeSet<&[String]>) -> BTreeMap<String, String> {
    let below = named_paths(&file.code()).into_iter().filter_map(|path| absolute(module, &path));
    let from_child = |path: Vec<String>| {
        let child = path.get(module.len())?;
        let is_child = path.starts_with(module) && modules.contains(&path[..=module.len()]);
        let is_item = path.len() > module.len() + 1;
        (is_child && is_item).then(|| (path[path.len() - 1].clone(), child.clone()))
    };
    below.filter_map(from_child).collect()
}

/// The nodes of a cycle: all that reach themselves and one another, of the first such node.
fn cycle(graph: &BTreeMap<String, BTreeSet<String>>) -> Option<Vec<String>> {
    let reachable = |start: &String| {
        let mut reached = BTreeSet::new();
        let mut open = vec![start];
        while let Some(node) = open.pop() {
            for next in graph.get(node).into_iter().flatten() {
                if reached.insert(next.clone()) {
                    open.push(next);
                }
            }
        }
        reached
    };
    let reached: BTreeMap<&String, BTreeSet<String>> =
        graph.keys().map(|node| (node, reachable(node))).collect();
    let (start, from_start) = reached.iter().find(|(node, reached)| reached.contains(**node))?;
    let is_mutual = |node: &&String| reached.get(*node).is_some_and(|reached| reached.contains(*start));
    Some(from_start.iter().filter(is_mutual).cloned().collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source;

    fn messages(violations: &[Violation]) -> Vec<String> {
        violations.iter().map(Violation::to_string).collect()
    }

    #[test]
    fn a_type_that_is_defined_twice_is_found() {
        let one = source("a.rs", "pub struct Kind(u8);\npub(crate) enum Other { A }\n");
        let two = source("b/c.rs", "fn f() {\n    struct Kind;\n}\n\ntype Other<'a> = &'a u8;\n");
        assert_eq!(
            messages(&duplicate_types(&[one.clone(), two])),
            [
                "a.rs:1: the type Kind is also defined in b/c.rs:2",
                "a.rs:2: the type Other is also defined in b/c.rs:5",
            ]
        );
        let associated = source("b.rs", "impl Iterator for X {\n    type Other = u8;\n}\n// struct Kind\n");
        let in_tests = source("c.rs", "#[cfg(test)]\nmod tests {\n    struct Kind;\n}\n");
        let test_file = source("x/tests.rs", "struct Kind;\n");
        assert_eq!(messages(&duplicate_types(&[one, associated, in_tests, test_file])), [""; 0]);
    }

    #[test]
    fn a_long_file_is_found() {
        let [short, long] =
            [FILE_LINES_MAX, FILE_LINES_MAX + 1].map(|lines| source("a.rs", &"\n".repeat(lines)));
        assert_eq!(messages(&long_files(&[short])), [""; 0]);
        assert_eq!(messages(&long_files(&[long])), ["a.rs:451: more than 450 lines: split the file"]);
    }

    #[test]
    fn an_import_cycle_is_found_in_its_folder() {
        let cycle = |one: &str, two: &str| {
            let files = [
                source("src/lib.rs", "mod top;\n"),
                source(
                    "src/top/mod.rs",
                    "mod a;\nmod b;\nmod c;\npub use self::{a::{A as B, A2}, b::Other};\nuse a::A;\n",
                ),
                source("src/top/a.rs", one),
                source("src/top/b/mod.rs", "use super::c::C;\n"),
                source("src/top/b/deep.rs", two),
                source("src/top/c.rs", "use crate::other::{a, b};\n"),
            ];
            messages(&import_cycles(&files, "src"))
        };
        let found = ["src/top:1: modules import one another: a, b"];
        assert_eq!(cycle("use super::b::B;\n", "use crate::top::a::A;\n"), found);
        assert_eq!(cycle("use super::{c::C, b::{self, B}};\n", "use super::super::a::A;\n"), found);
        assert_eq!(cycle("fn f() { super::b::g() }\n", "use crate::{x::Y, top::{c, a::A}};\n"), found);
        assert_eq!(cycle("use super::b::B;\n", "use crate::top::A2;\n"), found, "through a re-export");
        assert_eq!(cycle("use super::Other;\n", "use crate::top::A;\n"), found, "through an import");
        assert_eq!(cycle("use super::Other;\n", "use crate::top::A3;\n"), [""; 0]);
        assert_eq!(cycle("use super::b::B;\n", "use super::c::C;\n"), [""; 0]);
        assert_eq!(cycle("// use super::b::B;\n", "use crate::top::a::A;\n"), [""; 0]);
        let in_tests = "#[cfg(test)]\nmod tests {\n    use super::super::b::B;\n}\n";
        assert_eq!(cycle(in_tests, "use crate::top::a::A;\n"), [""; 0]);
    }

    #[test]
    fn a_cycle_of_three_is_found_without_the_modules_that_only_lead_to_it() {
        let file =
            |name: &str, other: &str| source(&format!("src/{name}.rs"), &format!("use crate::{other}::X;\n"));
        let files = [file("a", "b"), file("b", "c"), file("c", "d"), file("d", "b"), file("e", "a")];
        assert_eq!(messages(&import_cycles(&files, "src")), ["src:1: modules import one another: b, c, d"]);
        assert_eq!(messages(&import_cycles(&files[..3], "src")), [""; 0]);
    }
}
