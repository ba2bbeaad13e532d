//! The beginning: who exists, and who knows whom.

use crate::actor::Standing;
use crate::config::{Config, Topology};
use crate::id::PeerId;
use crate::ring;
use crate::rng::{Purpose, Ratio, Rng};
use crate::token::{Rank, Universe, reach};

/// What a peer knows about others at the start.
pub type Acquaintances = Vec<(PeerId, Standing)>;

/// The tokens of a world: those of the scenario, and one for each of the first peers.
#[must_use]
pub fn universe(seed: u64, config: &Config) -> Universe {
    let count = config.tokens.total as usize + config.genesis.peers as usize;
    Universe::random(count, &mut Rng::stream(seed, Purpose::Universe, 0))
}

/// The ids of the first peers, ascending: uniformly random tokens of the universe.
#[must_use]
pub fn residents(seed: u64, config: &Config, universe: &Universe) -> Vec<PeerId> {
    let mut rng = Rng::stream(seed, Purpose::Genesis, 0);
    let mut ranks: Vec<u32> = (0..universe.len()).collect();
    let chosen = rng.take_some(&mut ranks, config.genesis.peers as usize);
    let mut ids: Vec<PeerId> =
        chosen.into_iter().map(|rank| universe.mapping(Rank(rank)).token.as_peer()).collect();
    ids.sort_unstable();
    ids
}

/// Whom a peer knows at the start. `residents` are all first peers in ascending order.
#[must_use]
pub fn acquaintances(seed: u64, config: &Config, residents: &[PeerId], me: PeerId) -> Acquaintances {
    let mut rng = Rng::stream(seed, Purpose::Genesis, me.get());
    let others = residents.iter().copied().filter(|peer| *peer != me);
    match config.genesis.topology {
        Topology::Isolated => Vec::new(),
        Topology::FullyKnown => {
            let mut all: Vec<PeerId> = others.collect();
            rng.shuffle(&mut all);
            divide(config, all)
        }
        Topology::LocalKnowledge => {
            let reach = reach(&config.tokens, config.genesis.peers);
            let mut near: Vec<PeerId> =
                others.filter(|peer| ring::distance(peer.get(), me.get()) <= reach).collect();
            rng.shuffle(&mut near);
            near.truncate(part(config.genesis.known_share, near.len()));
            divide(config, near)
        }
        Topology::Ring => identified(neighbors(residents, me, config.genesis.neighbors as usize)),
        Topology::Random => {
            let mut others: Vec<PeerId> = others.collect();
            identified(rng.take_some(&mut others, config.genesis.neighbors as usize))
        }
    }
}

/// Running peers that a newcomer has heard of.
#[must_use]
pub fn contacts(config: &Config, running: &[PeerId], rng: &mut Rng) -> Acquaintances {
    let mut running = running.to_vec();
    identified(rng.take_some(&mut running, config.genesis.join_contacts as usize))
}

/// A uniformly random token at which nobody lives.
#[must_use]
pub fn vacancy(universe: &Universe, is_taken: impl Fn(PeerId) -> bool, rng: &mut Rng) -> Option<PeerId> {
    if universe.is_empty() {
        return None;
    }
    let start = rng.below(universe.len());
    let ranks = (start..universe.len()).chain(0..start).map(Rank);
    ranks.map(|rank| universe.mapping(rank).token.as_peer()).find(|peer| !is_taken(*peer))
}

fn identified(peers: Vec<PeerId>) -> Acquaintances {
    peers.into_iter().map(|peer| (peer, Standing::Identified)).collect()
}

/// Makes the first part of the known peers, which come in random order, Connected and the others Identified; as shipped
/// it is the other way round.
fn divide(config: &Config, known: Vec<PeerId>) -> Acquaintances {
    let first = part(config.genesis.connected_share, known.len());
    let mut standings = [Standing::Connected, Standing::Identified];
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

/// The nearest residents on each side by rank on the ring, each once.
fn neighbors(residents: &[PeerId], me: PeerId, each_side: usize) -> Vec<PeerId> {
    let count = residents.len();
    let Ok(place) = residents.binary_search(&me) else { return Vec::new() };
    let each_side = each_side.min(count / 2);
    let ahead = (1..=each_side).map(|step| residents[(place + step) % count]);
    let behind = (1..=each_side).map(|step| residents[(place + count - step) % count]);
    let mut found: Vec<PeerId> = ahead.chain(behind).filter(|peer| *peer != me).collect();
    found.sort_unstable();
    found.dedup();
    found
}
