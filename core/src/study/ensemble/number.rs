//! Numbers as people read them, in one way everywhere.

use serde::Serialize;

use super::statistics::{Scale, Summary};

/// Unit of a number, and hence its form in text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Unit {
    /// A share, written in percent.
    Share,
    /// Difference of two shares, written in percentage points.
    Points,
    /// Anything that can be counted or measured.
    Count,
    /// A factor.
    Factor,
    /// 1 if something holds in a run, otherwise 0: the mean is a share of runs.
    Runs,
}

impl Unit {
    /// Scale of values of this unit.
    #[must_use]
    pub const fn scale(self) -> Scale {
        match self {
            Self::Runs => Scale::YesOrNo,
            Self::Share | Self::Points | Self::Count | Self::Factor => Scale::Number,
        }
    }

    /// A number of this unit: `15.7 %`, `254,284`, `2.04`, `3.20 times`.
    #[must_use]
    pub fn write(self, number: f64) -> String {
        match self {
            Self::Share => format!("{} %", percent(number)),
            Self::Points => format!("{} points", percent(number)),
            Self::Runs => format!("{} % of the runs", digits(number * 100.0, 0)),
            Self::Count => plain(number),
            Self::Factor => format!("{} times", plain(number)),
        }
    }

    /// From one number to another: `14.7 to 16.7 %`.
    #[must_use]
    pub(crate) fn write_range(self, low: f64, high: f64) -> String {
        match self {
            Self::Share => format!("{} to {} %", percent(low), percent(high)),
            Self::Points => format!("{} to {}", percent(low), percent(high)),
            Self::Runs => format!("{} to {} %", digits(low * 100.0, 0), digits(high * 100.0, 0)),
            Self::Count | Self::Factor => format!("{} to {}", plain(low), plain(high)),
        }
    }

    /// The mean with its interval: `15.7 % (14.7 to 16.7 %)`; `0.00 in every run`; `undefined`.
    #[must_use]
    pub fn write_summary(self, summary: &Summary) -> String {
        let Some(mean) = summary.mean else { return "undefined".to_owned() };
        let mean = self.write(mean);
        match (summary.low, summary.high) {
            _ if self != Self::Runs && summary.is_constant() => format!("{mean} in every run"),
            (Some(low), Some(high)) => format!("{mean} ({})", self.write_range(low, high)),
            _ => mean,
        }
    }
}

fn percent(share: f64) -> String {
    let percent = share * 100.0;
    let decimals = if percent != 0.0 && percent.abs() < 1.0 { 2 } else { 1 };
    digits(percent, decimals)
}

/// As many decimals as its size deserves.
fn plain(number: f64) -> String {
    let decimals = match number.abs() {
        ..10.0 => 2,
        ..100.0 => 1,
        _ => 0,
    };
    digits(number, decimals)
}

/// A number with `decimals` decimals, digits in groups of three, and a true minus sign.
fn digits(number: f64, decimals: usize) -> String {
    const POWERS: [u32; 3] = [1, 10, 100];
    let power = POWERS[decimals.min(2)];
    let scaled = whole((number.abs() * f64::from(power)).round());
    let (whole, rest) = (scaled / u64::from(power), scaled % u64::from(power));
    let sign = if number < 0.0 && scaled > 0 { "\u{2212}" } else { "" };
    let grouped = grouped(whole);
    if decimals == 0 { format!("{sign}{grouped}") } else { format!("{sign}{grouped}.{rest:0decimals$}") }
}

/// Digits in groups of three, from the right.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() * 2);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "casts of floats saturate")]
fn whole(number: f64) -> u64 {
    number as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_the_digits_that_they_deserve() {
        assert_eq!(Unit::Share.write(0.1568), "15.7 %");
        assert_eq!(Unit::Share.write(0.000_42), "0.04 %");
        assert_eq!(Unit::Share.write(0.0), "0.0 %");
        assert_eq!(Unit::Points.write(-0.123), "\u{2212}12.3 points");
        assert_eq!(Unit::Count.write(254_284.4), "254,284");
        assert_eq!(Unit::Count.write(42.38), "42.4");
        assert_eq!(Unit::Count.write(-2.044), "\u{2212}2.04");
        assert_eq!(Unit::Count.write(-0.001), "0.00");
        assert_eq!(Unit::Factor.write(3.2), "3.20 times");
        assert_eq!(Unit::Runs.write(0.7), "70 % of the runs");
    }

    #[test]
    fn summaries_tell_how_sure_they_are() {
        let summary = |values: &[f64], unit: Unit| {
            let values: Vec<_> = values.iter().copied().map(Some).collect();
            unit.write_summary(&Summary::of(&values, unit.scale()))
        };
        assert_eq!(summary(&[0.1, 0.2], Unit::Share), "15.0 % (\u{2212}48.5 to 78.5 %)");
        assert_eq!(summary(&[0.0, 0.0], Unit::Count), "0.00 in every run");
        assert_eq!(summary(&[1.0], Unit::Count), "1.00");
        assert_eq!(summary(&[], Unit::Count), "undefined");
        assert_eq!(summary(&[0.0, 0.0], Unit::Runs), "0 % of the runs (0 to 66 %)");
    }
}
