//! Numbers as bytes (LEB128): small ones are short, and each has exactly one form.

use std::fmt;

/// Error of reading the bytes of a link.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum ReadError {
    /// The bytes end too early.
    End,
    /// The bytes name something that only a newer version knows.
    Newer(String),
    /// No version writes these bytes.
    Foreign(&'static str),
}

impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::End => f.write_str("it ends too early"),
            Self::Newer(reason) => f.write_str(reason),
            Self::Foreign(reason) => f.write_str(reason),
        }
    }
}

impl std::error::Error for ReadError {}

/// Appends a number, seven bits a byte, lowest first; the high bit of a byte is set if more follow.
pub(super) fn write_number(bytes: &mut Vec<u8>, mut number: u64) {
    let start = bytes.len();
    loop {
        let low = (number & 0x7f) as u8;
        number >>= 7;
        if number == 0 {
            bytes.push(low);
            debug_assert!(bytes.len() - start <= 10, "64 bits take ten bytes at most");
            return;
        }
        bytes.push(low | 0x80);
    }
}

/// Reader that consumes bytes from the front.
pub(super) struct ByteReader<'a>(pub(super) &'a [u8]);

impl ByteReader<'_> {
    /// The next `LENGTH` bytes.
    pub(super) fn array<const LENGTH: usize>(&mut self) -> Result<[u8; LENGTH], ReadError> {
        let (first, rest) = self.0.split_first_chunk().ok_or(ReadError::End)?;
        self.0 = rest;
        Ok(*first)
    }

    /// The next byte.
    pub(super) fn byte(&mut self) -> Result<u8, ReadError> {
        self.array().map(|[byte]| byte)
    }

    /// The next eight bytes, highest first: a position or a fingerprint.
    pub(super) fn position(&mut self) -> Result<u64, ReadError> {
        self.array().map(u64::from_be_bytes)
    }

    /// The next number in the form of [`write_number`].
    pub(super) fn number(&mut self) -> Result<u64, ReadError> {
        let mut number = 0;
        for shift in (0..u64::BITS).step_by(7) {
            let byte = self.byte()?;
            let low = u64::from(byte & 0x7f);
            if low > u64::MAX >> shift {
                return Err(ReadError::Foreign("a number is too large"));
            }
            number |= low << shift;
            if byte & 0x80 == 0 {
                let is_shortest = low != 0 || shift == 0;
                return is_shortest
                    .then_some(number)
                    .ok_or(ReadError::Foreign("a number is longer than needed"));
            }
        }
        Err(ReadError::Foreign("a number is too large"))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn read(bytes: &[u8]) -> Result<u64, ReadError> {
        ByteReader(bytes).number()
    }

    #[test]
    fn small_numbers_are_short() {
        let written = |number| {
            let mut bytes = Vec::new();
            write_number(&mut bytes, number);
            bytes
        };
        assert_eq!(written(0), [0]);
        assert_eq!(written(127), [127]);
        assert_eq!(written(128), [0x80, 1]);
        assert_eq!(written(u64::MAX).len(), 10);
    }

    #[test]
    fn a_number_has_one_form() {
        assert_eq!(read(&[0x80, 0]), Err(ReadError::Foreign("a number is longer than needed")));
        assert_eq!(read(&[0x80]), Err(ReadError::End));
        let largest = [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1];
        assert_eq!(read(&largest), Ok(u64::MAX));
        let too_large = [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 2];
        assert_eq!(read(&too_large), Err(ReadError::Foreign("a number is too large")));
        assert_eq!(read(&[0x80; 11]), Err(ReadError::Foreign("a number is too large")));
    }

    proptest! {
        #[test]
        fn numbers_survive(number: u64, small in 0..1_000_u64) {
            for number in [number, small] {
                let mut bytes = Vec::new();
                write_number(&mut bytes, number);
                prop_assert_eq!(read(&bytes), Ok(number));
            }
        }
    }
}
