//! Recursive-descent reader, whose depth is limited.

use super::super::raw::{Reader, Value};
use super::ParseFloat;
use super::error::{ErrorKind, SyntaxError};

/// Digits up to which an integer is exact in 128 bits.
const EXACT_DIGITS: usize = 38;

/// Position within a text.
pub(super) struct JsonReader<'a> {
    text: &'a str,
    at: usize,
    parse_float: ParseFloat,
}

type Parsed<T> = Result<T, SyntaxError>;

impl<'a> JsonReader<'a> {
    pub(super) const fn new(text: &'a str, parse_float: ParseFloat) -> Self {
        Self { text, at: 0, parse_float }
    }

    /// One value, and nothing after it.
    pub(super) fn whole(mut self) -> Parsed<Value> {
        let value = Reader::with(|reader| self.value(reader))?;
        match self.next_token() {
            None => Ok(value),
            Some(byte) => Err(self.error(comment(byte).unwrap_or(ErrorKind::TrailingText))),
        }
    }

    fn value(&mut self, reader: Reader<'_>) -> Parsed<Value> {
        let first = self.token()?;
        let offset = self.at;
        reader.count().map_err(|limit| SyntaxError { kind: ErrorKind::Limit(limit), offset })?;
        match first {
            b'{' => self.object(self.deeper(reader)?),
            b'[' => self.array(self.deeper(reader)?),
            b'"' => self.string().map(Value::String),
            b'-' | b'0'..=b'9' => self.number(),
            _ => self.word(first),
        }
    }

