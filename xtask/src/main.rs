//! Set-up, build, serve and test: `cargo xtask help`.
//!
//! One module a command ([`setup`], [`build`]); below them one module for each thing that must be there first
//! ([`compiler`], [`bindgen`], [`npm`]), and the plumbing ([`process`], [`project`], [`version`], [`apt`]).

mod apt;
mod bindgen;
mod build;
mod compiler;
mod npm;
mod process;
mod project;
mod setup;
mod version;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::project::Project;

#[derive(Parser)]
#[command(name = "cargo xtask", about = "Set-up, build, serve and test of Ringside", version)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Install everything that the other commands need; they also do it themselves
    Setup,
    /// Build the page, the module and its bindings included, into `web/dist`
    Build {
        /// Only the module and its bindings, into `web/src/wasm`
        #[arg(long)]
        wasm_only: bool,
    },
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let result = Project::enter().and_then(|project| run(&arguments.command, &project));
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // The whole chain in one line, and never a backtrace: what went wrong is outside this program.
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(command: &Command, project: &Project) -> anyhow::Result<()> {
    match *command {
        Command::Setup => setup::everything(project),
        Command::Build { wasm_only } => build::run_build(project, wasm_only),
    }
}
