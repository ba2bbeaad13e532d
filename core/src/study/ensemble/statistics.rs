//! Statistics of one quantity over many runs: mean, deviation and confidence interval.

use serde::Serialize;

use super::{exact, mean_of};

/// The normal distribution's quantile that leaves 2.5 % above.
const Z: f64 = 1.959_963_985;

/// Student's quantiles that leave 2.5 % above, for 1 to 10 degrees of freedom.
const STUDENT: [f64; 10] = [12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228];

/// Scale of a quantity, which decides its confidence interval.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scale {
    /// A number with a mean; its interval is Student's.
    Number,
    /// 1 if something holds in a run, otherwise 0; its interval is Wilson's.
    YesOrNo,
}

/// One quantity over many runs.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Summary {
    /// Runs in which the quantity is defined. Everything below is about these.
    pub runs: u32,
    /// Runs in which it is not, such as a share of nothing.
    pub undefined: u32,
    /// The mean.
    pub mean: Option<f64>,
    /// Standard deviation; `None` for fewer than two runs.
    pub sd: Option<f64>,
    /// Lower end of the 95 % confidence interval of the mean; `None` if the runs are too few.
    pub low: Option<f64>,
    /// The upper end.
    pub high: Option<f64>,
    /// The least.
    pub min: Option<f64>,
    /// The one in the middle.
    pub median: Option<f64>,
    /// The most.
    pub max: Option<f64>,
}

impl Summary {
    /// Sums up the values of a quantity; those that are not defined are only counted.
    #[must_use]
    pub fn of(values: &[Option<f64>], scale: Scale) -> Self {
        let known: Vec<f64> = values.iter().copied().flatten().collect();
        let mean = mean_of(&known);
        let sd = mean.and_then(|mean| deviation(&known, mean));
        let interval = mean.and_then(|mean| match scale {
            Scale::Number => student(mean, sd?, known.len()),
            Scale::YesOrNo => Some(wilson(mean, known.len())),
        });
        let sorted = sorted(&known);
        debug_assert!(sorted.is_sorted_by(|one, other| one <= other), "values are in ascending order");
        debug_assert!(
            interval.is_none_or(|(low, high)| low <= high),
            "an interval begins before it ends: {interval:?}"
        );
        Self {
            runs: count(known.len()),
            undefined: count(values.len() - known.len()),
            mean,
            sd,
            low: interval.map(|(low, _)| low),
            high: interval.map(|(_, high)| high),
            min: sorted.first().copied(),
            median: median(&sorted),
            max: sorted.last().copied(),
        }
    }

    /// Prediction interval of 95 % for one further run; `None` for fewer than two runs.
    #[must_use]
    pub(crate) fn prediction(&self) -> Option<(f64, f64)> {
        let (mean, sd) = (self.mean?, self.sd?);
        let half = quantile(self.runs - 1) * sd * (1.0 + 1.0 / f64::from(self.runs)).sqrt();
        Some((mean - half, mean + half))
    }

    /// Whether all runs had the same value.
    #[must_use]
    pub(crate) fn is_constant(&self) -> bool {
        self.runs > 1 && self.min == self.max
    }
}

/// Student's quantile that leaves 2.5 % above.
fn quantile(freedom: u32) -> f64 {
    if let Some(known) = (freedom as usize).checked_sub(1).and_then(|index| STUDENT.get(index)) {
        return *known;
    }
    // The expansion of Cornish and Fisher: right to three digits from here on.
    let (n, z3, z5, z7) = (f64::from(freedom), Z.powi(3), Z.powi(5), Z.powi(7));
    Z + (z3 + Z) / (4.0 * n)
        + (5.0 * z5 + 16.0 * z3 + 3.0 * Z) / (96.0 * n * n)
        + (3.0 * z7 + 19.0 * z5 + 17.0 * z3 - 15.0 * Z) / (384.0 * n * n * n)
}

fn student(mean: f64, sd: f64, count_of: usize) -> Option<(f64, f64)> {
    let freedom = count(count_of).checked_sub(1).filter(|freedom| *freedom > 0)?;
    let half = quantile(freedom) * sd / exact(count_of).sqrt();
    Some((mean - half, mean + half))
}

