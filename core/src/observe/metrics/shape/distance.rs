//! Lengths of Connected edges, and goodness of fit to the curves that the documents expect.
//!
//! Document 000 expects a Gaussian around every peer: "biased input + uniform eviction -> Gaussian".

use serde::Serialize;

use super::graph::Graph;
use crate::observe::metrics::{exact, mean, ratio, ring_fraction};

/// Bins of a histogram of distances.
const BINS: usize = 32;

/// Lengths of Connected edges between running peers, as parts of the longest distance there is.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Distances {
    /// Edges by their distance, from 0 to 1, in bins of equal width.
    pub bins: Vec<u64>,
    /// Standard deviation of the signed distance; `None` without an edge.
    pub deviation: Option<f64>,
    /// Kolmogorov-Smirnov statistic against a uniform distribution, from 0 for a perfect fit to 1.
    pub ks_uniform: Option<f64>,
    /// The same statistic against a folded Gaussian of the same deviation.
    pub ks_gaussian: Option<f64>,
}

impl Distances {
    /// Distances on the ring, as parts of half a turn.
    pub(super) fn on_ring(graph: &Graph) -> Self {
        let edges = graph.connected.iter();
        let mut distances: Vec<u64> = edges.map(|(from, to)| graph.distance(from, to)).collect();
        distances.sort_unstable();
        let parts: Vec<f64> = distances.into_iter().map(|distance| 2.0 * ring_fraction(distance)).collect();
        let deviation = deviation(parts.iter().copied());
        Self {
            bins: histogram(parts.iter().copied()),
            deviation,
            ks_uniform: ks(&parts, |part| part),
            ks_gaussian: deviation.and_then(|deviation| ks(&parts, |part| folded_gaussian(part, deviation))),
        }
    }

    /// Distances in rank, as parts of the highest there is. As ranks are whole numbers, so are the curves
    /// that they are compared with.
    pub(super) fn in_rank(graph: &Graph) -> Self {
        let most = graph.len() / 2;
        let mut counts = vec![0_u64; most + 1];
        graph.connected.iter().for_each(|(from, to)| counts[graph.rank_distance(from, to)] += 1);
        let ranks = || {
            let counted = counts.iter().enumerate();
            counted.flat_map(|(rank, count)| (0..*count).map(move |_| exact(rank as u64)))
        };
        let highest = exact(most as u64);
        let deviation = deviation(ranks());
        let others = graph.len().saturating_sub(1);
        let uniform = |rank: usize| ratio((2 * rank).min(others) as u64, others as u64).unwrap_or(0.0);
        let gaussian = |deviation| move |rank: usize| whole_gaussian(rank, deviation);
        Self {
            // A rank stands in the middle of its step.
            bins: histogram(ranks().map(|rank| (rank - 0.5) / highest)),
            deviation: deviation.map(|deviation| deviation / highest),
            ks_uniform: ks_of_counts(&counts, uniform),
            ks_gaussian: deviation.and_then(|deviation| ks_of_counts(&counts, gaussian(deviation))),
        }
    }
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a bin, by its number")]
fn histogram(parts: impl Iterator<Item = f64>) -> Vec<u64> {
    let mut bins = vec![0; BINS];
    parts.for_each(|part| bins[((part * exact(BINS as u64)) as usize).min(BINS - 1)] += 1);
    bins
}

/// Around 0: to one side as to the other.
fn deviation(distances: impl Iterator<Item = f64>) -> Option<f64> {
    mean(distances.map(|distance| distance * distance)).map(f64::sqrt)
}

/// The share of a Gaussian around 0 that lies within `distance` to either side.
fn folded_gaussian(distance: f64, deviation: f64) -> f64 {
    libm::erf(distance / (deviation * std::f64::consts::SQRT_2))
}

/// The same in whole numbers without 0, where the peer itself is.
fn whole_gaussian(distance: usize, deviation: f64) -> f64 {
    let within = |distance: usize| folded_gaussian(exact(distance as u64) + 0.5, deviation);
    (within(distance) - within(0)) / (1.0 - within(0))
}

/// Kolmogorov and Smirnov's statistic: the largest difference between a distribution and the one of a sorted
/// sample.
fn ks(sorted: &[f64], distribution: impl Fn(f64) -> f64) -> Option<f64> {
    let step = 1.0 / exact(sorted.len() as u64);
    let apart = sorted.iter().enumerate().map(|(index, value)| {
        let expected = distribution(*value);
        let below = exact(index as u64) * step;
        (expected - below).abs().max((below + step - expected).abs())
    });
    apart.reduce(f64::max)
}

/// The same for whole numbers, of which `counts` says how often each occurs.
fn ks_of_counts(counts: &[u64], distribution: impl Fn(usize) -> f64) -> Option<f64> {
    let sum = counts.iter().sum();
    let mut below = 0;
    let apart = counts.iter().enumerate().filter_map(|(value, count)| {
        below += count;
        ratio(below, sum).map(|share| (share - distribution(value)).abs())
    });
    apart.reduce(f64::max)
}

#[cfg(test)]
mod tests {
    use super::super::tests::{any_graph, full, graph, near, ring};
    use super::*;
    use crate::base::rng::{Purpose, Rng};
    use proptest::prelude::*;

