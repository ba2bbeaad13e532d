//! Inbound messages: dispatch, and the replies to this peer's own queries.

use super::serve::{IncomingQuery, pass_back};
use super::{BanPolicy, Node, verifier};
use crate::base::id::{PeerId, Ticket, TokenId};
use crate::config::ReturnRule;
use crate::protocol::context::Context;
use crate::protocol::election::VotingRules;
use crate::protocol::event::{Cause, ElectionError, LifecycleEvent, Rejection};
use crate::protocol::message::{Message, Relay, StorageProof};
use crate::protocol::peer_table::Score;

impl Node {
    pub(super) fn receive(&mut self, cx: &mut Context<'_>, from: PeerId, message: Message) {
        if cx.config.peers.keepalive {
            self.peers.touch(from, cx.now);
        }
        if cx.config.peers.unanswered_is_absent {
            self.peers.clear_absences(from);
        }
        if self.bans(cx.config, cx.now, from) {
            cx.report(LifecycleEvent::Rejected(Rejection::Suspect));
            return;
        }
        match message {
            Message::Query { token, ticket, trail } => {
                self.serve(cx, &IncomingQuery { from, token, ticket, trail });
            }
            Message::Answer { ticket, proof, relay } => match relay {
                Some(relay) if !relay.path.is_empty() => pass_back(cx, ticket, proof, relay),
                relay => self.on_answer(cx, from, ticket, proof, relay.as_deref()),
            },
            Message::Referral { token, ticket, suggested } => {
                self.on_referral(cx, from, token, ticket, suggested);
            }
            Message::Invitation { proof, is_reply } => self.on_invitation(cx, from, proof, is_reply),
            Message::Goodbye { leaves } => self.peers.on_goodbye(cx, from, leaves),
        }
    }

    /// Passes an answer to its election. The responder is the sender, unless answers retrace the path of
    /// their query.
    fn on_answer(
        &mut self,
        cx: &mut Context<'_>,
        from: PeerId,
        ticket: Ticket,
        proof: StorageProof,
        relay: Option<&Relay>,
    ) {
        let forwarded = relay.filter(|_| cx.config.routing.answers == ReturnRule::Retrace);
        let responder = forwarded.map_or(from, |relay| relay.responder);
        let config = &cx.config.election;
        let token = proof.token();
        let Some(election) = self.elections.answers_mut(token, config) else {
            cx.report(LifecycleEvent::Rejected(Rejection::NoElection));
            return;
        };
        let shown = cx.config.keeps_samples().then(|| proof.resolve(cx.store).signature);
        let rules = VotingRules { election: config, verifier: verifier(cx) };
        match election.handle_answer(ticket, proof, responder, rules) {
            Ok(hops) => {
                cx.report(LifecycleEvent::AnswerAccepted {
                    hops: hops + relay.map_or(0, |relay| relay.hops),
                });
                self.credit_answer(cx, responder, token);
                self.sample(cx, responder.into());
                if cx.config.peers.sample_answers {
                    self.sample(cx, token);
                }
                shown.into_iter().flatten().for_each(|mapping| self.sample(cx, mapping.token));
            }
            Err(error) => {
                cx.report(LifecycleEvent::Rejected(Rejection::Election(error)));
                if error == ElectionError::SignatureVerificationFailed {
                    self.record_misbehavior(cx, responder);
                }
            }
        }
    }

    /// Records an accepted answer for its responder.
    fn credit_answer(&mut self, cx: &Context<'_>, responder: PeerId, token: TokenId) {
        self.peers.record_interaction(cx, responder, |stats| stats.answers += 1);
        self.peers.clear_absences(responder);
        let (now, elections) = (cx.now, &self.elections);
        self.peers.score(cx, responder, |score| {
            let started = elections.started(token);
            debug_assert!(started.is_some(), "an election on {token} is running");
            score.on_answer(now, started.unwrap_or(now));
        });
    }

    /// Follows a referral of an open channel, and learns the suggested peers.
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
        // A referral back to the asker is valid, although it leaves no peer to ask.
        let is_valid = matches!(next, Ok(_) | Err(Rejection::Election(ElectionError::SelfReference)));
        if next.map_or_else(closes_channel, |_| true) {
            self.peers.score(cx, from, Score::on_referral);
        }
        match next {
            Ok(query) => {
                cx.send(query.to, Message::Query { token, ticket: query.ticket, trail: None });
                let now = cx.now;
                self.peers.score(cx, query.to, |score| score.on_query(now));
            }
            Err(rejection) => cx.report(LifecycleEvent::Rejected(rejection)),
        }
        if is_valid {
            suggested.into_iter().for_each(|peer| self.sample(cx, peer.into()));
        }
        if is_valid || cx.config.peers.unsolicited_referrals {
            suggested.into_iter().for_each(|peer| self.identify(cx, peer, Cause::Referral));
        }
    }

    /// Records a fault of a peer; at `peers.suspicion` faults it is banned and leaves the table.
    pub(super) fn record_misbehavior(&mut self, cx: &mut Context<'_>, peer: PeerId) {
        self.peers.score(cx, peer, Score::on_fault);
        if cx.config.peers.suspicion.is_some()
            && self.misbehavior.record(peer, BanPolicy::of(cx.config, cx.now))
        {
            cx.report(LifecycleEvent::Suspected { peer });
            self.peers.ban(cx, peer);
        }
    }
}

/// Returns whether a referral that is not followed has closed an open channel.
const fn closes_channel(rejection: Rejection) -> bool {
    use ElectionError::{MaxChannelsReached, NoViableSuggestions, SelfReference, TooManyHops};
    matches!(
        rejection,
        Rejection::Election(SelfReference | NoViableSuggestions | TooManyHops | MaxChannelsReached)
    )
}
