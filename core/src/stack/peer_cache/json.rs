//! Pull reader of JSON (RFC 8259) that knows the line it is in, and keeps numbers as text.

use std::fmt;

/// Depth of nested values that are skipped.
const DEPTH_MAX: u32 = 100;
/// Byte order mark of UTF-8, which some editors put before a text. It is skipped.
pub const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";
/// Byte order marks of UTF-16.
const WIDE_MARKS: [&[u8]; 2] = [b"\xff\xfe", b"\xfe\xff"];

/// Why a text is not a peer cache, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Damage {
    /// Line, from 1.
    pub line: u32,
    /// Column in bytes, from 1.
    pub column: u32,
    /// The reason, as a clause: "the field `peers` is missing".
    pub reason: String,
}

impl fmt::Display for Damage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}, column {}: {}", self.line, self.column, self.reason)
    }
}

impl std::error::Error for Damage {}

/// Reads one value after the other.
pub(super) struct CacheReader<'a> {
    text: &'a [u8],
    at: usize,
}

impl<'a> CacheReader<'a> {
    pub(super) fn new(text: &'a [u8]) -> Self {
        Self { text, at: if text.starts_with(BYTE_ORDER_MARK) { BYTE_ORDER_MARK.len() } else { 0 } }
    }

    /// Damage at the present position.
    pub(super) fn damage<T>(&self, reason: impl Into<String>) -> Result<T, Damage> {
        let before = &self.text[..self.at.min(self.text.len())];
        let line = before.split(|byte| *byte == b'\n').count();
        let start = before.iter().rposition(|byte| *byte == b'\n').map_or(0, |newline| newline + 1);
        let number = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
        Err(Damage { line: number(line), column: number(before.len() - start + 1), reason: reason.into() })
    }

    /// The next byte that is not white space; `None` at the end.
    fn peek(&mut self) -> Option<u8> {
        while matches!(self.text.get(self.at), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
        self.text.get(self.at).copied()
    }

    fn take(&mut self, byte: u8) -> bool {
        let is_next = self.peek() == Some(byte);
        self.at += usize::from(is_next);
        is_next
    }

    fn expect(&mut self, byte: u8, meaning: &str) -> Result<(), Damage> {
        if self.take(byte) {
            return Ok(());
        }
        match self.peek() {
            None => self.damage(format!("the text ends where {meaning} should be")),
            Some(_) if self.at == 0 && WIDE_MARKS.iter().any(|mark| self.text.starts_with(mark)) => {
                self.damage("the text is UTF-16, as its byte order mark says; the file is UTF-8")
            }
            Some(_) => self.damage(format!("{meaning} should be here")),
        }
    }

    /// Nothing but white space may follow.
    pub(super) fn end(&mut self) -> Result<(), Damage> {
        if self.peek().is_some() { self.damage("there is more text after the value") } else { Ok(()) }
    }

    /// Reads an object and hands each key to `field`, which reads its value.
    pub(super) fn object(
        &mut self,
        mut field: impl FnMut(&mut Self, &str) -> Result<(), Damage>,
    ) -> Result<(), Damage> {
        self.expect(b'{', "an object")?;
        if self.take(b'}') {
            return Ok(());
        }
        loop {
            let key = self.string()?;
            self.expect(b':', "a colon")?;
            field(self, &key)?;
            if !self.take(b',') {
                return self.expect(b'}', "a comma or the end of the object");
            }
        }
    }

    /// Reads an array and calls `item` for each value, which reads it.
    pub(super) fn array(
        &mut self,
        mut item: impl FnMut(&mut Self) -> Result<(), Damage>,
    ) -> Result<(), Damage> {
        self.expect(b'[', "a list")?;
        if self.take(b']') {
            return Ok(());
        }
        loop {
            item(self)?;
            if !self.take(b',') {
                return self.expect(b']', "a comma or the end of the list");
            }
        }
    }

    /// Reads a string.
    pub(super) fn string(&mut self) -> Result<String, Damage> {
        self.expect(b'"', "a string")?;
        let mut bytes = Vec::new();
        loop {
            let Some(byte) = self.text.get(self.at).copied() else {
                return self.damage("the text ends within a string");
            };
            match byte {
                b'"' => break,
                b'\\' => {
                    let character = self.escaped()?;
                    bytes.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
                }
                ..0x20 => return self.damage("a control character stands in a string"),
                _ => {
                    bytes.push(byte);
                    self.at += 1;
                }
            }
        }
        self.at += 1;
        String::from_utf8(bytes).or_else(|_| self.damage("a string is not UTF-8"))
    }

    fn escaped(&mut self) -> Result<char, Damage> {
        let code = self.text.get(self.at + 1).copied();
        self.at = (self.at + 2).min(self.text.len());
        Ok(match code {
            Some(b'"') => '"',
            Some(b'\\') => '\\',
            Some(b'/') => '/',
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => return self.unicode(),
            _ => return self.damage("an escape sequence is unknown"),
        })
    }

    /// Four hexadecimal digits, or two surrogates of four.
    fn unicode(&mut self) -> Result<char, Damage> {
        let first = self.hex()?;
        if !(0xd800..0xdc00).contains(&first) {
            return char::from_u32(first).map_or_else(|| self.damage("half of a character is missing"), Ok);
        }
        if self.text[self.at..].starts_with(b"\\u") {
            self.at += 2;
            let second = self.hex()?;
            if (0xdc00..0xe000).contains(&second) {
                let code = 0x1_0000 + ((first - 0xd800) << 10 | (second - 0xdc00));
                return char::from_u32(code).map_or_else(|| self.damage("there is no such character"), Ok);
            }
        }
        self.damage("half of a character is missing")
    }

    fn hex(&mut self) -> Result<u32, Damage> {
        let digits = self.text.get(self.at..self.at + 4).and_then(|digits| std::str::from_utf8(digits).ok());
        let is_hex = |text: &&str| text.bytes().all(|byte| byte.is_ascii_hexdigit());
        let Some(code) = digits.filter(is_hex).and_then(|text| u32::from_str_radix(text, 16).ok()) else {
            return self.damage("four hexadecimal digits should be here");
        };
        self.at += 4;
        Ok(code)
    }

    /// Reads a number and returns its text.
    pub(super) fn number(&mut self) -> Result<&'a str, Damage> {
        let _ = self.peek();
        let start = self.at;
        self.at += usize::from(self.text.get(self.at) == Some(&b'-'));
        let integer = self.digits();
        let has_leading_zero = integer > 1 && self.text[self.at - integer] == b'0';
        let mut is_valid = integer > 0 && !has_leading_zero;
        if self.text.get(self.at) == Some(&b'.') {
            self.at += 1;
            is_valid &= self.digits() > 0;
        }
        if matches!(self.text.get(self.at), Some(b'e' | b'E')) {
            self.at += 1;
            self.at += usize::from(matches!(self.text.get(self.at), Some(b'+' | b'-')));
            is_valid &= self.digits() > 0;
        }
        let text = self.text;
        match std::str::from_utf8(&text[start..self.at]) {
            Ok(number) if is_valid => Ok(number),
            _ => {
                self.at = start;
                self.damage("a number should be here")
            }
        }
    }

