//! Properties of blocks.

use std::sync::Arc as Shared;

use super::{Breach, Facts, Property, PropertyKind};
use crate::base::id::PeerId;
use crate::observe::block_view;
use crate::protocol::block::{Block, Part};
use crate::stack::consensus::Consensus;
use crate::stack::consensus::pool::{PEERS_MAX, PoolEntry, VOTES_MAX};
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
        meaning: "No peer keeps more undecided blocks, more votes on one, or more committed blocks, than the limits allow.",
        check: |facts| {
            let most = facts.limits.blocks.pool;
            let is_over = |layer: &Consensus| {
                layer.store().len() > STORED_MAX
                    || layer.pool().len() > most
                    || layer.pool().entries().iter().any(exceeds)
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
    Property {
        id: "commits-supported",
        kind: PropertyKind::Always,
        meaning: "Where approvals decide, no peer commits a block without more of them on each token than the threshold.",
        check: |facts| {
            let rules = facts.limits.blocks;
            let lacks_votes = |layer: &Consensus| {
                layer.store().supports().any(|support| support.approvals <= rules.threshold)
            };
            hosts_where(facts, |layer| rules.has_approvals && lacks_votes(layer))
        },
    },
    Property {
        id: "only-trusted-decide",
        kind: PropertyKind::Always,
        meaning: "Where Connected peers are trusted alone, no owner commits a block without more approvals of its tokens by \
                  Connected peers than the threshold.",
        check: |facts| {
            let rules = facts.limits.blocks;
            let lacks_votes = |layer: &Consensus| {
                let trusted = layer.store().supports().filter_map(|support| support.trusted);
                { trusted }.any(|approvals| approvals <= rules.threshold)
            };
            hosts_where(facts, |layer| rules.has_approvals && rules.trusts_connected && lacks_votes(layer))
        },
    },
    Property {
        id: "mappings-forward",
        kind: PropertyKind::Always,
        meaning: "Where parents are checked, blocks are later than their parents, and no truthful peer maps a token to a \
                  block that another of its committed blocks spends.",
        check: |facts| {
            let rules = facts.limits.blocks;
            let hosts =
                hosts_mapping_back(facts).filter(|peer| rules.checks_parents && rules.is_truthful(*peer));
            Breach::of_peers(hosts, "a mapping that went back in time")
        },
    },
    Property {
        id: "no-honest-fraud",
        kind: PropertyKind::Always,
        meaning: "With consensus.fraud=mappings no peer that keeps the rules is convicted of contradicting itself.",
        check: |facts| {
            let rules = facts.limits.blocks;
            let convicted = block_view::layers(facts.world).flat_map(|(_, layer)| layer.frauds());
            let innocent = convicted.copied().find(|peer| rules.is_innocent(*peer));
            Breach::of_peers(innocent, "an honest peer was convicted")
        },
    },
];

const fn exceeds(entry: &PoolEntry) -> bool {
    entry.votes.len() > VOTES_MAX
        || entry.attested.len() > PEERS_MAX
        || entry.askers.len() > PEERS_MAX
        || entry.told.len() > PEERS_MAX
}

/// Hosts that map a token which they store to a block although they have committed a child of it, or that
/// have committed a child which is not later.
fn hosts_mapping_back(facts: &Facts<'_>) -> impl Iterator<Item = PeerId> {
    let world = facts.world;
    block_view::layers(world).filter_map(|(peer, layer)| {
        let host = world.host(peer)?;
        let goes_back = |(block, part): (&Block, &Part)| {
            let is_late = |parent: &Shared<Block>| parent.time >= block.time;
            let is_spent = || host.stored_block(world.universe(), part.token) == part.last;
            part.last.is_some_and(|last| layer.store().get(last).is_some_and(is_late) || is_spent())
        };
        let mut parts =
            layer.store().iter().flat_map(|block| block.parts.iter().map(|part| (&**block, part)));
        parts.any(goes_back).then_some(peer)
    })
}

pub(super) static EVENTUALLY: &[Property] = &[
    Property {
        id: "never-two-owners",
        kind: PropertyKind::Eventually,
        meaning: "No token is mapped to two blocks with the same parent at honest peers of its range.",
        check: |facts| {
            let count = block_view::doubly_owned(facts.world).len();
            Breach::of_world(count > 0, || format!("{count} tokens have two owners"))
        },
    },
    Property {
        id: "owners-agree",
        kind: PropertyKind::Eventually,
        meaning: "All tokens that blocks have changed are mapped alike by all honest peers of their range that store them and \
                  have never lied about mappings.",
        check: |facts| {
            let rules = facts.limits.blocks;
            let (common, all) = block_view::agreement(facts.world, |peer| rules.is_truthful(peer));
            let divided = all - common;
            Breach::of_world(divided > 0, || {
                format!("owners map {divided} of {all} changed tokens differently")
            })
        },
    },
];
