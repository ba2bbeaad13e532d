//! Saving and loading: the steps of a save, between which a crash may come, and what a load finds.

use super::format::{FILE, PeerCache};
use super::json::Damage;
use crate::config::{DamageRule, SaveRule};
use crate::stack::files::{DiskError, Files};

/// Name under which a file is written before it replaces the old one.
pub const TEMPORARY: &str = "peer_cache.tmp";
/// Name under which a damaged file is kept aside.
pub const ASIDE: &str = "peer_cache.damaged.json";

/// A step of a save.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// The text is written over the file.
    WriteFile,
    /// The text is written beside the file.
    WriteTemporary,
    /// What was written is made durable.
    SyncTemporary,
    /// It replaces the file.
    Rename,
    /// Its name is made durable.
    SyncDirectory,
}

/// Steps of a save, in order.
#[must_use]
pub const fn steps(rule: SaveRule) -> &'static [Step] {
    match rule {
        SaveRule::Direct => &[Step::WriteFile],
        SaveRule::Rename => &[Step::WriteTemporary, Step::Rename],
        SaveRule::Synced => &[Step::WriteTemporary, Step::SyncTemporary, Step::Rename, Step::SyncDirectory],
    }
}

impl Step {
    /// Executes the step.
    ///
    /// # Errors
    ///
    /// If the disk refuses it.
    pub fn execute(self, disk: &mut dyn Files, text: &[u8]) -> Result<(), DiskError> {
        match self {
            Self::WriteFile => disk.write(FILE, text),
            Self::WriteTemporary => disk.write(TEMPORARY, text),
            Self::SyncTemporary => disk.sync(TEMPORARY),
            Self::Rename => disk.rename(TEMPORARY, FILE),
            Self::SyncDirectory => {
                disk.sync_directory();
                Ok(())
            }
        }
    }

    /// Time that the step takes, in µs: 5 ms and 1 ms for each 64 kB that is written, and the time of a sync.
    #[must_use]
    pub const fn duration(self, bytes: usize, sync_ms: u32) -> u64 {
        match self {
            Self::WriteFile | Self::WriteTemporary => 5_000 + bytes as u64 * 1_000 / 65_536,
            Self::SyncTemporary | Self::SyncDirectory => sync_ms as u64 * 1_000,
            Self::Rename => 0,
        }
    }
}

/// What a load finds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Loaded {
    /// No file.
    Missing,
    /// A file.
    Found(PeerCache),
    /// A file that cannot be read, which is no longer under its name.
    Damaged(Damage),
}

/// Reads the file; a damaged one is deleted or kept aside.
pub fn load(disk: &mut dyn Files, rule: DamageRule) -> Loaded {
    // What a crash has left of a save is of no use.
    let _ = disk.remove(TEMPORARY);
    let Some(text) = disk.read(FILE) else { return Loaded::Missing };
    match PeerCache::parse(text) {
        Ok(cache) => Loaded::Found(cache),
        Err(damage) => {
            // A disk that takes no changes keeps the file where it is.
            let _ = match rule {
                DamageRule::Delete => disk.remove(FILE),
                DamageRule::KeepAside => disk.rename(FILE, ASIDE),
            };
            Loaded::Damaged(damage)
        }
    }
}
