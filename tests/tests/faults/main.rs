//! Effects of the commands on whole worlds.

mod commands;
mod links;
mod peers;
mod rejoining;
mod storage;

use ringside_core::base::id::PeerId;
use ringside_core::config::knob::Setting;
use ringside_core::scenario::Scenario;
use ringside_core::sim::command::Command;
use ringside_core::sim::host::Host;
use ringside_core::study::simulation::Simulation;

pub(crate) fn run_with(settings: &[&str]) -> Simulation {
    let mut scenario = Scenario::preset("improved").expect("a preset");
    for text in ["genesis.peers=16", "tokens.total=30000"].iter().chain(settings) {
        scenario.with_setting(Setting::parse_text(text).expect("a setting"));
    }
    assert_eq!(scenario.check(), []);
    Simulation::new(scenario)
}

/// A world after its start-up: all peers are connected.
pub(crate) fn started() -> Simulation {
    let mut run = run_with(&[]);
    run.tick(150);
    assert_eq!(run.shape().mutual_components.count, 1);
    run
}

pub(crate) fn ids(run: &Simulation) -> Vec<PeerId> {
    run.world().hosts().iter().map(Host::id).collect()
}

pub(crate) fn inject(run: &mut Simulation, command: Command) {
    run.inject(command).expect("a valid command");
}

pub(crate) fn set(run: &mut Simulation, text: &str) {
    inject(run, Command::Set(Setting::parse_text(text).expect("a setting")));
}

/// The number of messages that partitions block during some ticks.
pub(crate) fn blocked_during(run: &mut Simulation, ticks: u64) -> u64 {
    let before = run.metrics().messages.cut;
    run.tick(ticks);
    run.metrics().messages.cut - before
}
