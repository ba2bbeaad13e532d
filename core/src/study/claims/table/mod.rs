//! The claims themselves, by subject.

mod answers;
mod blocks;
mod design;
mod elections;
mod full_stack;
mod lifecycle;
mod peer_cache;
mod peer_management;
mod peer_trust;
mod recommended;
mod sessions;
mod tuning;
mod worlds;

use super::{Arm, Claim, Fault, Rounds, Source, Variation};
use crate::base::problem::Problem;
use crate::config::nearest;

/// All groups, in the order in which they are told.
pub(super) const GROUPS: &[&[Claim]] = &[
    answers::CLAIMS,
    lifecycle::CLAIMS,
    elections::CLAIMS,
    design::CLAIMS,
    recommended::CLAIMS,
    tuning::CLAIMS,
    sessions::CLAIMS,
    peer_cache::CLAIMS,
    peer_management::CLAIMS,
    peer_trust::CLAIMS,
    blocks::CLAIMS,
    worlds::CLAIMS,
    full_stack::CLAIMS,
];

/// A heading of document 000.
const fn seed_000(section: &'static str) -> Source {
    Source { seed: "000", section }
}

/// A heading of document 001.
const fn seed_001(section: &'static str) -> Source {
    Source { seed: "001", section }
}

/// An experiment on document 002.
const fn document_002(section: &'static str) -> Source {
    Source { seed: "002", section }
}

/// An experiment on document 003.
const fn document_003(section: &'static str) -> Source {
    Source { seed: "003", section }
}

/// An experiment on document 004.
const fn document_004(section: &'static str) -> Source {
    Source { seed: "004", section }
}

/// A preset as it is.
const fn arm(preset: &'static str) -> Arm {
    Arm { label: "", preset, rounds: None, set: &[], further: &[], faults: &[] }
}

/// The published program with some knobs turned.
const fn shipped(set: &'static [&'static str]) -> Arm {
    arm("seed-000").set(set)
}

impl Arm {
    const fn label(self, label: &'static str) -> Self {
        Self { label, ..self }
    }

    const fn rounds(self, full: u32, quick: u32) -> Self {
        Self { rounds: Some(Rounds { full, quick }), ..self }
    }

    const fn faults(self, faults: &'static [Fault]) -> Self {
        Self { faults, ..self }
    }

    const fn set(self, set: &'static [&'static str]) -> Self {
        Self { set, ..self }
    }

    /// Some knobs turned after those that are set.
    const fn and(self, further: &'static [&'static str]) -> Self {
        Self { further, ..self }
    }
}

/// Some knobs turned in addition.
const fn when(label: &'static str, set: &'static [&'static str]) -> Variation {
    Variation { label, preset: None, set }
}

/// Another preset to start from.
const fn under(label: &'static str, preset: &'static str) -> Variation {
    Variation { label, preset: Some(preset), set: &[] }
}

/// The documents' own protocol.
const PROMISED: Variation = under("all is as the documents promise", "as-claimed");

/// Ours.
const IMPROVED: Variation = under("it is Ringside's own protocol", "improved");

impl Claim {
    /// All claims, in the order in which they are told.
    pub fn all() -> impl Iterator<Item = &'static Self> {
        // An opaque table is not unrolled: a search would be 16 kB of comparisons.
        std::hint::black_box(GROUPS).iter().flat_map(|group| group.iter())
    }

    /// The claim with this id.
    ///
    /// # Errors
    ///
    /// The name is unknown.
    pub fn by_id(id: &str) -> Result<&'static Self, Problem> {
        Self::all().find(|claim| claim.id == id).ok_or_else(|| {
            let ids: Vec<_> = Self::all().map(|claim| claim.id).collect();
            let remedy = match nearest(id, ids.iter().copied()) {
                Some(meant) => format!("did you mean {meant}?"),
                None => "see the list of all claims".to_owned(),
            };
            Problem::new("claim", format!("there is no claim {id:?}"), remedy)
        })
    }
}
