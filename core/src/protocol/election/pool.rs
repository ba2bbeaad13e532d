//! The running elections of one peer, sorted by token, with their ages and the next round in which to tally.

use std::error::Error;
use std::fmt;

use super::agreement::PairwiseAgreement;
use super::tally::TallySummary;
use super::{Election, Query};
use crate::base::capacity::make_room;
use crate::base::digest::Digest;
use crate::base::id::{PeerId, TokenId};
use crate::base::mutant::mutant;
use crate::base::narrow;
use crate::base::time::Round;
use crate::config::ElectionConfig;
use crate::protocol::event::{ElectionError, Ending};
use crate::protocol::message::ProofResolver;

/// Largest number of running elections of one peer; further ones do not start.
pub(crate) const RUNNING_MAX: usize = 4096;
/// Capacity that is kept for elections, whatever their number.
const SPARE: usize = 4;

/// Reason why an election does not start.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum StartError {
    /// An election on the token is running.
    AlreadyRunning,
    /// [`RUNNING_MAX`] elections are running.
    LimitReached,
}

impl fmt::Display for StartError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::AlreadyRunning => "an election on the token is running",
            Self::LimitReached => "the limit of running elections is reached",
        })
    }
}

impl Error for StartError {}

/// A running election and its dates.
#[derive(Clone, Debug)]
pub(crate) struct Running {
    pub(super) election: Election,
    started: Round,
    /// Cached tally; `None` after a change of the answers.
    tally: Option<TallySummary>,
    /// Agreement at the latest tally, if it did not decide.
    agreement: Option<Box<PairwiseAgreement>>,
}

/// Next step of an election.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Progress {
    /// Ends with a winner.
    Elected(PeerId),
    /// Continues: two clusters are rivals, and there are time and channels to ask more peers.
    Contested,
    /// Ends without a winner: two clusters are rivals.
    SplitBrain,
    /// Ends with the winner of the larger of two rival clusters (`election.accept_strongest`).
    Strongest(PeerId),
    /// Ends without a winner by its timeout, for this reason.
    TimedOut(Ending),
}

/// Running elections of one peer.
#[derive(Clone, Debug, Default)]
pub struct ElectionPool {
    /// In ascending order of token, each with the slot of its election. Elections are large, and a sorted
    /// list of a hundred would move half of them for each new one: they lie in any order.
    pub(super) index: Vec<(TokenId, u32)>,
    /// By slot.
    pub(super) running: Vec<Running>,
    /// First round in which a tally may have a result.
    pub(super) next_check: Round,
}

