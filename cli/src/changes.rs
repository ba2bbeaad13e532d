//! What the command line changes about a scenario.

use ringside_core::base::id::PeerId;
use ringside_core::base::problem::Problem;
use ringside_core::config::knob::Setting;
use ringside_core::scenario::Scenario;
use ringside_core::sim::command::TimedCommand;
use ringside_core::sim::genesis;

use crate::args::Experiment;

/// A seed and settings that take the place of the scenario's, and commands besides its own.
pub(crate) struct Changes {
    seed: Option<u64>,
    settings: Vec<Setting>,
    commands: Vec<String>,
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
        let changes = Self { seed: experiment.seed, settings, commands: experiment.inject.clone() };
        if problems.is_empty() { Ok(changes) } else { Err(problems) }
    }

    /// Whether the scenario stays as it is.
    pub(crate) const fn is_empty(&self) -> bool {
        self.seed.is_none() && self.settings.is_empty() && self.commands.is_empty()
    }

    /// Changes a scenario, where all goes together then.
    pub(crate) fn apply(&self, scenario: &mut Scenario) -> Result<(), Vec<Problem>> {
        scenario.seed = self.seed.unwrap_or(scenario.seed);
        for setting in &self.settings {
            scenario.with_setting(*setting);
        }
        let mut problems = scenario.check();
        if problems.is_empty() {
            self.add_commands(scenario)?;
            problems = scenario.check();
        }
        if problems.is_empty() { Ok(()) } else { Err(problems) }
    }
}

impl Changes {
    /// Adds the commands, behind those that the scenario has for the same tick.
    fn add_commands(&self, scenario: &mut Scenario) -> Result<(), Vec<Problem>> {
        let mut problems = Vec::new();
        let first = FirstPeers::of(scenario, &self.commands);
        for text in &self.commands {
            let place = format!("--inject '{text}'");
            let command = first.name(text, &place).and_then(|text| TimedCommand::parse_text(&text, &place));
            match command {
                Ok(command) => scenario.commands.push(command),
                Err(found) => problems.extend(found),
            }
        }
        scenario.commands.sort_by_key(|command| command.at);
        if problems.is_empty() { Ok(()) } else { Err(problems) }
    }
}

/// The peers that exist at the beginning, in ascending order. `#0` names the first of them.
struct FirstPeers(Vec<PeerId>);

impl FirstPeers {
    /// The peers, where some command names one so: to find them takes a while in a large world.
    fn of(scenario: &Scenario, commands: &[String]) -> Self {
        if !commands.iter().any(|text| text.contains("=#")) {
            return Self(Vec::new());
        }
        let universe = genesis::universe(scenario.seed, &scenario.config);
        Self(genesis::initial_peers(scenario.seed, &scenario.config, &universe))
    }

    /// The text with ids in place of such names.
    fn name(&self, text: &str, place: &str) -> Result<String, Vec<Problem>> {
        let word = |word: &str| match word.split_once("=#") {
            None => Ok(word.to_owned()),
            Some((key, number)) => {
                let peer = number.parse().ok().and_then(|number: usize| self.0.get(number));
                peer.map(|peer| format!("{key}={peer}")).ok_or_else(|| {
                    let last = self.0.len().saturating_sub(1);
                    let remedy = format!("the peers of the beginning are #0 to #{last}");
                    Problem::new(place, format!("there is no peer #{number}"), remedy)
                })
            }
        };
        let (words, problems): (Vec<_>, Vec<_>) = text.split_whitespace().map(word).partition(Result::is_ok);
        if problems.is_empty() {
            Ok(words.into_iter().flatten().collect::<Vec<_>>().join(" "))
        } else {
            Err(problems.into_iter().filter_map(Result::err).collect())
        }
    }
}

/// The problem where a person looks for it: at `--set network.loss`, not at `set.network.loss`.
fn as_argument(problem: Problem) -> Problem {
    let path = problem.path.strip_prefix("set.").map_or("--set".to_owned(), |path| format!("--set {path}"));
    Problem { path, ..problem }
}
