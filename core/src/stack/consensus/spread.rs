//! Peers to ask for votes and peers to tell: by polling, as published, or by pushing what changes.

use std::sync::Arc as Shared;

use super::message::BlockMessage;
use super::pool::{EntryState, PoolEntry};
use super::{Consensus, send};
use crate::base::id::{BlockId, PeerId};
use crate::config::{SpreadRule, UnknownRule};
use crate::protocol::block::Block;
use crate::protocol::block::ballot::{Ballot, Role, Roles};
use crate::stack::context::HostContext;

/// Messages to be written about one block: receiver, and roles wanted of it.
type Mail = Vec<(PeerId, Roles)>;

fn add(mail: &mut Mail, peer: PeerId, wants: Roles) {
    match mail.iter_mut().find(|one| one.0 == peer) {
        Some(one) => one.1 |= wants,
        None => mail.push((peer, wants)),
    }
}

impl Consensus {
    /// What a peer does each round for every undecided block.
    pub(super) fn poll_or_follow_up(&mut self, cx: &mut HostContext<'_>) {
        let ids: Vec<BlockId> = self.pool.entries().iter().map(|entry| entry.id).collect();
        for id in ids {
            self.fetch_missing(cx, id);
            match cx.config.consensus.spread {
                SpreadRule::Poll => {
                    self.advance(cx, id);
                    self.poll(cx, id);
                }
                SpreadRule::Push | SpreadRule::Certificate => self.follow_up(cx, id),
            }
        }
    }

    /// Asks two peers around each undecided token, and around the block, for their votes.
    fn poll(&self, cx: &mut HostContext<'_>, id: BlockId) {
        let Some(entry) = self.pool.get(id).filter(|entry| entry.state == EntryState::Pending) else {
            return;
        };
        // As published, a block whose parent is missing waits as a whole.
        let Some(block) = entry.block.as_ref().filter(|_| entry.missing.is_none()) else { return };
        let mut mail = Mail::new();
        for role in Role::all(block.parts.len()).filter(|role| entry.closed & role.bit() == 0) {
            let key = Self::key(block, role);
            let peers = self.view.ranges(cx).peers_for(cx.host, key, cx.now.round.0);
            peers
                .into_iter()
                .filter(|peer| *peer != cx.host)
                .for_each(|peer| add(&mut mail, peer, role.bit()));
        }
        let ballot = entry.ballot;
        for (peer, wants) in mail {
            send(cx, peer, BlockMessage::Vote { block: id, ballot, wants });
        }
    }

    /// Asks again for what is still undecided, once the interval has passed.
    fn follow_up(&mut self, cx: &mut HostContext<'_>, id: BlockId) {
        let interval = u64::from(cx.config.consensus.follow_up_rounds);
        let patience = u64::from(cx.config.consensus.patience_rounds);
        let Some(entry) = self.pool.get_mut(id) else { return };
        let age = cx.now.round.since(entry.heard);
        if entry.is_own && cx.now.round.since(entry.asked_at) >= interval {
            entry.asked = 0;
            entry.asked_at = cx.now.round;
        } else if patience == 0 || age != patience {
            return;
        }
        self.advance(cx, id);
    }

    /// Evaluates a block again, commits it if nothing is open, and writes what has changed.
    pub(super) fn advance(&mut self, cx: &mut HostContext<'_>, id: BlockId) {
        if cx.config.consensus.spread == SpreadRule::Certificate {
            self.settle(cx, id);
            return;
        }
        let Some(entry) = self.pool.get(id) else { return };
        let Some(block) = entry.block.clone() else { return };
        let found = self.evaluate(cx, entry, &block);
        let needed = entry.needed;
        let Some(entry) = self.pool.get_mut(id) else { return };
        (entry.ballot, entry.closed, entry.cast) = (found.ballot, found.closed, found.cast);
        entry.missing = found.missing;
        let all = self.deciding(cx, &block);
        if found.closed & all == all && found.missing.is_none() && !found.is_lost {
            self.commit(cx, &block);
            return;
        }
        if found.is_lost && cx.config.consensus.unknown != UnknownRule::Refuse {
            self.block(cx, &block);
        }
        if cx.config.consensus.spread == SpreadRule::Push {
            self.push(cx, &block, needed);
        }
    }

    /// Tells those who want it what is new, and asks for what is needed.
    fn push(&mut self, cx: &mut HostContext<'_>, block: &Shared<Block>, needed: Roles) {
        let Some(entry) = self.pool.get(block.id) else { return };
        let ballot = entry.ballot;
        let mut mail = Mail::new();
        for (peer, wants) in &entry.askers {
            let told = entry.told(*peer).unwrap_or_default();
            let is_news = (ballot.yes & !told.yes | ballot.no & !told.no) & wants != 0;
            let is_witness = wants & Role::WITNESS.bit() != 0 && entry.told(*peer).is_none();
            if is_news || is_witness {
                add(&mut mail, *peer, 0);
            }
        }
        let mut asked = 0;
        if entry.state == EntryState::Pending {
            let open = needed & !entry.closed & !entry.asked;
            for role in Role::all(block.parts.len()).filter(|role| open & role.bit() != 0) {
                asked |= role.bit();
                // Witnesses are told on the way, and asked only by peers that need them.
                let wants = if role == Role::WITNESS && !entry.is_own { 0 } else { role.bit() };
                self.asks(cx, entry, block, role).for_each(|peer| add(&mut mail, peer, wants));
            }
        }
        self.post(cx, block, ballot, mail, asked);
    }

    /// Peers to be asked for a role: the whole range of a token by one of its owners, else the nearest to its
    /// key. Peers that ask for the role themselves are farther from it.
    fn asks(
        &self,
        cx: &HostContext<'_>,
        entry: &PoolEntry,
        block: &Block,
        role: Role,
    ) -> impl Iterator<Item = PeerId> {
        let is_own = role.index().is_some_and(|index| self.is_owner(cx, &block.parts[index]));
        let fanout = if is_own { usize::MAX } else { cx.config.consensus.fanout as usize };
        let asks_itself = move |peer: &PeerId| {
            !is_own && entry.askers.iter().any(|asker| asker.0 == *peer && asker.1 & role.bit() != 0)
        };
        self.unconvinced(cx, entry, block, role).filter(move |peer| !asks_itself(peer)).take(fanout)
    }

    /// Writes votes: with the block to peers that may not have it.
    fn post(
        &mut self,
        cx: &mut HostContext<'_>,
        block: &Shared<Block>,
        ballot: Ballot,
        mail: Mail,
        asked: Roles,
    ) {
        let Some(entry) = self.pool.get_mut(block.id) else { return };
        entry.asked |= asked;
        for (peer, wants) in mail {
            let has_block = entry.told(peer).is_some() || entry.vote_of(peer).is_some();
            entry.tell(peer, ballot);
            let message = if has_block {
                BlockMessage::Vote { block: block.id, ballot, wants }
            } else {
                BlockMessage::InitialVote { block: Shared::clone(block), ballot, wants }
            };
            send(cx, peer, message);
        }
    }
}
