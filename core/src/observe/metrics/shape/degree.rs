//! Degree distribution of the peer graph.

use serde::Serialize;

use super::graph::{Edges, Graph};
use crate::observe::metrics::ratio;

/// Bins that a histogram of degrees has at most.
const BINS: usize = 32;

/// Degree distribution of the running peers.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Degrees {
    /// Out-degrees: Connected peers of a peer.
    pub connected: Quantiles,
    /// Degrees of the graph of mutual edges.
    pub mutual: Quantiles,
    /// Degrees that share a bin of the histograms. The first bin starts at 0.
    pub bin_width: usize,
    /// Peers by out-degree.
    pub connected_bins: Vec<u64>,
    /// Peers by degree in the graph of mutual edges.
    pub mutual_bins: Vec<u64>,
}

/// Quantiles of a number over all running peers; all 0 if no peer runs. A quantile is the least number that
/// this share of the peers does not exceed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Quantiles {
    /// The least.
    pub min: usize,
    /// 10th percentile.
    pub p10: usize,
    /// Median.
    pub p50: usize,
    /// 90th percentile.
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
    /// Quantiles of a histogram: `counts[number]` is the frequency of `number`.
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

/// Frequency of each degree, from 0 to the highest.
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
