//! Files that results are written to.

use std::fs::File;
use std::io::{self, Write as _};
use std::path::Path;

use ringside_core::base::problem::Problem;

use crate::failure::Failure;

/// Makes a file for `--csv`, or empties it.
pub(crate) fn create(path: &Path) -> Result<File, Failure> {
    File::create(path).map_err(|error| unwritable(path, &error))
}

/// Fills it.
pub(crate) fn write(path: &Path, mut file: File, text: &str) -> Result<(), Failure> {
    file.write_all(text.as_bytes()).map_err(|error| unwritable(path, &error))
}

pub(crate) fn unwritable(path: &Path, error: &io::Error) -> Failure {
    let message = format!("cannot be written: {error}");
    let path = format!("--csv {}", path.display());
    Failure::one(Problem::new(path, message, "name a file in a folder that exists and may be written to"))
}
