//! Own vote of a peer on a block, and the count of the votes of others.

use std::sync::Arc as Shared;

use super::Consensus;
use super::pool::{EntryState, PoolEntry};
use super::sabotage;
use super::view::{is_near, weight};
use crate::base::id::{BlockId, PeerId, TokenId};
use crate::base::mutant::mutant;
use crate::config::{ConflictRule, QuorumRule, SpreadRule, TrustRule, UnknownRule};
use crate::protocol::block::ballot::{Role, Roles, VoteCount};
use crate::protocol::block::content::genesis_key;
use crate::protocol::block::range::Range;
use crate::protocol::block::{Ballot, Block, Part};
use crate::stack::context::HostContext;

/// Opinion of a peer on one token of a block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Opinion {
    /// It approves.
    Yes,
    /// It refuses: another block has taken over the token.
    No,
    /// It does not store the token.
    Unknown,
    /// It has not decided: it waits for conflicting blocks.
    Undecided,
    /// It waits for a parent.
    Lacks(BlockId),
}

/// Result of evaluating a block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Evaluation {
    pub(super) ballot: Ballot,
    pub(super) closed: Roles,
    pub(super) cast: Roles,
    /// The first parent that is missing.
    pub(super) missing: Option<BlockId>,
    /// Whether the block has lost against one that is committed here.
    pub(super) is_lost: bool,
}

impl Consensus {
    /// Key of a role on the ring.
    pub(super) fn key(block: &Block, role: Role) -> u64 {
        role.index().map_or(block.id.get(), |index| block.parts[index].token.get())
    }

    /// Roles whose decisions this peer needs by itself: all of a block of which it owns a token or is a
    /// witness, else none. In the published program every peer that hears of a block needs all of them.
    pub(super) fn own_needs(&self, cx: &HostContext<'_>, block: &Block) -> Roles {
        let all = Role::set(block.parts.len());
        let owns = || block.parts.iter().any(|part| self.is_owner(cx, part));
        let witnesses = || self.is_in_range(cx, block.id.get());
        if cx.config.consensus.unknown != UnknownRule::Relay || witnesses() || owns() { all } else { 0 }
    }

    /// Roles that must be decided before this peer commits: all of them; but a peer that owns none follows
    /// the owners of the tokens that it stores.
    pub(super) fn deciding(&self, cx: &HostContext<'_>, block: &Block) -> Roles {
        self.followed(cx, block).unwrap_or_else(|| Role::set(block.parts.len()))
    }

    /// Tokens that this peer stores, if it is no owner of the block and no witness.
    pub(super) fn followed(&self, cx: &HostContext<'_>, block: &Block) -> Option<Roles> {
        let is_follower = cx.config.consensus.heads && self.own_needs(cx, block) == 0;
        let tokens = block.parts.iter().enumerate();
        let stored = tokens.filter(|(_, part)| cx.storage.covers(part.token));
        let stored = stored.fold(0, |roles, (index, _)| roles | Role::token(index).bit());
        (is_follower && stored != 0).then_some(stored)
    }

    /// Whether this peer votes on a token by its own store. With relayed votes, only a peer in the range of
    /// the token does; others that store it wait for the decision of the range.
    pub(super) fn is_owner(&self, cx: &HostContext<'_>, part: &Part) -> bool {
        let has_range = cx.config.consensus.unknown == UnknownRule::Relay;
        cx.storage.covers(part.token) && (!has_range || self.is_in_range(cx, part.token.get()))
    }

    /// Whether this peer is in the range of a key, as it sees it.
    pub(super) fn is_in_range(&self, cx: &HostContext<'_>, key: u64) -> bool {
        let range = self.view.range(cx, key);
        match cx.config.consensus.quorum {
            // The view holds the peer itself.
            QuorumRule::Majority => range.contains(&cx.host),
            QuorumRule::Balance => is_near(&range, key, cx.host),
        }
    }