impl ElectionPool {
    /// Number of running elections.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.running.len()
    }

    /// Returns whether no election is running.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.running.is_empty()
    }

    /// Returns whether an election on a token may start.
    ///
    /// # Errors
    ///
    /// [`StartError::LimitReached`] or [`StartError::AlreadyRunning`], in this order.
    pub(crate) fn check_start(&self, token: TokenId) -> Result<(), StartError> {
        let is_full = mutant!(ElectionsUnbounded: self.running.len() >= RUNNING_MAX => false);
        if is_full {
            return Err(StartError::LimitReached);
        }
        if self.place_of(token).is_some() {
            return Err(StartError::AlreadyRunning);
        }
        Ok(())
    }

    /// All running elections with the rounds in which they began, in ascending order of token.
    pub fn iter(&self) -> impl Iterator<Item = (&Election, Round)> {
        self.in_order().map(|running| (&running.election, running.started))
    }

    /// Adds an election, for which `check_start` must have succeeded.
    pub fn start(&mut self, election: Election, started: Round) {
        debug_assert_eq!(self.check_start(election.token()), Ok(()), "{}", election.token());
        // The rules, which say how long it collects answers, are known to the next check only.
        self.next_check = self.next_check.min(started);
        let token = election.token();
        let place = self.index.partition_point(|(running, _)| *running < token);
        make_room(&mut self.index);
        make_room(&mut self.running);
        self.index.insert(place, (token, narrow::word(self.running.len() as u64)));
        self.running.push(Running { election, started, tally: None, agreement: None });
        debug_assert_eq!(self.index.len(), self.running.len(), "one token for each election");
    }

    /// Round in which the election on a token began; `None` if none is running.
    #[must_use]
    pub fn started(&self, token: TokenId) -> Option<Round> {
        self.slot_of(token).map(|slot| self.running[slot].started)
    }

    /// The election on a token; `None` if none is running.
    #[must_use]
    pub fn get(&self, token: TokenId) -> Option<&Election> {
        self.slot_of(token).map(|slot| &self.running[slot].election)
    }

    /// The election on a token, for a change of its answers: discards its tally and schedules another.
    pub(crate) fn answers_mut(&mut self, token: TokenId, config: &ElectionConfig) -> Option<&mut Election> {
        let slot = self.slot_of(token)?;
        let running = &mut self.running[slot];
        running.tally = None;
        let earliest = self.next_check.min(running.collected_at(config));
        self.next_check = mutant!(AnswersLate: earliest => self.next_check);
        Some(&mut running.election)
    }

    /// The election on a token, for more channels, which leave its tally valid.
    pub(crate) fn channels_mut(&mut self, token: TokenId) -> Option<&mut Running> {
        self.slot_of(token).map(|slot| &mut self.running[slot])
    }

    /// Removes the election on a token; returns the round in which it began, `None` if none is running.
    pub fn end(&mut self, token: TokenId) -> Option<Round> {
        let place = self.place_of(token)?;
        let (_, free) = self.index.remove(place);
        let ended = self.running.swap_remove(free as usize);
        debug_assert_eq!(ended.election.token(), token, "a slot has the election on its token");
        if let Some(moved) = self.running.get(free as usize) {
            let place = self.place_of(moved.election.token());
            debug_assert!(place.is_some(), "every election has a token");
            place.into_iter().for_each(|place| self.index[place].1 = free);
        }
        self.shrink();
        Some(ended.started)
    }

    /// Frees memory once capacity exceeds four times the number of elections: peers start with many and then
    /// rest.
    fn shrink(&mut self) {
        let len = self.running.len();
        if self.running.capacity() > SPARE.max(4 * len) {
            self.running.shrink_to(2 * len);
            self.index.shrink_to(2 * len);
        }
    }

    /// Returns whether an election is running on a token or on one of the next `width` positions.
    pub(crate) fn has_within(&self, token: TokenId, width: u64) -> bool {
        let next = self.index.partition_point(|(running, _)| *running < token);
        // Beyond the origin, the first token is the next one.
        let next = self.index.get(next).or(self.index.first());
        next.is_some_and(|(running, _)| running.get().wrapping_sub(token.get()) <= width)
    }

    fn place_of(&self, token: TokenId) -> Option<usize> {
        self.index.binary_search_by_key(&token, |(running, _)| *running).ok()
    }

    fn slot_of(&self, token: TokenId) -> Option<usize> {
        self.place_of(token).map(|place| self.index[place].1 as usize)
    }

    /// Running elections in ascending order of token.
    pub(super) fn in_order(&self) -> impl Iterator<Item = &Running> {
        self.index.iter().map(|(_, slot)| &self.running[*slot as usize])
    }

    /// Next steps of the elections that have collected long enough and need one, in ascending order of token.
    /// Skipped before the earliest round in which there can be one.
    pub fn progress(
        &mut self,
        now: Round,
        config: &ElectionConfig,
        resolver: &dyn ProofResolver,
    ) -> Vec<(TokenId, Progress)> {
        let mut steps = Vec::new();
        if now < self.next_check {
            return steps;
        }
        debug_assert!(
            self.index.is_sorted_by(|(one, _), (next, _)| one < next),
            "tokens are sorted and unique"
        );
        self.next_check = Round(u64::MAX);
        for (_, slot) in &self.index {
            let running = &mut self.running[*slot as usize];
            let is_collecting = now < running.collected_at(config);
            let step = if is_collecting { None } else { running.progress(now, config, resolver) };
            steps.extend(step.map(|step| (running.election.token(), step)));
            self.next_check = self.next_check.min(running.next_check(config));
        }
        steps
    }

    /// Discards all tallies: the rules or the clock have changed.
    pub(crate) fn invalidate(&mut self) {
        self.next_check = Round(0);
        self.running.iter_mut().for_each(|running| (running.tally, running.agreement) = (None, None));
    }

    /// Adds the elections to a fingerprint.
    pub fn digest(&self, digest: &mut Digest, resolver: &dyn ProofResolver) {
        digest.length(self.running.len());
        for running in self.in_order() {
            digest.number(running.started.0);
            running.election.digest(digest, resolver);
        }
    }
}

