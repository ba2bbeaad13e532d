//! Agreement of the voters of an election, kept from answer to answer: a new voter is compared with each
//! other one once, and extends the maximal sets that agree pairwise.

use std::borrow::Cow;

use arrayvec::ArrayVec;

use crate::base::id::PeerId;
use crate::protocol::message::{PROOF_SIZE, ProofResolver, StorageProof};

/// A set of voters, one bit for each index.
pub(super) type Set = u32;

/// Largest number of voters in an election: one on each channel.
pub(super) const VOTERS_MAX: usize = 16;

const _: () = assert!(VOTERS_MAX < Set::BITS as usize, "a set has a bit for each voter");

/// A responder whose answer counts.
#[derive(Clone, Copy, Debug)]
pub(super) struct Voter<'a> {
    /// Number of the channel on which it has answered.
    pub(super) channel: u32,
    pub(super) peer: PeerId,
    pub(super) proof: &'a StorageProof,
}

/// Voters in the order of their channels, on the stack.
pub(super) type Voters<'a> = ArrayVec<Voter<'a>, VOTERS_MAX>;

/// Indices of the members of a set.
pub(super) fn indices(set: Set) -> impl Iterator<Item = usize> + Clone {
    let mut rest = set;
    std::iter::from_fn(move || {
        let lowest = (rest != 0).then(|| rest.trailing_zeros() as usize);
        rest &= rest.wrapping_sub(1);
        lowest
    })
}

/// Agreement of voters by the order in which they were added.
#[derive(Clone, Debug, Default)]
pub(super) struct PairwiseAgreement {
    /// Channels of the voters.
    added: ArrayVec<u32, VOTERS_MAX>,
    /// For each ordered pair, the number of mappings of the one signature that occur in the other.
    shared: [[u8; VOTERS_MAX]; VOTERS_MAX],
    /// For each voter the others that share enough of its mappings.
    neighbors: [Set; VOTERS_MAX],
    /// Maximal sets that agree pairwise.
    cliques: Vec<Set>,
    /// Whether a voter agrees with one that does not agree with it: duplicate mappings make that possible.
    is_directed: bool,
}

