//! Pool: undecided blocks of one peer with the votes on them.

use std::sync::Arc as Shared;

use crate::base::digest::Digest;
use crate::base::id::{BlockId, PeerId};
use crate::base::mutant::mutant;
use crate::base::time::Round;
use crate::protocol::block::ballot::Roles;
use crate::protocol::block::{Ballot, Block};

/// Votes that are kept for one block.
pub const VOTES_MAX: usize = 256;
/// Peers that are remembered to want votes on one block, or to have been told of it.
pub const PEERS_MAX: usize = 256;

/// Whether a block may still be decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EntryState {
    /// Votes are being counted.
    Pending,
    /// It has lost against another block.
    Blocked,
}

/// An undecided block.
#[derive(Clone, Debug)]
pub struct PoolEntry {
    /// Its id.
    pub id: BlockId,
    /// Round in which it was first heard of.
    pub heard: Round,
    /// Content; `None` until it has come.
    pub block: Option<Shared<Block>>,
    /// Whether it may still be decided.
    pub state: EntryState,
    /// The latest vote of each peer, in ascending order of peer.
    pub votes: Vec<(PeerId, Ballot)>,
    /// Peers whose chains show that they have committed it, at most 256.
    pub attested: Vec<PeerId>,
    /// Own vote, as it was last evaluated.
    pub ballot: Ballot,
    /// Tokens approved once: a locked vote.
    pub cast: Roles,
    /// Roles decided, as far as this peer sees it.
    pub closed: Roles,
    /// Roles whose decision this peer needs: all of them if it stores a token or is a witness.
    pub needed: Roles,
    /// Whether this peer needs decisions itself, and so repeats its requests.
    pub is_own: bool,
    /// Peers that collect the votes, the latest last.
    pub collectors: Vec<Collector>,
    /// What this host does as one of them.
    pub collection: Collection,
    /// Whether this block has been shown never to be approved: its votes may go to a rival.
    pub is_hopeless: bool,
    /// Times that the collector has shown to the voters that it can never be approved.
    pub announced: u8,
    /// Roles that others have been asked for since the last follow-up.
    pub asked: Roles,
    /// Round of the last follow-up.
    pub asked_at: Round,
    /// Round of the last request for the block or a parent.
    pub fetched_at: Option<Round>,
    /// Parents that it waits for, one at a time.
    pub missing: Option<BlockId>,
    /// Peers that want votes, and on which roles.
    pub askers: Vec<(PeerId, Roles)>,
    /// What each peer was last told; also says that it has the block.
    pub told: Vec<(PeerId, Ballot)>,
    /// Conflicting blocks of the pool.
    pub rivals: Vec<BlockId>,
}

/// A peer that collects votes on a block.
#[derive(Clone, Copy, Debug)]
pub struct Collector {
    /// The peer.
    pub peer: PeerId,
    /// Number of its latest proposal.
    pub attempt: u8,
    /// Roles for which that proposal was sent on.
    pub asked: Roles,
}

/// Collection of votes on a block by this host.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Collection {
    /// Others collect them, if any.
    Elsewhere,
    /// It waits for votes.
    Waiting,
    /// Votes have come since they were last looked at.
    Due,
}

/// Collectors of one block that are remembered.
const COLLECTORS_MAX: usize = 8;

impl PoolEntry {
    /// Notes a proposal. Returns the roles that it has not been sent on for; none of a collector beyond the
    /// limit.
    pub fn propose(&mut self, now: Round, peer: PeerId, attempt: u8, roles: Roles) -> Roles {
        let known = self.collectors.iter().position(|one| one.peer == peer);
        if known.is_none() && self.collectors.len() == COLLECTORS_MAX {
            return 0;
        }
        let index = known.unwrap_or_else(|| {
            self.collectors.push(Collector { peer, attempt: 0, asked: 0 });
            self.collectors.len() - 1
        });
        let known = &mut self.collectors[index];
        if known.attempt < attempt {
            *known = Collector { peer, attempt, asked: 0 };
            self.asked_at = now;
            // Its vote may have been lost.
            self.told.retain(|told| told.0 != peer);
        }
        let new = if known.attempt == attempt { roles & !known.asked } else { 0 };
        known.asked |= new;
        new
    }

    /// Number of the latest proposal of a collector; 0 before the first.
    #[must_use]
    pub fn attempt(&self, peer: PeerId) -> u8 {
        self.collectors.iter().find(|one| one.peer == peer).map_or(0, |one| one.attempt)
    }

    fn new(id: BlockId, heard: Round) -> Self {
        Self {
            id,
            heard,
            block: None,
            state: EntryState::Pending,
            votes: Vec::new(),
            attested: Vec::new(),
            ballot: Ballot::default(),
            cast: 0,
            closed: 0,
            needed: 0,
            is_own: false,
            collectors: Vec::new(),
            collection: Collection::Elsewhere,
            is_hopeless: false,
            announced: 0,
            asked: 0,
            asked_at: heard,
            fetched_at: None,
            missing: None,
            askers: Vec::new(),
            told: Vec::new(),
            rivals: Vec::new(),
        }
    }

