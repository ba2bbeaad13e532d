//! How well other peers have served this one, as far as it has seen: what they answered, how soon, and what was wrong.

use std::num::NonZeroU32;

use litemap::LiteMap;

use crate::base::digest::Digest;
use crate::base::id::PeerId;
use crate::base::mutant::Mutant;
use crate::base::ratio::Ratio;
use crate::base::time::Round;

/// Peers that are scored at most; the one that was asked longest ago makes room.
const SCORED_MAX: usize = 1024;
/// What an answer is worth that takes no time at all.
const ANSWER: u64 = 1_000;
/// Rounds after which it is worth half as much.
const PATIENCE: u64 = 8;
/// A referral is worth one part of so many of an answer.
const REFERRAL: u64 = 8;
/// What a wrong or contradicted proof, or an invitation too many, costs: as much as so many queries in vain.
const FAULT: u64 = 4;
/// What every peer is credited with beforehand, at the usual number of queries for it: who is judged by more has answered
/// less than others by as much, however many answers are lost.
const TRUST: u64 = 1_500;
/// Queries at which all that has been is given half of its weight.
const MEMORY: u64 = 64;
/// Rounds within which invitations are counted.
const INVITATION_WINDOW: u64 = 100;
/// The quality of a peer that serves as well as all others together.
const USUAL: u64 = 1_000;

/// What one peer has done for another.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Score {
    /// When it was last asked.
    asked: Option<Round>,
    /// What its replies are worth.
    points: u64,
    /// Queries to it of which is known what came of them.
    queries: u64,
    /// When what it did counted for the last time; only where bad service is forgiven.
    judged: Option<Round>,
    /// Invitations of it since a round.
    invitations: Option<(Round, u32)>,
}

impl Score {
    /// It is asked.
    pub const fn ask(&mut self, now: Round) {
        self.asked = Some(now);
    }

    /// It answers in an election that has been running since a round.
    pub fn answer(&mut self, now: Round, started: Round) {
        let asked = self.asked.map_or(started, |asked| asked.max(started));
        let waited = if Mutant::SlownessUncounted.is_active() { 0 } else { now.since(asked) };
        self.count(1, ANSWER * PATIENCE / (PATIENCE + waited));
    }

    /// It names others, which takes it no time.
    pub const fn refer(&mut self) {
        self.count(1, ANSWER / REFERRAL);
    }

    /// An election is over in which it was asked and has not replied.
    pub const fn keep_silent(&mut self) {
        self.count(1, 0);
    }

    /// It has done something that no honest peer does, or was contradicted.
    pub const fn fail(&mut self) {
        self.count(FAULT, 0);
    }

    /// It sends an invitation. True where that is one more than this limit within a hundred rounds.
    pub fn invite(&mut self, now: Round, limit: u32) -> bool {
        let (since, count) =
            self.invitations.filter(|(since, _)| now.since(*since) < INVITATION_WINDOW).unwrap_or((now, 0));
        self.invitations = Some((since, count.saturating_add(1)));
        count >= limit && !Mutant::FloodUnnoticed.is_active()
    }

    const fn count(&mut self, queries: u64, points: u64) {
        if self.queries >= MEMORY {
            (self.queries, self.points) = (self.queries / 2, self.points / 2);
        }
        self.queries += queries;
        self.points += points;
    }
}

/// The scores of peers, known or forgotten: who is forgotten does not begin anew.
#[derive(Clone, Debug, Default)]
pub struct Scores {
    each: LiteMap<PeerId, Score>,
    /// The sums of all points and queries.
    points: u64,
    queries: u64,
}

