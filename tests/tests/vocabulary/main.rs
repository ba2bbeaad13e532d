//! Vocabulary and shape of the sources: one meaning per type name, no banned words, short files, no
//! import cycles.
//!
//! Each rule is a function from sources to violations, with a test on the project and a test on examples
//! that must fail.

mod shape;
mod words;

use std::fmt;
use std::fs;

use ringside_tests::sources::{Source, root, sources};

use crate::shape::{duplicate_types, import_cycles, long_files};
use crate::words::{banned_words, clause_openers, is_mostly_plain, wide_comments};

/// The longest file of the core, in lines.
const FILE_LINES_MAX: usize = 450;

/// The largest share of doc comments that open with a clause, in percent.
const CLAUSE_OPENERS_MAX: usize = 8;

/// First words of a clause, which do not name the thing described.
const CLAUSE_OPENERS: &[&str] = &[
    "what",
    "who",
    "whom",
    "whose",
    "whoever",
    "how",
    "where",
    "when",
    "which",
    "that",
    "it",
    "they",
    "those",
    "these",
    "this",
    "as",
    "if",
    "nobody",
    "somebody",
    "everybody",
    "nothing",
    "everything",
    "there",
    "so",
];

/// Banned words of comments and documents, and their replacements.
const BANNED: &[(&str, &str)] = &[
    ("somebody", "the object: a peer, the caller"),
    ("someone", "the object: a peer, the caller"),
    ("nobody", "no peer, none"),
    ("everybody", "all peers, each peer"),
    ("whoever", "the object: a peer that ..."),
    ("whom", "the object: peers that ..."),
    ("so many", "this many, a number of"),
    ("anew", "again, newly"),
    ("hangs together", "is connected"),
    ("hang together", "are connected"),
    ("befalls", "happens to"),
    ("befall", "happen to"),
    ("befallen", "happened to"),
    ("comes of", "results from"),
    ("came of", "resulted from"),
    ("in vain", "without result"),
    ("where there is none", "`None` if ..."),
    ("luck", "random draws, random stream"),
    ("seed 000", "document 000"),
    ("seed 001", "document 001"),
    ("seed 002", "document 002"),
    ("seed 003", "document 003"),
    ("seed 004", "document 004"),
    ("seeds 000", "documents 000"),
    ("seeds 001", "documents 001"),
    ("seeds 002", "documents 002"),
    ("place", "index, position, path, slot"),
    ("places", "indices, positions, paths, slots"),
];

/// Phrases that may contain a banned word.
const ALLOWED: &[&str] = &[
    "in place",
    "take place",
    "takes place",
    "took place",
    "taking place",
    "decimal place",
    "decimal places",
    "out of place",
    "first place",
];

/// Folders and root documents in which words are checked.
const WORDED: &[(&str, &[&str])] = &[
    ("bench", &["rs", "md"]),
    ("cli", &["rs", "md"]),
    ("core", &["rs", "md"]),
    ("docs", &["md"]),
    ("fuzz", &["rs", "md"]),
    ("scenarios", &["md"]),
    ("tests", &["rs", "ts", "mjs", "md"]),
    ("wasm", &["rs", "ts", "md"]),
    ("web", &["ts", "tsx", "md"]),
    ("xtask", &["rs", "md"]),
];
const ROOT_DOCUMENTS: &[&str] = &["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md"];

/// Paths in which words are not checked: history, and generated code.
const UNWORDED: &[&str] = &["CHANGELOG", "docs/log/", "docs/claims.md", "web/src/wasm/"];

/// Folders whose modules name one another by design: the table of the layers holds the types of every
/// layer, and the contract of a layer speaks of the table's sum types.
const MUTUAL: &[&str] = &["core/src/stack"];

/// A violation of a rule, in the form `file:line: message`.
#[derive(Debug)]
struct Violation {
    path: String,
    line: usize,
    message: String,
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.path, self.line, self.message)
    }
}

impl Violation {
    fn new(source: &Source, line: usize, message: String) -> Self {
        Self { path: source.path.clone(), line, message }
    }
}

/// A source for examples.
#[cfg(test)]
fn source(path: &str, text: &str) -> Source {
    Source { path: path.to_owned(), text: text.to_owned() }
}

fn assert_none(violations: &[Violation]) {
    let list: Vec<String> = violations.iter().map(Violation::to_string).collect();
    assert!(list.is_empty(), "{} violations:\n{}", list.len(), list.join("\n"));
}

/// The Rust files of the core.
fn core() -> Vec<Source> {
    sources("core/src", &["rs"])
}

/// The Rust files of the project.
fn rust() -> Vec<Source> {
    let folders = ["bench", "cli", "core", "fuzz", "tests", "wasm", "xtask"];
    folders.iter().flat_map(|folder| sources(folder, &["rs"])).collect()
}

/// The Rust, TypeScript and Markdown files whose words are checked.
fn worded() -> Vec<Source> {
    let below = WORDED.iter().flat_map(|(folder, extensions)| sources(folder, extensions));
    let documents = ROOT_DOCUMENTS.iter().filter_map(|path| {
        let text = fs::read_to_string(root().join(path)).ok()?;
        Some(Source { path: (*path).to_owned(), text })
    });
    let all = below.chain(documents);
    all.filter(|source| !UNWORDED.iter().any(|path| source.path.starts_with(path))).collect()
}

/// `max_width` of `rustfmt.toml`.
fn max_width() -> usize {
    let settings = fs::read_to_string(root().join("rustfmt.toml")).expect("rustfmt.toml");
    let width = settings.lines().find_map(|line| line.strip_prefix("max_width = "));
    width.and_then(|width| width.trim().parse().ok()).expect("max_width")
}

#[test]
fn no_type_name_is_defined_twice_in_the_core() {
    assert_none(&duplicate_types(&core()));
}

#[test]
fn comments_and_documents_have_no_banned_words() {
    assert_none(&banned_words(&worded()));
}

#[test]
fn comments_keep_within_the_width_of_the_code() {
    assert_none(&wide_comments(&rust(), max_width()));
}

#[test]
fn few_doc_comments_open_with_a_clause() {
    let (openers, all) = clause_openers(&core());
    if !is_mostly_plain(openers.len(), all) {
        println!("{} of {all} doc comments open with a clause", openers.len());
        assert_none(&openers);
    }
}

#[test]
fn no_file_of_the_core_is_long() {
    assert_none(&long_files(&core()));
}

#[test]
fn modules_of_a_folder_of_the_core_do_not_import_one_another() {
    let mut cycles = import_cycles(&core(), "core/src");
    cycles.retain(|cycle| !MUTUAL.contains(&cycle.path.as_str()));
    assert_none(&cycles);
}

#[test]
fn modules_of_a_folder_of_xtask_do_not_import_one_another() {
    assert_none(&import_cycles(&sources("xtask/src", &["rs"]), "xtask/src"));
}
