//! Targets: tokens to hold elections on, and the first hops to ask.

use arrayvec::ArrayVec;

use super::election_stats::Health;
use super::{Node, Queries, Revisions};
use crate::base::id::{PeerId, TokenId};
use crate::base::ratio::Ratio;
use crate::base::ring;
use crate::base::sort;
use crate::config::{FirstHopRule, ReelectionRule, TargetPolicy};
use crate::protocol::context::Context;
use crate::protocol::event::PeerStateKind;
use crate::protocol::message::Message;
use crate::protocol::peer_table::{NEAREST_MAX, Nearest};

/// Rounds for which a peer that was asked is not asked first again, under [`FirstHopRule::Hybrid`].
const REST_ROUNDS: u64 = 10;
/// Factor by which a peer with fewer connections than leaf-set members explores more often.
const LONELY_FACTOR: u32 = 5;
/// One of this many idle-time elections explores instead of confirming a connection.
const EXPLORE_INTERVAL: u64 = 4;

/// An arc of the ring between two peers, without both ends.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Gap {
    width: u64,
    from: u64,
}

impl Gap {
    const fn between(from: u64, to: u64) -> Self {
        // Between a peer and itself, the gap is the whole ring: 2^64 - 1.
        Self { width: to.wrapping_sub(from).wrapping_sub(1), from }
    }

    const fn middle(self) -> u64 {
        self.from.wrapping_add(self.width / 2)
    }

    /// Returns whether a peer lies in the middle half of the gap, so that a connection with it divides the
    /// gap well.
    const fn is_bridged_by(self, peer: PeerId) -> bool {
        let offset = peer.get().wrapping_sub(self.from);
        offset > self.width / 4 && offset < self.width - self.width / 4
    }
}

impl Node {
    /// Phase 7: starts elections on the targets of the [`TargetPolicy`].
    pub(super) fn start_elections(&mut self, cx: &mut Context<'_>) {
        let config = &cx.config.election;
        if config.per_round == 0
            || !self.holds_elections(cx.config)
            || !self.is_due(cx, config.interval_rounds)
        {
            return;
        }
        let tokens = match config.agenda {
            TargetPolicy::Samples => self.sampled_tokens(cx),
            TargetPolicy::Needs => self.needed_tokens(cx),
        };
        let queries = if config.spawn_twice { Queries::Suppress } else { Queries::Send };
        for token in tokens {
            if !self.has_result(token) && self.begin(cx, token).is_ok() {
                self.ask_candidates(cx, token, queries);
            }
        }
    }

    /// Returns whether this is the peer's round in an interval: rounds are spread over peers by id.
    fn is_due(&self, cx: &Context<'_>, interval: u32) -> bool {
        debug_assert!(interval > 0, "an interval has at least one round");
        self.id.get().abs_diff(cx.now.0).is_multiple_of(u64::from(interval))
    }

    /// Sampled tokens, and random ones once the samples are used up (document 000, "Random Token Elections").
    fn sampled_tokens(&mut self, cx: &mut Context<'_>) -> Vec<TokenId> {
        let config = &cx.config.election;
        let rests = config.adaptive_rate && self.has_what_it_wants(cx);
        let wanted = match (rests, self.is_due(cx, config.idle_interval_rounds)) {
            (false, _) => self.rate(cx),
            (true, is_due) => is_due.into(),
        };
        (0..wanted).map(|_| self.sampled_token(cx)).collect()
    }

    /// Elections to start in this round: `election.per_round`, or what the health of the network demands.
    fn rate(&self, cx: &Context<'_>) -> u32 {
        let config = &cx.config.election;
        if !config.health_rate {
            return config.per_round;
        }
        match self.stats.health(cx.now) {
            Health::Good => self.is_due(cx, config.idle_interval_rounds).into(),
            Health::Fair => config.per_round,
            Health::Poor => 2 * config.per_round,
        }
    }

    fn sampled_token(&mut self, cx: &mut Context<'_>) -> TokenId {
        let sampled = self.reelected_token(cx).or_else(|| self.samples.take(cx));
        sampled.unwrap_or_else(|| self.random_token(cx))
    }