    /// Notes that votes have come, if this host collects them.
    pub fn expect_result(&mut self) {
        if self.collection != Collection::Elsewhere {
            self.collection = Collection::Due;
        }
    }

    /// Records the vote of a peer in place of its former one; `false` if there is no room.
    pub fn vote(&mut self, peer: PeerId, ballot: Ballot) -> bool {
        match self.votes.binary_search_by_key(&peer, |vote| vote.0) {
            Ok(index) => self.votes[index].1 = ballot,
            Err(index) if self.votes.len() < VOTES_MAX => self.votes.insert(index, (peer, ballot)),
            Err(_) => return false,
        }
        true
    }

    /// The vote of a peer.
    #[must_use]
    pub fn vote_of(&self, peer: PeerId) -> Option<Ballot> {
        self.votes.binary_search_by_key(&peer, |vote| vote.0).ok().map(|index| self.votes[index].1)
    }

    /// Notes that the chain of a peer shows that it has committed the block.
    pub fn attest(&mut self, peer: PeerId) {
        if self.attested.len() < PEERS_MAX && !self.is_attested(peer) {
            self.attested.push(peer);
        }
    }

    /// Whether the chain of a peer shows that it has committed the block.
    #[must_use]
    pub fn is_attested(&self, peer: PeerId) -> bool {
        self.attested.contains(&peer)
    }

    /// The vote of a peer; a commit approves of everything.
    #[must_use]
    pub fn latest(&self, peer: PeerId) -> Option<Ballot> {
        if self.is_attested(peer) { Some(Ballot::COMMITTED) } else { self.vote_of(peer) }
    }

    /// Remembers that a peer wants votes. Returns whether it has wanted all of them before.
    pub fn want(&mut self, peer: PeerId, roles: Roles) -> bool {
        let has_room = roles != 0 && self.askers.len() < PEERS_MAX;
        match self.askers.iter_mut().find(|asker| asker.0 == peer) {
            Some(asker) => {
                let is_repeated = roles != 0 && asker.1 & roles == roles;
                asker.1 |= roles;
                return is_repeated;
            }
            None if has_room => self.askers.push((peer, roles)),
            None => {}
        }
        false
    }

    /// Remembers what a peer was told.
    pub fn tell(&mut self, peer: PeerId, ballot: Ballot) {
        let has_room = self.told.len() < PEERS_MAX;
        match self.told.iter_mut().find(|told| told.0 == peer) {
            Some(told) => told.1 = ballot,
            None if has_room => self.told.push((peer, ballot)),
            None => {}
        }
    }

    /// What a peer was last told; `None` if nothing.
    #[must_use]
    pub fn told(&self, peer: PeerId) -> Option<Ballot> {
        self.told.iter().find(|told| told.0 == peer).map(|told| told.1)
    }

    fn digest(&self, digest: &mut Digest) {
        digest.number(self.id.get());
        digest.number(self.heard.0);
        digest.number(u64::from(self.state == EntryState::Blocked) << 1 | u64::from(self.block.is_some()));
        digest.length(self.attested.len());
        self.attested.iter().for_each(|peer| digest.number(peer.get()));
        digest.length(self.votes.len());
        for (peer, ballot) in self.votes.iter().chain(&self.told) {
            digest.number(peer.get());
            ballot.digest(digest);
        }
        self.ballot.digest(digest);
        let roles = [self.cast, self.closed, self.needed, self.asked];
        digest.number(roles.into_iter().fold(0_u64, |all, one| all << 8 | u64::from(one)));
        digest.number(self.asked_at.0);
        digest.length(self.collectors.len());
        for one in &self.collectors {
            digest.number(one.peer.get() ^ (u64::from(one.attempt) << 8 | u64::from(one.asked)));
        }
        digest.length(self.askers.len());
        for (peer, roles) in &self.askers {
            digest.number(peer.get() ^ u64::from(*roles));
        }
    }
}

/// Undecided blocks, in ascending order of id.
#[derive(Clone, Debug, Default)]
pub struct Pool {
    entries: Vec<PoolEntry>,
}

impl Pool {
    /// All entries.
    #[must_use]
    pub fn entries(&self) -> &[PoolEntry] {
        &self.entries
    }

    /// Number of entries.
    #[must_use]
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// The entry of a block.
    #[must_use]
    pub fn get(&self, id: BlockId) -> Option<&PoolEntry> {
        self.find(id).ok().map(|index| &self.entries[index])
    }

    /// The entry of a block, to be changed.
    pub fn get_mut(&mut self, id: BlockId) -> Option<&mut PoolEntry> {
        self.find(id).ok().map(|index| &mut self.entries[index])
    }

    /// The first block after another one whose entry satisfies a predicate.
    pub fn next(&self, after: Option<BlockId>, is_so: impl Fn(&PoolEntry) -> bool) -> Option<BlockId> {
        let start = after.map_or(0, |id| self.entries.partition_point(|entry| entry.id <= id));
        self.entries[start..].iter().find(|entry| is_so(entry)).map(|entry| entry.id)
    }

