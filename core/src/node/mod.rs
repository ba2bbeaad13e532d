//! An honest peer: it answers queries, holds elections, and brings others from Identified to Connected.
//!
//! A [`Node`] has three kinds of method: [`handle`](Node::handle), for everything that can happen to it;
//! [`introduce`](Node::introduce), for what it knows at the start; and getters. It never reads a clock and never draws
//! its own entropy: all it may use comes in through [`Context`], and all it may cause goes out through it.

use crate::actor::{Cause, Context, ElectionError, Ending, Event, Input, Rejection, Standing};
use crate::config::{InvitationRule, ReferralRule, VerificationRule};
use crate::digest::Digest;
use crate::election::{Election, ElectionPool, Progress};
use crate::id::{PeerId, Ticket, TokenId};
use crate::message::{Message, Proof};
use crate::peers::{Invite, Nearest, PeerTable, Samples};
use crate::proof::{VerifiedProof, verify, verify_strictly};
use crate::ring;

/// Peers that a referral names.
const SUGGESTIONS: usize = 2;

/// An honest peer.
#[derive(Clone, Debug)]
pub struct Node {
    id: PeerId,
    peers: PeerTable,
    samples: Samples,
    elections: ElectionPool,
}

/// Whether the queries of an election are sent.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Voice {
    Speaks,
    /// As shipped: the election that an invitation starts loses its queries.
    Mute,
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
        }
    }

    /// Whom it knows.
    #[must_use]
    pub const fn peers(&self) -> &PeerTable {
        &self.peers
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
    pub fn introduce(&mut self, cx: &mut Context<'_>, peer: PeerId, standing: Standing) {
        self.peers.introduce(cx, peer, standing);
        self.samples.insert(cx, peer.into());
    }

    /// The rules have changed: nothing that was concluded from the old ones stays.
    pub fn reconsider(&mut self) {
        self.elections.reconsider();
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
        self.process_elections(cx);
        self.peers.evict_identified(cx);
        self.samples.evict(cx);
        self.peers.prune_by_distance(cx);
        self.send_invitations(cx);
        self.start_elections(cx);
    }

    fn process_elections(&mut self, cx: &mut Context<'_>) {
        for (token, progress) in self.elections.progress(cx.now, &cx.config.election) {
            if matches!(progress, Progress::Split | Progress::SplitForGood) {
                cx.report(Event::SplitBrain { token });
            }
            match progress {
                Progress::Split => self.ask_candidates(cx, token, Voice::Speaks),
                Progress::Elected(winner) => self.end(cx, token, Ending::Elected { winner }),
                Progress::TimedOut(failure) => self.end(cx, token, failure),
                Progress::SplitForGood => self.end(cx, token, Ending::SplitBrain),
            }
        }
    }

    fn end(&mut self, cx: &mut Context<'_>, token: TokenId, ending: Ending) {
        let rounds = self.elections.end(token).map_or(0, |started| cx.now.since(started));
        let rounds = u32::try_from(rounds).unwrap_or(u32::MAX);
        cx.report(Event::ElectionEnded { token, rounds, ending });
        if let Ending::Elected { winner } = ending {
            self.welcome(cx, winner);
        }
    }

    fn welcome(&mut self, cx: &mut Context<'_>, winner: PeerId) {
        self.identify(cx, winner, Cause::Election);
        if let Some(invite) = self.peers.elect(cx, winner) {
            self.send_invitation(cx, &invite);
        }
        self.peers.keep_budget(cx);
    }

    fn send_invitations(&mut self, cx: &mut Context<'_>) {
        for invite in self.peers.invite_some(cx) {
            self.send_invitation(cx, &invite);
        }
    }

    /// Sends an invitation where the peer can prove what it stores at its own id; without a proof there is none.
    fn send_invitation(&self, cx: &mut Context<'_>, invite: &Invite) {
        if let Some(proof) = cx.store.prove(self.id.into(), invite.to()) {
            cx.send(invite.to(), Message::Invitation { proof: Box::new(proof) });
        }
    }

    fn start_elections(&mut self, cx: &mut Context<'_>) {
        let wanted = cx.config.election.per_round;
        let sampled: Vec<TokenId> = (0..wanted).map_while(|_| self.samples.take(cx)).collect();
        // Tokens that nobody stores bring referrals, and with them new peers (seed 000, "Random Token Elections").
        let random = (sampled.len()..wanted as usize).map(|_| TokenId::new(cx.rng.number()));
        let tokens: Vec<TokenId> = sampled.iter().copied().chain(random).collect();
        for token in tokens {
            if self.begin(cx, token) {
                self.ask_candidates(cx, token, Voice::Speaks);
            }
        }
    }

    /// Begins an election, unless one on the token is running or there are too many.
    fn begin(&mut self, cx: &mut Context<'_>, token: TokenId) -> bool {
        let may_start = self.elections.may_start(token);
        if may_start {
            self.elections.start(Election::new(token, self.id, cx.secrets.secret()), cx.now);
            cx.report(Event::ElectionStarted { token });
        }
        may_start
    }

    /// Opens channels to the best candidates that the election has not asked yet.
    fn ask_candidates(&mut self, cx: &mut Context<'_>, token: TokenId, voice: Voice) {
        let config = &cx.config.election;
        let mut candidates = self.nearest(cx, token, config.candidates as usize);
        if config.token_as_first_hop {
            candidates.retain(|peer| *peer != token.as_peer());
            candidates.insert(0, token.as_peer());
        }
        if !config.replace_candidates {
            candidates.truncate(config.channels as usize);
        }
        let Some(running) = self.elections.get_mut(token) else { return };
        let opened = candidates.into_iter().filter_map(|peer| running.open_channel(peer, config).ok());
        for query in opened.take(config.channels as usize) {
            if voice == Voice::Speaks {
                cx.send(query.to, Message::Query { token, ticket: query.ticket });
            }
        }
    }

    fn receive(&mut self, cx: &mut Context<'_>, from: PeerId, message: Message) {
        if cx.config.peers.keepalive {
            self.peers.hear(from, cx.now);
        }
        match message {
            Message::Query { token, ticket } => self.serve(cx, from, token, ticket),
            Message::Answer { ticket, proof } => self.take_answer(cx, from, ticket, proof),
            Message::Referral { token, ticket, suggested } => self.follow(cx, token, ticket, suggested),
            Message::Invitation { proof } => match cx.config.peers.invitations {
                InvitationRule::Mute => self.shelve_invitation(cx, from),
                InvitationRule::Reciprocal => self.take_invitation(cx, from, proof),
            },
        }
    }

    fn serve(&self, cx: &mut Context<'_>, from: PeerId, token: TokenId, ticket: Ticket) {
        if let Some(proof) = cx.store.prove(token, from) {
            cx.send(from, Message::Answer { ticket, proof: Box::new(proof) });
            return;
        }
        let nearest = match cx.config.election.referrals {
            ReferralRule::Unbounded => self.nearest(cx, token, SUGGESTIONS),
            ReferralRule::Bounded => {
                let mut nearest = self.nearest(cx, token, SUGGESTIONS + 1);
                nearest.retain(|peer| *peer != from);
                nearest
            }
        };
        match nearest[..] {
            [first, second, ..] => {
                cx.send(from, Message::Referral { token, ticket, suggested: [first, second] });
            }
            _ => cx.report(Event::Rejected(Rejection::NobodyToSuggest)),
        }
    }

    fn nearest(&self, cx: &Context<'_>, token: TokenId, count: usize) -> Nearest {
        self.peers.nearest(token.get(), count, cx.config.peers.wrapping_lookup)
    }

    fn take_answer(&mut self, cx: &mut Context<'_>, from: PeerId, ticket: Ticket, proof: Box<Proof>) {
        let token = proof.answer.token;
        let Some(running) = self.elections.get_mut(token) else {
            cx.report(Event::Rejected(Rejection::NoElection));
            return;
        };
        let shown = proof.signature.map(|mapping| mapping.token);
        let verified = check(cx, self.id, proof, token);
        let outcome = verified.and_then(|proof| running.change().handle_answer(ticket, proof, from));
        match outcome {
            Ok(hops) => {
                cx.report(Event::Answered { hops });
                self.samples.insert(cx, from.into());
                shown.into_iter().for_each(|token| self.samples.insert(cx, token));
            }
            Err(error) => cx.report(Event::Rejected(Rejection::Election(error))),
        }
    }

    fn follow(&mut self, cx: &mut Context<'_>, token: TokenId, ticket: Ticket, suggested: [PeerId; 2]) {
        let config = &cx.config.election;
        let next = match self.elections.get_mut(token) {
            Some(running) => running
                .change()
                .handle_referral(ticket, token, suggested, config, cx.rng)
                .map_err(Rejection::Election),
            None => Err(Rejection::NoElection),
        };
        // A referral back to its asker is a good one, and still nobody is left to ask.
        let is_good = matches!(next, Ok(_) | Err(Rejection::Election(ElectionError::SelfReference)));
        match next {
            Ok(query) => cx.send(query.to, Message::Query { token, ticket: query.ticket }),
            Err(rejection) => cx.report(Event::Rejected(rejection)),
        }
        if is_good {
            suggested.into_iter().for_each(|peer| self.samples.insert(cx, peer.into()));
        }
        if is_good || cx.config.peers.unsolicited_referrals {
            suggested.into_iter().for_each(|peer| self.identify(cx, peer, Cause::Referral));
        }
    }

    fn identify(&mut self, cx: &mut Context<'_>, peer: PeerId, cause: Cause) {
        if self.peers.identify(cx, peer, cause) {
            self.samples.insert(cx, peer.into());
        }
    }

    /// What seed 000 as shipped makes of an invitation: its proof is not looked at, and at most an election comes of it
    /// whose queries are lost.
    fn shelve_invitation(&mut self, cx: &mut Context<'_>, from: PeerId) {
        if self.declines(cx, from) {
            self.identify(cx, from, Cause::Invitation);
            cx.report(Event::Rejected(Rejection::Declined));
        } else if self.is_cooling_down(cx, from) {
            cx.report(Event::Rejected(Rejection::CoolingDown));
        } else if self.begin(cx, from.into()) {
            self.identify(cx, from, Cause::Invitation);
            self.peers.stamp_election(from, cx.now);
            self.ask_candidates(cx, from.into(), Voice::Mute);
        } else {
            cx.report(Event::Rejected(Rejection::Election(ElectionError::UnknownTicket)));
        }
    }

    /// An invitation is the reciprocal one, a sign of life, or the first answer of an election on its sender.
    fn take_invitation(&mut self, cx: &mut Context<'_>, from: PeerId, proof: Box<Proof>) {
        let Ok(proof) = check(cx, self.id, proof, from.into()) else {
            cx.report(Event::Rejected(Rejection::BadInvitation));
            return;
        };
        match self.peers.standing(from) {
            Standing::Connected => self.peers.hear(from, cx.now),
            Standing::Pending => {
                self.peers.connect(cx, from);
                self.peers.keep_budget(cx);
            }
            Standing::Unknown if self.declines(cx, from) => {
                self.identify(cx, from, Cause::Invitation);
                cx.report(Event::Rejected(Rejection::Declined));
            }
            Standing::Identified if self.is_cooling_down(cx, from) => {
                cx.report(Event::Rejected(Rejection::CoolingDown));
            }
            Standing::Unknown | Standing::Identified => self.examine(cx, from, proof),
        }
    }

    /// Opens an election on a peer that has invited this one: others are asked whether they agree with its proof.
    fn examine(&mut self, cx: &mut Context<'_>, inviter: PeerId, proof: VerifiedProof) {
        self.identify(cx, inviter, Cause::Invitation);
        self.peers.stamp_election(inviter, cx.now);
        let token = inviter.into();
        if !self.begin(cx, token) {
            cx.report(Event::Rejected(Rejection::Election(ElectionError::ChannelAlreadyExists)));
            return;
        }
        let config = &cx.config.election;
        let admitted =
            self.elections.get_mut(token).map(|running| running.change().admit(inviter, proof, config));
        if let Some(Err(error)) = admitted {
            cx.report(Event::Rejected(Rejection::Election(error)));
        }
        self.ask_candidates(cx, token, Voice::Speaks);
    }

    /// Invitations are declined the likelier the farther their sender is.
    fn declines(&self, cx: &mut Context<'_>, from: PeerId) -> bool {
        cx.rng.chance_of_distance(ring::distance(self.id.get(), from.get()))
    }

    fn is_cooling_down(&self, cx: &Context<'_>, peer: PeerId) -> bool {
        self.peers.is_cooling_down(peer, cx.now, cx.config.peers.invitation_cooldown_rounds)
    }

    /// Adds the peer to a fingerprint.
    pub fn digest(&self, digest: &mut Digest) {
        digest.number(self.id.get());
        self.peers.digest(digest);
        self.samples.digest(digest);
        self.elections.digest(digest);
    }
}

/// Looks at a proof for `me` as closely as the rules demand.
fn check(
    cx: &Context<'_>,
    me: PeerId,
    proof: Box<Proof>,
    token: TokenId,
) -> Result<VerifiedProof, ElectionError> {
    let config = &cx.config.tokens;
    match config.verification {
        VerificationRule::Weak => verify(proof, token, me),
        VerificationRule::Strict => verify_strictly(proof, token, me, config.search, cx.store),
    }
}

#[cfg(test)]
mod tests;
