//! `ringside verify`.

use ringside_core::problem::Problem;
use ringside_core::scenario::link::{Claim, Link};
use ringside_core::simulation::{Simulation, Verdict};
use ringside_core::time::Tick;

use crate::args::VerifyArguments;
use crate::failure::{Failure, warn_of_refusals};
use crate::output::Outcome;
use crate::parallel::Team;
use crate::report::{styled, verdict_sentence};
use crate::{output, progress, target};

pub(crate) fn verify(arguments: &VerifyArguments) -> Result<Outcome, Failure> {
    let link = target::unchanged(&arguments.link)?;
    let Link { claim: Some(Claim { tick: Tick(tick), .. }), .. } = link else {
        return Err(Failure::one(nothing_claimed(&arguments.link)));
    };
    let mut simulation = Simulation::of(link);
    progress::run_until(&mut simulation, &Team::new(arguments.jobs)?, Tick(tick));
    warn_of_refusals(simulation.refused());
    let verdict = simulation.verdict();
    let sentence = styled(&verdict, &verdict_sentence(&verdict));
    if matches!(verdict, Verdict::Reproduced { .. }) {
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