    /// With probability `election.reelection_share`, the token of an election that re-confirms a Connected
    /// peer: the id of the peer, whose neighborhood it stores best, or a position near it.
    fn reelected_token(&mut self, cx: &mut Context<'_>) -> Option<TokenId> {
        let config = &cx.config.election;
        if !cx.rng.chance(config.reelection_share) {
            return None;
        }
        let peer = match config.reelection {
            ReelectionRule::LastWin => self.least_recently_confirmed()?,
            ReelectionRule::LeastVerified => self.least_recently_verified(cx)?,
        };
        self.verifications.insert(config.reelection, peer, cx.now);
        let offset = match config.reelection_spread {
            0 => 0,
            spread => cx.rng.below(spread + 1).into(),
        };
        Some(TokenId::new(peer.get().wrapping_add(offset)))
    }

    /// A token that most likely no peer stores: the replies are referrals, which make new peers known.
    fn random_token(&self, cx: &mut Context<'_>) -> TokenId {
        if cx.rng.chance(cx.config.peers.coverage_bias) {
            return self.middle_of_largest_gap();
        }
        TokenId::new(cx.rng.number())
    }

    /// The Connected peer whose last win is longest ago.
    fn least_recently_confirmed(&self) -> Option<PeerId> {
        self.peers
            .of_kind(PeerStateKind::Connected)
            .min_by_key(|peer| self.peers.interactions().of(*peer).won)
    }

    /// The Connected peer verified longest ago, of those without a valid result that no running election
    /// verifies; of equals, the nearest.
    fn least_recently_verified(&self, cx: &Context<'_>) -> Option<PeerId> {
        let width = cx.config.election.reelection_spread.into();
        let connected = self.peers.of_kind(PeerStateKind::Connected);
        let open = connected.filter(|peer| {
            !self.has_result((*peer).into()) && !self.elections.has_within((*peer).into(), width)
        });
        let verified = |peer: PeerId| self.verifications.of(peer).max(self.peers.interactions().of(peer).won);
        open.min_by_key(|peer| (verified(*peer), ring::distance(peer.get(), self.id.get())))
    }

    pub(super) fn middle_of_largest_gap(&self) -> TokenId {
        TokenId::new(self.largest_gap().middle())
    }

    /// The widest arc without a Connected peer; the last clockwise from the owner among equals.
    fn largest_gap(&self) -> Gap {
        let me = self.id.get();
        let (below, above) = self.peers.around_owner(PeerStateKind::Connected);
        let others = above.chain(below).map(PeerId::get);
        let (largest, last) = others
            .fold((None, me), |(largest, last), next| (largest.max(Some(Gap::between(last, next))), next));
        let closing = Gap::between(last, me);
        largest.map_or(closing, |largest| largest.max(closing))
    }

    /// Returns whether a connection with a peer divides the largest gap well; never while
    /// `peers.coverage_bias` is 0.
    pub(super) fn bridges_gap(&self, cx: &Context<'_>, peer: PeerId) -> bool {
        cx.config.peers.coverage_bias > Ratio::ZERO && self.largest_gap().is_bridged_by(peer)
    }

    /// Returns whether no member of the leaf set is missing, and the connection target is met or no candidate
    /// is left.
    pub(super) fn has_what_it_wants(&self, cx: &Context<'_>) -> bool {
        let has_leaf_set = self.missing_neighbors(cx).next().is_none();
        let connected = self.peers.count(PeerStateKind::Connected);
        let has_enough = cx.config.peers.connected_target.is_some_and(|target| connected >= target.get());
        has_leaf_set && (has_enough || self.candidates_for_connection(cx).next().is_none())
    }

    /// Members of the leaf set to hold elections on.
    fn missing_neighbors(&self, cx: &Context<'_>) -> impl Iterator<Item = PeerId> {
        let leaf_set = self.peers.leaf_set_states(cx.config.peers.core_neighbors);
        let missing = leaf_set.filter(|(peer, state)| {
            state.kind() == PeerStateKind::Identified
                && !self.has_result((*peer).into())
                && !self.peers.is_below_floor(cx, *peer)
        });
        missing.map(|(peer, _)| peer)
    }

    /// Identified peers to hold elections on.
    fn candidates_for_connection(&self, cx: &Context<'_>) -> impl Iterator<Item = PeerId> {
        let identified = self.peers.of_kind(PeerStateKind::Identified);
        identified.filter(|peer| !self.has_result((*peer).into()) && !self.peers.is_below_floor(cx, *peer))
    }

