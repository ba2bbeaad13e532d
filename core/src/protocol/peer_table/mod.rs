//! The peer table: what one peer thinks of the others (seed 000, "Peer State Machine").
//!
//! ```text
//! Unknown -> Identified -> Pending -> Connected
//! ```
//!
//! Every change goes through a method that reports it; an invitation can only be sent with the [`Invite`] that a
//! change hands out.

mod interaction_log;
mod quality;
mod samples;
mod state;

pub use interaction_log::{InteractionLog, PeerStats};
pub use quality::{Score, Scores};
pub use samples::Samples;
pub use state::PeerState;

use std::cmp::Reverse;
use std::ops::Range;

use arrayvec::ArrayVec;

use self::state::Kept;
use crate::base::capacity::make_room;
use crate::base::digest::Digest;
use crate::base::id::PeerId;
use crate::base::mutant::Mutant;
use crate::base::prefetch;
use crate::base::ring;
use crate::base::sort;
use crate::base::time::Round;
use crate::config::{EvictionRule, InvitationRule, InviteeRule, PeersConfig};
use crate::protocol::context::Context;
use crate::protocol::event::{Cause, Event, PeerStateKind};
use crate::protocol::message::Message;

/// The right to send one invitation.
#[must_use]
#[derive(Debug, PartialEq, Eq)]
pub struct Invite {
    to: PeerId,
}

impl Invite {
    /// Whom to invite.
    #[must_use]
    pub const fn to(&self) -> PeerId {
        self.to
    }
}

/// Elections on its id that an Identified peer may be absent from before it is forgotten; an invitation without an answer
/// counts as one of them.
const ABSENCES_MAX: u32 = 2;

/// The most peers that a search for the nearest ones finds.
pub const NEAREST_MAX: usize = 65;

/// The nearest peers to a place, off the heap: every query that is not answered asks for them.
pub type Nearest = ArrayVec<PeerId, NEAREST_MAX>;

/// How many rounds things last.
#[derive(Clone, Copy)]
struct Timeouts {
    pending: u64,
    silence: u64,
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
        self.pending.min(self.silence).min(self.tenure.unwrap_or(u64::MAX))
    }

    /// When a state ends or has ended, and why. `won` says when the peer last won an election.
    fn end(
        self,
        state: PeerState,
        now: Round,
        won: impl FnOnce() -> Option<Round>,
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
                        let confirmed = won().map_or(since, |won| won.max(since));
                        Some(silent.min((Round(confirmed.0 + tenure), Cause::Tenure)))
                    }
                    _ => Some(silent),
                }
            }
        }
    }
}

/// All peers that one peer knows, in ascending order of id.
#[derive(Clone, Debug)]
pub struct PeerTable {
    owner: PeerId,
    /// Apart from the states, so that searches run over consecutive numbers.
    ids: Vec<PeerId>,
    states: Vec<Kept>,
    ledger: InteractionLog,
    /// Before this round nothing is to expire.
    due: Round,
    scores: Scores,
    /// How often standings or scores have changed.
    changes: u32,
    identified: u32,
    pending: u32,
    connected: u32,
}

impl PeerTable {
    /// An empty table of `owner`, who never enters it.
    #[must_use]
    pub fn new(owner: PeerId) -> Self {
        Self {
            owner,
            ids: Vec::new(),
            states: Vec::new(),
            ledger: InteractionLog::default(),
            due: Round(0),
            scores: Scores::default(),
            changes: 0,
            identified: 0,
            pending: 0,
            connected: 0,
        }
    }

    /// How many peers have this standing; 0 for unknown ones.
    #[must_use]
    pub const fn count(&self, standing: PeerStateKind) -> u32 {
        match standing {
            PeerStateKind::Unknown => 0,
            PeerStateKind::Identified => self.identified,
            PeerStateKind::Pending => self.pending,
            PeerStateKind::Connected => self.connected,
        }
    }

