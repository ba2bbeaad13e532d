//! Heads of chains in Answers: commits that this peer lacks, and contradictions.

use super::event::Fact;
use super::message::BlockMessage;
use super::pool::PoolEntry;
use super::{Consensus, send};
use crate::base::digest::Digest;
use crate::base::id::{BlockId, PeerId, TokenId};
use crate::base::mutant::mutant;
use crate::base::rng::mix;
use crate::base::time::Round;
use crate::config::SpreadRule;
use crate::protocol::block::chain::{ChainLink, Head, LINKS_MAX, contradict};
use crate::protocol::block::{Ballot, Block};
use crate::stack::context::HostContext;

/// Heads of other peers that are remembered, those heard of last.
const HEADS_MAX: usize = 256;
/// Links to be asked for.
const QUEUE_MAX: usize = 256;
/// Peers whose heads contradict each other.
const FRAUDS_MAX: usize = 256;
/// Rounds after which requests for links are given up or repeated, at the latest.
const PATIENCE: u64 = 8;
/// Times that a request is made, with `consensus.repair`.
const TRIES_MAX: u8 = 6;
/// Times that each neighbour is told of a head.
const TELLINGS: u32 = 2;
/// Links of one reply.
const REPLY_MAX: u32 = 16;

/// The latest head of another peer.
#[derive(Clone, Copy, Debug)]
struct Known {
    peer: PeerId,
    head: Head,
    /// Height and round of the last request for a link; `None` before the first.
    traced: Option<(u32, Round)>,
    /// Links read without a gap, from the first one on, with `consensus.repair`.
    read: u32,
}

/// A link that is wanted.
#[derive(Clone, Copy, Debug)]
struct Wanted {
    peer: PeerId,
    id: u64,
    /// Links that may be asked for, this one included.
    left: u32,
    is_asked: bool,
    /// Requests without a reply.
    tries: u8,
    /// Links of the chain up to the stated head.
    length: u32,
}

impl Wanted {
    /// The links of a chain up to its head, but for the first ones that were read.
    fn all(peer: PeerId, head: Head, read: u32) -> Self {
        let length = head.height.saturating_add(1);
        let left = length.saturating_sub(read).min(u32::try_from(LINKS_MAX).unwrap_or(u32::MAX));
        Self { peer, id: head.id, left, is_asked: false, tries: 0, length }
    }
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
    /// Neighbours to be told of the own head, one at a time.
    untold: u32,
    /// Peers to be told of it in the next round: a block was taken over that they may not know.
    urgent: Vec<PeerId>,
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
        self.links.is_empty() && self.untold == 0 && self.urgent.is_empty()
    }

    /// Whether a peer has signed heads that contradict each other: its votes no longer count.
    pub(super) fn is_fraudulent(&self, peer: PeerId) -> bool {
        self.frauds.contains(&peer)
    }

    /// Peers that have contradicted themselves.
    pub(super) fn frauds(&self) -> &[PeerId] {
        &self.frauds
    }

    /// Notes that a peer has contradicted itself; `false` if there is no room.
    pub(super) fn convict(&mut self, peer: PeerId) -> bool {
        let has_room = self.frauds.len() < FRAUDS_MAX;
        if has_room {
            self.frauds.push(peer);
        }
        has_room
    }

    /// Notes a head. Returns the former one of the same chain of the same peer.
    fn note(&mut self, peer: PeerId, head: Head) -> Option<Known> {
        let index = self.known.iter().position(|one| one.peer == peer);
        let former = index.map(|index| self.known.remove(index));
        let former = former.filter(|one| one.head.chain == head.chain);
        if self.known.len() == HEADS_MAX {
            self.known.remove(0);
        }
        let (traced, read) = former.map_or((None, 0), |one| (one.traced, one.read));
        self.known.push(Known { peer, head, traced, read });
        former
    }

    /// Notes that a chain has been read up to a length.
    fn finish(&mut self, peer: PeerId, length: u32) {
        if let Some(known) = self.known.iter_mut().find(|one| one.peer == peer) {
            known.read = known.read.max(length);
        }
    }

    /// Reads the chains again that show the commit of a block which is dropped undecided: when their heads
    /// are stated next, or at once if `is_late`.
    pub(super) fn read_again(&mut self, dropped: &PoolEntry, is_late: bool) {
        for known in self.known.iter_mut().filter(|known| dropped.is_attested(known.peer)) {
            known.read = 0;
            let is_read = self.links.iter().any(|link| link.peer == known.peer);
            if is_late && !is_read && self.links.len() < QUEUE_MAX {
                self.links.push(Wanted::all(known.peer, known.head, 0));
            }
        }
    }

    pub(super) fn digest(&self, digest: &mut Digest) {
        digest.number(u64::from(self.is_stated));
        digest.length(self.known.len());
        for Known { peer, head, traced, read } in &self.known {
            digest.number(peer.get());
            digest.number(head.id);
            digest.number(traced.map_or(0, |(height, round)| u64::from(height) << 32 | round.0));
            if *read > 0 {
                digest.number(*read);
            }
        }
        digest.length(self.links.len());
        self.links.iter().for_each(|link| digest.number(link.peer.get() ^ link.id));
        digest.length(self.frauds.len());
        if self.untold > 0 {
            digest.number(self.untold);
        }
        self.urgent.iter().for_each(|peer| digest.number(peer.get()));
    }
}

