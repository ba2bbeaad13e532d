//! Genesis: the tokens, the initial peers and their contacts.

use crate::base::id::PeerId;
use crate::base::ratio::Ratio;
use crate::base::ring;
use crate::base::rng::{Purpose, Rng};
use crate::base::sort;
use crate::config::{Bootstrap, Config, Topology};
use crate::protocol::event::PeerStateKind;
use crate::protocol::token::{Rank, Universe, reach};

/// Contacts of all peers together that a world may begin with: they take some 40 bytes each.
pub const ACQUAINTANCES_MAX: u64 = 20_000_000;

/// What a peer knows about others at the start.
pub type Contacts = Vec<(PeerId, PeerStateKind)>;

/// The tokens of a world: those of the scenario, and one for each of the first peers.
#[must_use]
pub fn universe(seed: u64, config: &Config) -> Universe {
    let count = config.tokens.total as usize + config.genesis.peers as usize;
    Universe::random(count, &mut Rng::stream(seed, Purpose::Universe, 0))
}

/// The ids of the first peers, ascending: uniformly random tokens of the universe.
#[must_use]
pub fn initial_peers(seed: u64, config: &Config, universe: &Universe) -> Vec<PeerId> {
    let mut rng = Rng::stream(seed, Purpose::Genesis, 0);
    let mut ranks: Vec<u32> = (0..universe.len()).collect();
    let chosen = rng.take_some(&mut ranks, config.genesis.peers as usize);
    let mut ids: Vec<PeerId> =
        chosen.into_iter().map(|rank| universe.mapping(Rank(rank)).token.as_peer()).collect();
    sort::sort_by_key(&mut ids, |peer| *peer);
    ids
}

/// Contacts of an initial peer. `initial_peers` is in ascending order.
#[must_use]
pub fn contacts(seed: u64, config: &Config, initial_peers: &[PeerId], me: PeerId) -> Contacts {
    let mut rng = Rng::stream(seed, Purpose::Genesis, me.get());
    let others = initial_peers.iter().copied().filter(|peer| *peer != me);
    match config.genesis.topology {
        Topology::Isolated => Vec::new(),
        Topology::FullyKnown => {
            let mut all: Vec<PeerId> = others.collect();
            rng.shuffle(&mut all);
            split_known(config, all)
        }
        Topology::LocalKnowledge => {
            let reach = reach(&config.tokens, config.genesis.peers);
            let mut near = within(initial_peers, me, reach);
            rng.shuffle(&mut near);
            near.truncate(part(config.genesis.known_share, near.len()));
            split_known(config, near)
        }
        // As shipped, those that should be Connected are only Identified.
        Topology::Ring if config.genesis.swapped_topology => {
            identified(neighbors(initial_peers, me, config.genesis.neighbors as usize))
        }
        Topology::Ring => {
            let mut near = neighbors(initial_peers, me, config.genesis.neighbors as usize);
            rng.shuffle(&mut near);
            split_known(config, near)
        }
        Topology::Chain => identified(next_in_chain(initial_peers, me).into_iter().collect()),
        Topology::Star => {
            identified(initial_peers.first().copied().filter(|center| *center != me).into_iter().collect())
        }
        Topology::Random => {
            let others = initial_peers.len().saturating_sub(1);
            let my_place = initial_peers.partition_point(|peer| *peer < me);
            let known = rng.some_of(others, config.genesis.neighbors as usize);
            let other = |place| initial_peers[if place < my_place { place } else { place + 1 }];
            identified(known.into_iter().map(other).collect())
        }
    }
}

/// The next peer in a chain through all initial peers that jumps over a good third of the ring each time.
fn next_in_chain(initial_peers: &[PeerId], me: PeerId) -> Option<PeerId> {
    let count = initial_peers.len();
    let place = initial_peers.binary_search(&me).ok()?;
    let is_coprime = |step: &usize| gcd(*step, count) == 1;
    let step = (1..=(count * 3 / 8).max(1)).rev().find(is_coprime)?;
    let next = (place + step) % count;
    // Without the link back to where the chain begins.
    (next != 0 && next != place).then(|| initial_peers[next])
}

const fn gcd(one: usize, other: usize) -> usize {
    if other == 0 { one } else { gcd(other, one % other) }
}

/// About how many others all first peers together know at the start.
#[must_use]
pub(crate) fn acquaintances_expected(config: &Config) -> u64 {
    let peers = u64::from(config.genesis.peers);
    let others = peers.saturating_sub(1);
    let neighbors = u64::from(config.genesis.neighbors);
    let each = match config.genesis.topology {
        Topology::Isolated => 0,
        Topology::FullyKnown => others,
        Topology::Ring => others.min(2 * neighbors),
        Topology::Random => others.min(neighbors),
        Topology::Chain | Topology::Star => others.min(1),
        Topology::LocalKnowledge => {
            let reach = u128::from(reach(&config.tokens, config.genesis.peers));
            let near = (u128::from(others) * reach) >> 63;
            config.genesis.known_share.of(u64::try_from(near).unwrap_or(others))
        }
    };
    peers * each
}

/// The running peers that a newcomer knows. `running` is in ascending order.
#[must_use]
pub fn join_contacts(
    bootstrap: Bootstrap,
    me: PeerId,
    count: u32,
    running: &[PeerId],
    rng: &mut Rng,
) -> Contacts {
    let count = count as usize;
    let mut known = match bootstrap {
        Bootstrap::Random => {
            let places = rng.some_of(running.len(), count);
            places.into_iter().map(|place| running[place]).collect()
        }
        Bootstrap::Nearest => {
            let mut nearest = running.to_vec();
            sort::sort_by_key(&mut nearest, |peer| ring::distance(peer.get(), me.get()));
            nearest
        }
        Bootstrap::Listed => running.to_vec(),
    };
    known.truncate(count);
    identified(known)
}

