//! Blocks as a picture: where the latest ones are known, how their votes stand, and why they wait.

use std::collections::BTreeMap;
use std::sync::Arc as Shared;

use super::block_view::{doubly_owned, layers};
use crate::base::id::{BlockId, PeerId, TokenId};
use crate::base::time::Round;
use crate::protocol::block::range::Ranges;
use crate::protocol::block::{Ballot, Block, Role};
use crate::sim::world::World;
use crate::stack::consensus::Consensus;
use crate::stack::consensus::message::BlockMessage;
use crate::stack::consensus::pool::{EntryState, PoolEntry};
use crate::stack::layers::Body;

/// Blocks that a map has at most, the latest ones.
pub const BLOCKS_MAX: usize = 24;
/// Messages that a map has at most.
const MESSAGES_MAX: usize = 1_024;
/// Committed blocks of each host among which the latest are looked for.
const LATEST: usize = 8;

/// The latest blocks of a world, and what one peer waits for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BlockMap {
    /// Balance above which a token is decided.
    pub threshold: u32,
    /// The latest blocks, the newest first.
    pub blocks: Vec<BlockMark>,
    /// Tokens that honest peers of their range map to two blocks with the same parent.
    pub disputed: Vec<TokenId>,
    /// Undecided blocks of the chosen peer, in ascending order of id.
    pub waiting: Vec<Wait>,
}

/// A block on the map.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BlockMark {
    /// The block.
    pub id: BlockId,
    /// Round in which its client made it.
    pub time: Round,
    /// Its tokens, with the votes on each.
    pub tokens: Vec<TokenVotes>,
    /// Peers that know it.
    pub holders: Vec<(PeerId, Stand)>,
    /// Messages about it that are on their way: sender and receiver.
    pub messages: Vec<(PeerId, PeerId)>,
}

/// Votes of the range of a token, as the peer with the most votes knows them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TokenVotes {
    /// The token.
    pub token: TokenId,
    /// Running peers that are nearest to it.
    pub range: Vec<PeerId>,
    /// Of them, those that approve.
    pub yes: u32,
    /// Of them, those that refuse.
    pub no: u32,
}

/// What a peer has done with a block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stand {
    /// It has heard of it.
    Heard = 0,
    /// It approves of a token.
    Approves = 1,
    /// It refuses a token.
    Refuses = 2,
    /// It has committed it.
    Committed = 3,
}

/// What an undecided block waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WaitCause {
    /// Its content.
    Block = 0,
    /// A parent.
    Parent = 1,
    /// Votes on a token.
    TokenVotes = 2,
    /// Votes of witnesses only.
    WitnessVotes = 3,
    /// Nothing: it has lost.
    Lost = 4,
}

/// An undecided block of one peer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wait {
    /// The block.
    pub id: BlockId,
    /// Rounds since the peer heard of it.
    pub age: u64,
    /// What it waits for.
    pub cause: WaitCause,
    /// Tokens that are decided.
    pub decided: u32,
    /// All of its tokens; 0 if its content has not come.
    pub tokens: u32,
    /// Votes that the peer has.
    pub votes: u32,
}

impl WaitCause {
    /// What an entry waits for.
    #[must_use]
    pub fn of(entry: &PoolEntry) -> Self {
        let tokens = entry.block.as_ref().map_or(0, |block| (1_u8 << block.parts.len()) - 1);
        match entry.state {
            EntryState::Blocked => Self::Lost,
            _ if entry.block.is_none() => Self::Block,
            _ if entry.missing.is_some() => Self::Parent,
            _ if tokens & !entry.closed != 0 => Self::TokenVotes,
            EntryState::Pending => Self::WitnessVotes,
        }
    }
}

/// Map of a world, with the undecided blocks of a peer; `None` if peers do not vote on blocks.
#[must_use]
pub fn map(world: &World, chosen: Option<PeerId>) -> Option<BlockMap> {
    let rules = &world.config().consensus;
    if !rules.enabled {
        return None;
    }
    let ids: Vec<PeerId> = layers(world).map(|(host, _)| host).collect();
    let ranges = Ranges { peers: &ids, side: rules.range as usize, wraps: rules.wrapping_range };
    let mut blocks: Vec<BlockMark> =
        latest(world).into_iter().map(|block| mark(world, &block, ranges)).collect();
    add_messages(world, &mut blocks);
    let layer = layers(world).find(|(host, _)| Some(*host) == chosen).map(|(_, layer)| layer);
    let now = chosen.and_then(|peer| world.host(peer));
    let now = now.map(|host| world.clock().round(host.local_clock().shows_tick(world.now(), world.clock())));
    let waiting = layer
        .zip(now)
        .map(|(layer, now)| layer.pool().entries().iter().map(|entry| wait(entry, now)).collect::<Vec<_>>());
    Some(BlockMap {
        threshold: rules.threshold,
        blocks,
        disputed: doubly_owned(world),
        waiting: waiting.unwrap_or_default(),
    })
}

/// The latest blocks that some running host knows, the newest first.
fn latest(world: &World) -> Vec<Shared<Block>> {
    let mut found: BTreeMap<(Round, BlockId), Shared<Block>> = BTreeMap::new();
    for (_, layer) in layers(world) {
        let undecided = layer.pool().entries().iter().filter_map(|entry| entry.block.as_ref());
        for block in undecided.chain(layer.store().latest(LATEST)) {
            found.insert((block.time, block.id), Shared::clone(block));
            if found.len() > BLOCKS_MAX {
                found.pop_first();
            }
        }
    }
    found.into_values().rev().collect()
}

