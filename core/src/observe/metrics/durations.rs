//! Distribution of durations in a fixed space, exact up to a number of distinct values.

/// Distinct values kept; a later one counts as the nearest of them.
const DISTINCT_MAX: usize = 4_096;

/// Durations in ms with their counts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Durations {
    /// In ascending order of value.
    counts: Vec<(u64, u64)>,
    total: u64,
}

impl Durations {
    pub(super) fn count(&mut self, value: u64) {
        self.total += 1;
        match self.counts.binary_search_by_key(&value, |entry| entry.0) {
            Ok(index) => self.counts[index].1 += 1,
            Err(index) if self.counts.len() < DISTINCT_MAX => self.counts.insert(index, (value, 1)),
            Err(index) => {
                let above = index.min(self.counts.len() - 1);
                let below = above.saturating_sub(1);
                let distance = |index: usize| self.counts[index].0.abs_diff(value);
                let nearest = if distance(below) < distance(above) { below } else { above };
                self.counts[nearest].1 += 1;
            }
        }
    }

    pub(super) const fn is_empty(&self) -> bool {
        self.counts.is_empty()
    }

    /// The least value that this percentage does not exceed; `None` if there is no value. 0 is the minimum.
    pub(super) fn quantile(&self, percent: u64) -> Option<u64> {
        let wanted = (self.total * percent).div_ceil(100).max(1);
        let mut sum = 0;
        self.counts.iter().find_map(|(value, count)| {
            sum += count;
            (sum >= wanted).then_some(*value)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_are_exact_and_space_is_bounded() {
        let mut durations = Durations::default();
        assert_eq!(durations.quantile(50), None);
        [90_000, 90_000, 1, 90_001].iter().for_each(|value| durations.count(*value));
        let quantiles = [0, 50, 90, 100].map(|percent| durations.quantile(percent));
        assert_eq!(quantiles, [1, 90_000, 90_001, 90_001].map(Some));
        (0..10_000).for_each(|value| durations.count(value * 100));
        assert_eq!((durations.counts.len(), durations.total), (DISTINCT_MAX, 10_004));
        let last = durations.quantile(100).unwrap();
        assert!(last < 999_900, "the rest counts as the nearest: {last}");
    }
}
