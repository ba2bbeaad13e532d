//! Certificates: a collector gathers signed votes, and hands all of them to those that have voted.
//!
//! ```text
//! collector -- Proposal --> relays --> first owner -- Proposal --> its range
//! collector <-------------- Vote ------------------------------- owners, witnesses
//! collector -- Certificate --------------------------------------> all of them
//! ```
//!
//! An owner counts for its own token only voters of the range that it sees itself, so that a collector
//! decides nothing. For tokens of others it cannot know the range: it counts voters as near to the token as
//! its own neighbours would let it expect. Votes are locked, and change only once a certificate shows that
//! their block can never have a majority.

use std::sync::Arc as Shared;

use super::Consensus;
use super::event::Fact;
use super::message::{BlockMessage, Votes};
use super::pool::{Collection, EntryState, PoolEntry};
use super::send;
use crate::base::id::{BlockId, PeerId};
use crate::base::mutant::mutant;
use crate::base::ring;
use crate::base::rng::mix;
use crate::base::sort;
use crate::config::TrustRule;
use crate::protocol::block::Block;
use crate::protocol::block::ballot::{Ballot, FULL, Role, Roles, VoteCount};
use crate::stack::context::HostContext;

/// How much farther from a token than the own range reaches its voters may be.
const TOLERANCE: u64 = 4;
/// Further ways that later attempts take.
const WAYS_MAX: usize = 3;
/// Announcements after which their pause no longer doubles.
const DOUBLINGS_MAX: u8 = 5;
/// Rounds over which owners that take over are spread.
const STAGGER: u64 = 16;

/// A proposal: whose it is, and the number of the attempt.
#[derive(Clone, Copy, Debug)]
pub(super) struct Call {
    /// Peer that the votes go to.
    pub(super) collector: PeerId,
    /// From 1 on.
    pub(super) attempt: u8,
}

impl Consensus {
    /// Roles that the collected votes decide, as far as this peer can judge.
    pub(super) fn certified(
        &self,
        cx: &HostContext<'_>,
        entry: &PoolEntry,
        block: &Block,
        own: Ballot,
    ) -> Roles {
        let is_decided = |role: &Role| {
            let (count, range) = self.signed(cx, entry, block, *role, own);
            let threshold = cx.config.consensus.threshold;
            // Peers that have committed were certain when they did, as on the other side of a partition.
            let is_common = || {
                count.is_certain(range, threshold)
                    || self.attesters(cx, entry, Self::key(block, *role)) > threshold as usize
            };
            let is_decided =
                || count.is_closed(*role, threshold, false) && (*role == Role::WITNESS || is_common());
            mutant!(CertificateUncounted: is_decided() => true)
        };
        Role::all(block.parts.len()).filter(is_decided).fold(0, |roles, role| roles | role.bit())
    }

    /// Count of the signed votes on a role, and the size of its range: by the own view for a token that this
    /// peer owns, else of all voters that are near enough.
    fn signed(
        &self,
        cx: &HostContext<'_>,
        entry: &PoolEntry,
        block: &Block,
        role: Role,
        own: Ballot,
    ) -> (VoteCount, usize) {
        let key = Self::key(block, role);
        let is_own = role.index().is_some_and(|index| self.is_owner(cx, &block.parts[index]));
        if is_own {
            let range = self.view.range(cx, key);
            return (Self::count(cx, entry, role, key, &range, own), range.len());
        }
        self.nearest(cx, entry, role, key, own)
    }

