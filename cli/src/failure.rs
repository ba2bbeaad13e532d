//! Errors and warnings on standard error.

use std::error::Error;
use std::fmt;
use std::io::Write as _;

use clap::builder::styling::{AnsiColor, Style};
use ringside_core::base::problem::Problem;
use ringside_core::study::simulation::{Refusal, Simulation};

use crate::text::{count, counted, printable};

const ERROR: Style = AnsiColor::Red.on_default().bold();
const WARNING: Style = AnsiColor::Yellow.on_default().bold();
const HELP: Style = AnsiColor::Cyan.on_default();

/// The most refused commands that are listed.
const REFUSED_MAX: usize = 20;

/// The problems that prevent a result, all at once.
#[derive(Debug)]
pub(crate) struct Failure {
    /// The file, preset or argument with the problems; empty if their paths name it.
    source: String,
    problems: Vec<Problem>,
}

impl Failure {
    /// The problems of a named source: a file, a preset, an argument.
    pub(crate) fn of(source: &str, problems: Vec<Problem>) -> Self {
        Self { source: source.to_owned(), problems }
    }

    /// One problem whose path names its source.
    pub(crate) fn one(problem: Problem) -> Self {
        Self { source: String::new(), problems: vec![problem] }
    }

    /// Prints the problems to standard error.
    pub(crate) fn print(&self) {
        print(&self.message());
    }

    fn message(&self) -> String {
        let source = printable(&self.source);
        if let [problem] = self.problems.as_slice() {
            let start = if source.is_empty() { source } else { format!("{source}: ") };
            return format!("{ERROR}error:{ERROR:#} {start}{}", described(problem, ""));
        }
        let count = self.problems.len();
        let list: Vec<_> = self.problems.iter().map(|problem| described(problem, "  ")).collect();
        format!("{ERROR}error:{ERROR:#} {source} has {count} problems\n{}", list.concat())
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&anstream::adapter::strip_str(&self.message()).to_string())
    }
}

impl Error for Failure {}

/// Warns of commands of a finished run that were refused, changed nothing, or did not execute.
pub(crate) fn warn_commands(simulation: &Simulation) {
    warn_listed("refused", simulation.refused());
    warn_listed("without effect", simulation.ineffective());
    let later = simulation.waiting().len() as u64;
    if later > 0 {
        let commands = counted(later, "command is", "commands are");
        let end = simulation.now().0;
        warn(&format!("{commands} scheduled after the end of the run, tick {end}, and did not execute"));
    }
}

fn warn_listed(what: &str, commands: &[Refusal]) {
    let listed = commands.iter().take(REFUSED_MAX);
    let mut warnings: Vec<_> = listed
        .map(|Refusal { tick, problem }| {
            format!("{WARNING}warning:{WARNING:#} command {what} at tick {tick}: {}", described(problem, ""))
        })
        .collect();
    if let Some(more @ 1..) = commands.len().checked_sub(REFUSED_MAX) {
        let more = count(more as u64);
        warnings.push(format!("{WARNING}warning:{WARNING:#} {more} more commands were {what}\n"));
    }
    print(&warnings.concat());
}

/// Warns of settings that are valid but probably not intended.
pub(crate) fn warn_notices(notices: &[Problem]) {
    let warnings =
        notices.iter().map(|notice| format!("{WARNING}warning:{WARNING:#} {}", described(notice, "")));
    print(&warnings.collect::<String>());
}

/// Prints a warning.
pub(crate) fn warn(message: &str) {
    print(&format!("{WARNING}warning:{WARNING:#} {}\n", printable(message)));
}

/// Two lines: path (if any) and message, then the remedy.
fn described(problem: &Problem, indent: &str) -> String {
    let (message, remedy) = (printable(&problem.message), printable(&problem.remedy));
    let path =
        if problem.path.is_empty() { String::new() } else { format!("{}: ", printable(&problem.path)) };
    format!("{indent}{path}{message}\n{indent}  {HELP}help:{HELP:#} {remedy}\n")
}

/// Writes to standard error; a closed standard error is ignored.
fn print(message: &str) {
    let _ = anstream::stderr().lock().write_all(message.as_bytes());
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain(problems: &[Problem]) -> String {
        Failure::of("my.json", problems.to_vec()).to_string()
    }

    #[test]
    fn one_problem_takes_two_lines() {
        let problem = Problem::new("seed", "is odd", "make it even");
        assert_eq!(plain(&[problem]), "error: my.json: seed: is odd\n  help: make it even\n");
    }

    #[test]
    fn several_problems_are_a_list() {
        let problem = Problem::new("seed", "is odd", "make it even");
        assert_eq!(
            plain(&[problem.clone(), problem]),
            "error: my.json has 2 problems\n  seed: is odd\n    help: make it even\n  seed: is odd\n    help: make it \
             even\n"
        );
    }

    #[test]
    fn untrusted_text_cannot_control_the_terminal() {
        let problem = Problem::new("set.\u{1b}[31m", "is\nodd", "make it even");
        assert!(plain(&[problem]).starts_with("error: my.json: set.\u{fffd}[31m: is\u{fffd}odd\n"));
    }
}
