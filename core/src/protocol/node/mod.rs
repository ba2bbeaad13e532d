//! An honest peer: it answers queries, holds elections, and brings others from Identified to Connected.
//!
//! A [`Node`] has three kinds of method: [`handle`](Node::handle), for everything that can happen to it;
//! [`introduce`](Node::introduce), for what it knows at the start; and getters. It never reads a clock and never draws
//! its own entropy: all it may use comes in through [`Context`], and all it may cause goes out through it.
//!
//! This file has the phases of a round and the peer's own elections; [`targets`] what these are held on and whom they
//! ask, [`serve`] what becomes of other peers' queries, [`invitations`] how connections come about, [`election_stats`] and
//! [`misbehavior`] what a peer concludes from what it has met with.

mod targets;
mod election_stats;
mod invitations;
mod serve;
mod result_cache;
mod misbehavior;

use self::election_stats::ElectionStats;
use self::misbehavior::{BanPolicy, MisbehaviorTracker};
use self::result_cache::ResultCache;
use self::serve::{IncomingQuery, SeenQueries, pass_back};
use crate::base::digest::Digest;
use crate::base::id::{PeerId, Ticket, TokenId};
use crate::base::prefetch::Prefetch;
use crate::base::sort;
use crate::base::time::Round;
use crate::config::{Config, ElectionConfig, ReturnRule, TargetPolicy};
use crate::protocol::context::{Context, Input};
use crate::protocol::election::{Election, ElectionPool, Progress, VotingRules};
use crate::protocol::event::{Cause, ElectionError, Ending, Event, PeerStateKind, Rejection};
use crate::protocol::message::{Message, ProofResolver, Relay, StorageProof};
use crate::protocol::peer_table::{Nearest, PeerTable, Samples, Score};
use crate::protocol::proof::ProofVerifier;

/// An honest peer.
#[derive(Clone, Debug)]
pub struct Node {
    id: PeerId,
    peers: PeerTable,
    samples: Samples,
    elections: ElectionPool,
    settled: ResultCache,
    seen: SeenQueries,
    health: ElectionStats,
    suspicion: MisbehaviorTracker,
    /// When it was last seen that nothing is lacking, as the table and the settled results tell time.
    satisfied_at: Option<Revisions>,
}

/// How often what a peer's needs depend on has changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Revisions {
    table: u32,
    settled: u32,
}

/// Whether the queries of an election are sent.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Queries {
    Send,
    /// As shipped: the election that an invitation starts loses its queries.
    Suppress,
}

impl Node {
    /// A peer that knows nobody.
    #[must_use]
    pub fn new(id: PeerId) -> Self {
        Self {
            id,
            peers: PeerTable::new(id),
            samples: Samples::default(),
            elections: ElectionPool::default(),
            settled: ResultCache::default(),
            seen: SeenQueries::default(),
            health: ElectionStats::default(),
            suspicion: MisbehaviorTracker::default(),
            satisfied_at: None,
        }
    }

    /// Who it is.
    #[must_use]
    pub const fn id(&self) -> PeerId {
        self.id
    }

    /// Whom it takes for a cheat, or wants no connection with for what it has done, in this round by its own clock and
    /// under these rules; in ascending order of id.
    #[must_use]
    pub fn suspects(&self, config: &Config, now: Round) -> Vec<PeerId> {
        let below_floor = self.peers.scores().below_floor(config.peers.quality_floor);
        let mut suspects: Vec<PeerId> =
            self.suspicion.suspects(BanPolicy::of(config, now)).chain(below_floor).collect();
        sort::sort_by_key(&mut suspects, |peer| *peer);
        suspects.dedup();
        suspects
    }

    /// Whether it takes a peer for a cheat, in this round by its own clock and under these rules.
    #[must_use]
    pub fn distrusts(&self, config: &Config, now: Round, peer: PeerId) -> bool {
        self.suspicion.falls_on(peer, BanPolicy::of(config, now))
    }

    fn is_suspect(&self, cx: &Context<'_>, peer: PeerId) -> bool {
        self.distrusts(cx.config, cx.now, peer)
    }

    /// Whom it knows.
    #[must_use]
    pub const fn peers(&self) -> &PeerTable {
        &self.peers
    }

    /// Asks for what it needs to handle anything.
    pub(crate) fn prefetch(&self) {
        self.peers.prefetch();
        self.elections.prefetch();
        self.settled.prefetch();
    }

    /// Tokens that it may hold elections on.
    #[must_use]
    pub const fn samples(&self) -> &Samples {
        &self.samples
    }

    /// Elections that it has running.
    #[must_use]
    pub const fn elections(&self) -> &ElectionPool {
        &self.elections
    }

