//! Repair: commits that this peer missed, and blocks that won against its own, as after a partition.
//!
//! A token follows the tree of committed blocks from its first parent on. Of several children the one wins
//! that more trusted peers around the token have committed than the threshold, and of several such ones that
//! with the highest id. All peers that know the same commits map the token alike.

use std::sync::Arc as Shared;

use super::Consensus;
use super::event::Fact;
use super::pool::PoolEntry;
use super::sabotage;
use crate::base::id::{BlockId, PeerId, TokenId};
use crate::base::mutant::mutant;
use crate::base::rng::mix;
use crate::protocol::block::range::{Range, Ranges};
use crate::protocol::block::{Block, Part};
use crate::stack::context::HostContext;

/// Ranges to each side of a token in which commits count: the owners on one side of a partition are spread
/// over about two ranges of the whole.
const WINDOW: usize = 3;
/// Blocks of a token that are followed at most, so that a walk ends.
const WALK_MAX: usize = 1 << 12;
/// Rounds between two looks at a block that others have committed.
const PAUSE: u64 = 8;

impl Consensus {
    /// Whether a block wins a token that this peer stores, and more trusted peers than the threshold have
    /// committed it around each of its tokens that this peer stores.
    pub(super) fn wins_elsewhere(&self, cx: &HostContext<'_>, entry: &PoolEntry, block: &Block) -> bool {
        if !cx.config.consensus.repair || entry.attested.is_empty() {
            return false;
        }
        let mut stored = block.parts.iter().filter(|part| cx.storage.covers(part.token));
        let is_common = |part: &Part| self.are_enough(cx, part.token, |peer| entry.is_attested(*peer));
        stored.clone().all(is_common) && stored.any(|part| self.wins(cx, block, part))
    }

    /// Whether a block would win a token that this peer stores if more peers had committed it.
    pub(super) fn may_win(&self, cx: &HostContext<'_>, entry: &PoolEntry) -> bool {
        let wins = |block: &Shared<Block>| {
            let stored = block.parts.iter().filter(|part| cx.storage.covers(part.token));
            { stored }.any(|part| self.wins(cx, block, part))
        };
        cx.config.consensus.repair && !entry.attested.is_empty() && entry.block.as_ref().is_some_and(wins)
    }

    /// Whether a common block wins against the stored one that spends the same parent, if there is one.
    fn wins(&self, cx: &HostContext<'_>, block: &Block, part: &Part) -> bool {
        let spends_the_same =
            |one: &&Shared<Block>| one.part(part.token).is_some_and(|rival| rival.last == part.last);
        let rival = self.line(part.token, cx.storage.block_of(part.token)).find(spends_the_same);
        rival.is_none_or(|rival| rival.id < block.id || !self.is_common(cx, part.token, rival))
    }

    /// Looks at blocks again that others have committed, now and then: more of those may be trusted by now.
    pub(super) fn look_again(&mut self, cx: &mut HostContext<'_>) {
        let is_due = |entry: &PoolEntry| {
            !entry.attested.is_empty()
                && mix(entry.id.get()).wrapping_add(cx.now.round.0).is_multiple_of(PAUSE)
        };
        let due = self.pool.entries().iter().filter(|entry| cx.config.consensus.repair && is_due(entry));
        let due: Vec<BlockId> = due.map(|entry| entry.id).collect();
        due.into_iter().for_each(|id| self.advance(cx, id));
    }

    /// Whether more trusted peers around a token than the threshold satisfy a predicate.
    fn are_enough(&self, cx: &HostContext<'_>, token: TokenId, is_so: impl Fn(&PeerId) -> bool) -> bool {
        let count = self.window(cx, token).iter().filter(|peer| is_so(peer)).count();
        count > cx.config.consensus.threshold as usize
    }

    /// Trusted peers around a token, of several ranges to each side.
    fn window(&self, cx: &HostContext<'_>, token: TokenId) -> Range {
        let ranges = self.view.ranges(cx);
        Ranges { side: ranges.side * WINDOW, ..ranges }.range(token.get())
    }

