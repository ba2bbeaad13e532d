//! What the command line changes about a scenario.

use ringside_core::config::knob::Setting;
use ringside_core::problem::Problem;
use ringside_core::scenario::Scenario;

use crate::args::Experiment;

/// A seed and settings that take the place of the scenario's.
pub(crate) struct Changes {
    seed: Option<u64>,
    settings: Vec<Setting>,
}

impl Changes {
    /// Reads what the command line says; all problems at once.
    pub(crate) fn read(experiment: &Experiment) -> Result<Self, Vec<Problem>> {
        let (mut settings, mut problems) = (Vec::new(), Vec::new());
        for text in &experiment.set {
            match Setting::parse_text(text) {
                Ok(setting) => settings.push(setting),
                Err(problem) => problems.push(as_argument(problem)),
            }
        }
        if problems.is_empty() { Ok(Self { seed: experiment.seed, settings }) } else { Err(problems) }
    }

    /// Whether the scenario stays as it is.
    pub(crate) const fn is_empty(&self) -> bool {
        self.seed.is_none() && self.settings.is_empty()
    }

    /// Changes a scenario, where all goes together then.
    pub(crate) fn apply(&self, scenario: &mut Scenario) -> Result<(), Vec<Problem>> {
        scenario.seed = self.seed.unwrap_or(scenario.seed);
        for setting in &self.settings {
            scenario.with_setting(*setting);
        }
        let problems = scenario.check();
        if problems.is_empty() { Ok(()) } else { Err(problems) }
    }
}

/// The problem where a person looks for it: at `--set network.loss`, not at `set.network.loss`.
fn as_argument(problem: Problem) -> Problem {
    let path = problem.path.strip_prefix("set.").map_or("--set".to_owned(), |path| format!("--set {path}"));
    Problem { path, ..problem }
}
