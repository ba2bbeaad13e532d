//! `ringside link`.

use clap::Args;
use ringside_core::base::problem::Problem;
use ringside_core::scenario::link::{self, Link};
use ringside_core::sim::world::Sequential;
use ringside_core::study::simulation::{ReproductionStatus, Simulation};

use crate::arguments::{ExperimentArguments, LengthArguments};
use crate::failure::{Failure, warn, warn_commands};
use crate::help::{EXIT_CODES, TARGETS};
use crate::output::Outcome;
use crate::{output, progress, report, target};

const EXAMPLES: &str = "\
Examples:
  ringside link lifecycle --seed 7
  ringside link experiment.json --base https://example.org/ringside/
  ringside link lifecycle --set network.loss=0.05 --no-run
  ringside link lifecycle | ringside verify -";

#[derive(Args)]
#[command(after_help = format!("{EXAMPLES}\n\n{TARGETS}\n\n{EXIT_CODES}"))]
pub(crate) struct LinkArguments {
    #[command(flatten)]
    experiment: ExperimentArguments,
    #[command(flatten)]
    length: LengthArguments,
    /// Do not run: the link has the scenario alone and records no outcome
    #[arg(long, conflicts_with_all = ["rounds", "ticks"])]
    no_run: bool,
    /// The page's URL; the link is appended to it [default: none, only the part from "#"]
    #[arg(long, value_name = "URL")]
    base: Option<String>,
}

pub(crate) fn link(arguments: &LinkArguments) -> Result<Outcome, Failure> {
    let link = target::resolve(&arguments.experiment)?;
    let payload = if arguments.no_run {
        link::encode(&Link { claim: None, ..link })
    } else {
        link_of_run(Simulation::of(link), arguments)
    };
    let payload = payload.map_err(|problem| Failure::of(&arguments.experiment.target, vec![problem]))?;
    output::print(&format!("{}#s={payload}\n", page_url(arguments.base.as_deref())))?;
    Ok(Outcome::Success)
}

/// Runs the experiment and encodes the link that records its outcome.
fn link_of_run(mut simulation: Simulation, arguments: &LinkArguments) -> Result<String, Problem> {
    let end = arguments.length.end(&simulation);
    progress::run_until(&mut simulation, &Sequential, end);
    warn_commands(&simulation);
    if let status @ ReproductionStatus::Differs { .. } = simulation.verdict() {
        let sentence = report::describe(&status);
        warn(&format!("the given link {sentence}; the new link records the outcome found"));
    }
    simulation.link()
}

/// The page's URL without its fragment.
fn page_url(base: Option<&str>) -> &str {
    base.and_then(|base| base.trim().split('#').next()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_fragment_of_the_base_is_replaced() {
        assert_eq!(page_url(None), "");
        assert_eq!(page_url(Some("https://example.org/")), "https://example.org/");
        assert_eq!(page_url(Some("https://example.org/?a=b#s=1.old ")), "https://example.org/?a=b");
    }
}
