//! What can be asked for, and the help.

use std::num::NonZeroUsize;
use std::ops::Range;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};
use ringside_core::scenario::MAX_ROUNDS;
use ringside_core::scenario::command::MAX_TICK;
use ringside_core::study::ensemble::{MEASURES, Measure};
use ringside_core::study::workload::exchange::NODES_MAX;

use crate::metrics::MetricsArguments;

const TARGETS: &str = "\
What is run:
  a preset    lifecycle                   see `ringside presets`
  a file      experiment.json             or - for the standard input
  a link      '#s=1.AQID...'              or the whole address, or what follows the \"#s=\"
A file that has the name of a preset is reached as ./name. A file of JSON reads, with nothing required:
  {
    \"preset\": \"lifecycle\",
    \"seed\": \"42\",
    \"rounds\": 500,
    \"set\": { \"network\": { \"loss\": 0.05 } },
    \"commands\": [{ \"at\": 100, \"kind\": \"join\", \"count\": 5 }]
  }";

const EXIT_CODES: &str = "\
Exit codes:
  0  all went well
  1  the run differs from the one that its link claims
  2  unusable input (nothing was run), or an output that cannot be written";

const EXAMPLES: &str = "\
Examples:
  ringside run lifecycle                            the experiment of a preset, as a table
  ringside run lifecycle --seed 7 --rounds 50       another world, and a shorter run
  ringside run seed-000 --set network.loss=0.05 --set peers.keepalive=on --json
  ringside knobs lifecycle                          everything that --set takes
  ringside link experiment.json                     a link that reproduces this very run
  ringside verify '#s=1.AQID...'                    does this link tell the truth?
  ringside claims                                   what the seeds claim, and whether it is so
  ringside sweep lifecycle --vary network.loss=0,0.1,0.2    one row for each value, over ten seeds
  ringside run lifecycle --inject '100 crash peer=#3'       the fourth peer crashes in tick 100
  ringside compare attack.json defence.json         what two experiments come to, side by side
  ringside test scenarios                           do these scenarios show what they expect?
  ringside swarm --seeds 1000                       does any of a thousand worlds go wrong?";

/// A laboratory for peer-lifecycle protocols: the same seed gives the same run, to the bit, everywhere
#[derive(Parser)]
#[command(name = "ringside", version, arg_required_else_help = true, subcommand_required = true)]
#[command(after_help = format!("{EXAMPLES}\n\n{TARGETS}\n\n{EXIT_CODES}"))]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Subcommand)]
pub(crate) enum Command {
    /// Run an experiment and report what came of it
    Run(RunArguments),
    /// Run an experiment and print the link that reproduces it and claims its outcome
    Link(LinkArguments),
    /// Print an experiment as a scenario file, to be read and changed
    Scenario(ScenarioArguments),
    /// Run what a link describes and tell whether its claim is true
    Verify(VerifyArguments),
    /// Check what seeds 000 and 001 claim, over many seeds, and say what is so
    Claims(ClaimsArguments),
    /// Run an experiment with every combination of some values, over many seeds
    Sweep(SweepArguments),
    /// Run several experiments over the same seeds, and set what they come to side by side
    Compare(CompareArguments),
    /// Turn the seven parameters that seed 000 wants tuned, one at a time, and tell what that changes
    Sensitivity(SensitivityArguments),
    /// Run scenario files and tell whether what they expect is so
    Test(TestArguments),
    /// Draw whole worlds from seeds, let faults befall them, and tell which do not come right
    Swarm(SwarmArguments),
    /// Measure how fast this machine is
    Bench(BenchArguments),
    /// List the presets: named starting points
    Presets(PresetsArguments),
    /// List the commands: everything that --inject and the `commands` of a scenario file take
    Commands(CommandsArguments),
    /// List the knobs: everything that --set takes, with the values of a preset
    Knobs(KnobsArguments),
    /// List the metrics: the columns of the history that --csv writes
    Metrics(MetricsArguments),
}

const RUN_EXAMPLES: &str = "\
Examples:
  ringside run lifecycle
  ringside run lifecycle --seed 7 --rounds 50 --set network.loss=0.05
  ringside run experiment.json --json | jq .answers_per_query
  ringside run lifecycle --csv history.csv
  ringside run lifecycle --inject '100 cut-halves salt=1' --inject '200 heal' --inject '250 crash peer=#0'
  echo '{ \"preset\": \"lifecycle\", \"rounds\": 20 }' | ringside run -";

