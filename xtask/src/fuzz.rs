//! `fuzz`: coverage-guided fuzzing with libFuzzer.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};
use clap::ValueEnum;

use crate::process::{self, on_path, program, run_quietly, version_of};
use crate::project::Project;

/// Size limit of an input, in bytes.
const LENGTH_MAX: u32 = 1_024;

/// A fuzz target: a function of `tests/src/fuzz.rs` and a folder of `tests/corpus`.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum Target {
    /// The parser of links
    Link,
    /// The parser of scenario files
    Scenario,
    /// Commands on a running world
    Commands,
    /// Operations on an election
    Election,
}

impl Target {
    const fn name(self) -> &'static str {
        match self {
            Self::Link => "link",
            Self::Scenario => "scenario",
            Self::Commands => "commands",
            Self::Election => "election",
        }
    }
}

/// Fuzzes one target or all.
pub(crate) fn run(project: &Project, target: Option<Target>, seconds: u32, keep: bool) -> Result<()> {
    let fuzzer = ensure(project)?;
    let targets = target.as_ref().map_or(Target::value_variants(), std::slice::from_ref);
    for target in targets {
        println!("\n== {}: {seconds} s", target.name());
        fuzz(project, &fuzzer, *target, seconds)?;
        if keep {
            self::keep(project, &fuzzer, *target)?;
        }
    }
    Ok(())
}

/// Continues from the corpus and the findings of earlier runs; stops at the first failing input.
fn fuzz(project: &Project, fuzzer: &Path, target: Target, seconds: u32) -> Result<()> {
    let found = folder(project, "corpus", target)?;
    let failures = folder(project, "artifacts", target)?;
    let mut command = cargo_fuzz(project, fuzzer, target);
    command.arg(found).arg(corpus(project, target)).args(["--", "-len_control=0", "-timeout=20"]);
    command.arg(format!("-max_len={LENGTH_MAX}")).arg(format!("-max_total_time={seconds}"));
    command.arg(format!("-artifact_prefix={}/", failures.display()));
    process::run(&mut command)
        .with_context(|| format!("{} failed; the input is in {}", target.name(), failures.display()))
}

/// Merges inputs that reach new code into the corpus, each in its shortest known form.
fn keep(project: &Project, fuzzer: &Path, target: Target) -> Result<()> {
    let found = folder(project, "corpus", target)?;
    let mut command = cargo_fuzz(project, fuzzer, target);
    process::run(command.arg(corpus(project, target)).arg(found).args([
        "--",
        "-set_cover_merge=1",
        "-use_counters=0",
    ]))
}

/// `cargo fuzz run` with the common arguments. The code has no `unsafe` for a sanitizer to check, and
/// without a sanitizer a stable compiler suffices.
fn cargo_fuzz(project: &Project, fuzzer: &Path, target: Target) -> Command {
    let mut command = program(fuzzer);
    command.args(["run", "--sanitizer", "none", "--fuzz-dir"]).arg(project.root().join("fuzz"));
    command.arg("--target-dir").arg(scratch(project)).arg(target.name());
    command
}

fn scratch(project: &Project) -> PathBuf {
    project.root().join("target/fuzz")
}

fn corpus(project: &Project, target: Target) -> PathBuf {
    project.root().join("tests/corpus").join(target.name())
}

fn folder(project: &Project, name: &str, target: Target) -> Result<PathBuf> {
    let folder = scratch(project).join(name).join(target.name());
    fs::create_dir_all(&folder).with_context(|| format!("cannot create {}", folder.display()))?;
    Ok(folder)
}

/// Finds cargo-fuzz in the project or on PATH, else installs it.
fn ensure(project: &Project) -> Result<PathBuf> {
    let own = project.tools().join("bin/cargo-fuzz");
    if version_of(&own).is_some() {
        return Ok(own);
    }
    if let Some(found) = on_path("cargo-fuzz") {
        return Ok(found);
    }
    println!("setup: cargo install cargo-fuzz into target/tools (a minute, once)");
    run_quietly(program("cargo").args(["install", "cargo-fuzz", "--locked", "--root"]).arg(project.tools()))?;
    Ok(own)
}
