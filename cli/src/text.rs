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

/// A share in percent; a dash if `None`. Only 0 is written as 0, and only 1 as 100.
pub(crate) fn percent(share: Option<f64>) -> String {
    let text = |share: f64| {
        let percent = share * 100.0;
        match percent {
            _ if percent > 0.0 && percent < 0.05 => "<0.1 %".to_owned(),
            _ if (99.95..100.0).contains(&percent) => ">99.9 %".to_owned(),
            _ => format!("{percent:.1} %"),
        }
    };
    share.map_or_else(|| "-".to_owned(), text)
}

/// Untrusted text with control characters and marks of writing direction replaced, so that it cannot control
/// a terminal.
pub(crate) fn printable(text: &str) -> String {
    let is_unsafe = |character: char| {
        character.is_control()
            || matches!(character, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    text.chars().map(|character| if is_unsafe(character) { '\u{fffd}' } else { character }).collect()
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
        assert_eq!(percent(Some(0.000_444)), "<0.1 %");
        assert_eq!(percent(Some(0.999_9)), ">99.9 %");
        assert_eq!((percent(Some(0.0)), percent(Some(1.0))), ("0.0 %".to_owned(), "100.0 %".to_owned()));
    }
}
