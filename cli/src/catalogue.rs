//! `ringside presets` and `ringside knobs`.

use comfy_table::CellAlignment::Left;
use ringside_core::config::knob::{KNOBS, Kind, Knob, KnobValue, share_number};
use ringside_core::scenario::preset::{PRESETS, Preset};
use serde::Serialize;

use crate::args::{KnobsArguments, PresetsArguments};
use crate::failure::Failure;
use crate::output::Outcome;
use crate::table::{HEADING, aligned};
use crate::text::counted;
use crate::{json, output};

pub(crate) fn presets(arguments: &PresetsArguments) -> Result<Outcome, Failure> {
    if arguments.json {
        json::print(&PRESETS)?;
    } else {
        let texts: Vec<_> = PRESETS.iter().map(preset_text).collect();
        output::print(&texts.join("\n"))?;
    }
    Ok(Outcome::Fine)
}

fn preset_text(preset: &Preset) -> String {
    let Preset { name, title, summary, rounds, .. } = preset;
    let rounds = counted((*rounds).into(), "round", "rounds");
    format!("{HEADING}{name}{HEADING:#}  {title}, {rounds}\n  {summary}\n")
}

pub(crate) fn knobs(arguments: &KnobsArguments) -> Result<Outcome, Failure> {
    let named = arguments.preset.as_deref().map_or(Ok(&PRESETS[0]), Preset::by_name);
    let preset = named.map_err(Failure::one)?;
    if arguments.json {
        let entries: Vec<_> = KNOBS.iter().map(|knob| Entry::of(knob, preset)).collect();
        json::print(&entries)?;
    } else {
        output::print(&knobs_text(preset))?;
    }
    Ok(Outcome::Fine)
}

/// A knob as programs read it.
#[derive(Serialize)]
struct Entry {
    path: &'static str,
    section: &'static str,
    /// The type of its values, and their range.
    range: Kind,
    unit: &'static str,
    /// The preset's value.
    default: KnobValue,
    meaning: &'static str,
    live: bool,
}

impl Entry {
    fn of(knob: &Knob, preset: &Preset) -> Self {
        let Knob { path, kind, unit, meaning, live, .. } = *knob;
        let default = knob.value(&preset.config);
        Self { path, section: knob.section(), range: kind, unit, default, meaning, live }
    }
}

/// Two lines for each knob: the facts below one another, and what it means.
fn knobs_text(preset: &Preset) -> String {
    let Preset { name, title, .. } = preset;
    let rows: Vec<_> = KNOBS.iter().map(|knob| facts(knob, preset)).collect();
    let lines = aligned(&[Left; 4], &rows);
    let head =
        format!("Knobs with the values of {title} ({name}). Those marked live also turn during a run.\n");
    let mut parts = vec![head];
    let mut section = "";
    for (knob, line) in KNOBS.iter().zip(lines) {
        if knob.section() != section {
            section = knob.section();
            parts.push(format!("\n{HEADING}{section}{HEADING:#}\n"));
        }
        parts.push(format!("  {line}\n      {}\n", knob.meaning));
    }
    parts.concat()
}

fn facts(knob: &Knob, preset: &Preset) -> [String; 4] {
    let value = knob.value(&preset.config).to_string();
    let live = if knob.live { "live" } else { "" };
    [knob.path.to_owned(), value, live.to_owned(), range(knob)]
}

fn range(knob: &Knob) -> String {
    match knob.kind {
        Kind::Count { min, max } => format!("{min} to {max} {}", knob.unit).trim_end().to_owned(),
        Kind::Share { max } => format!("0 to {}", share_number(max)),
        Kind::Switch => "on or off".to_owned(),
        Kind::Choice { options } => options.join(", "),
    }
}
