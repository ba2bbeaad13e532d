//! Lifecycle: state changes that messages and elections cause.

use super::anchors::Anchors;
use super::state::PeerState;
use super::table::PeerTable;
use crate::base::id::PeerId;
use crate::base::mutant::{Mutant, mutant};
use crate::base::time::Round;
use crate::protocol::context::Context;
use crate::protocol::event::{Cause, PeerStateKind};

/// Absences after which an Identified peer is removed: elections on its id that it did not take part in, and
/// invitations without a reply.
const ABSENCES_MAX: u32 = 2;

impl PeerTable {
    /// Inserts an unknown peer as Identified. Returns whether it was unknown; the owner is never inserted.
    pub(crate) fn identify(&mut self, cx: &mut Context<'_>, peer: PeerId, cause: Cause) -> bool {
        let may_enter = mutant!(KnowsItself: peer != self.owner => true);
        let is_new = may_enter && self.index_of(peer).is_none();
        if is_new {
            self.transition(cx, peer, PeerState::NEW, cause);
        }
        is_new
    }

    /// Sets the state of a peer as the initial world demands; no effect for the owner or
    /// [`PeerStateKind::Unknown`].
    pub(crate) fn introduce(&mut self, cx: &mut Context<'_>, peer: PeerId, kind: PeerStateKind) {
        let now = cx.now;
        let state = match kind {
            PeerStateKind::Unknown => return,
            PeerStateKind::Identified => PeerState::NEW,
            PeerStateKind::Pending => PeerState::Pending { since: now },
            PeerStateKind::Connected => PeerState::Connected { since: now, heard: now },
        };
        if peer != self.owner {
            self.transition(cx, peer, state, Cause::Introduction);
        }
    }

    /// Keeps contacts from a bootstrap list aside, if `peers.rejoin_rounds` asks for any.
    pub(crate) fn keep_contacts(&mut self, cx: &Context<'_>, contacts: &[PeerId]) {
        if let Some(anchors) = self.anchors_mut(cx) {
            contacts.iter().for_each(|peer| anchors.keep_contact(*peer));
        }
    }

    /// Keeps a peer aside whose connection has ended, unless it has left for good.
    pub(super) fn keep_anchor(&mut self, cx: &Context<'_>, peer: PeerId, cause: Cause) {
        if cause != Cause::Goodbye
            && let Some(anchors) = self.anchors_mut(cx)
        {
            anchors.keep_lost(peer);
        }
    }

    /// The anchors, if `peers.rejoin_rounds` asks for any.
    fn anchors_mut(&mut self, cx: &Context<'_>) -> Option<&mut Anchors> {
        cx.config.peers.rejoin_rounds.map(|_| &mut **self.anchors.get_or_insert_default())
    }

    /// Inserts the next anchor that is unknown, and that `may_return`, as Identified. At most once in
    /// `peers.rejoin_rounds` rounds, in which no two peers need agree.
    pub(crate) fn rejoin(&mut self, cx: &mut Context<'_>, may_return: impl Fn(PeerId) -> bool) {
        let Some(rounds) = cx.config.peers.rejoin_rounds.map(|rounds| u64::from(rounds.get())) else {
            return;
        };
        let is_due = cx.now.0 % rounds == self.owner.get() % rounds;
        let Some(mut anchors) = self.anchors.take_if(|_| is_due) else {
            return;
        };
        let next = anchors.next(|peer| self.index_of(peer).is_none() && may_return(peer));
        self.anchors = Some(anchors);
        if let Some(peer) = next {
            self.identify(cx, peer, Cause::Introduction);
        }
    }

    /// Peers that are kept aside.
    #[cfg(feature = "layers")]
    pub(crate) fn anchors(&self) -> impl Iterator<Item = PeerId> {
        self.anchors.iter().flat_map(|anchors| anchors.iter())
    }