    /// Evaluates a block whose content is known.
    pub(super) fn evaluate(
        &self,
        cx: &HostContext<'_>,
        entry: &PoolEntry,
        block: &Shared<Block>,
    ) -> Evaluation {
        let mut found =
            Evaluation { ballot: super::SILENT, closed: 0, cast: entry.cast, missing: None, is_lost: false };
        let is_signed = cx.config.consensus.spread == SpreadRule::Certificate;
        for (index, part) in block.parts.iter().enumerate() {
            let bit = Role::token(index).bit();
            match self.opinion(cx, entry, block, part, bit) {
                Opinion::Yes => {
                    found.ballot.yes |= bit;
                    found.cast |= bit;
                }
                Opinion::No => {
                    found.ballot.no |= bit;
                    found.is_lost = true;
                }
                Opinion::Lacks(parent) => found.missing = found.missing.or(Some(parent)),
                Opinion::Unknown if cx.config.consensus.unknown == UnknownRule::Refuse => {
                    found.ballot.no |= bit;
                }
                Opinion::Unknown if is_signed && self.is_in_range(cx, part.token.get()) => {
                    found.ballot.yes |= bit;
                    found.ballot.no |= bit;
                }
                Opinion::Unknown | Opinion::Undecided => {}
            }
        }
        if is_signed {
            if self.is_in_range(cx, block.id.get()) {
                found.ballot.yes |= Role::WITNESS.bit();
            }
            found.closed = self.certified(cx, entry, block, found.ballot);
            return found;
        }
        let relays = cx.config.consensus.unknown == UnknownRule::Relay;
        for role in Role::all(block.parts.len()) {
            if self.is_closed(cx, entry, block, role, found.ballot) {
                found.closed |= role.bit();
                let is_own = role.index().is_none_or(|index| self.is_owner(cx, &block.parts[index]));
                if relays && !is_own {
                    found.ballot.yes |= role.bit();
                }
            }
        }
        found
    }

    fn opinion(
        &self,
        cx: &HostContext<'_>,
        entry: &PoolEntry,
        block: &Shared<Block>,
        part: &Part,
        bit: Roles,
    ) -> Opinion {
        if !self.is_owner(cx, part) {
            return Opinion::Unknown;
        }
        let stored = self.voted_by(cx, part.token);
        if stored == Some(block.id) {
            return Opinion::Yes;
        }
        if stored == part.last {
            return match self.check_parent(cx, block, part) {
                Err(opinion) => opinion,
                Ok(()) if self.prefers_rival(cx, entry, part, bit) => Opinion::No,
                Ok(())
                    if cx.now.round.since(entry.heard) < u64::from(cx.config.consensus.patience_rounds) =>
                {
                    Opinion::Undecided
                }
                Ok(()) => Opinion::Yes,
            };
        }
        self.opinion_on_other(cx, entry, part, stored)
    }

    /// Block of a token by which this peer votes: the stored one, if it keeps the rules.
    fn voted_by(&self, cx: &HostContext<'_>, token: TokenId) -> Option<BlockId> {
        let stored = cx.storage.block_of(token);
        if sabotage::is_stale(cx) { self.origin(token, stored) } else { stored }
    }

    /// Opinion if another block than the parent is stored: it has won, it lost, or a parent is missing.
    fn opinion_on_other(
        &self,
        cx: &HostContext<'_>,
        entry: &PoolEntry,
        part: &Part,
        stored: Option<BlockId>,
    ) -> Opinion {
        let Some(stored) = stored else {
            return part.last.map_or(Opinion::Yes, Opinion::Lacks);
        };
        let Some(rival) = self.store.get(stored) else {
            return part.last.map_or(Opinion::No, Opinion::Lacks);
        };
        let spends_the_same = rival.part(part.token).is_some_and(|one| one.last == part.last);
        match part.last {
            _ if spends_the_same && self.replaces(cx, entry, part, stored) => Opinion::Yes,
            _ if spends_the_same => Opinion::No,
            // The block spends an ancestor of the stored one, which another block has taken over.
            Some(last) if self.store.get(last).is_some() => Opinion::No,
            Some(last) => Opinion::Lacks(last),
            None => Opinion::No,
        }
    }

    /// Whether a block replaces a committed one: the highest id wins. Where votes are locked, more peers of
    /// the range than the threshold must have committed it, as after a partition.
    fn replaces(&self, cx: &HostContext<'_>, entry: &PoolEntry, part: &Part, stored: BlockId) -> bool {
        let rules = &cx.config.consensus;
        let range = self.view.range(cx, part.token.get());
        let has_committed = |peer: &&PeerId| entry.latest(**peer) == Some(Ballot::COMMITTED);
        let is_common = || range.iter().filter(has_committed).count() > rules.threshold as usize;
        rules.conflict == ConflictRule::HighestId && entry.id > stored && (!rules.locked_votes || is_common())
    }

