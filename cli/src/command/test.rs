//! `ringside test`: scenario files with expectations.

use std::fmt::Write as _;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use clap::Args;
use clap::builder::styling::AnsiColor;
use ringside_core::base::problem::Problem;
use ringside_core::base::time::Tick;
use ringside_core::observe::invariant::{Cadence, PropertyKind, PropertyStatus};
use ringside_core::scenario::expect::{Bound, Expectation, Trial};
use ringside_core::sim::world::Sequential;
use ringside_core::study::simulation::{Refusal, Simulation};
use serde::Serialize;
use serde_json::Value;

use crate::failure::Failure;
use crate::output::Outcome;
use crate::progress;
use crate::report::Report;
use crate::target::{read, unreadable};
use crate::text::{counted, printable};
use crate::{json, output};

const EXAMPLES: &str = "\
Examples:
  ringside test scenarios
  ringside test scenarios/partition.json mine.json --json

Expectations stand beside the scenario in its file, and are no part of a link:
  \"title\": \"The ring heals\",
  \"expect\": [
    { \"at\": 100, \"measure\": \"shape.mutual_islands.count\", \"at_least\": 2 },
    { \"measure\": \"peers.connected.min\", \"at_least\": 1, \"at_most\": 24 },
    { \"invariants\": true }
  ]
\"at\" is a round [default: the last]. A measure is a path in the output of `ringside run --json`; a boolean counts as
1 or 0. \"invariants\" expects every required property to hold, in every round and at the end.

Exit codes:
  0  all expectations hold
  1  at least one expectation fails
  2  unusable input (nothing was run), or an output that cannot be written";

#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct TestArguments {
    /// Scenario files, folders whose *.json files are scenarios, or - for standard input
    #[arg(value_name = "FILE | FOLDER", required = true)]
    paths: Vec<PathBuf>,
    /// Print a JSON list instead of text
    #[arg(long)]
    json: bool,
}

/// The outcome of one file.
#[derive(Serialize)]
struct FileResult {
    file: String,
    title: Option<String>,
    passed: bool,
    #[serde(rename = "findings")]
    expectations: Vec<ExpectationResult>,
}

/// The outcome of one expectation.
#[derive(Serialize)]
struct ExpectationResult {
    /// Number of rounds before the check.
    round: u64,
    passed: bool,
    expected: String,
    found: String,
}

pub(crate) fn test(arguments: &TestArguments) -> Result<Outcome, Failure> {
    let mut trials = Vec::new();
    for path in files(&arguments.paths)? {
        let trial = open(&path).map_err(|problems| Failure::of(&display(&path), problems))?;
        trials.push((display(&path), trial));
    }
    let results: Vec<FileResult> = trials.into_iter().map(|(file, trial)| run_file(file, &trial)).collect();
    if arguments.json {
        json::print(&results)?;
    } else {
        output::print(&text(&results))?;
    }
    let all_passed = results.iter().all(|result| result.passed);
    Ok(if all_passed { Outcome::Success } else { Outcome::Differs })
}

fn display(path: &Path) -> String {
    if path == Path::new("-") {
        return "standard input".to_owned();
    }
    path.display().to_string()
}

/// The files, and the `*.json` of the folders in alphabetical order.
fn files(paths: &[PathBuf]) -> Result<Vec<PathBuf>, Failure> {
    let mut files = Vec::new();
    for path in paths {
        if !path.is_dir() {
            files.push(path.clone());
            continue;
        }
        let entries =
            fs::read_dir(path).map_err(|error| Failure::of(&display(path), vec![unreadable(&error)]))?;
        let mut found: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
        found.retain(|file| file.extension().is_some_and(|extension| extension == "json"));
        found.sort();
        if found.is_empty() {
            let problem = Problem::new("", "has no JSON files", "name a folder of scenarios");
            return Err(Failure::of(&display(path), vec![problem]));
        }
        files.extend(found);
    }
    Ok(files)
}

/// Reads a file and checks that it has expectations, all about measures that exist.
fn open(path: &Path) -> Result<Trial, Vec<Problem>> {
    let text = if path == Path::new("-") {
        read(io::stdin().lock())
    } else {
        File::open(path).map_err(|error| vec![unreadable(&error)]).and_then(read)
    };
    let trial = json::scenario_test(&text?)?;
    if trial.expect.is_empty() {
        let remedy = "add \"expect\": [{ \"invariants\": true }], for example";
        return Err(vec![Problem::new("expect", "is missing: the file has nothing to test", remedy)]);
    }
    let report = report(&Simulation::new(trial.scenario.clone()));
    let numbered = trial.expect.iter().enumerate();
    let problems: Vec<Problem> =
        numbered.filter_map(|(index, expectation)| unmeasurable(index, expectation, &report)).collect();
    if problems.is_empty() { Ok(trial) } else { Err(problems) }
}

/// The problem of an expectation about a measure that is not a number.
fn unmeasurable(index: usize, expectation: &Expectation, report: &Value) -> Option<Problem> {
    let Expectation::Measure { path, .. } = expectation else { return None };
    let message = match look_up(report, path) {
        None => "is not in the report",
        Some(Value::Object(_) | Value::Array(_) | Value::String(_)) => "is not a number",
        Some(_) => return None,
    };
    let remedy = "see `ringside run --json` for the names, and docs/metrics.md for their meaning";
    Some(Problem::new(format!("expect[{index}].measure"), format!("{path} {message}"), remedy))
}

/// The report in the form of `ringside run --json`.
fn report(simulation: &Simulation) -> Value {
    serde_json::to_value(Report::of(simulation)).unwrap_or_default()
}

/// The value at a path such as `peers.connected.min`.
fn look_up<'a>(report: &'a Value, path: &str) -> Option<&'a Value> {
    path.split('.').try_fold(report, |value, name| match value {
        Value::Array(list) => list.get(name.parse::<usize>().ok()?),
        _ => value.get(name),
    })
}

