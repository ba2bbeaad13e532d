//! Links as they are found in mail, chat and prose.

/// Opening and closing marks, and the invisible characters that web pages put at line ends.
const MARKS: [char; 22] = [
    '<', '>', '(', ')', '[', ']', '{', '}', '"', '\'', '`', '\u{ab}', '\u{bb}', '\u{2018}', '\u{2019}',
    '\u{201a}', '\u{201c}', '\u{201d}', '\u{201e}', '\u{200b}', '\u{2060}', '\u{feff}',
];

/// The text without line breaks, without blanks and marks around it, and with its percent-encoding decoded.
///
/// If there is a literal `#`, only the part after it is decoded: the rest of the URL is no part of the link.
pub(super) fn clean(text: &str) -> String {
    let joined: String = text.chars().filter(|character| !"\r\n".contains(*character)).collect();
    let trimmed =
        joined.trim_matches(|character: char| character.is_whitespace() || MARKS.contains(&character));
    match trimmed.split_once('#') {
        Some((page, fragment)) => format!("{page}#{}", decoded(fragment)),
        None => decoded(trimmed),
    }
}

/// The data of a payload without the punctuation that a sentence adds to it.
pub(super) fn without_punctuation(data: &str) -> &str {
    data.trim_end_matches(|character: char| {
        character.is_whitespace() || MARKS.contains(&character) || ".,;:!?".contains(character)
    })
}

/// The text with `%XX` replaced, where it stands for an ASCII character.
fn decoded(text: &str) -> String {
    let mut parts = text.split('%');
    let mut decoded = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let digits = part.get(..2).filter(|digits| digits.bytes().all(|digit| digit.is_ascii_hexdigit()));
        let byte = digits.and_then(|digits| u8::from_str_radix(digits, 16).ok()).filter(u8::is_ascii);
        if let Some(byte) = byte {
            decoded.push(char::from(byte));
            decoded.push_str(&part[2..]);
        } else {
            decoded.push('%');
            decoded.push_str(part);
        }
    }
    decoded
}
