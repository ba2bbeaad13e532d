//! Properties of blocks.

use super::{Breach, Facts, Property, PropertyKind};
use crate::observe::block_view;
use crate::stack::consensus::Consensus;
use crate::stack::consensus::pool::VOTES_MAX;
use crate::stack::consensus::store::STORED_MAX;

fn hosts_where(facts: &Facts<'_>, is_so: impl Fn(&Consensus) -> bool) -> Option<Breach> {
    let found = block_view::layers(facts.world).filter(|(_, layer)| is_so(layer)).map(|one| one.0);
    Breach::of_peers(found, "blocks out of order")
}

pub(super) static ALWAYS: &[Property] = &[
    Property {
        id: "one-vote-per-peer",
        kind: PropertyKind::Always,
        meaning: "No pool counts two votes of one peer on one block.",
        check: |facts| {
            let has_twins = |layer: &Consensus| {
                let entries = layer.pool().entries().iter();
                entries.map(|entry| &entry.votes).any(|votes| !votes.is_sorted_by(|one, next| one.0 < next.0))
            };
            hosts_where(facts, has_twins)
        },
    },
    Property {
        id: "blocks-bounded",
        kind: PropertyKind::Always,
        meaning: "No peer keeps more votes on a block, or more committed blocks, than the limits allow.",
        check: |facts| {
            let is_over = |layer: &Consensus| {
                let entries = layer.pool().entries().iter();
                layer.store().len() > STORED_MAX
                    || entries.map(|entry| entry.votes.len()).any(|votes| votes > VOTES_MAX)
            };
            hosts_where(facts, is_over)
        },
    },
    Property {
        id: "decided-once",
        kind: PropertyKind::Always,
        meaning: "No block is undecided and committed at one peer.",
        check: |facts| {
            let is_both = |layer: &Consensus| {
                layer.pool().entries().iter().any(|entry| layer.store().get(entry.id).is_some())
            };
            hosts_where(facts, is_both)
        },
    },
];

pub(super) static EVENTUALLY: &[Property] = &[Property {
    id: "never-two-owners",
    kind: PropertyKind::Eventually,
    meaning: "No token is mapped to two blocks with the same parent at honest peers of its range.",
    check: |facts| {
        let count = block_view::doubly_owned(facts.world).len();
        Breach::of_world(count > 0, || format!("{count} tokens have two owners"))
    },
}];
