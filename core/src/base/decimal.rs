//! Decimal notation of floating-point numbers, with up to fourteen digits.
//!
//! The standard library's shortest round-trip notation takes thirty kilobytes of code and tables in a
//! browser's download; scenarios and reports need a few digits.

use std::fmt;

/// Largest power of two up to which all integers are exact as floating point: 2^53.
pub(crate) const EXACT: f64 = 9_007_199_254_740_992.0;

/// A number in decimal notation: `40`, `0.05`, `-2.5`, `1e300`.
///
/// Integers below 2^53 are exact; all other numbers have at most fourteen significant digits.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Decimal(pub(crate) f64);

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(number) = *self;
        if number.fract() == 0.0 && number.abs() < EXACT {
            #[expect(clippy::cast_possible_truncation, reason = "it is a whole number that fits")]
            let whole = number as i64;
            return write!(f, "{whole}");
        }
        if number.is_nan() {
            return f.write_str("NaN");
        }
        if number < 0.0 {
            f.write_str("-")?;
        }
        if number.is_infinite() {
            return f.write_str("inf");
        }
        let (digits, exponent) = digits(number.abs());
        let magnitude = exponent.unsigned_abs() as usize;
        match exponent {
            -6..0 => write!(f, "0.{}{digits}", "0".repeat(magnitude - 1)),
            0..16 => f.write_str(&with_point(&digits, magnitude + 1)),
            _ => write!(f, "{}e{exponent}", with_point(&digits, 1)),
        }
    }
}

/// Significant digits of a positive number, without trailing zeros, and the power of ten of the first one.
fn digits(number: f64) -> (String, i32) {
    /// Scale to fourteen digits, all of which are right although the steps below round.
    const PART: f64 = 1e13;
    debug_assert!(number > 0.0 && number.is_finite(), "{number} has digits");
    let (mut first, mut exponent) = (number, 0);
    while first >= 10.0 {
        let (step, power) = if first < 1e16 { (10.0, 1) } else { (1e16, 16) };
        first /= step;
        exponent += power;
    }
    while first < 1.0 {
        let (step, power) = if first > 1e-16 { (10.0, 1) } else { (1e16, 16) };
        first *= step;
        exponent -= power;
    }
    #[expect(clippy::cast_possible_truncation, reason = "it is a whole number that fits")]
    let mut digits = (first * PART).round() as i64;
    if digits == 100_000_000_000_000 {
        exponent += 1;
    }
    debug_assert!(digits > 0, "a positive number has a first digit");
    while digits % 10 == 0 {
        digits /= 10;
    }
    (digits.to_string(), exponent)
}

/// Digits with the decimal point after the first `whole` of them.
fn with_point(digits: &str, whole: usize) -> String {
    match digits.split_at_checked(whole) {
        Some((whole, part)) if !part.is_empty() => format!("{whole}.{part}"),
        _ => format!("{digits:0<whole$}"),
    }
}

/// Number of a text of at most fifteen digits, correctly rounded; `None` for any other text.
pub(crate) fn parse(text: &str) -> Option<f64> {
    /// Integers of up to fifteen digits are exact as floating point, so that the division rounds correctly.
    const DIGITS_MAX: usize = 15;
    let (sign, digits) = match text.strip_prefix('-') {
        Some(digits) => (-1.0, digits),
        None => (1.0, text),
    };
    let (whole, part) = digits.split_once('.').unwrap_or((digits, ""));
    let digits = || whole.bytes().chain(part.bytes());
    if !(1..=DIGITS_MAX).contains(&digits().count()) || !digits().all(|digit| digit.is_ascii_digit()) {
        return None;
    }
    let number = digits().fold(0.0, |number, digit| number * 10.0 + f64::from(digit - b'0'));
    let scale = part.bytes().fold(1.0, |scale, _| scale * 10.0);
    Some(sign * number / scale)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn numbers_are_written_as_people_write_them() {
        let written = [
            (0.0, "0"),
            (-0.5, "-0.5"),
            (0.1 + 0.2, "0.3"),
            (1.0 / 3.0, "0.33333333333333"),
            (0.000_001, "0.000001"),
            (1.5e-7, "1.5e-7"),
            (99_999_999_999_999.9, "100000000000000"),
            (1e15 + 0.5, "1000000000000000"),
            (9_007_199_254_740_991.0, "9007199254740991"),
            (-1e16, "-1e16"),
            (1e300, "1e300"),
            (f64::MAX, "1.7976931348623e308"),
            (f64::MIN_POSITIVE, "2.2250738585072e-308"),
            (f64::from_bits(1), "4.9406564584125e-324"),
            (f64::NAN, "NaN"),
            (f64::NEG_INFINITY, "-inf"),
        ];
        for (number, expected) in written {
            assert_eq!(Decimal(number).to_string(), expected);
        }
    }

    proptest! {
        #[test]
        fn numbers_are_read_as_the_library_reads_them(text in "-?[0-9]{0,9}(\\.[0-9]{0,6})?") {
            prop_assert_eq!(parse(&text), text.parse().ok());
        }

        #[test]
        fn short_numbers_are_written_as_the_library_writes_them(digits in -99_999_999_999_999_i64..100_000_000_000_000, places in 0..7) {
            let number = format!("{digits}e-{places}").parse::<f64>().unwrap();
            prop_assert_eq!(Decimal(number).to_string(), number.to_string());
        }

        #[test]
        fn digits_are_right_whatever_the_size(first in 1_000_000_000_000_i64..10_000_000_000_000, exponent in -300..280) {
            let text = format!("{first}e{exponent}");
            let written = Decimal(text.parse().unwrap()).to_string();
            prop_assert_eq!(written.parse::<f64>(), text.parse());
        }
    }
}
