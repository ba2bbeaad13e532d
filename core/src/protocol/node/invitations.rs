//! Invitations: sent after elections or by selection, verified on arrival, and answered.

use super::{Node, Queries, verifier};
use crate::base::id::PeerId;
use crate::base::mutant::mutant;
use crate::base::ring;
use crate::config::{AcceptanceRule, InvitationRule, RolloutPhase};
use crate::protocol::context::Context;
use crate::protocol::event::{Cause, ElectionError, LifecycleEvent, PeerStateKind, Rejection};
use crate::protocol::message::{Message, StorageProof};
use crate::protocol::peer_table::Invite;
use crate::protocol::proof::VerifiedProof;

impl Node {
    /// Phase 6: invites Identified peers, while connections are lacking.
    pub(super) fn send_invitations(&mut self, cx: &mut Context<'_>) {
        let elects_alone =
            cx.config.rollout.phase == RolloutPhase::Primary && self.holds_elections(cx.config);
        if elects_alone || !self.lacks_connections(cx) {
            return;
        }
        for invite in self.peers.invite_some(cx) {
            self.send_invitation(cx, &invite);
        }
    }

    /// Sends an invitation with a proof for the peer's own id; sends nothing if it finds no proof.
    pub(super) fn send_invitation(&self, cx: &mut Context<'_>, invite: &Invite) {
        self.invite(cx, invite, false);
    }

