//! `ringside cache crash-test`: what a crash at each of many points leaves of the file.

use clap::Args;
use comfy_table::CellAlignment::{Left, Right};
use ringside_core::config::SaveRule;
use ringside_core::study::crash::{CrashOutcome, CrashTest, ENTRIES_MAX, POINTS_MAX, Strip};
use serde::Serialize;

use crate::failure::Failure;
use crate::output::Outcome;
use crate::table::aligned;
use crate::text::count;
use crate::{json, output};

/// Characters of a strip.
const WIDTH: usize = 72;

#[derive(Args)]
pub(crate) struct CrashArguments {
    /// Crash points, evenly spread over the time of the longest save
    #[arg(long, value_name = "N", default_value_t = 1_000,
          value_parser = clap::value_parser!(u32).range(1..=i64::from(POINTS_MAX)))]
    points: u32,
    /// Entries of the old file and of the new one
    #[arg(long, value_name = "N", default_value_t = 20,
          value_parser = clap::value_parser!(u32).range(1..=i64::from(ENTRIES_MAX)))]
    entries: u32,
    /// Time of a sync in ms
    #[arg(long, value_name = "MS", default_value_t = 20, value_parser = clap::value_parser!(u32).range(0..=60_000))]
    sync_ms: u32,
    /// Seed of what the disk keeps of a torn write
    #[arg(long, value_name = "N", default_value_t = 1)]
    seed: u64,
    /// Print the outcome of every crash point in JSON
    #[arg(long)]
    json: bool,
}

#[derive(Serialize)]
struct CrashReport<'a> {
    #[serde(flatten)]
    test: CrashTest,
    span_us: u64,
    saves: Vec<StripReport<'a>>,
}

#[derive(Serialize)]
struct StripReport<'a> {
    save: &'static str,
    save_us: u64,
    old: usize,
    new: usize,
    damaged: usize,
    lost: usize,
    mixed: usize,
    outcomes: &'a [CrashOutcome],
}

pub(super) fn crash_test(arguments: &CrashArguments) -> Result<Outcome, Failure> {
    let CrashArguments { seed, points, entries, sync_ms, json } = *arguments;
    let test = CrashTest { seed, points, entries, sync_ms };
    let strips = test.strips();
    if json {
        let saves = strips.iter().map(report).collect();
        json::print(&CrashReport { test, span_us: test.span_us(), saves })?;
    } else {
        output::print(&text(&test, &strips))?;
    }
    Ok(Outcome::Success)
}

fn report(strip: &Strip) -> StripReport<'_> {
    let [old, new, damaged, lost, mixed] = strip.counts();
    StripReport {
        save: name(strip.rule),
        save_us: strip.save_us,
        old,
        new,
        damaged,
        lost,
        mixed,
        outcomes: &strip.outcomes,
    }
}

const fn name(rule: SaveRule) -> &'static str {
    SaveRule::OPTIONS[rule as usize]
}

fn text(test: &CrashTest, strips: &[Strip]) -> String {
    let header = ["save", "takes", "old", "new", "damaged", "lost", "mixed"];
    let mut rows = vec![header.map(str::to_owned).to_vec()];
    rows.extend(strips.iter().map(row));
    let columns = [Left, Right, Right, Right, Right, Right, Right];
    let head = format!(
        "{} crashes, evenly spread over the {} of the longest save of {} entries\n\n",
        count(test.points.into()),
        duration(test.span_us()),
        count(test.entries.into()),
    );
    let drawn = strips.iter().map(|strip| format!("{:<8}{}\n", name(strip.rule), drawing(strip)));
    head + &aligned(&columns, &rows).join("\n")
        + "\n\n"
        + &drawn.collect::<String>()
        + "\no old, n new, X damaged, - lost, ! mixed: the worst outcome of the points under each character\n"
}

fn row(strip: &Strip) -> Vec<String> {
    let mut row = vec![name(strip.rule).to_owned(), duration(strip.save_us)];
    row.extend(strip.counts().map(|number| count(number as u64)));
    row
}

fn duration(micros: u64) -> String {
    format!("{}.{} ms", micros / 1_000, micros % 1_000 / 100)
}

/// A character for each part of the time, by the worst outcome in it.
fn drawing(strip: &Strip) -> String {
    let part = strip.outcomes.len().div_ceil(WIDTH);
    strip
        .outcomes
        .chunks(part)
        .map(|part| part.iter().copied().max_by_key(|one| badness(*one)).map_or(' ', sign))
        .collect()
}

const fn badness(outcome: CrashOutcome) -> u8 {
    match outcome {
        CrashOutcome::Old => 0,
        CrashOutcome::New => 1,
        CrashOutcome::Lost => 2,
        CrashOutcome::Damaged => 3,
        CrashOutcome::Mixed => 4,
    }
}

const fn sign(outcome: CrashOutcome) -> char {
    match outcome {
        CrashOutcome::Old => 'o',
        CrashOutcome::New => 'n',
        CrashOutcome::Damaged => 'X',
        CrashOutcome::Lost => '-',
        CrashOutcome::Mixed => '!',
    }
}
