//! Running a world: faults, then healing.

use super::failure::Failure;
use super::generate::RULES;
use super::reachability::is_partitioned;
use super::repeat::differs;
use crate::base::ratio::Ratio;
use crate::base::time::{Direction, Tick};
use crate::config::knob::{Knob, Setting};
use crate::config::{Behavior, StorageFault};
use crate::observe::invariant::{Cadence, PropertyKind, PropertyState, PropertyStatus};
use crate::scenario::Scenario;
use crate::sim::command::Command;
use crate::sim::host::{Host, HostStatus, LocalClock};
use crate::study::simulation::Simulation;

/// Rounds after healing within which every liveness property holds, besides the connection timeout and the
/// longest ban.
const HEALING_ROUNDS: u32 = 600;
/// Rounds between two checks of liveness properties.
const STEP: u64 = 10;
/// Schedule of checks of safety properties.
const EVERY: Cadence = Cadence::Rounds(2);
/// Properties that cannot hold if the peers no longer know of one another.
const CONNECTIVITY: [&str; 3] = ["one-island", "nobody-is-alone", "ring-closed"];
/// Settings that heal a world.
const HEALED: [&str; 17] = [
    "network.loss=0",
    "network.loss_clockwise=0",
    "network.duplication=0",
    "network.reordering=0",
    "churn.arrivals=0",
    "churn.sessions=endless",
    // Liveness is promised for the target policy of the preset.
    "election.agenda=needs",
    // By chance some neighbours are below the quality floor of others, which never connect with them.
    "peers.quality_floor=0",
    "consensus.saboteurs=0",
    "consensus.pool_max=4096",
    "consensus.votes_max=1000",
    "session.syn_loss=0",
    "session.firewall=open",
    "session.bans=off",
    "session.flooders=0",
    "session.slow_readers=0",
    "session.directory_state=up",
];

/// Result of a world.
#[derive(Clone, Debug)]
pub struct SwarmOutcome {
    /// First failure; `None` if every property held.
    pub failure: Option<Failure>,
    /// Ids of the properties of kind `Sometimes` that were seen.
    pub seen: Vec<&'static str>,
    /// Whether the acquaintance graph was partitioned at healing, edges to peers that suspect the source
    /// excluded.
    pub partitioned: bool,
    /// The run, at its end.
    pub run: Simulation,
}

/// Runs a world, repeats it from its link, heals all faults, then runs until every liveness property holds or
/// the deadline passes.
#[must_use]
pub fn run_world(scenario: &Scenario) -> SwarmOutcome {
    let mut run = Simulation::new(scenario.clone());
    run.monitor(EVERY);
    run.run();
    let differs = differs(&run);
    heal_all(&mut run);
    let has_lifecycle = run.world().config().stack.lifecycle;
    let partitioned = has_lifecycle && is_partitioned(run.world(), run.now());
    let violated = run.violations().first().map(Failure::from);
    let failure = violated.or(differs).or_else(|| await_liveness(&mut run, partitioned));
    let seen = run
        .invariants()
        .into_iter()
        .filter(|state| state.kind == PropertyKind::Sometimes && state.status == PropertyStatus::Holds);
    SwarmOutcome { failure, seen: seen.map(|state| state.id).collect(), partitioned, run }
}

/// Ends every fault that can be ended. A refused command belongs to a fault that has ended already.
fn heal_all(run: &mut Simulation) {
    let mut commands = vec![Command::Heal];
    let preset = &run.scenario().preset.config;
    let rules = RULES.iter().filter_map(|(path, ..)| Some(Knob::by_path(path)?.setting(preset)));
    let settings = HEALED.iter().filter_map(|text| Setting::parse_text(text).ok()).chain(rules);
    commands
        .extend(settings.filter(|one| one.knob().setting(run.world().config()) != *one).map(Command::Set));
    commands.extend(
        run.world().network().held_links().iter().map(|(from, to)| Command::Release { from: *from, to: *to }),
    );
    commands.extend(run.world().hosts().iter().flat_map(heal_host));
    for command in commands {
        let _ = run.inject(command);
    }
}

/// Commands after which a peer runs, is honest, and has the right time and the right blocks.
fn heal_host(host: &Host) -> Vec<Command> {
    let peer = host.id();
    let mut commands = Vec::new();
    if host.status() == HostStatus::Paused {
        commands.push(Command::Resume { peer });
    }
    if host.status() == HostStatus::Crashed && host.returns.is_some() {
        commands.push(Command::Return { peer });
    }
    if host.local_clock() != LocalClock::RIGHT {
        commands.push(Command::Skew { peer, rounds: 0, direction: Direction::Ahead });
        commands.push(Command::Drift { peer, rate: LocalClock::RIGHT.rate });
    }
    if host.token_set().has_storage_fault() {
        commands.extend([StorageFault::Stale, StorageFault::Conflicting].map(|harm| Command::Spoil {
            peer,
            harm,
            share: Ratio::ZERO,
        }));
    }
    if host.adversary().is_some() {
        commands.push(Command::Corrupt { peer, conduct: Behavior::Honest });
    }
    commands
}

/// Runs until every liveness property holds or the deadline passes; the failure, if there is one.
fn await_liveness(run: &mut Simulation, partitioned: bool) -> Option<Failure> {
    let config = run.world().config();
    let bans = rounds_to_forgiveness(run);
    let rounds = bans + u64::from(HEALING_ROUNDS) + u64::from(config.peers.connection_timeout_rounds);
    let step = STEP * run.world().clock().ticks_per_round;
    let end = Tick(run.now().0 + rounds / STEP * step);
    loop {
        run.tick(step);
        if let Some(violation) = run.violations().first() {
            return Some(violation.into());
        }
        let unsatisfied = unsatisfied(run, partitioned);
        if unsatisfied.is_none() || run.now() >= end {
            return unsatisfied;
        }
    }
}

/// Rounds until the longest ban of a running peer ends: those who were framed, or were adversaries, then
/// connect with it again.
fn rounds_to_forgiveness(run: &Simulation) -> u64 {
    let (world, round) = (run.world(), run.world().clock().round(run.now()));
    let running = world.hosts().iter().filter(|host| host.is_running());
    let bans = running
        .map(|host| host.node().rounds_to_forgiveness(world.config(), host.local_clock().shows(round)));
    bans.max().unwrap_or(0)
}

/// The first property that should hold by now and does not.
fn unsatisfied(run: &Simulation, partitioned: bool) -> Option<Failure> {
    let is_excused = |id: &str| partitioned && CONNECTIVITY.contains(&id);
    let demanded = |state: &PropertyState| state.kind == PropertyKind::Eventually && !is_excused(state.id);
    run.invariants().into_iter().filter(demanded).find_map(|state| match state.status {
        PropertyStatus::Awaited { peers, text } => {
            Some(Failure { property: state.id, tick: run.now().0, peers, text })
        }
        PropertyStatus::Holds | PropertyStatus::Violated { .. } => None,
    })
}