    fn deeper<'b>(&self, reader: Reader<'b>) -> Parsed<Reader<'b>> {
        reader.deeper().map_err(|limit| self.error(ErrorKind::Limit(limit)))
    }

    fn word(&mut self, first: u8) -> Parsed<Value> {
        for (word, value) in
            [("null", Value::Null), ("true", Value::Bool(true)), ("false", Value::Bool(false))]
        {
            if self.rest().starts_with(word) {
                self.at += word.len();
                return Ok(value);
            }
        }
        let kind = if first == b'\'' { ErrorKind::SingleQuote } else { ErrorKind::Value };
        Err(self.error(comment(first).unwrap_or(kind)))
    }

    fn array(&mut self, reader: Reader<'_>) -> Parsed<Value> {
        self.at += 1;
        let mut list = Vec::new();
        if self.is_closed(b']')? {
            return Ok(Value::Array(list));
        }
        loop {
            list.push(self.value(reader)?);
            if self.is_over(b']')? {
                return Ok(Value::Array(list));
            }
        }
    }

    fn object(&mut self, reader: Reader<'_>) -> Parsed<Value> {
        self.at += 1;
        let mut map = Vec::new();
        if self.is_closed(b'}')? {
            return Ok(Value::Object(map));
        }
        loop {
            let key = self.key()?;
            map.push((key, self.value(reader)?));
            if self.is_over(b'}')? {
                return Ok(Value::Object(map));
            }
        }
    }

    /// A key and the colon after it.
    fn key(&mut self) -> Parsed<String> {
        let first = self.token()?;
        if first != b'"' {
            return Err(self.error(comment(first).unwrap_or(ErrorKind::Key)));
        }
        let key = self.string()?;
        match self.token()? {
            b':' => self.at += 1,
            other => return Err(self.error(comment(other).unwrap_or(ErrorKind::Colon))),
        }
        Ok(key)
    }

    /// Consumes the closing bracket if it is next.
    fn is_closed(&mut self, bracket: u8) -> Parsed<bool> {
        let closed = self.token()? == bracket;
        self.at += usize::from(closed);
        Ok(closed)
    }

    /// Consumes the closing bracket or the comma after an entry; returns whether it was the bracket.
    fn is_over(&mut self, bracket: u8) -> Parsed<bool> {
        if self.is_closed(bracket)? {
            return Ok(true);
        }
        match self.token()? {
            b',' => self.at += 1,
            other => return Err(self.error(comment(other).unwrap_or(ErrorKind::Comma))),
        }
        if self.token()? == bracket {
            return Err(self.error(ErrorKind::TrailingComma));
        }
        Ok(false)
    }

    /// The string whose quotation mark is next.
    fn string(&mut self) -> Parsed<String> {
        self.at += 1;
        let mut string = String::new();
        loop {
            let rest = self.rest();
            let length = rest.find(|c: char| c == '"' || c == '\\' || c < ' ').unwrap_or(rest.len());
            let (plain, after) = rest.split_at(length);
            string.push_str(plain);
            self.at += length;
            match after.as_bytes().first() {
                Some(b'"') => {
                    self.at += 1;
                    return Ok(string);
                }
                Some(b'\\') => string.push(self.escape()?),
                Some(_) => return Err(self.error(ErrorKind::ControlCharacter)),
                None => return Err(self.error(ErrorKind::End)),
            }
        }
    }

    /// The character of the escape sequence that is next.
    fn escape(&mut self) -> Parsed<char> {
        let Some(&letter) = self.rest().as_bytes().get(1) else { return Err(self.error(ErrorKind::End)) };
        let character = match letter {
            b'"' | b'\\' | b'/' => char::from(letter),
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'u' => return self.code_point(),
            _ => return Err(self.error(ErrorKind::Escape)),
        };
        self.at += 2;
        Ok(character)
    }

    /// The character of `\uXXXX`, or of two that are a surrogate pair.
    fn code_point(&mut self) -> Parsed<char> {
        let first = self.code_unit(0).ok_or_else(|| self.error(ErrorKind::Escape))?;
        if let Some(character) = char::from_u32(first) {
            self.at += 6;
            return Ok(character);
        }
        let second = self.code_unit(6).filter(|unit| first < 0xDC00 && (0xDC00..0xE000).contains(unit));
        let pair =
            second.and_then(|second| char::from_u32(0x1_0000 + ((first - 0xD800) << 10) + (second - 0xDC00)));
        let character = pair.ok_or_else(|| self.error(ErrorKind::Surrogate))?;
        self.at += 12;
        Ok(character)
    }

    /// The number of `\uXXXX` at a distance from here; `None` if something else is there.
    fn code_unit(&self, distance: usize) -> Option<u32> {
        let digits = self.rest().get(distance..distance + 6)?.strip_prefix("\\u")?;
        digits.bytes().all(|byte| byte.is_ascii_hexdigit()).then(|| u32::from_str_radix(digits, 16).ok())?
    }

    fn number(&mut self) -> Parsed<Value> {
        let start = self.at;
        self.at += usize::from(self.next_byte() == Some(b'-'));
        let whole = self.digits()?;
        let leads_with_zero = whole > 1 && self.text.as_bytes().get(self.at - whole) == Some(&b'0');
        let mut is_whole = true;
        if self.next_byte() == Some(b'.') {
            is_whole = false;
            self.at += 1;
            self.digits()?;
        }
        if let Some(b'e' | b'E') = self.next_byte() {
            is_whole = false;
            self.at += 1;
            self.at += usize::from(matches!(self.next_byte(), Some(b'+' | b'-')));
            self.digits()?;
        }
        let text = self.text.get(start..self.at).unwrap_or_default();
        let refused = |kind| SyntaxError { kind, offset: start };
        if leads_with_zero {
            return Err(refused(ErrorKind::Number));
        }
        if let Some(number) = text.parse().ok().filter(|_| is_whole && whole <= EXACT_DIGITS) {
            return Ok(Value::Integer(number));
        }
        let number = (self.parse_float)(text);
        if number.is_finite() { Ok(Value::Float(number)) } else { Err(refused(ErrorKind::Range)) }
    }

    /// Consumes one or more digits; returns their number.
    fn digits(&mut self) -> Parsed<usize> {
        let count = self.rest().bytes().take_while(u8::is_ascii_digit).count();
        self.at += count;
        match (count, self.next_byte()) {
            (0, None) => Err(self.error(ErrorKind::End)),
            (0, _) => Err(self.error(ErrorKind::Number)),
            _ => Ok(count),
        }
    }

    /// The first byte after blanks; an error at the end of the text.
    fn token(&mut self) -> Parsed<u8> {
        self.next_token().ok_or_else(|| self.error(ErrorKind::End))
    }

    fn next_token(&mut self) -> Option<u8> {
        let blanks =
            self.rest().bytes().take_while(|byte| matches!(byte, b' ' | b'\t' | b'\n' | b'\r')).count();
        self.at += blanks;
        self.next_byte()
    }

    fn next_byte(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    const fn error(&self, kind: ErrorKind) -> SyntaxError {
        SyntaxError { kind, offset: self.at }
    }
}

/// The kind of error of a comment, if the byte may begin one.
fn comment(first: u8) -> Option<ErrorKind> {
    matches!(first, b'/' | b'#').then_some(ErrorKind::Comment)
}
