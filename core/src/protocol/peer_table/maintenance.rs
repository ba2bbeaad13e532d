//! Maintenance, once a round: expiry, score floor, eviction, pruning and the connection budget (document 000,
//! "Tick Lifecycle", phases 1, 3 and 5).

use super::state::PeerState;
use super::table::PeerTable;
use crate::base::id::PeerId;
use crate::base::mutant::{Mutant, mutant};
use crate::base::ring;
use crate::base::time::Round;
use crate::config::{EvictionRule, PeersConfig};
use crate::protocol::context::Context;
use crate::protocol::event::{Cause, PeerStateKind};

/// Durations of states, in rounds.
#[derive(Clone, Copy)]
struct Timeouts {
    /// An invitation without a reply.
    pending: u64,
    /// A connection without a sign of life.
    silence: u64,
    /// A connection that no election confirms; `None` if such connections do not expire.
    tenure: Option<u64>,
}

impl Timeouts {
    fn of(config: &PeersConfig) -> Self {
        Self {
            pending: config.pending_timeout_rounds.into(),
            silence: config.connection_timeout_rounds.into(),
            tenure: config.tenure_rounds.map(|rounds| rounds.get().into()),
        }
    }

    fn shortest(self) -> u64 {
        let silence_or_pending = self.pending.min(self.silence);
        self.tenure.map_or(silence_or_pending, |tenure| tenure.min(silence_or_pending))
    }

    /// First round in which a state expires, and the cause; `None` if it does not expire. `last_win` is
    /// called only if the tenure matters.
    fn expiry(
        self,
        state: PeerState,
        now: Round,
        last_win: impl FnOnce() -> Option<Round>,
    ) -> Option<(Round, Cause)> {
        match state {
            PeerState::Identified { .. } => None,
            PeerState::Pending { .. } if Mutant::PendingForEver.is_active() => None,
            PeerState::Connected { .. } if Mutant::SilenceForEver.is_active() => None,
            PeerState::Pending { since } => Some((Round(since.0 + self.pending), Cause::NoReply)),
            PeerState::Connected { since, heard } => {
                let silent = (Round(heard.0 + self.silence), Cause::Silence);
                match self.tenure {
                    Some(tenure) if now < silent.0 => {
                        let confirmed = last_win().map_or(since, |won| won.max(since));
                        Some(silent.min((Round(confirmed.0 + tenure), Cause::Tenure)))
                    }
                    _ => Some(silent),
                }
            }
        }
    }
}

impl PeerTable {
    /// Phase 1: returns to Identified the invitations without a reply, the silent connections, and those that
    /// no election has confirmed within the tenure. Skipped before the earliest round in which a state can
    /// expire.
    pub fn expire(&mut self, cx: &mut Context<'_>) {
        let timeouts = Timeouts::of(&cx.config.peers);
        if cx.now < self.next_expiry {
            return;
        }
        // States entered from now on last for the shortest timeout at least.
        self.next_expiry = Round(cx.now.0 + timeouts.shortest());
        let mut unanswered = Vec::new();
        for index in 0..self.ids.len() {
            let (peer, state) = (self.ids[index], self.states[index].into());
            let last_win = || self.interactions.of(peer).won;
            let Some((expiry, cause)) = timeouts.expiry(state, cx.now, last_win) else { continue };
            if cx.now < expiry {
                let earliest = self.next_expiry.min(expiry);
                self.next_expiry = mutant!(ExpiryLate: earliest => self.next_expiry);
            } else {
                self.transition(cx, peer, PeerState::NEW, cause);
                unanswered.extend((cause == Cause::NoReply).then_some(peer));
            }
        }
        if cx.config.peers.unanswered_is_absent && !self.is_cut_off(cx) {
            unanswered.into_iter().for_each(|peer| self.count_absences(cx, peer, |absences| absences.max(1)));
        }
        debug_assert!(self.is_consistent(), "counters and order after the expiry");
    }

    /// Invalidates the schedule of expiries: the clock or the timeouts have changed.
    pub(crate) const fn invalidate(&mut self) {
        self.next_expiry = Round(0);
    }

    /// Demotes peers whose score is below `peers.quality_floor`, after resetting the scores that
    /// `peers.forgiveness_rounds` forgives.
    pub(crate) fn demote_low_scores(&mut self, cx: &mut Context<'_>) {
        if self.scores.is_empty() {
            return;
        }
        let floor = cx.config.peers.quality_floor;
        if let Some(rounds) = cx.config.peers.forgiveness_rounds
            && !Mutant::ServiceUnforgiven.is_active()
            && self.scores.forgive(floor, rounds, cx.now) > 0
        {
            self.revision = self.revision.wrapping_add(1);
        }
        let below_floor: Vec<PeerId> = self.scores.below_floor(floor).collect();
        for peer in below_floor {
            if matches!(self.kind_of(peer), PeerStateKind::Pending | PeerStateKind::Connected) {
                self.transition(cx, peer, PeerState::NEW, Cause::Quality);
            }
        }
    }

