//! `ringside swarm`: random worlds under faults, checked against every property.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::ops::Range;

use clap::Args;
use comfy_table::CellAlignment::{Left, Right};
use ringside_core::observe::invariant::{Property, PropertyKind};
use ringside_core::study::swarm::{Length, Report, Size, examine};
use serde::Serialize;

use crate::arguments::{JobsArguments, SeedRange, seed_range};
use crate::failure::Failure;
use crate::output::Outcome;
use crate::parallel::run_all;
use crate::table::aligned;
use crate::text::counted;
use crate::{json, output};

const EXAMPLES: &str = "\
Examples:
  ringside swarm
  ringside swarm --seeds 5000..6000 --jobs 8
  ringside swarm --seeds 200 --rounds 300 --json | jq '.failed[] | {seed, link}'

Each seed generates a world: the number of peers, their first contacts, parameters, link settings, churn, and up to seven
faults, from a partition to sybils. Safety properties must hold while the faults last. Then all faults are healed, and
every liveness property must hold within a bounded number of rounds. A failing world is shrunk to a minimal one that
violates the same property, and is printed with its link.

Exit codes:
  0  no world failed
  1  at least one world failed
  2  unusable input (nothing was run), or an output that cannot be written";

#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct SwarmArguments {
    /// Number of seeds from 0 upward, or a half-open range: 200 or 5000..6000; at most 1000000
    #[arg(long, value_name = "N | A..B", default_value = "200", value_parser = seed_range)]
    seeds: SeedRange,
    /// Number of rounds with faults, 1 to 100000 [default: drawn from the seed]
    #[arg(long, value_name = "N", conflicts_with = "ticks", value_parser = clap::value_parser!(u32).range(1..=100_000))]
    rounds: Option<u32>,
    /// Number of ticks with faults, 1 to 100000, rounded up to whole rounds [default: all of --rounds]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..=100_000))]
    ticks: Option<u64>,
    #[command(flatten)]
    jobs: JobsArguments,
    /// Print one JSON object instead of text
    #[arg(long)]
    json: bool,
}

/// The outcome of all worlds.
#[derive(Serialize)]
struct Swarm {
    /// The first seed, and the one after the last.
    seeds: [u64; 2],
    worlds: usize,
    /// Number of worlds whose peers were partitioned when the faults were healed.
    parted: usize,
    /// Number of worlds in which each `Sometimes` property was observed, by property id.
    seen: BTreeMap<&'static str, usize>,
    /// Failed worlds in ascending order of seed.
    failed: Vec<Report>,
}

pub(crate) fn swarm(arguments: &SwarmArguments) -> Result<Outcome, Failure> {
    let seeds: Vec<u64> = arguments.seeds.0.clone().collect();
    let length = arguments.rounds.map(Length::Rounds).or(arguments.ticks.map(Length::Ticks));
    let mut reports = Vec::new();
    run_all(
        &seeds,
        "worlds",
        arguments.jobs.threads(),
        |seed| examine(*seed, length),
        |report| reports.push(report),
    );
    reports.sort_by_key(|report: &Report| report.seed);
    let swarm = Swarm::of(&arguments.seeds.0, reports);
    if arguments.json {
        json::print(&swarm)?;
    } else {
        output::print(&swarm.text())?;
    }
    Ok(if swarm.failed.is_empty() { Outcome::Success } else { Outcome::Differs })
}

impl Swarm {
    fn of(seeds: &Range<u64>, reports: Vec<Report>) -> Self {
        let sometimes = Property::of_kind(PropertyKind::Sometimes).map(|property| property.id);
        let count = |id| reports.iter().filter(|report| report.seen.contains(&id)).count();
        Self {
            seeds: [seeds.start, seeds.end],
            worlds: reports.len(),
            parted: reports.iter().filter(|report| report.partitioned).count(),
            seen: sometimes.map(|id| (id, count(id))).collect(),
            failed: reports.into_iter().filter(|report| report.failure.is_some()).collect(),
        }
    }

    fn text(&self) -> String {
        let mut text = String::new();
        let rows: Vec<[String; 6]> = self.failed.iter().filter_map(row).collect();
        if !rows.is_empty() {
            let heading = ["seed", "property", "tick", "peers", "commands", "rounds"].map(str::to_owned);
            let rows: Vec<_> = [heading].into_iter().chain(rows).collect();
            text = aligned(&[Right, Left, Right, Right, Right, Right], &rows).join("\n") + "\n\n";
        }
        for report in &self.failed {
            let found = report.failure.as_ref().map_or("", |failure| failure.text.as_str());
            let link =
                report.link.as_ref().map_or("(too long for a link)".to_owned(), |link| format!("#s={link}"));
            let _ = writeln!(text, "seed {}: {found}\n    {link}", report.seed);
        }
        if !self.failed.is_empty() {
            text.push('\n');
        }
        let worlds = counted(self.worlds as u64, "world", "worlds");
        let _ = writeln!(
            text,
            "Expected situations, each with the number of worlds that reached it, of {worlds}:"
        );
        let seen: Vec<[String; 2]> =
            self.seen.iter().map(|(id, count)| [format!("  {id}"), count.to_string()]).collect();
        text += &aligned(&[Left, Right], &seen).join("\n");
        text + &format!(
            "\n\n{} of {worlds} failed; {} were partitioned when the faults were healed\n",
            self.failed.len(),
            self.parted
        )
    }
}

/// The line of a failed world; `None` if it did not fail.
fn row(report: &Report) -> Option<[String; 6]> {
    let failure = report.failure.as_ref()?;
    let Size { peers, commands, rounds } = report.size?;
    let numbers = [u64::from(peers), commands as u64, u64::from(rounds)].map(|number| number.to_string());
    let [peers, commands, rounds] = numbers;
    Some([
        report.seed.to_string(),
        failure.property.to_owned(),
        failure.tick.to_string(),
        peers,
        commands,
        rounds,
    ])
}
