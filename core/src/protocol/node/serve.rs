//! Queries of other peers: answer, refer or forward (document 001, "Query Forwarding Strategy").

use std::collections::VecDeque;

use super::Node;
use crate::base::digest::Digest;
use crate::base::id::{PeerId, Ticket, TokenId};
use crate::base::mutant::mutant;
use crate::base::ring;
use crate::config::{ReferralRule, ReturnRule, RoutingRule};
use crate::protocol::context::Context;
use crate::protocol::event::{Cause, LifecycleEvent, PeerStateKind, Rejection};
use crate::protocol::message::{Message, Relay, StorageProof, Trail};
use crate::protocol::peer_table::{NEAREST_MAX, Nearest};

/// Number of peers that a referral suggests.
const SUGGESTIONS: usize = 2;
/// Largest number of recognised queries; the oldest makes room.
const SEEN_MAX: usize = 256;

/// Recently received queries, by asker and ticket, oldest first: stops loops of broadcast queries.
#[derive(Clone, Debug, Default)]
pub(super) struct SeenQueries(VecDeque<(PeerId, Ticket)>);

impl SeenQueries {
    /// Inserts a query. Returns whether it is new.
    fn insert(&mut self, query: (PeerId, Ticket)) -> bool {
        if self.0.contains(&query) {
            return false;
        }
        if self.0.len() == SEEN_MAX {
            self.0.pop_front();
        }
        self.0.push_back(query);
        debug_assert!(self.0.len() <= SEEN_MAX, "{} queries", self.0.len());
        true
    }

    /// Adds the queries to a fingerprint. No queries add nothing: fingerprints of runs without them predate
    /// them.
    pub(super) fn digest(&self, digest: &mut Digest) {
        for (asker, ticket) in &self.0 {
            digest.number(asker.get());
            digest.number(ticket.get());
        }
    }
}

/// A query as it arrives.
pub(super) struct IncomingQuery {
    /// Sender: the asker, or the last forwarder.
    pub(super) from: PeerId,
    pub(super) token: TokenId,
    pub(super) ticket: Ticket,
    pub(super) trail: Option<Box<Trail>>,
}

impl IncomingQuery {
    fn asker(&self) -> PeerId {
        self.trail.as_ref().map_or(self.from, |trail| trail.origin)
    }

    fn forwarders(&self) -> &[PeerId] {
        self.trail.as_ref().map_or(&[], |trail| &trail.forwarders)
    }

    /// Returns whether a peer is the asker or a forwarder.
    fn has_passed(&self, peer: PeerId) -> bool {
        peer == self.asker() || self.forwarders().contains(&peer)
    }
}

impl Node {
    /// Handles a query by the [`RoutingRule`].
    pub(super) fn serve(&mut self, cx: &mut Context<'_>, query: &IncomingQuery) {
        if cx.config.peers.learn_askers {
            self.identify(cx, query.asker(), Cause::Query);
        }
        match cx.config.routing.strategy {
            RoutingRule::Referral => self.answer_or_refer(cx, query),
            RoutingRule::Greedy => match self.nearer_peer(cx, query) {
                Some(next) if self.may_forward(cx, query) => self.forward(cx, query, [next]),
                _ => self.answer_or_refer(cx, query),
            },
            RoutingRule::RandomWalk => {
                if !self.answer(cx, query) {
                    let next = self.random_peer(cx, query);
                    self.forward_or_refer(cx, query, next);
                }
            }
            RoutingRule::LocalThenForward => self.answer_or_forward(cx, query),
            RoutingRule::ForwardForConnected => {
                if query.trail.is_some() || self.peers.kind_of(query.from) == PeerStateKind::Connected {
                    self.answer_or_forward(cx, query);
                } else {
                    self.answer_or_refer(cx, query);
                }
            }
            RoutingRule::Broadcast => self.answer_and_broadcast(cx, query),
        }
    }

    fn answer_or_refer(&self, cx: &mut Context<'_>, query: &IncomingQuery) {
        if !self.answer(cx, query) {
            self.refer(cx, query);
        }
    }

    fn answer_or_forward(&self, cx: &mut Context<'_>, query: &IncomingQuery) {
        if !self.answer(cx, query) {
            let next = self.unasked(cx, query).first().copied();
            self.forward_or_refer(cx, query, next);
        }
    }

    fn answer_and_broadcast(&mut self, cx: &mut Context<'_>, query: &IncomingQuery) {
        if !self.seen_queries.insert((query.asker(), query.ticket)) {
            cx.report(LifecycleEvent::Rejected(Rejection::SeenBefore));
            return;
        }
        self.answer(cx, query);
        if self.may_forward(cx, query) {
            let fanout = cx.config.routing.fanout as usize;
            let next = self.unasked(cx, query);
            self.forward(cx, query, next.into_iter().take(fanout));
        }
    }

    /// Answers with a proof, if the peer finds one. Returns whether it does. The proof is bound to the asker,
    /// so that forwarders of the answer cannot use it.
    fn answer(&self, cx: &mut Context<'_>, query: &IncomingQuery) -> bool {
        let bound_to = if cx.config.routing.forwarder_bound { query.from } else { query.asker() };
        let Some(proof) = cx.store.prove(query.token, bound_to) else { return false };
        let (to, relay) = self.return_path(cx, query);
        cx.send(to, Message::Answer { ticket: query.ticket, proof, relay });
        true
    }

