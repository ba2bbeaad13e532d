//! Output files: written beside the old file and renamed when they are complete.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::process;

use ringside_core::base::problem::Problem;

use crate::failure::Failure;
use crate::output;

/// A checked destination of `--csv`. Until it is written, nothing on the disk differs.
pub(crate) enum OutputFile {
    /// `-`, standard output.
    Standard,
    /// A terminal, a pipe or another device, which cannot be renamed.
    Device(PathBuf),
    /// A regular file, which may exist already.
    Regular(PathBuf),
}

impl OutputFile {
    /// Checks that the file can be written, before a long run, and that it is none of the `inputs`.
    pub(crate) fn check<'a>(path: &Path, inputs: impl IntoIterator<Item = &'a str>) -> Result<Self, Failure> {
        if path == Path::new("-") {
            return Ok(Self::Standard);
        }
        let path_found = match fs::metadata(path) {
            Ok(found) if found.is_dir() => return Err(unusable(path, "is a folder", "name a file in it")),
            Ok(found) if !found.is_file() => return Ok(Self::Device(path.to_owned())),
            Ok(_) => existing(path, inputs)?,
            Err(error) if error.kind() == io::ErrorKind::NotFound => path.to_owned(),
            Err(error) => return Err(unwritable(path, &error)),
        };
        let remains = create_beside(&path_found).map_err(|error| unwritable(path, &error))?;
        drop(remains);
        Ok(Self::Regular(path_found))
    }

    /// Whether the destination is standard output, which then has no other result.
    pub(crate) const fn is_standard(&self) -> bool {
        matches!(self, Self::Standard)
    }

    /// Whether both are one file or stream, however their paths are written.
    pub(crate) fn is_same(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Standard, Self::Standard) => true,
            (Self::Device(one), Self::Device(other)) => one == other,
            (Self::Regular(one), Self::Regular(other)) => resolved(one) == resolved(other),
            _ => false,
        }
    }

    /// Writes the whole text. After a failure the old file is as it was.
    pub(crate) fn write(&self, text: &str) -> Result<(), Failure> {
        match self {
            Self::Standard => output::print(text),
            Self::Device(path) => OpenOptions::new()
                .write(true)
                .open(path)
                .and_then(|mut device| device.write_all(text.as_bytes()))
                .map_err(|error| unwritable(path, &error)),
            Self::Regular(path) => replace(path, text).map_err(|error| unwritable(path, &error)),
        }
    }
}

/// The file behind a path that exists, with symbolic links resolved, so that they stay.
fn existing<'a>(path: &Path, inputs: impl IntoIterator<Item = &'a str>) -> Result<PathBuf, Failure> {
    let file = fs::canonicalize(path).map_err(|error| unwritable(path, &error))?;
    if inputs.into_iter().any(|input| fs::canonicalize(input).is_ok_and(|input| input == file)) {
        return Err(unusable(path, "is the experiment itself", "name another file"));
    }
    OpenOptions::new().append(true).open(&file).map_err(|error| unwritable(path, &error))?;
    Ok(file)
}

/// The path of a file that need not exist, in a folder that does, without detours.
fn resolved(path: &Path) -> PathBuf {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let folder = fs::canonicalize(folder).unwrap_or_else(|_| folder.to_owned());
    path.file_name().map_or_else(|| path.to_owned(), |name| folder.join(name))
}

/// A file that is removed when it is dropped.
struct Temporary {
    path: PathBuf,
    file: File,
}

impl Drop for Temporary {
    fn drop(&mut self) {
        // After the renaming there is nothing to remove.
        let _ = fs::remove_file(&self.path);
    }
}

/// Creates an empty file in the folder of another.
fn create_beside(path: &Path) -> io::Result<Temporary> {
    let mut name = std::ffi::OsString::from(".");
    name.push(path.file_name().ok_or(io::ErrorKind::InvalidFilename)?);
    name.push(format!(".{}.part", process::id()));
    let path = path.with_file_name(name);
    let file = OpenOptions::new().write(true).create_new(true).open(&path)?;
    Ok(Temporary { path, file })
}

fn replace(path: &Path, text: &str) -> io::Result<()> {
    let mut part = create_beside(path)?;
    part.file.write_all(text.as_bytes())?;
    part.file.sync_all()?;
    if let Ok(found) = fs::metadata(path) {
        part.file.set_permissions(found.permissions())?;
    }
    fs::rename(&part.path, path)
}

/// The failure of a file that cannot be created or written.
fn unwritable(path: &Path, error: &io::Error) -> Failure {
    let remedy = match error.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
            "the disk is full: make room, or name a file on another disk"
        }
        io::ErrorKind::ReadOnlyFilesystem => "the disk is read-only: name a file on another disk",
        io::ErrorKind::PermissionDenied => "the file or its folder is read-only: name another file",
        _ => "name a file in an existing, writable folder",
    };
    unusable(path, &format!("cannot be written: {error}"), remedy)
}

fn unusable(path: &Path, message: &str, remedy: &str) -> Failure {
    Failure::one(Problem::new(format!("--csv {}", path.display()), message, remedy))
}