    /// A link shows that its sender has committed a stored block, too.
    pub(super) fn confirm(&mut self, cx: &mut HostContext<'_>, from: PeerId, id: BlockId) {
        if !self.view.is_trusted(cx, from) || self.heads.is_fraudulent(from) {
            return;
        }
        self.store.attest(id, from);
        if let Some(block) = self.store.get(id).cloned() {
            self.remap(cx, &block);
        }
    }

    /// Maps the tokens of a stored block along the committed blocks.
    pub(super) fn remap(&mut self, cx: &mut HostContext<'_>, block: &Shared<Block>) {
        if sabotage::is_outdated(cx) {
            return;
        }
        for part in &block.parts {
            if cx.storage.covers(part.token) {
                self.remap_token(cx, part.token, block);
            }
        }
    }

    fn remap_token(&self, cx: &mut HostContext<'_>, token: TokenId, block: &Block) {
        let stored = cx.storage.block_of(token);
        if self.origin(token, stored) != self.origin(token, Some(block.id)) {
            // An ancestor is unknown: the later block counts.
            cx.storage.store(token, block.id, block.time);
            return;
        }
        let Some(tip) = self.tip(cx, token, stored) else { return };
        let tip = mutant!(MappingsBack: tip.as_ref() => block);
        if Some(tip.id) == stored {
            return;
        }
        if self.descends(token, tip.id, stored) {
            cx.storage.replace(token, tip.id, tip.time);
        } else if cx.storage.replace(token, tip.id, tip.time) {
            cx.report(Fact::Reorganised.of(tip.id));
        }
    }

    /// The stored blocks of a token from one back to the earliest that is stored, itself included.
    fn line(&self, token: TokenId, from: Option<BlockId>) -> impl Iterator<Item = &Shared<Block>> {
        let find = move |id: Option<BlockId>| self.store.get(id?).filter(|block| block.part(token).is_some());
        std::iter::successors(find(from), move |block| find(block.part(token)?.last)).take(WALK_MAX)
    }

    /// The unknown parent from which the line of a block comes.
    pub(super) fn origin(&self, token: TokenId, from: Option<BlockId>) -> Option<BlockId> {
        self.line(token, from).last().map_or(from, |first| first.part(token).and_then(|part| part.last))
    }

    fn descends(&self, token: TokenId, from: BlockId, ancestor: Option<BlockId>) -> bool {
        self.line(token, Some(from)).any(|block| block.part(token).is_some_and(|part| part.last == ancestor))
    }

    /// The last of the winning blocks of a token.
    fn tip(&self, cx: &HostContext<'_>, token: TokenId, stored: Option<BlockId>) -> Option<&Shared<Block>> {
        let winner = |parent: Option<BlockId>| {
            let children = self.store.children(token, parent);
            children.max_by_key(|child| (self.is_common(cx, token, child), child.id))
        };
        let first = winner(self.origin(token, stored));
        std::iter::successors(first, |block| winner(Some(block.id))).take(WALK_MAX).last()
    }

    /// Whether enough trusted peers around a token, this one among them, have committed a stored block, as
    /// far as is known here. Votes do not count: another token of the block may have been refused.
    fn is_common(&self, cx: &HostContext<'_>, token: TokenId, block: &Block) -> bool {
        let attested = self.store.attested(block.id);
        self.are_enough(cx, token, |peer| *peer == cx.host || attested.contains(peer))
    }

    /// Commits a block that has won elsewhere. The ranges of its tokens are told if this peer has stored
    /// another block than its parent: told of every commit by all that follow a token, they would hear most
    /// of them twice.
    pub(super) fn accept_winner(&mut self, cx: &mut HostContext<'_>, block: &Shared<Block>) {
        let is_rival =
            |part: &Part| cx.storage.covers(part.token) && cx.storage.block_of(part.token) != part.last;
        let was_disputed = block.parts.iter().any(is_rival);
        self.commit(cx, block);
        if was_disputed {
            self.tell_ranges(cx, block);
        }
    }
}