#[derive(Args)]
#[command(after_help = format!("{RUN_EXAMPLES}\n\n{TARGETS}\n\n{EXIT_CODES}"))]
pub(crate) struct RunArguments {
    #[command(flatten)]
    pub(crate) experiment: Experiment,
    #[command(flatten)]
    pub(crate) length: Length,
    /// Threads; as many as there are processors where it is not given. The result does not depend on it
    #[arg(long, value_name = "N")]
    pub(crate) jobs: Option<NonZeroUsize>,
    /// Print one JSON object instead of a table
    #[arg(long)]
    pub(crate) json: bool,
    /// Write the history to a file as well: a row of comma-separated values for each sample
    #[arg(long, value_name = "FILE")]
    pub(crate) csv: Option<PathBuf>,
}

const LINK_EXAMPLES: &str = "\
Examples:
  ringside link lifecycle --seed 7
  ringside link experiment.json --base https://example.org/ringside/
  ringside link lifecycle --set network.loss=0.05 --no-run
  ringside link lifecycle | ringside verify -";

#[derive(Args)]
#[command(after_help = format!("{LINK_EXAMPLES}\n\n{TARGETS}\n\n{EXIT_CODES}"))]
pub(crate) struct LinkArguments {
    #[command(flatten)]
    pub(crate) experiment: Experiment,
    #[command(flatten)]
    pub(crate) length: Length,
    /// Run nothing: the link has the scenario alone and claims nothing
    #[arg(long, conflicts_with_all = ["rounds", "ticks"])]
    pub(crate) no_run: bool,
    /// The address of the page, to make the link a whole address
    #[arg(long, value_name = "URL")]
    pub(crate) base: Option<String>,
}

const SCENARIO_EXAMPLES: &str = "\
Examples:
  ringside scenario '#s=1.AQID...'                          what is in this link?
  ringside scenario improved --set network.loss=0.1 > mine.json
  ringside link mine.json --no-run | ringside scenario -";

#[derive(Args)]
#[command(after_help = format!("{SCENARIO_EXAMPLES}\n\n{TARGETS}\n\n{EXIT_CODES}"))]
pub(crate) struct ScenarioArguments {
    #[command(flatten)]
    pub(crate) experiment: Experiment,
}

const VERIFY_EXAMPLES: &str = "\
Examples:
  ringside verify 'https://example.org/ringside/#s=1.AQID...'
  ringside verify - < link.txt && echo 'it tells the truth'";

#[derive(Args)]
#[command(after_help = format!("{VERIFY_EXAMPLES}\n\n{EXIT_CODES}"))]
pub(crate) struct VerifyArguments {
    /// The link, in quotation marks: many shells read "#" otherwise; - reads it from the standard input
    #[arg(value_name = "LINK")]
    pub(crate) link: String,
    /// Threads; as many as there are processors where it is not given. The result does not depend on it
    #[arg(long, value_name = "N")]
    pub(crate) jobs: Option<NonZeroUsize>,
}

const CLAIMS_EXAMPLES: &str = "\
Examples:
  ringside claims
  ringside claims answer-share success-rate --seeds 30
  ringside claims --quick
  ringside claims --json | jq '.[] | {id, verdict, value}'
  ringside claims --markdown > docs/claims.md

What is printed with --json is a list with an object for each claim:
  id, source, claim    its name, where it stands (seed, section), what it says
  verdict              reproduced, not-reproduced, only-if, or undecided
  value, expected, sentence    what was found, in words
  measure, unit, seeds, quick, link
  readings             the experiment as it stands, then under each condition: condition, standing
                       (holds, fails, open), value and arms, each with runs, undefined, mean, sd,
                       low and high (95 %), min, median, max

Exit codes:
  0  all claims were checked, whatever was found
  2  unusable input (nothing was run), or an output that cannot be written";

#[derive(Args)]
#[command(after_help = CLAIMS_EXAMPLES)]
pub(crate) struct ClaimsArguments {
    /// The claims to check; all where none is named
    #[arg(value_name = "ID")]
    pub(crate) ids: Vec<String>,
    /// How many seeds every experiment is run with; more seeds make narrower intervals
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(2..=10_000))]
    pub(crate) seeds: Option<u32>,
    /// Take few seeds and cut long experiments short
    #[arg(long)]
    pub(crate) quick: bool,
    /// Threads; as many as there are processors where it is not given. The result does not depend on it
    #[arg(long, value_name = "N")]
    pub(crate) jobs: Option<NonZeroUsize>,
    /// Print a list in JSON instead of text
    #[arg(long)]
    pub(crate) json: bool,
    /// Print a document in Markdown instead of text
    #[arg(long, conflicts_with = "json")]
    pub(crate) markdown: bool,
}

