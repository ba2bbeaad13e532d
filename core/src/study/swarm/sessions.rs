//! Worlds of sessions.

use super::draw::{KnobRange, Length, add_command, add_faults, begin, set_all, set_some};
use crate::base::rng::Rng;
use crate::scenario::Scenario;
use crate::sim::command::Command;

/// The preset around which worlds are drawn.
const PRESET: &str = "sessions";

/// Knobs with the range of generated values: whole numbers, millionths, or numbers of options.
const RANGES: &[KnobRange] = &[
    ("genesis.peers", 3, 14),
    ("network.loss", 0, 100_000),
    ("network.duplication", 0, 50_000),
    ("network.reordering", 0, 50_000),
    ("session.dial_spacing_ms", 1, 100),
    ("session.passive_wait_ms", 1, 60_000),
    ("sync.block_ms", 10_000, 60_000),
];

/// Knobs that each differ from the preset in a quarter of the worlds.
const RARE: &[KnobRange] = &[
    ("session.tie_break", 2, 3),
    ("session.links", 1, 8),
    ("session.ping_variant", 0, 1),
    ("session.syn_loss", 0, 300_000),
    ("session.firewalled", 1, 2),
    ("session.firewall", 1, 2),
    ("session.natted", 1, 3),
    ("session.slow_readers", 1, 2),
    ("session.read_delay_ms", 100, 5_000),
    ("session.flooders", 1, 1),
    ("session.half_open_max", 4, 50),
    ("session.bans", 1, 2),
    ("session.ping_limit", 3, 10),
    ("session.exchange", 1, 2),
    ("session.announcements", 1, 1),
    ("session.tick_burst", 1, 1),
    ("sync.mode", 1, 1),
    ("sync.genesis", 0, 2),
    ("sync.foreign", 1, 1),
    ("sync.silent", 1, 1),
];

/// Knobs that came later: they are drawn last, so that worlds without them are as before.
const LATER: &[KnobRange] = &[
    ("session.stream_rate", 100_000, 1_000_000),
    ("session.stream_keepalive_ms", 5_000, 60_000),
    ("session.directory", 1, 1),
    ("session.directory_state", 1, 2),
];

/// Knobs of worlds whose chains fork, a quarter of all: short slots, so that halves of a cut network produce.
const FORKS: &[KnobRange] = &[("sync.forks", 1, 1), ("sync.block_ms", 1_000, 6_000)];

/// Knobs that half of those worlds each draw.
const FORK_RULES: &[KnobRange] =
    &[("sync.leave_ms", 0, 10_000), ("sync.tip_cache_s", 0, 600), ("sync.replaced_max", 1, 10)];

/// World of sessions generated from a seed, up to healing.
pub(super) fn generate(seed: u64, rng: &mut Rng, length: Option<Length>) -> Scenario {
    let mut scenario = begin(PRESET, seed);
    set_all(&mut scenario, rng, RANGES);
    set_some(&mut scenario, rng, RARE, 4);
    let rounds = 60 + rng.below(240);
    add_faults(&mut scenario, rng, rounds, length);
    set_some(&mut scenario, rng, LATER, 8);
    if rng.below(4) == 0 {
        set_all(&mut scenario, rng, FORKS);
        set_some(&mut scenario, rng, FORK_RULES, 2);
        cut_in_halves(&mut scenario, rng);
    }
    scenario
}

/// Cuts the network in two during the second quarter of the faults or later, and mends it some time after.
fn cut_in_halves(scenario: &mut Scenario, rng: &mut Rng) {
    let ticks = u64::from(scenario.rounds) * u64::from(scenario.config.time.ticks_per_round);
    let at = ticks / 4 + rng.number() % (ticks / 4).max(1);
    let until = at + rng.number() % (ticks - at).max(1);
    let cut = Command::CutHalves { salt: rng.below(u32::MAX) };
    add_command(scenario, at, cut);
    add_command(scenario, until, Command::Heal);
}

#[cfg(test)]
mod tests {
    use super::super::{SESSION_SEEDS, examine, generate};
    use crate::study::simulation::Simulation;

    /// Seeds of worlds whose chains fork.
    fn forking(count: usize) -> impl Iterator<Item = u64> {
        (SESSION_SEEDS..).filter(|seed| generate(*seed, None).config.sync.forks).take(count)
    }

    #[test]
    fn random_worlds_keep_the_properties_of_chains() {
        for seed in forking(12) {
            let report = examine(seed, None);
            assert_eq!(report.failure, None, "{seed}: {:?}", report.link);
        }
    }

    /// Two hosts that both give way to a third chain took one another's, again and again.
    #[test]
    fn a_world_that_once_failed_holds() {
        assert_eq!(examine(SESSION_SEEDS + 538, None).failure, None);
    }

    #[test]
    fn worlds_fork_vote_and_go_over_to_another_chain() {
        let [mut forks, mut votes, mut replaced, mut refused] = [0; 4];
        for seed in forking(12) {
            let mut run = Simulation::new(generate(seed, None));
            run.run();
            let found = run.metrics().sync.unwrap();
            forks += u64::from(found.forks > 0);
            votes += found.votes;
            replaced += found.reorganisations;
            refused += found.refused;
        }
        assert!(
            forks > 5 && votes > 20 && replaced > 20 && refused > 0,
            "{forks} {votes} {replaced} {refused}"
        );
    }

    /// Each property of chains is violated by a fault that it is there for.
    #[cfg(feature = "mutants")]
    #[test]
    fn the_swarm_finds_a_fault_for_each_property_of_chains() {
        use super::super::assert_detected;
        use crate::base::mutant::Mutant;

        let faults = [
            (Mutant::ParentUnchecked, "chain-linked"),
            (Mutant::ReplacedUnbounded, "replacement-bounded"),
            (Mutant::ReplacementUncounted, "chain-kept"),
            (Mutant::ForkKept, "one-chain"),
        ];
        assert_detected(&faults, || forking(15));
    }
}