    /// Count of the votes on a role by the voters that are nearest to its key, trusted or not, and the size
    /// of its range.
    fn nearest(
        &self,
        cx: &HostContext<'_>,
        entry: &PoolEntry,
        role: Role,
        key: u64,
        own: Ballot,
    ) -> (VoteCount, usize) {
        let range = self.view.range(cx, key).len();
        let reach = self.expected_reach(cx);
        let voters = entry.votes.iter().filter(|vote| vote.0 != cx.host).copied();
        let mut near: Vec<(u64, PeerId, Ballot)> = voters
            .chain([(cx.host, own)])
            .filter(|(_, ballot)| ballot.sign(role) != 0 || ballot.passes(role))
            .map(|(peer, ballot)| (ring::distance(peer.get(), key), peer, ballot))
            .filter(|(distance, ..)| *distance <= reach)
            .collect();
        // No more voters than a range has: others, farther from the token, must not outweigh them.
        sort::sort_by_key(&mut near, |(distance, peer, _)| (*distance, *peer));
        let mut count = VoteCount::default();
        near.iter().take(range).for_each(|(.., ballot)| count.add(*ballot, role, FULL));
        (count, range)
    }

    /// Distance at which voters of a foreign token are still likely: some times that of the own range.
    fn expected_reach(&self, cx: &HostContext<'_>) -> u64 {
        if cx.config.consensus.trust == TrustRule::Anybody {
            return u64::MAX;
        }
        let range = self.view.range(cx, cx.host.get());
        let farthest = range.iter().map(|peer| ring::distance(peer.get(), cx.host.get())).max();
        farthest.unwrap_or(u64::MAX).saturating_mul(TOLERANCE)
    }

    /// Becomes the collector of a block, and proposes it.
    pub(super) fn take_over(&mut self, cx: &mut HostContext<'_>, id: BlockId) {
        let Some(entry) = self.pool.get_mut(id) else { return };
        entry.asked_at = cx.now.round;
        self.propose(cx, id);
        if let Some(entry) = self.pool.get_mut(id) {
            entry.expect_result();
        }
        self.vote(cx, id);
        self.time(cx);
    }

    /// Proposes a block towards every role that is open.
    fn propose(&mut self, cx: &mut HostContext<'_>, id: BlockId) {
        let Some(entry) = self.pool.get(id) else { return };
        let Some(block) = entry.block.clone() else { return };
        let open = Role::all(block.parts.len()).filter(|role| entry.closed & role.bit() == 0);
        let roles = open.fold(0, |roles, role| roles | role.bit());
        let call = Call { collector: cx.host, attempt: entry.attempt(cx.host).saturating_add(1) };
        self.forward(cx, cx.host, &block, call, roles);
        let is_noted = |entry: &&mut PoolEntry| entry.attempt(cx.host) > 0;
        if let Some(entry) = self.pool.get_mut(id).filter(is_noted)
            && entry.collection == Collection::Elsewhere
        {
            entry.collection = Collection::Waiting;
        }
    }

    /// A proposal arrives: it is sent on towards its roles, and voted on.
    pub(super) fn on_proposal(
        &mut self,
        cx: &mut HostContext<'_>,
        from: PeerId,
        block: &Shared<Block>,
        call: Call,
        roles: Roles,
    ) {
        if let Some(votes) = self.store.certificate(block.id) {
            // The first proposal may still be on its way although the block is decided.
            if call.attempt > 1 {
                let votes = Shared::clone(votes);
                send(cx, call.collector, BlockMessage::Certificate { block: block.id, votes });
                self.show_commit(cx, call.collector, block.id);
            }
            return;
        }
        if self.learn_quietly(cx, block) {
            self.forward(cx, from, block, call, roles);
            self.vote(cx, block.id);
        }
    }

    /// Sends a proposal on, once for each role and attempt.
    fn forward(
        &mut self,
        cx: &mut HostContext<'_>,
        from: PeerId,
        block: &Shared<Block>,
        call: Call,
        roles: Roles,
    ) {
        let Some(entry) = self.pool.get_mut(block.id) else { return };
        let new = entry.propose(cx.now.round, call.collector, call.attempt, roles);
        let Call { collector, attempt } = call;
        let mut mail: Vec<(PeerId, Roles)> = Vec::new();
        for role in Role::all(block.parts.len()).filter(|role| new & role.bit() != 0) {
            for peer in self.next_hops(cx, Self::key(block, role), from, attempt) {
                match mail.iter_mut().find(|one| one.0 == peer) {
                    Some(one) => one.1 |= role.bit(),
                    None => mail.push((peer, role.bit())),
                }
            }
        }
        for (peer, roles) in mail.into_iter().filter(|one| one.0 != collector && one.0 != from) {
            send(cx, peer, BlockMessage::Proposal { block: Shared::clone(block), collector, attempt, roles });
        }
    }

