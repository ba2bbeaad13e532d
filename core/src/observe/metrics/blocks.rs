//! Blocks of document 000, phase 4: how many commit, how long that takes, and what it costs.

use std::collections::VecDeque;

use serde::Serialize;

use super::durations::Durations;
use super::{exact, ratio};
use crate::base::id::{BlockId, PeerId};
use crate::base::time::Round;
use crate::observe::block_map::WaitCause;
use crate::observe::block_view;
use crate::observe::metrics::tally::Tally;
use crate::sim::world::World;
use crate::stack::consensus::event::{BlockEvent, COUNTER, Fact};
use crate::stack::consensus::message::kind;
use crate::stack::consensus::sabotage;
use crate::stack::layers::{KINDS_MAX, LayerId, PacketKind};

/// Blocks whose commits are followed, the latest ones.
const FOLLOWED_MAX: usize = 1 << 14;

/// Commits of one block that are remembered.
const COMMITTERS_MAX: usize = 256;

/// Blocks of a run, as people and programs read them.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct BlockMetrics {
    /// Submitted by clients, each version counted.
    pub submitted: u64,
    /// Committed at more than half of the peers concerned: those that store a token, and witnesses.
    pub committed: u64,
    /// Lost against a conflicting block, of those submitted.
    pub blocked: u64,
    /// Undecided longer than `consensus.pool_rounds`, of those submitted.
    pub expired: u64,
    /// Neither of the three yet.
    pub pending: u64,
    /// Rounds from submission until half of the peers concerned had committed.
    pub rounds: RoundMetrics,
    /// Rounds until the first peer had committed.
    pub first: RoundMetrics,
    /// Rounds until all peers concerned had committed.
    pub all: RoundMetrics,
    /// Messages about blocks sent per committed block; `None` before the first.
    pub messages_per_commit: Option<f64>,
    /// The same per message needed: each peer concerned needs the block, and for each token and the witnesses
    /// as many votes as decide.
    pub messages_per_needed: Option<f64>,
    /// Commits at honest peers of blocks that lost elsewhere, or that no client has made.
    pub wrong_commits: u64,
    /// Tokens that honest peers of their range map to two blocks with the same parent now.
    pub two_owners: u64,
    /// Stored mappings given up for a block that won against theirs.
    pub reorganisations: u64,
    /// Votes recorded.
    pub votes_counted: u64,
    /// Votes not recorded, because their sender is not trusted or sent too many.
    pub votes_refused: u64,
    /// Peers convicted of contradicting themselves.
    pub frauds: FraudMetrics,
    /// Messages about blocks sent, by kind.
    pub messages: Vec<KindCount>,
    /// Undecided entries of all pools now, by what they wait for.
    pub waiting: Waiting,
    /// Committed blocks by their number of rounds; the last bin counts all later ones.
    pub latencies: Vec<u64>,
}

/// Convictions of peers whose signatures contradict one another.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct FraudMetrics {
    /// By two heads of one height, each judge counted.
    pub heads: u64,
    /// By an Answer that its own head has overtaken, each judge counted.
    pub answers: u64,
    /// Pairs of an honest peer and a saboteur that it has convicted now, as a share of all; `None` without
    /// saboteurs.
    pub saboteurs: Option<f64>,
    /// Pairs of two honest peers of which one has convicted the other now.
    pub honest: u64,
}

/// Messages of one kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct KindCount {
    /// Name of the kind.
    pub kind: &'static str,
    /// Sent.
    pub sent: u64,
}

/// Quantiles and mean of rounds; `None` before the first value.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct RoundMetrics {
    /// Median.
    pub p50: Option<u64>,
    /// 95th percentile.
    pub p95: Option<u64>,
    /// Mean.
    pub mean: Option<f64>,
}

/// Undecided entries by what they wait for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Waiting {
    /// Content of the block.
    pub block: u64,
    /// A parent.
    pub parent: u64,
    /// Votes on a token.
    pub token_votes: u64,
    /// Votes of witnesses only.
    pub witness_votes: u64,
    /// Nothing: it has lost.
    pub lost: u64,
}

/// Bins of the histogram of rounds.
const BINS: usize = 64;

