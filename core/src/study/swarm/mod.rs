//! Whole worlds drawn from seeds, to be put to the test: first faults of every kind, under which nothing may happen that
//! [never may](crate::observe::invariant::PropertyKind::Always), then peace, in which all must come right
//! [at last](crate::observe::invariant::PropertyKind::Eventually). Up to peace a run is also made again from its link, and has to be the
//! same. What fails is made as small as it can be made while it still fails.

mod failure;
mod generate;
mod minimise;
mod reachability;
mod repeat;
mod run;
mod size;

pub use failure::Failure;
pub use generate::{Length, generate};
pub use minimise::{minimise, shrink};
pub use run::{HEALING_ROUNDS, SwarmOutcome, run_world};
pub use size::Size;

use serde::Serialize;


/// What came of the world of one seed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Report {
    /// What the world was drawn from.
    pub seed: u64,
    /// What failed first; none where nothing did.
    pub failure: Option<Failure>,
    /// The link of the smallest world found in which the same fails.
    pub link: Option<String>,
    /// Peers at the start of that world, commands up to peace, and rounds up to then.
    pub size: Option<Size>,
    /// What was seen that is to be seen sometimes.
    pub seen: Vec<&'static str>,
    /// Whether the peers had lost sight of one another when peace came, so that they could not come together.
    #[serde(rename = "parted")]
    pub partitioned: bool,
}

/// Tries the world of a seed out, and makes it small where it fails.
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
