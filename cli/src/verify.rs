//! `ringside verify`.

use ringside_core::base::problem::Problem;
use ringside_core::base::time::Tick;
use ringside_core::scenario::link::{Link, RecordedOutcome};
use ringside_core::study::simulation::{ReproductionStatus, Simulation};

use crate::args::VerifyArguments;
use crate::failure::{Failure, warn_of_refusals};
use crate::output::Outcome;
use crate::parallel::ThreadPool;
use crate::report::{styled, verdict_sentence};
use crate::{output, progress, target};

pub(crate) fn verify(arguments: &VerifyArguments) -> Result<Outcome, Failure> {
    let link = target::unchanged(&arguments.link)?;
    let Link { claim: Some(RecordedOutcome { tick: Tick(tick), .. }), .. } = link else {
        return Err(Failure::one(nothing_claimed(&arguments.link)));
    };
    let mut simulation = Simulation::of(link);
    progress::run_until(&mut simulation, &ThreadPool::new(arguments.jobs)?, Tick(tick));
    warn_of_refusals(simulation.refused());
    let verdict = simulation.verdict();
    let sentence = styled(&verdict, &verdict_sentence(&verdict));
    if matches!(verdict, ReproductionStatus::Reproduced { .. }) {
        output::print(&format!("{sentence}, fingerprint {}\n", simulation.fingerprint()))?;
        return Ok(Outcome::Fine);
    }
    output::print(&format!("{sentence}\n"))?;
    Ok(Outcome::Differs)
}

fn nothing_claimed(target: &str) -> Problem {
    let remedy = "make a link that claims an outcome with `ringside link`, without --no-run";
    Problem::new(target::source(target.trim()), "claims nothing, so that there is nothing to verify", remedy)
}
