//! The project's source files as text, for tests of structure and vocabulary.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// Folders without sources of the project: build products and downloaded packages.
const SKIPPED: [&str; 6] = ["target", "node_modules", "dist", "wasm-target", ".git", "corpus"];

/// A source file.
#[derive(Clone, Debug)]
pub struct Source {
    /// The path relative to the root of the project, with `/`.
    pub path: String,
    /// The content.
    pub text: String,
}

/// Consecutive comment lines, or a paragraph of Markdown, joined by spaces.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Block {
    /// Whether it is a doc comment.
    pub is_doc: bool,
    /// The words, without comment markers.
    pub text: String,
    /// For each line the offset of its first byte in `text`, and its number from 1.
    lines: Vec<(usize, usize)>,
}

impl Block {
    fn new(is_doc: bool) -> Self {
        Self { is_doc, text: String::new(), lines: Vec::new() }
    }

    fn push(&mut self, line: usize, text: &str) {
        if !self.text.is_empty() {
            self.text.push(' ');
        }
        self.lines.push((self.text.len(), line));
        self.text.push_str(text);
    }

    /// The number of the line at an offset of `text`.
    #[must_use]
    pub fn line_at(&self, offset: usize) -> usize {
        self.lines.iter().rev().find(|(start, _)| *start <= offset).map_or(0, |(_, line)| *line)
    }

    /// The number of the first line.
    #[must_use]
    pub fn first_line(&self) -> usize {
        self.line_at(0)
    }
}

/// The root of the project.
#[must_use]
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// All files below a folder of the project with one of the extensions, in ascending order of path.
///
/// # Panics
///
/// If a file cannot be read.
#[must_use]
pub fn sources(folder: &str, extensions: &[&str]) -> Vec<Source> {
    let root = root();
    let mut paths = Vec::new();
    collect(&root.join(folder), &mut paths);
    paths.retain(|path| {
        extensions.iter().any(|wanted| path.extension().is_some_and(|found| found == *wanted))
    });
    paths.sort();
    let read = |path: PathBuf| {
        let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let path = path.strip_prefix(&root).unwrap_or(&path).to_string_lossy().replace('\\', "/");
        Source { path, text }
    };
    paths.into_iter().map(read).collect()
}

fn collect(folder: &Path, paths: &mut Vec<PathBuf>) {
    let entries = fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    for path in entries.map(|entry| entry.expect("an entry").path()) {
        if !path.is_dir() {
            paths.push(path);
        } else if !SKIPPED.iter().any(|name| path.ends_with(name)) {
            collect(&path, paths);
        }
    }
}

impl Source {
    /// Whether the whole file is test code: `tests.rs`, `sample.rs`, or in a folder `tests`.
    #[must_use]
    pub fn is_test(&self) -> bool {
        let name = self.path.rsplit('/').next().unwrap_or_default();
        ["tests.rs", "sample.rs"].contains(&name) || self.path.split('/').any(|part| part == "tests")
    }

    /// The text before the unit tests of the file.
    #[must_use]
    pub fn without_tests(&self) -> &str {
        self.text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default()
    }

    /// The code without comment lines and without unit tests.
    #[must_use]
    pub fn code(&self) -> String {
        let lines = self.without_tests().lines();
        lines.filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n")
    }

    /// The comments of a Rust or TypeScript file, or the paragraphs of a Markdown file. Code in fences
    /// is left out, and code between backticks is blanked.
    #[must_use]
    pub fn blocks(&self) -> Vec<Block> {
        let is_markdown = Path::new(&self.path).extension().is_some_and(|extension| extension == "md");
        let mut blocks: Vec<Block> = Vec::new();
        let mut open: Option<&str> = None;
        let (mut is_fenced, mut is_multiline) = (false, false);
        for (line, text) in (1..).zip(self.text.lines()) {
            let comment = if is_markdown {
                Some(text).filter(|text| !text.trim().is_empty()).map(|text| ("", text))
            } else {
                comment(text, &mut is_multiline)
            };
            let Some((marker, comment)) = comment else {
                (open, is_fenced) = (None, is_fenced && is_markdown);
                continue;
            };
            let is_fence = comment.trim_start().starts_with("```");
            is_fenced ^= is_fence;
            if is_fenced || is_fence || comment.trim().is_empty() {
                continue;
            }
            if open != Some(marker) {
                blocks.push(Block::new(["///", "//!", "/**"].contains(&marker)));
                open = Some(marker);
            }
            if let Some(block) = blocks.last_mut() {
                block.push(line, comment.trim());
            }
        }
        for block in &mut blocks {
            block.text = without_code(&block.text);
        }
        blocks
    }
}

/// The marker and the text of the comment in a line. `is_multiline` tells whether a `/* ... */` is open.
fn comment<'a>(line: &'a str, is_multiline: &mut bool) -> Option<(&'static str, &'a str)> {
    let trimmed = line.trim_start();
    if *is_multiline || trimmed.starts_with("/*") {
        *is_multiline = !trimmed.contains("*/");
        let text = trimmed.trim_start_matches(['/', '*']).trim_end().trim_end_matches("*/");
        return Some(("/**", text));
    }
    let marker = ["///", "//!", "//"].into_iter().find(|marker| trimmed.starts_with(marker))?;
    Some((marker, &trimmed[marker.len()..]))
}

/// The text with code between backticks blanked, at the same length in bytes.
fn without_code(text: &str) -> String {
    let mut is_code = false;
    let blank = |character: char| {
        is_code ^= character == '`';
        if is_code && character != '`' { " ".repeat(character.len_utf8()) } else { character.to_string() }
    };
    text.chars().map(blank).collect()
}

/// The paths in `use` declarations, and those that start with `crate`, `self` or `super` elsewhere, as
/// segments. Groups in braces are expanded; of `A as B` both names are included.
#[must_use]
pub fn named_paths(code: &str) -> BTreeSet<Vec<String>> {
    let mut paths = BTreeSet::new();
    for (at, start) in code.match_indices("use ") {
        expand(&code[at + start.len()..], &[], &mut paths);
    }
    for start in ["crate::", "self::", "super::"] {
        for (at, _) in code.match_indices(start) {
            let before = code[..at].chars().next_back();
            let is_start = before.is_none_or(|letter| !letter.is_alphanumeric() && !"_:$".contains(letter));
            if is_start {
                expand(&code[at..], &[], &mut paths);
            }
        }
    }
    paths
}

/// Adds the paths at the start of a text, behind a prefix; returns the rest of the text.
fn expand<'a>(text: &'a str, prefix: &[String], paths: &mut BTreeSet<Vec<String>>) -> &'a str {
    let text = text.trim_start();
    if let Some(mut rest) = text.strip_prefix('{') {
        loop {
            rest = expand(rest, prefix, paths).trim_start();
            match rest.strip_prefix(',') {
                Some(after) => rest = after,
                None => return rest.strip_prefix('}').unwrap_or(rest),
            }
        }
    }
    let length = text.find(|letter: char| !letter.is_alphanumeric() && letter != '_').unwrap_or(text.len());
    let (segment, rest) = text.split_at(length);
    if let Some(rest) = text.strip_prefix('*') {
        paths.insert([prefix, &["*".to_owned()]].concat());
        return rest;
    }
    if segment.is_empty() {
        return rest;
    }
    let path = [prefix, &[segment.to_owned()]].concat();
    if let Some(rest) = rest.strip_prefix("::") {
        return expand(rest, &path, paths);
    }
    paths.insert(path);
    rest.trim_start().strip_prefix("as ").map_or(rest, |alias| expand(alias, prefix, paths))
}
