//! Swarm testing: whole worlds generated from seeds and checked against every property.
//!
//! A world first runs under faults of every kind, while all properties that hold
//! [always](crate::observe::invariant::PropertyKind::Always) are monitored; then all faults are healed, and
//! those that hold [eventually](crate::observe::invariant::PropertyKind::Eventually) have a deadline. Up to
//! healing, the run is also repeated from its link and has to be the same. A failing world is minimised.
//!
//! | module | content |
//! |---|---|
//! | `generate` | a random world from a seed |
//! | `sessions`, `radios` | from 2^63 on one of sessions, from 3 · 2^62 on one of document 004 |
//! | `caches`, `blocks` | from 7 · 2^61 on one of peer caches, from 15 · 2^60 on one of blocks |
//! | `blocks` | from 31 · 2^59 on one of blocks with fraud and restarts |
//! | `draw` | faults and values drawn at random |
//! | `run`, `failure` | faults, healing, deadline |
//! | `repeat` | the run repeated from its link, in pieces and with a rewind |
//! | `reachability` | whether the peers of a healed world can connect at all |
//! | `minimise`, `size` | greedy delta debugging |

mod blocks;
mod caches;
mod draw;
mod failure;
mod generate;
mod minimise;
mod reachability;
mod radios;
mod repeat;
mod run;
mod sessions;
mod size;

pub use draw::Length;
pub use failure::Failure;
pub use generate::{BLOCK_SEEDS, CACHE_SEEDS, FRAUD_SEEDS, RADIO_SEEDS, SESSION_SEEDS, generate};
use minimise::minimise;
pub use minimise::shrink;
pub use run::{SwarmOutcome, run_world};
pub use size::Size;

use serde::Serialize;

/// Result of the world of one seed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Report {
    /// Seed of the world.
    pub seed: u64,
    /// First failure; `None` if every property held.
    pub failure: Option<Failure>,
    /// Link of the smallest world found that fails by the same property.
    pub link: Option<String>,
    /// Size of that world.
    pub size: Option<Size>,
    /// Ids of the properties of kind `Sometimes` that were seen.
    pub seen: Vec<&'static str>,
    /// Whether the acquaintance graph was partitioned at healing, so that the peers could not connect.
    #[serde(rename = "parted")]
    pub partitioned: bool,
}

/// Asserts that one of some worlds violates each property under the fault that it is there for.
#[cfg(all(test, feature = "mutants"))]
fn assert_detected<S: Iterator<Item = u64>>(
    faults: &[(crate::base::mutant::Mutant, &str)],
    seeds: impl Fn() -> S,
) {
    for (mutant, property) in faults {
        let failing = |seed: &u64| {
            let failure = mutant.during(|| run_world(&generate(*seed, None)).failure);
            failure.is_some_and(|failure| failure.property == *property)
        };
        assert!(seeds().find(failing).is_some(), "{} stays unseen", mutant.id());
    }
}

/// Runs the world of a seed, and minimises it if it fails.
#[must_use]
pub fn examine(seed: u64, length: Option<Length>) -> Report {
    let scenario = generate(seed, length);
    let SwarmOutcome { failure, seen, partitioned, .. } = run_world(&scenario);
    let Some(failure) = failure else {
        return Report { seed, failure: None, link: None, size: None, seen, partitioned };
    };
    let small = minimise(&scenario, failure.property);
    let outcome = run_world(&small);
    // The smallest world fails by the same property, perhaps at another tick.
    let failure = Some(outcome.failure.unwrap_or(failure));
    Report { seed, failure, link: outcome.run.link().ok(), size: Some(Size::of(&small)), seen, partitioned }
}
