//! Forks: two chains that halves of a cut network have produced, and how one of them prevails.
//!
//! ```text
//! tips differ -> evidence, 5 min -> vote, 3 s -> more than 2/3, else the longer chain -> blocks
//! ```
//!
//! Evidence is the tip of a peer on another chain. As published it was lost with the session of the peer,
//! and peers end sessions with hosts on another chain (`sync.leave_ms`): no vote then hears of it. A cache of
//! tips (`sync.tip_cache_s`) keeps it.

use super::chain::DEEP_ABOVE;
use super::fork_state::{ForkTip, ForkVote, Forks};
use super::segment::{ChainRange, Payload};
use super::state::Genesis;
use super::sync::{FILE, Sync};
use super::timing::{ms, set};
use super::{SessionEvent, Sessions, timer};
use crate::base::mutant::mutant;
use crate::stack::address::Address;
use crate::stack::context::HostContext;

/// Time for answers to a vote.
const VOTE_WAIT: u64 = 3_000;

impl Sessions {
    fn forks(&mut self) -> Option<&mut Forks> {
        self.sync.as_mut()?.forks.as_deref_mut()
    }

    /// Height and hash of the last block; `None` if chains do not fork.
    pub(super) fn own_tip(&self) -> Option<(u32, u64)> {
        let sync = self.sync.as_ref()?;
        Some((sync.height(), sync.forks.as_ref()?.hashes.at(sync.height())?))
    }

    /// Tells the other end of a new session the own tip.
    pub(super) fn tell_tip(&mut self, cx: &mut HostContext<'_>, id: u32) {
        if let Some((height, hash)) = self.own_tip() {
            self.push(cx, id, Payload::Tip(height, hash));
        }
    }

    /// Messages about forks.
    pub(super) fn serve_forks(&mut self, cx: &mut HostContext<'_>, id: u32, payload: &Payload) {
        let Some(forks) = self.forks() else { return };
        match payload {
            Payload::Tip(height, hash) => {
                if !self.is_refused(id) {
                    self.compare(cx, id, *height, *hash);
                }
                self.on_tip(cx, id, *height);
            }
            Payload::GetHash(height) => {
                if let Some(hash) = forks.hashes.at(*height) {
                    self.reply(cx, id, Payload::Hash(*height, hash));
                }
            }
            Payload::Hash(height, hash) => self.on_hash(id, *height, *hash),
            Payload::Chain(range) => self.on_chain(cx, id, range),
            Payload::Child(range) => self.on_child(cx, id, range),
            _ => {}
        }
    }

    /// Whether the other end has another genesis block: its chain is no fork of the own one.
    fn is_refused(&self, id: u32) -> bool {
        self.find(id).is_some_and(|index| self.live[index].link.genesis == Genesis::Refused)
    }

    /// Compares the own chain with a block of another host.
    fn compare(&mut self, cx: &mut HostContext<'_>, id: u32, height: u32, hash: u64) {
        let Some(peer) = self.address_of(id) else { return };
        let Some(forks) = self.forks() else { return };
        match forks.hashes.at(height) {
            Some(own) if own == hash => forks.tips.retain(|tip| tip.from != peer),
            Some(_) => self.note_fork(cx, id, height, hash),
            None => {}
        }
    }

    /// Whether the other end of a session has the chain that is to prevail.
    fn seeks(&self, id: u32) -> bool {
        let Some(session) = self.find(id).map(|index| &self.live[index]) else { return false };
        let forks = self.sync.as_ref().and_then(|sync| sync.forks.as_ref());
        let own = self.own_tip();
        own.zip(forks)
            .is_some_and(|(own, forks)| forks.seeks(session.stream.listening, session.link.tip, own))
    }

    fn address_of(&self, id: u32) -> Option<Address> {
        self.find(id).map(|index| self.live[index].stream.listening)
    }

    /// Keeps the tip of a peer on another chain, and may leave that peer.
    fn note_fork(&mut self, cx: &mut HostContext<'_>, id: u32, height: u32, hash: u64) {
        let at = ms(cx);
        let Some(from) = self.address_of(id) else { return };
        let Some(forks) = self.forks() else { return };
        let (is_new, is_first) = forks.note(ForkTip { from, session: id, height, hash, at });
        if is_new {
            cx.report(SessionEvent::ForkSeen);
        }
        if let Some(leave) = cx.config.sync.leave_ms.filter(|_| is_first) {
            set(cx, timer::LEAVE, id, leave.get().into());
        }
    }

