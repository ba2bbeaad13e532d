//! Test counts in the output of test runners.

use std::fmt;
use std::io::{BufRead as _, BufReader, Write as _};
use std::ops::Add;
use std::process::{Command, Stdio};

use anyhow::{Context, Error, Result, bail};

use crate::process::line;

/// Numbers of passed and failed tests.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Tally {
    pub(super) passed: u32,
    pub(super) failed: u32,
}

impl Tally {
    /// A passed check without tests of its own.
    pub(super) const ONE_PASSED: Self = Self { passed: 1, failed: 0 };

    /// The count of a failed stage, with at least one failure.
    pub(super) fn of_failure(failure: &Error) -> Self {
        let counted = failure.downcast_ref::<TestsFailed>().map(|failed| failed.tally).unwrap_or_default();
        Self { failed: counted.failed.max(1), ..counted }
    }

    /// The counts in one line of a runner's output.
    fn of_line(text: &str) -> Self {
        let plain = without_colours(text);
        let words: Vec<&str> = plain.split_whitespace().collect();
        match words.as_slice() {
            // cargo test and wasm-bindgen-test: `test result: ok. 5 passed; 0 failed; ...`
            // Vitest: `Tests  1 failed | 5 passed (6)`
            ["test", "result:", _, counts @ ..] | ["Tests", counts @ ..] => {
                Self { passed: before(counts, "passed"), failed: before(counts, "failed") }
            }
            // Node's: `# pass 5` or `ℹ pass 5`
            ["#" | "ℹ", "pass", number] => Self { passed: number.parse().unwrap_or(0), failed: 0 },
            ["#" | "ℹ", "fail", number] => Self { passed: 0, failed: number.parse().unwrap_or(0) },
            _ => Self::default(),
        }
    }
}

impl Add for Tally {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self { passed: self.passed + other.passed, failed: self.failed + other.failed }
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} passed, {} failed", self.passed, self.failed)
    }
}

/// A failed test runner with its counts.
#[derive(Debug)]
struct TestsFailed {
    command: String,
    tally: Tally,
}

impl fmt::Display for TestsFailed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` failed", self.command)
    }
}

impl std::error::Error for TestsFailed {}

/// Runs a test runner, forwards its output and counts tests. A run of no tests is a failure: it would
/// otherwise look like a success.
pub(super) fn count(command: &mut Command) -> Result<Tally> {
    let name = line(command);
    let mut child =
        command.stdout(Stdio::piped()).spawn().with_context(|| format!("cannot start `{name}`"))?;
    let output = child.stdout.take().context("the output is not captured")?;
    let mut tally = Tally::default();
    for bytes in BufReader::new(output).split(b'\n') {
        let text = String::from_utf8_lossy(&bytes?).into_owned();
        writeln!(std::io::stdout(), "{text}")?;
        tally = tally + Tally::of_line(&text);
    }
    if !child.wait()?.success() {
        return Err(TestsFailed { command: name, tally }.into());
    }
    if tally.passed == 0 {
        bail!("`{name}` ran no test");
    }
    Ok(tally)
}

/// The number before the word, as in `5 passed;`.
fn before(words: &[&str], name: &str) -> u32 {
    let is_name = |word: &str| word.trim_end_matches(';') == name;
    words.windows(2).find(|pair| is_name(pair[1])).and_then(|pair| pair[0].parse().ok()).unwrap_or(0)
}

/// The text without terminal colours, which some runners print even to a pipe.
fn without_colours(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut parts = text.split('\x1b');
    plain.push_str(parts.next().unwrap_or_default());
    for part in parts {
        plain.push_str(part.split_once('m').map_or("", |(_, after)| after));
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::Tally;

    fn check(line: &str, passed: u32, failed: u32) {
        assert_eq!(Tally::of_line(line), Tally { passed, failed }, "{line}");
    }

    #[test]
    fn every_runners_closing_line_is_counted() {
        check(
            "test result: ok. 6 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.00s",
            6,
            0,
        );
        check("test result: FAILED. 3 passed; 2 failed; 0 ignored; 0 measured; 0 filtered out", 3, 2);
        check("      Tests  12 passed (12)", 12, 0);
        check(
            "\x1b[2m      Tests \x1b[22m \x1b[1m\x1b[31m1 failed\x1b[39m\x1b[22m | \x1b[32m4 passed\x1b[39m (5)",
            4,
            1,
        );
        check("# pass 7", 7, 0);
        check("ℹ fail 2", 0, 2);
    }

    #[test]
    fn other_lines_count_nothing() {
        check("", 0, 0);
        check("test ring::tests::arcs ... ok", 0, 0);
        check(" Test Files  3 passed (3)", 0, 0);
        check("running 6 tests", 0, 0);
    }

    #[test]
    fn a_failure_is_counted_at_least_once() {
        let failure = anyhow::anyhow!("the compiler failed");
        assert_eq!(Tally::of_failure(&failure), Tally { passed: 0, failed: 1 });
        assert_eq!((Tally::ONE_PASSED + Tally::of_failure(&failure)).to_string(), "1 passed, 1 failed");
    }
}
