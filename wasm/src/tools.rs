//! Calculations without a run: crash tests of a save, and time on the air. A module without layers answers
//! `undefined`.

use wasm_bindgen::prelude::*;

#[cfg(feature = "layers")]
use self::layers as implementation;
use crate::{Answer, JsAirtime, JsCrashStrips};

#[cfg(not(feature = "layers"))]
mod implementation {
    use wasm_bindgen::prelude::*;

    pub(super) const fn crash_test(_numbers: [u32; 4]) -> Result<JsValue, JsValue> {
        Ok(JsValue::UNDEFINED)
    }

    pub(super) const fn airtime(_numbers: &[u32]) -> Result<JsValue, JsValue> {
        Ok(JsValue::UNDEFINED)
    }
}

/// Outcomes of crashes at many points of a save, for each way of saving, as `CrashStrips`.
///
/// # Errors
///
/// Throws a `Failure` if a number is out of range.
#[wasm_bindgen]
pub fn crash_test(seed: u32, points: u32, entries: u32, sync_ms: u32) -> Answer<JsCrashStrips> {
    implementation::crash_test([seed, points, entries, sync_ms]).map(JsCast::unchecked_into)
}

/// Time on the air of a frame and the law of a region, as `Airtime`. The numbers are spreading factor, option
/// of the bandwidth, coding rate, bytes, symbols of the preamble, 1 for an implicit header, 1 for a checksum,
/// option of the region, and frequency in kHz, 0 for the first channel.
///
/// # Errors
///
/// Throws a `Failure` if a number is out of range.
#[wasm_bindgen]
pub fn airtime(numbers: &[u32]) -> Answer<JsAirtime> {
    implementation::airtime(numbers).map(JsCast::unchecked_into)
}

#[cfg(feature = "layers")]
mod layers {
    use ringside_core::base::problem::Problem;
    use ringside_core::config::knob::Field;
    use ringside_core::config::{Bandwidth, Region, SaveRule};
    use ringside_core::observe::airtime::AirtimeReport;
    use ringside_core::stack::radio::airtime::{LowDataRate, Modulation, PAYLOAD_MAX};
    use ringside_core::study::crash::{CrashTest, ENTRIES_MAX, POINTS_MAX};
    use serde::Serialize;
    use wasm_bindgen::prelude::*;

    use crate::convert::{Failure, to_js};

    /// `CrashStrips` of the contract.
    #[derive(Serialize)]
    struct CrashStrips {
        span_us: u64,
        strips: Vec<CrashStrip>,
    }

    /// `CrashStrip` of the contract.
    #[derive(Serialize)]
    struct CrashStrip {
        rule: &'static str,
        save_us: u64,
        outcomes: Vec<u8>,
    }

    /// A number within its range.
    fn within(name: &str, value: u32, range: std::ops::RangeInclusive<u32>) -> Result<u32, JsValue> {
        if range.contains(&value) {
            return Ok(value);
        }
        let (from, to) = range.into_inner();
        let remedy = format!("choose a number from {from} to {to}");
        Err(Failure::Command.because(vec![Problem::new(name, format!("{value} is out of range"), remedy)]))
    }

    /// The option with an index.
    fn option<T: Field>(name: &str, index: u32, options: &[&str]) -> Result<T, JsValue> {
        let last = u32::try_from(options.len()).unwrap_or(u32::MAX).saturating_sub(1);
        within(name, index, 0..=last).map(|index| T::from_raw(index.into()))
    }

    pub(super) fn crash_test([seed, points, entries, sync_ms]: [u32; 4]) -> Result<JsValue, JsValue> {
        let test = CrashTest {
            seed: seed.into(),
            points: within("points", points, 1..=POINTS_MAX)?,
            entries: within("entries", entries, 1..=ENTRIES_MAX)?,
            sync_ms: within("sync_ms", sync_ms, 0..=10_000)?,
        };
        let strips = test.strips().into_iter().map(|strip| CrashStrip {
            rule: SaveRule::OPTIONS[strip.rule as usize],
            save_us: strip.save_us,
            outcomes: strip.outcomes.iter().map(|outcome| *outcome as u8).collect(),
        });
        to_js(&CrashStrips { span_us: test.span_us(), strips: strips.collect() })
    }

    pub(super) fn airtime(numbers: &[u32]) -> Result<JsValue, JsValue> {
        let number = |index: usize| numbers.get(index).copied().unwrap_or(0);
        let modulation = Modulation {
            spreading: within("spreading", number(0), 5..=12)?,
            bandwidth: option("bandwidth", number(1), Bandwidth::OPTIONS)?,
            coding_rate: within("coding_rate", number(2), 5..=8)?,
            preamble: within("preamble", number(4), 6..=65_535)?,
            implicit_header: number(5) == 1,
            crc: number(6) == 1,
            low_data_rate: LowDataRate::Auto,
        };
        let bytes = within("bytes", number(3), 0..=PAYLOAD_MAX)?;
        let region: Region = option("region", number(7), Region::OPTIONS)?;
        let hz = Some(within("frequency", number(8), 0..=4_000_000)?).filter(|khz| *khz > 0);
        to_js(&AirtimeReport::of(&modulation, bytes, Some(region), hz.map(|khz| khz * 1_000)))
    }
}
