//! Arriving votes, blocks and requests for blocks.

use std::sync::Arc as Shared;

use super::event::Fact;
use super::message::BlockMessage;
use super::pool::EntryState;
use super::{Consensus, SILENT, fraud, send, validity};
use crate::base::id::{BlockId, PeerId};
use crate::base::rng::mix;
use crate::config::SpreadRule;
use crate::protocol::block::Block;
use crate::protocol::block::ballot::{Ballot, Roles};
use crate::stack::context::HostContext;

/// The ticket of the published program, XOR the block.
const WEAK_TICKET: u64 = 2;
/// Senders whose votes are counted in a round.
const SENDERS_MAX: usize = 10_000;

impl Consensus {
    /// A vote arrives.
    pub(super) fn on_vote(
        &mut self,
        cx: &mut HostContext<'_>,
        from: PeerId,
        id: BlockId,
        ballot: Ballot,
        wants: Roles,
    ) {
        if self.store.get(id).is_some() {
            self.reply_committed(cx, from, id, ballot, wants);
            return;
        }
        if cx.config.consensus.spread == SpreadRule::Certificate {
            self.on_signed_vote(cx, from, id, ballot);
            return;
        }
        if self.pool.get(id).is_none() && !self.hear(cx, from, id) {
            return;
        }
        self.record(cx, from, id, ballot);
        if self.pool.get(id).is_some_and(|entry| entry.block.is_none()) {
            self.fetch(cx, id, from);
        }
        self.want(cx, from, id, wants);
    }

    /// A vote arrives together with its block.
    pub(super) fn on_initial_vote(
        &mut self,
        cx: &mut HostContext<'_>,
        from: PeerId,
        block: &Shared<Block>,
        ballot: Ballot,
        wants: Roles,
    ) {
        if self.store.get(block.id).is_some() {
            self.reply_committed(cx, from, block.id, ballot, wants);
            return;
        }
        if !self.learn_quietly(cx, block) {
            return;
        }
        self.record(cx, from, block.id, ballot);
        if let Some(entry) = self.pool.get_mut(block.id) {
            entry.needed |= wants;
        }
        self.want(cx, from, block.id, wants);
    }

    /// Tells a peer that a block is committed, if it asks, or does not know yet.
    fn reply_committed(
        &self,
        cx: &mut HostContext<'_>,
        from: PeerId,
        id: BlockId,
        ballot: Ballot,
        wants: Roles,
    ) {
        if let Some(votes) = self.store.certificate(id) {
            send(cx, from, BlockMessage::Certificate { block: id, votes: Shared::clone(votes) });
        } else if wants != 0 && ballot != Ballot::COMMITTED {
            send(cx, from, BlockMessage::Vote { block: id, ballot: Ballot::COMMITTED, wants: 0 });
        }
    }

    /// Hears of an unknown block from a vote; `false` if that is not to be followed.
    fn hear(&mut self, cx: &mut HostContext<'_>, from: PeerId, id: BlockId) -> bool {
        if !self.view.is_trusted(cx, from) {
            if !cx.config.consensus.stranger_connects {
                cx.report(Fact::VoteRefused.of(id));
                return false;
            }
            self.view.force(from);
            self.view.refresh(cx);
        }
        self.open(cx, id);
        true
    }

    /// Adds an entry to the pool.
    pub(super) fn open(&mut self, cx: &mut HostContext<'_>, id: BlockId) {
        let most = cx.config.consensus.pool_max as usize;
        cx.report(Fact::Heard.of(id));
        if let Some(dropped) = self.pool.hear(id, cx.now.round, most) {
            cx.report(Fact::Expired.of(dropped.id));
            self.heads.read_again(&dropped, false);
        }
        self.time(cx);
    }

    /// Records a vote, if its sender is trusted and has not sent too many.
    pub(super) fn record(&mut self, cx: &mut HostContext<'_>, from: PeerId, id: BlockId, ballot: Ballot) {
        // Signed votes are judged by those that receive the certificate.
        let is_signed = cx.config.consensus.spread == SpreadRule::Certificate;
        let counts = (is_signed || self.view.is_trusted(cx, from))
            && !self.heads.is_fraudulent(from)
            && self.is_within_limit(cx, from);
        let is_recorded = counts && self.pool.get_mut(id).is_some_and(|entry| entry.vote(from, ballot));
        cx.report(if is_recorded { Fact::VoteCounted } else { Fact::VoteRefused }.of(id));
    }

