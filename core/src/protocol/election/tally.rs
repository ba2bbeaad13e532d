//! Tally: clusters of agreeing responders decide an election, split it, or leave it without consensus.

use super::Election;
use super::agreement::{PairwiseAgreement, VOTERS_MAX, Voter, Voters};
use super::cluster::{self, Cluster, Members};
use crate::base::id::PeerId;
use crate::base::mutant::mutant;
use crate::base::ratio::Ratio;
use crate::base::ring;
use crate::config::{ElectionConfig, SplitRule};
use crate::protocol::message::{ProofResolver, StorageProof};

/// Outcome of an election so far (document 001, `WinnerResult`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// One cluster decides.
    Single {
        /// Its member nearest to the token; under [`SplitRule::Contradicting`] also members of clusters that
        /// do not contradict it.
        winner: PeerId,
        /// The deciding cluster.
        cluster: Cluster,
    },
    /// Two rival clusters, neither of which has the majority.
    SplitBrain {
        /// Members nearest to the token, of the larger cluster first.
        winners: [PeerId; 2],
        /// The larger cluster first.
        clusters: [Cluster; 2],
    },
    /// Too few answers, or too little agreement.
    NoConsensus,
}

/// An [`Outcome`] with clusters by the indices of their members.
enum TallyResult {
    Single { winner: PeerId, cluster: Members },
    SplitBrain([Members; 2]),
    NoConsensus,
}

/// An [`Outcome`] without clusters.
#[derive(Clone, Copy, Debug)]
pub(super) enum TallySummary {
    Single(PeerId),
    /// Two rivals, and the winner of the larger cluster.
    SplitBrain(PeerId),
    NoConsensus,
}

impl Election {
    /// Tallies the answers so far. Each responder counts once, with its first answer in the order of
    /// channels. `resolver` spells out compact proofs to compare them with explicit ones.
    #[must_use]
    pub fn check_for_winner(&self, config: &ElectionConfig, resolver: &dyn ProofResolver) -> Outcome {
        let voters = self.voters();
        match self.tally(&voters, config, resolver, &mut PairwiseAgreement::default()) {
            TallyResult::Single { winner, cluster } => {
                Outcome::Single { winner, cluster: cluster.describe(&voters) }
            }
            TallyResult::SplitBrain(clusters) => Outcome::SplitBrain {
                winners: clusters.map(|cluster| self.nearest(&voters, cluster.indices())),
                clusters: clusters.map(|cluster| cluster.describe(&voters)),
            },
            TallyResult::NoConsensus => Outcome::NoConsensus,
        }
    }

    /// Tallies the answers so far, without a description of the clusters. `kept` is the agreement at the
    /// previous tally.
    pub(super) fn summarize(
        &self,
        config: &ElectionConfig,
        resolver: &dyn ProofResolver,
        kept: &mut PairwiseAgreement,
    ) -> TallySummary {
        let voters = self.voters();
        match self.tally(&voters, config, resolver, kept) {
            TallyResult::Single { winner, .. } => TallySummary::Single(winner),
            TallyResult::SplitBrain([strongest, _]) => {
                TallySummary::SplitBrain(self.nearest(&voters, strongest.indices()))
            }
            TallyResult::NoConsensus => TallySummary::NoConsensus,
        }
    }

    /// Members of a cluster with the proofs on which they agree.
    pub fn signatures<'a>(
        &'a self,
        cluster: &'a Cluster,
    ) -> impl Iterator<Item = (PeerId, &'a StorageProof)> {
        let votes = self.voters().into_iter().map(|voter| (voter.peer, voter.proof));
        votes.filter(|(peer, _)| cluster.members.contains(peer))
    }

    /// Responders whose answers count, each once, with its first answer in the order of channels.
    pub(super) fn voters(&self) -> Voters<'_> {
        let mut voters = Voters::new();
        for vote in self.votes().take(VOTERS_MAX) {
            if mutant!(VoterCountsTwice: voters.iter().all(|voter: &Voter<'_>| voter.peer != vote.peer) => true)
            {
                voters.push(vote);
            }
        }
        debug_assert!(voters.len() <= self.channels.len(), "at most one voter for each channel");
        voters
    }

    fn tally(
        &self,
        voters: &Voters<'_>,
        config: &ElectionConfig,
        resolver: &dyn ProofResolver,
        kept: &mut PairwiseAgreement,
    ) -> TallyResult {
        let clusters = cluster::find(voters, config, resolver, kept);
        let has_majority = |cluster: Members| {
            let part = u64::from(cluster.len()) * u64::from(Ratio::ONE.millionths());
            part >= voters.len() as u64 * u64::from(config.majority_threshold.millionths())
        };
        let Some((first, others)) = clusters.split_first() else { return TallyResult::NoConsensus };
        let is_rival = |other: &&Members| match config.splits {
            SplitRule::AnyTwo => true,
            SplitRule::Disjoint => other.set & first.set == 0,
            SplitRule::Contradicting => contradict(voters, *first, **other, resolver),
        };
        if !has_majority(*first)
            && let Some(second) = others.iter().find(is_rival)
        {
            debug_assert!(first.len() >= second.len(), "the larger cluster comes first");
            return TallyResult::SplitBrain([*first, *second]);
        }
        // Under the rule of contradictions, clusters that do not contradict the deciding one support it: they
        // found other tokens, and the same blocks.
        let is_ally = |other: &&Members| {
            config.splits == SplitRule::Contradicting && !contradict(voters, *first, **other, resolver)
        };
        let allies = others.iter().filter(is_ally).flat_map(|ally| ally.indices());
        let winner = self.nearest(voters, first.indices().chain(allies));
        TallyResult::Single { winner, cluster: *first }
    }

    /// The member nearest to the token; the first of equally near ones. Members must not be empty.
    fn nearest(&self, voters: &Voters<'_>, members: impl Iterator<Item = usize>) -> PeerId {
        let distance = |peer: &PeerId| {
            let distance = ring::distance(peer.get(), self.token.get());
            mutant!(FarthestWins: distance => !distance)
        };
        let nearest = members.map(|index| voters[index].peer).min_by_key(distance);
        debug_assert!(nearest.is_some(), "a cluster has at least one member");
        nearest.unwrap_or(self.owner)
    }
}

/// Returns whether members of two clusters map a token to different blocks.
fn contradict(voters: &Voters<'_>, one: Members, other: Members, resolver: &dyn ProofResolver) -> bool {
    let contradicts = |index: usize| {
        other.indices().any(|with| voters[index].proof.contradicts(voters[with].proof, resolver))
    };
    mutant!(ContradictionsOverlooked: one.indices().any(contradicts) => false)
}
