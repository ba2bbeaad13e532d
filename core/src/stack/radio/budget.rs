//! Frames that the law of a region allows in an hour.

use serde::Serialize;

use super::airtime::Modulation;
use super::region::{HOUR_US, Law, LawBreach};
use crate::config::Region;

/// Frames of one length under the law of a region.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Estimate {
    /// Name of the region.
    pub region: &'static str,
    /// Frequency, in kHz.
    pub frequency_khz: u32,
    /// What the law allows.
    #[serde(flatten)]
    pub budget: Budget,
}

/// What the law allows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case", tag = "law")]
pub enum Budget {
    /// Frames may go, a number of them in each sliding hour.
    Frames {
        /// Frames in an hour.
        frames_per_hour: u64,
        /// Airtime in an hour, in ms; `None` without a duty cycle.
        budget_ms: Option<u64>,
        /// Mean distance between the beginnings of two frames, in ms.
        every_ms: u64,
    },
    /// The frequency lies outside of the band.
    OutsideBand {
        /// Lowest frequency, in kHz.
        from_khz: u32,
        /// Highest frequency, in kHz.
        to_khz: u32,
    },
    /// A frame lasts longer than any transmission may.
    TooLong {
        /// Longest transmission, in ms.
        limit_ms: u64,
        /// Longest payload, in bytes; `None` if not even an empty one fits.
        longest_bytes: Option<u32>,
    },
}

impl Estimate {
    /// Applies the law to frames of this length, on a frequency or the first channel of the region.
    #[must_use]
    pub fn of(modulation: &Modulation, bytes: u32, region: Region, hz: Option<u32>) -> Self {
        let law = Law::of(region);
        let hz = law.channel(hz, 0);
        let airtime_us = modulation.airtime_us(bytes);
        let too_long = |limit_us: u64| Budget::TooLong {
            limit_ms: limit_us / 1_000,
            longest_bytes: modulation.payload_within(limit_us),
        };
        let budget = match law.check(hz, airtime_us) {
            Ok(sub_band) => {
                let limits = law.limits(sub_band);
                let frames = (limits.budget_us() / airtime_us).max(1);
                Budget::Frames {
                    frames_per_hour: limits.budget_us() / airtime_us,
                    budget_ms: limits.duty.map(|_| limits.budget_us() / 1_000),
                    every_ms: HOUR_US / frames / 1_000,
                }
            }
            Err(LawBreach::OutsideBand | LawBreach::Duty { .. }) => {
                Budget::OutsideBand { from_khz: law.band.0 / 1_000, to_khz: law.band.1 / 1_000 }
            }
            Err(LawBreach::TooLong { longest_us: limit } | LawBreach::Dwell { dwell_us: limit }) => {
                too_long(limit)
            }
        };
        Self { region: Region::OPTIONS[region as usize], frequency_khz: hz / 1_000, budget }
    }
}
