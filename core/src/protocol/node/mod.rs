//! An honest peer: it answers queries, holds elections, and brings other peers from Identified to Connected.
//!
//! A [`Node`] has three kinds of methods: `handle`, for every input;
//! `introduce`, for what it knows at the start; and getters. It reads no clock and draws
//! no entropy of its own: its inputs come through
//! [`Context`], and its effects leave through it.
//!
//! | module | content |
//! |---|---|
//! | `turn` | the seven phases of a round (document 000, "Tick Lifecycle") |
//! | `inbound` | arriving messages: answers, referrals, goodbyes; faults of their senders |
//! | `outcome` | consequences of an ended election: winner, dissenters, silent peers |
//! | `targets` | tokens to hold elections on, and first hops to ask |
//! | `invitations` | invitations sent, verified and answered |
//! | `serve` | queries of other peers: answer, refer or forward |
//! | `result_cache` | tokens whose last election result is still valid |
//! | `election_stats` | success rate and split brains of the peer's own elections |
//! | `misbehavior` | faults by peer, and bans |
//! | `verifications` | rounds in which Connected peers were verified last |
//! | `recall` | peers that a layer below remembers from an earlier life |
//! | `prefetch` | cache-line prefetches |
//!
//! Memory is bounded: see the limits of [`PeerTable`], [`Samples`] and [`ElectionPool`], and the `_MAX`
//! constants of the modules.

mod election_stats;
mod inbound;
mod invitations;
mod misbehavior;
mod outcome;
mod prefetch;
#[cfg(feature = "layers")]
mod recall;
mod result_cache;
mod serve;
mod targets;
mod turn;
mod verifications;

use self::election_stats::ElectionStats;
use self::misbehavior::{BanPolicy, MisbehaviorTracker};
use self::result_cache::ResultCache;
use self::serve::SeenQueries;
use self::verifications::Verifications;
use crate::base::digest::Digest;
use crate::base::id::{PeerId, TokenId};
use crate::base::ratio::Ratio;
use crate::base::sort;
use crate::base::time::Round;
use crate::config::{Config, RolloutPhase};
use crate::protocol::context::{Context, Input};
use crate::protocol::election::{Election, ElectionPool, StartError};
use crate::protocol::event::{Cause, LifecycleEvent, PeerStateKind};
use crate::protocol::message::{Message, ProofResolver};
use crate::protocol::peer_table::{Nearest, PeerTable, Samples};
use crate::protocol::proof::ProofVerifier;

/// An honest peer.
#[derive(Clone, Debug)]
pub struct Node {
    id: PeerId,
    peers: PeerTable,
    samples: Samples,
    elections: ElectionPool,
    results: ResultCache,
    seen_queries: SeenQueries,
    stats: ElectionStats,
    misbehavior: MisbehaviorTracker,
    verifications: Verifications,
    /// Revisions at which the peer last lacked nothing; `None` if it lacks something or has not checked.
    satisfied_at: Option<Revisions>,
}

/// Revisions of all that decides what a peer lacks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Revisions {
    table: u32,
    results: u32,
}

/// Sending of an election's queries.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Queries {
    Send,
    /// As document 000 ships it: the queries of an election that an invitation starts are lost.
    Suppress,
}

impl Node {
    /// A peer that knows no other.
    #[must_use]
    pub fn new(id: PeerId) -> Self {
        Self {
            id,
            peers: PeerTable::new(id),
            samples: Samples::default(),
            elections: ElectionPool::default(),
            results: ResultCache::default(),
            seen_queries: SeenQueries::default(),
            stats: ElectionStats::default(),
            misbehavior: MisbehaviorTracker::default(),
            verifications: Verifications::default(),
            satisfied_at: None,
        }
    }

    /// Id of the peer.
    #[must_use]
    pub const fn id(&self) -> PeerId {
        self.id
    }

    /// The peer table.
    #[must_use]
    pub const fn peers(&self) -> &PeerTable {
        &self.peers
    }

    /// Tokens that elections may be held on.
    #[must_use]
    pub const fn samples(&self) -> &Samples {
        &self.samples
    }

    /// Running elections.
    #[must_use]
    pub const fn elections(&self) -> &ElectionPool {
        &self.elections
    }

    /// Peers that are banned or below the score floor in a round of the peer's own clock, in ascending order
    /// of id.
    #[must_use]
    pub(crate) fn suspects(&self, config: &Config, now: Round) -> Vec<PeerId> {
        let below_floor = self.peers.scores().below_floor(config.peers.quality_floor);
        let mut suspects: Vec<PeerId> =
            self.misbehavior.banned(BanPolicy::of(config, now)).chain(below_floor).collect();
        sort::sort_by_key(&mut suspects, |peer| *peer);
        suspects.dedup();
        suspects
    }

