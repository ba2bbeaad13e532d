//! Worlds of peer caches: hosts that stop, crash and start again, on disks with faults.

use super::draw::{KnobRange, Length, add_faults, begin, set_all, set_some};
use crate::base::rng::Rng;
use crate::scenario::Scenario;

/// The preset around which worlds are drawn.
const PRESET: &str = "cache";

/// Knobs with the range of generated values: whole numbers, millionths, or numbers of options.
const RANGES: &[KnobRange] = &[
    ("genesis.peers", 4, 16),
    ("network.loss", 0, 100_000),
    ("network.duplication", 0, 50_000),
    ("network.reordering", 0, 50_000),
    ("cache.cycles", 2, 6),
    ("cache.subjects", 1, 8),
    ("cache.up_rounds", 10, 60),
    ("cache.down_rounds", 1, 20),
    ("cache.spread_rounds", 1, 5),
    ("cache.absence_s", 0, 1_200),
    ("cache.graceful", 0, 1),
    ("cache.save_s", 2, 30),
    ("cache.retry_s", 30, 1_200),
    ("cache.dials_max", 1, 6),
    ("cache.attempts_max", 1, 12),
    ("cache.transfer_ms", 1_000, 20_000),
    ("cache.offline_hourly", 0, 900_000),
    ("cache.moved_hourly", 0, 300_000),
    ("cache.reborn_hourly", 0, 300_000),
];

/// Knobs that each differ from the preset in a quarter of the worlds.
const RARE: &[KnobRange] = &[
    ("cache.start", 0, 1),
    ("cache.ranking", 0, 0),
    ("cache.dial_timeout_ms", 500, 5_000),
    ("cache.budget_ms", 1_000, 60_000),
    ("cache.gate", 0, 0),
    ("cache.address", 0, 0),
    ("cache.metrics_reset", 1, 1),
    ("cache.restored", 0, 0),
    ("cache.merged", 0, 0),
    ("cache.identity_kept", 0, 0),
    ("cache.save", 0, 1),
    ("cache.damaged", 0, 0),
    ("cache.entries_max", 1, 10),
    ("cache.policy", 0, 2),
    ("cache.sync_ms", 0, 2_000),
    ("cache.disk_bytes", 1_000, 8_000),
    ("cache.read_only", 1, 1),
    ("cache.lost", 1, 1),
    ("cache.skew_clamped", 0, 0),
    ("cache.namespace", 1, 1),
    ("cache.named", 100_000, 1_000_000),
    ("cache.lookup_ms", 0, 1_000),
];

/// World of peer caches generated from a seed, up to healing.
pub(super) fn generate(seed: u64, rng: &mut Rng, length: Option<Length>) -> Scenario {
    let mut scenario = begin(PRESET, seed);
    set_all(&mut scenario, rng, RANGES);
    set_some(&mut scenario, rng, RARE, 4);
    let rounds = 100 + rng.below(200);
    add_faults(&mut scenario, rng, rounds, length);
    scenario
}

#[cfg(test)]
mod tests {
    use super::super::{CACHE_SEEDS, examine, generate};
    use crate::config::SaveRule;
    use crate::study::simulation::Simulation;

    #[test]
    fn random_worlds_keep_the_properties_of_caches() {
        for seed in CACHE_SEEDS..CACHE_SEEDS + 12 {
            let report = examine(seed, None);
            assert_eq!(report.failure, None, "{seed}: {:?}", report.link);
        }
    }

    /// A world whose schedule starts a host again between two checks, and worlds like it.
    #[test]
    fn worlds_that_once_failed_hold() {
        for seed in [420, 958, 1_252, 1_324, 1_352] {
            assert_eq!(examine(CACHE_SEEDS + seed, None).failure, None, "{seed}");
        }
    }

    /// Each property of caches is violated by a fault that it is there for.
    #[cfg(feature = "mutants")]
    #[test]
    fn the_swarm_finds_a_fault_for_each_property_of_caches() {
        use super::super::assert_detected;
        use crate::base::mutant::Mutant;

        let faults = [
            (Mutant::AbsentDialled, "no-dial-of-absent"),
            (Mutant::CachedDialsUnbounded, "cache-bounded"),
            (Mutant::CacheUnsynced, "cache-whole"),
        ];
        assert_detected(&faults, || CACHE_SEEDS..CACHE_SEEDS + 60);
    }

    #[test]
    fn worlds_exercise_saves_loads_and_refused_saves() {
        let [mut loads, mut refused, mut synced, mut failed] = [0; 4];
        for seed in CACHE_SEEDS..CACHE_SEEDS + 12 {
            let mut run = Simulation::new(generate(seed, None));
            run.run();
            let found = run.metrics().cache.unwrap();
            loads += found.loads;
            refused += found.saves_failed;
            failed += found.attempted - found.succeeded;
            synced += u64::from(run.world().config().cache.save == SaveRule::Synced && found.loads > 0);
        }
        assert!(
            loads > 50 && refused > 0 && failed > 20 && synced > 2,
            "{loads} {refused} {failed} {synced}"
        );
    }
}
