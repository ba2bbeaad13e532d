//! Formatting of numbers and of untrusted text.

/// A count with its digits in groups of three.
pub(crate) fn count(number: u64) -> String {
    let digits = number.to_string();
    let groups = digits.as_bytes().rchunks(3).rev();
    let groups: Vec<_> = groups.map(String::from_utf8_lossy).collect();
    groups.join(",")
}

/// A count with its noun in the singular or plural.
pub(crate) fn counted(number: u64, one: &str, many: &str) -> String {
    format!("{} {}", count(number), if number == 1 { one } else { many })
}

/// A measure with two decimal places; a dash if `None`.
pub(crate) fn measure(number: Option<f64>) -> String {
    let text = number.map_or_else(|| "-".to_owned(), |number| format!("{number:.2}"));
    match text.split_once('.').and_then(|(whole, rest)| Some((whole.parse().ok()?, rest))) {
        Some((whole, rest)) => format!("{}.{rest}", count(whole)),
        None => text,
    }
}

/// A share in percent; a dash if `None`.
pub(crate) fn percent(share: Option<f64>) -> String {
    share.map_or_else(|| "-".to_owned(), |share| format!("{:.1} %", share * 100.0))
}

/// Untrusted text with control characters replaced, so that it cannot control a terminal.
pub(crate) fn printable(text: &str) -> String {
    text.chars().map(|character| if character.is_control() { '\u{fffd}' } else { character }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_are_grouped_from_the_right() {
        assert_eq!(count(0), "0");
        assert_eq!(count(999), "999");
        assert_eq!(count(1_000), "1,000");
        assert_eq!(count(u64::MAX), "18,446,744,073,709,551,615");
    }

    #[test]
    fn measures_have_two_decimal_places() {
        assert_eq!(measure(Some(0.0)), "0.00");
        assert_eq!(measure(Some(72_040.799)), "72,040.80");
        assert_eq!(measure(None), "-");
    }

    #[test]
    fn shares_are_percent() {
        assert_eq!(percent(Some(0.1234)), "12.3 %");
        assert_eq!(percent(None), "-");
    }
}