    /// Ends a session with a peer that still is on another chain.
    pub(super) fn leave_fork(&mut self, cx: &mut HostContext<'_>, id: u32) {
        let Some(peer) = self.address_of(id) else { return };
        let is_open = self.find(id).is_some_and(|index| self.live[index].is_open());
        if is_open && self.forks().is_some_and(|forks| forks.has_tip_of(peer)) {
            self.close(cx, id);
        }
    }

    /// Evidence of a session that has ended is lost, unless a cache keeps it.
    pub(super) fn forget_fork(&mut self, id: u32, has_cache: bool) {
        if let Some(forks) = self.forks().filter(|_| !has_cache) {
            forks.tips.retain(|tip| tip.session != id);
            if let Some(vote) = &mut forks.vote {
                vote.answers.retain(|answer| answer.1 != id);
            }
        }
    }

    /// Puts a fork to the vote if there is evidence of one.
    pub(super) fn resolve_forks(&mut self, cx: &mut HostContext<'_>) {
        let now = ms(cx);
        let Some((own_height, _)) = self.own_tip() else { return };
        let Some(forks) = self.forks() else { return };
        if let Some(kept) = cx.config.sync.tip_cache_s {
            forks.tips.retain(|tip| now.saturating_sub(tip.at) < u64::from(kept.get()) * 1_000);
        }
        let Some(best) = forks.best().filter(|_| forks.vote.is_none()) else { return };
        let height = best.height.min(own_height);
        forks.vote = Some(ForkVote { height, answers: Vec::new() });
        cx.report(SessionEvent::VoteAsked);
        let open = self.live.iter().filter(|one| one.is_open() && one.link.genesis.is_compatible());
        let ids: Vec<u32> = open.map(|one| one.id).collect();
        ids.into_iter().for_each(|id| self.push(cx, id, Payload::GetHash(height)));
        set(cx, timer::VOTE, 0, VOTE_WAIT);
    }

    fn on_hash(&mut self, id: u32, height: u32, hash: u64) {
        let Some(peer) = self.address_of(id) else { return };
        let vote = self.forks().and_then(|forks| forks.vote.as_mut());
        if let Some(vote) = vote.filter(|vote| vote.height == height)
            && vote.answers.iter().all(|answer| answer.0 != peer)
        {
            vote.answers.push((peer, id, hash));
        }
    }

    /// Counts a vote, and asks for the blocks of the chain that has won.
    pub(super) fn on_vote(&mut self, cx: &mut HostContext<'_>) {
        let Some((height, _)) = self.own_tip() else { return };
        let Some(forks) = self.forks() else { return };
        forks.target = forks.decide(height);
        if forks.target.is_none() {
            return forks.settle();
        }
        let open: Vec<u32> = self.live.iter().filter(|one| one.is_open()).map(|one| one.id).collect();
        open.into_iter().for_each(|id| self.pursue(cx, id));
    }

    /// Asks a peer for the blocks of the chain that is to prevail, from below the fork. Its genesis block has
    /// been checked, because its answer is ignored before.
    pub(super) fn pursue(&mut self, cx: &mut HostContext<'_>, id: u32) {
        let (range, most) = (cx.config.sync.range_max, replaced_max(cx));
        let Some((height, _)) = self.own_tip().filter(|_| self.seeks(id)) else { return };
        let target = self.forks().and_then(|forks| forks.target.as_ref());
        let Some((last, reach)) = target.map(|target| (target.height, target.reach)) else { return };
        let reach = reach.max(range / 2).min(most);
        let first = height.min(last).saturating_sub(reach);
        self.push(cx, id, Payload::GetBlocks(first.max(1), last));
    }

