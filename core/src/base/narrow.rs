//! Narrowing of 64-bit numbers whose high bits are known to be zero.
//!
//! In debug builds a number that does not fit stops the program at the line that was wrong about it.

/// Index of a list in memory.
#[inline]
#[expect(clippy::cast_possible_truncation, reason = "asserted to fit")]
pub(crate) fn index(number: u64) -> usize {
    debug_assert!(usize::try_from(number).is_ok(), "{number} is an index");
    number as usize
}

/// Number of 32 bits.
#[inline]
#[expect(clippy::cast_possible_truncation, reason = "asserted to fit")]
pub(crate) fn word(number: u64) -> u32 {
    debug_assert!(u32::try_from(number).is_ok(), "{number} has 32 bits");
    number as u32
}
