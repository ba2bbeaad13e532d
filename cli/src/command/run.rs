//! `ringside run`.

use std::path::PathBuf;

use clap::Args;
use ringside_core::study::simulation::{ReproductionStatus, Simulation};

use crate::arguments::{ExperimentArguments, JobsArguments, LengthArguments};
use crate::failure::{Failure, warn_notices, warn_refused, warn_unreached};
use crate::help::{EXIT_CODES, TARGETS};
use crate::history::HistoryFile;
use crate::output::Outcome;
use crate::parallel::ThreadPool;
use crate::report::Report;
use crate::{json, output, progress, report, target};

const EXAMPLES: &str = "\
Examples:
  ringside run lifecycle
  ringside run lifecycle --seed 7 --rounds 50 --set network.loss=0.05
  ringside run experiment.json --json | jq .answers_per_query
  ringside run lifecycle --csv history.csv
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
    /// Also write the history to a CSV file, one row per sample
    #[arg(long, value_name = "FILE")]
    csv: Option<PathBuf>,
}

pub(crate) fn run(arguments: &RunArguments) -> Result<Outcome, Failure> {
    let pool = ThreadPool::new(arguments.jobs.threads())?;
    let mut simulation = Simulation::of(target::resolve(&arguments.experiment)?);
    warn_notices(&simulation.notices());
    // Created before the run, so that a long run does not end with an output that cannot be written.
    let history = arguments.csv.as_deref().map(HistoryFile::create).transpose()?;
    let end = arguments.length.end(&simulation);
    progress::run_until(&mut simulation, &pool, end);
    warn_refused(simulation.refused());
    warn_unreached(&simulation.scenario().commands, &arguments.experiment.inject, end);
    history.map(|file| file.write(simulation.history())).transpose()?;
    if arguments.json {
        json::print(&Report::of(&simulation))?;
    } else {
        output::print(&report::summary(&simulation))?;
    }
    Ok(match simulation.verdict() {
        ReproductionStatus::Differs { .. } => Outcome::Differs,
        ReproductionStatus::None
        | ReproductionStatus::Pending { .. }
        | ReproductionStatus::Reproduced { .. } => Outcome::Success,
    })
}
