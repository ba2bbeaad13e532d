//! Storage of the peer table, and the two methods through which every state change passes.

use std::ops::Range;

use super::anchors::Anchors;
use super::interaction_log::{InteractionLog, PeerStats};
use super::quality::{Score, ScoreParts, Scores};
use super::state::{PackedState, PeerState};
use crate::base::capacity::make_room;
use crate::base::digest::Digest;
use crate::base::id::PeerId;
use crate::base::mutant::{Mutant, mutant};
use crate::base::time::Round;
use crate::protocol::context::Context;
use crate::protocol::event::{Cause, LifecycleEvent, PeerStateKind};
use crate::protocol::message::Message;

/// All peers that one peer knows, in ascending order of id.
#[derive(Clone, Debug)]
pub struct PeerTable {
    pub(super) owner: PeerId,
    /// Ascending; apart from the states, so that searches read consecutive numbers.
    pub(super) ids: Vec<PeerId>,
    /// Parallel to `ids`.
    pub(super) states: Vec<PackedState>,
    pub(super) interactions: InteractionLog,
    /// First round in which a state may expire.
    pub(super) next_expiry: Round,
    pub(super) scores: Scores,
    /// Empty unless `peers.rejoin_rounds` is set.
    pub(super) anchors: Option<Box<Anchors>>,
    /// Number of changes of states or scores, modulo 2^32.
    pub(super) revision: u32,
    pub(super) identified: u32,
    pub(super) pending: u32,
    pub(super) connected: u32,
}

impl PeerTable {
    /// An empty table of `owner`, which never enters it.
    #[must_use]
    pub fn new(owner: PeerId) -> Self {
        Self {
            owner,
            ids: Vec::new(),
            states: Vec::new(),
            interactions: InteractionLog::default(),
            next_expiry: Round(0),
            scores: Scores::default(),
            anchors: None,
            revision: 0,
            identified: 0,
            pending: 0,
            connected: 0,
        }
    }

    /// Number of peers in a state; 0 for [`PeerStateKind::Unknown`].
    #[must_use]
    pub const fn count(&self, kind: PeerStateKind) -> u32 {
        match kind {
            PeerStateKind::Unknown => 0,
            PeerStateKind::Identified => self.identified,
            PeerStateKind::Pending => self.pending,
            PeerStateKind::Connected => self.connected,
        }
    }

    /// Revision of states and scores: equal revisions mean equal states and scores.
    #[must_use]
    pub(crate) const fn revision(&self) -> u32 {
        self.revision
    }

