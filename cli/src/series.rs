//! Experiments over many seeds, one row of summaries each: the work of `ringside sweep`, `sensitivity`
//! and `compare`.

use std::path::Path;

use comfy_table::CellAlignment::{Left, Right};
use ringside_core::base::problem::Problem;
use ringside_core::scenario::Scenario;
use ringside_core::scenario::link::{self, Link};
use ringside_core::study::ensemble::{Job, Measure, Study, Summary};
use serde::Serialize;
use serde_json::{Map, Value};

use crate::arguments::SeriesArguments;
use crate::failure::Failure;
use crate::file::OutputFile;
use crate::output::Outcome;
use crate::parallel::run_all;
use crate::table::aligned;
use crate::text::printable;
use crate::{csv, json, output};

/// The most runs of one series.
const RUNS_MAX: usize = 100_000;

/// The default of `--measure`.
pub(crate) const MEASURES: [&str; 4] = ["answer_share", "completion", "connected", "messages_per_peer_round"];

/// One row: a scenario that is run over many seeds.
pub(crate) struct Row {
    /// The labels of the row, one for each column.
    pub(crate) labels: Vec<String>,
    pub(crate) scenario: Scenario,
}

/// Rows, and the headings of their labels.
pub(crate) struct Grid {
    pub(crate) columns: Vec<String>,
    pub(crate) rows: Vec<Row>,
}

/// Refuses more than `RUNS_MAX` runs.
pub(crate) fn check_size(rows: usize, seeds: u32) -> Result<(), Failure> {
    let runs = rows.saturating_mul(seeds as usize);
    if runs <= RUNS_MAX {
        return Ok(());
    }
    let remedy = format!("vary fewer values, or take fewer seeds: {RUNS_MAX} runs are the most");
    Err(Failure::one(Problem::new("--vary", format!("makes {runs} runs"), remedy)))
}

/// Runs the scenarios of a grid and prints a summary of the measures for each row.
pub(crate) fn run_and_print(
    grid: &Grid,
    measures: &[&'static Measure],
    arguments: &SeriesArguments,
    inputs: &[&str],
) -> Result<Outcome, Failure> {
    // Checked before the runs, so that a long series does not end with an output that cannot be written.
    let check = |path: &Path| OutputFile::check(path, inputs.iter().copied());
    let csv = arguments.csv.as_deref().map(check).transpose()?;
    let mut study = Study::default();
    for row in &grid.rows {
        study.want(&row.scenario, arguments.seeds, measures).map_err(|problem| invalid_row(row, problem))?;
    }
    let jobs: Vec<_> = study.jobs().collect();
    run_all(&jobs, "runs", arguments.jobs.threads(), Job::run, |outcome| study.put(outcome));
    let summaries: Vec<Vec<Summary>> =
        grid.rows.iter().map(|row| summaries(&study, row, measures, arguments.seeds)).collect();
    if let Some(file) = &csv {
        file.write(&csv_text(grid, measures, &summaries))?;
    }
    match csv {
        Some(file) if file.is_standard() => (),
        _ if arguments.json => json::print(&entries(grid, measures, &summaries, arguments.seeds))?,
        _ => output::print(&text(grid, measures, &summaries))?,
    }
    Ok(Outcome::Success)
}

/// The measures of `--measure`, or the default ones.
pub(crate) fn measures(names: &[String], default: &[&str]) -> Result<Vec<&'static Measure>, Failure> {
    let found: Vec<_> = if names.is_empty() {
        default.iter().map(|name| Measure::by_name(name)).collect()
    } else {
        names.iter().map(|name| Measure::by_name(name)).collect()
    };
    let problems: Vec<_> = found.iter().filter_map(|found| found.clone().err()).collect();
    if problems.is_empty() {
        Ok(found.into_iter().flatten().collect())
    } else {
        Err(Failure::of("--measure", problems))
    }
}

/// The failure of a row whose scenario is invalid.
fn invalid_row(row: &Row, problem: Problem) -> Failure {
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
        .map(|(index, _)| if index < grid.columns.len() { Left } else { Right })
        .collect();
    let line = |(row, summaries): (&Row, &Vec<Summary>)| -> Vec<String> {
        let values =
            measures.iter().zip(summaries).map(|(measure, summary)| measure.unit.write_summary(summary));
        row.labels.iter().map(|label| printable(label)).chain(values).collect()
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
        row.labels
            .iter()
            .map(|label| csv::cell(label))
            .chain(summaries.iter().flat_map(cells))
            .collect::<Vec<_>>()
            .join(",")
    };
    let lines = std::iter::once(head.join(",")).chain(grid.rows.iter().zip(summaries).map(line));
    lines.map(|line| line + "\n").collect()
}

/// The JSON form of a row. The names are part of the published format of `--json`.
#[derive(Serialize)]
struct RowEntry {
    /// The labels, by column.
    with: Map<String, Value>,
    seeds: u32,
    /// Summaries by name of the measure.
    measures: Map<String, Value>,
    /// The link of the first run; `None` if it is too long for one.
    link: Option<String>,
}

fn entries(grid: &Grid, measures: &[&Measure], summaries: &[Vec<Summary>], seeds: u32) -> Vec<RowEntry> {
    let entry = |(row, summaries): (&Row, &Vec<Summary>)| {
        let labels = row.labels.iter().map(|label| Value::from(label.as_str()));
        let values = summaries.iter().map(|summary| serde_json::to_value(summary).unwrap_or_default());
        RowEntry {
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
    fn a_series_is_bounded() {
        assert!(check_size(1_000, 100).is_ok() && check_size(1_001, 100).is_err());
        assert!(check_size(usize::MAX, u32::MAX).is_err());
    }
}
