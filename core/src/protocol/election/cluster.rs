//! Clusters: maximal sets of responders that agree pairwise, found as maximal cliques by Bron-Kerbosch.

use arrayvec::ArrayVec;

use crate::base::id::PeerId;
use crate::base::mutant::mutant;
use crate::base::sort;
use crate::config::ElectionConfig;
use crate::protocol::message::{PROOF_SIZE, ProofResolver, StorageProof};

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

/// A set of voters, one bit for each index.
pub(super) type Set = u32;

/// Largest number of voters in an election: one on each channel.
pub(super) const VOTERS_MAX: usize = 16;

const _: () = assert!(VOTERS_MAX < Set::BITS as usize, "a set has a bit for each voter");

/// Responders with their proofs, on the stack.
pub(super) type Voters<'a> = ArrayVec<(PeerId, &'a StorageProof), VOTERS_MAX>;

/// For each ordered pair of voters, the number of mappings of the one signature that occur in the other.
type Agreements = [[u8; VOTERS_MAX]; VOTERS_MAX];

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

    pub(super) fn describe(self, voters: &[(PeerId, &StorageProof)]) -> Cluster {
        debug_assert!(self.set >> voters.len() == 0, "members {:b} of {} voters", self.set, voters.len());
        let Self { weakest_agreement, total_agreement, .. } = self;
        let members = self.indices().map(|voter| voters[voter].0).collect();
        Cluster { members, weakest_agreement, total_agreement }
    }

    fn new(set: Set, agreement: &Agreements) -> Self {
        debug_assert!(set != 0, "a cluster has at least one member");
        let pairs = indices(set)
            .flat_map(|one| indices(set).filter(move |other| one < *other).map(move |other| (one, other)))
            .map(|(one, other)| u32::from(agreement[one][other]));
        Self {
            set,
            weakest_agreement: pairs.clone().min().unwrap_or(EVERYTHING),
            total_agreement: pairs.sum(),
        }
    }
}

fn indices(set: Set) -> impl Iterator<Item = usize> + Clone {
    (0..VOTERS_MAX).filter(move |voter| set & 1 << voter != 0)
}

/// All maximal clusters of at least `min_cluster_size` voters: the largest first, then by total agreement,
/// then by the indices of their members.
pub(super) fn find(
    voters: &[(PeerId, &StorageProof)],
    config: &ElectionConfig,
    resolver: &dyn ProofResolver,
) -> Vec<Members> {
    debug_assert!(voters.len() <= VOTERS_MAX, "{} voters", voters.len());
    debug_assert!(config.min_cluster_size > 0, "an empty set is no cluster");
    let count = voters.len().min(VOTERS_MAX);
    if voters.len() < config.min_cluster_size as usize {
        return Vec::new();
    }
    let threshold = mutant!(AgreementStricter: config.consensus_threshold => config.consensus_threshold + 1);
    let (agreement, neighbors) = compare(&voters[..count], threshold, resolver);
    let all: Set = (1 << count) - 1;
    let is_unanimous = (0..count).all(|voter| neighbors[voter] | 1 << voter == all);
    let mut sets = Vec::with_capacity(1);
    if is_unanimous {
        sets.push(all);
    } else {
        maximal_cliques(&neighbors, 0, all, 0, &mut sets);
    }
    let min_size = mutant!(LonersDecide: config.min_cluster_size => 1);
    sets.retain(|set| set.count_ones() >= min_size);
    sort::sort_by_key(&mut sets, |set| *set);
    debug_assert!(sets.is_sorted_by(|one, next| one < next), "no clique is found twice");
    debug_assert!(sets.iter().all(|set| set & !all == 0), "members are voters");
    let mut clusters: Vec<Members> = sets.into_iter().map(|set| Members::new(set, &agreement)).collect();
    sort::sort_by_key(&mut clusters, |cluster| {
        (std::cmp::Reverse(cluster.len()), std::cmp::Reverse(cluster.total_agreement))
    });
    clusters
}

