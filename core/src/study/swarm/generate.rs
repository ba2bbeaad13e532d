//! Generation of a random world from a seed.

use std::num::NonZeroU32;

use super::sessions;
use crate::base::id::PeerId;
use crate::base::ratio::Ratio;
use crate::base::ring::Arc;
use crate::base::rng::{Purpose, Rng};
use crate::base::time::{Direction, Tick};
use crate::config::knob::{Field as _, Knob, Setting};
use crate::config::preset::PRESETS;
use crate::config::{Behavior, StorageFault, TargetPolicy, Topology};
use crate::observe::metrics::Tally;
use crate::scenario::Scenario;
use crate::sim::command::{Command, TimedCommand};
use crate::sim::host::Host;
use crate::sim::world::World;

/// The preset around which worlds are drawn.
const PRESET: &str = "improved";

/// One world in this many is one of sessions.
const SESSION_WORLDS: u64 = 8;

/// Duration of the faults.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Length {
    /// In rounds.
    Rounds(u32),
    /// In ticks.
    Ticks(u64),
}

/// Knobs with the range of generated values: whole numbers, or millionths.
const RANGES: &[(&str, u64, u64)] = &[
    ("time.ticks_per_round", 1, 3),
    ("genesis.peers", 5, 40),
    ("genesis.neighbors", 2, 3),
    ("tokens.total", 15_000, 25_000),
    ("election.per_round", 2, 4),
    ("election.channels", 4, 6),
    ("election.timeout_rounds", 20, 40),
    ("election.min_collection_rounds", 3, 6),
    ("election.idle_interval_rounds", 6, 12),
    ("election.cache_rounds", 20, 50),
    ("peers.identified_capacity", 100, 600),
    ("peers.sample_capacity", 50, 300),
    ("peers.connected_budget", 20, 30),
    ("peers.connected_target", 12, 18),
    ("peers.core_neighbors", 3, 5),
    ("peers.pending_timeout_rounds", 20, 60),
    ("peers.connection_timeout_rounds", 100, 200),
    ("peers.suspicion", 0, 4),
    ("peers.forgiveness_rounds", 50, 200),
    ("network.loss", 0, 150_000),
    ("network.delay", 0, 300_000),
    ("network.latency_max", 1, 4),
    ("network.duplication", 0, 100_000),
    ("network.reordering", 0, 100_000),
    ("network.loss_clockwise", 0, 50_000),
];

/// Churn knobs, set in half of the worlds.
const CHURN: &[(&str, u64, u64)] = &[
    ("churn.arrivals", 0, 100),
    ("churn.sessions", 0, 3),
    ("churn.session_rounds", 150, 600),
    ("churn.return_share", 0, 1_000_000),
    ("churn.absence_rounds", 5, 60),
    ("churn.goodbye_share", 0, 1_000_000),
];

/// Knobs that each differ from the preset in a quarter of the worlds.
const RARE: &[(&str, u64, u64)] = &[
    ("genesis.bootstrap", 0, 2),
    ("peers.quality_floor", 100_000, 500_000),
    ("peers.invitation_limit", 8, 30),
    ("network.bandwidth", 20, 200),
    ("network.latency_clockwise", 1, 4),
];

/// Topologies: all but the isolated one.
const TOPOLOGIES: &[Topology] = &[
    Topology::LocalKnowledge,
    Topology::FullyKnown,
    Topology::Ring,
    Topology::Ring,
    Topology::Random,
    Topology::Chain,
    Topology::Star,
];

/// Storage faults.
const STORAGE_FAULTS: &[StorageFault] = &[StorageFault::Lost, StorageFault::Stale, StorageFault::Conflicting];

/// Faults at most, besides those that end others.
const FAULTS: u32 = 7;

/// World generated from a seed, up to healing.
#[must_use]
pub fn generate(seed: u64, length: Option<Length>) -> Scenario {
    let mut rng = Rng::stream(seed, Purpose::Swarm, 0);
    if seed % SESSION_WORLDS == SESSION_WORLDS - 1 {
        return sessions::generate(seed, &mut rng, length);
    }
    let mut scenario = Scenario::preset(PRESET).unwrap_or_else(|_| Scenario::of(&PRESETS[0]));
    scenario.seed = seed;
    for (path, min, max) in RANGES {
        set_knob(&mut scenario, path, between(&mut rng, *min, *max));
    }
    if rng.below(2) == 0 {
        CHURN
            .iter()
            .for_each(|(path, min, max)| set_knob(&mut scenario, path, between(&mut rng, *min, *max)));
    }
    for (path, min, max) in RARE {
        if rng.below(4) == 0 {
            set_knob(&mut scenario, path, between(&mut rng, *min, *max));
        }
    }
    scenario.config.genesis.topology = pick(&mut rng, TOPOLOGIES);
    if rng.below(3) == 0 {
        scenario.config.adversary.share = share(&mut rng, 200);
        scenario.config.adversary.conduct = behavior(&mut rng);
    }
    let rounds = 30 + rng.below(60);
    add_faults(&mut scenario, &mut rng, rounds, length);
    // Only then peers remember the tokens that they come across.
    if rng.below(4) == 0 {
        scenario.config.election.agenda = TargetPolicy::Samples;
    }
    scenario
}

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

pub(super) fn between(rng: &mut Rng, min: u64, max: u64) -> u64 {
    debug_assert!(min <= max, "{min} to {max}");
    min + u64::from(rng.below(u32::try_from(max - min).unwrap_or(u32::MAX - 1) + 1))
}

fn pick<T: Copy>(rng: &mut Rng, choice: &[T]) -> T {
    choice[rng.index(choice.len()).unwrap_or(0)]
}

/// Random share of at most `most` thousandths.
pub(super) fn share(rng: &mut Rng, most: u32) -> Ratio {
    Ratio::from_millionths(1_000 * (1 + rng.below(most)))
}

/// Any behavior but the honest one.
fn behavior(rng: &mut Rng) -> Behavior {
    Behavior::from_raw(between(rng, 1, Behavior::OPTIONS.len() as u64 - 1))
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
