//! What knobs must agree on with one another, and which of them a running world allows to be turned.

use super::command::not_live;
use crate::command::{Command, TimedCommand};
use crate::config::Config;
use crate::config::knob::{Knob, Setting};
use crate::problem::Problem;

/// Pairs of knobs of which the first must not be above the second.
const ORDERED: &[(&str, &str)] = &[
    ("network.latency_min", "network.latency_max"),
    ("election.min_cluster_size", "election.max_channels"),
    ("election.channels", "election.max_channels"),
];

/// Where the knobs of a configuration contradict one another.
#[must_use]
pub fn contradictions(config: &Config) -> Vec<Problem> {
    ORDERED.iter().filter_map(|(low, high)| contradiction(config, low, high)).collect()
}

fn contradiction(config: &Config, low: &'static str, high: &'static str) -> Option<Problem> {
    let raw = |path| Knob::by_path(path).map(|knob| knob.setting(config).raw());
    let (below, above) = (raw(low)?, raw(high)?);
    (below > above).then(|| {
        Problem::new(
            format!("set.{low}"),
            format!("{below} is more than {high}, which is {above}"),
            format!("lower {low} to {above} or raise {high} to {below}"),
        )
    })
}

/// Whether a running world with this configuration may be set so.
///
/// # Errors
///
/// Where the knob is not live, or would contradict another one.
pub fn check_setting(config: &Config, setting: Setting) -> Result<(), Problem> {
    let path = setting.knob().path;
    if !setting.knob().live {
        return Err(not_live(setting, path));
    }
    let mut changed = config.clone();
    setting.apply(&mut changed);
    let found = contradictions(&changed).into_iter().next();
    found.map_or(Ok(()), |problem| Err(Problem { path: path.to_owned(), ..problem }))
}

/// What is wrong with commands that are carried out in this order on a world that starts with this configuration, by
/// the place of the command in the order.
#[must_use]
pub fn check_commands(config: &Config, commands: &[TimedCommand]) -> Vec<(usize, Problem)> {
    let mut config = config.clone();
    let mut problems = Vec::new();
    for (index, timed) in commands.iter().enumerate() {
        let Command::Set(setting) = timed.command else { continue };
        match check_setting(&config, setting) {
            Ok(()) => setting.apply(&mut config),
            Err(problem) => problems.push((index, problem)),
        }
    }
    problems
}