/// Agreement of all ordered pairs, and for each voter the set of those with which it agrees on `threshold`
/// mappings. Proofs without duplicate mappings agree symmetrically, which halves the comparisons.
#[inline]
fn compare(
    voters: &[(PeerId, &StorageProof)],
    threshold: u32,
    resolver: &dyn ProofResolver,
) -> (Agreements, [Set; VOTERS_MAX]) {
    let count = voters.len();
    let mut agreement = [[0; VOTERS_MAX]; VOTERS_MAX];
    let mut neighbors = [0; VOTERS_MAX];
    for one in 0..count {
        for other in (0..count).filter(|other| *other != one) {
            let (ours, theirs) = (voters[one].1, voters[other].1);
            let is_known = other < one && ours.agrees_symmetrically(theirs);
            let shared = if is_known { agreement[other][one] } else { ours.agreement(theirs, resolver) };
            debug_assert!(usize::from(shared) <= PROOF_SIZE, "{shared} of {PROOF_SIZE} mappings");
            agreement[one][other] = shared;
            neighbors[one] |= Set::from(u32::from(shared) >= threshold) << other;
        }
    }
    (agreement, neighbors)
}

/// Maximal cliques by Bron-Kerbosch, without pivoting: extends `clique` by `candidates`; sets with a member
/// of `excluded` have been found.
fn maximal_cliques(
    neighbors: &[Set; VOTERS_MAX],
    clique: Set,
    mut candidates: Set,
    mut excluded: Set,
    found: &mut Vec<Set>,
) {
    debug_assert!(clique & (candidates | excluded) == 0, "clique, candidates and excluded are disjoint");
    if candidates == 0 && excluded == 0 {
        found.push(clique);
        return;
    }
    while candidates != 0 {
        let voter = candidates.trailing_zeros() as usize;
        let bit = 1 << voter;
        let (next, barred) = (candidates & neighbors[voter], excluded & neighbors[voter]);
        maximal_cliques(neighbors, clique | bit, next, barred, found);
        candidates &= !bit;
        excluded |= bit;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::id::{BlockId, TokenId};
    use crate::protocol::message::{Mapping, NoTable, Proof};
    use crate::scenario::Scenario;
    use proptest::prelude::*;

    fn proof(tokens: [u64; 10]) -> StorageProof {
        let mapping = |token| Mapping { token: TokenId::new(token), block: BlockId::new(token) };
        Proof { answer: mapping(0), signature: tokens.map(mapping) }.into()
    }

    /// The definition: every subset, tested for pairwise agreement and then for being contained in another.
    fn by_definition(voters: &[(PeerId, &StorageProof)], config: &ElectionConfig) -> Vec<Set> {
        let agree = |set: Set| {
            (0..voters.len()).filter(|one| set & 1 << one != 0).all(|one| {
                (one + 1..voters.len()).filter(|other| set & 1 << other != 0).all(|other| {
                    u32::from(voters[one].1.agreement(voters[other].1, &NoTable))
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

    /// Maximal cliques by definition, for voters with the sets of those that agree with them.
    fn cliques_by_definition(neighbors: &[Set; VOTERS_MAX], count: usize) -> Vec<Set> {
        let is_clique = |set: &Set| indices(*set).all(|voter| set & !(neighbors[voter] | 1 << voter) == 0);
        let all: Vec<Set> = (1..1_u32 << count).filter(is_clique).collect();
        let is_maximal = |set: &Set| all.iter().all(|other| other == set || other & set != *set);
        all.iter().copied().filter(is_maximal).collect()
    }

    #[test]
    fn cliques_are_right_for_all_agreements_of_up_to_six_voters() {
        for count in 1..=6_usize {
            let pairs: Vec<(usize, usize)> =
                (0..count).flat_map(|one| (one + 1..count).map(move |other| (one, other))).collect();
            for matrix in 0..1_u32 << pairs.len() {
                let mut neighbors = [0; VOTERS_MAX];
                for (pair, (one, other)) in pairs.iter().enumerate() {
                    let agrees = matrix >> pair & 1;
                    neighbors[*one] |= agrees << other;
                    neighbors[*other] |= agrees << one;
                }
                let mut found = Vec::new();
                maximal_cliques(&neighbors, 0, (1 << count) - 1, 0, &mut found);
                found.sort_unstable();
                assert_eq!(found, cliques_by_definition(&neighbors, count), "{count} voters, {matrix:b}");
            }
        }
    }

    proptest! {
        #[test]
        fn clusters_are_the_maximal_sets_that_agree(
            tokens in prop::collection::vec(prop::array::uniform10(0_u64..14), 0..9),
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
            let voters: Vec<(PeerId, &StorageProof)> = (0..).map(PeerId::new).zip(&proofs).collect();
            let mut config = Scenario::preset("lifecycle-1").unwrap().config.election;
            config.consensus_threshold = threshold;
            config.min_cluster_size = smallest;
            let mut expected = by_definition(&voters, &config);
            let clusters = find(&voters, &config, &NoTable);
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