    /// Checks the signature of a token whose parent is the stored block.
    fn check_parent(&self, cx: &HostContext<'_>, block: &Block, part: &Part) -> Result<(), Opinion> {
        let Some(last) = part.last else { return Ok(()) };
        if !cx.config.consensus.parents_checked {
            return Ok(());
        }
        if cx.storage.is_original(part.token) || sabotage::is_stale(cx) {
            let is_signed = part.signature == Some(genesis_key(last));
            return if is_signed { Ok(()) } else { Err(Opinion::No) };
        }
        let parent = self.store.get(last).ok_or(Opinion::Lacks(last))?;
        block.check_parent(part, parent).map_err(|_| Opinion::No)
    }

    /// Whether the peer votes for another block that takes over a token from the same parent.
    fn prefers_rival(&self, cx: &HostContext<'_>, entry: &PoolEntry, part: &Part, bit: Roles) -> bool {
        let rules = &cx.config.consensus;
        if entry.is_hopeless {
            return true;
        }
        let is_cast = rules.locked_votes && entry.cast & bit != 0;
        if mutant!(LocksForgotten: is_cast || rules.conflict == ConflictRule::None => true) {
            return false;
        }
        entry.rivals.iter().filter_map(|id| self.pool.get(*id)).any(|rival| {
            let Some(block) = rival.block.as_ref().filter(|_| rival.state == EntryState::Pending) else {
                return false;
            };
            let Some(index) =
                block.index_of(part.token).filter(|index| block.parts[*index].last == part.last)
            else {
                return false;
            };
            if rival.is_hopeless {
                return false;
            }
            let is_locked = rules.locked_votes && rival.cast & Role::token(index).bit() != 0;
            is_locked
                || match rules.conflict {
                    ConflictRule::HighestId => rival.id > entry.id,
                    ConflictRule::FirstSeen => (rival.heard, rival.id) < (entry.heard, entry.id),
                    ConflictRule::None => false,
                }
        })
    }

    /// Whether a role is decided as far as this peer sees it.
    fn is_closed(
        &self,
        cx: &HostContext<'_>,
        entry: &PoolEntry,
        block: &Block,
        role: Role,
        own: Ballot,
    ) -> bool {
        let key = Self::key(block, role);
        let range = self.view.range(cx, key);
        let count = Self::count(cx, entry, role, key, &range, own);
        let rules = &cx.config.consensus;
        let is_closed = count.is_closed(role, rules.threshold, rules.refusals_close);
        let is_own = || role.index().is_some_and(|index| self.is_owner(cx, &block.parts[index]));
        let needs_majority = rules.quorum == QuorumRule::Majority && is_own();
        is_closed && (!needs_majority || count.yes as usize * 2 > range.len())
    }

    pub(super) fn count(
        cx: &HostContext<'_>,
        entry: &PoolEntry,
        role: Role,
        key: u64,
        range: &Range,
        own: Ballot,
    ) -> VoteCount {
        let mut count = VoteCount::default();
        for peer in range {
            let ballot = if *peer == cx.host { Some(own) } else { entry.latest(*peer) };
            if let Some(ballot) = ballot {
                count.add(ballot, role, weight(cx, *peer));
            }
        }
        if cx.config.consensus.trust == TrustRule::Anybody {
            let strangers = entry.votes.iter().filter(|(peer, _)| !range.contains(peer));
            for (peer, ballot) in strangers.filter(|(peer, _)| is_near(range, key, *peer)) {
                count.add(*ballot, role, weight(cx, *peer));
            }
        }
        count
    }

    /// Peers of a range that have not approved a role, the nearest to its key first.
    pub(super) fn unconvinced(
        &self,
        cx: &HostContext<'_>,
        entry: &PoolEntry,
        block: &Block,
        role: Role,
    ) -> impl Iterator<Item = PeerId> {
        let range = self.view.range(cx, Self::key(block, role));
        let has_voted = move |peer: &PeerId| {
            let vote = entry.vote_of(*peer);
            if role == Role::WITNESS { vote.is_some() } else { vote.is_some_and(|vote| vote.sign(role) > 0) }
        };
        let me = cx.host;
        range.into_iter().filter(move |peer| *peer != me && !has_voted(peer))
    }
}
