//! Ringside on the command line: run, link and verify experiments.
//!
//! [`command`] has a module for each command, [`arguments`] and [`help`] the parts that commands share,
//! [`target`] resolves presets, files and links, and [`series`] runs experiments over many seeds.
//! Results go to standard output ([`output`]), diagnostics and progress to standard error ([`failure`],
//! [`progress`]).

mod arguments;
mod command;
mod csv;
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
mod scores;
mod series;
mod table;
mod target;
mod text;

use std::ffi::OsString;

use clap::Parser as _;
use clap::error::ErrorKind;

use ringside_core::base::problem::Problem;

use crate::command::Arguments;
use crate::output::Outcome;

fn main() -> Outcome {
    let given: Vec<OsString> = std::env::args_os().collect();
    let arguments = Arguments::try_parse_from(&given).unwrap_or_else(|error| refuse(&given, &error));
    command::execute(&arguments).unwrap_or_else(|failure| {
        failure.print();
        Outcome::Unusable
    })
}

/// Prints what is wrong with the arguments, or the help, and exits. The arguments are quoted without control
/// characters.
fn refuse(given: &[OsString], error: &clap::Error) -> ! {
    if let (ErrorKind::InvalidUtf8, Some(name)) =
        (error.kind(), given.iter().find(|name| name.to_str().is_none()))
    {
        let remedy = "rename the file, or pass it on standard input: ringside run - < FILE";
        let message = "is not UTF-8 text, which the names of experiments must be";
        failure::Failure::one(Problem::new(name.to_string_lossy(), message, remedy)).print();
        std::process::exit(Outcome::Unusable as i32);
    }
    let clean: Vec<String> =
        given.iter().map(|argument| text::printable(&argument.to_string_lossy())).collect();
    match Arguments::try_parse_from(clean) {
        Err(error) => error.exit(),
        Ok(_) => error.exit(),
    }
}
