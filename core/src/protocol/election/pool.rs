//! The elections that one peer has running, by their tokens.

use super::{Election, Query, TallySummary};
use crate::base::capacity::make_room;
use crate::base::digest::Digest;
use crate::base::id::{PeerId, TokenId};
use crate::base::mutant::Mutant;
use crate::base::prefetch;
use crate::base::time::Round;
use crate::config::ElectionConfig;
use crate::protocol::event::{ElectionError, Ending};
use crate::protocol::message::ProofResolver;

/// Elections that a peer has running at most; further ones do not start.
pub const RUNNING_MAX: usize = 4096;
/// Elections for which there may always be room.
const SPARE: usize = 4;
/// Elections whose answers are asked for ahead of their time, at most.
const LOOKED_AT: usize = 4;

/// An election and what its owner remembers about it.
#[derive(Clone, Debug)]
pub struct Running {
    election: Election,
    started: Round,
    /// What the answers say, as long as they have not changed.
    verdict: Option<TallySummary>,
}

impl Running {
    /// Opens a channel, which changes nothing about the answers.
    ///
    /// # Errors
    ///
    /// As [`Election::open_channel`].
    pub fn open_channel(
        &mut self,
        first_hop: PeerId,
        config: &ElectionConfig,
    ) -> Result<Query, ElectionError> {
        self.election.open_channel(first_hop, config)
    }

    fn verdict(&mut self, config: &ElectionConfig, reader: &dyn ProofResolver) -> TallySummary {
        *self.verdict.get_or_insert_with(|| self.election.verdict(config, reader))
    }
}

/// What is to be done about an election.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Progress {
    /// It has a winner.
    Elected(PeerId),
    /// Two clusters stand against each other, and there is time and room to ask more peers.
    Split,
    /// Two clusters stand against each other, and that is how it ends.
    SplitForGood,
    /// Its time is up, and this is why it has no winner.
    TimedOut(Ending),
}

/// The elections that one peer has running.
#[derive(Clone, Debug, Default)]
pub struct ElectionPool {
    /// In ascending order, apart from the elections, so that searches run over consecutive numbers.
    tokens: Vec<TokenId>,
    running: Vec<Running>,
    /// Before this round nothing is to be done about any of them.
    due: Round,
}