/// Commits of one block.
#[derive(Clone, Debug)]
struct Followed {
    id: BlockId,
    at: Round,
    concerned: Vec<PeerId>,
    /// Of the peers concerned.
    committed: usize,
    /// The first peers that have committed, at most [`COMMITTERS_MAX`].
    committers: Vec<PeerId>,
    blocked: u64,
    expired: u64,
    is_done: bool,
}

/// What takes more than counting.
#[derive(Clone, Debug, Default)]
pub(super) struct BlockLog {
    /// In the order of their submission.
    followed: VecDeque<Followed>,
    committed: u64,
    /// Needed messages of committed blocks.
    needed: u64,
    half: RoundCounts,
    first: RoundCounts,
    all: RoundCounts,
    latencies: Vec<u64>,
    /// Commits of blocks that no client has made.
    unknown: u64,
    /// Blocks that lost or expired, among those no longer followed.
    gone: (u64, u64),
    /// Messages that other layers have carried, by the number of the kind.
    carried: [u64; KINDS_MAX],
}

#[derive(Clone, Debug, Default)]
struct RoundCounts {
    values: Durations,
    sum: u64,
    count: u64,
}

impl RoundCounts {
    fn note(&mut self, rounds: u64) {
        self.values.count(rounds);
        self.sum += rounds;
        self.count += 1;
    }

    fn metrics(&self) -> RoundMetrics {
        let quantile = |percent| self.values.quantile(percent);
        RoundMetrics { p50: quantile(50), p95: quantile(95), mean: ratio(self.sum, self.count) }
    }
}

impl BlockLog {
    pub(super) fn note(&mut self, now: Round, host: PeerId, event: BlockEvent) {
        let BlockEvent { fact, block } = event;
        match fact {
            Fact::Concerned => self.follow(now, block, host),
            Fact::Committed => self.note_commit(now, host, block),
            Fact::Blocked => _ = self.change(block, |one| one.blocked += 1),
            Fact::Expired => _ = self.change(block, |one| one.expired += 1),
            _ => {}
        }
    }

    /// Notes a message about blocks that another layer carries.
    pub(super) fn note_carried(&mut self, kind: PacketKind) {
        if kind.layer == LayerId::Consensus {
            self.carried[usize::from(kind.number)] += 1;
        }
    }

    fn change(&mut self, block: BlockId, change: impl FnOnce(&mut Followed)) -> bool {
        let found = self.followed.iter_mut().rev().find(|one| one.id == block);
        found.map(change).is_some()
    }

    fn follow(&mut self, now: Round, block: BlockId, host: PeerId) {
        if self.change(block, |one| one.concerned.push(host)) {
            return;
        }
        if self.followed.len() == FOLLOWED_MAX
            && let Some(oldest) = self.followed.pop_front()
        {
            self.gone.0 += u64::from(!oldest.is_done && oldest.blocked > 0);
            self.gone.1 += u64::from(!oldest.is_done && oldest.blocked == 0);
        }
        let concerned = vec![host];
        let new = Followed {
            id: block,
            at: now,
            concerned,
            committed: 0,
            committers: Vec::new(),
            blocked: 0,
            expired: 0,
            is_done: false,
        };
        self.followed.push_back(new);
    }

    fn note_commit(&mut self, now: Round, host: PeerId, block: BlockId) {
        let Some(one) = self.followed.iter_mut().rev().find(|one| one.id == block) else {
            self.unknown += 1;
            return;
        };
        let rounds = now.since(one.at);
        if one.committers.is_empty() {
            self.first.note(rounds);
        }
        if one.committers.len() < COMMITTERS_MAX {
            one.committers.push(host);
        }
        if !one.concerned.contains(&host) {
            return;
        }
        one.committed += 1;
        if one.committed == one.concerned.len() {
            self.all.note(rounds);
        }
        if one.committed * 2 > one.concerned.len() && !one.is_done {
            one.is_done = true;
            self.committed += 1;
            self.half.note(rounds);
            self.latencies.resize(BINS, 0);
            let bin = usize::try_from(rounds).unwrap_or(BINS).min(BINS - 1);
            self.latencies[bin] += 1;
            self.needed += one.concerned.len() as u64;
        }
    }

