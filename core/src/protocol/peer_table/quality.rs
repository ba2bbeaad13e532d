//! Peer scores: how well other peers serve this one, relative to all of them together.
//!
//! Each query adds to two sums of its receiver: `queries`, and `points` for its outcome. The quality of a
//! peer is the ratio of its sums to those of all peers, with a prior of [`PRIOR`] points, so that losses
//! which hit all peers alike cancel out. Old queries fade by halving (`MEMORY`).

use std::num::NonZeroU32;

use litemap::LiteMap;

use crate::base::digest::Digest;
use crate::base::id::PeerId;
use crate::base::mutant::{Mutant, mutant};
use crate::base::ratio::Ratio;
use crate::base::time::Round;

/// Largest number of scored peers; at the limit the one asked least recently is dropped.
const SCORED_MAX: usize = 1024;
/// Points for an answer without delay.
const ANSWER: u64 = 1_000;
/// Delay in rounds at which an answer is worth half of [`ANSWER`]: hyperbolic decay.
const HALF_WORTH_ROUNDS: u64 = 8;
/// Points of an answer divided by those of a referral.
const REFERRAL: u64 = 8;
/// Cost of a wrong or contradicted proof, or of an invitation beyond the limit, in unanswered queries.
const FAULT: u64 = 4;
/// Points of the prior: credit of every peer, at the mean number of queries that earn as much. A larger prior
/// forgives more silence of rarely asked peers.
const PRIOR: u64 = 1_500;
/// Queries at which both sums of a peer are halved.
const MEMORY: u64 = 64;
/// Window of the invitation limit, in rounds.
const INVITATION_WINDOW: u64 = 100;
/// Quality of a peer that serves as well as all peers together, in thousandths.
const USUAL: u64 = 1_000;

/// Service of one peer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Score {
    /// Round of the last query to it.
    asked: Option<Round>,
    /// Worth of its replies.
    points: u64,
    /// Queries to it whose result is known, and the cost of its faults.
    queries: u64,
    /// Round of the last change of the sums; only while bad service is forgiven.
    judged: Option<Round>,
    /// Start of the current invitation window, and invitations in it.
    invitations: Option<(Round, u32)>,
}

impl Score {
    /// A query is sent to the peer.
    pub(crate) const fn on_query(&mut self, now: Round) {
        self.asked = Some(now);
    }

    /// The peer answers in an election that began in round `started`; the delay counts from the later of
    /// query and start.
    pub(crate) fn on_answer(&mut self, now: Round, started: Round) {
        let asked = self.asked.map_or(started, |asked| asked.max(started));
        let waited = mutant!(SlownessUncounted: now.since(asked) => 0);
        self.count(1, ANSWER * HALF_WORTH_ROUNDS / (HALF_WORTH_ROUNDS + waited));
    }

    /// The peer sends a referral; its delay does not count.
    pub(crate) const fn on_referral(&mut self) {
        self.count(1, ANSWER / REFERRAL);
    }

    /// An election ends in which the peer was asked and did not reply.
    pub(crate) const fn on_silence(&mut self) {
        self.count(1, 0);
    }

    /// The peer sends what no honest peer sends, or a proof that others contradict.
    pub(crate) const fn on_fault(&mut self) {
        self.count(FAULT, 0);
    }

    /// The peer sends an invitation. Returns whether it exceeds `limit` invitations within
    /// [`INVITATION_WINDOW`].
    pub(crate) fn on_invitation(&mut self, now: Round, limit: u32) -> bool {
        let (since, count) =
            self.invitations.filter(|(since, _)| now.since(*since) < INVITATION_WINDOW).unwrap_or((now, 0));
        self.invitations = Some((since, count.saturating_add(1)));
        mutant!(FloodUnnoticed: count >= limit => false)
    }

    const fn count(&mut self, queries: u64, points: u64) {
        debug_assert!(queries > 0 && points <= queries * ANSWER, "at most one answer's worth for a query");
        if self.queries >= MEMORY {
            (self.queries, self.points) = (self.queries / 2, self.points / 2);
        }
        self.queries += queries;
        self.points += points;
        debug_assert!(self.queries < MEMORY + FAULT, "halving bounds the number of queries");
    }
}