fn number(value: &Value) -> Option<f64> {
    value.as_f64().or_else(|| value.as_bool().map(|on| f64::from(u8::from(on))))
}

/// Runs a scenario and checks its expectations in the order of their rounds.
fn run_file(file: String, trial: &Trial) -> FileResult {
    let mut simulation = Simulation::new(trial.scenario.clone());
    if trial.expect.contains(&Expectation::Invariants) {
        simulation.monitor(Cadence::Rounds(1));
    }
    let mut ordered: Vec<&Expectation> = trial.expect.iter().collect();
    ordered.sort_by_key(|expectation| round(expectation, trial.scenario.rounds));
    let mut expectations = Vec::new();
    for expectation in ordered {
        let round = round(expectation, trial.scenario.rounds);
        let end = Tick(u64::from(round) * simulation.world().clock().ticks_per_round);
        progress::run_until(&mut simulation, &Sequential, end);
        expectations.push(check(&simulation, round, expectation));
    }
    let end = simulation.end();
    progress::run_until(&mut simulation, &Sequential, end);
    expectations.extend(simulation.refused().iter().map(refused));
    expectations.extend(unreached(&simulation, trial.scenario.rounds));
    let passed = expectations.iter().all(|expectation| expectation.passed);
    FileResult { file, title: trial.title.clone(), passed, expectations }
}

const fn round(expectation: &Expectation, rounds: u32) -> u32 {
    match expectation {
        Expectation::Measure { at: Some(at), .. } => *at,
        Expectation::Measure { at: None, .. } | Expectation::Invariants => rounds,
    }
}

fn check(simulation: &Simulation, round: u32, expectation: &Expectation) -> ExpectationResult {
    let round = u64::from(round);
    match expectation {
        Expectation::Invariants => invariants(simulation, round),
        Expectation::Measure { path, bounds, .. } => {
            let found = look_up(&report(simulation), path).and_then(number);
            let passed = found.is_some_and(|found| bounds.iter().all(|bound| bound.holds(found)));
            let words: Vec<String> = bounds.iter().copied().map(Bound::words).collect();
            let found = found.map_or_else(|| "undefined".to_owned(), |found| found.to_string());
            ExpectationResult { round, passed, expected: format!("{path} {}", words.join(" and ")), found }
        }
    }
}

fn invariants(simulation: &Simulation, round: u64) -> ExpectationResult {
    let states = simulation.invariants();
    let broken = states.iter().find_map(|state| match &state.status {
        PropertyStatus::Violated { tick, text, .. } => Some(format!("{} at tick {tick}: {text}", state.id)),
        PropertyStatus::Awaited { text, .. } if state.kind == PropertyKind::Eventually => {
            Some(format!("{}: {text}", state.id))
        }
        _ => None,
    });
    let expected = "all properties hold".to_owned();
    let passed = broken.is_none();
    ExpectationResult { round, passed, expected, found: broken.unwrap_or_else(|| "all hold".to_owned()) }
}

/// A command after the end is a failure: the scenario did not run as written.
fn unreached(simulation: &Simulation, rounds: u32) -> Option<ExpectationResult> {
    let first = simulation.waiting().next()?.at.0;
    let (count, end) = (simulation.waiting().len() as u64, simulation.end().0);
    let commands = counted(count, "command", "commands");
    let found = format!("{commands} after the end of the experiment, tick {end}: the first at tick {first}");
    let expected = "every command is executed".to_owned();
    Some(ExpectationResult { round: rounds.into(), passed: false, expected, found })
}

/// A refused command is a failure: the scenario did not run as written.
fn refused(refusal: &Refusal) -> ExpectationResult {
    let Refusal { tick, problem } = refusal;
    let expected = "every command is executed".to_owned();
    ExpectationResult { round: *tick, passed: false, expected, found: format!("at tick {tick}: {problem}") }
}

fn text(results: &[FileResult]) -> String {
    let mut text = String::new();
    for FileResult { file, title, passed, expectations } in results {
        let title = title.as_deref().map(|title| format!("  {title}")).unwrap_or_default();
        let _ = writeln!(text, "{}  {}", mark(*passed), printable(&format!("{file}{title}")));
        for ExpectationResult { round, passed, expected, found } in expectations {
            let line = format!("round {round}: expected {expected}, found {found}");
            let _ = writeln!(text, "    {}  {}", mark(*passed), printable(&line));
        }
    }
    let passed = results.iter().filter(|result| result.passed).count();
    text + &format!("\n{passed} of {} scenarios passed\n", results.len())
}

fn mark(passed: bool) -> String {
    let (style, word) = if passed { (AnsiColor::Green, "pass") } else { (AnsiColor::Red, "FAIL") };
    let style = style.on_default();
    format!("{style}{word}{style:#}")
}
