//! What a peer holds elections on, and whom it asks.

use arrayvec::ArrayVec;

use super::{Node, Queries, Revisions};
use crate::base::id::{PeerId, TokenId};
use crate::base::ratio::Ratio;
use crate::base::ring;
use crate::base::sort;
use crate::config::{FirstHopRule, TargetPolicy};
use crate::protocol::context::Context;
use crate::protocol::event::PeerStateKind;
use crate::protocol::message::Message;
use crate::protocol::peer_table::{NEAREST_MAX, Nearest};

/// Rounds after which a peer that was asked may be asked first again, under [`FirstHopRule::Hybrid`].
const RECENTLY: u64 = 10;
/// How many times as often a lonely peer looks for others.
const HURRY: u32 = 5;
/// Of so many routine elections, one looks for peers instead of confirming one.
const LOOK_ROUND: u64 = 4;

/// An arc of the ring between two peers.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Gap {
    width: u64,
    from: u64,
}

impl Gap {
    const fn between(from: u64, to: u64) -> Self {
        // Alone, the gap is the whole ring: the largest width there is.
        Self { width: to.wrapping_sub(from).wrapping_sub(1), from }
    }

    const fn middle(self) -> u64 {
        self.from.wrapping_add(self.width / 2)
    }

    /// Whether a connection with a peer would divide the gap well: not only at its edge.
    const fn is_bridged_by(self, peer: PeerId) -> bool {
        let place = peer.get().wrapping_sub(self.from);
        place > self.width / 4 && place < self.width - self.width / 4
    }
}

impl Node {
    /// Phase 7: starts elections on what the agenda has.
    pub(super) fn start_elections(&mut self, cx: &mut Context<'_>) {
        let config = &cx.config.election;
        if config.per_round == 0 || !self.is_due(cx, config.interval_rounds) {
            return;
        }
        let tokens = match config.agenda {
            TargetPolicy::Samples => self.sampled_tokens(cx),
            TargetPolicy::Needs => self.needed_tokens(cx),
        };
        for token in tokens {
            if !self.is_settled(token) && self.begin(cx, token) {
                self.ask_candidates(cx, token, Queries::Send);
            }
        }
    }

    /// Whether it is the round, of so many, in which this peer does something. Peers take turns.
    fn is_due(&self, cx: &Context<'_>, interval: u32) -> bool {
        let interval = u64::from(interval);
        cx.now.0 % interval == self.id.get() % interval
    }

    /// Sampled tokens, and random ones where there are too few (seed 000, "Random Token Elections").
    fn sampled_tokens(&mut self, cx: &mut Context<'_>) -> Vec<TokenId> {
        let config = &cx.config.election;
        let rests = config.adaptive_rate && self.has_what_it_wants(cx);
        let wanted = match (rests, self.is_due(cx, config.idle_interval_rounds)) {
            (false, _) => config.per_round,
            (true, is_due) => is_due.into(),
        };
        (0..wanted).map(|_| self.sampled_token(cx)).collect()
    }

    fn sampled_token(&mut self, cx: &mut Context<'_>) -> TokenId {
        let verifies = cx.rng.chance(cx.config.election.reelection_share);
        let reelected = if verifies { self.least_recently_confirmed() } else { None };
        // The neighbourhood of a peer is best known by its own id, which it always stores.
        let sampled = reelected.map(TokenId::from).or_else(|| self.samples.take(cx));
        sampled.unwrap_or_else(|| self.random_token(cx))
    }

    /// A token that nobody stores, most likely: it brings referrals, and with them new peers.
    fn random_token(&self, cx: &mut Context<'_>) -> TokenId {
        if cx.rng.chance(cx.config.peers.coverage_bias) {
            return self.middle_of_largest_gap();
        }
        TokenId::new(cx.rng.number())
    }

    /// The Connected peer that has not won an election for the longest time.
    fn least_recently_confirmed(&self) -> Option<PeerId> {
        self.peers
            .of_kind(PeerStateKind::Connected)
            .min_by_key(|peer| self.peers.interactions().of(*peer).won)
    }

    pub(super) fn middle_of_largest_gap(&self) -> TokenId {
        TokenId::new(self.largest_gap().middle())
    }

    /// The largest arc without a Connected peer; of equally large ones the last.
    fn largest_gap(&self) -> Gap {
        let me = self.id.get();
        let (below, above) = self.peers.around_owner(PeerStateKind::Connected);
        let others = above.chain(below).map(PeerId::get);
        let (largest, last) = others
            .fold((None, me), |(largest, last), next| (largest.max(Some(Gap::between(last, next))), next));
        let closing = Gap::between(last, me);
        largest.map_or(closing, |largest| largest.max(closing))
    }

