//! The law of each region: bands with their duty cycle and power, dwell time, and the longest transmission.

use crate::base::ratio::Ratio;
use crate::config::{Bandwidth, Region};

/// Time over which a duty cycle is measured, in µs: a sliding hour.
pub const HOUR_US: u64 = 3_600_000_000;

/// A part of a region's band with a limit of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SubBand {
    /// Lowest frequency, in Hz.
    pub from_hz: u32,
    /// Highest frequency, in Hz.
    pub to_hz: u32,
    /// Share of a sliding hour in which a node may transmit; `None` for all of it.
    pub duty: Option<Ratio>,
    /// Most power, in dBm.
    pub power_dbm: u32,
}

/// The law of a region.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Law {
    /// Lowest and highest frequency of the whole band, in Hz.
    pub band: (u32, u32),
    /// Parts of the band with limits of their own, in ascending order.
    pub sub_bands: &'static [SubBand],
    /// Limits between those parts.
    pub rest: SubBand,
    /// Longest transmission, in µs.
    pub longest_us: u64,
    /// Longest stay on one channel, in µs; `None` if it is not limited.
    pub dwell_us: Option<u64>,
    /// First channel, and distance to the next, in Hz.
    pub channels: (u32, u32),
}

/// Why the law forbids a transmission.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LawBreach {
    /// The frequency lies in no band of the region.
    OutsideBand,
    /// The transmission is longer than any may be.
    TooLong {
        /// The longest, in µs.
        longest_us: u64,
    },
    /// The transmission stays on its channel for too long.
    Dwell {
        /// The longest stay, in µs.
        dwell_us: u64,
    },
    /// The share of the hour is used up.
    Duty {
        /// Time until earlier transmissions have left the hour, in µs; `None` if it never suffices.
        wait_us: Option<u64>,
    },
}

const fn duty(permille: u32) -> Ratio {
    Ratio::from_millionths(permille * 1_000)
}

const fn sub_band(khz: (u32, u32), permille: u32, power_dbm: u32) -> SubBand {
    SubBand { from_hz: khz.0 * 1_000, to_hz: khz.1 * 1_000, duty: Some(duty(permille)), power_dbm }
}

const EU_SUB_BANDS: &[SubBand] = &[
    sub_band((863_000, 865_000), 1, 14),
    sub_band((865_000, 868_000), 10, 14),
    sub_band((868_000, 868_600), 10, 14),
    sub_band((868_700, 869_200), 1, 14),
    sub_band((869_400, 869_650), 100, 27),
    sub_band((869_700, 870_000), 10, 14),
];

/// A law with one limit for the whole band.
const fn plain(
    khz: (u32, u32),
    duty: Option<Ratio>,
    power_dbm: u32,
    longest_ms: u64,
    channels: (u32, u32),
) -> Law {
    let band = (khz.0 * 1_000, khz.1 * 1_000);
    Law {
        band,
        sub_bands: &[],
        rest: SubBand { from_hz: band.0, to_hz: band.1, duty, power_dbm },
        longest_us: longest_ms * 1_000,
        dwell_us: None,
        channels,
    }
}

const EU868: Law = Law {
    sub_bands: EU_SUB_BANDS,
    ..plain((863_000, 870_000), Some(duty(10)), 14, 1_000, (868_100_000, 200_000))
};
const US915: Law =
    Law { dwell_us: Some(400_000), ..plain((902_000, 928_000), None, 30, 10_000, (902_300_000, 200_000)) };
const AU915: Law = plain((915_000, 928_000), None, 30, 10_000, (915_200_000, 200_000));
const JP920: Law = plain((920_000, 928_000), Some(duty(100)), 14, 4_000, (920_600_000, 200_000));
const KR920: Law = plain((920_000, 923_000), Some(duty(50)), 14, 2_000, (920_100_000, 40_000));
const CN470: Law = plain((470_000, 510_000), Some(duty(10)), 17, 2_000, (470_300_000, 200_000));
const RU868: Law = plain((864_000, 870_000), Some(duty(1)), 14, 1_000, (868_900_000, 15_000));
const ZA868: Law = plain((863_000, 870_000), Some(duty(10)), 14, 1_000, (868_100_000, 25_000));
const IN865: Law = plain((865_000, 867_000), None, 30, 5_000, (865_062_500, 25_000));

