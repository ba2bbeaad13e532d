//! `ringside scenario`.

use clap::Args;

use crate::arguments::ExperimentArguments;
use crate::failure::Failure;
use crate::help::{EXIT_CODES, TARGETS};
use crate::output::Outcome;
use crate::{json, target};

const EXAMPLES: &str = "\
Examples:
  ringside scenario '#s=1.AQID...'                          print the scenario of a link
  ringside scenario improved --set network.loss=0.1 > mine.json
  ringside link mine.json --no-run | ringside scenario -";

#[derive(Args)]
#[command(after_help = format!("{EXAMPLES}\n\n{TARGETS}\n\n{EXIT_CODES}"))]
pub(crate) struct ScenarioArguments {
    #[command(flatten)]
    experiment: ExperimentArguments,
}

pub(crate) fn scenario(arguments: &ScenarioArguments) -> Result<Outcome, Failure> {
    let link = target::resolve(&arguments.experiment)?;
    json::print_pretty(&link.scenario.describe())?;
    Ok(Outcome::Success)
}
