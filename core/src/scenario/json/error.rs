//! Errors of JSON: kinds with their remedies, and their positions in the text.

use super::super::raw::LimitError;
use crate::base::problem::Problem;

/// Kind of a syntax error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ErrorKind {
    /// The text ends within a value.
    End,
    /// Another character than a value begins with.
    Value,
    /// No colon after a key.
    Colon,
    /// Neither a comma nor the closing bracket after an entry.
    Comma,
    /// A comma after the last entry.
    TrailingComma,
    /// A key without quotation marks.
    Key,
    /// `//`, `/*` or `#`.
    Comment,
    /// A text in single quotation marks.
    SingleQuote,
    /// A character below U+0020 within a string.
    ControlCharacter,
    /// A backslash that begins no escape sequence of JSON.
    Escape,
    /// Half of a surrogate pair.
    Surrogate,
    /// A number in another notation than that of JSON.
    Number,
    /// A number beyond the range of floating point.
    Range,
    /// More text after the value.
    TrailingText,
    /// Too many values, or too deep.
    Limit(LimitError),
}

impl ErrorKind {
    const fn texts(self) -> (&'static str, &'static str) {
        match self {
            Self::End => ("the text ends too early", "close every bracket and quotation mark"),
            Self::Value => ("expected a value", "write a number, true, false, a text, a list or an object"),
            Self::Colon => ("expected a colon", "write a colon between a name and its value"),
            Self::Comma => ("expected a comma or a closing bracket", "write a comma between two entries"),
            Self::TrailingComma => ("trailing comma", "remove the comma after the last entry"),
            Self::Key => ("key must be a string", "write names in double quotation marks"),
            Self::Comment => {
                ("JSON has no comments", "remove the comment; what a scenario shows can be its \"title\"")
            }
            Self::SingleQuote => ("single quotation mark", "write texts in double quotation marks"),
            Self::ControlCharacter => {
                ("a control character within a text", "write \\n for a line break, \\t for a tab")
            }
            Self::Escape => ("invalid escape sequence", "write \\\\ for a backslash"),
            Self::Surrogate => ("half of a surrogate pair", "write the character itself"),
            Self::Number => ("invalid number", "write digits, with a point for decimals and no leading zero"),
            Self::Range => ("number out of range", "write a number of at most 300 digits"),
            Self::TrailingText => ("trailing characters", "keep one object, and nothing after it"),
            Self::Limit(_) => ("", "write fewer values, less deeply nested"),
        }
    }
}

/// A syntax error at a byte of the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct SyntaxError {
    pub(super) kind: ErrorKind,
    pub(super) offset: usize,
}

/// The error at its line and column, both counted from 1, columns in characters.
pub(super) fn located(text: &str, SyntaxError { kind, offset }: &SyntaxError) -> Problem {
    let before = text.get(..*offset).unwrap_or(text);
    let start = before.rfind('\n').map_or(0, |at| at + 1);
    let line = before.bytes().filter(|byte| *byte == b'\n').count() + 1;
    let column = before.get(start..).unwrap_or_default().chars().count() + 1;
    let (message, remedy) = kind.texts();
    let path = format!("line {line}, column {column}");
    match kind {
        ErrorKind::Limit(limit) => Problem::new(path, limit.to_string(), remedy),
        _ => Problem::new(path, message, remedy),
    }
}

/// Problem of a file that is not text in UTF-8, at its byte counted from 0; `None` if it is.
pub(super) fn encoding(bytes: &[u8]) -> Option<Problem> {
    const REMEDY: &str = "save the file as UTF-8";
    let is_utf16 = match bytes {
        [0xFF, 0xFE, ..] | [0xFE, 0xFF, ..] => true,
        // JSON begins with an ASCII character, the other byte of which is 0 in UTF-16.
        [first, second, ..] => (*first == 0) != (*second == 0),
        _ => false,
    };
    if is_utf16 {
        return Some(Problem::new("byte 0", "is not UTF-8 text: it looks like UTF-16", REMEDY));
    }
    let at = std::str::from_utf8(bytes).err()?.valid_up_to();
    Some(Problem::new(format!("byte {at}"), "is not UTF-8 text", REMEDY))
}
