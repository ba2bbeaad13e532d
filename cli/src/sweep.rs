//! `ringside sweep`, `sensitivity` and `compare`: experiments that differ in some knobs, over many seeds.

use comfy_table::CellAlignment::{Left, Right};
use ringside_core::base::problem::Problem;
use ringside_core::config::knob::{KNOBS, Knob, Setting};
use ringside_core::scenario::Scenario;
use ringside_core::scenario::link::{self, Link};
use ringside_core::study::ensemble::{Job, Measure, Study, Summary};
use serde::Serialize;
use serde_json::{Map, Value};

use crate::args::{CompareArguments, Manner, SensitivityArguments, SweepArguments};
use crate::failure::Failure;
use crate::output::Outcome;
use crate::parallel::{run_all, threads};
use crate::table::aligned;
use crate::{file, json, output, target};

/// Runs of one sweep, at most.
const RUNS_MAX: usize = 100_000;

/// What is read where nothing else is asked for.
const MEASURES: [&str; 4] = ["answer_share", "completion", "connected", "messages_per_peer_round"];

/// What is read of experiments that are compared, where nothing else is asked for.
const COMPARED: [&str; 5] =
    ["captured", "captured_max", "elections_won", "completion", "messages_per_peer_round"];

/// The parameters that seed 000 wants tuned, "Parameters Requiring Tuning".
const TUNED: [&str; 7] = [
    "election.per_round",
    "peers.identified_capacity",
    "peers.sample_capacity",
    "peers.invitations_per_round",
    "peers.connection_timeout_rounds",
    "election.timeout_rounds",
    "peers.pending_timeout_rounds",
];

/// By what they are multiplied, as quarters.
const QUARTERS: [u64; 5] = [1, 2, 4, 8, 16];

/// One line of a sweep.
struct Row {
    /// What is special about it, for each column.
    labels: Vec<String>,
    scenario: Scenario,
}

/// Lines, and what the columns of their labels are called.
struct Grid {
    columns: Vec<String>,
    rows: Vec<Row>,
}

pub(crate) fn sweep(arguments: &SweepArguments) -> Result<Outcome, Failure> {
    let mut scenario = target::experiment(&arguments.experiment)?.scenario;
    scenario.rounds = arguments.rounds.unwrap_or(scenario.rounds);
    let axes = arguments.vary.iter().map(|text| axis(text));
    let (axes, problems): (Vec<_>, Vec<_>) = axes.partition(Result::is_ok);
    let problems: Vec<Problem> = problems.into_iter().filter_map(Result::err).flatten().collect();
    if !problems.is_empty() {
        return Err(Failure::of("--vary", problems));
    }
    let axes: Vec<Vec<Setting>> = axes.into_iter().flatten().collect();
    let rows = axes.iter().map(Vec::len).fold(1_usize, usize::saturating_mul);
    check_size(rows, arguments.manner.seeds)?;
    tell(
        &Grid {
            columns: axes.iter().map(|axis| axis[0].knob().path.to_owned()).collect(),
            rows: crossed(&scenario, &axes),
        },
        &arguments.measure,
        &arguments.manner,
    )
}

pub(crate) fn sensitivity(arguments: &SensitivityArguments) -> Result<Outcome, Failure> {
    let mut scenario = Scenario::preset(&arguments.preset).map_err(Failure::one)?;
    scenario.rounds = arguments.rounds.unwrap_or(scenario.rounds);
    let knobs = TUNED.iter().filter_map(|path| Knob::by_path(path));
    let rows = knobs.flat_map(|knob| around(&scenario, knob)).collect();
    let columns = ["parameter", "value", "factor"].map(str::to_owned).to_vec();
    tell(&Grid { columns, rows }, &[], &arguments.manner)
}

pub(crate) fn compare(arguments: &CompareArguments) -> Result<Outcome, Failure> {
    let scenario = |target: &String| {
        let mut scenario = target::unchanged(target)?.scenario;
        scenario.rounds = arguments.rounds.unwrap_or(scenario.rounds);
        Ok(scenario)
    };
    let scenarios = arguments.targets.iter().map(scenario).collect::<Result<Vec<Scenario>, Failure>>()?;
    check_size(scenarios.len(), arguments.manner.seeds)?;
    let differing = differing(&scenarios);
    let columns = std::iter::once("experiment").chain(differing.iter().map(|knob| knob.path));
    let row = |(target, scenario): (&String, Scenario)| {
        let values = differing.iter().map(|knob| knob.value(&scenario.config).to_string());
        Row { labels: std::iter::once(short_name(target)).chain(values).collect(), scenario }
    };
    let grid = Grid {
        columns: columns.map(str::to_owned).collect(),
        rows: arguments.targets.iter().zip(scenarios).map(row).collect(),
    };
    let usual: Vec<String> = COMPARED.map(str::to_owned).to_vec();
    let measures = if arguments.measure.is_empty() { &usual } else { &arguments.measure };
    tell(&grid, measures, &arguments.manner)
}

