//! Minimisation of a failing world (greedy delta debugging).

use super::run::run_world;
use super::size::Size;
use crate::config::knob::Setting;
use crate::scenario::Scenario;

/// Candidates that are run at most.
const TRIES: usize = 150;
/// The fewest peers.
const PEERS_MIN: u32 = 3;

/// The smallest world found in which a property fails as in this one.
#[must_use]
pub(super) fn minimise(scenario: &Scenario, property: &str) -> Scenario {
    shrink(scenario, |candidate| {
        run_world(candidate).failure.is_some_and(|failure| failure.property == property)
    })
}

/// The smallest world found that still fails. Greedily: the first smaller one that does is where the search
/// goes on.
#[must_use]
pub fn shrink(scenario: &Scenario, mut fails: impl FnMut(&Scenario) -> bool) -> Scenario {
    let mut smallest = scenario.clone();
    let mut tries = TRIES;
    while let Some(smaller) = candidates(&smallest).into_iter().take(tries).find(|candidate| {
        tries -= 1;
        fails(candidate)
    }) {
        debug_assert!(
            Size::of(&smaller).is_within(Size::of(&smallest)),
            "candidates never grow: {:?} from {:?}",
            Size::of(&smaller),
            Size::of(&smallest)
        );
        smallest = smaller;
    }
    smallest
}

/// Smaller worlds, the much smaller ones first.
fn candidates(scenario: &Scenario) -> Vec<Scenario> {
    let halves = without_half(scenario).into_iter().chain(fewer_peers(scenario)).chain(shorter(scenario));
    let steps = without_one(scenario).into_iter().chain(without_changes(scenario));
    halves.chain(steps).filter(|candidate| candidate.check().is_empty()).collect()
}

fn with_commands(scenario: &Scenario, keeps: impl Fn(usize) -> bool) -> Scenario {
    let kept = scenario.commands.iter().enumerate().filter(|(index, _)| keeps(*index));
    Scenario { commands: kept.map(|(_, timed)| *timed).collect(), ..scenario.clone() }
}

fn without_half(scenario: &Scenario) -> Vec<Scenario> {
    let half = scenario.commands.len() / 2;
    if half == 0 {
        return Vec::new();
    }
    vec![with_commands(scenario, |index| index < half), with_commands(scenario, |index| index >= half)]
}

fn without_one(scenario: &Scenario) -> Vec<Scenario> {
    let one = |left_out| with_commands(scenario, |index| index != left_out);
    (0..scenario.commands.len()).map(one).collect()
}

fn fewer_peers(scenario: &Scenario) -> Vec<Scenario> {
    let peers = scenario.config.genesis.peers;
    let with = |peers: u32| {
        let mut smaller = scenario.clone();
        smaller.config.genesis.peers = peers;
        smaller
    };
    [peers / 2, peers * 3 / 4, peers - 1].into_iter().filter(|fewer| *fewer >= PEERS_MIN).map(with).collect()
}

/// Half as long.
fn shorter(scenario: &Scenario) -> Option<Scenario> {
    let rounds = scenario.rounds / 2;
    (rounds > 0).then(|| within_rounds(Scenario { rounds, ..scenario.clone() }))
}

/// Without commands that would come after the last round.
fn within_rounds(mut scenario: Scenario) -> Scenario {
    let end = u64::from(scenario.rounds) * u64::from(scenario.config.time.ticks_per_round);
    scenario.commands.retain(|timed| timed.at.0 < end);
    scenario
}

/// With one knob as the preset has it. The number of peers and of tokens is not what makes a world odd.
fn without_changes(scenario: &Scenario) -> Vec<Scenario> {
    let makes_odd = |setting: &Setting| !["genesis.peers", "tokens.total"].contains(&setting.knob().path);
    let reset = |setting: Setting| {
        let mut plainer = scenario.clone();
        plainer.with_setting(setting.knob().setting(&scenario.preset.config));
        within_rounds(plainer)
    };
    scenario.changes().filter(makes_odd).map(reset).collect()
}
