//! `ringside airtime`: time on the air of a LoRa transmission, and what the law of a region makes of it.

use clap::Args;
use ringside_core::base::problem::Problem;
use ringside_core::config::knob::Field;
use ringside_core::config::{Bandwidth, Region, nearest};
use ringside_core::observe::airtime::AirtimeReport;
use ringside_core::stack::radio::airtime::{LowDataRate, Modulation};
use ringside_core::stack::radio::budget::{Budget, Estimate};

use crate::failure::Failure;
use crate::output::Outcome;
use crate::{json, output};

const EXAMPLES: &str = "\
Examples:
  ringside airtime --sf 9 --bytes 64
  ringside airtime --sf 7 --bytes 82 --region eu868
  ringside airtime --sf 9 --bandwidth 125 --coding-rate 5 --bytes 64 --region eu868 --json";

#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct AirtimeArguments {
    /// Spreading factor, 5 to 12
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(5..=12))]
    sf: u32,
    /// Bandwidth in kHz: 62.5, 125, 250 or 500
    #[arg(long, value_name = "KHZ", default_value = "125")]
    bandwidth: String,
    /// Coded bits for four bits of data, 5 to 8
    #[arg(long, value_name = "N", default_value_t = 5, value_parser = clap::value_parser!(u32).range(5..=8))]
    coding_rate: u32,
    /// Bytes of the frame, 0 to 256
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(0..=256))]
    bytes: u32,
    /// Symbols of the preamble
    #[arg(long, value_name = "N", default_value_t = 8, value_parser = clap::value_parser!(u32).range(6..=65_535))]
    preamble: u32,
    /// Leave out the header of the modulation
    #[arg(long)]
    implicit_header: bool,
    /// Leave out the checksum of the modulation
    #[arg(long)]
    no_crc: bool,
    /// Region whose law is applied, such as eu868
    #[arg(long, value_name = "NAME")]
    region: Option<String>,
    /// Frequency in kHz [default: the first channel of the region]
    #[arg(long, value_name = "KHZ", requires = "region", value_parser = clap::value_parser!(u32).range(1..=4_000_000))]
    frequency: Option<u32>,
    /// Print JSON instead of text
    #[arg(long)]
    json: bool,
}

pub(crate) fn airtime(arguments: &AirtimeArguments) -> Result<Outcome, Failure> {
    let modulation = Modulation {
        spreading: arguments.sf,
        bandwidth: choice("--bandwidth", &arguments.bandwidth, Bandwidth::OPTIONS)?,
        coding_rate: arguments.coding_rate,
        preamble: arguments.preamble,
        implicit_header: arguments.implicit_header,
        crc: !arguments.no_crc,
        low_data_rate: LowDataRate::Auto,
    };
    let region =
        arguments.region.as_deref().map(|name| choice("--region", name, Region::OPTIONS)).transpose()?;
    let hz = arguments.frequency.map(|khz| khz.saturating_mul(1_000));
    let report = AirtimeReport::of(&modulation, arguments.bytes, region, hz);
    if arguments.json {
        json::print(&report)?;
    } else {
        output::print(&text(&report))?;
    }
    Ok(Outcome::Success)
}

/// The option of an argument with a fixed set of names.
fn choice<T: Field>(path: &str, name: &str, options: &'static [&'static str]) -> Result<T, Failure> {
    let index = options.iter().position(|option| *option == name).ok_or_else(|| {
        let remedy = match nearest(name, options.iter().copied()) {
            Some(meant) => format!("did you mean {meant}?"),
            None => format!("choose one of {}", options.join(", ")),
        };
        Failure::one(Problem::new(path, format!("has no option {name:?}"), remedy))
    })?;
    Ok(T::from_raw(index as u64))
}

fn text(report: &AirtimeReport) -> String {
    let law = report.region.as_ref().map(|one| format!("{}: {}\n", one.region, sentence(one)));
    format!("{:.3} ms on the air\n{}", report.airtime_ms, law.unwrap_or_default())
}

/// The law in one sentence.
fn sentence(estimate: &Estimate) -> String {
    match estimate.budget {
        Budget::Frames { frames_per_hour, every_ms, .. } => {
            let mhz = f64::from(estimate.frequency_khz) / 1_000.0;
            format!("{frames_per_hour} frames an hour at {mhz} MHz, one every {:.1} s", ms(every_ms))
        }
        Budget::OutsideBand { from_khz, to_khz } => {
            format!("no frame: the band is {from_khz} to {to_khz} kHz")
        }
        Budget::TooLong { limit_ms, longest_bytes } => {
            let fits = longest_bytes
                .map_or("not even an empty frame fits".to_owned(), |bytes| format!("{bytes} bytes fit"));
            format!("no frame: a transmission lasts at most {limit_ms} ms, in which {fits}")
        }
    }
}

#[expect(clippy::cast_precision_loss, reason = "times on the air are far below 2^53 µs")]
fn ms(us: u64) -> f64 {
    us as f64 / 1_000.0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn report(spreading: u32, bytes: u32, region: Region) -> AirtimeReport {
        let modulation = Modulation {
            spreading,
            bandwidth: Bandwidth::Khz125,
            coding_rate: 5,
            preamble: 8,
            implicit_header: false,
            crc: true,
            low_data_rate: LowDataRate::Auto,
        };
        AirtimeReport::of(&modulation, bytes, Some(region), None)
    }

    #[test]
    fn texts_state_the_number_that_is_asked_for() {
        let text = super::text(&report(9, 64, Region::Eu868));
        assert_eq!(text, "390.144 ms on the air\neu868: 92 frames an hour at 868.1 MHz, one every 39.1 s\n");
        let text = super::text(&report(12, 64, Region::Eu868));
        assert!(text.ends_with("a transmission lasts at most 1000 ms, in which 10 bytes fit\n"), "{text}");
        let text = super::text(&report(9, 256, Region::Us915));
        assert!(text.contains("at most 400 ms"), "{text}");
    }

    #[test]
    fn a_mistyped_region_is_put_right() {
        assert!(choice::<Region>("--region", "eu869", Region::OPTIONS).is_err());
        assert!(matches!(choice("--region", "us915", Region::OPTIONS), Ok(Region::Us915)));
    }
}