    /// First receiver of an answer and, for a forwarded query, the rest of its path: back through the
    /// forwarders under
    /// [`ReturnRule::Retrace`], else directly to the asker.
    fn return_path(&self, cx: &Context<'_>, query: &IncomingQuery) -> (PeerId, Option<Box<Relay>>) {
        let Some(trail) = &query.trail else { return (query.from, None) };
        let count = trail.forwarders.len();
        let hops = u32::try_from(count).unwrap_or_else(|_| unreachable!("{count} forwarders"));
        let (to, path) = match trail.forwarders.split_last() {
            Some((last, others)) if cx.config.routing.answers == ReturnRule::Retrace => {
                (*last, [trail.origin].iter().chain(others).copied().collect())
            }
            _ => (trail.origin, Vec::new()),
        };
        (to, Some(Box::new(Relay { responder: self.id, hops, path })))
    }

    /// Suggests the two known peers nearest to the token, or one twice under `routing.single_referrals`.
    fn refer(&self, cx: &mut Context<'_>, query: &IncomingQuery) {
        let IncomingQuery { token, ticket, .. } = *query;
        let asker = query.asker();
        let nearest = match cx.config.election.referrals {
            ReferralRule::Unbounded => self.nearest(cx, token, SUGGESTIONS),
            ReferralRule::Bounded => {
                let mut nearest = self.nearest(cx, token, SUGGESTIONS + 1);
                nearest.retain(|peer| mutant!(ReferralNamesAsker: *peer != asker => true));
                nearest
            }
        };
        let suggested = match nearest[..] {
            [first, second, ..] => [first, second],
            [only] if cx.config.routing.single_referrals => [only, only],
            _ => {
                cx.report(LifecycleEvent::Rejected(Rejection::NobodyToSuggest));
                return;
            }
        };
        cx.send(asker, Message::Referral { token, ticket, suggested });
    }

    fn forward_or_refer(&self, cx: &mut Context<'_>, query: &IncomingQuery, next: Option<PeerId>) {
        match next {
            Some(next) if self.may_forward(cx, query) => self.forward(cx, query, [next]),
            Some(_) => cx.report(LifecycleEvent::Rejected(Rejection::TooFar)),
            None => self.refer(cx, query),
        }
    }

    /// Returns whether fewer than `routing.time_to_live` peers have forwarded the query, and this one has
    /// not.
    fn may_forward(&self, cx: &Context<'_>, query: &IncomingQuery) -> bool {
        query.forwarders().len() < cx.config.routing.time_to_live as usize && !query.has_passed(self.id)
    }

    fn forward(&self, cx: &mut Context<'_>, query: &IncomingQuery, to: impl IntoIterator<Item = PeerId>) {
        let mut forwarders = query.forwarders().to_vec();
        forwarders.push(self.id);
        let trail = Trail { origin: query.asker(), forwarders };
        for next in to {
            debug_assert!(!query.has_passed(next), "{next} has had the query");
            let IncomingQuery { token, ticket, .. } = *query;
            cx.send(next, Message::Query { token, ticket, trail: Some(Box::new(trail.clone())) });
        }
    }

    /// Known peers near the token that have not had the query, nearest first.
    fn unasked(&self, cx: &Context<'_>, query: &IncomingQuery) -> Nearest {
        let wanted = cx.config.routing.fanout as usize + query.forwarders().len() + 1;
        let mut nearest = self.nearest(cx, query.token, wanted.min(NEAREST_MAX));
        nearest.retain(|peer| !query.has_passed(*peer));
        nearest
    }

    /// The known peer nearest to the token that has not had the query; `None` if this peer is nearer.
    fn nearer_peer(&self, cx: &Context<'_>, query: &IncomingQuery) -> Option<PeerId> {
        let distance = |peer: PeerId| ring::distance(peer.get(), query.token.get());
        let next = self.unasked(cx, query).first().copied()?;
        (distance(next) < distance(self.id)).then_some(next)
    }

    /// A uniformly random known peer that has not had the query.
    fn random_peer(&self, cx: &mut Context<'_>, query: &IncomingQuery) -> Option<PeerId> {
        let unasked = self.peers.iter().map(|(peer, _)| peer).filter(|peer| !query.has_passed(*peer));
        let unasked: Vec<PeerId> = unasked.collect();
        cx.rng.index(unasked.len()).map(|pick| unasked[pick])
    }
}

/// Passes an answer on to the next peer of its path.
pub(super) fn pass_back(cx: &mut Context<'_>, ticket: Ticket, proof: StorageProof, mut relay: Box<Relay>) {
    let is_too_far = relay.path.len() > cx.config.routing.time_to_live as usize;
    match relay.path.pop() {
        Some(next) if !is_too_far => cx.send(next, Message::Answer { ticket, proof, relay: Some(relay) }),
        _ => cx.report(LifecycleEvent::Rejected(Rejection::TooFar)),
    }
}
