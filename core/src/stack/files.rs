//! What layers may do with the disk of their host.

use std::fmt;

/// A disk as a layer sees it. Contents and directory entries are durable only once synced: a crash may lose
/// or tear everything since.
pub trait Files {
    /// Content of a file; `None` if there is no such file.
    fn read(&self, name: &str) -> Option<&[u8]>;

    /// Replaces the content of a file, which is made if there is none.
    ///
    /// # Errors
    ///
    /// If the disk is full or read-only; the file is unchanged.
    fn write(&mut self, name: &str, content: &[u8]) -> Result<(), DiskError>;

    /// Renames a file, in place of one that has the new name.
    ///
    /// # Errors
    ///
    /// If there is no such file, or the disk is read-only.
    fn rename(&mut self, from: &str, to: &str) -> Result<(), DiskError>;

    /// Removes a file.
    ///
    /// # Errors
    ///
    /// If there is no such file, or the disk is read-only.
    fn remove(&mut self, name: &str) -> Result<(), DiskError>;

    /// Makes the content of a file durable (fsync of the file).
    ///
    /// # Errors
    ///
    /// If there is no such file.
    fn sync(&mut self, name: &str) -> Result<(), DiskError>;

    /// Makes all directory entries durable: files made, renamed and removed (fsync of the directory).
    fn sync_directory(&mut self);
}

/// Why a disk refuses an operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DiskError {
    /// No space for the content.
    Full,
    /// The disk holds as many files as it may.
    TooManyFiles,
    /// The disk takes no changes.
    ReadOnly,
    /// There is no file of this name.
    NotFound,
}

impl fmt::Display for DiskError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Full => "no space left on the disk",
            Self::TooManyFiles => "too many files on the disk",
            Self::ReadOnly => "the disk is read-only",
            Self::NotFound => "no such file",
        })
    }
}

impl std::error::Error for DiskError {}
