//! Invitations: state changes to Pending, and the choice of invitees.

use std::cmp::Reverse;

use super::state::PeerState;
use super::table::PeerTable;
use crate::base::id::PeerId;
use crate::base::ring;
use crate::base::sort;
use crate::config::{InvitationRule, InviteeRule};
use crate::protocol::context::Context;
use crate::protocol::event::{Cause, PeerStateKind};

/// Permission to send one invitation, returned by the state change that calls for it.
#[must_use]
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Invite {
    to: PeerId,
}

impl Invite {
    /// Receiver of the invitation.
    #[must_use]
    pub(crate) const fn to(&self) -> PeerId {
        self.to
    }
}

impl PeerTable {
    /// Identified to Pending; `None`, and no change, in any other state.
    pub(crate) fn invite(&mut self, cx: &mut Context<'_>, peer: PeerId, cause: Cause) -> Option<Invite> {
        if self.kind_of(peer) != PeerStateKind::Identified {
            return None;
        }
        let since = cx.now;
        self.transition(cx, peer, PeerState::Pending { since }, cause);
        Some(Invite { to: peer })
    }

    /// Processes the win of an election. An Identified winner becomes Pending; a Pending or Connected one is
    /// invited again, without a change of state, unless the rule is [`InvitationRule::Mute`].
    pub(crate) fn elect(&mut self, cx: &mut Context<'_>, winner: PeerId) -> Option<Invite> {
        let again = cx.config.peers.invitations != InvitationRule::Mute
            && self.kind_of(winner) != PeerStateKind::Unknown;
        self.invite(cx, winner, Cause::Election).or(again.then_some(Invite { to: winner }))
    }

    /// Permission to confirm a connection to its other side; `None` unless the peer is Connected.
    #[must_use]
    pub(crate) fn confirm(&self, peer: PeerId) -> Option<Invite> {
        (self.kind_of(peer) == PeerStateKind::Connected).then_some(Invite { to: peer })
    }

    /// Phase 6: makes up to `peers.invitations_per_round` Identified peers Pending, chosen by the
    /// [`InviteeRule`].
    pub(crate) fn invite_some(&mut self, cx: &mut Context<'_>) -> Vec<Invite> {
        let count = cx.config.peers.invitations_per_round as usize;
        if self.identified == 0 || count == 0 {
            return Vec::new();
        }
        let mut identified: Vec<PeerId> =
            self.of_kind(PeerStateKind::Identified).filter(|peer| self.may_invite(cx, *peer)).collect();
        let chosen = match cx.config.peers.invitees {
            InviteeRule::Random => cx.rng.take_some(&mut identified, count),
            InviteeRule::Nearest => {
                sort::sort_by_key(&mut identified, |peer| ring::distance(self.owner.get(), peer.get()));
                identified
            }
            InviteeRule::Reputable => {
                sort::sort_by_key(&mut identified, |peer| Reverse(self.interactions.of(*peer).answer_rate()));
                identified
            }
            InviteeRule::Quality => {
                sort::sort_by_key(&mut identified, |peer| Reverse(self.scores.quality(*peer)));
                identified
            }
        };
        chosen.into_iter().take(count).filter_map(|peer| self.invite(cx, peer, Cause::Selection)).collect()
    }

    /// Returns whether a peer may be invited without an election. A peer with absences is elected first, or
    /// removed by further absences; one below the score floor is not invited.
    fn may_invite(&self, cx: &Context<'_>, peer: PeerId) -> bool {
        let has_absences = cx.config.peers.unanswered_is_absent && self.interactions.of(peer).absences > 0;
        (!has_absences || self.is_cut_off(cx)) && !self.is_below_floor(cx, peer)
    }
}
