//! `ringside presets`.

use clap::Args;
use ringside_core::config::preset::{PRESETS, Preset};

use crate::failure::Failure;
use crate::output::Outcome;
use crate::table::HEADING;
use crate::text::counted;
use crate::{json, output};

#[derive(Args)]
pub(crate) struct PresetsArguments {
    /// Print a JSON list instead of a table
    #[arg(long)]
    json: bool,
}

pub(crate) fn presets(arguments: &PresetsArguments) -> Result<Outcome, Failure> {
    if arguments.json {
        json::print(&PRESETS)?;
    } else {
        let texts: Vec<_> = PRESETS.iter().map(preset_text).collect();
        output::print(&texts.join("\n"))?;
    }
    Ok(Outcome::Success)
}

fn preset_text(preset: &Preset) -> String {
    let Preset { name, title, summary, rounds, .. } = preset;
    let rounds = counted((*rounds).into(), "round", "rounds");
    format!("{HEADING}{name}{HEADING:#}  {title}, {rounds}\n  {summary}\n")
}