    /// Invites a member of the leaf set that elections do not confirm, if a recent invitation of it carried a
    /// valid proof (`peers.neighbors_by_proof`). The challenge of an election is always the same, so that
    /// some pairs of peers could never confirm each other.
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
        debug_assert!(invite.to() != self.id, "a peer does not invite itself");
        if let Some(proof) = cx.store.prove(self.id.into(), invite.to()) {
            cx.send(invite.to(), Message::Invitation { proof, is_reply });
        }
    }

    /// Handles an invitation: the reply of a Pending peer, a sign of life of a Connected one, or the first
    /// answer of an election on its sender.
    pub(super) fn on_invitation(
        &mut self,
        cx: &mut Context<'_>,
        from: PeerId,
        proof: StorageProof,
        is_reply: bool,
    ) {
        if self.exceeds_invitation_limit(cx, from) {
            cx.report(LifecycleEvent::Rejected(Rejection::TooManyInvitations));
            return;
        }
        let proof = verifier(cx).verify(proof, from.into(), self.id).ok();
        let must_prove = mutant!(InvitationUnverified: !cx.config.peers.unverified_invitations => false);
        if proof.is_none() && must_prove {
            cx.report(LifecycleEvent::Rejected(Rejection::BadInvitation));
            return;
        }
        let rule = cx.config.peers.invitations;
        let promotes = matches!(rule, InvitationRule::Reciprocal | InvitationRule::OnlyPromoting);
        let examines = matches!(rule, InvitationRule::Reciprocal | InvitationRule::OnlyExamining);
        let may_connect = |kind| {
            use PeerStateKind::{Identified, Pending};
            mutant!(ConnectedUninvited: kind == Pending => matches!(kind, Identified | Pending))
        };
        match self.peers.kind_of(from) {
            PeerStateKind::Connected if rule != InvitationRule::Mute => {
                self.peers.touch(from, cx.now);
                self.confirm(cx, from, is_reply);
            }
            kind if promotes && may_connect(kind) => {
                self.peers.connect(cx, from);
                // The budget comes first: a connection that it ends at once is not confirmed.
                self.peers.keep_budget(cx);
                self.confirm(cx, from, is_reply);
            }
            PeerStateKind::Pending if examines => {}
            _ if examines => self.consider(cx, from, proof),
            _ if self.holds_elections(cx.config) => self.start_muted_election(cx, from),
            _ => self.identify(cx, from, Cause::Invitation),
        }
    }

    /// Returns whether a peer sends more than `peers.invitation_limit` invitations, which is recorded as
    /// misbehavior.
    fn exceeds_invitation_limit(&mut self, cx: &mut Context<'_>, from: PeerId) -> bool {
        let Some(limit) = cx.config.peers.invitation_limit else { return false };
        let now = cx.now;
        let exceeds = self.peers.score(cx, from, |score| score.on_invitation(now, limit.get())) == Some(true);
        if exceeds {
            self.record_misbehavior(cx, from);
        }
        exceeds
    }

    /// Confirms a connection to its other side with an invitation, unless that side has just confirmed it.
    fn confirm(&self, cx: &mut Context<'_>, peer: PeerId, is_reply: bool) {
        let confirms = mutant!(HandshakeSilent: cx.config.peers.handshake => false);
        let needs_confirmation = mutant!(HandshakeEcho: !is_reply => true);
        if confirms
            && needs_confirmation
            && let Some(invite) = self.peers.confirm(peer)
        {
            self.invite(cx, &invite, true);
        }
    }

    /// Considers the invitation of a peer that this one has not invited: declines it by the
    /// [`AcceptanceRule`], ignores it during the cooldown, or starts an election on the inviter. A peer that
    /// holds no elections only remembers the inviter.
    fn consider(&mut self, cx: &mut Context<'_>, from: PeerId, proof: Option<VerifiedProof>) {
        let is_stranger = self.peers.kind_of(from) == PeerStateKind::Unknown;
        let is_declined = match cx.config.peers.acceptance {
            AcceptanceRule::ByDistance => is_stranger && self.declines(cx, from),
            AcceptanceRule::ByNeed => !self.has_room_for(cx, from),
        };
        if !self.holds_elections(cx.config) {
            // It may be chosen by chance and invited back.
            self.identify(cx, from, Cause::Invitation);
        } else if is_declined || self.peers.is_below_floor(cx, from) {
            self.identify(cx, from, Cause::Invitation);
            cx.report(LifecycleEvent::Rejected(Rejection::Declined));
        } else if self.is_cooling_down(cx, from) {
            cx.report(LifecycleEvent::Rejected(Rejection::CoolingDown));
        } else {
            self.examine(cx, from, proof);
        }
    }

    /// Starts an election on an inviter, with its proof as the first answer: other peers have to agree with
    /// it.
    fn examine(&mut self, cx: &mut Context<'_>, inviter: PeerId, proof: Option<VerifiedProof>) {
        let rules = &cx.config.peers;
        let queries = if rules.mute_examinations { Queries::Suppress } else { Queries::Send };
        if rules.identify_inviters {
            self.identify(cx, inviter, Cause::Invitation);
        }
        self.peers.stamp_election(inviter, cx.now);
        let token = inviter.into();
        if self.begin(cx, token).is_err() {
            cx.report(LifecycleEvent::Rejected(Rejection::Election(ElectionError::ChannelAlreadyExists)));
            return;
        }
        let config = &cx.config.election;
        let admitted = proof.and_then(|proof| {
            self.elections.answers_mut(token, config).map(|election| election.admit(inviter, proof, config))
        });
        if let Some(Err(error)) = admitted {
            cx.report(LifecycleEvent::Rejected(Rejection::Election(error)));
        }
        self.ask_candidates(cx, token, queries);
    }

    /// Handles an invitation as document 000 ships it: at most, it starts an election whose queries are lost.
    fn start_muted_election(&mut self, cx: &mut Context<'_>, from: PeerId) {
        if self.declines(cx, from) {
            self.identify(cx, from, Cause::Invitation);
            cx.report(LifecycleEvent::Rejected(Rejection::Declined));
        } else if self.is_cooling_down(cx, from) {
            cx.report(LifecycleEvent::Rejected(Rejection::CoolingDown));
        } else if self.begin(cx, from.into()).is_ok() {
            self.identify(cx, from, Cause::Invitation);
            self.peers.stamp_election(from, cx.now);
            self.ask_candidates(cx, from.into(), Queries::Suppress);
        } else {
            cx.report(LifecycleEvent::Rejected(Rejection::Election(ElectionError::UnknownTicket)));
        }
    }

    /// Declines an invitation with probability distance / 2^63.
    fn declines(&self, cx: &mut Context<'_>, from: PeerId) -> bool {
        cx.rng.chance_of_distance(ring::distance(self.id.get(), from.get()))
    }

    /// Returns whether the budget has room for a connection; always for a member of the leaf set.
    pub(super) fn has_room_for(&self, cx: &Context<'_>, peer: PeerId) -> bool {
        let config = &cx.config.peers;
        self.peers.count(PeerStateKind::Connected) < config.connected_budget
            || self.peers.is_in_leaf_set(peer, config.core_neighbors)
    }

    pub(super) fn is_cooling_down(&self, cx: &Context<'_>, peer: PeerId) -> bool {
        self.peers.is_cooling_down(peer, cx.now, cx.config.peers.invitation_cooldown_rounds)
    }
}
