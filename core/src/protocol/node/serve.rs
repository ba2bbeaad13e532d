//! What a peer does with the queries of others (seed 001, "Query Forwarding Strategy").

use std::collections::VecDeque;

use super::Node;
use crate::base::digest::Digest;
use crate::base::id::{PeerId, Ticket, TokenId};
use crate::base::mutant::Mutant;
use crate::base::ring;
use crate::config::{ReferralRule, ReturnRule, RoutingRule};
use crate::protocol::context::Context;
use crate::protocol::event::{Cause, Event, PeerStateKind, Rejection};
use crate::protocol::message::{Message, Relay, StorageProof, Trail};
use crate::protocol::peer_table::{NEAREST_MAX, Nearest};

/// Peers that a referral names.
const SUGGESTIONS: usize = 2;
/// Queries that a peer recognises when they come round again.
const SEEN_MAX: usize = 256;

/// Queries that were here lately, by who asks and the ticket.
#[derive(Clone, Debug, Default)]
pub(super) struct SeenQueries(VecDeque<(PeerId, Ticket)>);

impl SeenQueries {
    /// Remembers a query. False where it was here before.
    fn insert(&mut self, query: (PeerId, Ticket)) -> bool {
        if self.0.contains(&query) {
            return false;
        }
        if self.0.len() == SEEN_MAX {
            self.0.pop_front();
        }
        self.0.push_back(query);
        true
    }

    /// Adds the queries to a fingerprint, where there are any: fingerprints of runs without them are older.
    pub(super) fn digest(&self, digest: &mut Digest) {
        for (asker, ticket) in &self.0 {
            digest.number(asker.get());
            digest.number(ticket.get());
        }
    }
}

/// A query as it arrives.
pub(super) struct IncomingQuery {
    /// Who sent it: the one who asks, or the last who passed it on.
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

    /// Whether a peer has had the query before.
    fn has_passed(&self, peer: PeerId) -> bool {
        peer == self.asker() || self.forwarders().contains(&peer)
    }
}

impl Node {
    pub(super) fn serve(&mut self, cx: &mut Context<'_>, question: &IncomingQuery) {
        if cx.config.peers.learn_askers {
            self.identify(cx, question.asker(), Cause::Query);
        }
        match cx.config.routing.strategy {
            RoutingRule::Referral => self.answer_or_refer(cx, question),
            RoutingRule::Greedy => match self.nearer_peer(cx, question) {
                Some(next) if self.may_forward(cx, question) => self.forward(cx, question, [next]),
                _ => self.answer_or_refer(cx, question),
            },
            RoutingRule::RandomWalk => {
                if !self.answer(cx, question) {
                    let next = self.random_peer(cx, question);
                    self.forward_or_refer(cx, question, next);
                }
            }
            RoutingRule::LocalThenForward => self.answer_or_forward(cx, question),
            RoutingRule::ForwardForConnected => {
                if question.trail.is_some() || self.peers.kind_of(question.from) == PeerStateKind::Connected {
                    self.answer_or_forward(cx, question);
                } else {
                    self.answer_or_refer(cx, question);
                }
            }
            RoutingRule::Broadcast => self.answer_and_spread(cx, question),
        }
    }

    fn answer_or_refer(&self, cx: &mut Context<'_>, question: &IncomingQuery) {
        if !self.answer(cx, question) {
            self.refer(cx, question);
        }
    }

    fn answer_or_forward(&self, cx: &mut Context<'_>, question: &IncomingQuery) {
        if !self.answer(cx, question) {
            let next = self.unasked(cx, question).first().copied();
            self.forward_or_refer(cx, question, next);
        }
    }

    fn answer_and_spread(&mut self, cx: &mut Context<'_>, question: &IncomingQuery) {
        if !self.seen.insert((question.asker(), question.ticket)) {
            cx.report(Event::Rejected(Rejection::SeenBefore));
            return;
        }
        self.answer(cx, question);
        if self.may_forward(cx, question) {
            let fanout = cx.config.routing.fanout as usize;
            let next = self.unasked(cx, question);
            self.forward(cx, question, next.into_iter().take(fanout));
        }
    }

    /// Answers where the peer can. The proof is bound to the one who asks: whoever passes the answer on cannot use it.
    fn answer(&self, cx: &mut Context<'_>, question: &IncomingQuery) -> bool {
        let bound_to = if cx.config.routing.forwarder_bound { question.from } else { question.asker() };
        let Some(proof) = cx.store.prove(question.token, bound_to) else { return false };
        let (to, relay) = self.way_back(cx, question);
        cx.send(to, Message::Answer { ticket: question.ticket, proof, relay });
        true
    }

