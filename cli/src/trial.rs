//! `ringside test`: scenario files that say what is expected of them.

use std::fmt::Write as _;
use std::fs::{self, File};
use std::path::{Path, PathBuf};

use clap::builder::styling::AnsiColor;
use ringside_core::base::problem::Problem;
use ringside_core::base::time::Tick;
use ringside_core::observe::invariant::{Cadence, PropertyKind, PropertyStatus};
use ringside_core::scenario::expect::{Bound, Expectation, Trial};
use ringside_core::sim::world::Sequential;
use ringside_core::study::simulation::{Refusal, Simulation};
use serde::Serialize;
use serde_json::Value;

use crate::args::TestArguments;
use crate::failure::Failure;
use crate::output::Outcome;
use crate::progress;
use crate::report::Report;
use crate::target::{read, unreadable};
use crate::{json, output};

/// What came of one file.
#[derive(Serialize)]
struct Judgement {
    file: String,
    title: Option<String>,
    passed: bool,
    findings: Vec<Finding>,
}

/// What came of one expectation.
#[derive(Serialize)]
struct Finding {
    /// After how many rounds.
    round: u64,
    passed: bool,
    /// What was expected.
    expected: String,
    /// What was found.
    found: String,
}

pub(crate) fn test(arguments: &TestArguments) -> Result<Outcome, Failure> {
    let mut trials = Vec::new();
    for path in files(&arguments.paths)? {
        let trial = open(&path).map_err(|problems| Failure::of(&name(&path), problems))?;
        trials.push((name(&path), trial));
    }
    let judgements: Vec<Judgement> = trials.into_iter().map(|(file, trial)| judge(file, &trial)).collect();
    if arguments.json {
        json::print(&judgements)?;
    } else {
        output::print(&text(&judgements))?;
    }
    let all_passed = judgements.iter().all(|judgement| judgement.passed);
    Ok(if all_passed { Outcome::Fine } else { Outcome::Differs })
}

fn name(path: &Path) -> String {
    path.display().to_string()
}

/// The files, and those of the folders in the order of their names.
fn files(paths: &[PathBuf]) -> Result<Vec<PathBuf>, Failure> {
    let mut files = Vec::new();
    for path in paths {
        if !path.is_dir() {
            files.push(path.clone());
            continue;
        }
        let entries =
            fs::read_dir(path).map_err(|error| Failure::of(&name(path), vec![unreadable(&error)]))?;
        let mut found: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
        found.retain(|file| file.extension().is_some_and(|extension| extension == "json"));
        found.sort();
        if found.is_empty() {
            let problem = Problem::new("", "has no files of JSON", "name a folder of scenarios");
            return Err(Failure::of(&name(path), vec![problem]));
        }
        files.extend(found);
    }
    Ok(files)
}

/// A trial that can be made: it expects something, and what it measures exists.
fn open(path: &Path) -> Result<Trial, Vec<Problem>> {
    let file = File::open(path).map_err(|error| vec![unreadable(&error)])?;
    let trial = json::trial(&read(file)?)?;
    if trial.expect.is_empty() {
        let remedy = "add \"expect\": [{ \"invariants\": true }], for example";
        return Err(vec![Problem::new("expect", "is missing: there is nothing to test", remedy)]);
    }
    let report = report(&Simulation::new(trial.scenario.clone()));
    let places = trial.expect.iter().enumerate();
    let problems: Vec<Problem> =
        places.filter_map(|(index, one)| unmeasurable(index, one, &report)).collect();
    if problems.is_empty() { Ok(trial) } else { Err(problems) }
}

fn unmeasurable(index: usize, expectation: &Expectation, report: &Value) -> Option<Problem> {
    let Expectation::Measure { path, .. } = expectation else { return None };
    let message = match look_up(report, path) {
        None => "is not in the report",
        Some(Value::Object(_) | Value::Array(_) | Value::String(_)) => "is not a number",
        Some(_) => return None,
    };
    let remedy = "see `ringside run --json` for the names, and docs/metrics.md for what they mean";
    Some(Problem::new(format!("expect[{index}].measure"), format!("{path} {message}"), remedy))
}

