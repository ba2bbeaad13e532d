//! Clients: they own tokens, make blocks and submit them through peers.
//!
//! Clients are no peers. They share one random stream, know the keys of their tokens, and never spend a token
//! twice unless the load demands conflicts.

use super::{Observer, World};
use crate::base::digest::{Digest, Tag};
use crate::base::id::{BlockId, PeerId, TokenId};
use crate::base::ratio::Ratio;
use crate::base::rng::{Purpose, Rng};
use crate::base::sort;
use crate::base::time::Round;
use crate::protocol::block::content::{TOKENS_MAX, genesis_key};
use crate::protocol::block::{Block, Part};
use crate::protocol::token::Rank;
use crate::sim::host::Host;
use crate::stack::consensus::event::Fact;

/// Hosts to each side of a position that are concerned by a block.
const SIDE: usize = 4;
/// Tokens that clients remember to have spent; beyond that, no more blocks are made.
const SPENT_MAX: usize = 1 << 20;
/// Pairs of conflicting blocks that are remembered, the latest ones.
const CONFLICTS_MAX: usize = 1 << 14;
/// Rounds after which the tokens of a block may be spent again.
const REST_ROUNDS: u64 = 50;
/// Draws for a token that has not been spent.
const DRAWS: usize = 32;

/// All clients of a world.
#[derive(Clone, Debug)]
pub struct Clients {
    rng: Rng,
    /// Spent tokens with the block that spent them last, in ascending order of token.
    spent: Vec<Spent>,
    /// Pairs of conflicting blocks.
    conflicts: Vec<[BlockId; 2]>,
    /// Blocks submitted.
    submitted: u64,
}

#[derive(Clone, Copy, Debug)]
struct Spent {
    token: TokenId,
    block: BlockId,
    key: u64,
    round: Round,
}

/// What a block is to be like.
#[derive(Clone, Copy, Debug)]
struct Demand {
    tokens: usize,
    versions: u32,
    respends: bool,
    creates: bool,
    is_forged: bool,
}

impl Clients {
    fn new(seed: u64) -> Self {
        Self {
            rng: Rng::stream(seed, Purpose::Load, 0),
            spent: Vec::new(),
            conflicts: Vec::new(),
            submitted: 0,
        }
    }

    /// Blocks submitted.
    #[must_use]
    pub const fn submitted(&self) -> u64 {
        self.submitted
    }

    /// Pairs of conflicting blocks, the latest ones.
    #[must_use]
    pub fn conflicts(&self) -> &[[BlockId; 2]] {
        &self.conflicts
    }

    fn find(&self, token: TokenId) -> Result<usize, usize> {
        self.spent.binary_search_by_key(&token, |one| one.token)
    }

    fn spend(&mut self, spent: Spent) {
        match self.find(spent.token) {
            Ok(index) => self.spent[index] = spent,
            Err(index) => self.spent.insert(index, spent),
        }
    }

    pub(super) fn digest(&self, digest: &mut Digest) {
        digest.section(Tag::Clients);
        digest.number(self.rng.state());
        digest.number(self.submitted);
        digest.length(self.spent.len());
    }
}

impl World {
    /// Clients of the world; `None` before their first block.
    #[must_use]
    pub fn clients(&self) -> Option<&Clients> {
        self.clients.as_deref()
    }

    /// Whether clients may submit blocks.
    pub(super) const fn has_load(&self) -> bool {
        self.config.consensus.enabled && self.config.load.blocks_per_1000_rounds > 0
    }

    /// Lets clients submit the blocks of a round, before the turns.
    pub(super) fn submit_load(&mut self, observer: &mut impl Observer) {
        let (load, now) = (self.config.load, self.clock().round(self.now).0);
        let is_over = load.until_round.is_some_and(|end| now >= u64::from(end.get()));
        if !self.has_load() || now < u64::from(load.from_round) || is_over {
            return;
        }
        let until = |round: u64| round * u64::from(load.blocks_per_1000_rounds) / 1_000;
        for _ in until(now)..until(now + 1) {
            let mut clients = self.take_clients();
            let mut draw = |share: Ratio| clients.rng.chance(share);
            let demand = Demand {
                tokens: load.tokens as usize,
                versions: 1 + u32::from(draw(load.conflict_share)),
                respends: draw(load.respend_share),
                creates: draw(load.create_share),
                is_forged: draw(load.forged_share),
            };
            self.clients = Some(clients);
            self.submit_block(demand, None, observer);
        }
    }

    /// Lets a client submit a block through a peer; its further versions go through others.
    pub(super) fn submit(&mut self, index: usize, tokens: u32, versions: u32, observer: &mut impl Observer) {
        let tokens = tokens as usize;
        let demand = Demand { tokens, versions, respends: false, creates: false, is_forged: false };
        self.submit_block(demand, Some(index), observer);
    }

    #[expect(clippy::unnecessary_box_returns, reason = "the box is moved back")]
    fn take_clients(&mut self) -> Box<Clients> {
        let seed = self.seed;
        self.clients.take().unwrap_or_else(|| Box::new(Clients::new(seed)))
    }

