//! `test`: all tests of the project, in stages.

mod budget;
mod stages;
mod tally;

use std::fmt::Write as _;
use std::process::ExitCode;

use anyhow::Result;
use clap::ValueEnum;

use self::tally::Tally;
use crate::setup::Setup;

/// The stages in their order: fast stages that fail often come first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Stage {
    /// The sources are formatted
    Fmt,
    /// No warnings from the compiler or clippy
    Clippy,
    /// Every native test
    Native,
    /// The golden fingerprints and the comparison with the original, in an optimised build
    Golden,
    /// The swarm detects the deliberate faults that it is known to detect
    Mutants,
    /// The bindings in headless Chromium, plain and optimised
    Wasm,
    /// The page's types, style and own tests
    Page,
    /// The built page keeps its size budget
    Size,
    /// The built page in a real browser
    E2e,
}

impl Stage {
    fn name(self) -> String {
        self.to_possible_value().map(|value| value.get_name().to_owned()).unwrap_or_default()
    }

    fn headline(self) -> String {
        let value = self.to_possible_value();
        value.and_then(|value| value.get_help().map(ToString::to_string)).unwrap_or_default()
    }

    /// The list of stages for the help.
    pub(crate) fn list() -> String {
        let mut list = String::from("Stages of `cargo xtask test`, each runnable with `--only STAGE`:\n");
        for stage in Self::value_variants() {
            let _ = writeln!(list, "  {:8} {}", stage.name(), stage.headline());
        }
        list
    }

    fn run(self, setup: &Setup) -> Result<Tally> {
        match self {
            Self::Fmt => stages::fmt(),
            Self::Clippy => stages::clippy(),
            Self::Native => stages::native(),
            Self::Golden => stages::golden(),
            Self::Mutants => stages::mutants(),
            Self::Wasm => stages::wasm(setup),
            Self::Page => stages::page(setup),
            Self::Size => stages::size(setup),
            Self::E2e => stages::end_to_end(setup),
        }
    }
}

/// Runs one stage or all. The last line is always `N passed, N failed`.
pub(crate) fn run(setup: &Setup, only: Option<Stage>) -> Result<ExitCode> {
    let stages = match &only {
        Some(stage) => std::slice::from_ref(stage),
        None => Stage::value_variants(),
    };
    if only.is_none() {
        // Prerequisites are checked first, not after minutes of tests.
        setup.build_tools()?;
        setup.browser()?;
    }
    let mut total = Tally::default();
    for stage in stages {
        println!("\n== {}: {}", stage.name(), stage.headline());
        match timed(|| stage.run(setup)) {
            Ok((tally, seconds)) => {
                println!("== {}: {} passed in {seconds} s", stage.name(), tally.passed);
                total = total + tally;
            }
            Err(failure) => {
                let name = stage.name();
                println!("\n== {name} FAILED: {failure:#}");
                println!("To run only this stage: cargo xtask test --only {name}\n");
                println!("{}", total + Tally::of_failure(&failure));
                return Ok(ExitCode::FAILURE);
            }
        }
    }
    println!("\n{total}");
    Ok(ExitCode::SUCCESS)
}

/// Runs `work` and measures its time in seconds.
#[expect(clippy::disallowed_types, reason = "stages are measured in wall-clock time")]
fn timed<T>(work: impl FnOnce() -> Result<T>) -> Result<(T, u64)> {
    let start = std::time::Instant::now();
    work().map(|value| (value, start.elapsed().as_secs()))
}

#[cfg(test)]
mod tests {
    use clap::ValueEnum as _;

    use super::Stage;

    #[test]
    fn help_names_every_stage() {
        let list = Stage::list();
        for stage in Stage::value_variants() {
            assert!(list.contains(&format!("\n  {} ", stage.name())), "{list}");
            assert!(!stage.headline().is_empty(), "{stage:?}");
        }
    }
}
