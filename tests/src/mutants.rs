//! Mutation testing by the swarm: detection of deliberate faults in whole worlds.

use std::collections::BTreeSet;
use std::ops::Range;
use std::panic::{AssertUnwindSafe, catch_unwind};

use ringside_core::base::mutant::Mutant;
use ringside_core::observe::invariant::{Property, PropertyKind};
use ringside_core::study::swarm::{
    BLOCK_SEEDS, CACHE_SEEDS, FRAUD_SEEDS, SESSION_SEEDS, SwarmOutcome, generate, run_world,
};

/// The number of worlds that reach every `Sometimes` property without a fault.
const COVERING_WORLDS: u64 = 200;

/// The detection of a fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Detection {
    /// The seed of the first failing world; of the last one if a property was never observed.
    pub seed: u64,
    /// The violated property, the `Sometimes` property that was never observed, or `panic`.
    pub by: &'static str,
}

/// Seeds of the first worlds in which a fault can show.
#[must_use]
pub fn seeds(mutant: Mutant, worlds: u64) -> Range<u64> {
    use Mutant::{AbsentDialled, CacheUnsynced, CachedDialsUnbounded};
    use Mutant::{AncestryUnread, ChainUnnumbered};
    use Mutant::{CertificateUncounted, HeadsUntraced, LocksForgotten};
    use Mutant::{ForkKept, ParentUnchecked, ReplacedUnbounded, ReplacementUncounted};
    use Mutant::{MappingsBack, PoolUnbounded, StrangersDecide};

    let first = match mutant {
        AbsentDialled | CachedDialsUnbounded | CacheUnsynced => CACHE_SEEDS,
        ParentUnchecked | ReplacedUnbounded | ReplacementUncounted | ForkKept => SESSION_SEEDS,
        CertificateUncounted | StrangersDecide | LocksForgotten | MappingsBack | PoolUnbounded
        | HeadsUntraced => BLOCK_SEEDS,
        AncestryUnread | ChainUnnumbered => FRAUD_SEEDS,
        _ => 0,
    };
    first..first + worlds
}

/// Runs the worlds of the seeds with a fault; `None` if it is undetected. Only properties of every run
/// count, not golden fingerprints.
#[must_use]
pub fn detect(mutant: Mutant, seeds: Range<u64>) -> Option<Detection> {
    mutant.during(|| {
        let mut seen = BTreeSet::new();
        let failed =
            seeds.clone().find_map(|seed| try_seed(seed, &mut seen).map(|by| Detection { seed, by }));
        let unseen =
            || Property::of_kind(PropertyKind::Sometimes).find(|property| !seen.contains(property.id));
        let is_covering = seeds.start == 0 && seeds.end >= COVERING_WORLDS;
        failed.or_else(|| {
            is_covering.then(unseen)?.map(|property| Detection { seed: seeds.end - 1, by: property.id })
        })
    })
}

fn try_seed(seed: u64, all: &mut BTreeSet<&'static str>) -> Option<&'static str> {
    let Ok(SwarmOutcome { failure, seen, .. }) =
        catch_unwind(AssertUnwindSafe(|| run_world(&generate(seed, None))))
    else {
        return Some("panic");
    };
    all.extend(seen);
    failure.map(|failure| failure.property)
}
