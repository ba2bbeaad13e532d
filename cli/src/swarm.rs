//! `ringside swarm`: whole worlds drawn from seeds, put to the test.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::ops::Range;

use comfy_table::CellAlignment::{Left, Right};
use ringside_core::observe::invariant::{Property, PropertyKind};
use ringside_core::study::swarm::{Length, Report, Size, examine};
use serde::Serialize;

use crate::args::SwarmArguments;
use crate::failure::Failure;
use crate::output::Outcome;
use crate::parallel::{run_all, threads};
use crate::table::aligned;
use crate::text::counted;
use crate::{json, output};

/// What came of all worlds.
#[derive(Serialize)]
struct Swarm {
    /// The first seed, and the one behind the last.
    seeds: [u64; 2],
    worlds: usize,
    /// Worlds in which peers had lost sight of one another when peace came.
    parted: usize,
    /// In how many worlds something was seen that is to be seen sometimes.
    seen: BTreeMap<&'static str, usize>,
    /// In ascending order of seed.
    failed: Vec<Report>,
}

pub(crate) fn swarm(arguments: &SwarmArguments) -> Result<Outcome, Failure> {
    let seeds: Vec<u64> = arguments.seeds.0.clone().collect();
    let length = arguments.rounds.map(Length::Rounds).or(arguments.ticks.map(Length::Ticks));
    let mut reports = Vec::new();
    run_all(
        &seeds,
        "worlds",
        threads(arguments.jobs),
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
    Ok(if swarm.failed.is_empty() { Outcome::Fine } else { Outcome::Differs })
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
        let _ = writeln!(text, "Seen in so many of {}:", counted(self.worlds as u64, "world", "worlds"));
        let seen: Vec<[String; 2]> =
            self.seen.iter().map(|(id, count)| [format!("  {id}"), count.to_string()]).collect();
        text += &aligned(&[Left, Right], &seen).join("\n");
        text + &format!(
            "\n\n{} of {} failed; in {} peers had lost sight of one another\n",
            self.failed.len(),
            counted(self.worlds as u64, "world", "worlds"),
            self.parted
        )
    }
}

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
