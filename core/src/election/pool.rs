//! The elections that one peer has running, by their tokens.

use std::collections::BTreeMap;

use super::{Election, Outcome, Query};
use crate::actor::{ElectionError, Ending};
use crate::config::ElectionConfig;
use crate::digest::Digest;
use crate::id::{PeerId, TokenId};
use crate::time::Round;

/// Elections that a peer has running at most; further ones do not start.
pub const RUNNING_MAX: usize = 4096;

/// An election and what its owner remembers about it.
#[derive(Clone, Debug)]
pub struct Running {
    election: Election,
    started: Round,
    /// What the answers say, as long as they have not changed.
    outcome: Option<Outcome>,
}

impl Running {
    /// The election.
    #[must_use]
    pub const fn election(&self) -> &Election {
        &self.election
    }

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

    /// The election, for a change of its answers: what they say is looked at anew.
    pub fn change(&mut self) -> &mut Election {
        self.outcome = None;
        &mut self.election
    }

    fn outcome(&mut self, config: &ElectionConfig) -> &Outcome {
        self.outcome.get_or_insert_with(|| self.election.check_for_winner(config))
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

/// The elections that one peer has running, in ascending order of their tokens.
#[derive(Clone, Debug, Default)]
pub struct ElectionPool {
    running: BTreeMap<TokenId, Running>,
}

impl ElectionPool {
    /// How many elections are running.
    #[must_use]
    pub fn len(&self) -> usize {
        self.running.len()
    }

    /// Whether none is running.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.running.is_empty()
    }

    /// Whether an election on this token may start: none is running, and there is room.
    #[must_use]
    pub fn may_start(&self, token: TokenId) -> bool {
        self.running.len() < RUNNING_MAX && !self.running.contains_key(&token)
    }

    /// All elections that are running with the rounds in which they began, in ascending order of token.
    pub fn iter(&self) -> impl Iterator<Item = (&Election, Round)> {
        self.running.values().map(|running| (&running.election, running.started))
    }

    /// Takes in an election that starts now.
    pub fn start(&mut self, election: Election, started: Round) {
        self.running.insert(election.token(), Running { election, started, outcome: None });
    }

    /// The election on a token.
    pub fn get_mut(&mut self, token: TokenId) -> Option<&mut Running> {
        self.running.get_mut(&token)
    }

    /// Ends the election on a token and says when it had begun.
    pub fn end(&mut self, token: TokenId) -> Option<Round> {
        self.running.remove(&token).map(|running| running.started)
    }

    /// The elections that are old enough and about which something is to be done, in ascending order of token.
    pub fn progress(&mut self, now: Round, config: &ElectionConfig) -> Vec<(TokenId, Progress)> {
        let ripe = self
            .running
            .iter_mut()
            .filter(|(_, running)| now.since(running.started) >= u64::from(config.min_collection_rounds));
        ripe.filter_map(|(token, running)| Some((*token, running.progress(now, config)?))).collect()
    }

    /// Has all elections look at their answers anew: what counts as an outcome has changed.
    pub fn reconsider(&mut self) {
        self.running.values_mut().for_each(|running| running.outcome = None);
    }

    /// Adds the elections to a fingerprint.
    pub fn digest(&self, digest: &mut Digest) {
        digest.length(self.running.len());
        for running in self.running.values() {
            digest.number(running.started.0);
            running.election.digest(digest);
        }
    }
}

impl Running {
    fn progress(&mut self, now: Round, config: &ElectionConfig) -> Option<Progress> {
        let is_late = now.since(self.started) >= u64::from(config.timeout_rounds);
        let may_ask = self.election.can_open_channel(config);
        match self.outcome(config) {
            Outcome::Single { winner, .. } => Some(Progress::Elected(*winner)),
            Outcome::SplitBrain { .. } if !is_late && may_ask => Some(Progress::Split),
            Outcome::SplitBrain { .. } => Some(Progress::SplitForGood),
            Outcome::NoConsensus => is_late.then(|| Progress::TimedOut(self.failure(config))),
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