/// The interval of a share of runs, which never leaves 0 to 1 and is honest about all and nothing.
fn wilson(share: f64, count_of: usize) -> (f64, f64) {
    debug_assert!((0.0..=1.0).contains(&share), "{share} is no share of runs");
    let n = exact(count_of);
    let width = 1.0 + Z * Z / n;
    let middle = (share + Z * Z / (2.0 * n)) / width;
    let half = Z * (share * (1.0 - share) / n + Z * Z / (4.0 * n * n)).sqrt() / width;
    ((middle - half).max(0.0), (middle + half).min(1.0))
}

fn deviation(values: &[f64], mean: f64) -> Option<f64> {
    let freedom = values.len().checked_sub(1).filter(|freedom| *freedom > 0)?;
    let squares: f64 = values.iter().map(|value| (value - mean) * (value - mean)).sum();
    Some((squares / exact(freedom)).sqrt())
}

/// Insertion sort: values are few, and it takes little code.
fn sorted(values: &[f64]) -> Vec<f64> {
    let mut sorted: Vec<f64> = Vec::with_capacity(values.len());
    for value in values {
        let index = sorted.partition_point(|other| other.total_cmp(value).is_lt());
        sorted.insert(index, *value);
    }
    sorted
}

fn median(sorted: &[f64]) -> Option<f64> {
    let (low, high) = (sorted.get((sorted.len().max(1) - 1) / 2)?, sorted.get(sorted.len() / 2)?);
    Some(f64::midpoint(*low, *high))
}

fn count(of: usize) -> u32 {
    u32::try_from(of).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn close(found: Option<f64>, expected: f64) -> bool {
        found.is_some_and(|found| (found - expected).abs() < 0.001)
    }

    #[test]
    fn a_sample_is_summed_up_as_textbooks_do() {
        let values = [2.0, 4.0, 4.0, 4.0, 5.0, 5.0, 7.0, 9.0].map(Some);
        let summary = Summary::of(&values, Scale::Number);
        assert_eq!((summary.runs, summary.undefined, summary.mean), (8, 0, Some(5.0)));
        assert!(close(summary.sd, 2.138));
        // 5 - 2.365 * 2.138 / sqrt 8
        assert!(close(summary.low, 3.212) && close(summary.high, 6.788));
        assert_eq!((summary.min, summary.median, summary.max), (Some(2.0), Some(4.5), Some(9.0)));
        let (low, high) = summary.prediction().unwrap();
        assert!(close(Some(low), -0.363) && close(Some(high), 10.363));
    }

    #[test]
    fn student_narrows_towards_the_normal_distribution() {
        for (freedom, expected) in
            [(1, 12.706), (10, 2.228), (11, 2.201), (20, 2.086), (30, 2.042), (120, 1.980)]
        {
            assert!(close(Some(quantile(freedom)), expected), "{freedom}: {}", quantile(freedom));
        }
    }

    #[test]
    fn shares_of_runs_stay_unsure_where_all_agree() {
        let all = Summary::of(&[Some(1.0); 10], Scale::YesOrNo);
        assert!(close(all.low, 0.722) && all.high == Some(1.0));
        let half = Summary::of(&[Some(1.0), Some(0.0), Some(1.0), Some(0.0)], Scale::YesOrNo);
        assert!(close(half.low, 0.150) && close(half.high, 0.850));
    }

    #[test]
    fn what_is_not_defined_is_counted_apart() {
        let some = Summary::of(&[None, Some(3.0), None], Scale::Number);
        assert_eq!((some.runs, some.undefined, some.mean, some.low), (1, 2, Some(3.0), None));
        let none = Summary::of(&[None], Scale::YesOrNo);
        assert_eq!((none.runs, none.undefined, none.mean, none.median), (0, 1, None, None));
        assert!(!none.is_constant() && none.prediction().is_none());
    }

    #[test]
    fn what_never_varies_is_known_exactly() {
        let summary = Summary::of(&[Some(0.0); 3], Scale::Number);
        assert!(summary.is_constant());
        assert_eq!((summary.low, summary.high), (Some(0.0), Some(0.0)));
    }
}
