//! Ringside on the command line: run, link and verify experiments.
//!
//! [`args`] says what can be asked for, [`target`] finds out what is meant, and there is one module for each thing that
//! is done: [`run`], [`share`], [`verify`], [`claims`], [`sweep`], [`trial`], [`swarm`], [`bench`], [`catalogue`]. Results
//! go to the standard output ([`output`]), everything
//! else to the standard error ([`failure`], [`progress`]).

mod args;
mod bench;
mod catalogue;
mod changes;
mod claims;
mod failure;
mod file;
mod history;
mod json;
mod length;
mod metrics;
mod output;
mod parallel;
mod progress;
mod report;
mod run;
mod share;
mod swarm;
mod sweep;
mod table;
mod target;
mod text;
mod trial;
mod verify;

use clap::Parser as _;

use crate::args::{Arguments, Command};
use crate::failure::Failure;
use crate::output::Outcome;

fn main() -> Outcome {
    let Arguments { command } = Arguments::parse();
    carry_out(&command).unwrap_or_else(|failure| {
        failure.print();
        Outcome::Unusable
    })
}

fn carry_out(command: &Command) -> Result<Outcome, Failure> {
    match command {
        Command::Run(arguments) => run::run(arguments),
        Command::Link(arguments) => share::link(arguments),
        Command::Scenario(arguments) => share::scenario(arguments),
        Command::Verify(arguments) => verify::verify(arguments),
        Command::Claims(arguments) => claims::claims(arguments),
        Command::Sweep(arguments) => sweep::sweep(arguments),
        Command::Compare(arguments) => sweep::compare(arguments),
        Command::Sensitivity(arguments) => sweep::sensitivity(arguments),
        Command::Test(arguments) => trial::test(arguments),
        Command::Swarm(arguments) => swarm::swarm(arguments),
        Command::Bench(arguments) => bench::bench(arguments),
        Command::Presets(arguments) => catalogue::presets(arguments),
        Command::Commands(arguments) => catalogue::commands(arguments),
        Command::Knobs(arguments) => catalogue::knobs(arguments),
        Command::Metrics(arguments) => metrics::metrics(arguments),
    }
}
