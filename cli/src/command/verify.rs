//! `ringside verify`.

use clap::Args;
use ringside_core::base::problem::Problem;
use ringside_core::base::time::Tick;
use ringside_core::scenario::link::{Link, RecordedOutcome};
use ringside_core::study::simulation::{ReproductionStatus, Simulation};

use crate::arguments::JobsArguments;
use crate::failure::{Failure, warn_commands};
use crate::help::EXIT_CODES;
use crate::output::Outcome;
use crate::parallel::ThreadPool;
use crate::{output, progress, report, target};

const EXAMPLES: &str = "\
Examples:
  ringside verify 'https://example.org/ringside/#s=1.AQID...'
  ringside verify - < link.txt && echo reproduced";

#[derive(Args)]
#[command(after_help = format!("{EXAMPLES}\n\n{EXIT_CODES}"))]
pub(crate) struct VerifyArguments {
    /// The link, quoted because many shells treat "#" specially; - reads it from standard input
    #[arg(value_name = "LINK")]
    link: String,
    #[command(flatten)]
    jobs: JobsArguments,
}

pub(crate) fn verify(arguments: &VerifyArguments) -> Result<Outcome, Failure> {
    let link = target::resolve_unchanged(&arguments.link)?;
    let Link { claim: Some(RecordedOutcome { tick: Tick(tick), .. }), .. } = link else {
        return Err(Failure::one(no_outcome(&arguments.link)));
    };
    let mut simulation = Simulation::of(link);
    progress::run_until(&mut simulation, &ThreadPool::new(arguments.jobs.threads())?, Tick(tick));
    warn_commands(&simulation);
    let status = simulation.verdict();
    let sentence = report::styled(&status, &report::describe(&status));
    if matches!(status, ReproductionStatus::Reproduced { .. }) {
        output::print(&format!("{sentence}, fingerprint {}\n", simulation.fingerprint()))?;
        return Ok(Outcome::Success);
    }
    output::print(&format!("{sentence}\n"))?;
    Ok(Outcome::Differs)
}

fn no_outcome(target: &str) -> Problem {
    let remedy = "make a link with `ringside link`, without --no-run";
    Problem::new(target::source(target.trim()), "records no outcome, so there is nothing to verify", remedy)
}
