//! A run that has ended, and readings shared by measures.

use std::cell::OnceCell;

use super::{exact, mean_of};
use crate::base::id::{PeerId, TokenId};
use crate::observe::metrics::{Metrics, Outcomes, Sample, Shape};
use crate::observe::pool_view::LinkState;
use crate::protocol::event::{Cause, PeerStateKind};
use crate::protocol::message::CompactProof;
use crate::protocol::proof;
use crate::protocol::token::Rank;
use crate::sim::host::Host;
use crate::study::simulation::Simulation;

/// Tokens whose holders are compared, spread evenly over the ring.
const PROBES: u32 = 48;

/// Mappings in common that count as agreement: the default of document 001.
const AGREEMENT: u8 = 8;

/// A run that has ended. Shared inputs of measures are computed once.
#[derive(Debug)]
pub(super) struct End<'a> {
    pub(super) run: &'a Simulation,
    pub(super) metrics: Metrics,
    shape: OnceCell<Shape>,
    sample: OnceCell<Sample>,
}

impl<'a> End<'a> {
    /// Looks at a run.
    pub(super) fn of(run: &'a Simulation) -> Self {
        Self { run, metrics: run.metrics(), shape: OnceCell::new(), sample: OnceCell::new() }
    }

    pub(super) fn shape(&self) -> &Shape {
        self.shape.get_or_init(|| self.run.shape())
    }

    /// The last state of the run as a row of its history.
    pub(super) fn sample(&self) -> &Sample {
        self.sample.get_or_init(|| self.run.sample())
    }

    /// Messages of all kinds.
    pub(super) fn messages_per_peer_round(&self) -> Option<f64> {
        ratio(self.metrics.messages.total, self.metrics.peers.running * self.metrics.rounds)
    }

    pub(super) fn elections_per_peer_round(&self) -> Option<f64> {
        ratio(self.metrics.elections.started, self.metrics.peers.running * self.metrics.rounds)
    }

    /// Mean score that hosts give known peers without a connection, in points.
    pub(super) fn silent_score(&self) -> Option<f64> {
        let hosts = self.run.world().hosts().iter().map(Host::id);
        let peers = hosts.filter_map(|host| self.run.pool_view(Some(host))).flat_map(|view| view.peers);
        let scores: Vec<u64> =
            peers.filter(|peer| peer.link == LinkState::Idle).map(|peer| peer.score).collect();
        ratio(scores.iter().sum(), 100 * scores.len() as u64)
    }

    pub(super) fn rounds_per_hour(&self) -> f64 {
        3_600_000.0 / f64::from(self.run.world().config().time.round_ms)
    }

    pub(super) fn seconds(&self, rounds: u32) -> f64 {
        f64::from(rounds) * f64::from(self.run.world().config().time.round_ms) / 1_000.0
    }

    /// Share of the listed pairs with exactly one session on which both ends agree.
    pub(super) fn pairs_in_order(&self) -> Option<f64> {
        let found = self.metrics.sessions.as_ref()?;
        let broken = found.pairs_without_session + found.pairs_with_duplicates;
        ratio(found.listed_pairs.saturating_sub(broken), found.listed_pairs)
    }

    /// Share of the listed pairs with a session, on average over the samples of the history.
    pub(super) fn session_availability(&self) -> Option<f64> {
        let levels = self.run.history().samples().iter().map(|sample| sample.layers.sessions);
        let sum = levels.fold((0, 0), |(served, listed), one| {
            (served + one.listed_pairs - one.pairs_without_session, listed + one.listed_pairs)
        });
        ratio(sum.0, sum.1)
    }

    pub(super) fn ended(&self) -> u64 {
        let Outcomes { elected, loss, no_answer, too_few_answers, disagreement, split_brain } =
            self.metrics.outcomes;
        elected + loss + no_answer + too_few_answers + disagreement + split_brain
    }