    /// Next receivers of a proposal: the whole range by the first peer of it, else the nearest known to the
    /// key, Connected or not: they carry the block, and are not trusted with it. Later attempts take more
    /// ways.
    fn next_hops(&self, cx: &HostContext<'_>, key: u64, from: PeerId, attempt: u8) -> Vec<PeerId> {
        if self.is_in_range(cx, key) {
            let mut range = self.view.range(cx, key);
            // Another peer of the range has told all of it.
            let is_told = from != cx.host && range.contains(&from);
            range.retain(|peer| !is_told && *peer != cx.host);
            return range.to_vec();
        }
        let own = ring::distance(cx.host.get(), key);
        let first = if from == cx.host { cx.config.consensus.fanout as usize } else { 1 };
        let ways = first + usize::from(attempt.saturating_sub(1)).min(WAYS_MAX);
        let known = cx.peers.nearest(key, ways + 1, true);
        let nearer = known.into_iter().filter(|peer| ring::distance(peer.get(), key) < own);
        nearer.filter(|peer| *peer != from).take(ways).collect()
    }

    /// Votes, if there is something new to say.
    pub(super) fn vote(&mut self, cx: &mut HostContext<'_>, id: BlockId) {
        let Some(entry) = self.pool.get(id) else { return };
        let Some(block) = entry.block.clone() else { return };
        let found = self.evaluate(cx, entry, &block);
        let Some(entry) = self.pool.get_mut(id) else { return };
        (entry.ballot, entry.closed, entry.cast) = (found.ballot, found.closed, found.cast);
        entry.missing = found.missing;
        for index in 0..entry.collectors.len() {
            let collector = entry.collectors[index].peer;
            let is_news = entry.told(collector).unwrap_or_default() != found.ballot;
            entry.tell(collector, found.ballot);
            if collector == cx.host {
                entry.expect_result();
                if found.ballot != super::SILENT {
                    entry.vote(cx.host, found.ballot);
                }
            } else if is_news {
                send(cx, collector, BlockMessage::Vote { block: id, ballot: found.ballot, wants: 0 });
            }
        }
    }

    /// A signed vote arrives at a collector.
    pub(super) fn on_signed_vote(
        &mut self,
        cx: &mut HostContext<'_>,
        from: PeerId,
        id: BlockId,
        ballot: Ballot,
    ) {
        self.record(cx, from, id, ballot);
        if let Some(entry) = self.pool.get_mut(id) {
            entry.expect_result();
        }
    }

    /// What a peer does each round: it looks at the votes that have come, and repeats what had no result.
    /// Blocks that it has only passed on need nothing of it.
    pub(super) fn collect(&mut self, cx: &mut HostContext<'_>) {
        let patience = u64::from(cx.config.consensus.patience_rounds);
        let round = cx.now.round;
        let collects = |entry: &PoolEntry| entry.collection != Collection::Elsewhere;
        let needs_something = |entry: &PoolEntry| {
            let is_late = patience > 0 && round.since(entry.heard) == patience;
            let is_incomplete = entry.block.is_none() || entry.missing.is_some();
            let is_pending = entry.state == EntryState::Pending;
            is_pending && (entry.is_own || collects(entry) || is_incomplete || is_late)
        };
        let mut latest = None;
        while let Some(id) = self.pool.next(latest, needs_something) {
            latest = Some(id);
            self.fetch_missing(cx, id);
            if self.pool.get(id).is_some_and(collects) {
                self.conclude(cx, id);
            } else {
                self.wait_for_collector(cx, id);
            }
        }
    }