impl ElectionPool {
    /// How many elections are running.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.running.len()
    }

    /// Whether none is running.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.running.is_empty()
    }

    /// Whether an election on this token may start: none is running, and there is room.
    #[must_use]
    pub fn may_start(&self, token: TokenId) -> bool {
        (self.running.len() < RUNNING_MAX || Mutant::ElectionsUnbounded.is_active())
            && self.place(token).is_none()
    }

    /// All elections that are running with the rounds in which they began, in ascending order of token.
    pub fn iter(&self) -> impl Iterator<Item = (&Election, Round)> {
        self.running.iter().map(|running| (&running.election, running.started))
    }

    /// Takes in an election that starts now, on a token on which none is running.
    pub fn start(&mut self, election: Election, started: Round) {
        // How long it collects answers only the rules know, which come with the next look.
        self.due = self.due.min(started);
        let token = election.token();
        let place = self.tokens.partition_point(|running| *running < token);
        make_room(&mut self.tokens);
        make_room(&mut self.running);
        self.tokens.insert(place, token);
        self.running.insert(place, Running { election, started, verdict: None });
    }

    /// Asks for the elections.
    pub(crate) fn prefetch(&self) {
        prefetch::all(&self.tokens);
        prefetch::all(&self.running);
    }

    /// Asks for the answers of an election.
    pub(crate) fn prefetch_answers(&self, token: TokenId) {
        self.get(token).into_iter().for_each(Election::prefetch_answers);
    }

    /// Asks for the proofs in the answers of an election.
    pub(crate) fn prefetch_proofs(&self, token: TokenId) {
        self.get(token).into_iter().for_each(Election::prefetch_proofs);
    }

    /// Asks for the answers of the elections about which something may have to be done.
    pub(crate) fn fetch_due(&self, now: Round) {
        self.due(now).for_each(Election::prefetch_answers);
    }

    /// Asks for the proofs in them.
    pub(crate) fn fetch_due_proofs(&self, now: Round) {
        self.due(now).for_each(Election::prefetch_proofs);
    }

    /// Some of the elections, if something may have to be done about them.
    fn due(&self, now: Round) -> impl Iterator<Item = &Election> {
        let some = if now < self.due { 0 } else { LOOKED_AT };
        self.running.iter().take(some).map(|running| &running.election)
    }

    /// When the election on a token began.
    #[must_use]
    pub fn started(&self, token: TokenId) -> Option<Round> {
        self.place(token).map(|place| self.running[place].started)
    }

    /// The election on a token.
    #[must_use]
    pub fn get(&self, token: TokenId) -> Option<&Election> {
        self.place(token).map(|place| &self.running[place].election)
    }

    /// The election on a token, for a change of its answers: what they say is looked at anew.
    pub fn change(&mut self, token: TokenId, config: &ElectionConfig) -> Option<&mut Election> {
        let place = self.place(token)?;
        let running = &mut self.running[place];
        running.verdict = None;
        if !Mutant::AnswersLate.is_active() {
            self.due = self.due.min(running.ripe(config));
        }
        Some(&mut running.election)
    }

    /// The election on a token, for more channels.
    pub fn get_mut(&mut self, token: TokenId) -> Option<&mut Running> {
        self.place(token).map(|place| &mut self.running[place])
    }

    /// Ends the election on a token and says when it had begun.
    pub fn end(&mut self, token: TokenId) -> Option<Round> {
        let place = self.place(token)?;
        self.tokens.remove(place);
        let started = self.running.remove(place).started;
        self.give_back();
        Some(started)
    }

    /// Gives memory back where there were far more elections once: a peer begins with many, and then rests.
    fn give_back(&mut self) {
        let len = self.running.len();
        if self.running.capacity() > SPARE.max(4 * len) {
            self.running.shrink_to(2 * len);
            self.tokens.shrink_to(2 * len);
        }
    }

    fn place(&self, token: TokenId) -> Option<usize> {
        self.tokens.binary_search(&token).ok()
    }

    /// The elections that are old enough and about which something is to be done, in ascending order of token.
    pub fn progress(
        &mut self,
        now: Round,
        config: &ElectionConfig,
        reader: &dyn ProofResolver,
    ) -> Vec<(TokenId, Progress)> {
        let mut progress = Vec::new();
        if now < self.due {
            return progress;
        }
        self.due = Round(u64::MAX);
        for running in &mut self.running {
            let made = if now < running.ripe(config) { None } else { running.progress(now, config, reader) };
            progress.extend(made.map(|made| (running.election.token(), made)));
            self.due = self.due.min(running.next_look(config));
        }
        progress
    }

    /// Has all elections look at their answers anew: what counts as an outcome has changed.
    pub fn invalidate(&mut self) {
        self.due = Round(0);
        self.running.iter_mut().for_each(|running| running.verdict = None);
    }

    /// Adds the elections to a fingerprint.
    pub fn digest(&self, digest: &mut Digest, reader: &dyn ProofResolver) {
        digest.length(self.running.len());
        for running in &self.running {
            digest.number(running.started.0);
            running.election.digest(digest, reader);
        }
    }
}

impl Running {
    /// From when on the answers are looked at.
    const fn ripe(&self, config: &ElectionConfig) -> Round {
        match config.min_collection_rounds {
            // At once, whatever the clock has come to show since.
            0 => Round(0),
            rounds => Round(self.started.0 + rounds as u64),
        }
    }

    /// When something may come of it next, if no answer comes in.
    fn next_look(&self, config: &ElectionConfig) -> Round {
        let ripe = self.ripe(config);
        match self.verdict {
            Some(TallySummary::NoConsensus) => {
                ripe.max(Round(self.started.0 + u64::from(config.timeout_rounds)))
            }
            _ => ripe,
        }
    }

    fn progress(
        &mut self,
        now: Round,
        config: &ElectionConfig,
        reader: &dyn ProofResolver,
    ) -> Option<Progress> {
        let is_late = now.since(self.started) >= u64::from(config.timeout_rounds);
        let may_ask = self.election.can_open_channel(config);
        match self.verdict(config, reader) {
            TallySummary::Single(winner) => Some(Progress::Elected(winner)),
            TallySummary::SplitBrain if !is_late && may_ask => Some(Progress::Split),
            TallySummary::SplitBrain => Some(Progress::SplitForGood),
            TallySummary::NoConsensus => is_late.then(|| Progress::TimedOut(self.failure(config))),
        }
    }

    /// Why an election without consensus has none.
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
                prop_assert_eq!(pool.may_start(token), !model.contains_key(&token));
                if starts && pool.may_start(token) {
                    pool.start(Election::new(token, PeerId::new(1), [0; 32]), Round(round));
                    model.insert(token, Round(round));
                } else if !starts {
                    prop_assert_eq!(pool.end(token), model.remove(&token));
                }
                prop_assert_eq!(pool.len(), model.len());
                for token in (0..40).map(TokenId::new) {
                    let found = pool.get_mut(token).map(|running| (running.election.token(), running.started));
                    prop_assert_eq!(found, model.get(&token).map(|started| (token, *started)));
                }
            }
        }
    }
}