    fn is_within_limit(&mut self, cx: &HostContext<'_>, from: PeerId) -> bool {
        let Some(limit) = cx.config.consensus.votes_max else { return true };
        if self.received_in != cx.now.round {
            self.received_in = cx.now.round;
            self.received.clear();
        }
        let known = self.received.iter().position(|one| one.0 == from);
        if known.is_none() && self.received.len() == SENDERS_MAX {
            return false;
        }
        let index = known.unwrap_or_else(|| {
            self.received.push((from, 0));
            self.received.len() - 1
        });
        let count = &mut self.received[index].1;
        *count = count.saturating_add(1);
        *count <= limit.get()
    }

    /// A peer wants votes: it gets one now or once there is something to say.
    fn want(&mut self, cx: &mut HostContext<'_>, from: PeerId, id: BlockId, wants: Roles) {
        let interval = u64::from(cx.config.consensus.follow_up_rounds);
        let Some(entry) = self.pool.get_mut(id) else { return };
        match cx.config.consensus.spread {
            SpreadRule::Poll if wants != 0 => {
                let ballot = if entry.state == EntryState::Blocked { SILENT } else { entry.ballot };
                if entry.block.is_some() {
                    send(cx, from, BlockMessage::Vote { block: id, ballot, wants: 0 });
                }
            }
            SpreadRule::Poll | SpreadRule::Certificate => {}
            SpreadRule::Push => {
                let is_repeated = entry.want(from, wants);
                entry.needed |= wants;
                if is_repeated && !entry.is_own && cx.now.round.since(entry.asked_at) >= interval {
                    // A peer that only relays repeats its requests when it is asked again.
                    entry.asked = 0;
                    entry.asked_at = cx.now.round;
                }
                self.advance(cx, id);
            }
        }
    }

    /// Learns of a block from a client.
    pub(super) fn learn(&mut self, cx: &mut HostContext<'_>, block: &Shared<Block>) {
        if self.learn_quietly(cx, block) {
            let all = 0xff >> (7 - block.parts.len()) | crate::protocol::block::Role::WITNESS.bit();
            if let Some(entry) = self.pool.get_mut(block.id) {
                // The peer of a client reports the decision to it.
                entry.needed |= all;
                entry.is_own = true;
            }
            if cx.config.consensus.spread == SpreadRule::Certificate {
                self.take_over(cx, block.id);
            } else {
                self.advance(cx, block.id);
            }
        }
    }

    /// Takes the content of a block into the pool; `false` if it is invalid or decided.
    pub(super) fn learn_quietly(&mut self, cx: &mut HostContext<'_>, block: &Shared<Block>) -> bool {
        if block.check(cx.now.round, validity(cx)).is_err() {
            cx.report(Fact::Refused.of(block.id));
            return false;
        }
        if self.store.get(block.id).is_some() {
            return false;
        }
        if self.pool.get(block.id).is_none() {
            self.open(cx, block.id);
        }
        let needs = self.own_needs(cx, block);
        let Some(entry) = self.pool.get_mut(block.id) else { return false };
        if entry.block.is_none() {
            entry.block = Some(Shared::clone(block));
            entry.needed |= needs;
            entry.is_own |= needs != 0;
            self.pool.find_rivals(block);
            self.reconsider_rivals(cx, block.id);
        }
        true
    }

    /// Lets blocks that conflict with a new one change their votes.
    fn reconsider_rivals(&mut self, cx: &mut HostContext<'_>, id: BlockId) {
        let rivals = self.pool.get(id).map(|entry| entry.rivals.clone()).unwrap_or_default();
        rivals.into_iter().for_each(|rival| self.advance(cx, rival));
    }

    /// A request for a block arrives.
    pub(super) fn on_query(&mut self, cx: &mut HostContext<'_>, to: PeerId, id: BlockId, ticket: u64) {
        if let Some(block) = self.find(id).cloned() {
            send(cx, to, BlockMessage::Block { block, ticket });
            if let Some(votes) = self.store.certificate(id) {
                send(cx, to, BlockMessage::Certificate { block: id, votes: Shared::clone(votes) });
            }
            return;
        }
        // Towards the witnesses, who keep it: one of four, by block and time, as published.
        let next = self.view.ranges(cx).peer_for(cx.host, id.get(), cx.now.round.0);
        if let Some(next) =
            next.filter(|next| *next != cx.host && *next != to && !self.is_in_range(cx, id.get()))
        {
            send(cx, next, BlockMessage::QueryBlock { block: id, target: Some(to), ticket });
        }
    }

