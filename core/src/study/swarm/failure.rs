//! Failures of a world.

use serde::Serialize;

use crate::base::id::PeerId;
use crate::observe::invariant::Violation;

/// A property that does not hold; or `run-repeats`, `link-holds-run` or `damage-is-seen`, where a run was not
/// the same when it was made again, its link was that of another one, or a damaged link opened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Failure {
    /// Its id.
    pub property: &'static str,
    /// When it was found.
    pub tick: u64,
    /// Peers that it is about.
    pub peers: Vec<PeerId>,
    /// The finding, for a person.
    pub text: String,
}

impl From<&Violation> for Failure {
    fn from(violation: &Violation) -> Self {
        let Violation { property, tick, peers, text } = violation.clone();
        Self { property, tick, peers, text }
    }
}
