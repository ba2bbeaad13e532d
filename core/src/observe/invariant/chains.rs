//! Properties of chains that fork. They hold where hosts keep none.

use super::{Breach, Facts, Property, PropertyKind};
use crate::base::id::PeerId;
use crate::observe::session_view;
use crate::stack::layers::LayerId;
use crate::stack::session::Sessions;
use crate::stack::session::event::COUNTER;
use crate::stack::session::state::Session;
use crate::stack::session::sync::Sync;

pub(super) static ALWAYS: &[Property] = &[
    Property::new(
        "chain-linked",
        PropertyKind::Always,
        "The parent of each block of a chain is the block below it.",
        |facts| {
            let torn = session_view::sessions(facts.world)
                .filter(|(_, layer)| layer.sync().is_some_and(|sync| !sync.is_linked()));
            Breach::of_peers(torn.map(|one| one.0), "a block whose parent is not the block below it")
        },
    ),
    Property::new(
        "replacement-bounded",
        PropertyKind::Always,
        "No reorganisation replaces more blocks than allowed.",
        |facts| {
            let (deepest, most) = (facts.chains.deepest(), facts.limits.sessions.replaced);
            Breach::of_world(deepest > most, || format!("{deepest} blocks were replaced, {most} may be"))
        },
    ),
    Property::new(
        "chain-kept",
        PropertyKind::Always,
        "No host that goes on running loses a block of its chain, except by a reorganisation that it reports.",
        |facts| Breach::of_peers(facts.chains.shrunk(), "blocks lost without a reorganisation"),
    ),
];

pub(super) static EVENTUALLY: &[Property] = &[Property::new(
    "one-chain",
    PropertyKind::Eventually,
    "The ends of every session are on one chain, unless hosts forget forks too soon or have refused a reorganisation.",
    |facts| {
        let apart = heals_forks(facts).then(|| apart(facts)).into_iter().flatten();
        Breach::of_peers(apart, "a session with a host on another chain")
    },
)];

/// Whether the rules promise that forks heal.
pub(super) fn heals_forks(facts: &Facts<'_>) -> bool {
    let refused = facts.tally.counters(LayerId::Session)[usize::from(COUNTER.reorganisations_refused)];
    facts.limits.sessions.forks.heal && refused == 0
}

/// Hosts with a session whose other end is on another chain with the same genesis block.
fn apart<'a>(facts: &'a Facts<'_>) -> impl Iterator<Item = PeerId> + 'a {
    let all: Vec<(PeerId, &Sessions, &Sync)> = session_view::sessions(facts.world)
        .filter_map(|(host, layer)| Some((host, layer, layer.sync().filter(|sync| sync.is_main())?)))
        .collect();
    let found: Vec<PeerId> = all
        .iter()
        .filter(|(_, layer, own)| {
            let open = layer.all().iter().filter(|one| one.is_open() && one.link.genesis.is_compatible());
            let peer = |one: &Session| facts.world.directory().host(one.stream.listening);
            let other = |peer| all.binary_search_by_key(&peer, |one| one.0).ok().map(|index| all[index].2);
            open.filter_map(peer).filter_map(other).any(|other| !own.agrees_with(other))
        })
        .map(|one| one.0)
        .collect();
    found.into_iter()
}