/// The knobs in which some of the scenarios differ, if they are few enough for a table.
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

/// What an experiment is called in a table: its file without folder and ending, or the start of a link.
fn short_name(target: &str) -> String {
    const LENGTH_MAX: usize = 40;
    let name = target.trim().rsplit('/').next().unwrap_or_default();
    let name = name.strip_suffix(".json").unwrap_or(name);
    if name.chars().count() <= LENGTH_MAX {
        return name.to_owned();
    }
    name.chars().take(LENGTH_MAX).chain(['…']).collect()
}

/// The values of one knob: `network.loss=0,0.05,0.1`.
fn axis(text: &str) -> Result<Vec<Setting>, Vec<Problem>> {
    let (path, values) = text.split_once('=').unwrap_or((text, ""));
    let settings = values.split(',').map(|value| Setting::parse_text(&format!("{path}={value}")));
    let problems: Vec<_> = settings.clone().filter_map(Result::err).collect();
    if problems.is_empty() { Ok(settings.flatten().collect()) } else { Err(problems) }
}

fn check_size(rows: usize, seeds: u32) -> Result<(), Failure> {
    let runs = rows.saturating_mul(seeds as usize);
    if runs <= RUNS_MAX {
        return Ok(());
    }
    let remedy = format!("vary fewer values, or take fewer seeds: {RUNS_MAX} runs are the most");
    Err(Failure::one(Problem::new("--vary", format!("makes {runs} runs"), remedy)))
}

/// Every combination, the last axis turning fastest.
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

/// A knob at fractions and multiples of its value, as far as it takes them.
fn around(scenario: &Scenario, knob: &'static Knob) -> Vec<Row> {
    let usual = knob.setting(&scenario.config).raw();
    let (min, max) = knob.kind.range();
    let mut values: Vec<u64> =
        QUARTERS.iter().map(|quarters| (usual * quarters / 4).clamp(min.max(1), max)).collect();
    values.dedup();
    let row = |raw| {
        let setting = Setting::from_raw(knob, raw)?;
        let mut scenario = scenario.clone();
        scenario.with_setting(setting);
        let labels = vec![knob.path.to_owned(), setting.value().to_string(), factor(raw, usual)];
        Some(Row { labels, scenario })
    };
    values.into_iter().filter_map(row).collect()
}

#[expect(clippy::cast_precision_loss, reason = "knobs stay far below 2^53")]
fn factor(raw: u64, usual: u64) -> String {
    format!("{:.2}", raw as f64 / usual as f64)
}

/// Makes the runs of a grid, and says what came of them.
fn tell(grid: &Grid, names: &[String], manner: &Manner) -> Result<Outcome, Failure> {
    let measures = measures(names)?;
    // Opened first: a long sweep must not end with nowhere to go.
    let csv = manner.csv.as_deref().map(|path| file::create(path).map(|file| (path, file))).transpose()?;
    let mut study = Study::default();
    for row in &grid.rows {
        study.want(&row.scenario, manner.seeds, &measures).map_err(|problem| misfit(row, problem))?;
    }
    let jobs: Vec<_> = study.jobs().collect();
    run_all(&jobs, "runs", threads(manner.jobs), Job::run, |outcome| study.put(outcome));
    let summaries: Vec<Vec<Summary>> =
        grid.rows.iter().map(|row| summaries(&study, row, &measures, manner.seeds)).collect();
    if let Some((path, file)) = csv {
        file::write(path, file, &csv_text(grid, &measures, &summaries))?;
    }
    if manner.json {
        json::print(&entries(grid, &measures, &summaries, manner.seeds))?;
    } else {
        output::print(&text(grid, &measures, &summaries))?;
    }
    Ok(Outcome::Fine)
}

fn measures(names: &[String]) -> Result<Vec<&'static Measure>, Failure> {
    let usual = || MEASURES.iter().map(|name| Measure::by_name(name)).collect::<Vec<_>>();
    let found =
        if names.is_empty() { usual() } else { names.iter().map(|name| Measure::by_name(name)).collect() };
    let problems: Vec<_> = found.iter().filter_map(|found| found.clone().err()).collect();
    if problems.is_empty() {
        Ok(found.into_iter().flatten().collect())
    } else {
        Err(Failure::of("--measure", problems))
    }
}

