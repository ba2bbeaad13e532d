//! `ringside compare`: experiments side by side.

use std::iter;

use clap::Args;
use ringside_core::config::KNOBS;
use ringside_core::config::knob::Knob;
use ringside_core::scenario::{MAX_ROUNDS, Scenario};

use crate::arguments::SeriesArguments;
use crate::failure::Failure;
use crate::help::{EXIT_CODES, TARGETS, measures};
use crate::output::Outcome;
use crate::series::{self, Grid, Row, check_size, run_and_print};
use crate::target;

const EXAMPLES: &str = "\
Examples:
  ringside compare scenarios/attack-forger.json scenarios/defence-forger.json
  ringside compare seed-000 next improved --measure completion --measure connected --seeds 5

Each experiment is a row, labelled with its name and the knobs in which the experiments differ.";

/// The default of `--measure`.
const MEASURES: [&str; 5] =
    ["captured", "captured_max", "elections_won", "completion", "messages_per_peer_round"];

#[derive(Args)]
#[command(after_help = format!("{EXAMPLES}\n\n{}\n\n{TARGETS}\n\n{EXIT_CODES}", measures()))]
pub(crate) struct CompareArguments {
    /// Presets, files or links
    #[arg(value_name = "PRESET | FILE | LINK", required = true, num_args = 2..)]
    targets: Vec<String>,
    #[arg(long, value_name = "NAME")]
    #[arg(help = format!("A measure to report (repeatable) [default: {}]", MEASURES.join(", ")))]
    measure: Vec<String>,
    /// Number of rounds, 1 to 10000000 [default: that of each experiment]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=i64::from(MAX_ROUNDS)))]
    rounds: Option<u32>,
    #[command(flatten)]
    series: SeriesArguments,
}

pub(crate) fn compare(arguments: &CompareArguments) -> Result<Outcome, Failure> {
    let scenario = |target: &String| {
        let mut scenario = target::resolve_unchanged(target)?.scenario;
        scenario.rounds = arguments.rounds.unwrap_or(scenario.rounds);
        Ok(scenario)
    };
    let scenarios = arguments.targets.iter().map(scenario).collect::<Result<Vec<Scenario>, Failure>>()?;
    check_size(scenarios.len(), arguments.series.seeds)?;
    let differing = differing(&scenarios);
    let columns = iter::once("experiment").chain(differing.iter().map(|knob| knob.path));
    let row = |(target, scenario): (&String, Scenario)| {
        let values = differing.iter().map(|knob| knob.value(&scenario.config).to_string());
        Row { labels: iter::once(short_name(target)).chain(values).collect(), scenario }
    };
    let grid = Grid {
        columns: columns.map(str::to_owned).collect(),
        rows: arguments.targets.iter().zip(scenarios).map(row).collect(),
    };
    let measures = series::measures(&arguments.measure, &MEASURES)?;
    let inputs: Vec<&str> = arguments.targets.iter().map(String::as_str).collect();
    run_and_print(&grid, &measures, &arguments.series, &inputs)
}

/// The knobs in which the scenarios differ; none if there are more than a table can show.
fn differing(scenarios: &[Scenario]) -> Vec<&'static Knob> {
    const COLUMNS_MAX: usize = 6;
    let differs = |knob: &&'static Knob| {
        let mut values = scenarios.iter().map(|scenario| knob.setting(&scenario.config).raw());
        let first = values.next();
        values.any(|value| Some(value) != first)
    };
    let found: Vec<&Knob> = KNOBS.iter().filter(differs).collect();
    if found.len() > COLUMNS_MAX { Vec::new() } else { found }
}

/// The label of an experiment: its file name without folder and extension, or the start of a link.
fn short_name(target: &str) -> String {
    const LENGTH_MAX: usize = 40;
    let name = target.rsplit('/').next().unwrap_or_default();
    let name = name.strip_suffix(".json").unwrap_or(name);
    if name.chars().count() <= LENGTH_MAX {
        return name.to_owned();
    }
    name.chars().take(LENGTH_MAX).chain(['…']).collect()
}