    /// Whether a connection with a peer would divide the largest gap well.
    pub(super) fn bridges_gap(&self, cx: &Context<'_>, peer: PeerId) -> bool {
        cx.config.peers.coverage_bias > Ratio::ZERO && self.largest_gap().is_bridged_by(peer)
    }

    /// Whether the peer has the neighbours and the connections that it wants, or knows nobody else to turn to.
    pub(super) fn has_what_it_wants(&self, cx: &Context<'_>) -> bool {
        let config = &cx.config.peers;
        let has_core = self.missing_neighbors(cx).next().is_none();
        let target = config.connected_target.map_or(u32::MAX, std::num::NonZeroU32::get);
        let has_enough = self.peers.count(PeerStateKind::Connected) >= target;
        has_core && (has_enough || self.candidates_for_connection(cx).next().is_none())
    }

    fn missing_neighbors(&self, cx: &Context<'_>) -> impl Iterator<Item = PeerId> {
        let core = self.peers.leaf_set_states(cx.config.peers.core_neighbors);
        let missing = core.filter(|(peer, state)| {
            state.kind() == PeerStateKind::Identified
                && !self.is_settled((*peer).into())
                && !self.peers.is_below_floor(cx, *peer)
        });
        missing.map(|(peer, _)| peer)
    }

    fn candidates_for_connection(&self, cx: &Context<'_>) -> impl Iterator<Item = PeerId> {
        let identified = self.peers.of_kind(PeerStateKind::Identified);
        identified.filter(|peer| !self.is_settled((*peer).into()) && !self.peers.is_below_floor(cx, *peer))
    }

    /// What the peer lacks, the most important first: neighbours, then connections, then, once in a while, confirmation
    /// of what it has, and news.
    fn needed_tokens(&mut self, cx: &mut Context<'_>) -> Vec<TokenId> {
        let peers = self.lacking_peers(cx);
        if peers.is_empty() {
            return self.routine(cx).into_iter().collect();
        }
        peers.into_iter().map(TokenId::from).collect()
    }

    /// Neighbours and others that the peer would like to be Connected with, as many as it may hold elections on.
    fn lacking_peers(&mut self, cx: &mut Context<'_>) -> Vec<PeerId> {
        let changes = Revisions { table: self.peers.revision(), settled: self.settled.changes() };
        if self.satisfied_at == Some(changes) {
            return Vec::new();
        }
        let wanted = cx.config.election.per_round as usize;
        let mut peers: Vec<PeerId> = self.missing_neighbors(cx).take(wanted).collect();
        let lacks_connections = self.lacks_connections(cx);
        if lacks_connections && peers.len() < wanted {
            let others: Vec<PeerId> =
                self.candidates_for_connection(cx).filter(|peer| !peers.contains(peer)).collect();
            peers.extend(self.choose(cx, others, wanted - peers.len()));
        }
        self.satisfied_at = (peers.is_empty() && !lacks_connections).then_some(changes);
        peers
    }

    /// Some of the peers that may become Connected: those nearest to the middle of the largest gap, or random ones.
    fn choose(&self, cx: &mut Context<'_>, mut peers: Vec<PeerId>, count: usize) -> Vec<PeerId> {
        if !cx.rng.chance(cx.config.peers.coverage_bias) {
            return cx.rng.take_some(&mut peers, count);
        }
        let middle = self.middle_of_largest_gap().get();
        sort::sort_by_key(&mut peers, |peer| ring::distance(peer.get(), middle));
        peers.truncate(count);
        peers
    }

    /// Whether more peers are to be Connected than are or may soon be.
    pub(super) fn lacks_connections(&self, cx: &Context<'_>) -> bool {
        let hopes = self.peers.count(PeerStateKind::Connected) + self.peers.count(PeerStateKind::Pending);
        cx.config.peers.connected_target.is_none_or(|target| hopes < target.get())
    }

    /// What a peer does that has, or knows of, nothing better: it confirms the connection that has been silent longest,
    /// and looks for peers from time to time, often as long as it has not even as many as make a neighbourhood.
    fn routine(&self, cx: &mut Context<'_>) -> Option<TokenId> {
        let idle = if cx.config.election.adaptive_rate { cx.config.election.idle_interval_rounds } else { 1 };
        let is_lonely = self.peers.count(PeerStateKind::Connected) < 2 * cx.config.peers.core_neighbors;
        let interval = if is_lonely { idle.div_ceil(HURRY) } else { idle };
        if !self.is_due(cx, interval) {
            return None;
        }
        let looks = is_lonely || (cx.now.0 / u64::from(interval)).is_multiple_of(LOOK_ROUND);
        let silent = if looks { None } else { self.peers.least_recently_heard() };
        Some(match silent {
            Some(peer) => peer.into(),
            None if cx.rng.chance(Ratio::from_millionths(500_000)) => self.own_neighborhood(),
            None => self.bridge(cx).map_or_else(|| self.random_token(cx), TokenId::from),
        })
    }