    /// Pending to Connected: the peer has replied to an invitation with its own. No effect in any other
    /// state.
    pub fn connect(&mut self, cx: &mut Context<'_>, peer: PeerId) {
        let now = cx.now;
        let is_invited = mutant!(ConnectedUninvited: self.kind_of(peer) == PeerStateKind::Pending => true);
        if is_invited {
            self.transition(cx, peer, PeerState::Connected { since: now, heard: now }, Cause::Reciprocation);
        }
    }

    /// Processes a goodbye: ends the connection or the invitation, and removes a peer that leaves for good.
    pub(crate) fn on_goodbye(&mut self, cx: &mut Context<'_>, peer: PeerId, leaves: bool) {
        match self.kind_of(peer) {
            PeerStateKind::Unknown => {}
            _ if Mutant::GoodbyeUnheard.is_active() => {}
            _ if leaves => self.remove(cx, peer, Cause::Goodbye),
            PeerStateKind::Identified => {}
            PeerStateKind::Pending | PeerStateKind::Connected => {
                self.transition(cx, peer, PeerState::NEW, Cause::Goodbye);
            }
        }
    }

    /// Removes a peer that has been banned for misbehavior.
    pub(crate) fn ban(&mut self, cx: &mut Context<'_>, peer: PeerId) {
        self.remove(cx, peer, Cause::Suspicion);
    }

    /// Restarts the silence timeout of a Connected peer; no effect in any other state.
    pub(crate) fn touch(&mut self, peer: PeerId, now: Round) {
        if let Some(index) = self.index_of(peer)
            && !Mutant::LifeUnnoticed.is_active()
        {
            self.states[index].touch(now);
        }
    }

    /// The Connected peer heard from least recently, by id among equals; `None` without connections.
    #[must_use]
    pub(crate) fn least_recently_heard(&self) -> Option<PeerId> {
        let connected = self.iter().filter_map(|(peer, state)| match state {
            PeerState::Connected { heard, .. } => Some((heard, peer)),
            PeerState::Identified { .. } | PeerState::Pending { .. } => None,
        });
        connected.min().map(|(_, peer)| peer)
    }

    /// Returns whether an invitation of this peer started an election less than `cooldown_rounds` rounds ago.
    #[must_use]
    pub(crate) fn is_cooling_down(&self, peer: PeerId, now: Round, cooldown_rounds: u32) -> bool {
        let state = self.index_of(peer).map(|index| self.states[index].into());
        matches!(state, Some(PeerState::Identified { last_election: Some(last) })
            if mutant!(CooldownIgnored: now.since(last) < u64::from(cooldown_rounds) => false))
    }

    /// Starts the cooldown of an Identified peer whose invitation has started an election.
    pub(crate) fn stamp_election(&mut self, peer: PeerId, now: Round) {
        if let Some(index) = self.index_of(peer)
            && self.states[index].kind() == PeerStateKind::Identified
        {
            self.states[index] = PeerState::Identified { last_election: Some(now) }.into();
        }
    }

    /// Resets the absences of a peer that has sent a message.
    pub(crate) fn clear_absences(&mut self, peer: PeerId) {
        self.interactions.clear_absences(peer);
    }

    /// Counts an election on the id of an Identified peer in which it did not take part, and removes it at
    /// `ABSENCES_MAX`. No effect while the owner is cut off: silence then says nothing about a single peer.
    pub(crate) fn record_absence(&mut self, cx: &mut Context<'_>, peer: PeerId) {
        if self.kind_of(peer) != PeerStateKind::Identified || self.is_cut_off(cx) {
            return;
        }
        if Mutant::AbsenceUncounted.is_active() {
            return;
        }
        self.count_absences(cx, peer, |absences| absences + 1);
        if self.interactions.of(peer).absences >= ABSENCES_MAX {
            self.remove(cx, peer, Cause::Absence);
        }
    }

    /// Returns whether no peer is Connected while missing replies count as absences: absences are not counted
    /// then, because the removal of all known peers would be final.
    pub(super) const fn is_cut_off(&self, cx: &Context<'_>) -> bool {
        cx.config.peers.unanswered_is_absent && self.connected == 0
    }
}
