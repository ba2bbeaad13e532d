//! What a peer holds elections on, and whom it asks.

use super::{Node, Voice};
use crate::actor::{Context, Standing};
use crate::config::{Agenda, FirstHopRule};
use crate::id::{PeerId, TokenId};
use crate::message::Message;
use crate::peers::Nearest;
use crate::ring;

/// Rounds after which a peer that was asked may be asked first again, under [`FirstHopRule::Hybrid`].
const RECENTLY: u64 = 10;

impl Node {
    /// Phase 7: starts elections on what the agenda has.
    pub(super) fn start_elections(&mut self, cx: &mut Context<'_>) {
        if !self.is_due(cx, cx.config.election.interval_rounds) {
            return;
        }
        let tokens = match cx.config.election.agenda {
            Agenda::Samples => self.sampled_tokens(cx),
            Agenda::Needs => self.needed_tokens(cx),
        };
        for token in tokens {
            if !self.is_settled(token) && self.begin(cx, token) {
                self.ask_candidates(cx, token, Voice::Speaks);
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
        if cx.rng.chance(cx.config.election.coverage_bias) {
            return self.middle_of_largest_gap();
        }
        TokenId::new(cx.rng.number())
    }

    /// The Connected peer that has not won an election for the longest time.
    fn least_recently_confirmed(&self) -> Option<PeerId> {
        self.peers.with(Standing::Connected).min_by_key(|peer| self.peers.ledger().of(*peer).won)
    }

    /// The middle of the largest arc without a Connected peer, or of all but its own place where there is none.
    fn middle_of_largest_gap(&self) -> TokenId {
        let mut places: Vec<u64> = self.peers.with(Standing::Connected).map(PeerId::get).collect();
        places.push(self.id.get());
        places.sort_unstable();
        let next = places.iter().copied().cycle().skip(1);
        // Alone, its gap is the whole ring: the largest width there is.
        let width = |from: u64, to: u64| to.wrapping_sub(from).wrapping_sub(1);
        let gaps = places.iter().copied().zip(next).map(|(from, to)| (width(from, to), from));
        let (width, from) = gaps.max().unwrap_or((u64::MAX, self.id.get()));
        TokenId::new(from.wrapping_add(width / 2))
    }

    /// Whether the peer has the neighbours and the connections that it wants, or knows nobody else to turn to.
    pub(super) fn has_what_it_wants(&self, cx: &Context<'_>) -> bool {
        let config = &cx.config.peers;
        let has_core = self.missing_neighbors(cx).next().is_none();
        let target = config.connected_target.map_or(u32::MAX, std::num::NonZeroU32::get);
        let has_enough = self.peers.count(Standing::Connected) >= target;
        has_core && (has_enough || self.candidates_for_connection().next().is_none())
    }

    fn missing_neighbors(&self, cx: &Context<'_>) -> impl Iterator<Item = PeerId> {
        let core = self.peers.core(cx.config.peers.core_neighbors);
        core.filter(|peer| {
            self.peers.standing(*peer) == Standing::Identified && !self.is_settled((*peer).into())
        })
    }

    fn candidates_for_connection(&self) -> impl Iterator<Item = PeerId> {
        self.peers.with(Standing::Identified).filter(|peer| !self.is_settled((*peer).into()))
    }

    /// What the peer lacks, the most important first: neighbours, then connections, then, once in a while, confirmation
    /// of what it has, and news.
    fn needed_tokens(&self, cx: &mut Context<'_>) -> Vec<TokenId> {
        let config = &cx.config.election;
        let wanted = config.per_round as usize;
        let mut peers: Vec<PeerId> = self.missing_neighbors(cx).take(wanted).collect();
        if self.lacks_connections(cx) && peers.len() < wanted {
            let mut others: Vec<PeerId> =
                self.candidates_for_connection().filter(|peer| !peers.contains(peer)).collect();
            peers.extend(cx.rng.take_some(&mut others, wanted - peers.len()));
        }
        let mut tokens: Vec<TokenId> = peers.into_iter().map(TokenId::from).collect();
        let interval = if config.adaptive_rate { config.idle_interval_rounds } else { 1 };
        if tokens.is_empty() && self.is_due(cx, interval) {
            tokens.push(self.routine(cx, interval));
        }
        tokens
    }

    /// Whether more peers are to be Connected than are or may soon be.
    pub(super) fn lacks_connections(&self, cx: &Context<'_>) -> bool {
        let hopes = self.peers.count(Standing::Connected) + self.peers.count(Standing::Pending);
        cx.config.peers.connected_target.is_none_or(|target| hopes < target.get())
    }

    /// Confirmation of the oldest connection and news, in turn: who the own neighbours are, and who lives where the
    /// peer knows least.
    fn routine(&self, cx: &mut Context<'_>, interval: u32) -> TokenId {
        let confirmed = || self.least_recently_confirmed().map(TokenId::from);
        let turn = cx.now.0 / u64::from(interval);
        match turn % 4 {
            1 => self.id.into(),
            3 => self.news(cx),
            _ => confirmed().unwrap_or_else(|| self.news(cx)),
        }
    }

    /// A token of a part of the ring that the peer knows little of: one it has come across, as somebody will store it.
    fn news(&self, cx: &mut Context<'_>) -> TokenId {
        let place = self.middle_of_largest_gap();
        let bias = cx.rng.chance(cx.config.election.coverage_bias);
        let known = if bias { self.samples.nearest(place.get()) } else { self.samples.random(cx) };
        known.unwrap_or(place)
    }

    /// Opens channels to the best candidates that the election has not asked yet.
    pub(super) fn ask_candidates(&mut self, cx: &mut Context<'_>, token: TokenId, voice: Voice) {
        let config = &cx.config.election;
        let mut candidates = self.candidates(cx, token);
        if config.token_as_first_hop {
            candidates.retain(|peer| *peer != token.as_peer());
            candidates.insert(0, token.as_peer());
        }
        if !config.replace_candidates {
            candidates.truncate(config.channels as usize);
        }
        let Some(running) = self.elections.get_mut(token) else { return };
        let opened = candidates.into_iter().filter_map(|peer| running.open_channel(peer, config).ok());
        for query in opened.take(config.channels as usize).collect::<Vec<_>>() {
            if voice == Voice::Speaks {
                cx.send(query.to, Message::Query { token, ticket: query.ticket, trail: None });
                let now = cx.now;
                self.peers.note(cx, query.to, |record| {
                    record.asked = Some(now);
                    record.queries += 1;
                });
            }
        }
    }

    /// Peers that may be asked first, the best one first (seed 001, "Peer Selection for Channels").
    fn candidates(&self, cx: &mut Context<'_>, token: TokenId) -> Nearest {
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
                let asked = |peer: &PeerId| self.peers.ledger().of(*peer).asked;
                known.sort_by_key(|peer| (asked(peer), ring::distance(peer.get(), token.get())));
                known.into_iter().take(count).collect()
            }
            FirstHopRule::Hybrid => {
                let start = cx.rng.number();
                let rested = |peer: PeerId| {
                    self.peers.ledger().of(peer).asked.is_none_or(|asked| cx.now.since(asked) >= RECENTLY)
                };
                let found = self.far_apart(cx, start, rested);
                if found.is_empty() { self.nearest(cx, token, count) } else { found }
            }
            FirstHopRule::Reputable => {
                let mut near = self.nearest(cx, token, count);
                near.sort_by_key(|peer| std::cmp::Reverse(self.peers.ledger().of(*peer).reliability()));
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
