//! Frames on the wire: a header of 59 bytes, at most 197 bytes of payload, and a checksum.

use std::fmt;

/// Longest frame, in bytes.
pub const FRAME_MAX: usize = FRAME_BYTES as usize;
/// The same as a number of bytes.
pub const FRAME_BYTES: u32 = 256;
/// Bytes of the header: message, sequence number, total, size, flags, checksum and signature.
pub const HEADER: usize = 59;
/// Longest payload of a frame, in bytes.
pub const PAYLOAD_MAX: usize = FRAME_MAX - HEADER;

/// Flags of a frame.
pub mod flag {
    /// First fragment of its message.
    pub const FIRST: u8 = 0x01;
    /// Last fragment of its message.
    pub const LAST: u8 = 0x02;
    /// Acknowledgement.
    pub const ACK: u8 = 0x04;
    /// Sent again.
    pub const RETRANSMIT: u8 = 0x08;
    /// To be sent before others.
    pub const PRIORITY: u8 = 0x10;
}

/// A payload does not fit into a frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PayloadTooLong {
    /// Its bytes.
    pub bytes: usize,
}

impl fmt::Display for PayloadTooLong {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the payload has {} bytes, and a frame takes {PAYLOAD_MAX}", self.bytes)
    }
}

impl std::error::Error for PayloadTooLong {}

/// Header of a frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Header {
    /// First bytes of the hash of the message.
    pub message: [u8; 16],
    /// Number of the fragment, from 0.
    pub sequence: u16,
    /// Fragments of the message.
    pub total: u16,
    /// Bytes of payload.
    pub size: u16,
    /// Bits of [`flag`].
    pub flags: u8,
    /// CRC-32 (IEEE 802.3) of the payload.
    pub checksum: u32,
    /// First bytes of the signature.
    pub signature: [u8; 32],
}

impl Header {
    /// The header of a payload.
    ///
    /// # Errors
    ///
    /// If the payload does not fit into a frame.
    pub fn new(
        message: [u8; 16],
        sequence: u16,
        total: u16,
        flags: u8,
        payload: &[u8],
    ) -> Result<Self, PayloadTooLong> {
        let size = u16::try_from(payload.len()).ok().filter(|size| usize::from(*size) <= PAYLOAD_MAX);
        let size = size.ok_or(PayloadTooLong { bytes: payload.len() })?;
        Ok(Self { message, sequence, total, size, flags, checksum: crc32(payload), signature: [0; 32] })
    }

    /// The frame with its payload, as it goes on the air.
    #[must_use]
    pub fn encode(&self, payload: &[u8]) -> Vec<u8> {
        debug_assert_eq!(payload.len(), usize::from(self.size), "the header is that of the payload");
        let mut frame = Vec::with_capacity(HEADER + payload.len());
        frame.extend_from_slice(&self.message);
        for number in [self.sequence, self.total, self.size] {
            frame.extend_from_slice(&number.to_le_bytes());
        }
        frame.push(self.flags);
        frame.extend_from_slice(&self.checksum.to_le_bytes());
        frame.extend_from_slice(&self.signature);
        frame.extend_from_slice(payload);
        frame
    }

    /// Header and payload of a frame; `None` if it is no valid frame.
    #[must_use]
    pub fn decode(frame: &[u8], check: Checksum) -> Option<(Self, &[u8])> {
        if frame.len() > FRAME_MAX {
            return None;
        }
        let (header, payload) = frame.split_at_checked(HEADER)?;
        let number = |at: usize| u16::from_le_bytes([header[at], header[at + 1]]);
        let found = Self {
            message: header[..16].try_into().ok()?,
            sequence: number(16),
            total: number(18),
            size: number(20),
            flags: header[22],
            checksum: u32::from_le_bytes(header[23..27].try_into().ok()?),
            signature: header[27..HEADER].try_into().ok()?,
        };
        let is_whole = usize::from(found.size) == payload.len() && found.sequence < found.total;
        (is_whole && check.accepts(found.checksum, crc32(payload))).then_some((found, payload))
    }
}