    /// Lets the peer know another one from the start.
    pub fn introduce(&mut self, cx: &mut Context<'_>, peer: PeerId, standing: PeerStateKind) {
        self.peers.introduce(cx, peer, standing);
        self.sample(cx, peer.into());
    }

    /// The rules or the clock have changed: nothing that was concluded from the old ones stays.
    pub fn invalidate(&mut self) {
        self.elections.invalidate();
        self.settled.invalidate();
        self.peers.invalidate();
        self.satisfied_at = None;
    }

    /// Everything that can happen to the peer.
    pub fn handle(&mut self, cx: &mut Context<'_>, input: Input) {
        match input {
            Input::Turn => self.take_turn(cx),
            Input::Message { from, message } => self.receive(cx, from, message),
        }
    }

    /// The seven phases of a round (seed 000, "Tick Lifecycle").
    fn take_turn(&mut self, cx: &mut Context<'_>) {
        self.peers.expire(cx);
        self.peers.demote_low_scores(cx);
        self.process_elections(cx);
        self.peers.evict_identified(cx);
        self.samples.evict(cx);
        self.peers.prune_by_distance(cx);
        self.send_invitations(cx);
        self.start_elections(cx);
    }

    fn process_elections(&mut self, cx: &mut Context<'_>) {
        self.forget_settled(cx);
        let rules = self.election_rules(cx);
        for (token, progress) in self.elections.progress(cx.now, &rules, cx.store) {
            if matches!(progress, Progress::Contested | Progress::SplitBrain) {
                self.note_split(cx, token);
            }
            match progress {
                Progress::Contested => self.ask_candidates(cx, token, Queries::Send),
                Progress::Elected(winner) => self.end(cx, token, Ending::Elected { winner }),
                Progress::TimedOut(failure) => self.end(cx, token, failure),
                Progress::SplitBrain => self.end(cx, token, Ending::SplitBrain),
            }
        }
    }

    /// The rules of the world, with as much agreement demanded as this peer's experience allows.
    fn election_rules(&mut self, cx: &Context<'_>) -> ElectionConfig {
        let config = cx.config.election;
        if !config.adaptive_threshold {
            return config;
        }
        // What the answers came to under another threshold no longer holds.
        self.elections.invalidate();
        ElectionConfig { consensus_threshold: self.health.threshold(config.consensus_threshold), ..config }
    }

    fn note_split(&mut self, cx: &mut Context<'_>, token: TokenId) {
        cx.report(Event::SplitBrain { token });
        if let Some(alarm) = cx.config.peers.split_alarm
            && self.health.note_split(cx.now, alarm)
        {
            cx.report(Event::SplitAlarm);
        }
    }

    fn end(&mut self, cx: &mut Context<'_>, token: TokenId, ending: Ending) {
        let dissenters = self.dissenters(cx, token, ending);
        let challenged = token.as_peer();
        let is_contradicted = ending == Ending::SplitBrain || dissenters.contains(&challenged);
        dissenters.into_iter().for_each(|peer| self.suspect(cx, peer));
        self.note_silence(cx, token);
        let rounds = self.elections.end(token).map_or(0, |started| cx.now.since(started));
        let rounds = u32::try_from(rounds).unwrap_or(u32::MAX);
        cx.report(Event::ElectionEnded { token, rounds, ending });
        self.settle(cx, token, ending);
        if cx.config.election.agenda == TargetPolicy::Needs
            && ending != (Ending::Elected { winner: challenged })
        {
            self.peers.record_absence(cx, challenged);
            if !is_contradicted {
                self.invite_proven_neighbor(cx, challenged);
            }
        }
        if let Ending::Elected { winner } = ending {
            self.on_elected(cx, winner);
        }
    }

    /// Who vouches for another block than those who have decided is wrong, or has been left behind, or cheats.
    fn dissenters(&self, cx: &Context<'_>, token: TokenId, ending: Ending) -> Vec<PeerId> {
        let Ending::Elected { winner } = ending else { return Vec::new() };
        let Some(election) = self.elections.get(token) else { return Vec::new() };
        let decided = election.responses().find(|(peer, _)| *peer == winner).map(|(_, proof)| proof);
        let dissents =
            |proof: &StorageProof| decided.is_none_or(|decided| !proof.has_answer_of(decided, cx.store));
        election.responses().filter(|(_, proof)| dissents(proof)).map(|(peer, _)| peer).collect()
    }