const SWEEP_EXAMPLES: &str = "\
Examples:
  ringside sweep lifecycle --vary network.loss=0,0.1,0.2
  ringside sweep seed-000 --vary election.consensus_threshold=6,7,8 --vary tokens.coverage=0.8,0.9,1 --seeds 30
  ringside sweep lifecycle --vary genesis.peers=30,100,300 --rounds 100 --measure connected --csv sizes.csv";

#[derive(Args)]
#[command(after_help = format!("{SWEEP_EXAMPLES}\n\n{}\n\n{TARGETS}\n\n{EXIT_CODES}", measures()))]
pub(crate) struct SweepArguments {
    #[command(flatten)]
    pub(crate) experiment: Experiment,
    /// A knob and its values, as often as wanted: every combination is run
    #[arg(long, value_name = "PATH=V1,V2", required = true)]
    pub(crate) vary: Vec<String>,
    /// What is read from the runs, as often as wanted
    #[arg(long, value_name = "NAME")]
    pub(crate) measure: Vec<String>,
    /// How many rounds to run, instead of those of the experiment
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=i64::from(MAX_ROUNDS)))]
    pub(crate) rounds: Option<u32>,
    #[command(flatten)]
    pub(crate) manner: Manner,
}

const COMPARE_EXAMPLES: &str = "\
Examples:
  ringside compare scenarios/attack-forger.json scenarios/defence-forger.json
  ringside compare seed-000 next improved --measure completion --measure connected --seeds 5

Each experiment is a row. Beside its name stand the knobs in which the experiments differ.";

#[derive(Args)]
#[command(after_help = format!("{COMPARE_EXAMPLES}\n\n{}\n\n{TARGETS}\n\n{EXIT_CODES}", measures()))]
pub(crate) struct CompareArguments {
    /// Presets, files or links
    #[arg(value_name = "PRESET | FILE | LINK", required = true, num_args = 2..)]
    pub(crate) targets: Vec<String>,
    /// What is read from the runs, as often as wanted
    #[arg(long, value_name = "NAME")]
    pub(crate) measure: Vec<String>,
    /// How many rounds to run, instead of those of each experiment
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=i64::from(MAX_ROUNDS)))]
    pub(crate) rounds: Option<u32>,
    #[command(flatten)]
    pub(crate) manner: Manner,
}

const SENSITIVITY_EXAMPLES: &str = "\
Examples:
  ringside sensitivity
  ringside sensitivity seed-000 --seeds 30 --csv sensitivity.csv";

#[derive(Args)]
#[command(after_help = format!("{SENSITIVITY_EXAMPLES}\n\n{EXIT_CODES}"))]
pub(crate) struct SensitivityArguments {
    /// The preset whose parameters are turned: to a quarter, half, twice and four times their values
    #[arg(default_value = "next")]
    pub(crate) preset: String,
    /// How many rounds to run, instead of those of the preset
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=i64::from(MAX_ROUNDS)))]
    pub(crate) rounds: Option<u32>,
    #[command(flatten)]
    pub(crate) manner: Manner,
}

/// How a sweep is made, and where it goes.
#[derive(Args)]
pub(crate) struct Manner {
    /// How many seeds every combination is run with, counted from that of the experiment
    #[arg(long, value_name = "N", default_value_t = 10, value_parser = clap::value_parser!(u32).range(1..=10_000))]
    pub(crate) seeds: u32,
    /// Threads; as many as there are processors where it is not given. The result does not depend on it
    #[arg(long, value_name = "N")]
    pub(crate) jobs: Option<NonZeroUsize>,
    /// Print a list in JSON instead of a table
    #[arg(long)]
    pub(crate) json: bool,
    /// Write the rows to a file of comma-separated values as well
    #[arg(long, value_name = "FILE")]
    pub(crate) csv: Option<PathBuf>,
}

const TEST_EXAMPLES: &str = "\
Examples:
  ringside test scenarios
  ringside test scenarios/partition.json mine.json --json

