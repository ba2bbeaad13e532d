//! Overrides of a scenario by `--seed`, `--set` and `--inject`.

use ringside_core::base::id::PeerId;
use ringside_core::base::problem::Problem;
use ringside_core::config::knob::Setting;
use ringside_core::scenario::Scenario;
use ringside_core::sim::command::TimedCommand;
use ringside_core::sim::genesis;

use crate::arguments::ExperimentArguments;

/// A seed and settings that replace the scenario's, and additional commands.
pub(crate) struct Overrides {
    seed: Option<u64>,
    settings: Vec<Setting>,
    commands: Vec<String>,
}

impl Overrides {
    /// Parses the arguments; returns all problems at once.
    pub(crate) fn read(experiment: &ExperimentArguments) -> Result<Self, Vec<Problem>> {
        let (mut settings, mut problems) = (Vec::new(), Vec::new());
        for text in &experiment.set {
            match Setting::parse_text(text) {
                Ok(setting) => settings.push(setting),
                Err(problem) => problems.push(as_argument(problem)),
            }
        }
        let overrides = Self { seed: experiment.seed, settings, commands: experiment.inject.clone() };
        if problems.is_empty() { Ok(overrides) } else { Err(problems) }
    }

    /// Whether the scenario stays unchanged.
    pub(crate) const fn is_empty(&self) -> bool {
        self.seed.is_none() && self.settings.is_empty() && self.commands.is_empty()
    }

    /// Applies the overrides; fails if the result is not a valid scenario.
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

    /// Adds the commands, after those of the scenario for the same tick.
    fn add_commands(&self, scenario: &mut Scenario) -> Result<(), Vec<Problem>> {
        let mut problems = Vec::new();
        let peers = InitialPeers::of(scenario, &self.commands);
        for text in &self.commands {
            let path = format!("--inject '{text}'");
            let command = peers.resolve(text, &path).and_then(|text| TimedCommand::parse_text(&text, &path));
            match command {
                Ok(command) => scenario.commands.push(command),
                Err(found) => problems.extend(found),
            }
        }
        scenario.commands.sort_by_key(|command| command.at);
        if problems.is_empty() { Ok(()) } else { Err(problems) }
    }
}

/// The initial peers in ascending order of id. `#0` names the first of them.
struct InitialPeers(Vec<PeerId>);

impl InitialPeers {
    /// The initial peers, or none if no command names one: generating a large world is slow.
    fn of(scenario: &Scenario, commands: &[String]) -> Self {
        if !commands.iter().any(|text| text.contains("=#")) {
            return Self(Vec::new());
        }
        let universe = genesis::universe(scenario.seed, &scenario.config);
        Self(genesis::initial_peers(scenario.seed, &scenario.config, &universe))
    }

    /// The text with every `#n` replaced by an id.
    fn resolve(&self, text: &str, path: &str) -> Result<String, Vec<Problem>> {
        let word = |word: &str| match word.split_once("=#") {
            None => Ok(word.to_owned()),
            Some((key, number)) => {
                let peer = number.parse().ok().and_then(|number: usize| self.0.get(number));
                peer.map(|peer| format!("{key}={peer}")).ok_or_else(|| {
                    let last = self.0.len().saturating_sub(1);
                    let remedy = format!("the initial peers are #0 to #{last}");
                    Problem::new(path, format!("there is no peer #{number}"), remedy)
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

/// The problem with the path of the argument: `--set network.loss`, not `set.network.loss`.
fn as_argument(problem: Problem) -> Problem {
    let path = problem.path.strip_prefix("set.").map_or("--set".to_owned(), |path| format!("--set {path}"));
    Problem { path, ..problem }
}