/// The report, as `ringside run --json` prints it.
fn report(simulation: &Simulation) -> Value {
    serde_json::to_value(Report::of(simulation)).unwrap_or_default()
}

fn look_up<'a>(report: &'a Value, path: &str) -> Option<&'a Value> {
    path.split('.').try_fold(report, |value, name| match value {
        Value::Array(list) => list.get(name.parse::<usize>().ok()?),
        _ => value.get(name),
    })
}

fn number(value: &Value) -> Option<f64> {
    value.as_f64().or_else(|| value.as_bool().map(|on| f64::from(u8::from(on))))
}

fn judge(file: String, trial: &Trial) -> Judgement {
    let mut simulation = Simulation::new(trial.scenario.clone());
    if trial.expect.contains(&Expectation::Invariants) {
        simulation.monitor(Cadence::Rounds(1));
    }
    let mut order: Vec<&Expectation> = trial.expect.iter().collect();
    order.sort_by_key(|expectation| round(expectation, trial.scenario.rounds));
    let mut findings = Vec::new();
    for expectation in order {
        let round = round(expectation, trial.scenario.rounds);
        let end = Tick(u64::from(round) * simulation.world().clock().ticks_per_round);
        progress::run_until(&mut simulation, &Sequential, end);
        findings.push(compare(&simulation, round, expectation));
    }
    findings.extend(simulation.refused().iter().map(refused));
    let passed = findings.iter().all(|finding| finding.passed);
    Judgement { file, title: trial.title.clone(), passed, findings }
}

const fn round(expectation: &Expectation, rounds: u32) -> u32 {
    match expectation {
        Expectation::Measure { at: Some(at), .. } => *at,
        Expectation::Measure { at: None, .. } | Expectation::Invariants => rounds,
    }
}

fn compare(simulation: &Simulation, round: u32, expectation: &Expectation) -> Finding {
    let round = u64::from(round);
    match expectation {
        Expectation::Invariants => invariants(simulation, round),
        Expectation::Measure { path, bounds, .. } => {
            let found = look_up(&report(simulation), path).and_then(number);
            let passed = found.is_some_and(|found| bounds.iter().all(|bound| bound.holds(found)));
            let words: Vec<String> = bounds.iter().copied().map(Bound::words).collect();
            let found = found.map_or_else(|| "undefined".to_owned(), |found| found.to_string());
            Finding { round, passed, expected: format!("{path} {}", words.join(" and ")), found }
        }
    }
}

fn invariants(simulation: &Simulation, round: u64) -> Finding {
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
    Finding { round, passed, expected, found: broken.unwrap_or_else(|| "so it is".to_owned()) }
}

/// A scenario does not show what it is meant to where a command of it was not carried out.
fn refused(refusal: &Refusal) -> Finding {
    let Refusal { tick, problem } = refusal;
    let expected = "every command is carried out".to_owned();
    Finding { round: *tick, passed: false, expected, found: format!("at tick {tick}: {problem}") }
}

fn text(judgements: &[Judgement]) -> String {
    let mut text = String::new();
    for Judgement { file, title, passed, findings } in judgements {
        let title = title.as_deref().map(|title| format!("  {title}")).unwrap_or_default();
        let _ = writeln!(text, "{}  {}", mark(*passed), crate::text::printable(&format!("{file}{title}")));
        for Finding { round, passed, expected, found } in findings {
            let line = format!("round {round}: {expected}: {found}");
            let _ = writeln!(text, "    {}  {}", mark(*passed), crate::text::printable(&line));
        }
    }
    let passed = judgements.iter().filter(|judgement| judgement.passed).count();
    text + &format!("\n{passed} of {} scenarios are as expected\n", judgements.len())
}

fn mark(passed: bool) -> String {
    let (style, word) = if passed { (AnsiColor::Green, "pass") } else { (AnsiColor::Red, "FAIL") };
    let style = style.on_default();
    format!("{style}{word}{style:#}")
}
