//! Time on the air of a LoRa transmission, by the formula of the modem's data sheet (Semtech AN1200.13), in
//! integers: every symbol time of the usual bandwidths is a whole number of microseconds.

use crate::config::{Bandwidth, RadioConfig};

/// Symbol time above which the low data rate optimization is mandatory, in µs.
const LOW_DATA_RATE_US: u64 = 16_000;
/// Longest payload of a modem, in bytes.
pub const PAYLOAD_MAX: u32 = 256;

/// Parameters of a transmission that decide its time on the air.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Modulation {
    /// Spreading factor, 5 to 12.
    pub spreading: u32,
    /// Bandwidth.
    pub bandwidth: Bandwidth,
    /// Coded bits for four bits of data, 5 to 8.
    pub coding_rate: u32,
    /// Symbols of the preamble, without the 4.25 that every modem adds.
    pub preamble: u32,
    /// Whether the length of the payload is not sent.
    pub implicit_header: bool,
    /// Whether a checksum of 16 bits follows the payload.
    pub crc: bool,
    /// Whether two bits of each symbol are given up for robustness.
    pub low_data_rate: LowDataRate,
}

/// Use of the low data rate optimization.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LowDataRate {
    /// Where symbols last longer than 16 ms.
    #[default]
    Auto,
    /// Always.
    On,
    /// Never.
    Off,
}

impl Modulation {
    /// The modulation that a configuration states.
    #[must_use]
    pub const fn of(config: &RadioConfig) -> Self {
        Self {
            spreading: config.spreading,
            bandwidth: config.bandwidth,
            coding_rate: config.coding_rate,
            preamble: config.preamble,
            implicit_header: config.implicit_header,
            crc: config.crc,
            low_data_rate: LowDataRate::Auto,
        }
    }

    /// Duration of a symbol, in µs.
    #[must_use]
    pub const fn symbol_us(&self) -> u64 {
        (1_000_000 << self.spreading) / self.bandwidth.hz() as u64
    }

    /// Whether symbols carry two bits less than their spreading factor.
    #[must_use]
    pub const fn is_low_data_rate(&self) -> bool {
        match self.low_data_rate {
            LowDataRate::Auto => self.symbol_us() > LOW_DATA_RATE_US,
            LowDataRate::On => true,
            LowDataRate::Off => false,
        }
    }

    /// Blocks of coded symbols behind the first eight symbols.
    const fn blocks(&self, bytes: u32) -> u64 {
        let header = if self.implicit_header { 0 } else { 20 };
        let checksum = if self.crc { 16 } else { 0 };
        // 28 stands for the 20 bits of a header and 8 more.
        let bits = (8 * bytes + 8 + header + checksum).saturating_sub(4 * self.spreading);
        let spared = if self.is_low_data_rate() { 2 } else { 0 };
        bits.div_ceil(4 * (self.spreading - spared)) as u64
    }

    /// Symbols of the payload, the header of the modulation included.
    #[must_use]
    pub const fn payload_symbols(&self, bytes: u32) -> u64 {
        8 + self.blocks(bytes) * self.coding_rate as u64
    }

    /// Duration of the preamble, in µs.
    #[must_use]
    pub const fn preamble_us(&self) -> u64 {
        (4 * self.preamble as u64 + 17) * self.symbol_us() / 4
    }

    /// Time on the air of a payload, in µs.
    #[must_use]
    pub const fn airtime_us(&self, bytes: u32) -> u64 {
        self.preamble_us() + self.payload_symbols(bytes) * self.symbol_us()
    }

    /// Time on the air as the published program computes it, in µs: 0.8 stands for the coding rate, so that a
    /// block has 4.8 symbols, and seconds are taken for milliseconds.
    #[must_use]
    pub const fn published_airtime_us(&self, bytes: u32) -> u64 {
        let symbol = self.symbol_us();
        let payload = 8 * symbol + self.blocks(bytes) * 24 * symbol / 5;
        (self.preamble_us() + payload) / 1_000
    }

