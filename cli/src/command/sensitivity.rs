//! `ringside sensitivity`: the parameters that document 000 lists for tuning, one at a time.

use clap::Args;
use ringside_core::config::knob::{Knob, Setting};
use ringside_core::scenario::{MAX_ROUNDS, Scenario};

use crate::arguments::SeriesArguments;
use crate::failure::Failure;
use crate::help::EXIT_CODES;
use crate::output::Outcome;
use crate::series::{self, Grid, Row, run_and_print};

const EXAMPLES: &str = "\
Examples:
  ringside sensitivity
  ringside sensitivity seed-000 --seeds 30 --csv sensitivity.csv";

/// Document 000, "Parameters Requiring Tuning".
const PARAMETERS: [&str; 7] = [
    "election.per_round",
    "peers.identified_capacity",
    "peers.sample_capacity",
    "peers.invitations_per_round",
    "peers.connection_timeout_rounds",
    "election.timeout_rounds",
    "peers.pending_timeout_rounds",
];

/// The factors by which a parameter is multiplied, in quarters.
const QUARTERS: [u64; 5] = [1, 2, 4, 8, 16];

#[derive(Args)]
#[command(after_help = format!("{EXAMPLES}\n\n{EXIT_CODES}"))]
pub(crate) struct SensitivityArguments {
    /// The preset whose parameters are varied: a quarter, half, two and four times the value
    #[arg(default_value = "next")]
    preset: String,
    /// Number of rounds, 1 to 10000000 [default: that of the preset]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=i64::from(MAX_ROUNDS)))]
    rounds: Option<u32>,
    #[command(flatten)]
    series: SeriesArguments,
}

pub(crate) fn sensitivity(arguments: &SensitivityArguments) -> Result<Outcome, Failure> {
    let mut scenario = Scenario::preset(&arguments.preset).map_err(Failure::one)?;
    scenario.rounds = arguments.rounds.unwrap_or(scenario.rounds);
    let knobs = PARAMETERS.iter().filter_map(|path| Knob::by_path(path));
    let rows = knobs.flat_map(|knob| around(&scenario, knob)).collect();
    let columns = ["parameter", "value", "factor"].map(str::to_owned).to_vec();
    let measures = series::measures(&[], &series::MEASURES)?;
    run_and_print(&Grid { columns, rows }, &measures, &arguments.series, &[])
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
        assert_eq!(PARAMETERS.iter().filter(|path| Knob::by_path(path).is_none()).count(), 0);
    }
}