    /// Phase 3: removes Identified peers above `peers.identified_capacity`: those with the lowest scores
    /// under
    /// [`EvictionRule::Quality`], uniformly random ones otherwise.
    pub(crate) fn evict_identified(&mut self, cx: &mut Context<'_>) {
        let excess = self.identified.saturating_sub(cx.config.peers.identified_capacity);
        let excess = mutant!(IdentifiedUnbounded: excess => 0);
        for _ in 0..excess {
            let evicted = match cx.config.peers.eviction {
                EvictionRule::Quality => {
                    self.of_kind(PeerStateKind::Identified).min_by_key(|peer| self.scores.quality(*peer))
                }
                _ => self.random(cx, PeerStateKind::Identified),
            };
            debug_assert!(evicted.is_some(), "an excess of {excess} has a peer to evict");
            let Some(peer) = evicted else { return };
            self.remove(cx, peer, Cause::Eviction);
        }
    }

    /// Phase 5: demotes each Connected peer with probability distance / 2^63, once its protection of
    /// `peers.prune_protection_rounds` is over.
    pub(crate) fn prune_by_distance(&mut self, cx: &mut Context<'_>) {
        if self.connected == 0 || !cx.config.peers.distance_pruning {
            return;
        }
        let protection = u64::from(cx.config.peers.prune_protection_rounds);
        for index in 0..self.ids.len() {
            let (peer, state) = (self.ids[index], self.states[index].into());
            if let PeerState::Connected { since, .. } = state
                && cx.now.since(since) >= protection
                && cx.rng.chance_of_distance(ring::distance(self.owner.get(), peer.get()))
            {
                self.transition(cx, peer, PeerState::NEW, Cause::Pruning);
            }
        }
    }

    /// Demotes Connected peers above `peers.connected_budget`, never members of the leaf set: the budget is
    /// exceeded if these alone are more.
    pub(crate) fn keep_budget(&mut self, cx: &mut Context<'_>) {
        let excess = self.connected.saturating_sub(cx.config.peers.connected_budget);
        let excess = mutant!(BudgetIgnored: excess => 0);
        for _ in 0..excess {
            let Some(peer) = self.dispensable(cx) else { return };
            self.transition(cx, peer, PeerState::NEW, Cause::Budget);
        }
        debug_assert!(
            self.connected <= cx.config.peers.connected_budget || Mutant::BudgetIgnored.is_active(),
            "{} connections exceed the budget",
            self.connected
        );
    }

    /// The Connected peer to demote next by the [`EvictionRule`]; `None` if all are members of the leaf set.
    fn dispensable(&self, cx: &mut Context<'_>) -> Option<PeerId> {
        let config = &cx.config.peers;
        let protected: Vec<PeerId> = self.leaf_set(config.core_neighbors).collect();
        let connected: Vec<PeerId> = self.of_kind(PeerStateKind::Connected).collect();
        let others = || {
            connected
                .iter()
                .copied()
                .filter(|peer| mutant!(BudgetCostsNeighbors: !protected.contains(peer) => true))
        };
        let stats = |peer: &PeerId| self.interactions.of(*peer);
        match config.eviction {
            EvictionRule::Random => {
                let others: Vec<PeerId> = others().collect();
                cx.rng.index(others.len()).map(|pick| others[pick])
            }
            EvictionRule::LowestId => others().min(),
            EvictionRule::Stale => others().min_by_key(|peer| stats(peer).won),
            EvictionRule::FewestWins => others().min_by_key(|peer| stats(peer).wins),
            EvictionRule::Unreliable => others().min_by_key(|peer| stats(peer).answer_rate()),
            EvictionRule::Quality => others().min_by_key(|peer| self.scores.quality(*peer)),
            EvictionRule::Redundant => others().min_by_key(|peer| self.gap_without(*peer, &connected)),
        }
    }

    /// Width of the gap between the neighbors of a Connected peer among the other Connected ones and the
    /// owner: the arc that its removal leaves uncovered. Saturates at 2^64 - 1, the whole ring, if the owner
    /// is its only neighbor.
    fn gap_without(&self, peer: PeerId, connected: &[PeerId]) -> u64 {
        let position = peer.get();
        let others = || connected.iter().chain([&self.owner]).filter(|other| **other != peer);
        let ahead = others().map(|other| other.get().wrapping_sub(position)).min();
        let behind = others().map(|other| position.wrapping_sub(other.get())).min();
        debug_assert!(
            ahead.is_some() && behind.is_some(),
            "the owner is a neighbor of every peer but itself"
        );
        ahead.unwrap_or(0).saturating_add(behind.unwrap_or(0))
    }
}
