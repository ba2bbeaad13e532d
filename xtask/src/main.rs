//! Set-up, build, serve and test: `cargo xtask help`.
//!
//! One module a command ([`setup`], [`build`], [`serve`], [`test`], [`fuzz`], [`bench`], [`mutants`]),
//! one module for each prerequisite ([`compiler`], [`bindgen`], [`npm`], [`browser`]), and utilities
//! ([`process`], [`project`], [`version`], [`apt`], [`build_tools`]).

mod apt;
mod bench;
mod bindgen;
mod browser;
mod build;
mod build_tools;
mod compiler;
mod fuzz;
mod mutants;
mod npm;
mod process;
mod project;
mod serve;
mod setup;
mod site;
mod test;
mod version;

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Result;
use clap::builder::PossibleValuesParser;
use clap::{Parser, Subcommand};

use crate::build::Variant;
use crate::project::Project;
use crate::setup::Setup;
use crate::test::Stage;

#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask", about = "Set-up, build, serve and test of Ringside", after_help = Stage::list())]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Install everything that the other commands need; each of them also installs its own prerequisites
    Setup,
    /// Build the page, with the wasm modules and their bindings, into `web/dist`
    Build {
        /// Build only the wasm modules and their bindings, into `web/src/wasm`
        #[arg(long)]
        wasm_only: bool,
    },
    /// Build the page and serve it on localhost
    Serve {
        /// The port; the next free one if it is taken
        #[arg(long, default_value_t = 8080)]
        port: u16,
    },
    /// Run every test, stage by stage, until one fails
    Test {
        /// Run only this stage
        #[arg(long, value_name = "STAGE")]
        only: Option<Stage>,
    },
    /// Run coverage-guided fuzzing of parsers, commands and elections
    Fuzz {
        /// The fuzz target [default: all, one after another]
        target: Option<fuzz::Target>,
        /// Seconds per target, 1 or more
        #[arg(long, value_name = "N", default_value_t = 60, value_parser = clap::value_parser!(u32).range(1..))]
        seconds: u32,
        /// Add inputs that reach new code to `tests/corpus`, which the test suite replays
        #[arg(long)]
        keep: bool,
    },
    /// Report which tests and worlds detect each deliberate fault in the core; fail if one is undetected
    Mutants {
        /// Run only this fault
        #[arg(long, value_name = "NAME")]
        only: Option<String>,
        /// Number of worlds that the swarm runs for each fault
        #[arg(long, default_value_t = 200)]
        worlds: u32,
        /// Also write the results to a JSON file
        #[arg(long, value_name = "FILE")]
        json: Option<PathBuf>,
    },
    /// Compare the speed of the same work natively, in Node and in Chromium
    Bench {
        /// Run the core's criterion benchmarks instead
        #[arg(long)]
        parts: bool,
        /// Compare variants of the compiled module [default: all variants]
        #[arg(
            long,
            value_name = "NAME1,NAME2",
            num_args = 0..=1,
            require_equals = true,
            value_delimiter = ',',
            value_parser = PossibleValuesParser::new(Variant::OTHERS.map(|variant| variant.name)),
        )]
        variants: Option<Vec<String>>,
        /// Options of the comparison: `--quick`, `--peers N1,N2`, `--nodes N1,N2`, `--preset NAME`,
        /// `--json FILE`
        #[arg(trailing_var_arg = true, allow_hyphen_values = true, value_name = "OPTIONS")]
        options: Vec<String>,
    },
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    match Project::enter().and_then(|project| run(&arguments.command, &project)) {
        Ok(code) => code,
        Err(error) => {
            // The whole chain in one line without a backtrace: the cause is outside this program.
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(command: &Command, project: &Project) -> Result<ExitCode> {
    let setup = Setup::new(project);
    match command {
        Command::Setup => setup.everything()?,
        Command::Build { wasm_only: true } => setup.modules()?,
        Command::Build { wasm_only: false } => setup.page()?,
        Command::Serve { port } => serve::run(&setup, *port)?,
        Command::Test { only } => return test::run(&setup, *only),
        Command::Fuzz { target, seconds, keep } => fuzz::run(project, *target, *seconds, *keep)?,
        Command::Mutants { only, worlds, json } => {
            return mutants::run(&mutants::Options {
                only: only.clone(),
                worlds: *worlds,
                json: json.clone(),
            });
        }
        Command::Bench { parts: true, options, .. } => bench::parts(options)?,
        Command::Bench { parts: false, variants, options } => {
            bench::compare(&setup, variants.as_deref(), options)?;
        }
    }
    Ok(ExitCode::SUCCESS)
}
