//! `ringside sweep`: every combination of some values.

use clap::Args;
use ringside_core::base::problem::Problem;
use ringside_core::config::knob::Setting;
use ringside_core::scenario::{MAX_ROUNDS, Scenario};

use crate::arguments::{ExperimentArguments, SeriesArguments};
use crate::failure::Failure;
use crate::help::{EXIT_CODES, TARGETS, measures};
use crate::output::Outcome;
use crate::series::{self, Grid, Row, check_size, run_and_print};
use crate::target;

const EXAMPLES: &str = "\
Examples:
  ringside sweep lifecycle --vary network.loss=0,0.1,0.2
  ringside sweep seed-000 --vary election.consensus_threshold=6,7,8 --vary tokens.coverage=0.8,0.9,1 --seeds 30
  ringside sweep lifecycle --vary genesis.peers=30,100,300 --rounds 100 --measure connected --csv sizes.csv";

#[derive(Args)]
#[command(after_help = format!("{EXAMPLES}\n\n{}\n\n{TARGETS}\n\n{EXIT_CODES}", measures()))]
pub(crate) struct SweepArguments {
    #[command(flatten)]
    experiment: ExperimentArguments,
    /// A knob and its values (repeatable): every combination is run
    #[arg(long, value_name = "PATH=V1,V2", required = true)]
    vary: Vec<String>,
    #[arg(long, value_name = "NAME")]
    #[arg(help = format!("A measure to report (repeatable) [default: {}]", series::MEASURES.join(", ")))]
    measure: Vec<String>,
    /// Number of rounds, 1 to 10000000 [default: that of the experiment]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=i64::from(MAX_ROUNDS)))]
    rounds: Option<u32>,
    #[command(flatten)]
    series: SeriesArguments,
}

pub(crate) fn sweep(arguments: &SweepArguments) -> Result<Outcome, Failure> {
    let mut scenario = target::resolve(&arguments.experiment)?.scenario;
    scenario.rounds = arguments.rounds.unwrap_or(scenario.rounds);
    let axes = arguments.vary.iter().map(|text| axis(text));
    let (axes, problems): (Vec<_>, Vec<_>) = axes.partition(Result::is_ok);
    let problems: Vec<Problem> = problems.into_iter().filter_map(Result::err).flatten().collect();
    if !problems.is_empty() {
        return Err(Failure::of("--vary", problems));
    }
    let axes: Vec<Vec<Setting>> = axes.into_iter().flatten().collect();
    repeated(&axes)?;
    let rows = axes.iter().map(Vec::len).fold(1_usize, usize::saturating_mul);
    let measures = series::measures(&arguments.measure, &series::MEASURES)?;
    check_size(rows, arguments.series.seeds)?;
    run_and_print(
        &Grid {
            columns: axes.iter().map(|axis| axis[0].knob().path.to_owned()).collect(),
            rows: crossed(&scenario, &axes),
        },
        &measures,
        &arguments.series,
        &[&arguments.experiment.target],
    )
}

/// The problem of a knob that is varied twice: only the last value would count.
fn repeated(axes: &[Vec<Setting>]) -> Result<(), Failure> {
    let paths: Vec<&str> = axes.iter().map(|axis| axis[0].knob().path).collect();
    let twice = paths.iter().enumerate().find(|(index, path)| paths[..*index].contains(path));
    twice.map_or(Ok(()), |(_, path)| {
        let remedy = format!("write all values in one list: --vary {path}=V1,V2");
        Err(Failure::one(Problem::new(format!("--vary {path}"), "is given twice", remedy)))
    })
}

/// The values of one knob: `network.loss=0,0.05,0.1`.
fn axis(text: &str) -> Result<Vec<Setting>, Vec<Problem>> {
    let (path, values) = text.split_once('=').unwrap_or((text, ""));
    let settings = values.split(',').map(|value| Setting::parse_text(&format!("{path}={value}")));
    let problems: Vec<_> = settings.clone().filter_map(Result::err).collect();
    if problems.is_empty() { Ok(settings.flatten().collect()) } else { Err(problems) }
}

/// Every combination of the axes; the last axis varies fastest.
fn crossed(scenario: &Scenario, axes: &[Vec<Setting>]) -> Vec<Row> {
    let mut rows = vec![Row { labels: Vec::new(), scenario: scenario.clone() }];
    for axis in axes {
        let with = |row: &Row, setting: &Setting| {
            let mut scenario = row.scenario.clone();
            scenario.with_setting(*setting);
            let label = setting.value().to_string();
            Row { labels: row.labels.iter().cloned().chain([label]).collect(), scenario }
        };
        rows = rows.iter().flat_map(|row| axis.iter().map(|setting| with(row, setting))).collect();
    }
    rows
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_combination_has_a_row() {
        let axes = [axis("network.loss=0,0.1").unwrap(), axis("peers.keepalive=on,off").unwrap()];
        let rows = crossed(&Scenario::preset("lifecycle").unwrap(), &axes);
        let labels: Vec<_> = rows.iter().map(|row| row.labels.join(" ")).collect();
        assert_eq!(labels, ["0 on", "0 off", "0.1 on", "0.1 off"]);
        assert!(!rows[1].scenario.config.peers.keepalive && rows[2].scenario.config.peers.keepalive);
    }

    #[test]
    fn every_value_that_does_not_work_is_told() {
        let problems = axis("network.loss=0,2,much").unwrap_err();
        assert_eq!(problems.len(), 2);
        assert!(axis("network.loss").is_err() && axis("=1").is_err());
    }
}
