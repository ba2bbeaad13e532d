//! `ringside metrics`: the columns of the history.

use clap::Args;
use comfy_table::CellAlignment::Left;
use ringside_core::observe::metrics::COLUMNS;
use ringside_core::observe::metrics::table::markdown;

use crate::failure::Failure;
use crate::output::Outcome;
use crate::table::aligned;
use crate::{json, output};

#[derive(Args)]
pub(crate) struct MetricsArguments {
    /// Print a list in JSON instead of a table
    #[arg(long)]
    pub(crate) json: bool,
    /// Print a table in Markdown instead of text
    #[arg(long, conflicts_with = "json")]
    pub(crate) markdown: bool,
}

pub(crate) fn metrics(arguments: &MetricsArguments) -> Result<Outcome, Failure> {
    if arguments.json {
        json::print(&*COLUMNS)?;
    } else if arguments.markdown {
        output::print(&markdown())?;
    } else {
        output::print(&text())?;
    }
    Ok(Outcome::Success)
}

fn text() -> String {
    let rows: Vec<[String; 3]> = COLUMNS
        .iter()
        .map(|column| [column.name.clone(), column.unit.to_owned(), column.meaning.clone()])
        .collect();
    aligned(&[Left, Left, Left], &rows).join("\n") + "\n"
}