impl PairwiseAgreement {
    /// Adds the voters that are new; begins again if one that was added no longer votes.
    pub(super) fn update(&mut self, voters: &[Voter<'_>], threshold: u32, resolver: &dyn ProofResolver) {
        debug_assert!(voters.len() <= VOTERS_MAX, "{} voters", voters.len());
        let still_votes = |channel: &u32| voters.iter().any(|voter| voter.channel == *channel);
        if !self.added.iter().all(still_votes) {
            *self = Self::default();
        }
        for voter in voters {
            if !self.added.contains(&voter.channel) {
                self.compare(voter, voters, threshold, resolver);
                self.added.push(voter.channel);
            }
        }
        debug_assert_eq!(self.added.len(), voters.len(), "each voter was added once");
    }

    /// Whether no voter was added.
    pub(super) const fn is_empty(&self) -> bool {
        self.added.is_empty()
    }

    /// Compares a new voter with those that were added. Proofs without duplicate mappings agree
    /// symmetrically, which halves the comparisons.
    fn compare(
        &mut self,
        new: &Voter<'_>,
        voters: &[Voter<'_>],
        threshold: u32,
        resolver: &dyn ProofResolver,
    ) {
        let added = self.added.len();
        for voter in voters {
            let Some(old) = self.position(voter) else { continue };
            let there = voter.proof.agreement(new.proof, resolver);
            let is_mutual = voter.proof.agrees_symmetrically(new.proof);
            let back = if is_mutual { there } else { new.proof.agreement(voter.proof, resolver) };
            debug_assert!(usize::from(there.max(back)) <= PROOF_SIZE, "{there}, {back} of {PROOF_SIZE}");
            (self.shared[old][added], self.shared[added][old]) = (there, back);
            let [agrees, agrees_back] = [there, back].map(|one| u32::from(one) >= threshold);
            self.neighbors[old] |= Set::from(agrees) << added;
            self.neighbors[added] |= Set::from(agrees_back) << old;
            self.is_directed |= agrees != agrees_back;
        }
        extend(&mut self.cliques, added, self.neighbors[added]);
    }

    /// Maximal sets that agree pairwise, by positions. `at` has the position of each voter.
    pub(super) fn cliques(&self, at: &[usize]) -> Cow<'_, [Set]> {
        if !self.is_directed {
            return Cow::Borrowed(&self.cliques);
        }
        // Those of a relation that is not mutual depend on the order of the voters.
        let mut neighbors = [0; VOTERS_MAX];
        for (index, position) in at.iter().enumerate() {
            neighbors[index] = by_index(self.neighbors[*position], at);
        }
        let mut found = Vec::new();
        maximal_cliques(&neighbors, 0, (1 << at.len()) - 1, 0, &mut found);
        let by_position = |set: Set| indices(set).map(|index| 1 << at[index]).sum();
        found.into_iter().map(by_position).collect()
    }

    /// Position of each voter among those that were added.
    pub(super) fn positions(&self, voters: &[Voter<'_>]) -> ArrayVec<usize, VOTERS_MAX> {
        voters.iter().filter_map(|voter| self.position(voter)).collect()
    }

    fn position(&self, voter: &Voter<'_>) -> Option<usize> {
        self.added.iter().position(|channel| *channel == voter.channel)
    }

    /// Number of mappings of the one voter that the other has too, by their positions.
    pub(super) const fn shared(&self, one: usize, other: usize) -> u32 {
        self.shared[one][other] as u32
    }
}

/// A set by the indices of its voters instead of their positions.
pub(super) fn by_index(set: Set, at: &[usize]) -> Set {
    at.iter().enumerate().map(|(index, position)| (set >> position & 1) << index).sum()
}

/// Extends maximal cliques by a voter that agrees with `neighbors`: a clique within them grows, and of every
/// other the part within them becomes a clique with the voter, unless a larger one contains it.
fn extend(cliques: &mut Vec<Set>, voter: usize, neighbors: Set) {
    let bit: Set = 1 << voter;
    debug_assert!(neighbors < bit, "neighbours were added before");
    let before = cliques.len();
    for index in 0..before {
        let clique = cliques[index];
        if clique & !neighbors == 0 {
            cliques[index] |= bit;
        } else {
            cliques.push(clique & neighbors | bit);
        }
    }
    if before == 0 {
        cliques.push(bit);
    }
    let mut index = before;
    while index < cliques.len() {
        let part = cliques[index];
        let is_contained = cliques
            .iter()
            .enumerate()
            .any(|(other, set)| other != index && part & !set == 0 && (*set != part || other < index));
        if is_contained {
            cliques.swap_remove(index);
        } else {
            index += 1;
        }
    }
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

    /// Maximal cliques by definition, for voters with the sets of those that agree with them.
    fn by_definition(neighbors: &[Set; VOTERS_MAX], count: usize) -> Vec<Set> {
        let is_clique = |set: &Set| indices(*set).all(|voter| set & !(neighbors[voter] | 1 << voter) == 0);
        let all: Vec<Set> = (1..1_u32 << count).filter(is_clique).collect();
        let is_maximal = |set: &Set| all.iter().all(|other| other == set || other & set != *set);
        all.iter().copied().filter(is_maximal).collect()
    }

    /// Voters join in the order of their indices: all matrices together try every order.
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
                let expected = by_definition(&neighbors, count);
                let (mut kept, mut found) = (Vec::new(), Vec::new());
                for (voter, agreeing) in neighbors.into_iter().take(count).enumerate() {
                    extend(&mut kept, voter, agreeing & ((1 << voter) - 1));
                }
                maximal_cliques(&neighbors, 0, (1 << count) - 1, 0, &mut found);
                kept.sort_unstable();
                found.sort_unstable();
                assert_eq!(kept, expected, "kept, {count} voters, {matrix:b}");
                assert_eq!(found, expected, "from nothing, {count} voters, {matrix:b}");
            }
        }
    }
}
