//! Heads of chains in Answers: commits that this peer lacks, and contradictions.

use std::collections::VecDeque;

use super::event::Fact;
use super::message::BlockMessage;
use super::{Consensus, send};
use crate::base::digest::Digest;
use crate::base::id::{BlockId, PeerId};
use crate::protocol::block::chain::{Head, Link, contradict};
use crate::protocol::block::{Ballot, Block};
use crate::stack::context::HostContext;

/// Heads of other peers that are remembered, those heard of last.
const HEADS_MAX: usize = 256;
/// Links to be asked for.
const QUEUE_MAX: usize = 256;
/// Peers whose heads contradict each other.
const FRAUDS_MAX: usize = 256;
/// Blocks that are remembered to be of no concern.
const FOREIGN_MAX: usize = 1_024;

/// What a peer knows of the chains of others.
#[derive(Clone, Debug, Default)]
pub(super) struct Heads {
    /// Whether the own head was stated since the last commit.
    is_stated: bool,
    /// Heads of others, the latest statement last.
    known: Vec<(PeerId, Head)>,
    /// Links to be asked for: peer, id, and links that may follow.
    links: Vec<(PeerId, u64, u32)>,
    /// Committed blocks without a token that this peer stores, the latest ones.
    foreign: VecDeque<BlockId>,
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
    fn note(&mut self, peer: PeerId, head: Head) -> Option<Head> {
        let former = self.known.iter().position(|one| one.0 == peer).map(|index| self.known.remove(index).1);
        if self.known.len() == HEADS_MAX {
            self.known.remove(0);
        }
        self.known.push((peer, head));
        former
    }

    pub(super) fn digest(&self, digest: &mut Digest) {
        digest.number(u64::from(self.is_stated));
        digest.length(self.known.len());
        for (peer, head) in &self.known {
            digest.number(peer.get());
            digest.number(head.id);
        }
        digest.length(self.links.len());
        self.links.iter().for_each(|link| digest.number(link.0.get() ^ link.1));
        digest.length(self.foreign.len());
        self.foreign.iter().for_each(|block| digest.number(block.get()));
        digest.length(self.frauds.len());
    }
}

impl Consensus {
    /// The head of another peer's chain comes with an Answer.
    pub(super) fn on_head(&mut self, cx: &mut HostContext<'_>, from: PeerId, head: Head) {
        let former = self.heads.note(from, head);
        if former.is_some_and(|former| contradict(former, head)) && !self.heads.is_fraudulent(from) {
            cx.report(Fact::Contradicted.of(BlockId::new(head.id)));
            if self.heads.frauds.len() < FRAUDS_MAX {
                self.heads.frauds.push(from);
            }
        }
        let is_new = former.is_none_or(|former| former.id != head.id);
        let depth = cx.config.consensus.heads_traced;
        if is_new && depth > 0 && self.heads.links.len() < QUEUE_MAX {
            let unseen = former.map_or(depth, |former| head.height.saturating_sub(former.height));
            self.heads.links.push((from, head.id, depth.min(unseen.max(1))));
            self.time(cx);
        }
    }

    /// Asks for links that are lacking.
    pub(super) fn trace_heads(&mut self, cx: &mut HostContext<'_>) {
        for (peer, id, _) in &self.heads.links {
            send(cx, *peer, BlockMessage::QueryLink { id: *id });
        }
        // Links that do not come are given up: the next Answer states a head again.
        self.heads.links.retain(|link| link.2 > 1);
        self.heads.links.iter_mut().for_each(|link| link.2 -= 1);
    }

    /// A request for a link arrives.
    pub(super) fn on_query_link(&self, cx: &mut HostContext<'_>, from: PeerId, id: u64) {
        if let Some(link) = self.chain.link(id) {
            send(cx, from, BlockMessage::Link(Box::new(link.clone())));
        }
    }

    /// A link arrives: it attests commits of its sender, and its predecessor is asked for if it was new.
    pub(super) fn on_link(&mut self, cx: &mut HostContext<'_>, from: PeerId, link: &Link) {
        let asked = self.heads.links.iter().position(|one| one.0 == from && one.1 == link.head.id);
        let Some(asked) = asked.filter(|_| link.is_genuine()) else { return };
        let (_, _, left) = self.heads.links.remove(asked);
        let mut is_new = false;
        for block in &link.blocks {
            if self.store.get(*block).is_none() && !self.heads.foreign.contains(block) {
                is_new = true;
                self.attest(cx, from, *block);
            }
        }
        if let Some(previous) = link.previous.filter(|_| is_new && left > 1) {
            self.heads.links.push((from, previous, left - 1));
        }
        self.time(cx);
    }

    /// Takes a commit of another peer for its vote, and asks for the block if it is unknown.
    fn attest(&mut self, cx: &mut HostContext<'_>, from: PeerId, id: BlockId) {
        if self.pool.get(id).is_none() {
            self.open(cx, id);
        }
        self.record(cx, from, id, Ballot::COMMITTED);
        if self.pool.get(id).is_some_and(|entry| entry.block.is_none()) {
            self.fetch(cx, id, from);
        }
        self.advance(cx, id);
    }

    /// Drops a block that other peers have committed and that is of no concern here.
    pub(super) fn ignore_foreign(&mut self, cx: &HostContext<'_>, block: &Block) {
        let is_stored = block.parts.iter().any(|part| cx.storage.covers(part.token));
        let is_asked = self.pool.get(block.id).is_some_and(|entry| entry.needed != 0);
        if !is_stored && !is_asked && cx.config.consensus.heads {
            self.pool.remove(block.id);
            if self.heads.foreign.len() == FOREIGN_MAX {
                self.heads.foreign.pop_front();
            }
            self.heads.foreign.push_back(block.id);
        }
    }
}
