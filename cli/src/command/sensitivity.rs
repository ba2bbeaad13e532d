//! `ringside sensitivity`: the parameters that document 000 lists for tuning, one at a time.

use std::path::Path;

use clap::Args;
use ringside_core::config::knob::{Knob, Setting};
use ringside_core::scenario::{MAX_ROUNDS, Scenario};
use ringside_core::study::ensemble::Job;
use ringside_core::study::sensitivity::{Curve, PARAMETERS, PRESET, Point, Sensitivity};

use crate::arguments::SeriesArguments;
use crate::failure::Failure;
use crate::file::OutputFile;
use crate::help::EXIT_CODES;
use crate::output::Outcome;
use crate::parallel::run_all;
use crate::series::{self, Grid, Row, run_and_print};
use crate::{csv, json, output};

const EXAMPLES: &str = "\
Without a preset, each parameter is varied in a world in which it can bind, and one measure is read. With a preset,
it is varied at a quarter, half, two and four times its value there, and four measures are read.

Examples:
  ringside sensitivity
  ringside sensitivity --markdown > docs/sensitivity.md
  ringside sensitivity seed-000 --seeds 30 --csv sensitivity.csv";

/// The factors by which a parameter is multiplied, in quarters.
const QUARTERS: [u64; 5] = [1, 2, 4, 8, 16];

#[derive(Args)]
#[command(after_help = format!("{EXAMPLES}\n\n{EXIT_CODES}"))]
pub(crate) struct SensitivityArguments {
    /// The preset whose parameters are varied [default: next, in a world of its own for each parameter]
    preset: Option<String>,
    /// Number of rounds, 1 to 10000000 [default: that of the preset]
    #[arg(long, value_name = "N", requires = "preset")]
    #[arg(value_parser = clap::value_parser!(u32).range(1..=i64::from(MAX_ROUNDS)))]
    rounds: Option<u32>,
    /// Print a page in Markdown instead of text
    #[arg(long, conflicts_with_all = ["json", "preset"])]
    markdown: bool,
    #[command(flatten)]
    series: SeriesArguments,
}

pub(crate) fn sensitivity(arguments: &SensitivityArguments) -> Result<Outcome, Failure> {
    match &arguments.preset {
        Some(preset) => vary_preset(preset, arguments),
        None => draw_curves(arguments),
    }
}

/// All parameters in one preset.
fn vary_preset(preset: &str, arguments: &SensitivityArguments) -> Result<Outcome, Failure> {
    let mut scenario = Scenario::preset(preset).map_err(Failure::one)?;
    scenario.rounds = arguments.rounds.unwrap_or(scenario.rounds);
    let knobs = PARAMETERS.iter().filter_map(|parameter| Knob::by_path(parameter.path));
    let rows = knobs.flat_map(|knob| around(&scenario, knob)).collect();
    let columns = ["parameter", "value", "factor"].map(str::to_owned).to_vec();
    let measures = series::measures(&[], &series::MEASURES)?;
    run_and_print(&Grid { columns, rows }, &measures, &arguments.series, &[])
}

/// Each parameter in the world of its own.
fn draw_curves(arguments: &SensitivityArguments) -> Result<Outcome, Failure> {
    let series = &arguments.series;
    let file = series.csv.as_deref().map(|path: &Path| OutputFile::check(path, [])).transpose()?;
    let mut study = Sensitivity::new(PARAMETERS.iter().collect(), series.seeds).map_err(Failure::one)?;
    let jobs: Vec<Job> = study.jobs().collect();
    run_all(&jobs, "runs", series.jobs.threads(), Job::run, |outcome| study.put(outcome));
    let curves = study.news().map_err(Failure::one)?;
    if let Some(file) = &file {
        file.write(&csv_text(&curves))?;
    }
    match file {
        Some(file) if file.is_standard() => (),
        _ if series.json => json::print(&curves)?,
        _ if arguments.markdown => output::print(&markdown(&curves, series.seeds))?,
        _ => output::print(&text(&curves))?,
    }
    Ok(Outcome::Success)
}

fn text(curves: &[Curve]) -> String {
    let curve = |Curve { path, world, measure, points, sentence, .. }: &Curve| {
        let width = points.iter().map(|point| point.value.to_string().len()).max().unwrap_or(0);
        let point = |Point { value, is_usual, text, .. }: &Point| {
            let mark = if *is_usual { ">" } else { " " };
            format!("  {mark} {value:>width$}  {text}\n")
        };
        let points: String = points.iter().map(point).collect();
        format!("{path}: {measure}\n  In {world}. {sentence}\n{points}")
    };
    let curves: Vec<String> = curves.iter().map(curve).collect();
    format!("{}\n> is the value of the preset {PRESET}.\n", curves.join("\n"))
}

fn markdown(curves: &[Curve], seeds: u32) -> String {
    let head = format!(
        "# Sensitivity\n\nMade by `ringside sensitivity --seeds {seeds} --markdown`: the seven parameters that document 000 \
         lists under \"Parameters\nRequiring Tuning\", one at a time, with {seeds} random seeds for each value. The preset is \
         `{PRESET}`, and each parameter is varied in\na world in which it can bind; in the published one, 30 peers and 200 \
         ticks, three of the seven have no effect at all. Means with\n95 % intervals; the usual value is in bold. The \
         page measures the same in its **Claims** panel.\n"
    );
    let curve = |Curve { path, world, measure, points, sentence, .. }: &Curve| {
        let row = |Point { value, is_usual, text, .. }: &Point| {
            let bold = if *is_usual { "**" } else { "" };
            format!("| {bold}{value}{bold} | {text} |\n")
        };
        let rows: String = points.iter().map(row).collect();
        format!("\n## `{path}`\n\nIn {world}. {sentence}\n\n| Value | {measure} |\n|---:|---|\n{rows}")
    };
    head + &curves.iter().map(curve).collect::<String>()
}

fn csv_text(curves: &[Curve]) -> String {
    let number = |number: Option<f64>| number.map_or_else(String::new, |number| number.to_string());
    let row = |curve: &Curve, point: &Point| {
        let summary = &point.summary;
        let [mean, low, high] = [summary.mean, summary.low, summary.high].map(number);
        let (path, measure) = (csv::cell(curve.path), csv::cell(curve.measure));
        format!("{path},{},{measure},{mean},{low},{high},{}\n", point.value, summary.runs)
    };
    let rows = curves.iter().flat_map(|curve| curve.points.iter().map(move |point| row(curve, point)));
    "parameter,value,measure,mean,low,high,runs\n".to_owned() + &rows.collect::<String>()
}

/// A knob at fractions and multiples of its value, within its range.
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_knob_is_varied_within_its_range() {
        let scenario = Scenario::preset("seed-000").unwrap();
        let values = |path| -> Vec<String> {
            let rows = around(&scenario, Knob::by_path(path).unwrap());
            rows.into_iter().map(|row| row.labels[1].clone()).collect()
        };
        assert_eq!(values("peers.invitations_per_round"), ["1", "3", "6", "12"]);
        assert_eq!(values("peers.pending_timeout_rounds"), ["250", "500", "1000", "2000", "4000"]);
        assert!(PARAMETERS.iter().all(|parameter| Knob::by_path(parameter.path).is_some()));
    }
}