impl Consensus {
    /// The head of another peer's chain comes with an Answer. Those of neighbours on the ring are
    /// traced: commits go from neighbour to neighbour to all that store a token.
    pub(super) fn on_head(&mut self, cx: &mut HostContext<'_>, from: PeerId, head: Head) {
        let former = self.heads.note(from, head);
        if former.is_some_and(|former| contradict(former.head, head)) && !self.heads.is_fraudulent(from) {
            cx.report(Fact::Contradicted.of(BlockId::new(head.id)));
            self.heads.convict(from);
        }
        let rules = cx.config.consensus;
        let traced = former.and_then(|former| former.traced);
        let interval = u64::from(rules.heads_rounds);
        let is_due = traced.is_none_or(|(_, round)| cx.now.round.since(round) >= interval);
        let depth = mutant!(HeadsUntraced: self.depth(cx, former, from, head) => 0);
        let has_room = self.heads.links.len() < QUEUE_MAX;
        let is_neighbour = self.view.range(cx, cx.host.get()).contains(&from);
        if depth > 0 && is_due && has_room && is_neighbour {
            if let Some(known) = self.heads.known.last_mut() {
                known.traced = Some((head.height, cx.now.round));
            }
            self.heads.links.push(Wanted { left: depth, ..Wanted::all(from, head, 0) });
            self.time(cx);
        }
    }

    /// Links of a stated chain to be asked for: the latest ones; with `consensus.repair` all that are unread,
    /// unless they have been asked for.
    fn depth(&self, cx: &HostContext<'_>, former: Option<Known>, from: PeerId, head: Head) -> u32 {
        let rules = cx.config.consensus;
        if !rules.repair {
            let traced = former.and_then(|former| former.traced);
            let unseen = traced.map_or(u32::MAX, |(height, _)| head.height.saturating_sub(height));
            return rules.heads_traced.min(unseen);
        }
        if self.heads.links.iter().any(|link| link.peer == from) {
            return 0;
        }
        Wanted::all(from, head, former.map_or(0, |former| former.read)).left
    }

    /// Neighbours are to be told of a new head, because Answers may be rare.
    pub(super) fn tell_neighbours(&mut self, cx: &HostContext<'_>) {
        let range = self.view.range(cx, cx.host.get()).len();
        self.heads.untold = TELLINGS * u32::try_from(range).unwrap_or(0);
    }

    /// Neighbours and the ranges of a block that was taken over are to be told in the next round: those of
    /// them that stored another one depend on what they are shown.
    pub(super) fn tell_ranges(&mut self, cx: &HostContext<'_>, block: &Block) {
        let stored = block.parts.iter().map(|part| part.token).filter(|token| cx.storage.covers(*token));
        let keys = stored.map(TokenId::get).chain([cx.host.get()]);
        for peer in keys.flat_map(|key| self.view.range(cx, key)).filter(|peer| *peer != cx.host) {
            if !self.heads.urgent.contains(&peer) {
                self.heads.urgent.push(peer);
            }
        }
    }

    /// Shows the latest link to peers that are to be told at once, and to the next of the neighbours.
    pub(super) fn tell_next(&mut self, cx: &mut HostContext<'_>) {
        let urgent = std::mem::take(&mut self.heads.urgent);
        urgent.into_iter().for_each(|peer| self.tell(cx, peer));
        let interval = u64::from(cx.config.consensus.heads_rounds);
        let is_due = mix(cx.host.get()).wrapping_add(cx.now.round.0).is_multiple_of(interval);
        if self.heads.untold == 0 || !is_due {
            return;
        }
        self.heads.untold -= 1;
        let range = self.view.range(cx, cx.host.get());
        let next = self.heads.untold as usize % range.len().max(1);
        if let Some(peer) = range.get(next).filter(|peer| **peer != cx.host) {
            self.tell(cx, *peer);
        }
    }

    fn tell(&mut self, cx: &mut HostContext<'_>, peer: PeerId) {
        if let Some(head) = self.chain.head() {
            self.show(cx, peer, self.chain.link(head.id).cloned());
        }
    }

