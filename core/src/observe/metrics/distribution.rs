//! Histograms of whole numbers in a fixed space.

use serde::Serialize;

use super::{exact, ratio};

/// Histogram of whole numbers. The last bin counts all numbers from its own on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Histogram {
    bins: Vec<u64>,
    sum: u64,
    max: u32,
}

impl Histogram {
    /// A histogram with this number of bins, at least one.
    pub(super) fn new(bins: usize) -> Self {
        debug_assert!(bins > 0, "a histogram has at least one bin");
        Self { bins: vec![0; bins], sum: 0, max: 0 }
    }

    pub(super) fn count(&mut self, number: u32) {
        let last = self.bins.len() - 1;
        self.bins[(number as usize).min(last)] += 1;
        self.sum += u64::from(number);
        self.max = self.max.max(number);
    }

    pub(super) fn distribution(&self) -> Distribution {
        let count = self.bins.iter().sum();
        debug_assert!(
            self.quantile(count, 50) <= self.quantile(count, 99),
            "quantiles are in ascending order: {self:?}"
        );
        debug_assert!(
            self.quantile(count, 99).is_none_or(|quantile| quantile <= self.max),
            "no quantile exceeds the largest number: {self:?}"
        );
        let used = self.bins.iter().rposition(|bin| *bin > 0).map_or(0, |last| last + 1);
        Distribution {
            count,
            mean: ratio(self.sum, count),
            p50: self.quantile(count, 50),
            p90: self.quantile(count, 90),
            p99: self.quantile(count, 99),
            max: (count > 0).then_some(self.max),
            bins: self.bins[..used].to_vec(),
        }
    }

    /// The least number that this percentage does not exceed; the maximum if it falls into the last bin.
    fn quantile(&self, count: u64, percent: u64) -> Option<u32> {
        debug_assert!((1..=100).contains(&percent), "{percent} is no percentile");
        let wanted = (count * percent).div_ceil(100).max(1);
        let reached = self.bins.iter().scan(0, |sum, bin| {
            *sum += bin;
            Some(*sum)
        });
        let index = reached.enumerate().find(|(_, sum)| *sum >= wanted)?.0;
        u32::try_from(index).ok().map(|number| if index == self.bins.len() - 1 { self.max } else { number })
    }
}

/// Distribution of whole numbers. Quantiles and extremes are `None` before the first number.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Distribution {
    /// Number of observations.
    pub count: u64,
    /// Their mean.
    pub mean: Option<f64>,
    /// Median.
    pub p50: Option<u32>,
    /// 90th percentile.
    pub p90: Option<u32>,
    /// 99th percentile.
    pub p99: Option<u32>,
    /// The largest.
    pub max: Option<u32>,
    /// Frequency of each number, from 0 on; the last bin of a full histogram counts all larger ones too.
    pub bins: Vec<u64>,
}

/// Slope of the least-squares line through points; `None` for fewer than two abscissae.
pub(super) fn slope(points: &[(f64, f64)]) -> Option<f64> {
    let count = exact(points.len() as u64);
    let centre = |pick: fn(&(f64, f64)) -> f64| points.iter().map(pick).sum::<f64>() / count;
    let (x, y) = (centre(|point| point.0), centre(|point| point.1));
    let both: f64 = points.iter().map(|point| (point.0 - x) * (point.1 - y)).sum();
    let along: f64 = points.iter().map(|point| (point.0 - x) * (point.0 - x)).sum();
    (along > 0.0).then(|| both / along)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn of(numbers: impl IntoIterator<Item = u32>) -> Distribution {
        let mut histogram = Histogram::new(8);
        numbers.into_iter().for_each(|number| histogram.count(number));
        histogram.distribution()
    }

    #[test]
    fn nothing_has_no_quantiles() {
        assert_eq!(of([]), Distribution::default());
    }

    #[test]
    fn each_number_has_a_bin_and_large_ones_share_the_last() {
        let spread = of([0, 2, 2, 7, 9, 40]);
        assert_eq!((spread.count, spread.mean, spread.max), (6, Some(10.0), Some(40)));
        assert_eq!(spread.bins, [1, 0, 2, 0, 0, 0, 0, 3]);
        assert_eq!(
            (spread.p50, spread.p90),
            (Some(2), Some(40)),
            "in the last bin the largest stands for all"
        );
        assert_eq!(of([3]).bins, [0, 0, 0, 1]);
    }

    #[test]
    fn a_slope_is_that_of_the_line() {
        let near = |points: &[(f64, f64)], expected: f64| {
            assert!((slope(points).unwrap() - expected).abs() < 1e-12, "{points:?}");
        };
        near(&[(0.0, 1.0), (1.0, 3.0), (2.0, 5.0)], 2.0);
        near(&[(0.0, 0.0), (1.0, 1.0), (2.0, 0.0)], 0.0);
        near(&[(10.0, 1.0), (20.0, 0.0)], -0.1);
        for none in [&[][..], &[(1.0, 1.0)], &[(1.0, 1.0), (1.0, 5.0)]] {
            assert_eq!(slope(none), None);
        }
    }

    proptest! {
        #[test]
        fn quantiles_are_those_of_the_sorted_numbers(mut numbers in prop::collection::vec(0_u32..7, 1..200)) {
            let spread = of(numbers.clone());
            numbers.sort_unstable();
            let at = |percent: usize| numbers.get((numbers.len() * percent).div_ceil(100) - 1).copied();
            prop_assert_eq!((spread.p50, spread.p90, spread.p99), (at(50), at(90), at(99)));
            prop_assert_eq!(spread.max, numbers.last().copied());
        }
    }
}