/// A uniformly random vacant token.
#[must_use]
pub(crate) fn vacancy(
    universe: &Universe,
    is_taken: impl Fn(PeerId) -> bool,
    rng: &mut Rng,
) -> Option<PeerId> {
    if universe.is_empty() {
        return None;
    }
    let start = rng.below(universe.len());
    let ranks = (start..universe.len()).chain(0..start).map(Rank);
    ranks.map(|rank| universe.mapping(rank).token.as_peer()).find(|peer| !is_taken(*peer))
}

fn identified(peers: Vec<PeerId>) -> Contacts {
    peers.into_iter().map(|peer| (peer, PeerStateKind::Identified)).collect()
}

/// Makes the first part of the known peers, which come in random order, Connected and the others Identified;
/// as shipped it is the other way round.
fn split_known(config: &Config, known: Vec<PeerId>) -> Contacts {
    let first = part(config.genesis.connected_share, known.len());
    let mut standings = [PeerStateKind::Connected, PeerStateKind::Identified];
    if config.genesis.swapped_topology {
        standings.reverse();
    }
    let standing = |place| if place < first { standings[0] } else { standings[1] };
    known.into_iter().enumerate().map(|(place, peer)| (peer, standing(place))).collect()
}

/// A share of a number of peers, rounded down.
fn part(share: Ratio, count: usize) -> usize {
    usize::try_from(share.of(count as u64)).unwrap_or(count)
}

/// The other initial peers at most `reach` away, ascending.
fn within(initial_peers: &[PeerId], me: PeerId, reach: u64) -> Vec<PeerId> {
    let arc =
        ring::Arc { from: me.get().wrapping_sub(reach), to: me.get().wrapping_add(reach).wrapping_add(1) };
    let start = initial_peers.partition_point(|peer| peer.get() < arc.from);
    let count = initial_peers.len();
    let around = (0..count).map(|step| initial_peers[(start + step) % count]);
    let mut near: Vec<PeerId> =
        around.take_while(|peer| arc.contains(peer.get())).filter(|peer| *peer != me).collect();
    sort::sort_by_key(&mut near, |peer| *peer);
    near
}

/// The nearest initial peers on each side by rank on the ring, each once.
fn neighbors(initial_peers: &[PeerId], me: PeerId, each_side: usize) -> Vec<PeerId> {
    let count = initial_peers.len();
    let Ok(place) = initial_peers.binary_search(&me) else { return Vec::new() };
    let each_side = each_side.min(count / 2);
    let ahead = (1..=each_side).map(|step| initial_peers[(place + step) % count]);
    let behind = (1..=each_side).map(|step| initial_peers[(place + count - step) % count]);
    let mut found: Vec<PeerId> = ahead.chain(behind).filter(|peer| *peer != me).collect();
    sort::sort_by_key(&mut found, |peer| *peer);
    found.dedup();
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::Scenario;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn those_within_reach_are_all_the_others_near_enough(
            ids in prop::collection::btree_set(any::<u64>(), 1..40),
            at: prop::sample::Index,
            reach in 0..ring::HALF,
        ) {
            let initial_peers: Vec<PeerId> = ids.into_iter().map(PeerId::new).collect();
            let me = initial_peers[at.index(initial_peers.len())];
            let near = |peer: &PeerId| *peer != me && ring::distance(peer.get(), me.get()) <= reach;
            let expected: Vec<PeerId> = initial_peers.iter().copied().filter(near).collect();
            prop_assert_eq!(within(&initial_peers, me, reach), expected);
        }
    }

    #[test]
    fn the_expected_number_of_acquaintances_is_about_right() {
        for topology in [
            Topology::Isolated,
            Topology::FullyKnown,
            Topology::Ring,
            Topology::Random,
            Topology::LocalKnowledge,
            Topology::Chain,
            Topology::Star,
        ] {
            let mut config = Scenario::preset("seed-000").unwrap().config;
            config.genesis.topology = topology;
            config.genesis.peers = 200;
            config.tokens.total = 1_000;
            let universe = universe(1, &config);
            let initial_peers = initial_peers(1, &config, &universe);
            let known: usize =
                initial_peers.iter().map(|me| contacts(1, &config, &initial_peers, *me).len()).sum();
            let expected = usize::try_from(acquaintances_expected(&config)).unwrap();
            assert!(known.abs_diff(expected) <= expected / 10, "{topology:?}: {known}, not {expected}");
        }
    }

    #[test]
    fn a_chain_passes_through_everybody_once() {
        for count in [1, 2, 3, 10, 24, 97] {
            let initial_peers: Vec<PeerId> = (0..count).map(PeerId::new).collect();
            let starts = initial_peers.iter().filter(|me| {
                initial_peers.iter().all(|other| next_in_chain(&initial_peers, *other) != Some(**me))
            });
            let starts: Vec<PeerId> = starts.copied().collect();
            assert_eq!(starts.len(), 1, "a chain of {count} has one beginning");
            let chain = std::iter::successors(Some(starts[0]), |peer| next_in_chain(&initial_peers, *peer));
            assert_eq!(chain.take(2 * initial_peers.len()).count(), initial_peers.len());
        }
    }
}
