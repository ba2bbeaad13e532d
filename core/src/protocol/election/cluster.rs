//! Clusters: maximal sets of responders that agree pairwise, and which of them comes first.

use super::agreement::{PairwiseAgreement, Set, VOTERS_MAX, Voter, by_index, indices};
use crate::base::id::PeerId;
use crate::base::mutant::mutant;
use crate::base::sort;
use crate::config::ElectionConfig;
use crate::protocol::message::{PROOF_SIZE, ProofResolver};

/// Responders that agree with one another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cluster {
    /// In the order of their channels.
    pub members: Vec<PeerId>,
    /// Smallest number of mappings that two members have in common: 0 to 10; 10 for a single member.
    pub weakest_agreement: u32,
    /// Mappings in common, summed over all pairs.
    pub total_agreement: u32,
}

/// Agreement of a single voter with itself.
const EVERYTHING: u32 = 10;

const _: () = assert!(EVERYTHING as usize == PROOF_SIZE, "a proof agrees with itself in all mappings");

/// A cluster by the indices of its members.
#[derive(Clone, Copy)]
pub(super) struct Members {
    pub(super) set: Set,
    weakest_agreement: u32,
    total_agreement: u32,
}

impl Members {
    pub(super) const fn len(self) -> u32 {
        self.set.count_ones()
    }

    pub(super) fn indices(self) -> impl Iterator<Item = usize> + Clone {
        indices(self.set)
    }

    pub(super) fn describe(self, voters: &[Voter<'_>]) -> Cluster {
        debug_assert!(self.set >> voters.len() == 0, "members {:b} of {} voters", self.set, voters.len());
        let Self { weakest_agreement, total_agreement, .. } = self;
        let members = self.indices().map(|voter| voters[voter].peer).collect();
        Cluster { members, weakest_agreement, total_agreement }
    }

    fn new(set: Set, agreement: &PairwiseAgreement, at: &[usize]) -> Self {
        debug_assert!(set != 0, "a cluster has at least one member");
        let mut members = Self { set, weakest_agreement: EVERYTHING, total_agreement: 0 };
        for one in indices(set) {
            for other in indices(set & (Set::MAX << 1 << one)) {
                let shared = agreement.shared(at[one], at[other]);
                members.weakest_agreement = members.weakest_agreement.min(shared);
                members.total_agreement += shared;
            }
        }
        members
    }
}

/// All maximal clusters of at least `min_cluster_size` voters: the largest first, then by total agreement,
/// then by the indices of their members. `agreement` is that of an earlier call, and is brought up to date.
pub(super) fn find(
    voters: &[Voter<'_>],
    config: &ElectionConfig,
    resolver: &dyn ProofResolver,
    agreement: &mut PairwiseAgreement,
) -> Vec<Members> {
    debug_assert!(voters.len() <= VOTERS_MAX, "{} voters", voters.len());
    debug_assert!(config.min_cluster_size > 0, "an empty set is no cluster");
    if voters.len() < config.min_cluster_size as usize {
        return Vec::new();
    }
    let threshold = mutant!(AgreementStricter: config.consensus_threshold => config.consensus_threshold + 1);
    agreement.update(voters, threshold, resolver);
    let at = agreement.positions(voters);
    let min_size = mutant!(LonersDecide: config.min_cluster_size => 1);
    let cliques = agreement.cliques(&at);
    let large = cliques.iter().filter(|clique| clique.count_ones() >= min_size);
    let mut clusters: Vec<Members> =
        large.map(|clique| Members::new(by_index(*clique, &at), agreement, &at)).collect();
    debug_assert!(clusters.iter().all(|cluster| cluster.set >> voters.len() == 0), "members are voters");
    sort::sort_by_key(&mut clusters, |cluster| {
        (std::cmp::Reverse(cluster.len()), std::cmp::Reverse(cluster.total_agreement), cluster.set)
    });
    debug_assert!(clusters.is_sorted_by(|one, next| one.set != next.set), "no clique is found twice");
    clusters
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::id::{BlockId, TokenId};
    use crate::protocol::message::{Mapping, NoTable, Proof, StorageProof};
    use crate::scenario::Scenario;
    use proptest::prelude::*;

    fn proof(tokens: [u64; 10]) -> StorageProof {
        let mapping = |token| Mapping { token: TokenId::new(token), block: BlockId::new(token) };
        Proof { answer: mapping(0), signature: tokens.map(mapping) }.into()
    }

    /// The definition: every subset, tested for pairwise agreement and then for being contained in another.
    fn by_definition(voters: &[Voter<'_>], config: &ElectionConfig) -> Vec<Set> {
        let agree = |set: Set| {
            (0..voters.len()).filter(|one| set & 1 << one != 0).all(|one| {
                (one + 1..voters.len()).filter(|other| set & 1 << other != 0).all(|other| {
                    u32::from(voters[one].proof.agreement(voters[other].proof, &NoTable))
                        >= config.consensus_threshold
                })
            })
        };
        let all: Vec<Set> = (1..1_u32 << voters.len())
            .filter(|set| set.count_ones() >= config.min_cluster_size && agree(*set))
            .collect();
        let is_maximal = |set: &Set| all.iter().all(|other| other == set || other & set != *set);
        all.iter().copied().filter(is_maximal).collect()
    }

    proptest! {
        /// Answers arrive in any order of channels, and one is revoked at the end.
        #[test]
        fn clusters_are_the_maximal_sets_that_agree(
            tokens in prop::collection::vec(prop::array::uniform10(0_u64..14), 0..9),
            order in prop::array::uniform9(0_u64..1_000),
            threshold in 1_u32..=10,
            smallest in 1_u32..=4,
        ) {
            let proofs: Vec<StorageProof> = tokens
                .iter()
                .map(|tokens| {
                    // Ten different tokens of twenty: honest signatures have no duplicates.
                    let mut distinct: Vec<u64> = Vec::new();
                    for token in tokens.iter().copied().chain(0..20) {
                        if !distinct.contains(&token) && distinct.len() < 10 {
                            distinct.push(token);
                        }
                    }
                    proof(distinct.try_into().unwrap())
                })
                .collect();
            let all: Vec<Voter<'_>> = (0..)
                .zip(&proofs)
                .map(|(index, proof)| Voter { channel: index, peer: PeerId::new(u64::from(index)), proof })
                .collect();
            let mut config = Scenario::preset("lifecycle-1").unwrap().config.election;
            config.consensus_threshold = threshold;
            config.min_cluster_size = smallest;
            let mut arrivals: Vec<usize> = (0..all.len()).collect();
            arrivals.sort_by_key(|index| order[*index]);
            let mut kept = PairwiseAgreement::default();
            let steps = (0..=all.len()).map(|count| &arrivals[..count]).chain([arrivals.get(1..).unwrap_or(&[])]);
            for answered in steps {
                let voters: Vec<Voter<'_>> =
                    (0..all.len()).filter(|index| answered.contains(index)).map(|index| all[index]).collect();
                let mut expected = by_definition(&voters, &config);
                let clusters = find(&voters, &config, &NoTable, &mut kept);
                let mut found: Vec<Set> = clusters.iter().map(|cluster| cluster.set).collect();
                expected.sort_unstable();
                found.sort_unstable();
                prop_assert_eq!(found, expected);
                let sorted = clusters.windows(2).all(|pair| {
                    let size = |cluster: &Members| (cluster.len(), cluster.total_agreement);
                    size(&pair[0]) >= size(&pair[1])
                });
                prop_assert!(sorted);
            }
        }
    }
}
