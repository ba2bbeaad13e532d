//! The commands: one module each, with its arguments, its help and its work.

mod airtime;
mod bench;
mod cache;
mod claims;
mod commands;
mod compare;
mod completions;
mod knobs;
mod link;
mod metrics;
mod presets;
mod run;
mod scenario;
mod sensitivity;
mod swarm;
mod sweep;
mod test;
mod verify;

use clap::{Parser, Subcommand};

use crate::failure::Failure;
use crate::help::{EXIT_CODES, TARGETS};
use crate::output::Outcome;

const EXAMPLES: &str = "\
Examples:
  ringside run lifecycle                            run a preset and print a table
  ringside run lifecycle --seed 7 --rounds 50       another world, and a shorter run
  ringside run seed-000 --set network.loss=0.05 --set peers.keepalive=on --json
  ringside knobs lifecycle                          list every path that --set accepts
  ringside link experiment.json                     print a link that reproduces the run
  ringside verify '#s=1.AQID...'                    check the outcome that a link records
  ringside claims                                   check the claims of the five documents
  ringside sweep lifecycle --vary network.loss=0,0.1,0.2    one row per value, over ten seeds
  ringside run lifecycle --inject '100 crash peer=#3'       crash the fourth peer in tick 100
  ringside compare attack.json defence.json         two experiments side by side
  ringside test scenarios                           check the expectations of scenario files
  ringside cache show peer_cache.json               entries of a peer cache in dial order
  ringside airtime --sf 9 --bytes 64 --region eu868         time on the air of a LoRa frame
  ringside swarm --seeds 1000                       search a thousand random worlds for failures";

/// A laboratory for peer-lifecycle protocols: the same seed gives the same run, to the bit, on every machine
#[derive(Parser)]
#[command(name = "ringside", version, arg_required_else_help = true, subcommand_required = true)]
#[command(after_help = format!("{EXAMPLES}\n\n{TARGETS}\n\n{EXIT_CODES}"))]
pub(crate) struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Run an experiment and report its outcome
    Run(run::RunArguments),
    /// Run an experiment and print the link that reproduces it and records its outcome
    Link(link::LinkArguments),
    /// Print an experiment as a scenario file to read and edit
    Scenario(scenario::ScenarioArguments),
    /// Run the experiment of a link and check the outcome that the link records
    Verify(verify::VerifyArguments),
    /// Check the claims of the five documents over many seeds
    Claims(claims::ClaimsArguments),
    /// Run an experiment with every combination of some values, over many seeds
    Sweep(sweep::SweepArguments),
    /// Run several experiments over the same seeds and print them side by side
    Compare(compare::CompareArguments),
    /// Vary the seven parameters that document 000 lists for tuning, one at a time
    Sensitivity(sensitivity::SensitivityArguments),
    /// Run scenario files and check their expectations
    Test(test::TestArguments),
    /// Generate random worlds from seeds, inject faults, and report those that do not recover
    Swarm(swarm::SwarmArguments),
    /// Read files of version 1 of the peer cache of document 003, and test how they are saved
    Cache(cache::CacheArguments),
    /// Print the time on the air of a LoRa frame, and how many an hour a region allows
    Airtime(airtime::AirtimeArguments),
    /// Measure the speed of this machine
    Bench(bench::BenchArguments),
    /// List the presets: named starting points
    Presets(presets::PresetsArguments),
    /// List the commands that --inject and the `commands` of a scenario file accept
    Commands(commands::CommandsArguments),
    /// List the knobs that --set accepts, with the values of a preset
    Knobs(knobs::KnobsArguments),
    /// List the metrics: the columns of the history that --csv writes
    Metrics(metrics::MetricsArguments),
    /// Print the completion script of a shell
    Completions(completions::CompletionsArguments),
    /// Print the manual page, in roff
    Man(completions::ManArguments),
}

/// Executes the command.
pub(crate) fn execute(Arguments { command }: &Arguments) -> Result<Outcome, Failure> {
    match command {
        Command::Run(arguments) => run::run(arguments),
        Command::Link(arguments) => link::link(arguments),
        Command::Scenario(arguments) => scenario::scenario(arguments),
        Command::Verify(arguments) => verify::verify(arguments),
        Command::Claims(arguments) => claims::claims(arguments),
        Command::Sweep(arguments) => sweep::sweep(arguments),
        Command::Compare(arguments) => compare::compare(arguments),
        Command::Sensitivity(arguments) => sensitivity::sensitivity(arguments),
        Command::Test(arguments) => test::test(arguments),
        Command::Swarm(arguments) => swarm::swarm(arguments),
        Command::Cache(arguments) => cache::cache(arguments),
        Command::Airtime(arguments) => airtime::airtime(arguments),
        Command::Bench(arguments) => bench::bench(arguments),
        Command::Presets(arguments) => presets::presets(arguments),
        Command::Commands(arguments) => commands::commands(arguments),
        Command::Knobs(arguments) => knobs::knobs(arguments),
        Command::Metrics(arguments) => metrics::metrics(arguments),
        Command::Completions(arguments) => completions::completions(arguments),
        Command::Man(arguments) => completions::man(arguments),
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;

    #[test]
    fn the_arguments_do_not_contradict_one_another() {
        Arguments::command().debug_assert();
    }
}
