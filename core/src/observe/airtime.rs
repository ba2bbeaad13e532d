//! Report on one frame: its time on the air, and what the law of a region makes of it.

use serde::Serialize;

use crate::config::Region;
use crate::stack::radio::airtime::Modulation;
use crate::stack::radio::budget::Estimate;

/// Time on the air of a frame, and what the law of a region makes of it.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct AirtimeReport {
    /// Time on the air, in µs.
    pub airtime_us: u64,
    /// The same in ms.
    pub airtime_ms: f64,
    /// Duration of a symbol, in µs.
    pub symbol_us: u64,
    /// Duration of the preamble, in µs.
    pub preamble_us: u64,
    /// Symbols of the payload.
    pub payload_symbols: u64,
    /// Whether the low data rate optimization is in use.
    pub low_data_rate: bool,
    /// What the law of a region allows; `None` if none is asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub region: Option<Estimate>,
}

impl AirtimeReport {
    /// Report on a frame, by the law of a region on a frequency or its first channel.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "times on the air are far below 2^53 µs")]
    pub fn of(modulation: &Modulation, bytes: u32, region: Option<Region>, hz: Option<u32>) -> Self {
        let airtime_us = modulation.airtime_us(bytes);
        Self {
            airtime_us,
            airtime_ms: airtime_us as f64 / 1_000.0,
            symbol_us: modulation.symbol_us(),
            preamble_us: modulation.preamble_us(),
            payload_symbols: modulation.payload_symbols(bytes),
            low_data_rate: modulation.is_low_data_rate(),
            region: region.map(|region| Estimate::of(modulation, bytes, region, hz)),
        }
    }
}