    /// Returns whether a peer is banned for misbehavior in a round of this peer's own clock.
    #[must_use]
    pub(crate) fn bans(&self, config: &Config, now: Round, peer: PeerId) -> bool {
        self.misbehavior.is_banned(peer, BanPolicy::of(config, now))
    }

    /// Rounds without another fault until every ban that ever ends has ended, from a round of this peer's own
    /// clock.
    #[cfg(feature = "layers")]
    #[must_use]
    pub(crate) fn rounds_to_forgiveness(&self, config: &Config, now: Round) -> u64 {
        self.misbehavior.rounds_to_forgiveness(BanPolicy::of(config, now))
    }

    /// Introduces another peer at the start, in a given state.
    pub(crate) fn introduce(&mut self, cx: &mut Context<'_>, peer: PeerId, kind: PeerStateKind) {
        self.peers.introduce(cx, peer, kind);
        self.sample(cx, peer.into());
    }

    /// Keeps contacts aside, to rejoin through.
    pub(crate) fn keep_contacts(&mut self, cx: &Context<'_>, contacts: &[PeerId]) {
        self.peers.keep_contacts(cx, contacts);
    }

    /// Discards everything derived from the rules or the clock, which have changed.
    pub(crate) fn invalidate(&mut self) {
        self.elections.invalidate();
        self.results.invalidate();
        self.peers.invalidate();
        self.satisfied_at = None;
    }

    /// Handles an input.
    pub fn handle(&mut self, cx: &mut Context<'_>, input: Input) {
        match input {
            Input::Turn => self.take_turn(cx),
            Input::Message { from, message } => self.receive(cx, from, message),
            #[cfg(feature = "layers")]
            Input::Recalled { peers, invited } => self.recall(cx, &peers, invited),
        }
    }

    /// Says a final goodbye to all Connected and Pending peers.
    pub fn leave(&self, cx: &mut Context<'_>) {
        let others =
            self.peers.of_kind(PeerStateKind::Connected).chain(self.peers.of_kind(PeerStateKind::Pending));
        others.for_each(|peer| cx.send(peer, Message::Goodbye { leaves: true }));
    }

    /// Returns whether this peer holds elections: those whose hash of the id lies below `rollout.share`, so
    /// that a larger share only adds peers, and no part of the ring is favoured.
    fn holds_elections(&self, config: &Config) -> bool {
        let rollout = &config.rollout;
        let hash = self.id.get().wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 32;
        rollout.phase != RolloutPhase::Inactive
            && ((hash * u64::from(Ratio::ONE.millionths())) >> 32) < rollout.share.millionths().into()
    }

    /// Starts an election without channels.
    ///
    /// # Errors
    ///
    /// As [`ElectionPool::check_start`].
    fn begin(&mut self, cx: &mut Context<'_>, token: TokenId) -> Result<(), StartError> {
        self.elections.check_start(token)?;
        self.elections.start(Election::new(token, self.id, cx.secrets.secret()), cx.now);
        cx.report(LifecycleEvent::ElectionStarted { token });
        Ok(())
    }

    /// Inserts a peer as Identified, and its id as a sample, unless it is known or banned.
    fn identify(&mut self, cx: &mut Context<'_>, peer: PeerId, cause: Cause) {
        if !self.bans(cx.config, cx.now, peer) && self.peers.identify(cx, peer, cause) {
            self.sample(cx, peer.into());
        }
    }

    /// Adds a token to the sample pool, if elections are held on samples.
    fn sample(&mut self, cx: &mut Context<'_>, token: TokenId) {
        if cx.config.keeps_samples() {
            self.samples.insert(cx, token);
        }
    }

    fn nearest(&self, cx: &Context<'_>, token: TokenId, count: usize) -> Nearest {
        self.peers.nearest(token.get(), count, cx.config.peers.wrapping_lookup)
    }

    /// Adds the peer to a fingerprint.
    pub fn digest(&self, digest: &mut Digest, resolver: &dyn ProofResolver) {
        digest.number(self.id.get());
        self.peers.digest(digest);
        self.samples.digest(digest);
        self.elections.digest(digest, resolver);
        self.seen_queries.digest(digest);
        self.stats.digest(digest);
        self.misbehavior.digest(digest);
        self.results.digest(digest);
        self.verifications.digest(digest);
    }
}

/// The peer's verification of proofs.
fn verifier<'a>(cx: &Context<'a>) -> ProofVerifier<'a> {
    let config = &cx.config.tokens;
    ProofVerifier { rule: config.verification, search: config.search, own: cx.store }
}

#[cfg(test)]
mod tests;