    /// Commits at honest peers of the losing block of each pair of conflicting ones that honest peers have
    /// both committed.
    fn lost_commits(&self, world: &World) -> u64 {
        let rules = &world.config().consensus;
        let conflicts = world.clients().map_or(&[][..], |clients| clients.conflicts());
        let commits = |id: &BlockId| {
            let found = self.followed.iter().rev().find(|one| one.id == *id);
            let committers = found.map_or(&[][..], |one| &one.committers);
            committers.iter().filter(|peer| sabotage::is_honest(rules, **peer)).count() as u64
        };
        conflicts.iter().map(|pair| commits(&pair[0]).min(commits(&pair[1]))).sum()
    }
}

impl Waiting {
    /// Counts undecided entries of running hosts.
    #[must_use]
    pub fn of(world: &World) -> Self {
        let mut waiting = Self::default();
        if !world.config().consensus.enabled {
            return waiting;
        }
        let running = world.hosts().iter().filter(|host| host.is_running());
        let layers = running.filter_map(|host| host.stack().lower()?.layers.consensus.get());
        for entry in layers.flat_map(|layer| layer.pool().entries()) {
            let count = match WaitCause::of(entry) {
                WaitCause::Lost => &mut waiting.lost,
                WaitCause::Block => &mut waiting.block,
                WaitCause::Parent => &mut waiting.parent,
                WaitCause::TokenVotes => &mut waiting.token_votes,
                WaitCause::WitnessVotes => &mut waiting.witness_votes,
            };
            *count += 1;
        }
        waiting
    }
}

impl BlockMetrics {
    /// Reads a world and what is written down about it; `None` if peers do not vote on blocks.
    pub(super) fn of(world: &World, tally: &Tally, log: &BlockLog) -> Option<Self> {
        let config = world.config();
        if !config.consensus.enabled {
            return None;
        }
        let counters = tally.counters(LayerId::Consensus);
        let count = |counter: u8| counters[usize::from(counter)];
        let submitted = count(COUNTER.submitted);
        let undone = || log.followed.iter().filter(|one| !one.is_done);
        let blocked = log.gone.0 + undone().filter(|one| one.blocked > 0).count() as u64;
        let expired = log.gone.1 + undone().filter(|one| one.blocked == 0 && one.expired > 0).count() as u64;
        let direct = &tally.packets(LayerId::Consensus).sent;
        let sent: [u64; KINDS_MAX] = std::array::from_fn(|kind| direct[kind] + log.carried[kind]);
        let messages = sent.iter().sum::<u64>() - sent[usize::from(kind::ANSWER)];
        let votes = u64::from(config.consensus.threshold) + 1;
        let needed_each = 1 + votes * (u64::from(config.load.tokens) + 1);
        let needed = log.needed * needed_each;
        Some(Self {
            submitted,
            committed: log.committed,
            blocked,
            expired,
            pending: submitted.saturating_sub(log.committed + blocked + expired),
            rounds: log.half.metrics(),
            first: log.first.metrics(),
            all: log.all.metrics(),
            messages_per_commit: ratio(messages, log.committed),
            messages_per_needed: (needed > 0).then(|| exact(messages) / exact(needed)),
            wrong_commits: log.unknown + log.lost_commits(world),
            two_owners: block_view::doubly_owned(world).len() as u64,
            reorganisations: count(COUNTER.reorganisations),
            votes_counted: count(COUNTER.votes_counted),
            votes_refused: count(COUNTER.votes_refused),
            frauds: FraudMetrics::of(world, count(COUNTER.contradictions), count(COUNTER.overtaken)),
            messages: sent_by_kind(&sent),
            waiting: Waiting::of(world),
            latencies: log.latencies.clone(),
        })
    }
}

impl FraudMetrics {
    fn of(world: &World, heads: u64, answers: u64) -> Self {
        let [right, honest, all] = block_view::convictions(world);
        Self { heads, answers, saboteurs: ratio(right, all), honest }
    }
}

fn sent_by_kind(sent: &[u64]) -> Vec<KindCount> {
    let kinds = LayerId::Consensus.info().kinds.iter();
    kinds.zip(sent).map(|(info, sent)| KindCount { kind: info.name, sent: *sent }).collect()
}
