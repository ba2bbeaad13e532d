//! Problems and warnings, for people to read.

use std::io::Write as _;

use clap::builder::styling::{AnsiColor, Style};
use ringside_core::base::problem::Problem;
use ringside_core::base::time::Tick;
use ringside_core::sim::command::TimedCommand;
use ringside_core::study::simulation::Refusal;

use crate::text::{count, counted, printable};

const ERROR: Style = AnsiColor::Red.on_default().bold();
const WARNING: Style = AnsiColor::Yellow.on_default().bold();
const HELP: Style = AnsiColor::Cyan.on_default();

/// Refused commands that are listed.
const REFUSED_MAX: usize = 20;

/// Why there is no result: all problems at once.
#[derive(Debug)]
pub(crate) struct Failure {
    /// What has the problems; empty where each says it itself.
    source: String,
    problems: Vec<Problem>,
}

impl Failure {
    /// What is wrong with something that has a name: a file, a preset.
    pub(crate) fn of(source: &str, problems: Vec<Problem>) -> Self {
        Self { source: source.to_owned(), problems }
    }

    /// A problem that says itself what it is about.
    pub(crate) fn one(problem: Problem) -> Self {
        Self { source: String::new(), problems: vec![problem] }
    }

    /// Says on the standard error what is wrong.
    pub(crate) fn print(&self) {
        say(&self.message());
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

/// Says which commands could not be carried out.
pub(crate) fn warn_of_refusals(refused: &[Refusal]) {
    let listed = refused.iter().take(REFUSED_MAX);
    let mut warnings: Vec<_> = listed
        .map(|Refusal { tick, problem }| {
            format!("{WARNING}warning:{WARNING:#} not done at tick {tick}: {}", described(problem, ""))
        })
        .collect();
    if let Some(more @ 1..) = refused.len().checked_sub(REFUSED_MAX) {
        let more = count(more as u64);
        warnings.push(format!("{WARNING}warning:{WARNING:#} and {more} more commands were not done\n"));
    }
    say(&warnings.concat());
}

/// Says how many of the commands that were asked for never happen, because the run ends before them.
pub(crate) fn warn_of_later(commands: &[TimedCommand], asked: &[String], end: Tick) {
    let later = commands.iter().filter(|command| command.at >= end).count();
    if later > 0 && !asked.is_empty() {
        let commands = counted(later as u64, "command comes", "commands come");
        warn(&format!("{commands} after the end of the run, at tick {}, and did not happen", end.0));
    }
}

/// Says what about a scenario is probably not meant, though it can be run.
pub(crate) fn warn_of_notices(notices: &[Problem]) {
    let warnings =
        notices.iter().map(|notice| format!("{WARNING}warning:{WARNING:#} {}", described(notice, "")));
    say(&warnings.collect::<String>());
}

/// Says something that does not keep a result from being made.
pub(crate) fn warn(message: &str) {
    say(&format!("{WARNING}warning:{WARNING:#} {}\n", printable(message)));
}

/// A problem in two lines. Its path may be empty.
fn described(problem: &Problem, indent: &str) -> String {
    let (message, remedy) = (printable(&problem.message), printable(&problem.remedy));
    let place =
        if problem.path.is_empty() { String::new() } else { format!("{}: ", printable(&problem.path)) };
    format!("{indent}{place}{message}\n{indent}  {HELP}help:{HELP:#} {remedy}\n")
}

/// Where nobody listens, nothing is to be done.
fn say(message: &str) {
    let _ = anstream::stderr().lock().write_all(message.as_bytes());
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain(problems: &[Problem]) -> String {
        let message = Failure::of("my.json", problems.to_vec()).message();
        anstream::adapter::strip_str(&message).to_string()
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
    fn nothing_from_outside_controls_the_terminal() {
        let problem = Problem::new("set.\u{1b}[31m", "is\nodd", "");
        assert!(plain(&[problem]).starts_with("error: my.json: set.\u{fffd}[31m: is\u{fffd}odd\n"));
    }
}