    /// Adds an entry, unless there is one. Returns the entry that was dropped for it, the one heard of first,
    /// if there was no room.
    pub fn hear(&mut self, id: BlockId, now: Round, most: usize) -> Option<PoolEntry> {
        if self.find(id).is_ok() {
            return None;
        }
        let oldest = || self.entries.iter().min_by_key(|entry| (entry.heard, entry.id)).map(|entry| entry.id);
        let is_full = mutant!(PoolUnbounded: self.entries.len() >= most.max(1) => false);
        let dropped = is_full.then(oldest).flatten().and_then(|oldest| self.remove(oldest));
        let index = self.entries.partition_point(|entry| entry.id < id);
        self.entries.insert(index, PoolEntry::new(id, now));
        dropped
    }

    /// Takes an entry out.
    pub fn remove(&mut self, id: BlockId) -> Option<PoolEntry> {
        let index = self.find(id).ok()?;
        let entry = self.entries.remove(index);
        for rival in &entry.rivals {
            if let Some(rival) = self.get_mut(*rival) {
                rival.rivals.retain(|one| *one != id);
            }
        }
        Some(entry)
    }

    /// Notes which blocks conflict with one whose content has come.
    pub fn find_rivals(&mut self, block: &Block) {
        let is_rival =
            |entry: &&mut PoolEntry| entry.block.as_ref().is_some_and(|one| one.conflicts_with(block));
        let mut rivals = Vec::new();
        for entry in self.entries.iter_mut().filter(is_rival) {
            entry.rivals.push(block.id);
            rivals.push(entry.id);
        }
        if let Some(entry) = self.get_mut(block.id) {
            entry.rivals = rivals;
        }
    }

    /// Entries first heard of more than a number of rounds ago.
    #[must_use]
    pub fn expired(&self, now: Round, rounds: u64) -> Vec<BlockId> {
        self.entries.iter().filter(|entry| now.since(entry.heard) >= rounds).map(|entry| entry.id).collect()
    }

    fn find(&self, id: BlockId) -> Result<usize, usize> {
        self.entries.binary_search_by_key(&id, |entry| entry.id)
    }

    pub(super) fn digest(&self, digest: &mut Digest) {
        digest.length(self.entries.len());
        self.entries.iter().for_each(|entry| entry.digest(digest));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::block::Part;

    fn id(number: u64) -> BlockId {
        BlockId::new(number)
    }

    #[test]
    fn a_full_pool_drops_the_block_heard_of_first() {
        let mut pool = Pool::default();
        assert!(pool.hear(id(5), Round(1), 2).is_none());
        assert!(pool.hear(id(5), Round(2), 2).is_none(), "it is known");
        assert!(pool.hear(id(3), Round(2), 2).is_none());
        assert_eq!(pool.hear(id(4), Round(3), 2).map(|entry| entry.id), Some(id(5)));
        assert_eq!(pool.entries().iter().map(|entry| entry.id).collect::<Vec<_>>(), [id(3), id(4)]);
    }

    #[test]
    fn an_entry_expires_after_two_hundred_rounds() {
        let mut pool = Pool::default();
        pool.hear(id(1), Round(10), 9);
        assert!(pool.expired(Round(209), 200).is_empty());
        assert_eq!(pool.expired(Round(210), 200), [id(1)]);
    }

    #[test]
    fn the_newest_vote_of_a_peer_counts_and_votes_are_bounded() {
        let mut entry = PoolEntry::new(id(1), Round(0));
        let peer = PeerId::new(7);
        assert!(entry.vote(peer, Ballot::COMMITTED) && entry.vote(peer, Ballot { yes: 0, no: 1 }));
        assert_eq!((entry.votes.len(), entry.vote_of(peer)), (1, Some(Ballot { yes: 0, no: 1 })));
        let votes =
            (100..100 + VOTES_MAX as u64).filter(|peer| entry.vote(PeerId::new(*peer), Ballot::COMMITTED));
        assert_eq!(votes.count(), VOTES_MAX - 1);
    }

    #[test]
    fn rivals_know_each_other_until_one_is_gone() {
        let make = |key| {
            let part =
                Part { token: crate::base::id::TokenId::new(1), last: Some(id(9)), key, signature: None };
            Shared::new(Block::new(Round(1), [part].into_iter().collect()))
        };
        let (one, other) = (make(1), make(2));
        let mut pool = Pool::default();
        for block in [&one, &other] {
            pool.hear(block.id, Round(1), 9);
            pool.get_mut(block.id).unwrap().block = Some(Shared::clone(block));
            pool.find_rivals(block);
        }
        assert_eq!(pool.get(one.id).unwrap().rivals, [other.id]);
        assert_eq!(pool.get(other.id).unwrap().rivals, [one.id]);
        pool.remove(one.id);
        assert!(pool.get(other.id).unwrap().rivals.is_empty());
    }
}