    /// A known peer that would divide the largest gap between connections.
    fn bridge(&self, cx: &Context<'_>) -> Option<PeerId> {
        if cx.config.peers.coverage_bias == Ratio::ZERO {
            return None;
        }
        let gap = self.largest_gap();
        let bridges = self.peers.of_kind(PeerStateKind::Identified).filter(|peer| gap.is_bridged_by(*peer));
        let open =
            bridges.filter(|peer| !self.is_settled((*peer).into()) && !self.peers.is_below_floor(cx, *peer));
        open.min_by_key(|peer| ring::distance(peer.get(), gap.middle()))
    }

    /// A token next to the peer's own id, which nobody stores: all who are asked name the peer's neighbours.
    const fn own_neighborhood(&self) -> TokenId {
        TokenId::new(self.id.get().wrapping_add(1))
    }

    /// Opens channels to the best candidates that the election has not asked yet.
    pub(super) fn ask_candidates(&mut self, cx: &mut Context<'_>, token: TokenId, voice: Queries) {
        let config = &cx.config.election;
        let mut candidates = self.candidates(cx, token);
        if config.token_as_first_hop {
            candidates.retain(|peer| *peer != token.as_peer());
            candidates.insert(0, token.as_peer());
        }
        if !config.replace_candidates {
            candidates.truncate(config.channels as usize);
        }
        let Some(running) = self.elections.channels_mut(token) else { return };
        let opened = candidates.into_iter().filter_map(|peer| running.open_channel(peer, config).ok());
        for query in opened.take(config.channels as usize).collect::<ArrayVec<_, NEAREST_MAX>>() {
            if voice == Queries::Send {
                cx.send(query.to, Message::Query { token, ticket: query.ticket, trail: None });
                let now = cx.now;
                self.peers.record_interaction(cx, query.to, |record| {
                    record.asked = Some(now);
                    record.queries += 1;
                });
                self.peers.score(cx, query.to, |score| score.on_query(now));
            }
        }
    }

    /// Peers that may be asked first, the best one first (seed 001, "Peer Selection for Channels").
    pub(super) fn candidates(&self, cx: &mut Context<'_>, token: TokenId) -> Nearest {
        let count = cx.config.election.candidates as usize;
        match cx.config.election.first_hops {
            FirstHopRule::Closest => self.nearest(cx, token, count),
            FirstHopRule::Random => {
                let mut known: Vec<PeerId> = self.peers.iter().map(|(peer, _)| peer).collect();
                cx.rng.take_some(&mut known, count).into_iter().collect()
            }
            FirstHopRule::Distant => self.far_apart(cx, token.get(), |_| true),
            FirstHopRule::LeastRecentlyUsed => {
                let mut known: Vec<PeerId> = self.peers.iter().map(|(peer, _)| peer).collect();
                let asked = |peer: &PeerId| self.peers.interactions().of(*peer).asked;
                sort::sort_by_key(&mut known, |peer| (asked(peer), ring::distance(peer.get(), token.get())));
                known.into_iter().take(count).collect()
            }
            FirstHopRule::Hybrid => {
                let start = cx.rng.number();
                let rested = |peer: PeerId| {
                    self.peers
                        .interactions()
                        .of(peer)
                        .asked
                        .is_none_or(|asked| cx.now.since(asked) >= RECENTLY)
                };
                let found = self.far_apart(cx, start, rested);
                if found.is_empty() { self.nearest(cx, token, count) } else { found }
            }
            FirstHopRule::Reputable => {
                let mut near = self.nearest(cx, token, count);
                sort::sort_by_key(&mut near, |peer| {
                    std::cmp::Reverse(self.peers.interactions().of(*peer).answer_rate())
                });
                near
            }
            FirstHopRule::Quality => {
                let mut near = self.nearest(cx, token, count);
                sort::sort_by_key(&mut near, |peer| std::cmp::Reverse(self.peers.scores().quality(*peer)));
                near
            }
        }
    }

    /// As many known peers as there are candidates, each the nearest one to a place of its own, the places evenly
    /// spread from `start`.
    fn far_apart(&self, cx: &Context<'_>, start: u64, may_ask: impl Fn(PeerId) -> bool) -> Nearest {
        let count = cx.config.election.candidates;
        let stride = u64::MAX / u64::from(count.max(1));
        let mut found = Nearest::new();
        for step in 0..u64::from(count) {
            let place = start.wrapping_add(stride.wrapping_mul(step));
            let near = self.nearest(cx, TokenId::new(place), 2);
            let new = near.into_iter().find(|peer| may_ask(*peer) && !found.contains(peer));
            found.extend(new);
        }
        found
    }
}