    fn wait_for_collector(&mut self, cx: &mut HostContext<'_>, id: BlockId) {
        let Some(entry) = self.pool.get(id) else { return };
        let rules = cx.config.consensus;
        let age = cx.now.round.since(entry.heard);
        let patience = u64::from(rules.takeover_rounds) + mix(cx.host.get() ^ id.get()) % STAGGER;
        // A proposal of another collector starts the wait again.
        let is_silent = cx.now.round.since(entry.asked_at) >= patience;
        if is_silent && entry.is_own && !entry.is_hopeless {
            self.take_over(cx, id);
        } else if rules.patience_rounds > 0 && age == u64::from(rules.patience_rounds) {
            self.vote(cx, id);
        }
    }

    /// Looks at the votes that have come: sends a certificate if they decide, or can never do so.
    fn conclude(&mut self, cx: &mut HostContext<'_>, id: BlockId) {
        let interval = u64::from(cx.config.consensus.follow_up_rounds);
        let Some(entry) = self.pool.get_mut(id) else { return };
        let is_due = entry.collection == Collection::Due;
        entry.collection = Collection::Waiting;
        // Each further attempt waits longer, and each further announcement twice as long.
        let pause =
            (interval * u64::from(entry.attempt(cx.host)).max(1)) << entry.announced.min(DOUBLINGS_MAX);
        let is_late = cx.now.round.since(entry.asked_at) >= pause;
        if is_due {
            self.vote(cx, id);
        }
        let Some(entry) = self.pool.get_mut(id) else { return };
        entry.collection = Collection::Waiting;
        let Some(block) = entry.block.clone() else { return };
        if is_due && is_decided(entry, &block) {
            self.certify(cx, &block);
            self.commit(cx, &block);
        } else if (is_due || is_late) && self.is_hopeless(cx, id, &block) {
            self.announce(cx, &block, is_late);
        } else if is_late && let Some(entry) = self.pool.get_mut(id).filter(|entry| !entry.is_hopeless) {
            entry.asked_at = cx.now.round;
            self.propose(cx, id);
        }
    }

    /// Shows to the voters of a block that it can never be approved, and again later, when more votes have
    /// changed. They may turn to a rival; whether they do is for them to judge, who know the rivals.
    fn announce(&mut self, cx: &mut HostContext<'_>, block: &Block, is_late: bool) {
        let Some(entry) = self.pool.get_mut(block.id) else { return };
        if entry.announced == 0 || is_late {
            entry.announced = entry.announced.saturating_add(1);
            entry.asked_at = cx.now.round;
            self.certify(cx, block);
        }
    }

    /// Whether the votes show that a role can never be approved: neither by the range that this peer sees nor
    /// by the nearest voters, in whose eyes the range may be another one at its ends.
    fn is_hopeless(&self, cx: &HostContext<'_>, id: BlockId, block: &Block) -> bool {
        let Some(entry) = self.pool.get(id) else { return false };
        let threshold = cx.config.consensus.threshold;
        let is_lost = |role: Role| {
            let seen = self.signed(cx, entry, block, role, entry.ballot);
            let nearest = self.nearest(cx, entry, role, Self::key(block, role), entry.ballot);
            role != Role::WITNESS
                && [seen, nearest].iter().all(|(count, range)| count.is_hopeless(*range, threshold))
        };
        cx.config.consensus.locked_votes && Role::all(block.parts.len()).any(is_lost)
    }

    /// Hands all votes to all voters.
    fn certify(&self, cx: &mut HostContext<'_>, block: &Block) {
        let Some(entry) = self.pool.get(block.id) else { return };
        let votes: Votes = entry.votes.as_slice().into();
        let me = cx.host;
        for (peer, _) in votes.iter().filter(|vote| vote.0 != me) {
            send(cx, *peer, BlockMessage::Certificate { block: block.id, votes: Shared::clone(&votes) });
        }
    }

