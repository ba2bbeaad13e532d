//! `ringside run`.

use std::path::PathBuf;

use clap::Args;
use ringside_core::base::problem::Problem;
use ringside_core::base::time::Tick;
use ringside_core::scenario::MAX_ROUNDS;
use ringside_core::study::simulation::{ReproductionStatus, Simulation};

use crate::arguments::{ExperimentArguments, JobsArguments, LengthArguments};
use crate::failure::{Failure, warn, warn_commands, warn_notices};
use crate::file::OutputFile;
use crate::help::{EXIT_CODES, TARGETS};
use crate::output::Outcome;
use crate::parallel::ThreadPool;
use crate::report::Report;
use crate::text::{count, counted};
use crate::{history, json, output, progress, report, scores, target};

const EXAMPLES: &str = "\
Examples:
  ringside run lifecycle
  ringside run lifecycle --seed 7 --rounds 50 --set network.loss=0.05
  ringside run experiment.json --json | jq .answers_per_query
  ringside run lifecycle --csv history.csv
  ringside run lifecycle --rounds 5000 --csv history.csv --every 1
  ringside run lifecycle --inject '100 cut-halves salt=1' --inject '200 heal' --inject '250 crash peer=#0'
  echo '{ \"preset\": \"lifecycle\", \"rounds\": 20 }' | ringside run -";

#[derive(Args)]
#[command(after_help = format!("{EXAMPLES}\n\n{TARGETS}\n\n{EXIT_CODES}"))]
pub(crate) struct RunArguments {
    #[command(flatten)]
    experiment: ExperimentArguments,
    #[command(flatten)]
    length: LengthArguments,
    #[command(flatten)]
    jobs: JobsArguments,
    /// Print one JSON object instead of a table
    #[arg(long)]
    json: bool,
    /// Also write the history to a CSV file, or - for standard output without a table
    ///
    /// One row per round up to 2,048; a longer run has a row for every second, fourth, ... round, and says
    /// so.
    #[arg(long, value_name = "FILE")]
    csv: Option<PathBuf>,
    /// Rounds between two rows of --csv, 1 to 10000000, for at most 100000 rows [default: 1, or more in a
    /// long run]
    #[arg(long, value_name = "N", requires = "csv", value_parser = clap::value_parser!(u64).range(1..=u64::from(MAX_ROUNDS)))]
    every: Option<u64>,
    /// Also write the scores that peers keep of one another to a CSV file, or - for standard output
    ///
    /// Those at the end of the run. With - there is no table.
    ///
    /// One row per score: the quality in thousandths of the mean, and its parts. Empty below the header if no
    /// rule of the experiment reads scores.
    #[arg(long, value_name = "FILE")]
    scores: Option<PathBuf>,
}

/// The most rows of `--every`.
const ROWS_MAX: u64 = 100_000;

pub(crate) fn run(arguments: &RunArguments) -> Result<Outcome, Failure> {
    let pool = ThreadPool::new(arguments.jobs.threads())?;
    let mut simulation = Simulation::of(target::resolve(&arguments.experiment)?);
    warn_notices(&simulation.notices());
    // Checked before the run, so that a long run does not end with an output that cannot be written.
    let input = [arguments.experiment.target.as_str()];
    let check =
        |path: &Option<PathBuf>| path.as_deref().map(|path| OutputFile::check(path, input)).transpose();
    let (file, scores_file) = (check(&arguments.csv)?, check(&arguments.scores)?);
    refuse_same(file.as_ref(), scores_file.as_ref())?;
    let end = arguments.length.end(&simulation);
    let rows = run_to_end(&mut simulation, &pool, end, arguments.every)?;
    warn_commands(&simulation);
    if let Some(file) = &file {
        file.write(&rows.unwrap_or_else(|| spaced(&simulation)))?;
    }
    if let Some(file) = &scores_file {
        file.write(&scores::csv(simulation.world()))?;
    }
    match [file, scores_file].into_iter().flatten().find(OutputFile::is_standard) {
        Some(_) => (),
        None if arguments.json => json::print(&Report::of(&simulation))?,
        None => output::print(&report::summary(&simulation))?,
    }
    Ok(match simulation.verdict() {
        ReproductionStatus::Differs { .. } => Outcome::Differs,
        ReproductionStatus::None
        | ReproductionStatus::Pending { .. }
        | ReproductionStatus::Reproduced { .. } => Outcome::Success,
    })
}

/// Refuses one destination for both files, of which the second would replace the first.
fn refuse_same(csv: Option<&OutputFile>, scores: Option<&OutputFile>) -> Result<(), Failure> {
    match (csv, scores) {
        (Some(csv), Some(scores)) if csv.is_same(scores) => {
            let message = "is the destination of --csv too";
            Err(Failure::one(Problem::new("--scores", message, "name another file")))
        }
        _ => Ok(()),
    }
}

/// Runs to the end; returns the rows of every N rounds, if that was asked for.
fn run_to_end(
    simulation: &mut Simulation,
    pool: &ThreadPool,
    end: Tick,
    every: Option<u64>,
) -> Result<Option<String>, Failure> {
    let Some(every) = every else {
        progress::run_until(simulation, pool, end);
        return Ok(None);
    };
    let interval = every.saturating_mul(simulation.world().clock().ticks_per_round);
    let rows = end.0 / interval + 1;
    if rows > ROWS_MAX {
        let least = every.saturating_mul(rows.div_ceil(ROWS_MAX));
        let message = format!("makes {} rows, more than {}", count(rows), count(ROWS_MAX));
        return Err(Failure::one(Problem::new("--every", message, format!("take --every {least}"))));
    }
    let mut text = history::header();
    history::add_row(&mut text, &simulation.sample());
    progress::run_in_steps(simulation, pool, end, interval, |simulation| {
        history::add_row(&mut text, &simulation.sample());
    });
    Ok(Some(text))
}

/// The history as it was kept. Says on the terminal if it has not every round.
fn spaced(simulation: &Simulation) -> String {
    let interval = history::interval(simulation.history());
    if interval > 1 {
        let rows = counted(simulation.history().samples().len() as u64, "row", "rows");
        warn(&format!("--csv has {rows}, one for every {interval} rounds; --every 1 writes each round"));
    }
    history::csv(simulation.history())
}
