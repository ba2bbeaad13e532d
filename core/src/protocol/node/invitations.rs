//! How connections come about: by invitations that are earned, examined and answered.

use super::{Node, Queries, verifier};
use crate::base::id::PeerId;
use crate::base::mutant::Mutant;
use crate::base::ring;
use crate::config::{AcceptanceRule, InvitationRule};
use crate::protocol::context::Context;
use crate::protocol::event::{Cause, ElectionError, Event, PeerStateKind, Rejection};
use crate::protocol::message::{Message, StorageProof};
use crate::protocol::peer_table::Invite;
use crate::protocol::proof::VerifiedProof;

impl Node {
    /// Phase 6: invites some Identified peers, as long as connections are wanted.
    pub(super) fn send_invitations(&mut self, cx: &mut Context<'_>) {
        if !self.lacks_connections(cx) {
            return;
        }
        for invite in self.peers.invite_some(cx) {
            self.send_invitation(cx, &invite);
        }
    }

    /// Sends an invitation where the peer can prove what it stores at its own id; without a proof there is none.
    pub(super) fn send_invitation(&self, cx: &mut Context<'_>, invite: &Invite) {
        self.invite(cx, invite, false);
    }

    /// Invites a neighbour that elections do not confirm, where it has lately shown by an invitation that it stores what
    /// it should. What an election demands is the same every time, so that some pairs could never confirm each other.
    pub(super) fn invite_proven_neighbor(&mut self, cx: &mut Context<'_>, peer: PeerId) {
        let config = &cx.config.peers;
        let is_proven = config.neighbors_by_proof
            && self.peers.is_in_leaf_set(peer, config.core_neighbors)
            && self.is_cooling_down(cx, peer);
        if is_proven && let Some(invite) = self.peers.invite(cx, peer, Cause::Selection) {
            self.send_invitation(cx, &invite);
        }
    }

    fn invite(&self, cx: &mut Context<'_>, invite: &Invite, is_reply: bool) {
        if let Some(proof) = cx.store.prove(self.id.into(), invite.to()) {
            cx.send(invite.to(), Message::Invitation { proof, is_reply });
        }
    }

    /// An invitation is the reciprocal one, a sign of life, or the first answer of an election on its sender.
    pub(super) fn take_invitation(
        &mut self,
        cx: &mut Context<'_>,
        from: PeerId,
        proof: StorageProof,
        is_reply: bool,
    ) {
        if self.floods(cx, from) {
            cx.report(Event::Rejected(Rejection::TooManyInvitations));
            return;
        }
        let proof = verifier(cx).verify(proof, from.into(), self.id).ok();
        let must_prove = !cx.config.peers.unverified_invitations && !Mutant::InvitationUnverified.is_active();
        if proof.is_none() && must_prove {
            cx.report(Event::Rejected(Rejection::BadInvitation));
            return;
        }
        let rule = cx.config.peers.invitations;
        let promotes = matches!(rule, InvitationRule::Reciprocal | InvitationRule::OnlyPromoting);
        let examines = matches!(rule, InvitationRule::Reciprocal | InvitationRule::OnlyExamining);
        let may_connect = |standing| match standing {
            PeerStateKind::Pending => true,
            PeerStateKind::Identified => Mutant::ConnectedUninvited.is_active(),
            _ => false,
        };
        match self.peers.kind_of(from) {
            PeerStateKind::Connected if rule != InvitationRule::Mute => {
                self.peers.touch(from, cx.now);
                self.confirm(cx, from, is_reply);
            }
            standing if promotes && may_connect(standing) => {
                self.peers.connect(cx, from);
                // Who has to go again at once is not told that it is connected.
                self.peers.keep_budget(cx);
                self.confirm(cx, from, is_reply);
            }
            PeerStateKind::Pending if examines => {}
            _ if examines => self.consider(cx, from, proof),
            _ => self.shelve_invitation(cx, from),
        }
    }