    /// A block arrives as a reply.
    pub(super) fn on_block(
        &mut self,
        cx: &mut HostContext<'_>,
        _from: PeerId,
        block: &Shared<Block>,
        ticket: u64,
    ) {
        if ticket != self.ticket(cx, block.id) {
            cx.report(Fact::Unrequested.of(block.id));
            return;
        }
        let is_taken_over = cx.config.consensus.unproven_reorganisation && !fraud::is_watched(cx);
        if is_taken_over && self.is_missed(block.id) {
            self.adopt_unproven(cx, block);
        } else if self.learn_quietly(cx, block) {
            self.advance(cx, block.id);
        }
        self.advance_children(cx, block.id);
    }

    /// Whether an undecided block waits for this one.
    fn is_missed(&self, id: BlockId) -> bool {
        self.pool.entries().iter().any(|entry| entry.missing == Some(id))
    }

    /// Evaluates the blocks again that have waited for one.
    pub(super) fn advance_children(&mut self, cx: &mut HostContext<'_>, id: BlockId) {
        let waiting = self.pool.entries().iter().filter(|entry| entry.missing == Some(id));
        let waiting: Vec<BlockId> = waiting.map(|entry| entry.id).collect();
        waiting.into_iter().for_each(|child| self.advance(cx, child));
    }

    /// Ticket of a request for a block: weak as published, or a secret of the host and the block.
    fn ticket(&self, cx: &HostContext<'_>, id: BlockId) -> u64 {
        if cx.config.consensus.weak_tickets {
            WEAK_TICKET ^ id.get()
        } else {
            mix(self.secret ^ mix(id.get()))
        }
    }

    /// Asks a peer for a block, unless that was done a moment ago.
    pub(super) fn fetch(&mut self, cx: &mut HostContext<'_>, id: BlockId, from: PeerId) {
        let Some(entry) = self.pool.get_mut(id) else { return };
        let interval = u64::from(cx.config.consensus.fetch_rounds);
        if entry.fetched_at.is_some_and(|last| cx.now.round.since(last) < interval) {
            return;
        }
        entry.fetched_at = Some(cx.now.round);
        self.request(cx, id, from);
    }

    /// Sends a request for a block.
    pub(super) fn request(&self, cx: &mut HostContext<'_>, id: BlockId, from: PeerId) {
        cx.report(Fact::Fetched.of(id));
        let ticket = self.ticket(cx, id);
        send(cx, from, BlockMessage::QueryBlock { block: id, target: None, ticket });
    }

    /// Asks for the content of a block, or for the parent that it lacks.
    pub(super) fn fetch_missing(&mut self, cx: &mut HostContext<'_>, id: BlockId) {
        let Some(entry) = self.pool.get(id).filter(|entry| entry.state == EntryState::Pending) else {
            return;
        };
        let round = cx.now.round.0;
        if entry.block.is_none() {
            let count = entry.votes.len() as u64;
            let voter = (count > 0).then(|| entry.votes[usize::try_from(round % count).unwrap_or(0)].0);
            if let Some(voter) = voter {
                self.fetch(cx, id, voter);
            }
            return;
        }
        let Some(parent) = entry.missing.filter(|parent| self.find(*parent).is_none()) else { return };
        let interval = u64::from(cx.config.consensus.fetch_rounds);
        if entry.fetched_at.is_some_and(|last| cx.now.round.since(last) < interval) {
            return;
        }
        // In turn a peer that has approved, and one on the way to the witnesses of the parent.
        let approving = entry.votes.iter().filter(|vote| vote.1.yes != 0).map(|vote| vote.0);
        let approving: Vec<PeerId> = approving.filter(|peer| *peer != cx.host).collect();
        let witness = self.view.ranges(cx).peer_for(cx.host, parent.get(), round);
        let turn = usize::try_from(round / interval).unwrap_or(0);
        let chosen = if turn.is_multiple_of(2) && !approving.is_empty() {
            Some(approving[turn / 2 % approving.len()])
        } else {
            witness.filter(|peer| *peer != cx.host)
        };
        if let Some(entry) = self.pool.get_mut(id) {
            entry.fetched_at = Some(cx.now.round);
        }
        if let Some(peer) = chosen {
            self.request(cx, parent, peer);
        }
    }
}