    /// A certificate arrives.
    pub(super) fn on_certificate(
        &mut self,
        cx: &mut HostContext<'_>,
        from: PeerId,
        id: BlockId,
        votes: &Votes,
    ) {
        let Some(entry) = self.pool.get_mut(id) else { return };
        // Its collector is at work.
        entry.asked_at = cx.now.round;
        for (peer, ballot) in votes.iter().filter(|vote| vote.0 != cx.host) {
            entry.vote(*peer, *ballot);
        }
        let Some(block) = entry.block.clone() else {
            self.fetch(cx, id, from);
            return;
        };
        if !self.settle(cx, id) && self.is_hopeless(cx, id, &block) {
            self.give_up(cx, id);
        }
    }

    /// Votes, and commits a block that is decided, unless this peer collects: then it concludes at the end of
    /// the round.
    pub(super) fn settle(&mut self, cx: &mut HostContext<'_>, id: BlockId) -> bool {
        self.vote(cx, id);
        let Some(entry) = self.pool.get(id) else { return false };
        let Some(block) = entry.block.clone() else { return false };
        let is_refused = refused(entry, &block) != 0;
        let is_decided = is_decided(entry, &block) || self.is_attested(cx, entry, &block);
        let wins_elsewhere = self.wins_elsewhere(cx, entry, &block);
        if wins_elsewhere {
            self.accept_winner(cx, &block);
        } else if is_decided && entry.attempt(cx.host) == 0 {
            self.commit(cx, &block);
        } else if is_refused {
            self.block(cx, &block);
        }
        is_decided || wins_elsewhere
    }

    /// Whether owners of every token that this peer follows have committed a block. Their votes alone do not
    /// show it: another token of the block, of which a follower knows nothing, may be refused.
    fn is_attested(&self, cx: &HostContext<'_>, entry: &PoolEntry, block: &Block) -> bool {
        let Some(followed) = self.followed(cx, block).filter(|_| entry.missing.is_none()) else {
            return false;
        };
        let is_committed = |role: Role| {
            self.attesters(cx, entry, Self::key(block, role)) > cx.config.consensus.threshold as usize
        };
        let tokens = Role::all(block.parts.len()).filter(|role| followed & role.bit() != 0);
        entry.closed & followed == followed && { tokens }.all(is_committed)
    }

    /// Trusted peers of a range whose chains show that they have committed a block.
    fn attesters(&self, cx: &HostContext<'_>, entry: &PoolEntry, key: u64) -> usize {
        self.view.range(cx, key).iter().filter(|peer| entry.is_attested(**peer)).count()
    }

    /// Gives up a block that can never be approved: locked votes go to the rival with the highest id,
    /// which is never given up.
    fn give_up(&mut self, cx: &mut HostContext<'_>, id: BlockId) {
        let Some(entry) = self.pool.get_mut(id) else { return };
        let is_highest = entry.rivals.iter().all(|rival| *rival < id);
        if entry.is_hopeless || is_highest {
            return;
        }
        entry.is_hopeless = true;
        entry.cast = 0;
        entry.state = EntryState::Blocked;
        let rivals = entry.rivals.clone();
        cx.report(Fact::Blocked.of(id));
        self.vote(cx, id);
        rivals.into_iter().for_each(|rival| self.vote(cx, rival));
    }
}

/// Roles of a block that a peer refuses.
fn refused(entry: &PoolEntry, block: &Block) -> Roles {
    entry.ballot.no & !entry.ballot.yes & Role::set(block.parts.len())
}

/// Whether all roles of a block are decided at a peer that refuses none of them.
fn is_decided(entry: &PoolEntry, block: &Block) -> bool {
    let all = Role::set(block.parts.len());
    entry.closed & all == all && entry.missing.is_none() && refused(entry, block) == 0
}
