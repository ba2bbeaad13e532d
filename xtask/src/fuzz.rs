//! `fuzz`: any bytes for whatever reads some, guided by what they reach, with libFuzzer.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};
use clap::ValueEnum;

use crate::process::{self, on_path, program, run_quietly, version_of};
use crate::project::Project;

/// Bytes of one input, at most.
const LENGTH_MAX: u32 = 1_024;

/// What is tried: a function of `tests/src/fuzz.rs` and a folder of `tests/corpus`.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum Target {
    /// The reader of links
    Link,
    /// The reader of scenario files
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

/// The command.
pub(crate) fn run(project: &Project, target: Option<Target>, seconds: u32, keep: bool) -> Result<()> {
    let fuzzer = ensure(project)?;
    let targets = target.as_ref().map_or(Target::value_variants(), std::slice::from_ref);
    for target in targets {
        println!("\n== {}: {seconds} s", target.name());
        run_world(project, &fuzzer, *target, seconds)?;
        if keep {
            self::keep(project, &fuzzer, *target)?;
        }
    }
    Ok(())
}

/// Goes on from what is kept and from what earlier runs have found. Input that makes the target go wrong ends it.
fn run_world(project: &Project, fuzzer: &Path, target: Target, seconds: u32) -> Result<()> {
    let found = folder(project, "corpus", target)?;
    let failures = folder(project, "artifacts", target)?;
    let mut command = cargo_fuzz(project, fuzzer, target);
    command.arg(found).arg(kept(project, target)).args(["--", "-len_control=0", "-timeout=20"]);
    command.arg(format!("-max_len={LENGTH_MAX}")).arg(format!("-max_total_time={seconds}"));
    command.arg(format!("-artifact_prefix={}/", failures.display()));
    process::run(&mut command)
        .with_context(|| format!("{} went wrong; the input is in {}", target.name(), failures.display()))
}

/// Adds to what is kept what reaches more, each in as few bytes as are known to.
fn keep(project: &Project, fuzzer: &Path, target: Target) -> Result<()> {
    let found = folder(project, "corpus", target)?;
    let mut command = cargo_fuzz(project, fuzzer, target);
    process::run(command.arg(kept(project, target)).arg(found).args([
        "--",
        "-set_cover_merge=1",
        "-use_counters=0",
    ]))
}

/// `cargo fuzz run` as far as it is always the same. There is nothing unsafe that a sanitizer would watch, and without one
/// the released compiler will do.
fn cargo_fuzz(project: &Project, fuzzer: &Path, target: Target) -> Command {
    let mut command = program(fuzzer);
    command.args(["run", "--sanitizer", "none", "--fuzz-dir"]).arg(project.root().join("fuzz"));
    command.arg("--target-dir").arg(scratch(project)).arg(target.name());
    command
}

fn scratch(project: &Project) -> PathBuf {
    project.root().join("target/fuzz")
}

fn kept(project: &Project, target: Target) -> PathBuf {
    project.root().join("tests/corpus").join(target.name())
}

fn folder(project: &Project, what: &str, target: Target) -> Result<PathBuf> {
    let folder = scratch(project).join(what).join(target.name());
    fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
    Ok(folder)
}

/// cargo-fuzz: that of the project, else that on PATH, else newly built.
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