What a file expects stands beside its scenario, and is no part of a link:
  \"title\": \"The ring heals\",
  \"expect\": [
    { \"at\": 100, \"measure\": \"shape.mutual_islands.count\", \"at_least\": 2 },
    { \"measure\": \"peers.connected.min\", \"at_least\": 1, \"at_most\": 24 },
    { \"invariants\": true }
  ]
\"at\" is a round, the last one where it is missing. A measure is a path in what `ringside run --json` prints; a switch
counts as 1 or 0. \"invariants\" expects that all properties hold which have to, in every round and at the end.

Exit codes:
  0  everything is as expected
  1  something is not
  2  unusable input (nothing was run), or an output that cannot be written";

#[derive(Args)]
#[command(after_help = TEST_EXAMPLES)]
pub(crate) struct TestArguments {
    /// Scenario files, or folders of which every *.json is one
    #[arg(value_name = "FILE | FOLDER", required = true)]
    pub(crate) paths: Vec<PathBuf>,
    /// Print a list in JSON instead of text
    #[arg(long)]
    pub(crate) json: bool,
}

const SWARM_EXAMPLES: &str = "\
Examples:
  ringside swarm
  ringside swarm --seeds 5000..6000 --jobs 8
  ringside swarm --seeds 200 --rounds 300 --json | jq '.failed[] | {seed, link}'

Each seed draws a world: how many peers, who knows whom, the parameters, what links do, churn, and up to seven faults, from
a cut to sybils. As long as they last nothing may happen that never may. Then peace comes, and all has to come right in a
bounded number of rounds. A world that fails is made as small as it can be made while the same property fails, and told with
its link.

Exit codes:
  0  no world failed
  1  some did
  2  unusable input (nothing was run), or an output that cannot be written";

#[derive(Args)]
#[command(after_help = SWARM_EXAMPLES)]
pub(crate) struct SwarmArguments {
    /// How many seeds, from 0 on, or from which to before which: 200 or 5000..6000
    #[arg(long, value_name = "N | A..B", default_value = "200", value_parser = seeds)]
    pub(crate) seeds: Seeds,
    /// How many rounds the faults last, instead of what the seed draws
    #[arg(long, value_name = "N", conflicts_with = "ticks", value_parser = clap::value_parser!(u32).range(1..=100_000))]
    pub(crate) rounds: Option<u32>,
    /// How many ticks the faults last, up to the end of their round
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..=100_000))]
    pub(crate) ticks: Option<u64>,
    /// Threads; as many as there are processors where it is not given. The result does not depend on it
    #[arg(long, value_name = "N")]
    pub(crate) jobs: Option<NonZeroUsize>,
    /// Print one JSON object instead of text
    #[arg(long)]
    pub(crate) json: bool,
}

/// Seeds, one after another.
#[derive(Clone)]
pub(crate) struct Seeds(pub(crate) Range<u64>);

#[derive(Args)]
pub(crate) struct BenchArguments {
    #[command(subcommand)]
    pub(crate) command: BenchCommand,
}

#[derive(Subcommand)]
pub(crate) enum BenchCommand {
    /// The queue of messages alone, without a protocol
    Exchange(ExchangeArguments),
}

const EXCHANGE_EXAMPLES: &str = "\
Every node sends to one of its 20 neighbours in each tick, drawn at random; a message takes 1 to 10 ticks, each as
likely; whoever gets a request replies once. One thread does it all. The time is that of the ticks, without the making
of the nodes.

Examples:
  ringside bench exchange
  ringside bench exchange --nodes 1000000 --ticks 30 --json

What is printed with --json is one object:
  nodes, ticks, delivered, seconds, delivered_per_second
  peak_bytes           the most memory that the process has had, null where the system does not tell";

#[derive(Args)]
#[command(after_help = EXCHANGE_EXAMPLES)]
pub(crate) struct ExchangeArguments {
    /// Nodes
    #[arg(long, value_name = "N", default_value_t = 10_000)]
    #[arg(value_parser = clap::value_parser!(u32).range(2..=i64::from(NODES_MAX)))]
    pub(crate) nodes: u32,
    /// Ticks
    #[arg(long, value_name = "N", default_value_t = 1_000)]
    #[arg(value_parser = clap::value_parser!(u64).range(1..=MAX_TICK))]
    pub(crate) ticks: u64,
    /// What all chance is drawn from: a whole number of 64 bits, decimal or hexadecimal with 0x
    #[arg(long, value_name = "N", value_parser = seed, default_value = "1")]
    pub(crate) seed: u64,
    /// Print one JSON object instead of text
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Args)]
pub(crate) struct PresetsArguments {
    /// Print a list in JSON instead of a table
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Args)]
pub(crate) struct CommandsArguments {
    /// Print a list in JSON instead of a table
    #[arg(long)]
    pub(crate) json: bool,
}