    /// Asks for what peers are looked up in.
    pub(crate) fn prefetch(&self) {
        prefetch::all(&self.ids);
        self.ledger.prefetch();
    }

    /// Asks for what is known of a peer.
    pub(crate) fn fetch_standing(&self, peer: PeerId) {
        if let Some(place) = self.place(peer) {
            prefetch::small(&self.states[place]);
        }
    }

    /// How often standings or scores have changed: as long as this stays the same, so do they.
    #[must_use]
    pub const fn changes(&self) -> u32 {
        self.changes
    }

    /// How many peers are known.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.ids.len()
    }

    /// Whether nobody is known.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.ids.is_empty()
    }

    /// What the owner thinks of a peer.
    #[must_use]
    pub fn standing(&self, peer: PeerId) -> PeerStateKind {
        self.place(peer).map_or(PeerStateKind::Unknown, |place| self.states[place].standing())
    }

    /// All known peers with their states, in ascending order of id.
    pub fn iter(&self) -> impl Iterator<Item = (PeerId, PeerState)> {
        self.ids.iter().copied().zip(self.states.iter().map(|state| (*state).into()))
    }

    /// Up to `count` known peers of any standing near a place, the nearest first: the nearest ones above and below
    /// it. As shipped, neither direction goes on across the origin.
    #[must_use]
    pub fn nearest(&self, place: u64, count: usize, wraps: bool) -> Nearest {
        let count = count.min(NEAREST_MAX);
        let start = self.ids.partition_point(|peer| peer.get() < place);
        if wraps {
            self.nearest_around(place, count, start)
        } else {
            self.nearest_within(place, count, start)
        }
    }

    /// Going both ways round the ring from the peer at `start`, the first one not below the place: whoever is met first
    /// is nearer, and everybody is met from the nearer side.
    fn nearest_around(&self, place: u64, count: usize, start: usize) -> Nearest {
        let len = self.ids.len();
        let (mut up, mut down) = (start, start);
        let mut found = Nearest::new();
        while found.len() < count.min(len) {
            let next_up = if up < len { up } else { 0 };
            let next_down = if down > 0 { down - 1 } else { len - 1 };
            let (above, below) = (self.ids[next_up], self.ids[next_down]);
            let (ahead, behind) = (above.get().wrapping_sub(place), place.wrapping_sub(below.get()));
            if (ahead, above) < (behind, below) {
                found.push(above);
                up = next_up + 1;
            } else {
                found.push(below);
                down = next_down;
            }
        }
        found
    }

    /// As shipped, without crossing the origin.
    fn nearest_within(&self, place: u64, count: usize, start: usize) -> Nearest {
        let (below, above) = self.ids.split_at(start);
        let mut found = Nearest::new();
        for peer in above.iter().take(count).chain(below.iter().rev().take(count)) {
            let key = |peer: &PeerId| (ring::distance(peer.get(), place), *peer);
            let slot = found.iter().position(|other| key(other) >= key(peer)).unwrap_or(found.len());
            if slot == count {
                continue;
            }
            found.truncate(count - 1);
            found.insert(slot, *peer);
        }
        found
    }

    /// What the owner remembers of its dealings with the peers that it knows.
    #[must_use]
    pub const fn ledger(&self) -> &InteractionLog {
        &self.ledger
    }

    /// Notes dealings with a peer, where it is known and some rule makes use of them.
    pub fn note(&mut self, cx: &Context<'_>, peer: PeerId, note: impl FnOnce(&mut PeerStats)) {
        if cx.config.keeps_dealings() && self.place(peer).is_some() {
            self.ledger.change(peer, note);
        }
    }

    /// Changes how often a known peer was not there, where some rule makes use of it.
    fn count_absences(&mut self, cx: &Context<'_>, peer: PeerId, count: impl FnOnce(u32) -> u32) {
        if cx.config.counts_absences() && self.place(peer).is_some() {
            self.ledger.change(peer, |record| record.absences = count(record.absences));
        }
    }

    /// How well peers have served the owner.
    #[must_use]
    pub const fn scores(&self) -> &Scores {
        &self.scores
    }

    /// Changes the score of a peer, where some rule makes use of it.
    pub fn score<T>(
        &mut self,
        cx: &Context<'_>,
        peer: PeerId,
        change: impl FnOnce(&mut Score) -> T,
    ) -> Option<T> {
        let is_scored = cx.config.keeps_scores() && peer != self.owner;
        is_scored.then(|| {
            self.changes = self.changes.wrapping_add(1);
            self.scores.change(peer, cx.config.peers.forgiveness_rounds.map(|_| cx.now), change)
        })
    }

    /// Whether a peer has served so badly that no connection with it is wanted.
    #[must_use]
    pub fn is_below_floor(&self, cx: &Context<'_>, peer: PeerId) -> bool {
        self.scores.is_below_floor(peer, cx.config.peers.quality_floor)
    }

    /// The nearest known peers on each side of the owner, of any standing, each once.
    pub fn core(&self, each_side: u32) -> impl Iterator<Item = PeerId> {
        self.core_states(each_side).map(|(peer, _)| peer)
    }

    /// The same with their states.
    pub fn core_states(&self, each_side: u32) -> impl Iterator<Item = (PeerId, PeerState)> {
        let count = self.ids.len();
        let start = self.ids.partition_point(|peer| *peer < self.owner);
        let ahead = count.min(each_side as usize);
        let behind = (count - ahead).min(each_side as usize);
        (0..ahead).chain(count - behind..count).map(move |step| {
            let place = start + step;
            let place = if place < count { place } else { place - count };
            (self.ids[place], self.states[place].into())
        })
    }

    /// Whether a peer, known or not, is or would be one of the nearest on its side of the owner.
    #[must_use]
    pub fn is_core(&self, peer: PeerId, each_side: u32) -> bool {
        let clockwise = |peer: PeerId| peer.get().wrapping_sub(self.owner.get());
        let place = clockwise(peer);
        let nearer = |is_nearer: fn(u64, u64) -> bool| {
            self.core(each_side).filter(|other| is_nearer(clockwise(*other), place)).count()
        };
        let (before, behind) = (nearer(|other, place| other < place), nearer(|other, place| other > place));
        let nearer = if Mutant::CoreOneSided.is_active() { before } else { before.min(behind) };
        nearer < each_side as usize
    }

    /// Remembers a peer that the owner has heard of. True where it is new.
    pub fn identify(&mut self, cx: &mut Context<'_>, peer: PeerId, cause: Cause) -> bool {
        let is_new = (peer != self.owner || Mutant::KnowsItself.is_active()) && self.place(peer).is_none();
        if is_new {
            self.transition(cx, peer, PeerState::NEW, cause);
        }
        is_new
    }

    /// Puts a peer into the table with a given standing, as the world's beginning demands.
    pub fn introduce(&mut self, cx: &mut Context<'_>, peer: PeerId, standing: PeerStateKind) {
        let now = cx.now;
        let state = match standing {
            PeerStateKind::Unknown => return,
            PeerStateKind::Identified => PeerState::NEW,
            PeerStateKind::Pending => PeerState::Pending { since: now },
            PeerStateKind::Connected => PeerState::Connected { since: now, heard: now },
        };
        if peer != self.owner {
            self.transition(cx, peer, state, Cause::Introduction);
        }
    }

    /// Notes that a known peer has won an election. An Identified winner becomes Pending; whether the others are
    /// invited again depends on the rule.
    pub fn elect(&mut self, cx: &mut Context<'_>, winner: PeerId) -> Option<Invite> {
        let again = cx.config.peers.invitations != InvitationRule::Mute
            && self.standing(winner) != PeerStateKind::Unknown;
        self.invite(cx, winner, Cause::Election).or(again.then_some(Invite { to: winner }))
    }

    /// The right to confirm a connection to the other side.
    #[must_use]
    pub fn confirm(&self, peer: PeerId) -> Option<Invite> {
        (self.standing(peer) == PeerStateKind::Connected).then_some(Invite { to: peer })
    }

    /// Notes that a peer is there: it has sent something.
    pub fn clear_absences(&mut self, peer: PeerId) {
        self.ledger.clear_absences(peer);
    }

    /// Notes that elections on the id of an Identified peer go by without it; at last it is forgotten.
    pub fn record_absence(&mut self, cx: &mut Context<'_>, peer: PeerId) {
        if self.standing(peer) != PeerStateKind::Identified || self.is_cut_off(cx) {
            return;
        }
        if Mutant::AbsenceUncounted.is_active() {
            return;
        }
        self.count_absences(cx, peer, |absences| absences + 1);
        if self.ledger.of(peer).absences >= ABSENCES_MAX {
            self.forget(cx, peer, Cause::Absence);
        }
    }

    /// Makes an Identified peer Pending.
    pub fn invite(&mut self, cx: &mut Context<'_>, peer: PeerId, cause: Cause) -> Option<Invite> {
        if self.standing(peer) != PeerStateKind::Identified {
            return None;
        }
        let since = cx.now;
        self.transition(cx, peer, PeerState::Pending { since }, cause);
        Some(Invite { to: peer })
    }

    /// Makes a Pending peer Connected: it has invited back.
    pub fn connect(&mut self, cx: &mut Context<'_>, peer: PeerId) {
        let now = cx.now;
        let has_invited =
            self.standing(peer) == PeerStateKind::Pending || Mutant::ConnectedUninvited.is_active();
        if has_invited {
            self.transition(cx, peer, PeerState::Connected { since: now, heard: now }, Cause::Reciprocation);
        }
    }

    /// Takes leave of a peer that has said goodbye: the connection is over, and who leaves for good is forgotten.
    pub fn on_goodbye(&mut self, cx: &mut Context<'_>, peer: PeerId, leaves: bool) {
        match self.standing(peer) {
            PeerStateKind::Unknown => {}
            _ if Mutant::GoodbyeUnheard.is_active() => {}
            _ if leaves => self.forget(cx, peer, Cause::Goodbye),
            PeerStateKind::Identified => {}
            PeerStateKind::Pending | PeerStateKind::Connected => {
                self.transition(cx, peer, PeerState::NEW, Cause::Goodbye)
            }
        }
    }

    /// Forgets a peer that has cheated.
    pub fn shun(&mut self, cx: &mut Context<'_>, peer: PeerId) {
        self.forget(cx, peer, Cause::Suspicion);
    }

    /// Notes a sign of life of a peer.
    pub fn touch(&mut self, peer: PeerId, now: Round) {
        if let Some(place) = self.place(peer)
            && !Mutant::LifeUnnoticed.is_active()
        {
            self.states[place].touch(now);
        }
    }

    /// The Connected peer that was last heard of longest ago.
    #[must_use]
    pub fn longest_silent(&self) -> Option<PeerId> {
        let connected = self.iter().filter_map(|(peer, state)| match state {
            PeerState::Connected { heard, .. } => Some((heard, peer)),
            PeerState::Identified { .. } | PeerState::Pending { .. } => None,
        });
        connected.min().map(|(_, peer)| peer)
    }

    /// Whether an invitation of this peer has started an election less than the cooldown ago.
    #[must_use]
    pub fn is_cooling_down(&self, peer: PeerId, now: Round, cooldown_rounds: u32) -> bool {
        let state = self.place(peer).map(|place| self.states[place].into());
        matches!(state, Some(PeerState::Identified { last_election: Some(last) })
            if now.since(last) < u64::from(cooldown_rounds) && !Mutant::CooldownIgnored.is_active())
    }

    /// Notes that an invitation of this peer has started an election.
    pub fn stamp_election(&mut self, peer: PeerId, now: Round) {
        if let Some(place) = self.place(peer)
            && self.states[place].standing() == PeerStateKind::Identified
        {
            self.states[place] = PeerState::Identified { last_election: Some(now) }.into();
        }
    }

    /// Phase 1: invitations that were not answered, connections that fell silent and those that no election has
    /// confirmed for too long go back to Identified.
    pub fn expire(&mut self, cx: &mut Context<'_>) {
        let terms = Timeouts::of(&cx.config.peers);
        if cx.now < self.due {
            return;
        }
        // What begins from now on lasts for the shortest term at least.
        self.due = Round(cx.now.0 + terms.shortest());
        let mut unanswered = Vec::new();
        for place in 0..self.ids.len() {
            let (peer, state) = (self.ids[place], self.states[place].into());
            let Some((due, cause)) = terms.end(state, cx.now, || self.ledger.of(peer).won) else { continue };
            if cx.now < due {
                self.due = if Mutant::ExpiryLate.is_active() { self.due } else { self.due.min(due) };
            } else {
                self.transition(cx, peer, PeerState::NEW, cause);
                unanswered.extend((cause == Cause::NoReply).then_some(peer));
            }
        }
        if cx.config.peers.unanswered_is_absent && !self.is_cut_off(cx) {
            unanswered.into_iter().for_each(|peer| self.count_absences(cx, peer, |absences| absences.max(1)));
        }
    }

    /// The clock or the rules have changed: what is to expire is looked at anew.
    pub const fn invalidate(&mut self) {
        self.due = Round(0);
    }

    /// Gives up connections with peers that have served badly, and the hope for them, until that is forgiven.
    pub fn demote_low_scores(&mut self, cx: &mut Context<'_>) {
        if self.scores.is_empty() {
            return;
        }
        let floor = cx.config.peers.quality_floor;
        if let Some(rounds) = cx.config.peers.forgiveness_rounds
            && !Mutant::ServiceUnforgiven.is_active()
            && self.scores.forgive(floor, rounds, cx.now) > 0
        {
            self.changes = self.changes.wrapping_add(1);
        }
        let below_floor: Vec<PeerId> = self.scores.below_floor(floor).collect();
        for peer in below_floor {
            if matches!(self.standing(peer), PeerStateKind::Pending | PeerStateKind::Connected) {
                self.transition(cx, peer, PeerState::NEW, Cause::Quality);
            }
        }
    }

    /// Phase 3: forgets Identified peers above the capacity: uniformly random ones, or those that have served worst.
    pub fn evict_identified(&mut self, cx: &mut Context<'_>) {
        let excess = self.identified.saturating_sub(cx.config.peers.identified_capacity);
        let excess = if Mutant::IdentifiedUnbounded.is_active() { 0 } else { excess };
        for _ in 0..excess {
            let leaves = match cx.config.peers.eviction {
                EvictionRule::Quality => {
                    self.with(PeerStateKind::Identified).min_by_key(|peer| self.scores.quality(*peer))
                }
                _ => self.random(cx, PeerStateKind::Identified),
            };
            let Some(peer) = leaves else { return };
            self.forget(cx, peer, Cause::Eviction);
        }
    }

    /// Phase 5: drops Connected peers with a probability that grows with their distance.
    pub fn prune_by_distance(&mut self, cx: &mut Context<'_>) {
        if self.connected == 0 || !cx.config.peers.distance_pruning {
            return;
        }
        let protection = u64::from(cx.config.peers.prune_protection_rounds);
        for place in 0..self.ids.len() {
            let (peer, state) = (self.ids[place], self.states[place].into());
            if let PeerState::Connected { since, .. } = state
                && cx.now.since(since) >= protection
                && cx.rng.chance_of_distance(ring::distance(self.owner.get(), peer.get()))
            {
                self.transition(cx, peer, PeerState::NEW, Cause::Pruning);
            }
        }
    }

    /// Demotes Connected peers above the budget, never those that the owner wants to keep as its neighbours.
    pub fn keep_budget(&mut self, cx: &mut Context<'_>) {
        let excess = self.connected.saturating_sub(cx.config.peers.connected_budget);
        let excess = if Mutant::BudgetIgnored.is_active() { 0 } else { excess };
        for _ in 0..excess {
            let Some(peer) = self.dispensable(cx) else { return };
            self.transition(cx, peer, PeerState::NEW, Cause::Budget);
        }
    }

    fn dispensable(&self, cx: &mut Context<'_>) -> Option<PeerId> {
        let config = &cx.config.peers;
        let kept: Vec<PeerId> = self.core(config.core_neighbors).collect();
        let connected: Vec<PeerId> = self.with(PeerStateKind::Connected).collect();
        let others = || {
            connected
                .iter()
                .copied()
                .filter(|peer| !kept.contains(peer) || Mutant::BudgetCostsNeighbors.is_active())
        };
        let record = |peer: &PeerId| self.ledger.of(*peer);
        match config.eviction {
            EvictionRule::Random => {
                let others: Vec<PeerId> = others().collect();
                cx.rng.index(others.len()).map(|pick| others[pick])
            }
            EvictionRule::LowestId => others().min(),
            EvictionRule::Stale => others().min_by_key(|peer| record(peer).won),
            EvictionRule::FewestWins => others().min_by_key(|peer| record(peer).wins),
            EvictionRule::Unreliable => others().min_by_key(|peer| record(peer).reliability()),
            EvictionRule::Quality => others().min_by_key(|peer| self.scores.quality(*peer)),
            EvictionRule::Redundant => others().min_by_key(|peer| self.gap_without(*peer, &connected)),
        }
    }

    /// How wide a gap a Connected peer would leave among the Connected ones and the owner.
    fn gap_without(&self, peer: PeerId, connected: &[PeerId]) -> u64 {
        let place = peer.get();
        let others = || connected.iter().chain([&self.owner]).filter(|other| **other != peer);
        let ahead = others().map(|other| other.get().wrapping_sub(place)).min().unwrap_or(0);
        let behind = others().map(|other| place.wrapping_sub(other.get())).min().unwrap_or(0);
        ahead.saturating_add(behind)
    }

    /// Phase 6: makes some Identified peers Pending.
    pub fn invite_some(&mut self, cx: &mut Context<'_>) -> Vec<Invite> {
        let count = cx.config.peers.invitations_per_round as usize;
        if self.identified == 0 || count == 0 {
            return Vec::new();
        }
        let mut identified: Vec<PeerId> =
            self.with(PeerStateKind::Identified).filter(|peer| self.may_invite(cx, *peer)).collect();
        let chosen = match cx.config.peers.invitees {
            InviteeRule::Random => cx.rng.take_some(&mut identified, count),
            InviteeRule::Nearest => {
                sort::sort_by_key(&mut identified, |peer| ring::distance(self.owner.get(), peer.get()));
                identified
            }
            InviteeRule::Reputable => {
                sort::sort_by_key(&mut identified, |peer| Reverse(self.ledger.of(*peer).reliability()));
                identified
            }
            InviteeRule::Quality => {
                sort::sort_by_key(&mut identified, |peer| Reverse(self.scores.quality(*peer)));
                identified
            }
        };
        chosen.into_iter().take(count).filter_map(|peer| self.invite(cx, peer, Cause::Selection)).collect()
    }

    /// Whether a peer is worth an invitation without an election: one that seems to be gone is to be elected first, or to be
    /// missed for good.
    fn may_invite(&self, cx: &Context<'_>, peer: PeerId) -> bool {
        let seems_gone = cx.config.peers.unanswered_is_absent && self.ledger.of(peer).absences > 0;
        (!seems_gone || self.is_cut_off(cx)) && !self.is_below_floor(cx, peer)
    }

    /// Whether nobody is Connected: then silence says nothing about a single peer, and to forget those who are known
    /// would be for ever.
    const fn is_cut_off(&self, cx: &Context<'_>) -> bool {
        cx.config.peers.unanswered_is_absent && self.connected == 0
    }

    /// Known peers of one standing: those below the owner, and those above it, each in ascending order of id.
    pub fn around_owner(
        &self,
        standing: PeerStateKind,
    ) -> (impl Iterator<Item = PeerId>, impl Iterator<Item = PeerId>) {
        let start = self.ids.partition_point(|peer| *peer < self.owner);
        (self.among(0..start, standing), self.among(start..self.ids.len(), standing))
    }

    /// Known peers of one standing, in ascending order of id.
    pub fn with(&self, standing: PeerStateKind) -> impl Iterator<Item = PeerId> {
        self.among(0..self.ids.len(), standing)
    }

    fn among(&self, places: Range<usize>, standing: PeerStateKind) -> impl Iterator<Item = PeerId> {
        let states = self.ids[places.clone()].iter().zip(&self.states[places]);
        states.filter(move |(_, state)| state.standing() == standing).map(|(peer, _)| *peer)
    }

    fn random(&self, cx: &mut Context<'_>, standing: PeerStateKind) -> Option<PeerId> {
        let nth = cx.rng.index(self.count(standing) as usize)?;
        self.with(standing).nth(nth)
    }

    fn place(&self, peer: PeerId) -> Option<usize> {
        self.ids.binary_search(&peer).ok()
    }

    /// The one door through which a peer enters the table or changes in it.
    fn transition(&mut self, cx: &mut Context<'_>, peer: PeerId, state: PeerState, cause: Cause) {
        let from = match self.ids.binary_search(&peer) {
            Ok(place) => std::mem::replace(&mut self.states[place], state.into()).standing(),
            Err(place) => {
                let place = if Mutant::TableUnsorted.is_active() { self.ids.len() } else { place };
                make_room(&mut self.ids);
                make_room(&mut self.states);
                self.ids.insert(place, peer);
                self.states.insert(place, state.into());
                PeerStateKind::Unknown
            }
        };
        self.moved(cx, peer, from, state.standing(), cause);
        let is_own_will = matches!(cause, Cause::Pruning | Cause::Budget | Cause::Tenure | Cause::Quality);
        if is_own_will
            && from == PeerStateKind::Connected
            && cx.config.peers.goodbyes
            && !Mutant::GoodbyeUnsent.is_active()
        {
            cx.send(peer, Message::Goodbye { leaves: false });
        }
    }

    fn forget(&mut self, cx: &mut Context<'_>, peer: PeerId, cause: Cause) {
        if let Some(place) = self.place(peer) {
            self.ids.remove(place);
            let state = self.states.remove(place);
            if !Mutant::ForgottenRemembered.is_active() {
                self.ledger.forget(peer);
            }
            self.moved(cx, peer, state.standing(), PeerStateKind::Unknown, cause);
        }
    }

    fn moved(
        &mut self,
        cx: &mut Context<'_>,
        peer: PeerId,
        from: PeerStateKind,
        to: PeerStateKind,
        cause: Cause,
    ) {
        if !Mutant::StandingMiscounted.is_active()
            && let Some(count) = self.counter(from)
        {
            *count -= 1;
        }
        if let Some(count) = self.counter(to) {
            *count += 1;
        }
        if from != to {
            self.changes = self.changes.wrapping_add(1);
            cx.report(Event::PeerStateChanged { peer, from, to, cause });
        }
    }

    const fn counter(&mut self, standing: PeerStateKind) -> Option<&mut u32> {
        match standing {
            PeerStateKind::Unknown => None,
            PeerStateKind::Identified => Some(&mut self.identified),
            PeerStateKind::Pending => Some(&mut self.pending),
            PeerStateKind::Connected => Some(&mut self.connected),
        }
    }

    /// Adds the table to a fingerprint.
    pub fn digest(&self, digest: &mut Digest) {
        digest.length(self.ids.len());
        for (peer, state) in self.iter() {
            digest.number(peer.get());
            digest.number(state.standing() as u64);
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
        self.ledger.digest(digest);
        self.scores.digest(digest);
    }
}

#[cfg(test)]
mod tests;
