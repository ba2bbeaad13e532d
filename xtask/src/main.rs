//! Set-up, build, serve and test: `cargo xtask help`.
//!
//! One module a command ([`setup`], [`build`], [`serve`], [`test`], [`fuzz`], [`bench`], [`mutants`]); below them one module for each thing that must
//! be there first ([`compiler`], [`bindgen`], [`npm`], [`browser`]), and the plumbing ([`process`], [`project`],
//! [`version`], [`apt`]).

mod apt;
mod bench;
mod bindgen;
mod browser;
mod build;
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
    /// Install everything that the other commands need; they also do it themselves
    Setup,
    /// Build the page, with the module and its bindings, into `web/dist`
    Build {
        /// Only the modules and their bindings, into `web/src/wasm`
        #[arg(long)]
        wasm_only: bool,
    },
    /// Build the page and serve it on localhost
    Serve {
        /// The port, or the next free one after it
        #[arg(long, default_value_t = 8080)]
        port: u16,
    },
    /// Run every test, stage by stage, until one fails
    Test {
        /// Run this stage alone
        #[arg(long, value_name = "STAGE")]
        only: Option<Stage>,
    },
    /// Look for input that makes the code that reads it, or a world that gets it, go wrong
    Fuzz {
        /// What is tried; all one after another where none is named
        target: Option<fuzz::Target>,
        /// How long each is tried
        #[arg(long, value_name = "N", default_value_t = 60, value_parser = clap::value_parser!(u32).range(1..))]
        seconds: u32,
        /// Add to `tests/corpus` what reaches code that nothing there does; the test suite tries it from then on
        #[arg(long)]
        keep: bool,
    },
    /// Tell by what each deliberate fault in the core is noticed; fail where one is noticed by nothing
    Mutants {
        /// Try this one alone
        #[arg(long, value_name = "NAME")]
        only: Option<String>,
        /// Worlds that the swarm tries out for each
        #[arg(long, default_value_t = 200)]
        worlds: u32,
        /// Write the results to this file, too
        #[arg(long, value_name = "FILE")]
        json: Option<PathBuf>,
    },
    /// Compare in one run how fast the same work is done natively, in Node and in Chromium
    Bench {
        /// Run the core's benchmarks with criterion instead: how long the parts take
        #[arg(long)]
        parts: bool,
        /// Compare ways to compile the module, all of them or these
        #[arg(
            long,
            value_name = "NAME1,NAME2",
            num_args = 0..=1,
            require_equals = true,
            value_delimiter = ',',
            value_parser = PossibleValuesParser::new(Variant::OTHERS.map(|variant| variant.name)),
        )]
        variants: Option<Vec<String>>,
        /// What the comparison takes: `--quick`, `--peers N1,N2`, `--nodes N1,N2`, `--preset NAME`, `--json FILE`
        #[arg(trailing_var_arg = true, allow_hyphen_values = true, value_name = "OPTIONS")]
        options: Vec<String>,
    },
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    match Project::enter().and_then(|project| run(&arguments.command, &project)) {
        Ok(code) => code,
        Err(error) => {
            // The whole chain in one line, and never a backtrace: what went wrong is outside this program.
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
