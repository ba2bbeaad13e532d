//! Scores of version 1 as integers: decimal numbers of a file in millionths.

use std::fmt;

use crate::base::ratio::Ratio;

/// A score in millionths. Files of others may hold any number; scores of this program lie between 0 and 1.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct FileScore(i64);

/// Millionths in a whole.
const WHOLE: i64 = 1_000_000;
/// Greatest score that is told apart from greater ones.
const MAX: i64 = 1 << 52;

impl FileScore {
    /// A score in millionths.
    #[must_use]
    pub const fn from_millionths(millionths: i64) -> Self {
        Self(millionths)
    }

    /// Millionths; negative or above 1,000,000 in files of others.
    #[must_use]
    pub const fn millionths(self) -> i64 {
        self.0
    }

    /// The score as a share: 0 or 1 for scores out of range.
    #[must_use]
    pub fn ratio(self) -> Ratio {
        Ratio::from_millionths(u32::try_from(self.0.max(0)).unwrap_or(u32::MAX))
    }

    /// Whether the score lies between 0 and 1.
    #[must_use]
    pub const fn is_in_range(self) -> bool {
        0 <= self.0 && self.0 <= WHOLE
    }

    /// Reads a number of JSON, rounded to millionths and bounded by 2^52 of them.
    pub(super) fn parse(text: &str) -> Self {
        let (is_negative, text) = text.strip_prefix('-').map_or((false, text), |rest| (true, rest));
        let (mantissa, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
        let (integer, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let clamped = |text: &str| {
            let limit = if text.starts_with('-') { -10_000 } else { 10_000 };
            text.parse::<i64>().unwrap_or(limit).clamp(-10_000, 10_000)
        };
        // Digits before the sixth decimal place count; the one after it rounds.
        let point = i64::try_from(integer.len()).unwrap_or(i64::MAX).saturating_add(clamped(exponent));
        let kept = point.saturating_add(6);
        let digits: Vec<i64> = integer.bytes().chain(fraction.bytes()).map(|d| i64::from(d - b'0')).collect();
        let digit = |place: i64| usize::try_from(place).ok().and_then(|at| digits.get(at)).copied();
        let mut millionths: i64 = 0;
        for place in 0..kept.max(0) {
            millionths = millionths.saturating_mul(10).saturating_add(digit(place).unwrap_or(0)).min(MAX);
            if millionths == MAX {
                break;
            }
        }
        millionths += i64::from(digit(kept).unwrap_or(0) >= 5);
        Self(if is_negative { -millionths } else { millionths })
    }
}

impl From<Ratio> for FileScore {
    fn from(ratio: Ratio) -> Self {
        Self(ratio.millionths().into())
    }
}

impl fmt::Display for FileScore {
    /// The shortest decimal number with a decimal point, as version 1 writes it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let size = self.0.unsigned_abs();
        let whole = WHOLE.unsigned_abs();
        let decimals = format!("{:06}", size % whole);
        let trimmed = decimals.trim_end_matches('0');
        let shown = if trimmed.is_empty() { "0" } else { trimmed };
        write!(f, "{sign}{}.{shown}", size / whole)
    }
}

#[cfg(test)]
mod tests {
    use super::FileScore;

    #[test]
    fn numbers_of_json_are_rounded_to_millionths() {
        let cases = [
            ("0.85", "0.85"),
            ("1", "1.0"),
            ("0", "0.0"),
            ("0.756499999999", "0.7565"),
            ("8.5e-1", "0.85"),
            ("12E2", "1200.0"),
            ("-0.5", "-0.5"),
            ("1e-9", "0.0"),
            ("1e400", "4503599627.370496"),
            ("0.0000005", "0.000001"),
        ];
        for (text, shown) in cases {
            assert_eq!(FileScore::parse(text).to_string(), shown, "{text}");
        }
        assert_eq!(FileScore::parse("1e99999999999999999999").to_string(), "4503599627.370496");
    }

    #[test]
    fn a_score_out_of_range_counts_as_the_nearest_in_range() {
        let [low, high] = ["-3", "7.5"].map(FileScore::parse);
        assert!(!low.is_in_range() && !high.is_in_range() && FileScore::parse("1").is_in_range());
        assert_eq!([low, high].map(|score| score.ratio().millionths()), [0, 1_000_000]);
    }
}