/// A score with its parts, for observers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ScoreParts {
    /// The peer that is scored.
    pub peer: PeerId,
    /// Quality in thousandths of the mean of all peers.
    pub quality: u64,
    /// Queries to it whose result is known, and the cost of its faults; old ones fade.
    pub queries: u64,
    /// Worth of its replies in thousandths of an answer without delay; old ones fade.
    pub points: u64,
    /// Round of the last query to it.
    pub asked: Option<Round>,
    /// Invitations in the window of its last one.
    pub invitations: u32,
}

/// Scores by peer, known or forgotten: a peer that returns keeps its score.
#[derive(Clone, Debug, Default)]
pub(crate) struct Scores {
    each: LiteMap<PeerId, Score>,
    /// Sum of the points of all scores.
    points: u64,
    /// Sum of the queries of all scores.
    queries: u64,
}

impl Scores {
    /// Returns whether no peer has a score.
    #[must_use]
    pub(crate) fn is_empty(&self) -> bool {
        self.each.is_empty()
    }

    /// Changes the score of a peer. `at` is the round that a change of the sums is dated, `None` unless bad
    /// service is forgiven.
    pub(crate) fn change<T>(
        &mut self,
        peer: PeerId,
        at: Option<Round>,
        change: impl FnOnce(&mut Score) -> T,
    ) -> T {
        if self.each.len() >= SCORED_MAX && !self.each.contains_key(&peer) {
            let rested = self.each.iter().min_by_key(|(peer, score)| (score.asked, **peer));
            if let Some((peer, _)) = rested {
                self.remove(*peer);
            }
        }
        let score = self.each.entry(peer).or_default();
        let before = *score;
        let result = change(score);
        if (score.points, score.queries) != (before.points, before.queries) {
            score.judged = at;
        }
        debug_assert!(
            self.points >= before.points && self.queries >= before.queries,
            "sums cover each score"
        );
        self.points = self.points - before.points + score.points;
        self.queries = self.queries - before.queries + score.queries;
        debug_assert!(self.each.len() <= SCORED_MAX, "{} scores", self.each.len());
        result
    }

    fn remove(&mut self, peer: PeerId) {
        if let Some(Score { points, queries, .. }) = self.each.remove(&peer)
            && !Mutant::ScoresDrift.is_active()
        {
            debug_assert!(self.points >= points && self.queries >= queries, "sums cover each score");
            self.points -= points;
            self.queries -= queries;
        }
    }

    /// Quality of a peer, in thousandths of the mean of all peers: (points + prior) over the points that the
    /// mean peer earns with as many queries, plus the prior. 1,000 for a peer without a score.
    #[must_use]
    pub(crate) fn quality(&self, peer: PeerId) -> u64 {
        self.each.get(&peer).map_or(USUAL, |score| self.compare(*score))
    }

    /// All scores with their parts, in ascending order of id.
    pub(super) fn parts(&self) -> impl Iterator<Item = ScoreParts> {
        self.each.iter().map(|(peer, score)| ScoreParts {
            peer: *peer,
            quality: self.compare(*score),
            queries: score.queries,
            points: score.points,
            asked: score.asked,
            invitations: score.invitations.map_or(0, |(_, count)| count),
        })
    }

    fn compare(&self, score: Score) -> u64 {
        if self.points == 0 {
            return USUAL;
        }
        debug_assert!(score.points <= self.points && score.queries <= self.queries, "sums cover each score");
        let earned = (score.points + PRIOR) * self.queries;
        earned * USUAL / (score.queries * self.points + PRIOR * self.queries)
    }

    /// Returns whether the quality of a peer is below `floor`, a share of the mean; never for a floor of 0.
    #[must_use]
    pub(crate) fn is_below_floor(&self, peer: PeerId, floor: Ratio) -> bool {
        floor > Ratio::ZERO && self.quality(peer) * 1_000 < u64::from(floor.millionths())
    }