    /// An answer that is not given counts as well.
    fn note_silence(&mut self, cx: &Context<'_>, token: TokenId) {
        if !cx.config.keeps_scores() {
            return;
        }
        let Some(election) = self.elections.get(token) else { return };
        let silent: Vec<PeerId> = election.unanswered().collect();
        for peer in silent {
            self.peers.score(cx, peer, Score::on_silence);
        }
    }

    fn settle(&mut self, cx: &Context<'_>, token: TokenId, ending: Ending) {
        if cx.config.election.adaptive_threshold {
            self.health.note(matches!(ending, Ending::Elected { .. }));
        }
        if cx.config.election.cache_rounds.is_some() {
            self.settled.insert(token, cx.now);
        }
    }

    fn forget_settled(&mut self, cx: &Context<'_>) {
        let cached = cx.config.election.cache_rounds.map_or(0, |rounds| u64::from(rounds.get()));
        self.settled.forget(cx.now, cached);
    }

    /// Whether the result of an election on a token still stands.
    fn is_settled(&self, token: TokenId) -> bool {
        self.settled.contains(token)
    }

    fn on_elected(&mut self, cx: &mut Context<'_>, winner: PeerId) {
        self.identify(cx, winner, Cause::Election);
        let now = cx.now;
        self.peers.record_interaction(cx, winner, |record| {
            record.wins += 1;
            record.won = Some(now);
        });
        self.peers.clear_absences(winner);
        if !self.wants(cx, winner) {
            return;
        }
        if let Some(invite) = self.peers.elect(cx, winner) {
            self.send_invitation(cx, &invite);
        }
        self.peers.keep_budget(cx);
    }

    /// Whether a peer is one to be Connected with: one more of those wanted, one that is already, a neighbour, one far
    /// from all others, or one that has asked for it lately while there is room.
    fn wants(&self, cx: &Context<'_>, peer: PeerId) -> bool {
        let is_lacking = self.lacks_connections(cx)
            || self.peers.kind_of(peer) == PeerStateKind::Connected
            || self.peers.is_in_leaf_set(peer, cx.config.peers.core_neighbors)
            || self.bridges_gap(cx, peer)
            || (self.is_cooling_down(cx, peer) && self.has_room_for(cx, peer));
        is_lacking && !self.peers.is_below_floor(cx, peer)
    }

    /// Begins an election, unless one on the token is running or there are too many.
    fn begin(&mut self, cx: &mut Context<'_>, token: TokenId) -> bool {
        let may_start = self.elections.check_start(token).is_ok();
        if may_start {
            self.elections.start(Election::new(token, self.id, cx.secrets.secret()), cx.now);
            cx.report(Event::ElectionStarted { token });
        }
        may_start
    }

    fn receive(&mut self, cx: &mut Context<'_>, from: PeerId, message: Message) {
        if cx.config.peers.keepalive {
            self.peers.touch(from, cx.now);
        }
        if cx.config.peers.unanswered_is_absent {
            self.peers.clear_absences(from);
        }
        if self.is_suspect(cx, from) {
            cx.report(Event::Rejected(Rejection::Suspect));
            return;
        }
        match message {
            Message::Query { token, ticket, trail } => {
                self.serve(cx, &IncomingQuery { from, token, ticket, trail });
            }
            Message::Answer { ticket, proof, relay } => match relay {
                Some(relay) if !relay.path.is_empty() => pass_back(cx, ticket, proof, relay),
                relay => self.take_answer(cx, from, ticket, proof, relay.as_deref()),
            },
            Message::Referral { token, ticket, suggested } => {
                self.on_referral(cx, from, token, ticket, suggested)
            }
            Message::Invitation { proof, is_reply } => self.take_invitation(cx, from, proof, is_reply),
            Message::Goodbye { leaves } => self.peers.on_goodbye(cx, from, leaves),
        }
    }

    fn nearest(&self, cx: &Context<'_>, token: TokenId, count: usize) -> Nearest {
        self.peers.nearest(token.get(), count, cx.config.peers.wrapping_lookup)
    }

