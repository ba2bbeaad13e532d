//! Positions of hosts, and the loss of strength with distance, in integers.

use crate::config::{Bandwidth, Layout, RadioConfig};

/// Loss over the first metre, in hundredths of a dB.
const FIRST_METRE: i64 = 3_150;
/// Noise of a receiver in a Hz: -174 dBm of heat and 6 dB of its own, in hundredths of a dBm.
const NOISE: i32 = -16_800;

/// Position on the square, in metres.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Site {
    /// To the east.
    pub x: u32,
    /// To the south.
    pub y: u32,
}

/// Position of the host with an index.
#[must_use]
pub fn position(index: u32, config: &RadioConfig, hosts: u32) -> Site {
    let side = u64::from(config.area_m);
    let at = |share: u64, of: u64| u32::try_from(side * share / of.max(1)).unwrap_or(u32::MAX);
    match config.layout {
        Layout::Scattered => {
            let number = scatter(u64::from(config.map) << 32 | u64::from(index));
            Site { x: at(number >> 32, 1 << 32), y: at(number & 0xffff_ffff, 1 << 32) }
        }
        Layout::Line => Site { x: at(index.into(), u64::from(hosts.max(2)) - 1), y: at(1, 2) },
        Layout::Grid => {
            let width = hosts.max(1).isqrt();
            let width = if width * width < hosts { width + 1 } else { width };
            let (column, row) = (index % width, index / width);
            let step = u64::from(width.max(2)) - 1;
            Site { x: at(column.into(), step), y: at(row.into(), step) }
        }
    }
}

/// One step of `SplitMix64`: its increment and its finalizer.
const fn scatter(number: u64) -> u64 {
    let number = number.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let number = (number ^ (number >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let number = (number ^ (number >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    number ^ (number >> 31)
}

impl Site {
    /// Square of the distance to another one, in m².
    #[must_use]
    pub const fn distance2(self, other: Self) -> u64 {
        let (x, y) = (self.x.abs_diff(other.x) as u64, self.y.abs_diff(other.y) as u64);
        x * x + y * y
    }
}

/// Loss of strength over a distance, given as its square in m², in hundredths of a dB: log-distance path
/// loss, `31.5 + 10 n log10(d)`.
#[must_use]
pub fn path_loss(distance2: u64, exponent_tenths: u32) -> i32 {
    // 10 log10(d) = 1.50515 log2(d²), and the logarithm has 16 binary digits behind the point.
    let log2 = i64::try_from(log2_q16(distance2.max(1))).unwrap_or(i64::MAX);
    let loss = FIRST_METRE + log2 * 150_515 * i64::from(exponent_tenths) / (10_000 << 16);
    i32::try_from(loss).unwrap_or(i32::MAX)
}

/// Binary logarithm with 16 binary digits behind the point, by repeated squaring.
fn log2_q16(number: u64) -> u64 {
    let whole = number.max(1).ilog2();
    let mut mantissa = u128::from(number.max(1)) << (63 - whole);
    let mut log2 = u64::from(whole);
    for _ in 0..16 {
        mantissa = (mantissa * mantissa) >> 63;
        let bit = mantissa >> 64 & 1;
        mantissa >>= bit;
        log2 = log2 << 1 | u64::from(bit == 1);
    }
    log2
}

/// Weakest signal that a receiver decodes, in hundredths of a dBm.
#[must_use]
pub fn sensitivity(spreading: u32, bandwidth: Bandwidth) -> i32 {
    let of_bandwidth = match bandwidth {
        Bandwidth::Khz62 => 4_796,
        Bandwidth::Khz125 => 5_097,
        Bandwidth::Khz250 => 5_398,
        Bandwidth::Khz500 => 5_699,
    };
    // Each step of the spreading factor finds a signal 2.5 dB deeper in the noise.
    NOISE + of_bandwidth - 250 * (i32::try_from(spreading).unwrap_or(12) - 4)
}

/// Greatest distance over which a loss is at most this, in m.
#[must_use]
pub fn range_m(most_loss: i32, exponent_tenths: u32) -> u64 {
    let fits = |metres: u64| path_loss(metres * metres, exponent_tenths) <= most_loss;
    let (mut low, mut high) = (0, 1 << 21);
    while low + 1 < high {
        let middle = u64::midpoint(low, high);
        if fits(middle) {
            low = middle;
        } else {
            high = middle;
        }
    }
    low
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn loss_and_sensitivity_are_those_of_the_data_sheet() {
        let loss = |metres: u64, exponent| path_loss(metres * metres, exponent);
        assert_eq!(loss(1, 30), 3_150);
        assert!(loss(1_000, 20).abs_diff(9_150) <= 1, "free space: 91.5 dB over a kilometre");
        assert!(loss(1_000, 30).abs_diff(12_150) <= 1);
        assert!((1..20_000).all(|metres| loss(metres, 30) <= loss(metres + 1, 30)));
        let table = [(7, -12_453), (9, -12_953), (12, -13_703)];
        assert!(table.iter().all(|(spreading, dbm)| sensitivity(*spreading, Bandwidth::Khz125) == *dbm));
    }

    #[test]
    fn range_is_the_inverse_of_loss() {
        let range = |spreading| range_m(1_400 - sensitivity(spreading, Bandwidth::Khz125), 30);
        let ranges = [7, 9, 12].map(range);
        assert!((3_600..3_800).contains(&ranges[0]) && (5_300..5_700).contains(&ranges[1]), "{ranges:?}");
        assert!((9_400..10_000).contains(&ranges[2]), "{ranges:?}");
    }

    #[test]
    fn layouts_stay_on_the_square() {
        let config = RadioConfig { area_m: 1_000, ..RadioConfig::DEFAULT };
        for layout in [Layout::Scattered, Layout::Line, Layout::Grid] {
            let config = RadioConfig { layout, ..config };
            let all: Vec<Site> = (0..50).map(|index| position(index, &config, 50)).collect();
            assert!(all.iter().all(|one| one.x <= 1_000 && one.y <= 1_000), "{layout:?}");
            let apart = |one: usize, two: usize| all[one].distance2(all[two]) > 0;
            assert!((0..50).all(|one| (0..one).all(|two| apart(one, two))), "{layout:?}");
        }
        let line = RadioConfig { layout: Layout::Line, ..config };
        assert_eq!(position(49, &line, 50).x, 1_000);
    }
}