    /// Transitions from one state to another with causes that satisfy a predicate.
    fn transitions_by(&self, from: PeerStateKind, to: PeerStateKind, counts: impl Fn(Cause) -> bool) -> u64 {
        let transitions = self.metrics.transitions.iter();
        let wanted = transitions.filter(|one| one.from == from && one.to == to && counts(one.cause));
        wanted.map(|one| one.count).sum()
    }

    pub(super) fn transitions(&self, from: PeerStateKind, to: PeerStateKind) -> u64 {
        self.transitions_by(from, to, |cause| cause != Cause::Introduction)
    }

    /// Share of these transitions that have one cause.
    pub(super) fn caused(&self, from: PeerStateKind, to: PeerStateKind, cause: Cause) -> Option<f64> {
        ratio(self.transitions_by(from, to, |found| found == cause), self.transitions(from, to))
    }

    /// Share of elections that completed, among those old enough to be decided. Ended elections would be a
    /// biased denominator: in a short run only successful ones have ended.
    pub(super) fn success(&self) -> Option<f64> {
        let youngest = u64::from(self.run.world().config().election.min_collection_rounds) + 1;
        let last = self.metrics.rounds.checked_sub(youngest)?;
        let samples = self.run.history().samples().iter();
        let started = samples.take_while(|sample| sample.round.0 <= last).last()?.tally.elections().started;
        ratio(self.metrics.elections.completed.min(started), started)
    }

    pub(super) fn at_start(&self) -> Option<f64> {
        self.run.history().samples().first().map(|sample| sample.peers.connected.avg)
    }

    /// Of a peer, when the run began.
    pub(super) fn known_at_start(&self) -> Option<f64> {
        let peers = self.run.history().samples().first()?.peers;
        let known = peers.connected.avg * whole(peers.running) + whole(peers.identified + peers.pending);
        Some(known / whole(peers.running))
    }

    pub(super) fn mean_over_peers(&self, read: impl Fn(&Host) -> usize) -> Option<f64> {
        let running = self.run.world().hosts().iter().filter(|host| host.is_running());
        mean_of(&running.map(|host| exact(read(host))).collect::<Vec<_>>())
    }

    /// Of the holders of some tokens: the share that can prove it to the first peer of the world, and the
    /// share of the pairs of these proofs that agree.
    pub(super) fn agreement_of_holders(&self) -> (Option<f64>, Option<f64>) {
        let universe = self.run.world().universe();
        let (mut holders, mut proven, mut pairs, mut agreeing) = (0, 0, 0, 0);
        for probe in 0..PROBES.min(universe.len()) {
            let rank = Rank(
                u32::try_from(u64::from(probe) * u64::from(universe.len()) / u64::from(PROBES)).unwrap_or(0),
            );
            let (held, proofs) = self.proofs(universe.mapping(rank).token, rank);
            holders += held;
            proven += proofs.len() as u64;
            for (index, one) in proofs.iter().enumerate() {
                pairs += proofs[..index].len() as u64;
                agreeing += proofs[..index].iter().filter(|other| agree(one, other)).count() as u64;
            }
        }
        (ratio(proven, holders), ratio(agreeing, pairs))
    }

    /// Number of holders of a token, and the proofs of those that can prove it.
    fn proofs(&self, token: TokenId, rank: Rank) -> (u64, Vec<CompactProof>) {
        let world = self.run.world();
        let challenger = world.hosts().first().map_or(PeerId::new(0), Host::id);
        let holders: Vec<_> = world.hosts().iter().filter(|host| host.token_set().holds(rank)).collect();
        let search = world.config().tokens.search;
        let prove =
            |host: &&Host| proof::search(world.universe(), host.token_set(), search, token, challenger);
        (holders.len() as u64, holders.iter().filter_map(prove).collect())
    }
}

#[expect(clippy::cast_precision_loss, reason = "counters stay far below 2^53")]
pub(super) const fn whole(count: u64) -> f64 {
    count as f64
}

pub(super) fn ratio(part: u64, of: u64) -> Option<f64> {
    (of > 0).then(|| whole(part) / whole(of))
}

fn agree(one: &CompactProof, other: &CompactProof) -> bool {
    one.agreement(other) >= AGREEMENT
}