    /// Number of known peers.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.ids.len()
    }

    /// Returns whether no peer is known.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.ids.is_empty()
    }

    /// State of a peer, without its data; [`PeerStateKind::Unknown`] if it is not in the table.
    #[must_use]
    pub fn kind_of(&self, peer: PeerId) -> PeerStateKind {
        self.index_of(peer).map_or(PeerStateKind::Unknown, |index| self.states[index].kind())
    }

    /// All known peers with their states, in ascending order of id.
    pub fn iter(&self) -> impl Iterator<Item = (PeerId, PeerState)> {
        self.ids.iter().copied().zip(self.states.iter().map(|state| (*state).into()))
    }

    /// Known peers in one state, in ascending order of id.
    pub fn of_kind(&self, kind: PeerStateKind) -> impl Iterator<Item = PeerId> {
        self.of_kind_within(0..self.ids.len(), kind)
    }

    /// Known peers in one state: those below the owner, and those above it, each in ascending order of id.
    pub(crate) fn around_owner(
        &self,
        kind: PeerStateKind,
    ) -> (impl Iterator<Item = PeerId>, impl Iterator<Item = PeerId>) {
        let start = self.ids.partition_point(|peer| *peer < self.owner);
        (self.of_kind_within(0..start, kind), self.of_kind_within(start..self.ids.len(), kind))
    }

    fn of_kind_within(&self, indices: Range<usize>, kind: PeerStateKind) -> impl Iterator<Item = PeerId> {
        let states = self.ids[indices.clone()].iter().zip(&self.states[indices]);
        states.filter(move |(_, state)| state.kind() == kind).map(|(peer, _)| *peer)
    }

    /// A uniformly random peer in one state; `None` if there is none.
    pub(super) fn random(&self, cx: &mut Context<'_>, kind: PeerStateKind) -> Option<PeerId> {
        let nth = cx.rng.index(self.count(kind) as usize)?;
        self.of_kind(kind).nth(nth)
    }

    pub(super) fn index_of(&self, peer: PeerId) -> Option<usize> {
        self.ids.binary_search(&peer).ok()
    }

    /// Interactions with known peers.
    #[must_use]
    pub(crate) const fn interactions(&self) -> &InteractionLog {
        &self.interactions
    }

    /// Records an interaction with a known peer, if an active rule reads such records.
    pub(crate) fn record_interaction(
        &mut self,
        cx: &Context<'_>,
        peer: PeerId,
        record: impl FnOnce(&mut PeerStats),
    ) {
        if cx.config.keeps_dealings() && self.index_of(peer).is_some() {
            self.interactions.change(peer, record);
        }
    }

    /// Changes the number of absences of a known peer, if an active rule reads it.
    pub(super) fn count_absences(&mut self, cx: &Context<'_>, peer: PeerId, count: impl FnOnce(u32) -> u32) {
        if cx.config.counts_absences() && self.index_of(peer).is_some() {
            self.interactions.change(peer, |stats| stats.absences = count(stats.absences));
        }
    }

    /// Smoothed share of the queries to a peer that it has answered, in thousandths; 500 if it is not known
    /// or no active rule records interactions.
    #[must_use]
    #[cfg_attr(not(feature = "layers"), allow(dead_code))]
    pub(crate) fn answer_share(&self, peer: PeerId) -> u64 {
        u64::from(self.interactions.of(peer).answer_rate())
    }

    /// Scores of peers, known or forgotten.
    #[must_use]
    pub(crate) const fn scores(&self) -> &Scores {
        &self.scores
    }

    /// Scores of other peers with their parts, in ascending order of id; none if no rule reads scores.
    pub fn score_parts(&self) -> impl Iterator<Item = ScoreParts> {
        self.scores.parts()
    }

    /// Changes the score of a peer; `None`, and no change, if no active rule reads scores or `peer` is the
    /// owner.
    pub(crate) fn score<T>(
        &mut self,
        cx: &Context<'_>,
        peer: PeerId,
        change: impl FnOnce(&mut Score) -> T,
    ) -> Option<T> {
        let is_scored = cx.config.keeps_scores() && peer != self.owner;
        is_scored.then(|| {
            self.revision = self.revision.wrapping_add(1);
            self.scores.change(peer, cx.config.peers.forgiveness_rounds.map(|_| cx.now), change)
        })
    }

    /// Returns whether the quality of a peer is below `peers.quality_floor`: no connection with it is wanted.
    #[must_use]
    pub(crate) fn is_below_floor(&self, cx: &Context<'_>, peer: PeerId) -> bool {
        self.scores.is_below_floor(peer, cx.config.peers.quality_floor)
    }

    /// Puts a peer into a state. Inserts it if it is unknown, counts and reports the change, and says goodbye
    /// to a peer whose connection the owner ends by its own decision (`peers.goodbyes`).
    pub(super) fn transition(&mut self, cx: &mut Context<'_>, peer: PeerId, state: PeerState, cause: Cause) {
        let from = match self.ids.binary_search(&peer) {
            Ok(index) => std::mem::replace(&mut self.states[index], state.into()).kind(),
            Err(index) => {
                self.insert(mutant!(TableUnsorted: index => self.ids.len()), peer, state);
                PeerStateKind::Unknown
            }
        };
        self.on_change(cx, peer, from, state.kind(), cause);
        let is_own_decision =
            matches!(cause, Cause::Pruning | Cause::Budget | Cause::Tenure | Cause::Quality);
        if is_own_decision
            && from == PeerStateKind::Connected
            && mutant!(GoodbyeUnsent: cx.config.peers.goodbyes => false)
        {
            cx.send(peer, Message::Goodbye { leaves: false });
        }
    }

    fn insert(&mut self, index: usize, peer: PeerId, state: PeerState) {
        debug_assert!(peer != self.owner, "a table never contains its owner {peer}");
        make_room(&mut self.ids);
        make_room(&mut self.states);
        self.ids.insert(index, peer);
        self.states.insert(index, state.into());
        debug_assert!(self.is_sorted_at(index), "{peer} breaks the order of ids at index {index}");
    }

    /// Removes a peer and its interactions; no effect if it is unknown.
    pub(super) fn remove(&mut self, cx: &mut Context<'_>, peer: PeerId, cause: Cause) {
        if let Some(index) = self.index_of(peer) {
            self.ids.remove(index);
            let state = self.states.remove(index);
            if !Mutant::ForgottenRemembered.is_active() {
                self.interactions.remove(peer);
            }
            self.on_change(cx, peer, state.kind(), PeerStateKind::Unknown, cause);
        }
    }

    fn on_change(
        &mut self,
        cx: &mut Context<'_>,
        peer: PeerId,
        from: PeerStateKind,
        to: PeerStateKind,
        cause: Cause,
    ) {
        debug_assert!(is_legal(from, to, cause), "{peer}: {from:?} to {to:?} by {cause:?}");
        if !Mutant::StandingMiscounted.is_active()
            && let Some(count) = self.counter(from)
        {
            debug_assert!(*count > 0, "no peer is counted as {from:?}");
            *count -= 1;
        }
        if let Some(count) = self.counter(to) {
            *count += 1;
        }
        debug_assert_eq!(
            (self.identified + self.pending + self.connected) as usize,
            self.ids.len(),
            "every known peer is counted in exactly one state"
        );
        if from == PeerStateKind::Connected && from != to {
            self.keep_anchor(cx, peer, cause);
        }
        if from != to {
            self.revision = self.revision.wrapping_add(1);
            cx.report(LifecycleEvent::PeerStateChanged { peer, from, to, cause });
        }
    }

    const fn counter(&mut self, kind: PeerStateKind) -> Option<&mut u32> {
        match kind {
            PeerStateKind::Unknown => None,
            PeerStateKind::Identified => Some(&mut self.identified),
            PeerStateKind::Pending => Some(&mut self.pending),
            PeerStateKind::Connected => Some(&mut self.connected),
        }
    }

    /// Returns whether the id at an index lies strictly between its neighbors. For assertions.
    fn is_sorted_at(&self, index: usize) -> bool {
        let start = index.saturating_sub(1);
        self.ids[start..(index + 2).min(self.ids.len())].is_sorted_by(|one, next| one < next)
    }

    /// Returns whether ids are sorted and unique, and every counter equals a recount. Linear time; for
    /// assertions.
    pub(super) fn is_consistent(&self) -> bool {
        let recount = |kind| self.states.iter().filter(|state| state.kind() == kind).count();
        self.ids.len() == self.states.len()
            && self.ids.is_sorted_by(|one, next| one < next)
            && recount(PeerStateKind::Identified) == self.identified as usize
            && recount(PeerStateKind::Pending) == self.pending as usize
            && recount(PeerStateKind::Connected) == self.connected as usize
    }

    /// Adds the table, the interactions and the scores to a fingerprint.
    pub fn digest(&self, digest: &mut Digest) {
        debug_assert!(self.is_consistent(), "counters and order at the fingerprint");
        digest.length(self.ids.len());
        for (peer, state) in self.iter() {
            digest.number(peer.get());
            digest.number(state.kind() as u64);
            match state {
                PeerState::Identified { last_election } => {
                    digest.number(last_election.is_some());
                    digest.number(last_election.map_or(0, |round| round.0));
                }
                PeerState::Pending { since } => digest.number(since.0),
                PeerState::Connected { since, heard } => {
                    digest.number(since.0);
                    digest.number(heard.0);
                }
            }
        }
        self.interactions.digest(digest);
        self.scores.digest(digest);
        if let Some(anchors) = &self.anchors {
            anchors.digest(digest);
        }
    }
}