fn mark(world: &World, block: &Block, ranges: Ranges<'_>) -> BlockMark {
    let holders: Vec<(PeerId, Stand)> =
        layers(world).filter_map(|(host, layer)| Some((host, stand(layer, block)?))).collect();
    let votes = best_votes(world, block.id);
    let count = |index: usize, token: TokenId| {
        let role = Role::token(index);
        let range = ranges.range(token.get()).to_vec();
        let of = |sign: i64| {
            let cast =
                votes.iter().filter(|(peer, ballot)| range.contains(peer) && ballot.sign(role) == sign);
            u32::try_from(cast.count()).unwrap_or(u32::MAX)
        };
        let (yes, no) = (of(1), of(-1));
        TokenVotes { token, range, yes, no }
    };
    let tokens = block.parts.iter().enumerate().map(|(index, part)| count(index, part.token)).collect();
    BlockMark { id: block.id, time: block.time, tokens, holders, messages: Vec::new() }
}

fn stand(layer: &Consensus, block: &Block) -> Option<Stand> {
    if layer.store().get(block.id).is_some() {
        return Some(Stand::Committed);
    }
    let Ballot { yes, no } = layer.pool().get(block.id)?.ballot;
    let tokens = Role::set(block.parts.len()) & !Role::WITNESS.bit();
    Some(match (yes & !no & tokens, no & !yes & tokens) {
        (_, 1..) => Stand::Refuses,
        (1.., 0) => Stand::Approves,
        (0, 0) => Stand::Heard,
    })
}

/// Votes of the peer that knows the most of them: an undecided block's own, or the certificate of a commit.
fn best_votes(world: &World, id: BlockId) -> Vec<(PeerId, Ballot)> {
    let known = layers(world).filter_map(|(_, layer)| {
        let undecided = layer.pool().get(id).map(|entry| entry.votes.as_slice());
        undecided.or_else(|| layer.store().certificate(id).map(|votes| &votes[..]))
    });
    known.max_by_key(|votes| votes.len()).map(<[_]>::to_vec).unwrap_or_default()
}

/// Adds the messages on their way to the blocks that they are about.
fn add_messages(world: &World, blocks: &mut [BlockMark]) {
    let about = world.network().iter().filter_map(|(_, packet)| match &packet.body {
        Body::Consensus(message) => Some((block_of(message)?, packet)),
        _ => None,
    });
    for (id, packet) in about.take(MESSAGES_MAX) {
        if let Some(block) = blocks.iter_mut().find(|block| block.id == id) {
            let directory = world.directory();
            block.messages.push((directory.position(packet.from), directory.position(packet.to)));
        }
    }
}

/// Block that a message is about; `None` for links and heads of chains.
fn block_of(message: &BlockMessage) -> Option<BlockId> {
    match message {
        BlockMessage::Vote { block, .. }
        | BlockMessage::QueryBlock { block, .. }
        | BlockMessage::Certificate { block, .. } => Some(*block),
        BlockMessage::InitialVote { block, .. }
        | BlockMessage::Block { block, .. }
        | BlockMessage::Proposal { block, .. } => Some(block.id),
        BlockMessage::Evidence(evidence) => Some(evidence.block.id),
        BlockMessage::Answer { .. } | BlockMessage::QueryLink { .. } | BlockMessage::Links(_) => None,
    }
}

fn wait(entry: &PoolEntry, now: Round) -> Wait {
    let count = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
    let tokens = entry.block.as_ref().map_or(0, |block| block.parts.len());
    Wait {
        id: entry.id,
        age: now.since(entry.heard),
        cause: WaitCause::of(entry),
        decided: (entry.closed & !Role::WITNESS.bit()).count_ones(),
        tokens: count(tokens),
        votes: count(entry.votes.len()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::Scenario;
    use crate::study::simulation::Simulation;

    fn run(settings: &[&str], rounds: u32) -> Simulation {
        let small = ["genesis.peers=48", "tokens.total=20000", "load.from_round=20", "load.until_round=40"];
        let all: Vec<&str> = small.iter().chain(settings).copied().collect();
        let mut scenario = Scenario::with_settings("blocks", &all);
        scenario.rounds = rounds;
        let mut run = Simulation::new(scenario);
        run.run();
        run
    }

    #[test]
    fn the_map_shows_votes_holders_and_messages_of_the_latest_blocks() {
        let run = run(&[], 30);
        let map = map(run.world(), None).unwrap();
        assert!(map.blocks.len() > 5 && map.blocks.is_sorted_by(|one, next| one.time >= next.time));
        assert!(map.blocks.iter().any(|block| !block.messages.is_empty()));
        let oldest = map.blocks.last().unwrap();
        assert!(oldest.tokens.iter().all(|one| one.yes > map.threshold + one.no && one.range.len() == 8));
        let committed = oldest.holders.iter().filter(|one| one.1 == Stand::Committed).count();
        assert!(committed > 8, "{oldest:?}");
        assert!(map.disputed.is_empty() && map.waiting.is_empty());
    }

    #[test]
    fn a_peer_says_why_its_blocks_wait() {
        let run = run(&["load.forged_share=1"], 30);
        let chosen = layers(run.world()).find(|(_, layer)| !layer.pool().is_empty()).unwrap().0;
        let map = map(run.world(), Some(chosen)).unwrap();
        assert!(!map.waiting.is_empty());
        assert!(map.waiting.iter().all(|wait| matches!(wait.cause, WaitCause::Lost | WaitCause::TokenVotes)));
        assert!(map.blocks.iter().flat_map(|block| &block.holders).any(|one| one.1 == Stand::Refuses));
    }
}
