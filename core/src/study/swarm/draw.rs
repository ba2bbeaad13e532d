//! Faults and values of knobs drawn at random.

use std::num::NonZeroU32;

use crate::base::id::PeerId;
use crate::base::ratio::Ratio;
use crate::base::ring::Arc;
use crate::base::rng::Rng;
use crate::base::time::{Direction, Tick};
use crate::config::knob::{Field as _, Knob, Setting};
use crate::config::preset::PRESETS;
use crate::config::{Behavior, StorageFault};
use crate::observe::metrics::Tally;
use crate::scenario::Scenario;
use crate::sim::command::{Command, TimedCommand};
use crate::sim::host::Host;
use crate::sim::world::World;

/// Duration of the faults.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Length {
    /// In rounds.
    Rounds(u32),
    /// In ticks.
    Ticks(u64),
}

/// Storage faults.
const STORAGE_FAULTS: &[StorageFault] = &[StorageFault::Lost, StorageFault::Stale, StorageFault::Conflicting];

/// Faults at most, besides those that end others.
const FAULTS: u32 = 7;

/// Sets the length of a world, and draws its faults.
pub(super) fn add_faults(scenario: &mut Scenario, rng: &mut Rng, rounds: u32, length: Option<Length>) {
    let ticks_per_round = u64::from(scenario.config.time.ticks_per_round);
    scenario.rounds = match length {
        None => rounds,
        Some(Length::Rounds(rounds)) => rounds,
        Some(Length::Ticks(ticks)) => u32::try_from(ticks.div_ceil(ticks_per_round)).unwrap_or(u32::MAX),
    };
    let world = World::new(scenario.seed, scenario.config.clone(), &mut Tally::default());
    let peers: Vec<PeerId> = world.hosts().iter().map(Host::id).collect();
    scenario.commands = faults(rng, &peers, u64::from(scenario.rounds) * ticks_per_round);
}

pub(super) fn set_knob(scenario: &mut Scenario, path: &str, raw: u64) {
    if let Some(setting) = Knob::by_path(path).and_then(|knob| Setting::from_raw(knob, raw)) {
        scenario.with_setting(setting);
    }
}

