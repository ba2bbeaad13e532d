//! Output files.

use std::fs::File;
use std::io::{self, Write as _};
use std::path::Path;

use ringside_core::base::problem::Problem;

use crate::failure::Failure;

/// Creates or truncates the file of `--csv`.
pub(crate) fn create(path: &Path) -> Result<File, Failure> {
    File::create(path).map_err(|error| unwritable(path, &error))
}

/// Writes the text to the file.
pub(crate) fn write(path: &Path, mut file: File, text: &str) -> Result<(), Failure> {
    file.write_all(text.as_bytes()).map_err(|error| unwritable(path, &error))
}

/// The failure of a file that cannot be created or written.
pub(crate) fn unwritable(path: &Path, error: &io::Error) -> Failure {
    let message = format!("cannot be written: {error}");
    let path = format!("--csv {}", path.display());
    Failure::one(Problem::new(path, message, "name a file in an existing, writable folder"))
}