    fn digits(&mut self) -> usize {
        let rest = &self.text[self.at.min(self.text.len())..];
        let count = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
        self.at += count;
        count
    }

    /// Reads an integer that is not negative.
    pub(super) fn integer<T: std::str::FromStr>(&mut self) -> Result<T, Damage> {
        let _ = self.peek();
        let start = self.at;
        let text = self.number()?;
        text.parse().or_else(|_| {
            self.at = start;
            self.damage(format!("{text} is not an integer in the range of the field"))
        })
    }

    /// Reads an integer that is not negative, or `null`.
    pub(super) fn optional_integer(&mut self) -> Result<Option<u64>, Damage> {
        if self.peek() == Some(b'n') { self.word("null").map(|()| None) } else { self.integer().map(Some) }
    }

    /// Reads `true` or `false`.
    pub(super) fn bool(&mut self) -> Result<bool, Damage> {
        match self.peek() {
            Some(b't') => self.word("true").map(|()| true),
            Some(b'f') => self.word("false").map(|()| false),
            _ => self.damage("true or false should be here"),
        }
    }

    fn word(&mut self, word: &str) -> Result<(), Damage> {
        if !self.text[self.at..].starts_with(word.as_bytes()) {
            return self.damage("a value should be here");
        }
        self.at += word.len();
        Ok(())
    }

    /// Skips a value of any kind.
    pub(super) fn skip(&mut self) -> Result<(), Damage> {
        self.skip_within(DEPTH_MAX)
    }

    fn skip_within(&mut self, depth: u32) -> Result<(), Damage> {
        match self.peek() {
            Some(b'{' | b'[') if depth == 0 => self.damage("values are nested too deep"),
            Some(b'{') => self.object(|reader, _| reader.skip_within(depth - 1)),
            Some(b'[') => self.array(|reader| reader.skip_within(depth - 1)),
            Some(b'"') => self.string().map(drop),
            Some(b't' | b'f') => self.bool().map(drop),
            Some(b'n') => self.word("null"),
            Some(_) => self.number().map(drop),
            None => self.damage("the text ends where a value should be"),
        }
    }
}
