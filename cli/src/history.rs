//! The history of a run as CSV, in the format of the page's export.

use std::fs::File;
use std::io::{self, BufWriter};
use std::path::{Path, PathBuf};

use ringside_core::observe::metrics::{COLUMNS, History};

use crate::failure::Failure;
use crate::file;

/// An open CSV file for a history.
pub(crate) struct HistoryFile {
    path: PathBuf,
    file: File,
}

impl HistoryFile {
    /// Creates or truncates the file.
    pub(crate) fn create(path: &Path) -> Result<Self, Failure> {
        Ok(Self { path: path.to_owned(), file: file::create(path)? })
    }

    /// Writes a header and one row per sample.
    pub(crate) fn write(self, history: &History) -> Result<(), Failure> {
        let Self { path, file } = self;
        write_rows(BufWriter::new(file), history).map_err(|error| file::unwritable(&path, &error))
    }
}

fn write_rows(mut file: impl io::Write, history: &History) -> io::Result<()> {
    let names: Vec<&str> = COLUMNS.iter().map(|column| column.name.as_str()).collect();
    writeln!(file, "{}", names.join(","))?;
    for sample in history.samples() {
        let row: Vec<String> = COLUMNS.iter().map(|column| column.read(sample).to_string()).collect();
        writeln!(file, "{}", row.join(","))?;
    }
    file.flush()
}