    /// Whether a peer sends more invitations than honest ones have reason to.
    fn floods(&mut self, cx: &mut Context<'_>, from: PeerId) -> bool {
        let Some(limit) = cx.config.peers.invitation_limit else { return false };
        let now = cx.now;
        let floods = self.peers.score(cx, from, |score| score.on_invitation(now, limit.get())) == Some(true);
        if floods {
            self.suspect(cx, from);
        }
        floods
    }

    /// Lets the other side know of a connection, unless it is what has just let this one know.
    fn confirm(&self, cx: &mut Context<'_>, peer: PeerId, is_reply: bool) {
        if cx.config.peers.handshake
            && (!is_reply || Mutant::HandshakeEcho.is_active())
            && !Mutant::HandshakeSilent.is_active()
            && let Some(invite) = self.peers.confirm(peer)
        {
            self.invite(cx, &invite, true);
        }
    }

    /// The invitation of a peer that this one has not invited.
    fn consider(&mut self, cx: &mut Context<'_>, from: PeerId, proof: Option<VerifiedProof>) {
        let is_stranger = self.peers.kind_of(from) == PeerStateKind::Unknown;
        let is_declined = match cx.config.peers.acceptance {
            AcceptanceRule::ByDistance => is_stranger && self.declines(cx, from),
            AcceptanceRule::ByNeed => !self.has_room_for(cx, from),
        };
        if is_declined || self.peers.is_below_floor(cx, from) {
            self.identify(cx, from, Cause::Invitation);
            cx.report(Event::Rejected(Rejection::Declined));
        } else if self.is_cooling_down(cx, from) {
            cx.report(Event::Rejected(Rejection::CoolingDown));
        } else {
            self.examine(cx, from, proof);
        }
    }

    /// Opens an election on a peer that has invited this one: others are asked whether they agree with its proof.
    fn examine(&mut self, cx: &mut Context<'_>, inviter: PeerId, proof: Option<VerifiedProof>) {
        self.identify(cx, inviter, Cause::Invitation);
        self.peers.stamp_election(inviter, cx.now);
        let token = inviter.into();
        if !self.begin(cx, token) {
            cx.report(Event::Rejected(Rejection::Election(ElectionError::ChannelAlreadyExists)));
            return;
        }
        let config = &cx.config.election;
        let admitted = proof.and_then(|proof| {
            self.elections.answers_mut(token, config).map(|election| election.admit(inviter, proof, config))
        });
        if let Some(Err(error)) = admitted {
            cx.report(Event::Rejected(Rejection::Election(error)));
        }
        self.ask_candidates(cx, token, Queries::Send);
    }

    /// What seed 000 as shipped makes of an invitation: at most an election comes of it whose queries are lost.
    fn shelve_invitation(&mut self, cx: &mut Context<'_>, from: PeerId) {
        if self.declines(cx, from) {
            self.identify(cx, from, Cause::Invitation);
            cx.report(Event::Rejected(Rejection::Declined));
        } else if self.is_cooling_down(cx, from) {
            cx.report(Event::Rejected(Rejection::CoolingDown));
        } else if self.begin(cx, from.into()) {
            self.identify(cx, from, Cause::Invitation);
            self.peers.stamp_election(from, cx.now);
            self.ask_candidates(cx, from.into(), Queries::Suppress);
        } else {
            cx.report(Event::Rejected(Rejection::Election(ElectionError::UnknownTicket)));
        }
    }

    /// Invitations are declined the likelier the farther their sender is.
    fn declines(&self, cx: &mut Context<'_>, from: PeerId) -> bool {
        cx.rng.chance_of_distance(ring::distance(self.id.get(), from.get()))
    }

    pub(super) fn has_room_for(&self, cx: &Context<'_>, peer: PeerId) -> bool {
        let config = &cx.config.peers;
        self.peers.count(PeerStateKind::Connected) < config.connected_budget
            || self.peers.is_in_leaf_set(peer, config.core_neighbors)
    }

    pub(super) fn is_cooling_down(&self, cx: &Context<'_>, peer: PeerId) -> bool {
        self.peers.is_cooling_down(peer, cx.now, cx.config.peers.invitation_cooldown_rounds)
    }
}
