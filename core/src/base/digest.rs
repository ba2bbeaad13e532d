//! Fingerprints: the BLAKE3 hash of a canonical state, equal on every target.

use std::fmt;
use std::str::FromStr;

use serde::{Serialize, Serializer};

use crate::base::id::NotAnId;

/// The first eight bytes of the BLAKE3 hash of a canonical state.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Fingerprint(pub u64);

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:016x}", self.0)
    }
}

impl FromStr for Fingerprint {
    type Err = NotAnId;

    fn from_str(text: &str) -> Result<Self, NotAnId> {
        crate::base::id::PeerId::from_str(text).map(|id| Self(id.get()))
    }
}

impl Serialize for Fingerprint {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// A part of a state that only some runs have. Numbers never change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tag {
    /// Timers that a host has set.
    Timers = 1,
    /// Files on the disk of a host.
    Disk = 2,
    /// Addresses bound to hosts.
    Directory = 3,
    /// Receptions on a shared medium.
    Medium = 4,
    /// Peers that a peer keeps aside.
    Anchors = 5,
    /// Transmissions on the air.
    Air = 9,
    /// Mappings of a host that differ from the shared table of tokens.
    Overlay = 20,
    /// Clients that submit blocks.
    Clients = 21,
}

/// Marks the beginning of a layer.
const LAYER: u64 = 0x6c61_7965_7200_0000;

/// Marks the beginning of a section.
const SECTION: u64 = 0x7365_6374_696f_6e00;

/// Bytes buffered before they are hashed: BLAKE3 is fast on long inputs only.
const BUFFER: usize = 16 * 1024;

/// Builder of a fingerprint: absorbs a state number by number.
///
/// Every number is absorbed as 64 bits, whatever its type: `usize` is narrower in wasm.
pub struct Digest {
    hasher: blake3::Hasher,
    buffer: Vec<u8>,
}

impl Default for Digest {
    fn default() -> Self {
        Self { hasher: blake3::Hasher::new(), buffer: Vec::with_capacity(BUFFER) }
    }
}

impl Digest {
    /// Absorbs a number.
    pub fn number(&mut self, number: impl Into<u64>) {
        self.take(number.into());
    }

    /// Absorbs 64 bits. Not inlined: hundreds of call sites digest a state.
    #[inline(never)]
    fn take(&mut self, number: u64) {
        if self.buffer.len() + 8 > BUFFER {
            self.flush();
        }
        self.buffer.extend_from_slice(&number.to_le_bytes());
        debug_assert!(self.buffer.len() <= BUFFER, "the buffer never grows");
    }

    /// Absorbs the length of the sequence that follows, so that neighbouring sequences cannot be confused.
    pub fn length(&mut self, length: usize) {
        self.number(length as u64);
    }

    /// Begins a part of a state that not every run has, so that two such parts cannot be confused.
    ///
    /// Fingerprints from before sections existed have optional numbers without a tag; they stay as they are.
    pub fn section(&mut self, tag: Tag) {
        self.number(SECTION ^ tag as u64);
    }

    /// Begins the part of a layer of the stack that is on, by the number of the layer.
    pub fn layer(&mut self, number: u64) {
        self.number(LAYER ^ number);
    }

    /// Absorbs bytes, with their length.
    pub fn bytes(&mut self, bytes: &[u8]) {
        self.length(bytes.len());
        for chunk in bytes.chunks(8) {
            let mut number = [0; 8];
            number[..chunk.len()].copy_from_slice(chunk);
            self.number(u64::from_le_bytes(number));
        }
    }

    /// Fingerprint of everything absorbed.
    #[must_use]
    pub fn finish(mut self) -> Fingerprint {
        self.flush();
        debug_assert!(self.buffer.is_empty(), "everything absorbed is hashed");
        let mut first = [0; 8];
        first.copy_from_slice(&self.hasher.finalize().as_bytes()[..8]);
        Fingerprint(u64::from_be_bytes(first))
    }

    fn flush(&mut self) {
        debug_assert!(self.buffer.len().is_multiple_of(8), "numbers are whole");
        self.hasher.update(&self.buffer);
        self.buffer.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(numbers: &[u64]) -> Fingerprint {
        let mut digest = Digest::default();
        numbers.iter().for_each(|number| digest.number(*number));
        digest.finish()
    }

    #[test]
    fn order_and_content_matter() {
        assert_eq!(of(&[1, 2]), of(&[1, 2]));
        assert_ne!(of(&[1, 2]), of(&[2, 1]));
        assert_ne!(of(&[1]), of(&[1, 0]));
    }

    #[test]
    fn long_states_are_hashed_whole() {
        let mut numbers = vec![0; 10_000];
        let before = of(&numbers);
        numbers[9_999] = 1;
        assert_ne!(of(&numbers), before);
        numbers[9_999] = 0;
        numbers[0] = 1;
        assert_ne!(of(&numbers), before);
    }

    #[test]
    fn fingerprints_survive_text() {
        let fingerprint = of(&[42]);
        assert_eq!(fingerprint.to_string().parse(), Ok(fingerprint));
    }
}
