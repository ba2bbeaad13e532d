//! Arguments that several commands share, and their value parsers.

use std::error::Error;
use std::fmt;
use std::num::NonZeroUsize;
use std::ops::Range;
use std::path::PathBuf;
use std::thread;

use clap::Args;
use ringside_core::base::time::Tick;
use ringside_core::scenario::MAX_ROUNDS;
use ringside_core::scenario::command::MAX_TICK;
use ringside_core::study::simulation::Simulation;

/// An experiment with overrides.
#[derive(Args)]
pub(crate) struct ExperimentArguments {
    /// A preset, a file, or a link
    #[arg(value_name = "PRESET | FILE | LINK")]
    pub(crate) target: String,
    /// Random seed, decimal or hexadecimal with 0x, from 0 to 2^64 - 1 [default: that of the experiment]
    #[arg(long, value_name = "N", value_parser = seed, allow_negative_numbers = true)]
    pub(crate) seed: Option<u64>,
    /// Set a knob (repeatable): --set network.loss=0.05 --set peers.keepalive=on
    #[arg(long, value_name = "PATH=VALUE")]
    pub(crate) set: Vec<String>,
    /// Execute a command at a tick (repeatable): --inject '100 crash peer=#3' (see `ringside commands`)
    #[arg(long, value_name = "TICK KIND NAME=VALUE...", allow_hyphen_values = true)]
    pub(crate) inject: Vec<String>,
}

/// The length of a run.
#[derive(Args)]
pub(crate) struct LengthArguments {
    /// Number of rounds, 0 to 10000000 [default: that of the experiment]
    #[arg(long, value_name = "N", conflicts_with = "ticks", allow_negative_numbers = true)]
    #[arg(value_parser = clap::value_parser!(u64).range(..=u64::from(MAX_ROUNDS)))]
    pub(crate) rounds: Option<u64>,
    /// Number of ticks, 0 to 10000000000, for lengths that are not whole rounds [default: all rounds]
    #[arg(long, value_name = "N", allow_negative_numbers = true)]
    #[arg(value_parser = clap::value_parser!(u64).range(..=MAX_TICK))]
    pub(crate) ticks: Option<u64>,
}

impl LengthArguments {
    /// The tick at which the run ends.
    pub(crate) fn end(&self, simulation: &Simulation) -> Tick {
        let ticks_per_round = simulation.world().clock().ticks_per_round;
        let ticks = self.rounds.map(|rounds| rounds * ticks_per_round).or(self.ticks);
        ticks.map_or_else(|| simulation.end(), Tick)
    }
}

/// The number of threads.
#[derive(Args)]
pub(crate) struct JobsArguments {
    /// Number of threads, 1 to 1024; the result does not depend on it [default: number of CPUs]
    #[arg(long, value_name = "N", value_parser = jobs, allow_negative_numbers = true)]
    jobs: Option<NonZeroUsize>,
}

impl JobsArguments {
    /// The number of threads: `--jobs`, else the number of CPUs.
    pub(crate) fn threads(&self) -> NonZeroUsize {
        self.jobs.or_else(|| thread::available_parallelism().ok()).unwrap_or(NonZeroUsize::MIN)
    }
}

/// Seeds, threads and outputs of a series of runs.
#[derive(Args)]
pub(crate) struct SeriesArguments {
    /// Number of seeds of each combination, from that of the experiment upward, 1 to 10000
    #[arg(long, value_name = "N", default_value_t = 10, value_parser = clap::value_parser!(u32).range(1..=10_000))]
    pub(crate) seeds: u32,
    #[command(flatten)]
    pub(crate) jobs: JobsArguments,
    /// Print a JSON list instead of a table
    #[arg(long)]
    pub(crate) json: bool,
    /// Also write the rows to a CSV file, or - for standard output without a table
    #[arg(long, value_name = "FILE")]
    pub(crate) csv: Option<PathBuf>,
}

/// Parses a number of threads.
fn jobs(text: &str) -> Result<NonZeroUsize, String> {
    const JOBS_MAX: usize = 1_024;
    let number = text.parse().ok().filter(|jobs: &NonZeroUsize| jobs.get() <= JOBS_MAX);
    number.ok_or_else(|| {
        format!("expected a number of threads from 1 to {JOBS_MAX}; without --jobs there is one for each CPU")
    })
}

/// The most seeds of one swarm.
const SEEDS_MAX: u64 = 1_000_000;

/// A range of seeds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct SeedRange(pub(crate) Range<u64>);

/// A text that is no seed, or no range of seeds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SeedError {
    NotANumber,
    NotARange,
}

impl fmt::Display for SeedError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotANumber => write!(
                f,
                "expected a whole number from 0 to {}, or 0x and up to 16 hexadecimal digits",
                u64::MAX
            ),
            Self::NotARange => write!(
                f,
                "expected a number from 1 to {SEEDS_MAX}, or two with .. between them, the second one greater"
            ),
        }
    }
}

impl Error for SeedError {}

/// Parses `200`, which means 0 to 199, or `5000..6000`.
pub(crate) fn seed_range(text: &str) -> Result<SeedRange, SeedError> {
    let range = match text.split_once("..") {
        Some((start, end)) => seed(start)?..seed(end)?,
        None => 0..seed(text)?,
    };
    let count = range.end.saturating_sub(range.start);
    (1..=SEEDS_MAX).contains(&count).then_some(SeedRange(range)).ok_or(SeedError::NotARange)
}

/// Parses a seed, decimal or hexadecimal with 0x.
pub(crate) fn seed(text: &str) -> Result<u64, SeedError> {
    let hexadecimal = text.strip_prefix("0x").or_else(|| text.strip_prefix("0X"));
    let (digits, radix) = hexadecimal.map_or((text, 10), |digits| (digits, 16));
    // `from_str_radix` accepts a sign.
    let digits = digits.bytes().all(|byte| byte.is_ascii_alphanumeric()).then_some(digits);
    digits.and_then(|digits| u64::from_str_radix(digits, radix).ok()).ok_or(SeedError::NotANumber)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seeds_are_decimal_or_hexadecimal() {
        assert_eq!(seed("18446744073709551615"), Ok(u64::MAX));
        assert_eq!(seed("0xffffffffffffffff"), Ok(u64::MAX));
        assert_eq!(seed("0X2a"), Ok(42));
        for wrong in ["", "0x", "+1", "0x+1", "-1", "1.0", "1_000", "18446744073709551616", "ff"] {
            assert_eq!(seed(wrong), Err(SeedError::NotANumber), "{wrong}");
        }
    }

    #[test]
    fn seed_ranges_are_bounded_and_not_empty() {
        assert_eq!(seed_range("200"), Ok(SeedRange(0..200)));
        assert_eq!(seed_range("5000..6000"), Ok(SeedRange(5_000..6_000)));
        for wrong in ["0", "9..5", "5..5", "1000001"] {
            assert_eq!(seed_range(wrong), Err(SeedError::NotARange), "{wrong}");
        }
        assert_eq!(seed_range("1.."), Err(SeedError::NotANumber));
    }
}
