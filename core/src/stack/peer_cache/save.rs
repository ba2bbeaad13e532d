//! Saving and loading: the steps of a save, between which a crash may come, and what a load finds.

use super::format::PeerCache;
use super::json::Damage;
use super::namespace::{FileNames, Namespace, NamespacedCache};
use crate::base::mutant::mutant;
use crate::config::{DamageRule, SaveRule};
use crate::stack::files::{DiskError, Files};

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
    pub fn execute(self, disk: &mut dyn Files, names: &FileNames, text: &[u8]) -> Result<(), DiskError> {
        match self {
            Self::WriteFile => disk.write(&names.file, text),
            Self::WriteTemporary => disk.write(&names.temporary, text),
            Self::SyncTemporary => mutant!(CacheUnsynced: disk.sync(&names.temporary) => Ok(())),
            Self::Rename => disk.rename(&names.temporary, &names.file),
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
    /// A file without a namespace, which now is that of the namespace.
    TakenOver(PeerCache),
    /// A file of another namespace, which stays where it is.
    Mismatched,
    /// A file that cannot be read, which is no longer under its name.
    Damaged(Damage),
}

/// Reads the file without a namespace; a damaged one is deleted or kept aside.
pub fn load(disk: &mut dyn Files, rule: DamageRule) -> Loaded {
    let names = FileNames::plain();
    // What a crash has left of a save is of no use.
    let _ = disk.remove(&names.temporary);
    let Some(text) = disk.read(&names.file) else { return Loaded::Missing };
    match PeerCache::parse(text) {
        Ok(cache) => Loaded::Found(cache),
        Err(damage) => {
            // A disk that takes no changes keeps the file where it is.
            let _ = match rule {
                DamageRule::Delete => disk.remove(&names.file),
                DamageRule::KeepAside => disk.rename(&names.file, &names.aside),
            };
            Loaded::Damaged(damage)
        }
    }
}

/// Reads the file of a namespace, whose damage is always kept aside. The file without a namespace is taken
/// over if there is no other.
pub fn load_namespaced(disk: &mut dyn Files, rule: DamageRule, namespace: &Namespace) -> Loaded {
    let names = FileNames::of(&namespace.key());
    let _ = disk.remove(&names.temporary);
    let Some(text) = disk.read(&names.file) else {
        return match load(disk, rule) {
            Loaded::Found(cache) => take_over(disk, &names, namespace, cache),
            other => other,
        };
    };
    match NamespacedCache::parse(text) {
        Ok(found) if found.is_of(namespace) => Loaded::Found(found.cache),
        Ok(_) => Loaded::Mismatched,
        Err(damage) => {
            let _ = disk.rename(&names.file, &names.aside);
            Loaded::Damaged(damage)
        }
    }
}

/// Moves a cache into its namespace. The old file goes once the new one is durable: whenever a crash comes,
/// one of them is whole.
fn take_over(disk: &mut dyn Files, names: &FileNames, namespace: &Namespace, cache: PeerCache) -> Loaded {
    let file = NamespacedCache::new(namespace.clone(), cache);
    let text = file.to_text();
    let written =
        steps(SaveRule::Synced).iter().try_for_each(|step| step.execute(disk, names, text.as_bytes()));
    if written.is_ok() {
        let _ = disk.remove(&FileNames::plain().file);
    }
    Loaded::TakenOver(file.cache)
}