    /// A block that was just produced, with its parent.
    fn on_child(&mut self, cx: &mut HostContext<'_>, id: u32, range: &ChainRange) {
        let is_compatible = self.find(id).is_some_and(|index| self.live[index].link.genesis.is_compatible());
        let Some((height, tip)) = self.own_tip().filter(|_| is_compatible) else { return };
        let Some(hash) = range.hashes.last().copied() else { return };
        let is_child = mutant!(ParentUnchecked: range.parent == tip => true);
        if range.start == height + 1 && is_child {
            self.extend(cx, range, 0);
            self.gossip(cx, Some(id), &Payload::Child(Box::new(range.clone())));
        } else if range.start == height + 1 {
            self.note_fork(cx, id, range.start, hash);
        } else if range.start <= height {
            self.compare(cx, id, range.start, hash);
        } else {
            self.on_tip(cx, id, range.start);
        }
    }

    /// Blocks that were asked for: they follow the chain, or are those of another one.
    fn on_chain(&mut self, cx: &mut HostContext<'_>, id: u32, range: &ChainRange) {
        let Some(index) = self.find(id) else { return };
        let link = self.live[index].link;
        let Some(sync) = self.sync.as_mut() else { return };
        sync.answered(range.start);
        let Some(last) = range.hashes.last().copied().filter(|_| link.genesis.is_compatible()) else {
            return;
        };
        let (height, end) = (sync.height(), range.end());
        let Some(forks) = sync.forks.as_deref_mut().filter(|_| range.start <= height + 1) else { return };
        let follows = range.start == 0 || forks.hashes.at(range.start - 1) == Some(range.parent);
        let differs =
            |(index, hash): (u32, &u64)| forks.hashes.at(range.start + index).is_some_and(|own| own != *hash);
        let fork = (0..).zip(&range.hashes).position(differs);
        if follows && fork.is_none() {
            self.extend(cx, range, (height + 1 - range.start) as usize);
            return self.ask_on(cx, id, end);
        }
        // The peer may have shown its chain only now, or its tip may have expired.
        let has_tip =
            self.address_of(id).zip(self.forks()).is_some_and(|(peer, forks)| forks.has_tip_of(peer));
        if !has_tip || !self.seeks(id) {
            self.note_fork(cx, id, end, last);
        }
        match fork.filter(|_| follows) {
            _ if !self.seeks(id) => {}
            Some(index) => self.reorganise(cx, range, index),
            None => self.reach_back(cx, id, range.start),
        }
    }

    /// Asks for what follows a range of the own chain.
    fn ask_on(&mut self, cx: &mut HostContext<'_>, id: u32, end: u32) {
        let Some((height, _)) = self.own_tip() else { return };
        let is_sought = self.seeks(id);
        let tip = self.find(id).map_or(0, |index| self.live[index].link.tip);
        let target = self.forks().and_then(|forks| forks.target.as_ref()).map(|target| target.height);
        match target.filter(|_| is_sought) {
            // All of the range is common: the fork is above it.
            Some(last) if end < height => self.push(cx, id, Payload::GetBlocks(end + 1, last)),
            _ if tip > end => self.push(cx, id, Payload::GetHeight),
            _ => {}
        }
    }

    /// Looks for the common part of two chains in the range below that of an answer: several peers may have
    /// been asked for the same one.
    fn reach_back(&mut self, cx: &mut HostContext<'_>, id: u32, start: u32) {
        let range = cx.config.sync.range_max;
        let Some((height, _)) = self.own_tip() else { return };
        let Some(forks) = self.forks() else { return };
        let Some(target) = &mut forks.target else { return };
        let lower = height.min(target.height);
        let reached = lower.saturating_sub(start);
        target.reach = target.reach.max((lower + range).saturating_sub(start));
        if reached < replaced_max(cx) {
            return self.pursue(cx, id);
        }
        forks.settle();
        cx.report(SessionEvent::ReorganisationRefused);
    }

    /// Replaces the blocks above a fork, which lies before the block with an index.
    fn reorganise(&mut self, cx: &mut HostContext<'_>, range: &ChainRange, index: usize) {
        let Some(sync) = self.sync.as_mut() else { return };
        let first = range.start + u32::try_from(index).unwrap_or(0);
        let depth = (sync.height() + 1).saturating_sub(first);
        let Some(forks) = sync.forks.as_deref_mut() else { return };
        forks.settle();
        // Common blocks are those of a chain with another genesis block.
        if depth > replaced_max(cx) || forks.hashes.is_common(first) {
            return cx.report(SessionEvent::ReorganisationRefused);
        }
        forks.hashes.truncate(first - 1);
        sync.cut(first - 1);
        if mutant!(ReplacementUncounted: true => false) {
            cx.report(SessionEvent::Reorganised { depth });
        }
        if depth > DEEP_ABOVE {
            cx.report(SessionEvent::ReorganisedDeep);
        }
        self.extend(cx, range, index);
    }