    /// A thousand even steps through a distribution, by its inverse.
    fn even(inverse: impl Fn(f64) -> f64) -> Vec<f64> {
        (0..1000).map(|step| inverse((f64::from(step) + 0.5) / 1000.0)).collect()
    }

    fn ks_gaussian(sample: &[f64]) -> f64 {
        let deviation = deviation(sample.iter().copied()).unwrap();
        ks(sample, |part| folded_gaussian(part, deviation)).unwrap()
    }

    /// Distances of a Gaussian, sorted, drawn by the sum of twelve uniform numbers.
    fn gaussian(seed: u64, count: usize) -> Vec<f64> {
        let mut rng = Rng::stream(seed, Purpose::Genesis, 0);
        let mut uniform = || f64::from(rng.below(1_000_000)) / 1e6;
        let mut sample: Vec<f64> =
            (0..count).map(|_| ((0..12).map(|_| uniform()).sum::<f64>() - 6.0).abs() / 4.0).collect();
        sample.sort_unstable_by(f64::total_cmp);
        sample
    }

    #[test]
    fn an_even_sample_is_uniform_and_not_gaussian() {
        let sample = even(|part| part);
        near(ks(&sample, |part| part), 0.0005);
        assert!(ks_gaussian(&sample) > 0.05);
    }

    #[test]
    fn a_gaussian_sample_is_taken_for_one_and_a_linear_fade_is_not() {
        // One part in a hundred of a sample is beyond this.
        let critical = 1.63 / 5000_f64.sqrt();
        for seed in 0..20 {
            let sample = gaussian(seed, 5000);
            assert!(ks_gaussian(&sample) < critical, "{seed}");
            assert!(ks(&sample, |part| part.min(1.0)).unwrap() > 0.3);
        }
        let fade = even(|part| 1.0 - (1.0 - part).sqrt());
        assert!(ks_gaussian(&fade) > critical);
    }

    #[test]
    fn everybody_with_everybody_is_uniform_in_rank_to_the_last_edge() {
        for peers in [2, 3, 30, 31] {
            near(Distances::in_rank(&full(peers)).ks_uniform, 0.0);
        }
        let on_ring = Distances::on_ring(&full(1001));
        assert!(on_ring.ks_uniform.unwrap() < 0.002);
        near(on_ring.deviation, 0.5776);
        assert!(on_ring.bins.iter().all(|count| (29_000..34_000).contains(count)), "{:?}", on_ring.bins);
    }

    #[test]
    fn next_neighbours_are_as_far_from_uniform_as_can_be() {
        let in_rank = Distances::in_rank(&ring(64));
        near(in_rank.ks_uniform, 1.0 - 2.0 / 63.0);
        assert_eq!((in_rank.bins[0], in_rank.bins.iter().sum::<u64>()), (128, 128));
        near(Distances::on_ring(&ring(64)).ks_uniform, 1.0 - 1.0 / 32.0);
    }

    #[test]
    fn ranks_that_fade_as_a_gaussian_does_are_taken_for_one() {
        let mut counts: Vec<u64> = vec![0; 60];
        let weight = |rank: f64| (-rank * rank / 200.0).exp();
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a positive number")]
        (1..60).for_each(|rank| counts[rank] = (1e4 * weight(exact(rank as u64))) as u64);
        assert!(ks_of_counts(&counts, |rank| whole_gaussian(rank, 10.0)) < Some(0.001));
        assert!(ks_of_counts(&counts, |rank| whole_gaussian(rank, 12.0)) > Some(0.05));
    }

    #[test]
    fn without_an_edge_there_is_nothing_to_compare() {
        for lonely in [graph(&[]), full(1), graph(&[vec![], vec![]])] {
            for distances in [Distances::on_ring(&lonely), Distances::in_rank(&lonely)] {
                assert_eq!(distances, Distances { bins: vec![0; BINS], ..Distances::default() });
            }
        }
    }

    proptest! {
        #[test]
        fn a_statistic_is_a_part_of_one(graph in any_graph()) {
            for distances in [Distances::on_ring(&graph), Distances::in_rank(&graph)] {
                prop_assert_eq!(distances.bins.iter().sum::<u64>(), graph.connected.len() as u64);
                for statistic in [distances.ks_uniform, distances.ks_gaussian] {
                    prop_assert_eq!(statistic.is_some(), graph.connected.len() > 0);
                    prop_assert!((0.0..=1.0).contains(&statistic.unwrap_or(0.0)), "{:?}", distances);
                }
            }
        }
    }
}