/// Which combination is not right.
fn misfit(row: &Row, problem: Problem) -> Failure {
    Failure::of(&format!("with {}", row.labels.join(", ")), vec![problem])
}

fn summaries(study: &Study, row: &Row, measures: &[&'static Measure], seeds: u32) -> Vec<Summary> {
    let summary = |measure: &&Measure| {
        let values = study.values(&row.scenario, seeds, measure).unwrap_or_default();
        Summary::of(&values, measure.unit.scale())
    };
    measures.iter().map(summary).collect()
}

fn text(grid: &Grid, measures: &[&Measure], summaries: &[Vec<Summary>]) -> String {
    let names = measures.iter().map(|measure| measure.name.to_owned());
    let head: Vec<String> = grid.columns.iter().cloned().chain(names).collect();
    let alignment: Vec<_> = head
        .iter()
        .enumerate()
        .map(|(place, _)| if place < grid.columns.len() { Left } else { Right })
        .collect();
    let line = |(row, summaries): (&Row, &Vec<Summary>)| -> Vec<String> {
        let values =
            measures.iter().zip(summaries).map(|(measure, summary)| measure.unit.write_summary(summary));
        row.labels.iter().cloned().chain(values).collect()
    };
    let rows: Vec<Vec<String>> =
        std::iter::once(head).chain(grid.rows.iter().zip(summaries).map(line)).collect();
    aligned(&alignment, &rows).join("\n") + "\n"
}

fn csv_text(grid: &Grid, measures: &[&Measure], summaries: &[Vec<Summary>]) -> String {
    let names = measures.iter().flat_map(|Measure { name, .. }| {
        [format!("{name}_mean"), format!("{name}_low"), format!("{name}_high"), format!("{name}_runs")]
    });
    let head: Vec<String> = grid.columns.iter().cloned().chain(names).collect();
    let number = |number: Option<f64>| number.map_or_else(String::new, |number| number.to_string());
    let cells = |summary: &Summary| {
        [number(summary.mean), number(summary.low), number(summary.high), summary.runs.to_string()]
    };
    let line = |(row, summaries): (&Row, &Vec<Summary>)| {
        row.labels.iter().cloned().chain(summaries.iter().flat_map(cells)).collect::<Vec<_>>().join(",")
    };
    let lines = std::iter::once(head.join(",")).chain(grid.rows.iter().zip(summaries).map(line));
    lines.map(|line| line + "\n").collect()
}

/// A line as programs read it. The names are part of what `--json` promises.
#[derive(Serialize)]
struct Entry {
    /// What is special about it.
    with: Map<String, Value>,
    seeds: u32,
    /// By name of the measure.
    measures: Map<String, Value>,
    /// The link to its first run; none where it is too long for one.
    link: Option<String>,
}

fn entries(grid: &Grid, measures: &[&Measure], summaries: &[Vec<Summary>], seeds: u32) -> Vec<Entry> {
    let entry = |(row, summaries): (&Row, &Vec<Summary>)| {
        let labels = row.labels.iter().map(|label| Value::from(label.as_str()));
        let values = summaries.iter().map(|summary| serde_json::to_value(summary).unwrap_or_default());
        Entry {
            with: grid.columns.iter().cloned().zip(labels).collect(),
            seeds,
            measures: measures.iter().map(|measure| measure.name.to_owned()).zip(values).collect(),
            link: link::encode(&Link { scenario: row.scenario.clone(), claim: None }).ok(),
        }
    };
    grid.rows.iter().zip(summaries).map(entry).collect()
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

    #[test]
    fn a_knob_is_varied_within_its_range() {
        let scenario = Scenario::preset("seed-000").unwrap();
        let values = |path| -> Vec<String> {
            let rows = around(&scenario, Knob::by_path(path).unwrap());
            rows.into_iter().map(|row| row.labels[1].clone()).collect()
        };
        assert_eq!(values("peers.invitations_per_round"), ["1", "3", "6", "12"]);
        assert_eq!(values("peers.pending_timeout_rounds"), ["250", "500", "1000", "2000", "4000"]);
        assert_eq!(TUNED.iter().filter(|path| Knob::by_path(path).is_none()).count(), 0);
    }

    #[test]
    fn a_sweep_has_an_end() {
        assert!(check_size(1_000, 100).is_ok() && check_size(1_001, 100).is_err());
        assert!(check_size(usize::MAX, u32::MAX).is_err());
    }
}