    /// Peers below a floor, in ascending order of id.
    pub(crate) fn below_floor(&self, floor: Ratio) -> impl Iterator<Item = PeerId> {
        self.each.keys().copied().filter(move |peer| self.is_below_floor(*peer, floor))
    }

    /// Resets the scores of peers below the floor whose sums have not changed for `rounds` rounds: a peer
    /// that is not wanted is not asked, and could not improve. Returns how many were reset.
    pub(super) fn forgive(&mut self, floor: Ratio, rounds: NonZeroU32, now: Round) -> usize {
        let is_over = |judged: Round| now.since(judged) >= rounds.get().into();
        let rested = |peer: &PeerId| self.each[peer].judged.is_none_or(is_over);
        let forgiven: Vec<PeerId> = self.below_floor(floor).filter(rested).collect();
        for peer in &forgiven {
            self.change(*peer, None, |score| (score.points, score.queries) = (0, 0));
        }
        forgiven.len()
    }

    /// Returns whether the sums equal those of all scores. Linear time; for assertions.
    fn is_consistent(&self) -> bool {
        let sum = |of: fn(&Score) -> u64| self.each.values().map(of).sum::<u64>();
        (self.points, self.queries) == (sum(|score| score.points), sum(|score| score.queries))
    }

    /// Adds the scores to a fingerprint. No scores add nothing: fingerprints of runs without them predate
    /// them.
    pub(crate) fn digest(&self, digest: &mut Digest) {
        debug_assert!(self.is_consistent() || Mutant::ScoresDrift.is_active(), "sums at the fingerprint");
        for (peer, Score { asked, points, queries, judged, invitations }) in &self.each {
            let (since, count) = invitations.map_or((u64::MAX, 0), |(since, count)| (since.0, count));
            let asked = asked.map_or(u64::MAX, |asked| asked.0);
            let numbers = [peer.get(), asked, *points, *queries, since, count.into()];
            numbers.into_iter().chain(judged.map(|judged| judged.0)).for_each(|number| digest.number(number));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const PEER: PeerId = PeerId::new(7);
    const NOW: Round = Round(10);

    /// Scores in which ten peers have answered ten queries each, at once.
    fn served() -> Scores {
        let mut scores = Scores::default();
        (100..110).for_each(|id| repeat(&mut scores, PeerId::new(id), 10, |score| score.on_answer(NOW, NOW)));
        scores
    }

    fn repeat(scores: &mut Scores, peer: PeerId, times: u32, what: impl Fn(&mut Score)) {
        (0..times).for_each(|_| scores.change(peer, Some(NOW), &what));
    }

    /// The quality of a peer after the same outcome a number of times.
    fn after(times: u32, what: impl Fn(&mut Score)) -> u64 {
        let mut scores = served();
        repeat(&mut scores, PEER, times, what);
        scores.quality(PEER)
    }

    #[test]
    fn who_has_not_been_asked_is_as_good_as_all_others() {
        assert_eq!((served().quality(PEER), Scores::default().quality(PEER)), (USUAL, USUAL));
    }

    #[test]
    fn answers_are_worth_more_than_referrals_and_these_more_than_silence_or_faults() {
        let late = Round(NOW.0 + HALF_WORTH_ROUNDS);
        let soon = after(10, |score| score.on_answer(NOW, NOW));
        let slow = after(10, |score| score.on_answer(late, NOW));
        let [referred, silent, wrong] =
            [after(10, Score::on_referral), after(10, Score::on_silence), after(10, Score::on_fault)];
        assert!(
            soon > slow && slow > referred && referred > silent && silent > wrong,
            "{soon} {slow} {referred} {silent} {wrong}"
        );
        assert!(silent < 250 && wrong < 100);
    }

    #[test]
    fn the_way_of_an_answer_is_counted_from_when_its_peer_was_asked_in_this_election() {
        let points = |asked: Option<u64>| {
            let mut score = Score { asked: asked.map(Round), ..Score::default() };
            score.on_answer(Round(18), Round(10));
            score.points
        };
        assert_eq!(points(Some(18)), ANSWER);
        assert_eq!(points(Some(10)), ANSWER / 2);
        assert_eq!(points(Some(2)), ANSWER / 2, "that was for another one");
        assert_eq!(points(None), ANSWER / 2, "others have asked it");
    }

    #[test]
    fn losses_of_all_peers_lower_no_quality() {
        let mut scores = served();
        let all = || (100..110).map(PeerId::new).chain([PEER]);
        all().for_each(|peer| repeat(&mut scores, peer, 6, Score::on_silence));
        let silent = scores.quality(PEER);
        let mut alone = served();
        repeat(&mut alone, PEER, 6, Score::on_silence);
        assert!(silent > alone.quality(PEER));
        let mut dark = Scores::default();
        all().for_each(|peer| repeat(&mut dark, peer, 20, Score::on_silence));
        assert_eq!(dark.quality(PEER), USUAL, "equal silence is equal quality");
    }

    #[test]
    fn who_answers_again_is_as_good_as_others_again() {
        let mut scores = served();
        repeat(&mut scores, PEER, 1_000, Score::on_silence);
        let floor = Ratio::from_millionths(400_000);
        assert!(scores.is_below_floor(PEER, floor) && scores.below_floor(floor).eq([PEER]));
        assert!(!scores.is_below_floor(PEER, Ratio::ZERO), "no peer is without the rule");
        repeat(&mut scores, PEER, 40, |score| score.on_answer(NOW, NOW));
        assert!(!scores.is_below_floor(PEER, floor), "{}", scores.quality(PEER));
    }

    #[test]
    fn who_has_served_badly_begins_anew_after_long_enough_without_having_been_needed() {
        let floor = Ratio::from_millionths(400_000);
        let rounds = NonZeroU32::MIN.saturating_add(49);
        let mut scores = served();
        repeat(&mut scores, PEER, 20, Score::on_silence);
        scores.change(PEER, Some(NOW), |score| score.on_invitation(NOW, 1));
        let usual = scores.quality(PeerId::new(100));
        assert_eq!(scores.forgive(floor, rounds, Round(NOW.0 + 49)), 0);
        scores.change(PEER, Some(Round(40)), |score| score.on_query(Round(40)));
        assert!(scores.is_below_floor(PEER, floor), "to be asked is no judgement");
        assert_eq!(scores.forgive(floor, rounds, Round(NOW.0 + 50)), 1);
        assert_eq!(scores.quality(PEER), scores.compare(Score::default()));
        assert!(!scores.is_below_floor(PEER, floor) && scores.quality(PeerId::new(100)) <= usual);
        assert!(
            scores.change(PEER, None, |score| score.on_invitation(NOW, 1)),
            "its invitations are still counted"
        );
    }

    #[test]
    fn invitations_are_counted_for_a_hundred_rounds() {
        let mut score = Score::default();
        let mut invite = |round| score.on_invitation(Round(round), 2);
        assert_eq!([0, 1, 2, 99].map(&mut invite), [false, false, true, true]);
        assert_eq!([100, 150, 199].map(&mut invite), [false, false, true]);
    }

    proptest! {
        #[test]
        fn sums_are_those_of_all_scores_and_there_is_a_limit(
            events in prop::collection::vec((0_u64..1_100, 0_u8..4), 0..2_000),
        ) {
            let mut scores = Scores::default();
            (0..SCORED_MAX as u64)
                .for_each(|id| scores.change(PeerId::new(id), None, |score| score.on_query(Round(id))));
            for (id, event) in events {
                scores.change(PeerId::new(id), None, |score| match event {
                    0 => score.on_answer(NOW, NOW),
                    1 => score.on_referral(),
                    2 => score.on_silence(),
                    _ => score.on_fault(),
                });
                prop_assert!(scores.each.len() <= SCORED_MAX);
            }
            let sum = |of: fn(&Score) -> u64| scores.each.values().map(of).sum::<u64>();
            prop_assert_eq!(scores.points, sum(|score| score.points));
            prop_assert_eq!(scores.queries, sum(|score| score.queries));
        }
    }
}
