//! Convergence: the round from which on a run is steady.

use serde::Serialize;

use super::mean;

/// Tail of a run that defines its steady state: one part in this many, and at least [`TAIL_MIN`] rounds.
const TAIL_PART: u64 = 5;
const TAIL_MIN: u64 = 20;

/// Largest deviation of a steady number from its mean, as a part of the mean.
const TOLERANCE: f64 = 0.05;

/// Round from which on the mean number of Connected peers is steady: within 5 % of its mean over the last
/// fifth of the run, or over its last 20 rounds if these are more. A shorter run has no steady state.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Convergence {
    /// First sampled round from which on this holds; `None` if it does not hold for the whole of
    /// the last fifth.
    pub round: Option<u64>,
    /// The mean over the last fifth, in peers.
    pub level: Option<f64>,
}

impl Convergence {
    /// Convergence of numbers with their rounds, in ascending order of rounds.
    pub(super) fn of(series: &[(u64, f64)]) -> Self {
        debug_assert!(
            series.windows(2).all(|pair| pair[0].0 < pair[1].0),
            "numbers are in ascending order of rounds"
        );
        let Some(tail) = tail(series.iter().map(|(round, _)| *round)) else { return Self::default() };
        let level = mean(series[tail..].iter().map(|(_, number)| *number));
        let strays = |number: f64| level.is_none_or(|level| (number - level).abs() > TOLERANCE * level.abs());
        let steady = series.iter().rposition(|(_, number)| strays(*number)).map_or(0, |last| last + 1);
        Self { round: (steady <= tail).then(|| series[steady].0), level }
    }
}

/// Index of the first sample of a run's tail, given the rounds of its samples; `None` if the run is too
/// short.
pub(super) fn tail(mut rounds: impl DoubleEndedIterator<Item = u64> + Clone) -> Option<usize> {
    let (first, last) = (rounds.clone().next()?, rounds.clone().next_back()?);
    debug_assert!(first <= last, "rounds ascend from {first} to {last}");
    let length = ((last - first) / TAIL_PART).max(TAIL_MIN);
    let start = last.checked_sub(length).filter(|start| *start >= first)?;
    rounds.position(|round| round >= start)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn series(rounds: u64, number: impl Fn(u64) -> f64) -> Vec<(u64, f64)> {
        (0..=rounds).map(|round| (round, number(round))).collect()
    }

    #[expect(clippy::cast_precision_loss, reason = "small numbers")]
    const fn float(number: u64) -> f64 {
        number as f64
    }

    #[test]
    fn what_never_changes_is_steady_from_the_start() {
        for level in [0.0, 3.0] {
            let steady = Convergence { round: Some(0), level: Some(level) };
            assert_eq!(Convergence::of(&series(100, |_| level)), steady);
        }
    }

    #[test]
    fn a_step_is_steady_from_the_step_on() {
        let step = series(200, |round| if round < 57 { 2.0 } else { 10.0 });
        assert_eq!(Convergence::of(&step), Convergence { round: Some(57), level: Some(10.0) });
    }

    #[test]
    fn a_rise_is_steady_once_it_is_within_a_twentieth_of_its_end() {
        let rise = series(200, |round| float(round.min(100)));
        assert_eq!(Convergence::of(&rise).round, Some(95));
    }

    #[test]
    fn what_goes_on_changing_is_never_steady() {
        for never in [series(200, float), series(200, |round| float(round % 2))] {
            let Convergence { round, level } = Convergence::of(&never);
            assert_eq!(round, None);
            assert!(level.is_some());
        }
        let late = series(200, |round| if round < 170 { 2.0 } else { 10.0 });
        assert_eq!(Convergence::of(&late).round, None, "half of the last fifth is not enough");
    }

    #[test]
    fn a_relapse_starts_the_count_again() {
        let relapse = series(200, |round| if round == 120 { 5.0 } else { 10.0 });
        assert_eq!(Convergence::of(&relapse).round, Some(121));
    }

    #[test]
    fn a_short_run_has_no_steady_state() {
        assert_eq!(Convergence::of(&[]), Convergence::default());
        assert_eq!(Convergence::of(&series(19, |_| 1.0)), Convergence::default());
        assert_eq!(Convergence::of(&series(20, |_| 1.0)).round, Some(0));
    }

    #[test]
    fn the_tail_is_a_fifth_of_the_run_and_twenty_rounds_at_least() {
        assert_eq!(tail(0..201), Some(160));
        assert_eq!(tail(0..51), Some(30));
        assert_eq!(
            tail((0..=400).step_by(50).collect::<Vec<u64>>().into_iter()),
            Some(7),
            "from round 350 on"
        );
    }

    proptest! {
        #[test]
        fn from_the_round_on_nothing_strays(numbers in prop::collection::vec(8.0_f64..12.0, 21..80), calm in 0_usize..80) {
            let number = |index: usize| if index < calm { numbers[index] } else { 10.0 };
            let series: Vec<(u64, f64)> = (0..numbers.len()).map(|index| (index as u64, number(index))).collect();
            let Convergence { round: Some(since), level: Some(level) } = Convergence::of(&series) else {
                return Ok(());
            };
            let (before, after) = series.split_at(usize::try_from(since).unwrap());
            prop_assert!(after.iter().all(|(_, number)| (number - level).abs() <= level * 0.05));
            prop_assert!(before.last().is_none_or(|(_, number)| (number - level).abs() > level * 0.05));
        }
    }
}
