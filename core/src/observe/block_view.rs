//! Blocks of all hosts: who owns a token in whose eyes.

use crate::base::id::{BlockId, PeerId, TokenId};
use crate::base::sort;
use crate::protocol::block::Block;
use crate::protocol::block::range::Ranges;
use crate::protocol::token::Overlay;
use crate::sim::host::Host;
use crate::sim::world::World;
use crate::stack::consensus::{Consensus, sabotage};

/// Peers to each side of a token whose mappings are compared.
const SIDE: usize = 4;

/// The layer of each running host.
pub fn layers(world: &World) -> impl Iterator<Item = (PeerId, &Consensus)> {
    let running = world.hosts().iter().filter(|host| host.is_running());
    running.filter_map(|host| Some((host.id(), host.stack().lower()?.layers.consensus.get()?)))
}

/// Running hosts that keep all rules of voting, in ascending order of id.
fn honest_hosts(world: &World) -> Vec<&Host> {
    let rules = &world.config().consensus;
    let is_honest = |host: &&Host| {
        host.is_running() && host.adversary().is_none() && sabotage::is_honest(rules, host.id())
    };
    world.hosts().iter().filter(is_honest).collect()
}

/// Convictions by the honest peers now, of saboteurs and of honest ones, and pairs of an honest peer and a
/// running saboteur.
#[must_use]
pub fn convictions(world: &World) -> [u64; 3] {
    let rules = &world.config().consensus;
    let is_honest = |peer: PeerId| sabotage::is_honest(rules, peer);
    let honest: Vec<_> = layers(world).filter(|(peer, _)| is_honest(*peer)).collect();
    let saboteurs = layers(world).count() - honest.len();
    let convicted = || honest.iter().flat_map(|(_, layer)| layer.frauds());
    let wrong = convicted().filter(|peer| is_honest(**peer)).count();
    [convicted().count() - wrong, wrong, honest.len() * saboteurs].map(|count| count as u64)
}

/// Blocks that honest peers of a token's range have stored for it, each pair once, in ascending order.
fn changed_mappings(honest: &[&Host], ranges: Ranges<'_>) -> Vec<(TokenId, BlockId)> {
    let mut mappings: Vec<(TokenId, BlockId)> = Vec::new();
    for host in honest {
        let changed = host.token_set().overlay().into_iter().flat_map(Overlay::iter);
        let near = changed.filter(|(mapping, _)| ranges.range(mapping.token.get()).contains(&host.id()));
        mappings.extend(near.map(|(mapping, _)| (mapping.token, mapping.block)));
    }
    sort::sort_by_key(&mut mappings, |one| *one);
    mappings.dedup();
    mappings
}

/// Tokens that honest peers of their range map to different blocks with one parent: two owners.
#[must_use]
pub fn doubly_owned(world: &World) -> Vec<TokenId> {
    let honest = honest_hosts(world);
    let ids: Vec<PeerId> = honest.iter().map(|host| host.id()).collect();
    let mappings = changed_mappings(&honest, Ranges { peers: &ids, side: SIDE, wraps: true });
    let of_one_token = mappings.chunk_by(|one, other| one.0 == other.0);
    let several = of_one_token.filter(|blocks| blocks.len() > 1);
    several.filter(|blocks| have_one_parent(world, blocks)).map(|blocks| blocks[0].0).collect()
}

/// Tokens that all honest peers of their range which store them map alike, and all tokens that blocks have
/// changed. Of the honest peers those count that satisfy a predicate.
#[must_use]
pub fn agreement(world: &World, counts: impl Fn(PeerId) -> bool) -> (usize, usize) {
    let mut honest = honest_hosts(world);
    honest.retain(|host| counts(host.id()));
    let ids: Vec<PeerId> = honest.iter().map(|host| host.id()).collect();
    let ranges = Ranges { peers: &ids, side: SIDE, wraps: true };
    let mut tokens: Vec<TokenId> =
        changed_mappings(&honest, ranges).into_iter().map(|mapping| mapping.0).collect();
    tokens.dedup();
    let is_common = |token: &&TokenId| {
        let range = ranges.range(token.get());
        let hosts = range.iter().filter_map(|peer| ids.binary_search(peer).ok());
        let mut stored = hosts.filter_map(|index| honest[index].stored_block(world.universe(), **token));
        let first = stored.next();
        stored.all(|block| Some(block) == first)
    };
    (tokens.iter().filter(is_common).count(), tokens.len())
}

/// Whether two of the blocks of a token take it over from the same parent.
fn have_one_parent(world: &World, blocks: &[(TokenId, BlockId)]) -> bool {
    let mut parents: Vec<Option<BlockId>> = blocks
        .iter()
        .filter_map(|(token, id)| find(world, *id)?.part(*token).map(|part| part.last))
        .collect();
    sort::sort_by_key(&mut parents, |one| *one);
    parents.windows(2).any(|pair| pair[0] == pair[1])
}

/// A block that some running host has committed.
#[must_use]
pub fn find(world: &World, id: BlockId) -> Option<&Block> {
    layers(world).find_map(|(_, layer)| layer.store().get(id)).map(|block| &**block)
}