/// A knob by its path, with the range of generated values: whole numbers, millionths, or numbers of options.
pub(super) type KnobRange = (&'static str, u64, u64);

/// A preset with a seed, to be changed.
pub(super) fn begin(preset: &str, seed: u64) -> Scenario {
    let mut scenario = Scenario::preset(preset).unwrap_or_else(|_| Scenario::of(&PRESETS[0]));
    scenario.seed = seed;
    scenario
}

/// Draws a value for each knob.
pub(super) fn set_all(scenario: &mut Scenario, rng: &mut Rng, knobs: &[KnobRange]) {
    for (path, min, max) in knobs {
        set_knob(scenario, path, between(rng, *min, *max));
    }
}

/// Draws a value for each knob in one of `worlds` worlds.
pub(super) fn set_some(scenario: &mut Scenario, rng: &mut Rng, knobs: &[KnobRange], worlds: u32) {
    for (path, min, max) in knobs {
        if rng.below(worlds) == 0 {
            set_knob(scenario, path, between(rng, *min, *max));
        }
    }
}

pub(super) fn between(rng: &mut Rng, min: u64, max: u64) -> u64 {
    debug_assert!(min <= max, "{min} to {max}");
    min + u64::from(rng.below(u32::try_from(max - min).unwrap_or(u32::MAX - 1) + 1))
}

pub(super) fn pick<T: Copy>(rng: &mut Rng, choice: &[T]) -> T {
    choice[rng.index(choice.len()).unwrap_or(0)]
}

/// Random share of at most `most` thousandths.
pub(super) fn share(rng: &mut Rng, most: u32) -> Ratio {
    Ratio::from_millionths(1_000 * (1 + rng.below(most)))
}

/// Any behavior but the honest one, of those before scramblers: worlds of published seeds stay as they are.
pub(super) fn behavior(rng: &mut Rng) -> Behavior {
    Behavior::from_raw(between(rng, 1, Behavior::Eclipser as u64))
}

/// Adds a command at a tick, behind those of the same tick.
pub(super) fn add_command(scenario: &mut Scenario, at: u64, command: Command) {
    let index = scenario.commands.partition_point(|timed| timed.at.0 <= at);
    scenario.commands.insert(index, TimedCommand { at: Tick(at), command });
}

/// Faults at random ticks, and what ends some of them.
fn faults(rng: &mut Rng, peers: &[PeerId], ticks: u64) -> Vec<TimedCommand> {
    let mut commands = Vec::new();
    for _ in 0..rng.below(FAULTS + 1) {
        let at = rng.number() % ticks.max(1);
        let (fault, end) = fault(rng, peers);
        commands.push(TimedCommand { at: Tick(at), command: fault });
        let until = at + rng.number() % (ticks - at).max(1);
        commands.extend(end.map(|command| TimedCommand { at: Tick(until), command }));
    }
    commands.sort_by_key(|timed| timed.at);
    debug_assert!(
        commands.last().is_none_or(|last| last.at.0 < ticks.max(1)),
        "faults happen before the last round ends"
    );
    commands
}

/// A fault, and the command that ends it before healing, if there is one.
fn fault(rng: &mut Rng, peers: &[PeerId]) -> (Command, Option<Command>) {
    let (peer, other) = (pick(rng, peers), pick(rng, peers));
    let from = rng.number();
    let arc = Arc { from, to: from.wrapping_add(1 + rng.number() / 2) };
    let few = 1 + rng.below(1 + u32::try_from(peers.len() / 5).unwrap_or(0));
    let heal = Some(Command::Heal);
    match rng.below(21) {
        0 => (Command::Join { count: few }, None),
        1 => (Command::Leave { peer }, None),
        2 => (Command::Crash { peer }, Some(Command::Return { peer })),
        3 => (Command::Crash { peer }, None),
        4 => (Command::Cut { arc }, heal),
        5 => (Command::CutOneWay { arc }, heal),
        6 => (Command::CutHalves { salt: rng.below(u32::MAX) }, heal),
        7 => (Command::CutRegions { regions: 2 + rng.below(3) }, heal),
        8 => (Command::Isolate { peer }, heal),
        9 => (Command::Flap { period: NonZeroU32::MIN.saturating_add(rng.below(20)) }, None),
        10 => (Command::Hold { from: peer, to: other }, Some(Command::Release { from: peer, to: other })),
        11 => (Command::Pause { peer }, Some(Command::Resume { peer })),
        12 => {
            let direction = if rng.below(2) == 0 { Direction::Ahead } else { Direction::Behind };
            (Command::Skew { peer, rounds: 1 + rng.below(30), direction }, None)
        }
        13 => (Command::Drift { peer, rate: 500 + rng.below(1_001) }, None),
        14 => (Command::Expire { share: share(rng, 200) }, None),
        15 => (Command::CorruptShare { share: share(rng, 200), conduct: behavior(rng) }, None),
        16 => (Command::Sybils { near: peer, count: few, conduct: behavior(rng) }, None),
        17 => {
            let harm = pick(rng, STORAGE_FAULTS);
            (Command::Spoil { peer, harm, share: share(rng, 300) }, None)
        }
        18 => {
            let (peers, harm) = (share(rng, 500), pick(rng, STORAGE_FAULTS));
            (Command::SpoilShare { peers, harm, share: share(rng, 200) }, None)
        }
        19 => (
            Command::Hold { from: peer, to: other },
            Some(Command::ReleaseOne { from: peer, to: other, place: rng.below(2) }),
        ),
        _ => (Command::Arrive { count: few, contacts: 1 + rng.below(3), coverage: Ratio::ONE }, None),
    }
}
