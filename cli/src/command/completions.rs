//! `ringside completions` and `ringside man`.

use std::io;

use clap::{Args, CommandFactory as _};
use clap_complete::Shell;
use ringside_core::base::problem::Problem;

use super::Arguments;
use crate::failure::Failure;
use crate::output::{self, Outcome};

const EXAMPLES: &str = "\
Examples:
  ringside completions bash > ~/.local/share/bash-completion/completions/ringside
  ringside completions zsh > ~/.zfunc/_ringside
  ringside completions fish > ~/.config/fish/completions/ringside.fish";

#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct CompletionsArguments {
    /// The shell
    #[arg(value_enum)]
    shell: Shell,
}

#[derive(Args)]
#[command(
    after_help = "Examples:\n  ringside man | man -l -\n  ringside man > ~/.local/share/man/man1/ringside.1"
)]
pub(crate) struct ManArguments {
    /// The command whose page is printed, such as run [default: the program]
    command: Option<String>,
}

pub(crate) fn completions(arguments: &CompletionsArguments) -> Result<Outcome, Failure> {
    let mut script = Vec::new();
    clap_complete::generate(arguments.shell, &mut Arguments::command(), "ringside", &mut script);
    output::print(&String::from_utf8_lossy(&script))?;
    Ok(Outcome::Success)
}

pub(crate) fn man(arguments: &ManArguments) -> Result<Outcome, Failure> {
    let mut program = Arguments::command();
    program.build();
    let page = match &arguments.command {
        None => program,
        Some(name) => program.find_subcommand(name).cloned().ok_or_else(|| {
            let message = format!("there is no command {name}");
            Failure::one(Problem::new("ringside man", message, "see `ringside --help` for the commands"))
        })?,
    };
    let text = rendered(page).map_err(|error| {
        Failure::one(Problem::new("ringside man", error.to_string(), "redirect the page elsewhere"))
    })?;
    output::print(&text)?;
    Ok(Outcome::Success)
}

fn rendered(page: clap::Command) -> io::Result<String> {
    let mut text = Vec::new();
    clap_mangen::Man::new(page).render(&mut text)?;
    Ok(String::from_utf8_lossy(&text).into_owned())
}
