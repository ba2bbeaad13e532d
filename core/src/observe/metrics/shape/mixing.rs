//! Evenness of in-degrees, and overlap of the neighbourhoods of two peers.

use serde::Serialize;

use super::graph::Graph;
use crate::base::rng::mix;
use crate::observe::metrics::{exact, mean, ratio};

/// Evenness of in-degrees and overlap of neighbourhoods. `None` if there is nothing to measure.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Mixing {
    /// Normalised Shannon entropy of the in-degrees: 1 if all peers have the same, 0 if all edges lead to one
    /// peer.
    pub entropy: Option<f64>,
    /// Mean Jaccard overlap of the Connected peers of adjacent peers on the ring, the two excluded.
    pub overlap_neighbours: Option<f64>,
    /// The same for as many pairs of any ranks, equal in every world of this size.
    pub overlap_strangers: Option<f64>,
}

impl Mixing {
    pub(super) fn of(graph: &Graph) -> Self {
        let neighbour = |rank| graph.after(rank, 1);
        Self {
            entropy: entropy(graph),
            overlap_neighbours: overlap(graph, neighbour),
            overlap_strangers: overlap(graph, |rank| stranger(graph, rank)),
        }
    }
}

fn entropy(graph: &Graph) -> Option<f64> {
    let mut chosen = vec![0_u64; graph.len()];
    graph.connected.iter().for_each(|(_, to)| chosen[to] += 1);
    let shares = chosen.into_iter().filter(|count| *count > 0);
    let entropy = mean_information(shares, graph.connected.len() as u64)?;
    Some(entropy / libm::log(exact(graph.len() as u64)))
}

/// Shannon entropy in nats; `None` if nothing was counted.
fn mean_information(counts: impl Iterator<Item = u64>, sum: u64) -> Option<f64> {
    let information = counts.filter_map(|count| ratio(count, sum).map(|share| -share * libm::log(share)));
    information.reduce(|sum, part| sum + part)
}

/// Any other rank, the same for a rank in every world of this size.
fn stranger(graph: &Graph, rank: usize) -> usize {
    let others = graph.len() - 1;
    #[expect(clippy::cast_possible_truncation, reason = "any bits will do")]
    let steps = (mix(rank as u64) as u32) as usize % others;
    graph.after(rank, steps + 1)
}

fn overlap(graph: &Graph, other: impl Fn(usize) -> usize) -> Option<f64> {
    let ranks = if graph.len() > 2 { graph.ranks() } else { 0..0 };
    mean(ranks.filter_map(|rank| likeness(graph, rank, other(rank))))
}

/// Jaccard overlap of two peers' Connected peers; `None` if neither has any.
fn likeness(graph: &Graph, one: usize, other: usize) -> Option<f64> {
    let third = |rank: &&usize| **rank != one && **rank != other;
    let of = |rank| graph.connected.of(rank).iter().filter(third);
    let common = of(one).filter(|rank| graph.connected.has(other, **rank)).count();
    let either = of(one).count() + of(other).count() - common;
    ratio(common as u64, either as u64)
}

#[cfg(test)]
mod tests {
    use super::super::tests::{any_graph, full, graph, islands, near, ring, star};
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn where_all_are_chosen_equally_often_the_entropy_is_highest() {
        for even in [full(2), full(9), ring(9), islands(10, 5)] {
            near(Mixing::of(&even).entropy, 1.0);
        }
        let all_choose_one = graph(&[vec![], vec![0], vec![0], vec![0]]);
        near(Mixing::of(&all_choose_one).entropy, 0.0);
        let between = Mixing::of(&star(9)).entropy.unwrap();
        assert!(between > 0.5 && between < 1.0, "{between}");
    }

    #[test]
    fn who_have_everybody_have_the_same_and_the_two_themselves_do_not_count() {
        let mixing = Mixing::of(&full(9));
        near(mixing.overlap_neighbours, 1.0);
        near(mixing.overlap_strangers, 1.0);
        near(Mixing::of(&ring(9)).overlap_neighbours, 0.0);
    }

    #[test]
    fn neighbours_on_an_island_are_more_alike_than_strangers() {
        let mixing = Mixing::of(&islands(40, 20));
        near(mixing.overlap_neighbours, 38.0 / 40.0);
        assert!(mixing.overlap_strangers < mixing.overlap_neighbours);
    }

    #[test]
    fn a_stranger_is_somebody_else() {
        for peers in 2..40 {
            let graph = full(peers);
            assert!(graph.ranks().all(|rank| stranger(&graph, rank) != rank));
        }
    }

    #[test]
    fn where_nobody_has_anybody_there_is_nothing_to_measure() {
        for lonely in [graph(&[]), full(1), graph(&[vec![], vec![], vec![]])] {
            assert_eq!(Mixing::of(&lonely), Mixing::default());
        }
    }

    proptest! {
        #[test]
        fn measures_are_parts_of_one(graph in any_graph()) {
            let Mixing { entropy, overlap_neighbours, overlap_strangers } = Mixing::of(&graph);
            for part in [entropy, overlap_neighbours, overlap_strangers].into_iter().flatten() {
                prop_assert!((0.0..=1.0 + 1e-12).contains(&part), "{part}");
            }
        }
    }
}
