//! Clusters: maximal sets of responders that agree pairwise.

use crate::config::ElectionConfig;
use crate::id::PeerId;
use crate::message::Proof;
use crate::order;

/// Responders that agree with one another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cluster {
    /// In the order of their channels.
    pub members: Vec<PeerId>,
    /// Mappings that the two members who agree least have in common.
    pub weakest_agreement: u32,
    /// Mappings in common, summed over all pairs.
    pub total_agreement: u32,
}

/// What a single voter has in common with itself.
const EVERYTHING: u32 = 10;

/// A set of voters by their position, one bit each. Elections have at most 16 channels.
type Set = u32;

/// All maximal clusters of at least `min_cluster_size` voters, the largest first, then the one that agrees more, then
/// the one of the earlier voters.
pub(super) fn find(voters: &[(PeerId, &Proof)], config: &ElectionConfig) -> Vec<Cluster> {
    if voters.len() < config.min_cluster_size as usize {
        return Vec::new();
    }
    let agreement = agreements(voters);
    let friends: Vec<Set> = (0..voters.len())
        .map(|one| {
            let agrees =
                |other: &usize| *other != one && agreement[one][*other] >= config.consensus_threshold;
            (0..voters.len()).filter(agrees).fold(0, |set, other| set | 1 << other)
        })
        .collect();
    let mut sets = Vec::new();
    maximal_cliques(&friends, 0, (1 << voters.len()) - 1, 0, &mut sets);
    sets.retain(|set| set.count_ones() >= config.min_cluster_size);
    sets.sort_unstable();
    let mut clusters: Vec<Cluster> = sets.into_iter().map(|set| describe(set, voters, &agreement)).collect();
    order::sort_by_key(&mut clusters, |cluster| {
        (std::cmp::Reverse(cluster.members.len()), std::cmp::Reverse(cluster.total_agreement))
    });
    clusters
}

fn agreements(voters: &[(PeerId, &Proof)]) -> Vec<Vec<u32>> {
    let row = |one: &Proof| voters.iter().map(|(_, other)| agreement(one, other)).collect();
    voters.iter().map(|(_, proof)| row(proof)).collect()
}

/// How many mappings of the one signature occur anywhere in the other.
fn agreement(one: &Proof, other: &Proof) -> u32 {
    let shared = one.signature.iter().filter(|mapping| other.signature.contains(mapping)).count();
    u32::try_from(shared).unwrap_or(u32::MAX)
}

/// Bron and Kerbosch's algorithm: extends `clique` by `candidates`; `excluded` have had their turn.
fn maximal_cliques(
    friends: &[Set],
    clique: Set,
    mut candidates: Set,
    mut excluded: Set,
    found: &mut Vec<Set>,
) {
    if candidates == 0 && excluded == 0 {
        found.push(clique);
        return;
    }
    while candidates != 0 {
        let voter = candidates.trailing_zeros() as usize;
        let bit = 1 << voter;
        maximal_cliques(friends, clique | bit, candidates & friends[voter], excluded & friends[voter], found);
        candidates &= !bit;
        excluded |= bit;
    }
}

fn describe(set: Set, voters: &[(PeerId, &Proof)], agreement: &[Vec<u32>]) -> Cluster {
    let members: Vec<usize> = (0..voters.len()).filter(|voter| set & 1 << voter != 0).collect();
    let pairs = members.iter().flat_map(|one| {
        members.iter().filter(move |other| one < other).map(move |other| agreement[*one][*other])
    });
    Cluster {
        weakest_agreement: pairs.clone().min().unwrap_or(EVERYTHING),
        total_agreement: pairs.sum(),
        members: members.into_iter().map(|voter| voters[voter].0).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::{BlockId, TokenId};
    use crate::message::Mapping;
    use crate::scenario::Scenario;
    use proptest::prelude::*;

    fn proof(tokens: [u64; 10]) -> Proof {
        let mapping = |token| Mapping { token: TokenId::new(token), block: BlockId::new(token) };
        Proof { answer: mapping(0), signature: tokens.map(mapping) }
    }

    /// The definition: every subset, tested for pairwise agreement and then for being contained in another.
    fn by_definition(voters: &[(PeerId, &Proof)], config: &ElectionConfig) -> Vec<Set> {
        let agree = |set: Set| {
            (0..voters.len()).filter(|one| set & 1 << one != 0).all(|one| {
                (one + 1..voters.len())
                    .filter(|other| set & 1 << other != 0)
                    .all(|other| agreement(voters[one].1, voters[other].1) >= config.consensus_threshold)
            })
        };
        let all: Vec<Set> = (1..1_u32 << voters.len())
            .filter(|set| set.count_ones() >= config.min_cluster_size && agree(*set))
            .collect();
        let is_maximal = |set: &Set| all.iter().all(|other| other == set || other & set != *set);
        all.iter().copied().filter(is_maximal).collect()
    }

    proptest! {
        #[test]
        fn clusters_are_the_maximal_sets_that_agree(
            tokens in prop::collection::vec(prop::array::uniform10(0_u64..14), 0..9),
            threshold in 1_u32..=10,
            smallest in 1_u32..=4,
        ) {
            let proofs: Vec<Proof> = tokens
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
            let voters: Vec<(PeerId, &Proof)> = (0..).map(PeerId::new).zip(&proofs).collect();
            let mut config = Scenario::preset("lifecycle-1").unwrap().config.election;
            config.consensus_threshold = threshold;
            config.min_cluster_size = smallest;
            let mut expected = by_definition(&voters, &config);
            let clusters = find(&voters, &config);
            let mut found: Vec<Set> = clusters
                .iter()
                .map(|cluster| cluster.members.iter().fold(0, |set, peer| set | 1 << peer.get()))
                .collect();
            expected.sort_unstable();
            found.sort_unstable();
            prop_assert_eq!(found, expected);
            let sorted = clusters.windows(2).all(|pair| {
                let size = |cluster: &Cluster| (cluster.members.len(), cluster.total_agreement);
                size(&pair[0]) >= size(&pair[1])
            });
            prop_assert!(sorted);
        }
    }
}