impl Running {
    /// Opens a channel, as [`Election::open_channel`]; the answers stay as they are.
    ///
    /// # Errors
    ///
    /// As [`Election::open_channel`].
    pub(crate) fn open_channel(
        &mut self,
        first_hop: PeerId,
        config: &ElectionConfig,
    ) -> Result<Query, ElectionError> {
        self.election.open_channel(first_hop, config)
    }

    fn tally(&mut self, config: &ElectionConfig, resolver: &dyn ProofResolver) -> TallySummary {
        if let Some(tally) = self.tally {
            return tally;
        }
        let Some(kept) = &mut self.agreement else {
            let tally = self.first_tally(config, resolver);
            return *self.tally.insert(tally);
        };
        *self.tally.insert(self.election.summarize(config, resolver, kept))
    }

    /// Tally without an earlier agreement. It is kept if further answers may follow.
    fn first_tally(&mut self, config: &ElectionConfig, resolver: &dyn ProofResolver) -> TallySummary {
        let mut agreement = PairwiseAgreement::default();
        let tally = self.election.summarize(config, resolver, &mut agreement);
        let is_undecided = !matches!(tally, TallySummary::Single(_)) && !agreement.is_empty();
        self.agreement = is_undecided.then(|| Box::new(agreement));
        tally
    }

    /// First round in which the answers are tallied.
    const fn collected_at(&self, config: &ElectionConfig) -> Round {
        match config.min_collection_rounds {
            // At once, also after the clock was set back behind the start.
            0 => Round(0),
            rounds => Round(self.started.0 + rounds as u64),
        }
    }

    /// First round in which a tally may have another result, if no answer arrives.
    fn next_check(&self, config: &ElectionConfig) -> Round {
        let collected = self.collected_at(config);
        match self.tally {
            Some(TallySummary::NoConsensus) => {
                collected.max(Round(self.started.0 + u64::from(config.timeout_rounds)))
            }
            _ => collected,
        }
    }

    fn progress(
        &mut self,
        now: Round,
        config: &ElectionConfig,
        resolver: &dyn ProofResolver,
    ) -> Option<Progress> {
        let is_late = now.since(self.started) >= u64::from(config.timeout_rounds);
        let may_ask = self.election.can_open_channel(config);
        match self.tally(config, resolver) {
            TallySummary::Single(winner) => Some(Progress::Elected(winner)),
            TallySummary::SplitBrain(_) if !is_late && may_ask => Some(Progress::Contested),
            TallySummary::SplitBrain(winner) if config.accept_strongest => Some(Progress::Strongest(winner)),
            TallySummary::SplitBrain(_) => Some(Progress::SplitBrain),
            TallySummary::NoConsensus => is_late.then(|| Progress::TimedOut(self.failure(config))),
        }
    }

    /// Reason why a timed-out election has no consensus.
    fn failure(&self, config: &ElectionConfig) -> Ending {
        match self.election.voters().len() {
            0 => Ending::NoAnswer,
            few if few < config.min_cluster_size as usize => Ending::TooFewAnswers,
            _ => Ending::Disagreement,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_pool_is_a_map_by_token(operations in prop::collection::vec((any::<bool>(), 0_u64..40), 0..200)) {
            let (mut pool, mut model) = (ElectionPool::default(), BTreeMap::new());
            for (round, (starts, token)) in (0..).zip(operations) {
                let token = TokenId::new(token);
                prop_assert_eq!(pool.check_start(token).is_ok(), !model.contains_key(&token));
                if starts && pool.check_start(token).is_ok() {
                    pool.start(Election::new(token, PeerId::new(1), [0; 32]), Round(round));
                    model.insert(token, Round(round));
                } else if !starts {
                    prop_assert_eq!(pool.end(token), model.remove(&token));
                }
                prop_assert_eq!(pool.len(), model.len());
                for token in (0..40).map(TokenId::new) {
                    let found = pool.channels_mut(token).map(|running| (running.election.token(), running.started));
                    prop_assert_eq!(found, model.get(&token).map(|started| (token, *started)));
                }
            }
        }
    }
}