    fn way_back(&self, cx: &Context<'_>, question: &IncomingQuery) -> (PeerId, Option<Box<Relay>>) {
        let Some(trail) = &question.trail else { return (question.from, None) };
        let hops = u32::try_from(trail.forwarders.len()).unwrap_or(u32::MAX);
        let mut path = vec![trail.origin];
        if cx.config.routing.answers == ReturnRule::Retrace {
            path.extend(&trail.forwarders);
        }
        let to = path.pop().unwrap_or(trail.origin);
        (to, Some(Box::new(Relay { responder: self.id, hops, path })))
    }

    fn refer(&self, cx: &mut Context<'_>, question: &IncomingQuery) {
        let IncomingQuery { token, ticket, .. } = *question;
        let asker = question.asker();
        let nearest = match cx.config.election.referrals {
            ReferralRule::Unbounded => self.nearest(cx, token, SUGGESTIONS),
            ReferralRule::Bounded => {
                let mut nearest = self.nearest(cx, token, SUGGESTIONS + 1);
                nearest.retain(|peer| *peer != asker || Mutant::ReferralNamesAsker.is_active());
                nearest
            }
        };
        let suggested = match nearest[..] {
            [first, second, ..] => [first, second],
            [only] if cx.config.routing.single_referrals => [only, only],
            _ => {
                cx.report(Event::Rejected(Rejection::NobodyToSuggest));
                return;
            }
        };
        cx.send(asker, Message::Referral { token, ticket, suggested });
    }

    fn forward_or_refer(&self, cx: &mut Context<'_>, question: &IncomingQuery, next: Option<PeerId>) {
        match next {
            Some(next) if self.may_forward(cx, question) => self.forward(cx, question, [next]),
            Some(_) => cx.report(Event::Rejected(Rejection::TooFar)),
            None => self.refer(cx, question),
        }
    }

    fn may_forward(&self, cx: &Context<'_>, question: &IncomingQuery) -> bool {
        question.forwarders().len() < cx.config.routing.time_to_live as usize && !question.has_passed(self.id)
    }

    fn forward(&self, cx: &mut Context<'_>, question: &IncomingQuery, to: impl IntoIterator<Item = PeerId>) {
        let mut forwarders = question.forwarders().to_vec();
        forwarders.push(self.id);
        let trail = Trail { origin: question.asker(), forwarders };
        for next in to {
            let IncomingQuery { token, ticket, .. } = *question;
            cx.send(next, Message::Query { token, ticket, trail: Some(Box::new(trail.clone())) });
        }
    }

    /// Known peers near the token that have not had the query, the nearest first.
    fn unasked(&self, cx: &Context<'_>, question: &IncomingQuery) -> Nearest {
        let wanted = cx.config.routing.fanout as usize + question.forwarders().len() + 1;
        let mut nearest = self.nearest(cx, question.token, wanted.min(NEAREST_MAX));
        nearest.retain(|peer| !question.has_passed(*peer));
        nearest
    }

    /// The known peer nearest to the token, where it is nearer than this one.
    fn nearer_peer(&self, cx: &Context<'_>, question: &IncomingQuery) -> Option<PeerId> {
        let distance = |peer: PeerId| ring::distance(peer.get(), question.token.get());
        let next = self.unasked(cx, question).first().copied()?;
        (distance(next) < distance(self.id)).then_some(next)
    }

    fn random_peer(&self, cx: &mut Context<'_>, question: &IncomingQuery) -> Option<PeerId> {
        let unasked = self.peers.iter().map(|(peer, _)| peer).filter(|peer| !question.has_passed(*peer));
        let unasked: Vec<PeerId> = unasked.collect();
        cx.rng.index(unasked.len()).map(|pick| unasked[pick])
    }
}

/// Passes an answer on to the next peer on its way back.
pub(super) fn pass_back(cx: &mut Context<'_>, ticket: Ticket, proof: StorageProof, mut relay: Box<Relay>) {
    let is_too_far = relay.path.len() > cx.config.routing.time_to_live as usize;
    match relay.path.pop() {
        Some(next) if !is_too_far => cx.send(next, Message::Answer { ticket, proof, relay: Some(relay) }),
        _ => cx.report(Event::Rejected(Rejection::TooFar)),
    }
}