/// Returns whether the state machine allows a change for a cause. An introduction sets any state; a change of
/// data within a state keeps its kind.
const fn is_legal(from: PeerStateKind, to: PeerStateKind, cause: Cause) -> bool {
    use PeerStateKind::{Connected, Identified, Pending, Unknown};
    match cause {
        Cause::Introduction => !matches!(to, Unknown),
        Cause::Referral | Cause::Invitation | Cause::Query => matches!((from, to), (Unknown, Identified)),
        Cause::Election => matches!((from, to), (Unknown, Identified) | (Identified, Pending)),
        Cause::Selection => matches!((from, to), (Identified, Pending)),
        Cause::Reciprocation => matches!((from, to), (Pending, Connected)),
        Cause::NoReply => matches!((from, to), (Pending, Identified)),
        Cause::Silence | Cause::Pruning | Cause::Budget | Cause::Tenure => {
            matches!((from, to), (Connected, Identified))
        }
        Cause::Quality => matches!((from, to), (Pending | Connected, Identified)),
        Cause::Eviction | Cause::Absence => matches!((from, to), (Identified, Unknown)),
        Cause::Goodbye => matches!(
            (from, to),
            (Pending | Connected, Identified) | (Identified | Pending | Connected, Unknown)
        ),
        Cause::Suspicion => matches!((from, to), (Identified | Pending | Connected, Unknown)),
    }
}
