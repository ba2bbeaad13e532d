//! By what the swarm of whole worlds notices deliberate faults.

use std::collections::BTreeSet;
use std::ops::Range;
use std::panic::{AssertUnwindSafe, catch_unwind};

use ringside_core::base::mutant::Mutant;
use ringside_core::observe::invariant::{Property, PropertyKind};
use ringside_core::study::swarm::{SwarmOutcome, generate, run_world};

/// Worlds among which everything is seen that is to be seen sometimes.
const ENOUGH: u64 = 200;

/// How a fault was noticed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sign {
    /// The seed of the first world in which it was; of the last, where something was not seen in any.
    pub seed: u64,
    /// What failed: a property, one that is to be seen sometimes and was not, or `panic`.
    pub by: &'static str,
}

/// By what a fault is noticed in the worlds of these seeds, one after another; none where it is not. What is recorded
/// about runs plays no part: only what must hold of every run does.
#[must_use]
pub fn noticed(mutant: Mutant, seeds: Range<u64>) -> Option<Sign> {
    mutant.during(|| {
        let mut seen = BTreeSet::new();
        let failed = seeds.clone().find_map(|seed| try_seed(seed, &mut seen).map(|by| Sign { seed, by }));
        let unseen =
            || Property::of_kind(PropertyKind::Sometimes).find(|property| !seen.contains(property.id));
        let is_enough = seeds.end - seeds.start >= ENOUGH;
        failed
            .or_else(|| is_enough.then(unseen)?.map(|property| Sign { seed: seeds.end - 1, by: property.id }))
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
