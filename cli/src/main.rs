//! Ringside on the command line: run, link and verify experiments.
//!
//! [`command`] has a module for each command, [`arguments`] and [`help`] the parts that commands share,
//! [`target`] resolves presets, files and links, and [`series`] runs experiments over many seeds.
//! Results go to standard output ([`output`]), diagnostics and progress to standard error ([`failure`],
//! [`progress`]).

mod arguments;
mod command;
mod failure;
mod file;
mod help;
mod history;
mod json;
mod output;
mod overrides;
mod parallel;
mod progress;
mod range;
mod report;
mod series;
mod table;
mod target;
mod text;

use clap::Parser as _;

use crate::command::Arguments;
use crate::output::Outcome;

fn main() -> Outcome {
    command::execute(&Arguments::parse()).unwrap_or_else(|failure| {
        failure.print();
        Outcome::Unusable
    })
}