impl Law {
    /// The law of a region.
    #[must_use]
    pub const fn of(region: Region) -> &'static Self {
        match region {
            Region::Eu868 => &EU868,
            Region::Us915 | Region::Ca915 | Region::Mx915 => &US915,
            Region::Au915 | Region::Nz915 | Region::Br915 | Region::Ar915 => &AU915,
            Region::Jp920 => &JP920,
            Region::Kr920 => &KR920,
            Region::Cn470 => &CN470,
            Region::Ru868 => &RU868,
            Region::Za868 => &ZA868,
            Region::In865 => &IN865,
        }
    }

    /// Frequency of a channel, in Hz.
    #[must_use]
    pub const fn channel(&self, first_hz: Option<u32>, index: u32) -> u32 {
        let first = match first_hz {
            Some(hz) => hz,
            None => self.channels.0,
        };
        first.saturating_add(index.saturating_mul(self.channels.1))
    }

    /// Number of the sub-band of a frequency: the limits between sub-bands come last; `None` outside of the
    /// band.
    #[must_use]
    pub fn sub_band(&self, hz: u32) -> Option<usize> {
        if !(self.band.0..=self.band.1).contains(&hz) {
            return None;
        }
        let is_in = |one: &SubBand| (one.from_hz..=one.to_hz).contains(&hz);
        Some(self.sub_bands.iter().position(is_in).unwrap_or(self.sub_bands.len()))
    }

    /// Number of sub-bands, with the one for what lies between them.
    #[must_use]
    pub const fn sub_band_count(&self) -> usize {
        self.sub_bands.len() + 1
    }

    /// Limits of a sub-band, by its number.
    #[must_use]
    pub fn limits(&self, sub_band: usize) -> &SubBand {
        self.sub_bands.get(sub_band).unwrap_or(&self.rest)
    }

    /// Checks one transmission by itself: its frequency and its length. Returns its sub-band.
    ///
    /// # Errors
    ///
    /// The limit that it breaks.
    pub fn check(&self, hz: u32, airtime_us: u64) -> Result<usize, LawBreach> {
        let sub_band = self.sub_band(hz).ok_or(LawBreach::OutsideBand)?;
        if airtime_us > self.longest_us {
            return Err(LawBreach::TooLong { longest_us: self.longest_us });
        }
        match self.dwell_us {
            Some(dwell_us) if airtime_us > dwell_us => Err(LawBreach::Dwell { dwell_us }),
            _ => Ok(sub_band),
        }
    }
}

impl SubBand {
    /// Time that a node may transmit in a sliding hour, in µs.
    #[must_use]
    pub fn budget_us(&self) -> u64 {
        self.duty.map_or(HOUR_US, |duty| duty.of(HOUR_US))
    }
}

impl Region {
    /// Spreading factor and bandwidth with which the published program starts.
    #[must_use]
    pub const fn published_rate(self) -> (u32, Bandwidth) {
        match self {
            Self::Us915
            | Self::Ca915
            | Self::Mx915
            | Self::Au915
            | Self::Nz915
            | Self::Br915
            | Self::Ar915 => (7, Bandwidth::Khz125),
            _ => (12, Bandwidth::Khz125),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sub_bands_of_the_european_union() {
        let law = Law::of(Region::Eu868);
        let budget = |hz: u32| law.sub_band(hz).map(|one| law.limits(one).budget_us() / 1_000);
        assert_eq!(budget(868_100_000), Some(36_000));
        assert_eq!(budget(864_000_000), Some(3_600));
        assert_eq!(budget(869_525_000), Some(360_000));
        assert_eq!(budget(868_650_000), Some(36_000), "between sub-bands the limit of the region holds");
        assert_eq!(budget(900_000_000), None);
        assert_eq!(law.limits(4).power_dbm, 27);
    }

    #[test]
    fn one_transmission_by_itself() {
        let check = |region, mhz: u32, ms: u64| Law::of(region).check(mhz * 1_000_000, ms * 1_000);
        assert!(check(Region::Eu868, 868, 1_000).is_ok());
        assert_eq!(check(Region::Eu868, 868, 1_001), Err(LawBreach::TooLong { longest_us: 1_000_000 }));
        assert_eq!(check(Region::Eu868, 900, 1), Err(LawBreach::OutsideBand));
        assert!(check(Region::Us915, 903, 400).is_ok());
        assert_eq!(check(Region::Us915, 903, 401), Err(LawBreach::Dwell { dwell_us: 400_000 }));
        assert!(check(Region::Au915, 916, 10_000).is_ok());
        assert!(check(Region::Jp920, 921, 4_000).is_ok());
        assert!(check(Region::Kr920, 921, 2_001).is_err());
    }

    #[test]
    fn first_channels_lie_in_their_bands() {
        for raw in 0..Region::OPTIONS.len() {
            let region = <Region as crate::config::knob::Field>::from_raw(raw as u64);
            let law = Law::of(region);
            assert!(law.sub_band(law.channel(None, 0)).is_some(), "{region:?}");
        }
    }
}