    /// Appends the blocks of a range that follow the chain, from an index.
    pub(super) fn extend(&mut self, cx: &mut HostContext<'_>, range: &ChainRange, from: usize) {
        let Some(sync) = self.sync.as_mut() else { return };
        let new = range.hashes.get(from..).unwrap_or_default();
        sync.lengthen(new, range.genesis);
        if !new.is_empty() {
            let height = sync.height();
            cx.report(SessionEvent::Grown { height });
            sync.store(cx);
        }
    }
}

/// Blocks that a reorganisation replaces at most.
fn replaced_max(cx: &HostContext<'_>) -> u32 {
    mutant!(ReplacedUnbounded: cx.config.sync.replaced_max => u32::MAX)
}

impl Sync {
    /// Appends blocks of a chain that may fork; those up to the initial height have no hash of their own.
    pub(super) fn lengthen(&mut self, hashes: &[u64], genesis: u32) {
        let Some(forks) = &mut self.forks else { return };
        for hash in hashes {
            self.height += 1;
            if forks.hashes.at(self.height).is_none() {
                forks.hashes.push(*hash);
            }
        }
        if genesis != self.genesis {
            self.foreign = self.foreign.saturating_add(u32::try_from(hashes.len()).unwrap_or(u32::MAX));
        }
    }

    /// Drops the blocks above a height.
    pub(super) const fn cut(&mut self, height: u32) {
        self.height = height;
    }

    /// Closes the request for a range.
    pub(super) fn answered(&mut self, start: u32) {
        self.asked = None;
        self.pieces.retain(|piece| piece.0 != start);
    }

    /// Hash of the block at a height; `None` if chains do not fork, or there is none.
    #[must_use]
    pub fn hash_at(&self, height: u32) -> Option<u64> {
        self.forks.as_ref()?.hashes.at(height)
    }

    /// Whether the parent of each block is the block below it; true if chains do not fork.
    #[must_use]
    pub(crate) fn is_linked(&self) -> bool {
        self.forks.as_ref().is_none_or(|forks| forks.hashes.is_linked())
    }

    /// Whether one of two chains continues the other; true if chains do not fork.
    #[must_use]
    pub(crate) fn agrees_with(&self, other: &Self) -> bool {
        let height = self.height.min(other.height);
        self.hash_at(height) == other.hash_at(height)
    }

    /// Writes the chain to the disk.
    pub(super) fn store(&self, cx: &mut HostContext<'_>) {
        let height = self.height.to_le_bytes().to_vec();
        let bytes = self.forks.as_ref().map_or(height, |forks| forks.hashes.to_bytes(self.height));
        if cx.config.sync.keep && cx.disk.write(FILE, &bytes).is_ok() {
            // A file that was just written exists.
            let _ = cx.disk.sync(FILE);
            cx.disk.sync_directory();
        }
    }

    /// Takes over the chain of the disk.
    pub(super) fn restore(&mut self, bytes: &[u8]) {
        let height = || <[u8; 4]>::try_from(bytes).ok().map(u32::from_le_bytes);
        let restored = match &mut self.forks {
            None => height(),
            Some(forks) => forks.hashes.restore(bytes),
        };
        self.height = restored.unwrap_or(self.height);
    }

    /// Blocks of a chain that may fork, as an answer or an announcement has them.
    pub(super) fn chain_range(&self, first: u32, last: u32, genesis: u32) -> Option<ChainRange> {
        let hashes = &self.forks.as_ref()?.hashes;
        let parent = if first == 0 { 0 } else { hashes.at(first - 1)? };
        let found: Option<Box<[u64]>> =
            (first..=last.min(self.height())).map(|height| hashes.at(height)).collect();
        Some(ChainRange { genesis, start: first, parent, hashes: found? })
    }
}