    fn submit_block(&mut self, demand: Demand, entry: Option<usize>, observer: &mut impl Observer) {
        let mut clients = self.take_clients();
        let blocks = self.make_blocks(&mut clients, demand);
        let entries: Vec<usize> = blocks.iter().filter_map(|_| self.some_running(&mut clients.rng)).collect();
        self.clients = Some(clients);
        for (version, (block, drawn)) in blocks.into_iter().zip(entries).enumerate() {
            let entry = entry.filter(|_| version == 0).unwrap_or(drawn);
            self.state_concerned(&block, observer);
            let mut outbox = super::Outboxes::default();
            let mut service = self.service(entry..entry + 1, &mut outbox, observer);
            service.with_layers(0, |layers, resources| layers.submit(resources, block));
        }
    }

    /// A running host, uniformly random if every second one runs.
    fn some_running(&self, rng: &mut Rng) -> Option<usize> {
        let start = rng.index(self.hosts.len())?;
        let around = (start..self.hosts.len()).chain(0..start);
        around.into_iter().find(|index| self.hosts[*index].is_running())
    }

    /// Versions of a block that conflict with each other; none if there is no token to be spent.
    fn make_blocks(&self, clients: &mut Clients, demand: Demand) -> Vec<Block> {
        let now = self.clock().round(self.now);
        let tokens = self.choose_tokens(clients, demand, now);
        if tokens.is_empty() || clients.spent.len() + TOKENS_MAX > SPENT_MAX {
            return Vec::new();
        }
        let versions = (0..demand.versions).map(|_| {
            let parts = tokens.iter().map(|(token, last, key)| Part {
                token: *token,
                last: *last,
                key: clients.rng.number(),
                signature: last.map(|_| if demand.is_forged { !*key } else { *key }),
            });
            Block::new(now, parts.collect())
        });
        let blocks: Vec<Block> = versions.collect();
        clients.submitted += blocks.len() as u64;
        if let Some(winner) = blocks.iter().max_by_key(|block| block.id).filter(|_| !demand.is_forged) {
            for part in &winner.parts {
                clients.spend(Spent { token: part.token, block: winner.id, key: part.key, round: now });
            }
        }
        let room = CONFLICTS_MAX.saturating_sub(clients.conflicts.len());
        clients.conflicts.extend(blocks.windows(2).take(room).map(|pair| [pair[0].id, pair[1].id]));
        blocks
    }

    /// Tokens with the blocks that they map to and the keys of those.
    fn choose_tokens(
        &self,
        clients: &mut Clients,
        demand: Demand,
        now: Round,
    ) -> Vec<(TokenId, Option<BlockId>, u64)> {
        let mut chosen: Vec<(TokenId, Option<BlockId>, u64)> = Vec::new();
        for _ in 0..demand.tokens * DRAWS {
            if chosen.len() == demand.tokens {
                break;
            }
            let found = if demand.respends {
                let index = clients.rng.index(clients.spent.len());
                let spent = index.map(|index| clients.spent[index]);
                spent
                    .filter(|spent| now.since(spent.round) >= REST_ROUNDS)
                    .map(|spent| (spent.token, Some(spent.block), spent.key))
            } else if demand.creates {
                Some((TokenId::new(clients.rng.number()), None, 0))
            } else {
                self.draw_original(clients)
            };
            if let Some(found) = found.filter(|found| chosen.iter().all(|one| one.0 != found.0)) {
                chosen.push(found);
            }
        }
        chosen
    }

    /// A token that no client has spent.
    fn draw_original(&self, clients: &mut Clients) -> Option<(TokenId, Option<BlockId>, u64)> {
        let count = self.universe.len();
        let rank = (count > 0).then(|| Rank(clients.rng.below(count)))?;
        let mapping = self.universe.mapping(rank);
        let is_fresh = clients.find(mapping.token).is_err();
        is_fresh.then(|| (mapping.token, Some(mapping.block), genesis_key(mapping.block)))
    }

    /// States which hosts are concerned by a block now: those around its tokens that store them, and those
    /// around its id.
    fn state_concerned(&self, block: &Block, observer: &mut impl Observer) {
        let round = self.clock().round(self.now);
        let mut concerned: Vec<PeerId> =
            self.around(block.id.get()).into_iter().map(|index| self.hosts[index].id()).collect();
        for part in &block.parts {
            let stores = |host: &&Host| {
                let rank = self.universe.rank_of(part.token);
                rank.is_none_or(|rank| host.token_set().holds(rank))
            };
            let near = self.around(part.token.get()).into_iter().map(|index| &self.hosts[index]);
            concerned.extend(near.filter(stores).map(Host::id));
        }
        sort::sort_by_key(&mut concerned, |one| *one);
        concerned.dedup();
        for host in concerned {
            observer.on_event(round, host, Fact::Concerned.of(block.id).into());
        }
    }

    /// The running hosts nearest to a position, to each side.
    fn around(&self, position: u64) -> Vec<usize> {
        let count = self.hosts.len();
        let start = self.hosts.partition_point(|host| host.id().get() < position);
        let above = (start..start + count).map(|index| index % count.max(1));
        let below = (0..count).map(|step| (start + count - 1 - step) % count.max(1));
        let runs = |index: &usize| self.hosts[*index].is_running();
        let mut found: Vec<usize> =
            above.filter(runs).take(SIDE).chain(below.filter(runs).take(SIDE)).collect();
        sort::sort_by_key(&mut found, |one| *one);
        found.dedup();
        found
    }
}