impl Scores {
    /// Whether nobody is scored.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.each.is_empty()
    }

    /// Changes the score of a peer, at a time that is remembered where bad service is forgiven.
    pub(super) fn change<T>(
        &mut self,
        peer: PeerId,
        at: Option<Round>,
        change: impl FnOnce(&mut Score) -> T,
    ) -> T {
        if self.each.len() >= SCORED_MAX && !self.each.contains_key(&peer) {
            let rested = self.each.iter().min_by_key(|(peer, score)| (score.asked, **peer));
            if let Some((peer, _)) = rested {
                self.forget(*peer);
            }
        }
        let score = self.each.entry(peer).or_default();
        let before = *score;
        let result = change(score);
        if (score.points, score.queries) != (before.points, before.queries) {
            score.judged = at;
        }
        self.points = self.points - before.points + score.points;
        self.queries = self.queries - before.queries + score.queries;
        result
    }

    fn forget(&mut self, peer: PeerId) {
        if let Some(Score { points, queries, .. }) = self.each.remove(&peer)
            && !Mutant::ScoresDrift.is_active()
        {
            self.points -= points;
            self.queries -= queries;
        }
    }

    /// How well a peer has served, in thousandths of what all peers together have: losses that hit all of them alike,
    /// and slow links, do not count against any. Who has not been asked is as good as the others.
    #[must_use]
    pub fn quality(&self, peer: PeerId) -> u64 {
        self.each.get(&peer).map_or(USUAL, |score| self.compare(*score))
    }

    fn compare(&self, score: Score) -> u64 {
        if self.points == 0 {
            return USUAL;
        }
        let earned = (score.points + TRUST) * self.queries;
        earned * USUAL / (score.queries * self.points + TRUST * self.queries)
    }

    /// Whether a peer has served worse than this share of what is usual.
    #[must_use]
    pub fn is_below_floor(&self, peer: PeerId, floor: Ratio) -> bool {
        floor > Ratio::ZERO && self.quality(peer) * 1_000 < u64::from(floor.millionths())
    }

    /// Those that have, in ascending order of id.
    pub fn below_floor(&self, floor: Ratio) -> impl Iterator<Item = PeerId> {
        self.each.keys().copied().filter(move |peer| self.is_below_floor(*peer, floor))
    }

    /// Lets those begin anew that have served badly, and whose service nobody has needed for so many rounds: who is not
    /// wanted is not asked, and could never do better. How many they are.
    pub(super) fn forgive(&mut self, floor: Ratio, rounds: NonZeroU32, now: Round) -> usize {
        let is_over = |judged: Round| now.since(judged) >= rounds.get().into();
        let rested = |peer: &PeerId| self.each[peer].judged.is_none_or(is_over);
        let forgiven: Vec<PeerId> = self.below_floor(floor).filter(rested).collect();
        for peer in &forgiven {
            self.change(*peer, None, |score| (score.points, score.queries) = (0, 0));
        }
        forgiven.len()
    }

    /// Adds the scores to a fingerprint, where there are any: fingerprints of runs without them are older.
    pub fn digest(&self, digest: &mut Digest) {
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
        (100..110).for_each(|id| repeat(&mut scores, PeerId::new(id), 10, |score| score.answer(NOW, NOW)));
        scores
    }

    fn repeat(scores: &mut Scores, peer: PeerId, times: u32, what: impl Fn(&mut Score)) {
        (0..times).for_each(|_| scores.change(peer, Some(NOW), &what));
    }

    /// The quality of a peer after so many times the same.
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
        let late = Round(NOW.0 + PATIENCE);
        let soon = after(10, |score| score.answer(NOW, NOW));
        let slow = after(10, |score| score.answer(late, NOW));
        let [referred, silent, wrong] =
            [after(10, Score::refer), after(10, Score::keep_silent), after(10, Score::fail)];
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
            score.answer(Round(18), Round(10));
            score.points
        };
        assert_eq!(points(Some(18)), ANSWER);
        assert_eq!(points(Some(10)), ANSWER / 2);
        assert_eq!(points(Some(2)), ANSWER / 2, "that was for another one");
        assert_eq!(points(None), ANSWER / 2, "others have asked it");
    }

    #[test]
    fn what_is_lost_by_all_counts_against_nobody() {
        let mut scores = served();
        let all = || (100..110).map(PeerId::new).chain([PEER]);
        all().for_each(|peer| repeat(&mut scores, peer, 6, Score::keep_silent));
        let silent = scores.quality(PEER);
        let mut alone = served();
        repeat(&mut alone, PEER, 6, Score::keep_silent);
        assert!(silent > alone.quality(PEER));
        let mut dark = Scores::default();
        all().for_each(|peer| repeat(&mut dark, peer, 20, Score::keep_silent));
        assert_eq!(dark.quality(PEER), USUAL, "where nobody is heard nobody is worse than others");
    }

    #[test]
    fn who_answers_again_is_as_good_as_others_again() {
        let mut scores = served();
        repeat(&mut scores, PEER, 1_000, Score::keep_silent);
        let floor = Ratio::from_millionths(400_000);
        assert!(scores.is_below_floor(PEER, floor) && scores.below_floor(floor).eq([PEER]));
        assert!(!scores.is_below_floor(PEER, Ratio::ZERO), "without the rule nobody is");
        repeat(&mut scores, PEER, 40, |score| score.answer(NOW, NOW));
        assert!(!scores.is_below_floor(PEER, floor), "{}", scores.quality(PEER));
    }

    #[test]
    fn who_has_served_badly_begins_anew_after_long_enough_without_having_been_needed() {
        let floor = Ratio::from_millionths(400_000);
        let rounds = NonZeroU32::MIN.saturating_add(49);
        let mut scores = served();
        repeat(&mut scores, PEER, 20, Score::keep_silent);
        scores.change(PEER, Some(NOW), |score| score.invite(NOW, 1));
        let usual = scores.quality(PeerId::new(100));
        assert_eq!(scores.forgive(floor, rounds, Round(NOW.0 + 49)), 0);
        scores.change(PEER, Some(Round(40)), |score| score.ask(Round(40)));
        assert!(scores.is_below_floor(PEER, floor), "to be asked is no judgement");
        assert_eq!(scores.forgive(floor, rounds, Round(NOW.0 + 50)), 1);
        assert_eq!(scores.quality(PEER), scores.compare(Score::default()));
        assert!(!scores.is_below_floor(PEER, floor) && scores.quality(PeerId::new(100)) <= usual);
        assert!(scores.change(PEER, None, |score| score.invite(NOW, 1)), "its invitations are still counted");
    }

    #[test]
    fn invitations_are_counted_for_a_hundred_rounds() {
        let mut score = Score::default();
        let mut invite = |round| score.invite(Round(round), 2);
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
                .for_each(|id| scores.change(PeerId::new(id), None, |score| score.ask(Round(id))));
            for (id, event) in events {
                scores.change(PeerId::new(id), None, |score| match event {
                    0 => score.answer(NOW, NOW),
                    1 => score.refer(),
                    2 => score.keep_silent(),
                    _ => score.fail(),
                });
                prop_assert!(scores.each.len() <= SCORED_MAX);
            }
            let sum = |of: fn(&Score) -> u64| scores.each.values().map(of).sum::<u64>();
            prop_assert_eq!(scores.points, sum(|score| score.points));
            prop_assert_eq!(scores.queries, sum(|score| score.queries));
        }
    }
}
