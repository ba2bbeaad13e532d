//! Worlds of blocks: a load with conflicts and forged signatures, saboteurs, and the faults of all worlds.

use super::draw::{
    KnobRange, Length, add_command, add_faults, begin, between, pick, set_all, set_knob, set_some,
};
use crate::base::id::PeerId;
use crate::base::rng::Rng;
use crate::config::{FraudRule, RestartIdentity, Sabotage};
use crate::scenario::Scenario;
use crate::sim::command::Command;
use crate::sim::host::Host;
use crate::study::simulation::Simulation;

/// The preset around which worlds are drawn.
const PRESET: &str = "blocks";

/// Knobs with the range of generated values: whole numbers, millionths, or numbers of options.
const RANGES: &[KnobRange] = &[
    ("genesis.peers", 6, 40),
    ("tokens.total", 15_000, 25_000),
    ("peers.rejoin_rounds", 5, 20),
    ("network.loss", 0, 100_000),
    ("network.delay", 0, 200_000),
    ("network.latency_max", 1, 3),
    ("network.duplication", 0, 50_000),
    ("network.reordering", 0, 50_000),
    ("load.blocks_per_1000_rounds", 200, 2_000),
    ("load.from_round", 5, 30),
    ("load.tokens", 1, 6),
    ("load.conflict_share", 0, 500_000),
    ("load.respend_share", 0, 600_000),
];

/// Knobs that each differ from the preset in a quarter of the worlds.
const RARE: &[KnobRange] = &[
    ("load.create_share", 0, 300_000),
    ("load.forged_share", 0, 500_000),
    ("consensus.fanout", 1, 4),
    ("consensus.fetch_rounds", 1, 10),
    ("consensus.follow_up_rounds", 2, 8),
    ("consensus.heads_rounds", 5, 40),
    ("consensus.takeover_rounds", 6, 30),
    ("consensus.patience_rounds", 0, 4),
    ("consensus.pool_max", 3, 60),
    ("consensus.votes_max", 10, 1_000),
    ("churn.arrivals", 0, 50),
    ("peers.connection_timeout_rounds", 60, 200),
];

/// Rules that saboteurs break without giving a token two owners. Peers that tell two stories, or approve of
/// all, can.
const HARMLESS: [Sabotage; 3] = [Sabotage::Refuse, Sabotage::Withhold, Sabotage::Flood];

/// Blocks submitted by commands, at most.
const SUBMISSIONS: u32 = 6;

/// Restarts of a world with fraud, at most.
const RESTARTS: u32 = 6;

/// World of blocks generated from a seed, up to healing.
pub(super) fn generate(seed: u64, rng: &mut Rng, length: Option<Length>) -> Scenario {
    let mut scenario = begin(PRESET, seed);
    set_all(&mut scenario, rng, RANGES);
    set_some(&mut scenario, rng, RARE, 4);
    if rng.below(3) == 0 {
        set_knob(&mut scenario, "consensus.saboteurs", between(rng, 50_000, 150_000));
        set_knob(&mut scenario, "consensus.sabotage", pick(rng, &HARMLESS) as u64);
    }
    let rounds = 60 + rng.below(140);
    add_faults(&mut scenario, rng, rounds, length);
    // Blocks that come later than that are not decided when all faults are healed.
    let end = u64::from(scenario.rounds);
    set_knob(&mut scenario, "load.until_round", end);
    submit(&mut scenario, rng);
    scenario
}

/// Peers of a world at its start.
fn peers(scenario: &Scenario) -> Vec<PeerId> {
    let run = Simulation::new(Scenario { commands: Vec::new(), ..scenario.clone() });
    run.world().hosts().iter().map(Host::id).collect()
}

/// Adds blocks with rival versions, through random peers.
fn submit(scenario: &mut Scenario, rng: &mut Rng) {
    let peers = peers(scenario);
    add_some(scenario, rng, SUBMISSIONS, |rng| {
        let peer = pick(rng, &peers);
        Command::Submit { peer, tokens: 1 + rng.below(6), versions: 1 + rng.below(4) }
    });
}

