//! Aligned columns, and the style of headings.

use clap::builder::styling::Style;
use comfy_table::{CellAlignment, Table};

pub(crate) const HEADING: Style = Style::new().bold();

/// Lines with aligned cells, two spaces between columns.
pub(crate) fn aligned(alignment: &[CellAlignment], rows: &[impl AsRef<[String]>]) -> Vec<String> {
    let mut table = Table::new();
    table.load_style(comfy_table::presets::NOTHING).add_rows(rows.iter().map(AsRef::as_ref));
    for (column, alignment) in table.column_iter_mut().zip(alignment) {
        column.set_padding((0, 2)).set_cell_alignment(*alignment);
    }
    table.lines().map(|line| line.trim_end().to_owned()).collect()
}
