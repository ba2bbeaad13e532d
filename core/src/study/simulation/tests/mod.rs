//! Runs of a small world, by subject.

mod commands;
mod links;
mod progress;
mod resumable;

use super::*;
use crate::base::ring::{self, Arc};
use crate::config::knob::Setting;
use crate::scenario::link::{Checkpoint, MAX_CHECKPOINTS};

/// A small world that changes in every round.
fn scenario() -> Scenario {
    let mut scenario = Scenario::preset("lifecycle-1").unwrap();
    scenario.seed = 4;
    scenario.rounds = 40;
    for text in ["genesis.peers=6", "tokens.total=15000", "time.ticks_per_round=5"] {
        scenario.with_setting(Setting::parse_text(text).unwrap());
    }
    scenario
}

fn at(tick: u64, command: Command) -> TimedCommand {
    TimedCommand { at: Tick(tick), command }
}

fn set(text: &str) -> Command {
    Command::Set(Setting::parse_text(text).unwrap())
}

const LOSSY: &str = "network.loss=0.5";

/// A run of the small world up to a tick.
fn run_to(tick: u64) -> Simulation {
    let mut run = Simulation::new(scenario());
    run.run_until(Tick(tick));
    run
}

fn reopened(run: &Simulation) -> Simulation {
    Simulation::open(&run.link().unwrap()).unwrap()
}

/// A link of the run, tampered with.
fn tampered(run: &Simulation, tamper: impl FnOnce(&mut RecordedOutcome)) -> Simulation {
    let mut link = link::decode(&run.link().unwrap()).unwrap();
    tamper(link.claim.as_mut().unwrap());
    Simulation::open(&link::encode(&link).unwrap()).unwrap()
}
