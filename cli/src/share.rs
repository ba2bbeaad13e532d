//! `ringside link` and `ringside scenario`: an experiment as something to hand on.

use ringside_core::base::problem::Problem;
use ringside_core::scenario::link::{self, Link};
use ringside_core::sim::world::Sequential;
use ringside_core::study::simulation::{ReproductionStatus, Simulation};

use crate::args::{LinkArguments, ScenarioArguments};
use crate::failure::{Failure, warn, warn_of_later, warn_of_refusals};
use crate::output::Outcome;
use crate::report::verdict_sentence;
use crate::{json, output, progress, target};

pub(crate) fn link(arguments: &LinkArguments) -> Result<Outcome, Failure> {
    let found = target::experiment(&arguments.experiment)?;
    let payload = if arguments.no_run {
        link::encode(&Link { claim: None, ..found })
    } else {
        link_of_run(Simulation::of(found), arguments)
    };
    let payload = payload.map_err(|problem| Failure::of(&arguments.experiment.target, vec![problem]))?;
    output::print(&format!("{}#s={payload}\n", page(arguments.base.as_deref())))?;
    Ok(Outcome::Fine)
}

pub(crate) fn scenario(arguments: &ScenarioArguments) -> Result<Outcome, Failure> {
    let found = target::experiment(&arguments.experiment)?;
    json::print_in_lines(&found.scenario.describe())?;
    Ok(Outcome::Fine)
}

fn link_of_run(mut simulation: Simulation, arguments: &LinkArguments) -> Result<String, Problem> {
    let end = arguments.length.end(&simulation);
    progress::run_until(&mut simulation, &Sequential, end);
    warn_of_refusals(simulation.refused());
    warn_of_later(&simulation.scenario().commands, &arguments.experiment.inject, end);
    if let verdict @ ReproductionStatus::Differs { .. } = simulation.verdict() {
        warn(&format!("the link given {}; the new one claims what was found", verdict_sentence(&verdict)));
    }
    simulation.link()
}

/// The address of the page without the fragment that it may have.
fn page(base: Option<&str>) -> &str {
    base.and_then(|base| base.trim().split('#').next()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fragment_of_the_base_gives_way() {
        assert_eq!(page(None), "");
        assert_eq!(page(Some("https://example.org/")), "https://example.org/");
        assert_eq!(page(Some("https://example.org/?a=b#s=1.old ")), "https://example.org/?a=b");
    }
}