    /// Shows the link with the commit of a block, with `consensus.repair`, to a peer that has not decided it:
    /// the certificate may decide nothing in its eyes.
    pub(super) fn show_commit(&mut self, cx: &mut HostContext<'_>, peer: PeerId, block: BlockId) {
        if cx.config.consensus.repair {
            self.show(cx, peer, self.chain.link_of(block).cloned());
        }
    }

    fn show(&mut self, cx: &mut HostContext<'_>, peer: PeerId, link: Option<ChainLink>) {
        if let Some(link) = link {
            self.heads.state(link.head);
            send(cx, peer, BlockMessage::Links(Box::new([link])));
        }
    }

    /// Asks for links that are lacking.
    pub(super) fn trace_heads(&mut self, cx: &mut HostContext<'_>) {
        let rules = cx.config.consensus;
        if cx.now.round.0.is_multiple_of(PATIENCE) {
            self.give_up_links(rules.repair);
        }
        for link in self.heads.links.iter_mut().filter(|link| !link.is_asked) {
            link.is_asked = true;
            let links = if rules.repair { link.left.min(rules.heads_traced).max(1) } else { 1 };
            send(cx, link.peer, BlockMessage::QueryLink { id: link.id, links });
        }
    }

    /// Gives up links that have not come a few rounds after their request: a later Answer states a head
    /// again. Repeated requests are given up later, and what remains of the chain counts as read.
    fn give_up_links(&mut self, are_repeated: bool) {
        if !are_repeated {
            self.heads.links.retain(|link| !link.is_asked);
            return;
        }
        for link in self.heads.links.iter_mut().filter(|link| link.is_asked) {
            link.is_asked = false;
            link.tries += 1;
        }
        let given_up: Vec<Wanted> = self.heads.links.extract_if(.., |link| link.tries == TRIES_MAX).collect();
        given_up.into_iter().for_each(|link| self.heads.finish(link.peer, link.length));
    }

    /// A request for links arrives.
    pub(super) fn on_query_link(&self, cx: &mut HostContext<'_>, from: PeerId, id: u64, links: u32) {
        let before = |link: &&ChainLink| self.chain.link(link.previous?);
        let found = std::iter::successors(self.chain.link(id), before);
        let found: Box<[ChainLink]> = found.take(links.min(REPLY_MAX) as usize).cloned().collect();
        if !found.is_empty() {
            send(cx, from, BlockMessage::Links(found));
        }
    }

    /// Links arrive: they attest commits of their sender, and their predecessor is asked for if they are new.
    pub(super) fn on_links(&mut self, cx: &mut HostContext<'_>, from: PeerId, links: &[ChainLink]) {
        let is_inquired = self.inquire(cx, from, links);
        let Some(first) = links.first().filter(|link| link.is_genuine()) else { return };
        let asked = self.heads.links.iter().position(|one| one.peer == from && one.id == first.head.id);
        let Some(asked) = asked else {
            if cx.config.consensus.repair && !is_inquired {
                self.on_shown(cx, from, first);
            }
            return;
        };
        let mut wanted = self.heads.links.remove(asked);
        let mut is_new = false;
        for link in links {
            if wanted.left == 0 || link.head.id != wanted.id || !link.is_genuine() {
                break;
            }
            is_new |= self.read_link(cx, from, link);
            wanted.left = if link.previous.is_some() { wanted.left - 1 } else { 0 };
            wanted.id = link.previous.unwrap_or_default();
        }
        let repairs = cx.config.consensus.repair;
        if wanted.left > 0 && (is_new || repairs) {
            self.heads.links.push(Wanted { is_asked: false, tries: 0, ..wanted });
        } else if repairs {
            self.heads.finish(from, wanted.length);
        }
        self.time(cx);
    }

    /// A link arrives without a request: its commits count, and it is the head unless a later one is known.
    fn on_shown(&mut self, cx: &mut HostContext<'_>, from: PeerId, link: &ChainLink) {
        let known = self.heads.known.iter().find(|known| known.peer == from);
        if known.is_none_or(|known| known.head.height <= link.head.height) {
            self.on_head(cx, from, link.head);
        }
        self.read_link(cx, from, link);
        self.time(cx);
    }

    /// Takes the commits of a link for votes of its sender. Returns whether one of them was new.
    fn read_link(&mut self, cx: &mut HostContext<'_>, from: PeerId, link: &ChainLink) -> bool {
        let mut is_new = false;
        for commit in &link.blocks {
            if !commit.tokens.iter().any(|token| cx.storage.covers(*token)) {
                continue;
            }
            if self.store.get(commit.block).is_none() {
                is_new = true;
                self.attest(cx, from, commit.block);
            } else if cx.config.consensus.repair {
                self.confirm(cx, from, commit.block);
            }
        }
        is_new
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
        let repairs = cx.config.consensus.repair;
        if self.pool.get(id).is_some_and(|entry| repairs || entry.block.is_none()) {
            self.fetch(cx, id, from);
        }
        self.advance(cx, id);
    }
}
