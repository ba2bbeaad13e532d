//! Commits, blocks that lose, reorganisations and expiry.

use std::sync::Arc as Shared;

use super::event::Fact;
use super::message::BlockMessage;
use super::pool::{EntryState, PoolEntry};
use super::{Consensus, sabotage, send};
use crate::base::id::BlockId;
use crate::config::SpreadRule;
use crate::protocol::block::Block;
use crate::protocol::block::ballot::Ballot;
use crate::stack::context::HostContext;

impl Consensus {
    /// Commits a block: keeps it, maps the stored tokens to it, and tells those who want to know.
    pub(super) fn commit(&mut self, cx: &mut HostContext<'_>, block: &Shared<Block>) {
        let Some(entry) = self.pool.remove(block.id) else { return };
        let support = self.support(cx, &entry, block);
        let is_certified = cx.config.consensus.spread == SpreadRule::Certificate;
        let certificate = is_certified.then(|| entry.votes.as_slice().into());
        self.store.insert(Shared::clone(block), certificate, support);
        if cx.config.consensus.repair {
            entry.attested.iter().for_each(|peer| self.store.attest(block.id, *peer));
        }
        self.adopt(cx, block);
        cx.report(Fact::Committed.of(block.id));
        if cx.config.consensus.spread == SpreadRule::Push {
            Self::tell_committed(cx, &entry, block);
        }
        let rivals = entry.rivals;
        rivals.into_iter().for_each(|rival| self.advance(cx, rival));
        self.advance_children(cx, block.id);
    }

    /// Appends a stored block to the chain, and maps the tokens to it that the host stores.
    fn adopt(&mut self, cx: &mut HostContext<'_>, block: &Shared<Block>) {
        self.chain.append(cx.now.round, block.as_ref().into(), self.heads.take_stated());
        if cx.config.consensus.repair {
            self.tell_neighbours(cx);
            self.remap(cx, block);
            return;
        }
        if sabotage::is_outdated(cx) {
            return;
        }
        for part in &block.parts {
            if !cx.storage.covers(part.token) {
                continue;
            }
            let stored = cx.storage.block_of(part.token);
            let beaten = stored.filter(|stored| Some(*stored) != part.last && *stored != block.id);
            let is_rival = beaten
                .and_then(|stored| self.store.get(stored))
                .is_some_and(|rival| rival.part(part.token).is_some_and(|one| one.last == part.last));
            if is_rival {
                cx.storage.replace(part.token, block.id, block.time);
                cx.report(Fact::Reorganised.of(block.id));
            } else {
                cx.storage.store(part.token, block.id, block.time);
            }
        }
    }

    /// Takes a fetched parent over without votes, as published.
    pub(super) fn adopt_unproven(&mut self, cx: &mut HostContext<'_>, block: &Shared<Block>) {
        self.pool.remove(block.id);
        let replaces = block
            .parts
            .iter()
            .any(|part| cx.storage.covers(part.token) && cx.storage.block_of(part.token) != part.last);
        self.store.insert(Shared::clone(block), None, None);
        self.adopt(cx, block);
        cx.report(Fact::Committed.of(block.id));
        if replaces {
            cx.report(Fact::Reorganised.of(block.id));
        }
    }

    fn tell_committed(cx: &mut HostContext<'_>, entry: &PoolEntry, block: &Shared<Block>) {
        for (peer, wants) in &entry.askers {
            let told = entry.told(*peer);
            let is_news = Ballot::COMMITTED.yes & !told.unwrap_or_default().yes & wants != 0;
            let is_pleased = entry.vote_of(*peer) == Some(Ballot::COMMITTED);
            if !is_news || is_pleased {
                continue;
            }
            let has_block = told.is_some() || entry.vote_of(*peer).is_some();
            let ballot = Ballot::COMMITTED;
            let message = if has_block {
                BlockMessage::Vote { block: block.id, ballot, wants: 0 }
            } else {
                BlockMessage::InitialVote { block: Shared::clone(block), ballot, wants: 0 }
            };
            send(cx, *peer, message);
        }
    }

    /// Notes that a block has lost.
    pub(super) fn block(&mut self, cx: &mut HostContext<'_>, block: &Block) {
        let Some(entry) = self.pool.get_mut(block.id) else { return };
        if entry.state == EntryState::Pending && entry.rivals.is_empty() {
            entry.state = EntryState::Blocked;
            cx.report(Fact::Blocked.of(block.id));
        }
    }

    /// Drops blocks that have been undecided for too long.
    pub(super) fn expire(&mut self, cx: &mut HostContext<'_>) {
        let expired: Vec<BlockId> =
            self.pool.expired(cx.now.round, u64::from(cx.config.consensus.pool_rounds));
        for id in expired {
            let Some(entry) = self.pool.remove(id) else { continue };
            let is_pending = entry.state == EntryState::Pending;
            if is_pending {
                cx.report(Fact::Expired.of(id));
            }
            if is_pending || self.may_win(cx, &entry) {
                self.heads.read_again(&entry, cx.config.consensus.repair);
            }
        }
    }
}