    /// Ids of missing neighbors, then of candidates for connections; an idle-time election if nothing is
    /// lacking.
    fn needed_tokens(&mut self, cx: &mut Context<'_>) -> Vec<TokenId> {
        let peers = self.lacking_peers(cx);
        let mut tokens: Vec<TokenId> = if peers.is_empty() {
            self.idle_token(cx).into_iter().collect()
        } else {
            peers.into_iter().map(TokenId::from).collect()
        };
        if cx.config.election.reelection == ReelectionRule::LeastVerified {
            tokens.iter_mut().for_each(|token| *token = self.reelected_token(cx).unwrap_or(*token));
        }
        tokens
    }

    /// Missing neighbors and candidates for connections, at most `election.per_round`. Skipped while neither
    /// the table nor the cached results have changed since nothing was lacking.
    fn lacking_peers(&mut self, cx: &mut Context<'_>) -> Vec<PeerId> {
        let revisions = Revisions { table: self.peers.revision(), results: self.results.revision() };
        if self.satisfied_at == Some(revisions) {
            return Vec::new();
        }
        let wanted = self.rate(cx) as usize;
        let mut peers: Vec<PeerId> = self.missing_neighbors(cx).take(wanted).collect();
        let lacks_connections = self.lacks_connections(cx);
        if lacks_connections && peers.len() < wanted {
            let others: Vec<PeerId> =
                self.candidates_for_connection(cx).filter(|peer| !peers.contains(peer)).collect();
            peers.extend(self.choose(cx, others, wanted - peers.len()));
        }
        debug_assert!(peers.len() <= wanted, "{} of {wanted} peers", peers.len());
        self.satisfied_at = (peers.is_empty() && wanted > 0 && !lacks_connections).then_some(revisions);
        peers
    }

    /// Up to `count` candidates: with probability `peers.coverage_bias` those nearest to the middle of the
    /// largest gap, else uniformly random ones.
    fn choose(&self, cx: &mut Context<'_>, mut peers: Vec<PeerId>, count: usize) -> Vec<PeerId> {
        if !cx.rng.chance(cx.config.peers.coverage_bias) {
            return cx.rng.take_some(&mut peers, count);
        }
        let middle = self.middle_of_largest_gap().get();
        sort::sort_by_key(&mut peers, |peer| ring::distance(peer.get(), middle));
        peers.truncate(count);
        peers
    }

    /// Returns whether Connected and Pending peers are fewer than `peers.connected_target`; always without a
    /// target.
    pub(super) fn lacks_connections(&self, cx: &Context<'_>) -> bool {
        let expected = self.peers.count(PeerStateKind::Connected) + self.peers.count(PeerStateKind::Pending);
        cx.config.peers.connected_target.is_none_or(|target| expected < target.get())
    }

    /// Token of an idle-time election: re-confirm the connection heard from least recently, or explore.
    /// `None` outside the peer's round of the idle interval.
    fn idle_token(&self, cx: &mut Context<'_>) -> Option<TokenId> {
        let idle = if cx.config.election.adaptive_rate { cx.config.election.idle_interval_rounds } else { 1 };
        let is_lonely = self.peers.count(PeerStateKind::Connected) < 2 * cx.config.peers.core_neighbors;
        let interval = if is_lonely { idle.div_ceil(LONELY_FACTOR) } else { idle };
        if !self.is_due(cx, interval) {
            return None;
        }
        let explores = is_lonely || (cx.now.0 / u64::from(interval)).is_multiple_of(EXPLORE_INTERVAL);
        let silent = if explores { None } else { self.peers.least_recently_heard() };
        Some(match silent {
            Some(peer) => peer.into(),
            None if cx.rng.chance(Ratio::from_millionths(500_000)) => self.own_neighborhood(),
            None => self.bridge(cx).map_or_else(|| self.random_token(cx), TokenId::from),
        })
    }