/// Comparison of the checksum in a frame with that of its payload.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Checksum {
    /// Both as numbers of 32 bits.
    Unsigned,
    /// As in the published program, which reads the one in the frame as a signed number: it refuses every
    /// payload whose checksum has its highest bit set.
    Signed,
}

impl Checksum {
    /// Whether a frame passes.
    #[must_use]
    pub fn accepts(self, in_frame: u32, of_payload: u32) -> bool {
        match self {
            Self::Unsigned => in_frame == of_payload,
            Self::Signed => i64::from(in_frame.cast_signed()) == i64::from(of_payload),
        }
    }
}

/// CRC-32 of IEEE 802.3, bit-reflected, with its usual start and end.
#[must_use]
pub fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(u32::MAX, |crc, byte| crc >> 8 ^ TABLE[usize::from(crc.to_le_bytes()[0] ^ byte)])
}

/// Remainders of all bytes.
static TABLE: [u32; 256] = {
    let mut table = [0; 256];
    let mut byte = 0;
    while byte < 256_u32 {
        let (mut rest, mut bit) = (byte, 0);
        while bit < 8 {
            rest = if rest & 1 == 1 { rest >> 1 ^ 0xedb8_8320 } else { rest >> 1 };
            bit += 1;
        }
        table[byte as usize] = rest;
        byte += 1;
    }
    table
};

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::rng::{Purpose, Rng};

    #[test]
    fn checksum_of_the_standard() {
        assert_eq!(crc32(b"123456789"), 0xcbf4_3926);
        assert_eq!(crc32(b""), 0);
    }

    fn frame(payload: &[u8]) -> Vec<u8> {
        Header::new([7; 16], 1, 3, flag::PRIORITY, payload).unwrap().encode(payload)
    }

    #[test]
    fn a_frame_has_at_most_256_bytes_and_comes_back_whole() {
        let payload: Vec<u8> = (0..197).collect();
        let whole = frame(&payload);
        assert_eq!(whole.len(), FRAME_MAX);
        let (header, found) = Header::decode(&whole, Checksum::Unsigned).unwrap();
        assert_eq!((header.sequence, header.total, header.size, header.flags), (1, 3, 197, flag::PRIORITY));
        assert_eq!(found, payload);
        assert_eq!(Header::new([7; 16], 0, 1, 0, &[0; 198]), Err(PayloadTooLong { bytes: 198 }), "257 bytes");
        let longer = [whole, vec![0]].concat();
        assert!(Header::decode(&longer, Checksum::Unsigned).is_none());
    }

    #[test]
    fn a_damaged_frame_is_refused_wherever_it_is_damaged() {
        let whole = frame(b"some payload");
        for bit in (16 * 8..22 * 8).chain(23 * 8..27 * 8).chain(HEADER * 8..whole.len() * 8) {
            let mut damaged = whole.clone();
            damaged[bit / 8] ^= 1 << (bit % 8);
            let is_other = Header::decode(&damaged, Checksum::Unsigned)
                .is_none_or(|(header, _)| header != Header::decode(&whole, Checksum::Unsigned).unwrap().0);
            assert!(is_other, "bit {bit}");
        }
        assert!((0..whole.len()).all(|len| Header::decode(&whole[..len], Checksum::Unsigned).is_none()));
    }

    #[test]
    fn the_signed_checksum_refuses_half_of_all_payloads_for_good() {
        let mut rng = Rng::stream(1, Purpose::Swarm, 1);
        let payloads = (0..20_000).map(|_| rng.number().to_le_bytes());
        let refused = payloads.filter(|payload| Header::decode(&frame(payload), Checksum::Signed).is_none());
        let refused = refused.count();
        assert!((9_700..10_300).contains(&refused), "{refused} of 20,000");
    }
}
