//! Heads of chains in Answers: commits that this peer lacks, and contradictions.

use super::event::Fact;
use super::message::BlockMessage;
use super::{Consensus, send};
use crate::base::digest::Digest;
use crate::base::id::{BlockId, PeerId};
use crate::base::time::Round;
use crate::config::SpreadRule;
use crate::protocol::block::Ballot;
use crate::protocol::block::chain::{ChainLink, Head, contradict};
use crate::stack::context::HostContext;

/// Heads of other peers that are remembered, those heard of last.
const HEADS_MAX: usize = 256;
/// Links to be asked for.
const QUEUE_MAX: usize = 256;
/// Peers whose heads contradict each other.
const FRAUDS_MAX: usize = 256;
/// Rounds after which requests for links are given up, at the latest.
const PATIENCE: u64 = 8;

/// The latest head of another peer.
#[derive(Clone, Copy, Debug)]
struct Known {
    peer: PeerId,
    head: Head,
    /// Height and round of the last request for a link; `None` before the first.
    traced: Option<(u32, Round)>,
}

/// A link that is wanted.
#[derive(Clone, Copy, Debug)]
struct Wanted {
    peer: PeerId,
    id: u64,
    /// Links that may be asked for, this one included.
    left: u32,
    is_asked: bool,
}

/// What a peer knows of the chains of others.
#[derive(Clone, Debug, Default)]
pub(super) struct Heads {
    /// Whether the own head was stated since the last commit.
    is_stated: bool,
    /// Heads of others, the latest statement last.
    known: Vec<Known>,
    /// Links to be asked for, or asked for in the last rounds.
    links: Vec<Wanted>,
    frauds: Vec<PeerId>,
}

impl Heads {
    /// The own head is stated.
    pub(super) const fn state(&mut self, _head: Head) {
        self.is_stated = true;
    }

    /// Whether the own head was stated since the last commit; forgets it.
    pub(super) const fn take_stated(&mut self) -> bool {
        std::mem::replace(&mut self.is_stated, false)
    }

    pub(super) const fn is_idle(&self) -> bool {
        self.links.is_empty()
    }

    /// Whether a peer has signed heads that contradict each other: its votes no longer count.
    pub(super) fn is_fraudulent(&self, peer: PeerId) -> bool {
        self.frauds.contains(&peer)
    }

    /// Notes a head. Returns the former one of the same peer.
    fn note(&mut self, peer: PeerId, head: Head) -> Option<Known> {
        let index = self.known.iter().position(|one| one.peer == peer);
        let former = index.map(|index| self.known.remove(index));
        if self.known.len() == HEADS_MAX {
            self.known.remove(0);
        }
        self.known.push(Known { peer, head, traced: former.and_then(|one| one.traced) });
        former
    }

    pub(super) fn digest(&self, digest: &mut Digest) {
        digest.number(u64::from(self.is_stated));
        digest.length(self.known.len());
        for Known { peer, head, traced } in &self.known {
            digest.number(peer.get());
            digest.number(head.id);
            digest.number(traced.map_or(0, |(height, round)| u64::from(height) << 32 | round.0));
        }
        digest.length(self.links.len());
        self.links.iter().for_each(|link| digest.number(link.peer.get() ^ link.id));
        digest.length(self.frauds.len());
    }
}

impl Consensus {
    /// The head of another peer's chain comes with an Answer. Those of neighbours on the ring are
    /// traced: commits go from neighbour to neighbour to all that store a token.
    pub(super) fn on_head(&mut self, cx: &mut HostContext<'_>, from: PeerId, head: Head) {
        let former = self.heads.note(from, head);
        if former.is_some_and(|former| contradict(former.head, head)) && !self.heads.is_fraudulent(from) {
            cx.report(Fact::Contradicted.of(BlockId::new(head.id)));
            if self.heads.frauds.len() < FRAUDS_MAX {
                self.heads.frauds.push(from);
            }
        }
        let rules = cx.config.consensus;
        let traced = former.and_then(|former| former.traced);
        let unseen = traced.map_or(u32::MAX, |(height, _)| head.height.saturating_sub(height));
        let interval = u64::from(rules.heads_rounds);
        let is_due = traced.is_none_or(|(_, round)| cx.now.round.since(round) >= interval);
        let depth = rules.heads_traced.min(unseen);
        let has_room = self.heads.links.len() < QUEUE_MAX;
        let is_neighbour = self.view.range(cx, cx.host.get()).contains(&from);
        if depth > 0 && is_due && has_room && is_neighbour {
            if let Some(known) = self.heads.known.last_mut() {
                known.traced = Some((head.height, cx.now.round));
            }
            self.heads.links.push(Wanted { peer: from, id: head.id, left: depth, is_asked: false });
            self.time(cx);
        }
    }

    /// Asks for links that are lacking.
    pub(super) fn trace_heads(&mut self, cx: &mut HostContext<'_>) {
        // A link that has not come a few rounds after its request is given up: a later Answer states a head
        // again.
        let is_over = cx.now.round.0.is_multiple_of(PATIENCE);
        self.heads.links.retain(|link| !(link.is_asked && is_over));
        for link in self.heads.links.iter_mut().filter(|link| !link.is_asked) {
            link.is_asked = true;
            send(cx, link.peer, BlockMessage::QueryLink { id: link.id });
        }
    }

    /// A request for a link arrives.
    pub(super) fn on_query_link(&self, cx: &mut HostContext<'_>, from: PeerId, id: u64) {
        if let Some(link) = self.chain.link(id) {
            send(cx, from, BlockMessage::Link(Box::new(link.clone())));
        }
    }

    /// A link arrives: it attests commits of its sender, and its predecessor is asked for if it was new.
    pub(super) fn on_link(&mut self, cx: &mut HostContext<'_>, from: PeerId, link: &ChainLink) {
        let asked = self.heads.links.iter().position(|one| one.peer == from && one.id == link.head.id);
        let Some(asked) = asked.filter(|_| link.is_genuine()) else { return };
        let left = self.heads.links.remove(asked).left;
        let mut is_new = false;
        for commit in &link.blocks {
            let is_stored = commit.tokens.iter().any(|token| cx.storage.covers(*token));
            if is_stored && self.store.get(commit.block).is_none() {
                is_new = true;
                self.attest(cx, from, commit.block);
            }
        }
        if let Some(previous) = link.previous.filter(|_| is_new && left > 1) {
            self.heads.links.push(Wanted { peer: from, id: previous, left: left - 1, is_asked: false });
        }
        self.time(cx);
    }

    /// Takes a commit of another peer for its vote, and asks for the block if it is unknown.
    fn attest(&mut self, cx: &mut HostContext<'_>, from: PeerId, id: BlockId) {
        if !self.view.is_trusted(cx, from) || self.heads.is_fraudulent(from) {
            cx.report(Fact::VoteRefused.of(id));
            return;
        }
        if self.pool.get(id).is_none() {
            self.open(cx, id);
        }
        if let Some(entry) = self.pool.get_mut(id) {
            entry.attest(from);
            if cx.config.consensus.spread != SpreadRule::Certificate {
                entry.vote(from, Ballot::COMMITTED);
            }
            cx.report(Fact::VoteCounted.of(id));
        }
        if self.pool.get(id).is_some_and(|entry| entry.block.is_none()) {
            self.fetch(cx, id, from);
        }
        self.advance(cx, id);
    }
}