    fn take_answer(
        &mut self,
        cx: &mut Context<'_>,
        from: PeerId,
        ticket: Ticket,
        proof: StorageProof,
        relay: Option<&Relay>,
    ) {
        // Where answers come straight from those who give them, nobody speaks for another.
        let forwarded = relay.filter(|_| cx.config.routing.answers == ReturnRule::Retrace);
        let responder = forwarded.map_or(from, |relay| relay.responder);
        let config = &cx.config.election;
        let token = proof.token();
        let Some(election) = self.elections.answers_mut(token, config) else {
            cx.report(Event::Rejected(Rejection::NoElection));
            return;
        };
        let shown = cx.config.keeps_samples().then(|| proof.resolve(cx.store).signature);
        let rules = VotingRules { election: config, verifier: verifier(cx) };
        match election.handle_answer(ticket, proof, responder, rules) {
            Ok(hops) => {
                cx.report(Event::AnswerAccepted { hops: hops + relay.map_or(0, |relay| relay.hops) });
                self.peers.record_interaction(cx, responder, |record| record.answers += 1);
                self.peers.clear_absences(responder);
                let (now, elections) = (cx.now, &self.elections);
                self.peers.score(cx, responder, |score| {
                    score.on_answer(now, elections.started(token).unwrap_or(now));
                });
                self.sample(cx, responder.into());
                shown.into_iter().flatten().for_each(|mapping| self.sample(cx, mapping.token));
            }
            Err(error) => {
                cx.report(Event::Rejected(Rejection::Election(error)));
                if error == ElectionError::SignatureVerificationFailed {
                    self.suspect(cx, responder);
                }
            }
        }
    }

    /// Notes a fault of a peer. When there have been enough, it is shunned.
    fn suspect(&mut self, cx: &mut Context<'_>, peer: PeerId) {
        self.peers.score(cx, peer, Score::on_fault);
        if cx.config.peers.suspicion.is_some() && self.suspicion.note(peer, BanPolicy::of(cx.config, cx.now))
        {
            cx.report(Event::Suspected { peer });
            self.peers.ban(cx, peer);
        }
    }

    /// Says goodbye to those with whom it is connected, or would like to be: it leaves for good.
    pub fn leave(&self, cx: &mut Context<'_>) {
        let others =
            self.peers.of_kind(PeerStateKind::Connected).chain(self.peers.of_kind(PeerStateKind::Pending));
        others.for_each(|peer| cx.send(peer, Message::Goodbye { leaves: true }));
    }

    fn on_referral(
        &mut self,
        cx: &mut Context<'_>,
        from: PeerId,
        token: TokenId,
        ticket: Ticket,
        suggested: [PeerId; 2],
    ) {
        let config = &cx.config.election;
        let next = match self.elections.answers_mut(token, config) {
            Some(election) => election
                .handle_referral(ticket, token, suggested, config, cx.rng)
                .map_err(Rejection::Election),
            None => Err(Rejection::NoElection),
        };
        // A referral back to its asker is a good one, and still nobody is left to ask.
        let is_good = matches!(next, Ok(_) | Err(Rejection::Election(ElectionError::SelfReference)));
        if next.map_or_else(closes_channel, |_| true) {
            self.peers.score(cx, from, Score::on_referral);
        }
        match next {
            Ok(query) => {
                cx.send(query.to, Message::Query { token, ticket: query.ticket, trail: None });
                let now = cx.now;
                self.peers.score(cx, query.to, |score| score.on_query(now));
            }
            Err(rejection) => cx.report(Event::Rejected(rejection)),
        }
        if is_good {
            suggested.into_iter().for_each(|peer| self.sample(cx, peer.into()));
        }
        if is_good || cx.config.peers.unsolicited_referrals {
            suggested.into_iter().for_each(|peer| self.identify(cx, peer, Cause::Referral));
        }
    }

    fn identify(&mut self, cx: &mut Context<'_>, peer: PeerId, cause: Cause) {
        if !self.is_suspect(cx, peer) && self.peers.identify(cx, peer, cause) {
            self.sample(cx, peer.into());
        }
    }

    /// Remembers a token that an election may be held on, where any are held on such tokens.
    fn sample(&mut self, cx: &mut Context<'_>, token: TokenId) {
        if cx.config.keeps_samples() {
            self.samples.insert(cx, token);
        }
    }

    /// Adds the peer to a fingerprint.
    pub fn digest(&self, digest: &mut Digest, resolver: &dyn ProofResolver) {
        digest.number(self.id.get());
        self.peers.digest(digest);
        self.samples.digest(digest);
        self.elections.digest(digest, resolver);
        self.seen.digest(digest);
        self.health.digest(digest);
        self.suspicion.digest(digest);
        self.settled.digest(digest);
    }
}

/// Whether a referral was one for an open channel, although it is not followed.
const fn closes_channel(rejection: Rejection) -> bool {
    use ElectionError::{MaxChannelsReached, NoViableSuggestions, SelfReference, TooManyHops};
    matches!(
        rejection,
        Rejection::Election(SelfReference | NoViableSuggestions | TooManyHops | MaxChannelsReached)
    )
}

/// How the peer looks at proofs.
fn verifier<'a>(cx: &Context<'a>) -> ProofVerifier<'a> {
    let config = &cx.config.tokens;
    ProofVerifier { rule: config.verification, search: config.search, own: cx.store }
}

#[cfg(test)]
mod tests;