/// Lets peers compare Answers with heads, restarts some of them, and in half of the worlds lets some lie.
pub(super) fn add_fraud(scenario: &mut Scenario, rng: &mut Rng) {
    let peers = peers(scenario);
    set_knob(scenario, "consensus.fraud", FraudRule::Mappings as u64);
    if rng.below(2) == 0 {
        set_knob(scenario, "consensus.saboteurs", between(rng, 50_000, 150_000));
        set_knob(scenario, "consensus.sabotage", Sabotage::Outdated as u64);
    }
    let identity = RestartIdentity::Keep;
    add_some(scenario, rng, RESTARTS, |rng| Command::Restart { peer: pick(rng, &peers), identity });
}

/// Adds up to a number of commands at random ticks.
fn add_some(scenario: &mut Scenario, rng: &mut Rng, most: u32, draw: impl Fn(&mut Rng) -> Command) {
    let ticks = u64::from(scenario.rounds) * u64::from(scenario.config.time.ticks_per_round);
    for _ in 0..rng.below(most + 1) {
        let at = rng.number() % ticks.max(1);
        let command = draw(rng);
        add_command(scenario, at, command);
    }
}

#[cfg(test)]
mod tests {
    use super::super::{BLOCK_SEEDS, FRAUD_SEEDS, examine, generate};
    use crate::study::simulation::Simulation;

    #[test]
    fn random_worlds_keep_the_properties_of_blocks() {
        for seed in (BLOCK_SEEDS..BLOCK_SEEDS + 12).chain(FRAUD_SEEDS..FRAUD_SEEDS + 8) {
            let report = examine(seed, None);
            assert_eq!(report.failure, None, "{seed}: {:?}", report.link);
        }
    }

    /// Each property of blocks is violated by a fault that it is there for.
    #[cfg(feature = "mutants")]
    #[test]
    fn the_swarm_finds_a_fault_for_each_property_of_blocks() {
        use super::super::assert_detected;
        use crate::base::mutant::Mutant;

        let faults = [
            (Mutant::CertificateUncounted, "commits-supported"),
            (Mutant::StrangersDecide, "only-trusted-decide"),
            (Mutant::MappingsBack, "mappings-forward"),
            (Mutant::PoolUnbounded, "blocks-bounded"),
            (Mutant::HeadsUntraced, "owners-agree"),
        ];
        assert_detected(&faults, || BLOCK_SEEDS..BLOCK_SEEDS + 60);
    }

    /// Repair withdraws the later of two owners: forgotten locks show only without it.
    #[cfg(feature = "mutants")]
    #[test]
    fn without_repair_forgotten_locks_give_tokens_two_owners() {
        use super::super::draw::set_knob;
        use super::super::run_world;
        use crate::base::mutant::Mutant;

        let breaks = |seed: u64| {
            let mut scenario = generate(seed, None);
            set_knob(&mut scenario, "consensus.repair", 0);
            let has_two_owners =
                || run_world(&scenario).failure.is_some_and(|failure| failure.property == "never-two-owners");
            Mutant::LocksForgotten.during(has_two_owners) && !has_two_owners()
        };
        assert!((BLOCK_SEEDS..BLOCK_SEEDS + 60).any(breaks));
    }

    #[cfg(feature = "mutants")]
    #[test]
    fn the_swarm_finds_honest_peers_that_are_convicted() {
        use super::super::assert_detected;
        use crate::base::mutant::Mutant;

        let faults = [Mutant::AncestryUnread, Mutant::ChainUnnumbered].map(|one| (one, "no-honest-fraud"));
        assert_detected(&faults, || FRAUD_SEEDS..FRAUD_SEEDS + 60);
    }

    #[test]
    fn worlds_exercise_commits_conflicts_and_saboteurs() {
        let [mut committed, mut blocked, mut sabotaged] = [0; 3];
        for seed in BLOCK_SEEDS..BLOCK_SEEDS + 12 {
            let mut run = Simulation::new(generate(seed, None));
            run.run();
            let found = run.metrics().blocks.unwrap();
            committed += found.committed;
            blocked += found.blocked;
            sabotaged += u64::from(run.world().config().consensus.saboteurs.millionths() > 0);
        }
        assert!(committed > 200 && blocked > 20 && sabotaged > 2, "{committed} {blocked} {sabotaged}");
    }
}
