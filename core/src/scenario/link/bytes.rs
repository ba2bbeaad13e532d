//! Numbers as bytes: small ones are short, and each has exactly one form.

/// Why bytes could not be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    /// They end too early.
    End,
    /// They name something that only a newer version knows.
    Newer(String),
    /// No version would have written this.
    Foreign(&'static str),
}

/// Appends a number, seven bits a byte, the lowest first; the highest bit of a byte says that more follow.
pub(super) fn write_number(bytes: &mut Vec<u8>, mut number: u64) {
    loop {
        let low = (number & 0x7f) as u8;
        number >>= 7;
        if number == 0 {
            bytes.push(low);
            return;
        }
        bytes.push(low | 0x80);
    }
}

/// Reads from the front of some bytes.
pub(super) struct ByteReader<'a>(pub(super) &'a [u8]);

impl ByteReader<'_> {
    /// The next bytes, as many as the caller wants.
    pub(super) fn array<const LENGTH: usize>(&mut self) -> Result<[u8; LENGTH], Fault> {
        let (first, rest) = self.0.split_first_chunk().ok_or(Fault::End)?;
        self.0 = rest;
        Ok(*first)
    }

    /// One byte.
    pub(super) fn byte(&mut self) -> Result<u8, Fault> {
        self.array().map(|[byte]| byte)
    }

    /// Eight bytes, the highest first.
    pub(super) fn place(&mut self) -> Result<u64, Fault> {
        self.array().map(u64::from_be_bytes)
    }

    /// A number that [`write_number`] wrote.
    pub(super) fn number(&mut self) -> Result<u64, Fault> {
        let mut number = 0;
        for shift in (0..u64::BITS).step_by(7) {
            let byte = self.byte()?;
            let low = u64::from(byte & 0x7f);
            if low > u64::MAX >> shift {
                return Err(Fault::Foreign("a number is too large"));
            }
            number |= low << shift;
            if byte & 0x80 == 0 {
                let is_shortest = low != 0 || shift == 0;
                return is_shortest.then_some(number).ok_or(Fault::Foreign("a number is longer than needed"));
            }
        }
        Err(Fault::Foreign("a number is too large"))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn read(bytes: &[u8]) -> Result<u64, Fault> {
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
        assert_eq!(read(&[0x80, 0]), Err(Fault::Foreign("a number is longer than needed")));
        assert_eq!(read(&[0x80]), Err(Fault::End));
        let largest = [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1];
        assert_eq!(read(&largest), Ok(u64::MAX));
        let too_large = [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 2];
        assert_eq!(read(&too_large), Err(Fault::Foreign("a number is too large")));
        assert_eq!(read(&[0x80; 11]), Err(Fault::Foreign("a number is too large")));
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
