//! Rules about words: banned words, the width of comments, and the openings of doc comments.

use ringside_tests::sources::{Block, Source};

use crate::{ALLOWED, BANNED, CLAUSE_OPENERS, CLAUSE_OPENERS_MAX, Violation};

/// (b) No banned word in comments and documents.
pub(crate) fn banned_words(files: &[Source]) -> Vec<Violation> {
    let in_block = |file: &Source, block: &Block| -> Vec<Violation> {
        let text = block.text.to_lowercase();
        let mut found = Vec::new();
        for (word, replacement) in BANNED {
            for (at, _) in text.match_indices(word).filter(|(at, _)| is_word(&text, *at, word)) {
                if !is_allowed(&text, at, word) {
                    let message = format!("\"{word}\": write {replacement}");
                    found.push(Violation::new(file, block.line_at(at), message));
                }
            }
        }
        found
    };
    let of_file = |file: &Source| -> Vec<Violation> {
        file.blocks().iter().flat_map(|block| in_block(file, block)).collect()
    };
    files.iter().flat_map(of_file).collect()
}

fn is_word(text: &str, at: usize, word: &str) -> bool {
    let is_letter = |letter: char| letter.is_alphanumeric() || letter == '_' || letter == '-';
    let before = text[..at].chars().next_back();
    let after = text[at + word.len()..].chars().next();
    !before.is_some_and(is_letter) && !after.is_some_and(is_letter)
}

/// Whether the word at an offset is part of an allowed phrase.
fn is_allowed(text: &str, at: usize, word: &str) -> bool {
    ALLOWED.iter().any(|phrase| {
        text.match_indices(phrase).any(|(start, _)| {
            start <= at && at + word.len() <= start + phrase.len() && is_word(text, start, phrase)
        })
    })
}

/// (c) Comment lines keep within the width of the code.
pub(crate) fn wide_comments(files: &[Source], width: usize) -> Vec<Violation> {
    let of_file = |file: &Source| -> Vec<Violation> {
        let lines = (1..).zip(file.text.lines());
        let is_wide = |line: &str| line.trim_start().starts_with("//") && line.chars().count() > width;
        lines
            .filter(|(_, line)| is_wide(line))
            .map(|(number, line)| {
                Violation::new(file, number, format!("{} columns, over {width}", line.chars().count()))
            })
            .collect()
    };
    files.iter().flat_map(of_file).collect()
}

/// (d) The doc comments that open with a clause, and the number of all doc comments.
pub(crate) fn clause_openers(files: &[Source]) -> (Vec<Violation>, usize) {
    let (mut found, mut all) = (Vec::new(), 0);
    for file in files.iter().filter(|file| !file.is_test()) {
        let end = file.without_tests().lines().count();
        for block in file.blocks().iter().filter(|block| block.is_doc && block.first_line() <= end) {
            all += 1;
            let first = block.text.split(|letter: char| !letter.is_alphanumeric()).next().unwrap_or_default();
            if CLAUSE_OPENERS.contains(&first.to_lowercase().as_str()) {
                found.push(Violation::new(file, block.first_line(), format!("opens with \"{first}\"")));
            }
        }
    }
    (found, all)
}

pub(crate) fn is_mostly_plain(openers: usize, all: usize) -> bool {
    openers * 100 < all * CLAUSE_OPENERS_MAX
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source;

    fn messages(violations: &[Violation]) -> Vec<String> {
        violations.iter().map(Violation::to_string).collect()
    }

    #[test]
    fn a_banned_word_is_found_with_its_line_and_replacement() {
        let rust =
            "/// The peers that\n/// somebody\n/// names.\nfn nobody() {}\nlet a = \"luck\"; // Luck.\n";
        assert_eq!(
            messages(&banned_words(&[source("a.rs", rust)])),
            ["a.rs:2: \"somebody\": write the object: a peer, the caller"]
        );
        let wrapped = "// All that hangs\n// together.\n";
        let found = messages(&banned_words(&[source("a.ts", wrapped)]));
        assert_eq!(found, ["a.ts:1: \"hangs together\": write is connected"], "a phrase may wrap");
        let block = "/**\n * No luck\n */\nconst luck = 1;\n";
        assert_eq!(banned_words(&[source("a.ts", block)])[0].line, 2);
        let markdown = "# Seed 000\n\nIt comes of luck.\n";
        assert_eq!(banned_words(&[source("a.md", markdown)]).len(), 3);
        for (word, _) in BANNED {
            let text = format!("// So {word} here.\n");
            assert!(!banned_words(&[source("a.rs", &text)]).is_empty(), "{word}");
        }
    }

    #[test]
    fn code_parts_of_words_and_allowed_phrases_are_no_violations() {
        let rust = "/// A `place` in place, with two decimal places; `seed 000`, placeholders and replacements.\n\
                    /// ```\n/// let luck = 1;\n/// ```\n/// It is plucked from an x-luck.\nfn luck() {}\n";
        assert_eq!(messages(&banned_words(&[source("a.rs", rust)])), [""; 0]);
        let markdown = "Text.\n\n```sh\nringside run place\n\nluck\n```\n\nMore.\n";
        assert_eq!(messages(&banned_words(&[source("a.md", markdown)])), [""; 0]);
    }

    #[test]
    fn a_wide_comment_is_found_and_wide_code_is_not() {
        let wide = format!(
            "    // {}\n    /// {}\nlet a = \"{}\";\n",
            "x".repeat(103),
            "y".repeat(102),
            "z".repeat(200)
        );
        let found = messages(&wide_comments(&[source("a.rs", &wide)], 109));
        assert_eq!(found, ["a.rs:1: 110 columns, over 109", "a.rs:2: 110 columns, over 109"]);
        assert_eq!(messages(&wide_comments(&[source("a.rs", &wide)], 110)), [""; 0]);
    }

    #[test]
    fn clause_openers_are_counted_in_doc_comments_outside_of_tests() {
        let docs = "//! What this is.\n\n/// Who it is.\n/// Where it is.\nfn a() {}\n\n";
        let plain = "/// `Whoever` counts peers.\nfn b() {}\n// If not.\n/// Whether it is on.\nfn c() {}\n";
        let in_tests = "#[cfg(test)]\nmod tests {\n    /// As before.\n}\n";
        let rust = &[docs, plain, in_tests].concat();
        let (found, all) = clause_openers(&[source("a.rs", rust), source("tests.rs", "/// It.\n")]);
        assert_eq!(messages(&found), ["a.rs:1: opens with \"What\"", "a.rs:3: opens with \"Who\""]);
        assert_eq!(all, 4);
        assert!(!is_mostly_plain(8, 100) && is_mostly_plain(7, 100) && !is_mostly_plain(0, 0));
    }
}