const KNOBS_EXAMPLES: &str = "\
Examples:
  ringside knobs
  ringside knobs lifecycle | grep -A 1 network
  ringside knobs lifecycle --json | jq '.[] | select(.live)'";

#[derive(Args)]
#[command(after_help = KNOBS_EXAMPLES)]
pub(crate) struct KnobsArguments {
    /// The preset whose values are shown; the first one of `ringside presets` where none is named
    pub(crate) preset: Option<String>,
    /// Print a list in JSON instead of a table
    #[arg(long)]
    pub(crate) json: bool,
}

/// What is run.
#[derive(Args)]
pub(crate) struct Experiment {
    /// A preset, a file, or a link
    #[arg(value_name = "PRESET | FILE | LINK")]
    pub(crate) target: String,
    /// What all chance is drawn from: a whole number of 64 bits, decimal or hexadecimal with 0x
    #[arg(long, value_name = "N", value_parser = seed, allow_negative_numbers = true)]
    pub(crate) seed: Option<u64>,
    /// Turn a knob, as often as wanted: --set network.loss=0.05 --set peers.keepalive=on
    #[arg(long, value_name = "PATH=VALUE")]
    pub(crate) set: Vec<String>,
    /// Do something to the world at a tick, as often as wanted: --inject '100 crash peer=#3' (see `ringside commands`)
    #[arg(long, value_name = "TICK KIND NAME=VALUE...", allow_hyphen_values = true)]
    pub(crate) inject: Vec<String>,
}

/// For how long it is run.
#[derive(Args)]
pub(crate) struct Length {
    /// How many rounds to run, instead of those of the experiment
    #[arg(long, value_name = "N", conflicts_with = "ticks", allow_negative_numbers = true)]
    #[arg(value_parser = clap::value_parser!(u64).range(..=u64::from(MAX_ROUNDS)))]
    pub(crate) rounds: Option<u64>,
    /// How many ticks to run, where whole rounds are too coarse
    #[arg(long, value_name = "N", allow_negative_numbers = true)]
    #[arg(value_parser = clap::value_parser!(u64).range(..=MAX_TICK))]
    pub(crate) ticks: Option<u64>,
}

/// What --measure takes.
fn measures() -> String {
    let line = |measure: &Measure| format!("\n  {:<26}{}", measure.name, measure.title);
    format!("Measures:{}", MEASURES.iter().map(line).collect::<String>())
}

/// The most seeds of one swarm.
const SEEDS_MAX: u64 = 1_000_000;

fn seeds(text: &str) -> Result<Seeds, String> {
    let range = match text.split_once("..") {
        Some((start, end)) => seed(start)?..seed(end)?,
        None => 0..seed(text)?,
    };
    let count = range.end.saturating_sub(range.start);
    (1..=SEEDS_MAX).contains(&count).then_some(Seeds(range)).ok_or_else(|| {
        format!(
            "expected a number from 1 to {SEEDS_MAX}, or two with .. between them, the second one greater"
        )
    })
}

fn seed(text: &str) -> Result<u64, String> {
    let hexadecimal = text.strip_prefix("0x").or_else(|| text.strip_prefix("0X"));
    let (digits, radix) = hexadecimal.map_or((text, 10), |digits| (digits, 16));
    // `from_str_radix` would take a sign.
    let found = digits.bytes().all(|byte| byte.is_ascii_alphanumeric()).then_some(digits);
    found.and_then(|digits| u64::from_str_radix(digits, radix).ok()).ok_or_else(|| {
        format!("expected a whole number from 0 to {}, or 0x and up to 16 hexadecimal digits", u64::MAX)
    })
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;

    #[test]
    fn the_arguments_do_not_contradict_one_another() {
        Arguments::command().debug_assert();
    }

    #[test]
    fn seeds_are_decimal_or_hexadecimal() {
        assert_eq!(seed("18446744073709551615"), Ok(u64::MAX));
        assert_eq!(seed("0xffffffffffffffff"), Ok(u64::MAX));
        assert_eq!(seed("0X2a"), Ok(42));
        for wrong in ["", "0x", "+1", "0x+1", "-1", "1.0", "1_000", "18446744073709551616", "ff"] {
            assert!(seed(wrong).is_err(), "{wrong}");
        }
    }
}
