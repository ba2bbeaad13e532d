//! `ringside knobs`.

use clap::Args;
use comfy_table::CellAlignment::Left;
use ringside_core::config::KNOBS;
use ringside_core::config::knob::{Kind, Knob, KnobValue};
use ringside_core::config::preset::{PRESETS, Preset};
use serde::Serialize;

use crate::failure::Failure;
use crate::output::Outcome;
use crate::table::{HEADING, aligned};
use crate::{json, output, range};

const EXAMPLES: &str = "\
Examples:
  ringside knobs
  ringside knobs lifecycle | grep -A 1 network
  ringside knobs lifecycle --json | jq '.[] | select(.live)'";

#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct KnobsArguments {
    /// The preset whose values are shown [default: the first of `ringside presets`]
    preset: Option<String>,
    /// Print a JSON list instead of a table
    #[arg(long)]
    json: bool,
}

pub(crate) fn knobs(arguments: &KnobsArguments) -> Result<Outcome, Failure> {
    let named = arguments.preset.as_deref().map_or(Ok(&PRESETS[0]), Preset::by_name);
    let preset = named.map_err(Failure::one)?;
    if arguments.json {
        let entries: Vec<_> = KNOBS.iter().map(|knob| KnobEntry::of(knob, preset)).collect();
        json::print(&entries)?;
    } else {
        output::print(&text(preset))?;
    }
    Ok(Outcome::Success)
}

/// The JSON form of a knob.
#[derive(Serialize)]
struct KnobEntry {
    path: &'static str,
    section: &'static str,
    /// The type and the range of its values.
    range: Kind,
    unit: &'static str,
    /// The preset's value.
    default: KnobValue,
    meaning: &'static str,
    live: bool,
}

impl KnobEntry {
    fn of(knob: &Knob, preset: &Preset) -> Self {
        let Knob { path, kind, unit, meaning, live, .. } = *knob;
        let default = knob.value(&preset.config);
        Self { path, section: knob.section(), range: kind, unit, default, meaning, live }
    }
}

/// Two lines a knob: an aligned row of facts, and the meaning.
fn text(preset: &Preset) -> String {
    let Preset { name, title, .. } = preset;
    let rows: Vec<_> = KNOBS.iter().map(|knob| facts(knob, preset)).collect();
    let lines = aligned(&[Left; 4], &rows);
    let head =
        format!("Knobs with the values of {title} ({name}). Those marked live can change during a run.\n");
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
    [knob.path.to_owned(), value, live.to_owned(), range_and_unit(knob)]
}

fn range_and_unit(knob: &Knob) -> String {
    let unit = if matches!(knob.kind, Kind::Count { .. }) { knob.unit } else { "" };
    format!("{} {unit}", range::describe(knob.kind)).trim_end().to_owned()
}