    /// The Identified peer nearest to the middle of the largest gap that would bridge it.
    fn bridge(&self, cx: &Context<'_>) -> Option<PeerId> {
        if cx.config.peers.coverage_bias == Ratio::ZERO {
            return None;
        }
        let gap = self.largest_gap();
        let bridges = self.peers.of_kind(PeerStateKind::Identified).filter(|peer| gap.is_bridged_by(*peer));
        let open =
            bridges.filter(|peer| !self.has_result((*peer).into()) && !self.peers.is_below_floor(cx, *peer));
        open.min_by_key(|peer| ring::distance(peer.get(), gap.middle()))
    }

    /// The token next to the peer's own id, which most likely no peer stores: referrals name the peer's
    /// neighbors.
    const fn own_neighborhood(&self) -> TokenId {
        TokenId::new(self.id.get().wrapping_add(1))
    }

    /// Opens `election.channels` channels.
    pub(super) fn ask_candidates(&mut self, cx: &mut Context<'_>, token: TokenId, queries: Queries) {
        self.ask(cx, token, cx.config.election.channels, queries);
    }

    /// Opens channels to the best candidates that the election has not asked, up to a number.
    pub(super) fn ask(&mut self, cx: &mut Context<'_>, token: TokenId, channels: u32, queries: Queries) {
        let config = &cx.config.election;
        let mut candidates = self.candidates(cx, token);
        if config.token_as_first_hop {
            candidates.retain(|peer| *peer != token.as_peer());
            candidates.insert(0, token.as_peer());
        }
        if !config.replace_candidates {
            candidates.truncate(channels as usize);
        }
        let Some(running) = self.elections.channels_mut(token) else { return };
        let opened = candidates.into_iter().filter_map(|peer| running.open_channel(peer, config).ok());
        for query in opened.take(channels as usize).collect::<ArrayVec<_, NEAREST_MAX>>() {
            if queries == Queries::Send {
                cx.send(query.to, Message::Query { token, ticket: query.ticket, trail: None });
                let now = cx.now;
                self.peers.record_interaction(cx, query.to, |stats| {
                    stats.asked = Some(now);
                    stats.queries += 1;
                });
                self.peers.score(cx, query.to, |score| score.on_query(now));
            }
        }
    }

    /// Up to `election.candidates` first hops, best first (document 001, "Peer Selection for Channels").
    pub(super) fn candidates(&self, cx: &mut Context<'_>, token: TokenId) -> Nearest {
        let count = cx.config.election.candidates as usize;
        debug_assert!(count < NEAREST_MAX, "{count} candidates, and one more for the token itself");
        match cx.config.election.first_hops {
            FirstHopRule::Closest => self.nearest(cx, token, count),
            FirstHopRule::Random => {
                let mut known: Vec<PeerId> = self.peers.iter().map(|(peer, _)| peer).collect();
                cx.rng.take_some(&mut known, count).into_iter().collect()
            }
            FirstHopRule::Distant => self.evenly_spread(cx, token.get(), |_| true),
            FirstHopRule::LeastRecentlyUsed => {
                let mut known: Vec<PeerId> = self.peers.iter().map(|(peer, _)| peer).collect();
                let asked = |peer: &PeerId| self.peers.interactions().of(*peer).asked;
                sort::sort_by_key(&mut known, |peer| (asked(peer), ring::distance(peer.get(), token.get())));
                known.into_iter().take(count).collect()
            }
            FirstHopRule::Hybrid => {
                let start = cx.rng.number();
                let is_rested = |peer: PeerId| {
                    let asked = self.peers.interactions().of(peer).asked;
                    asked.is_none_or(|asked| cx.now.since(asked) >= REST_ROUNDS)
                };
                let found = self.evenly_spread(cx, start, is_rested);
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

    /// One known peer for each of `election.candidates` positions, evenly spread around the ring from
    /// `start`: the nearer of the two nearest that may be asked and is not chosen yet.
    fn evenly_spread(&self, cx: &Context<'_>, start: u64, may_ask: impl Fn(PeerId) -> bool) -> Nearest {
        let count = cx.config.election.candidates;
        let stride = u64::MAX / u64::from(count.max(1));
        let mut found = Nearest::new();
        for step in 0..u64::from(count) {
            let position = start.wrapping_add(stride.wrapping_mul(step));
            let near = self.nearest(cx, TokenId::new(position), 2);
            let new = near.into_iter().find(|peer| may_ask(*peer) && !found.contains(peer));
            found.extend(new);
        }
        found
    }
}
