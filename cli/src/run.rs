//! `ringside run`.

use ringside_core::study::simulation::{ReproductionStatus, Simulation};

use crate::args::RunArguments;
use crate::failure::{Failure, warn_of_later, warn_of_notices, warn_of_refusals};
use crate::history::HistoryFile;
use crate::output::Outcome;
use crate::parallel::ThreadPool;
use crate::report::Report;
use crate::{json, output, progress, report, target};

pub(crate) fn run(arguments: &RunArguments) -> Result<Outcome, Failure> {
    let team = ThreadPool::new(arguments.jobs)?;
    let mut simulation = Simulation::of(target::experiment(&arguments.experiment)?);
    warn_of_notices(&simulation.notices());
    // Opened first: a long run must not end with nowhere to go.
    let history = arguments.csv.as_deref().map(HistoryFile::create).transpose()?;
    let end = arguments.length.end(&simulation);
    progress::run_until(&mut simulation, &team, end);
    warn_of_refusals(simulation.refused());
    warn_of_later(&simulation.scenario().commands, &arguments.experiment.inject, end);
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
        | ReproductionStatus::Reproduced { .. } => Outcome::Fine,
    })
}