    /// Longest payload whose time on the air is at most this, in bytes; `None` if not even an empty one is.
    #[must_use]
    pub fn payload_within(&self, limit_us: u64) -> Option<u32> {
        (0..=PAYLOAD_MAX).rev().find(|bytes| self.airtime_us(*bytes) <= limit_us)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn modulation(spreading: u32, bandwidth: Bandwidth) -> Modulation {
        Modulation { spreading, bandwidth, ..Modulation::of(&RadioConfig::DEFAULT) }
    }

    /// Published figures at 125 kHz, coding rate 4/5, preamble 8, explicit header and checksum, in tenths of
    /// a millisecond for 32, 64, 132, 200 and 256 bytes.
    const TABLE: &[(u32, [u64; 5])] = &[
        (7, [719, 1_180, 2_204, 3_177, 3_996]),
        (9, [2_468, 3_901, 6_973, 10_045, 12_708]),
        (10, [4_526, 6_984, 12_718, 18_452, 22_958]),
        (12, [18_104, 27_935, 50_872, 72_172, 91_832]),
    ];

    #[test]
    fn airtime_is_that_of_the_table() {
        for (spreading, expected) in TABLE {
            for (bytes, expected) in [32, 64, 132, 200, 256].into_iter().zip(expected) {
                let time = modulation(*spreading, Bandwidth::Khz125).airtime_us(bytes);
                assert!((time + 50) / 100 == *expected, "SF{spreading}, {bytes} B: {time} µs");
            }
        }
    }

    #[test]
    fn vectors_of_the_program() {
        let slow = modulation(12, Bandwidth::Khz125);
        assert_eq!(slow.airtime_us(82), 3_448_832, "3,448.8 ms");
        assert_eq!(slow.published_airtime_us(82) / 10, 333, "3.34 as if it were ms");
        assert_eq!(modulation(7, Bandwidth::Khz125).airtime_us(82), 143_616);
    }

    #[test]
    fn symbols_of_every_bandwidth_are_whole_microseconds() {
        for bandwidth in [Bandwidth::Khz62, Bandwidth::Khz125, Bandwidth::Khz250, Bandwidth::Khz500] {
            for spreading in 5..=12 {
                let one = modulation(spreading, bandwidth);
                let hz = u64::from(bandwidth.hz());
                assert_eq!(one.symbol_us() * hz, 1_000_000 << spreading);
                assert_eq!(one.symbol_us() % 4, 0, "a quarter of a symbol is whole too");
            }
        }
        assert_eq!(modulation(5, Bandwidth::Khz500).symbol_us(), 64);
        assert!(modulation(11, Bandwidth::Khz125).is_low_data_rate());
        assert!(!modulation(10, Bandwidth::Khz125).is_low_data_rate());
        assert!(!modulation(12, Bandwidth::Khz500).is_low_data_rate());
    }

    #[test]
    fn header_checksum_and_rate_change_the_payload_alone() {
        let usual = modulation(9, Bandwidth::Khz125);
        let implicit = Modulation { implicit_header: true, ..usual };
        let bare = Modulation { crc: false, ..usual };
        let robust = Modulation { coding_rate: 8, ..usual };
        // ceil((8 * 64 - 36 + 28 + 16) / 36) = 15 blocks, 14 without header or checksum.
        assert_eq!(usual.payload_symbols(64), 8 + 15 * 5);
        assert_eq!(implicit.payload_symbols(64), 8 + 14 * 5);
        assert_eq!(bare.payload_symbols(64), 8 + 14 * 5);
        assert_eq!(robust.payload_symbols(64), 8 + 15 * 8);
        assert_eq!(modulation(12, Bandwidth::Khz125).payload_symbols(0), 8, "never less than eight symbols");
    }

    /// What the longest transmission of the European Union and the dwell time of the United States admit.
    #[test]
    fn limits_of_the_law_in_bytes() {
        let within = |spreading, ms: u64| modulation(spreading, Bandwidth::Khz125).payload_within(ms * 1_000);
        assert_eq!([9, 10, 11, 12].map(|one| within(one, 1_000)), [197, 99, 36, 10].map(Some));
        assert_eq!(within(7, 400), Some(256));
        assert_eq!(within(8, 400), Some(138));
        assert_eq!(within(12, 10), None);
    }
}
