//! How many Connected peers the peers have.

use serde::Serialize;

use super::graph::{Edges, Graph};
use crate::observe::metrics::ratio;

/// Bins that a histogram of degrees has at most.
const BINS: usize = 32;

/// How many Connected peers the peers have, among those that run.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Degrees {
    /// Peers that a peer thinks to be Connected with.
    pub connected: Quantiles,
    /// Those of them that think so too.
    pub mutual: Quantiles,
    /// How many degrees share a bin of the histograms. The first bin starts at 0.
    pub bin_width: usize,
    /// Peers by how many they think to be Connected with.
    pub connected_bins: Vec<u64>,
    /// Peers by how many of those think so too.
    pub mutual_bins: Vec<u64>,
}

/// The spread of a number over all running peers; all 0 where none runs. A quantile is the least number that this
/// share of the peers does not exceed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Quantiles {
    /// The least.
    pub min: usize,
    /// A tenth of the peers has no more.
    pub p10: usize,
    /// Half of the peers has no more.
    pub p50: usize,
    /// Nine tenths of the peers have no more.
    pub p90: usize,
    /// The most.
    pub max: usize,
    /// The mean.
    pub mean: f64,
}

impl Degrees {
    pub(super) fn of(graph: &Graph) -> Self {
        let most = graph.connected.lists().map(<[usize]>::len).max();
        let (connected, mutual) = (counts(&graph.connected, most), counts(&graph.mutual, most));
        let bin_width = most.map_or(0, |most| most / BINS) + 1;
        let bins = |counts: &[u64]| counts.chunks(bin_width).map(|chunk| chunk.iter().sum()).collect();
        Self {
            bin_width,
            connected_bins: bins(&connected),
            mutual_bins: bins(&mutual),
            connected: Quantiles::of(&connected),
            mutual: Quantiles::of(&mutual),
        }
    }
}

impl Quantiles {
    /// Of numbers of which it is known how often each comes, from 0 on.
    fn of(counts: &[u64]) -> Self {
        let count = counts.iter().sum::<u64>();
        let sum: u64 = counts.iter().zip(0..).map(|(count, number)| count * number).sum();
        // 0 stands for the least of all.
        let at = |percent: u64| {
            let mut missing = (count * percent).div_ceil(100).max(1);
            let is_reached = |count: &u64| {
                missing = missing.saturating_sub(*count);
                missing == 0
            };
            counts.iter().position(is_reached).unwrap_or(0)
        };
        let mean = ratio(sum, count).unwrap_or(0.0);
        Self { min: at(0), p10: at(10), p50: at(50), p90: at(90), max: at(100), mean }
    }
}

/// How often each degree comes, from 0 to the most there are.
fn counts(edges: &Edges, most: Option<usize>) -> Vec<u64> {
    let mut counts = vec![0; most.map_or(0, |most| most + 1)];
    edges.lists().for_each(|list| counts[list.len()] += 1);
    counts
}

#[cfg(test)]
mod tests {
    use super::super::tests::{full, graph, star};
    use super::*;

    #[test]
    fn in_a_star_one_peer_has_all_and_the_others_have_one() {
        let degrees = Degrees::of(&star(11));
        assert_eq!((degrees.connected.min, degrees.connected.p90, degrees.connected.max), (1, 1, 10));
        assert!((degrees.connected.mean - 20.0 / 11.0).abs() < 1e-12);
        assert_eq!(degrees.mutual, degrees.connected);
        assert_eq!((degrees.bin_width, degrees.connected_bins[1], degrees.connected_bins[10]), (1, 10, 1));
    }

    #[test]
    fn only_what_both_think_is_mutual() {
        let degrees = Degrees::of(&graph(&[vec![1, 2], vec![0], vec![]]));
        assert_eq!(degrees.connected_bins, [1, 1, 1]);
        assert_eq!(degrees.mutual_bins, [1, 2, 0]);
    }

    #[test]
    fn many_degrees_share_bins_and_no_peer_is_left_out() {
        for peers in [1, 32, 33, 34, 200] {
            let degrees = Degrees::of(&full(peers));
            assert!(degrees.connected_bins.len() <= BINS + 1, "{peers}");
            assert_eq!(degrees.connected_bins.iter().sum::<u64>(), peers as u64);
            assert_eq!(degrees.connected_bins.last(), Some(&(peers as u64)));
        }
    }

    #[test]
    fn quantiles_are_of_the_numbers_themselves() {
        let one_to_ten: Vec<u64> = (0..=10).map(|number| number.min(1)).collect();
        let Quantiles { min, p10, p50, p90, max, mean } = Quantiles::of(&one_to_ten);
        assert_eq!((min, p10, p50, p90, max), (1, 1, 5, 9, 10));
        assert!((mean - 5.5).abs() < 1e-12);
        assert_eq!(Quantiles::of(&[]), Quantiles::default());
    }
}
