//! The disk of a host: bounded files that survive a restart, and what a crash does to them.
//!
//! A file is an inode with a content; a directory maps names to inodes. Both exist twice: as running programs
//! see them, and as they are durable. A crash keeps every synced content, and of each other one either the
//! old content or a prefix of the new one (a torn write); of the directory changes since the last sync it
//! keeps a prefix.

use crate::base::digest::Digest;
use crate::base::rng::Rng;
use crate::config::Config;
use crate::stack::files::{DiskError, Files};

/// Files on a disk.
pub const FILES_MAX: usize = 64;
/// Bytes on a disk, over all files.
pub const BYTES_MAX: usize = 1 << 20;

/// Bounded files of one host.
#[derive(Clone, Debug, Default)]
pub struct Disk {
    /// Contents by inode number; freed ones are `None`.
    inodes: Vec<Option<Inode>>,
    /// As programs see it, in ascending order of name.
    directory: Vec<DirectoryEntry>,
    /// As it is durable.
    durable: Vec<DirectoryEntry>,
    /// Changes since the directory was synced, in order.
    pending: Vec<Change>,
    /// Whether every change is refused.
    is_read_only: bool,
    /// Bytes that the disk holds at most, below [`BYTES_MAX`]; `None` for that.
    capacity: Option<usize>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct DirectoryEntry {
    name: String,
    inode: usize,
}

#[derive(Clone, Debug, Default)]
struct Inode {
    content: Vec<u8>,
    /// The last synced content, if it differs.
    durable: Option<Vec<u8>>,
}

#[derive(Clone, Debug)]
enum Change {
    Link(DirectoryEntry),
    Unlink(String),
    /// Atomic, as POSIX has it.
    Rename {
        from: String,
        to: DirectoryEntry,
    },
}

impl Change {
    fn apply(&self, directory: &mut Vec<DirectoryEntry>) {
        match self {
            Self::Link(entry) => link(directory, entry),
            Self::Unlink(name) => unlink(directory, name),
            Self::Rename { from, to } => {
                unlink(directory, from);
                link(directory, to);
            }
        }
    }

    const fn linked(&self) -> Option<&DirectoryEntry> {
        match self {
            Self::Link(entry) | Self::Rename { to: entry, .. } => Some(entry),
            Self::Unlink(_) => None,
        }
    }
}

fn find(directory: &[DirectoryEntry], name: &str) -> Result<usize, usize> {
    directory.binary_search_by(|entry| entry.name.as_str().cmp(name))
}

fn link(directory: &mut Vec<DirectoryEntry>, entry: &DirectoryEntry) {
    match find(directory, &entry.name) {
        Ok(index) => directory[index] = entry.clone(),
        Err(index) => directory.insert(index, entry.clone()),
    }
}

fn unlink(directory: &mut Vec<DirectoryEntry>, name: &str) {
    if let Ok(index) = find(directory, name) {
        directory.remove(index);
    }
}

impl Disk {
    /// An empty disk by the rules of a scenario.
    #[must_use]
    pub(crate) fn of(config: &Config) -> Self {
        #[cfg(feature = "layers")]
        if config.cache.enabled {
            let capacity = config.cache.disk_bytes.map(|limit| limit.get() as usize);
            return Self { is_read_only: config.cache.read_only, capacity, ..Self::default() };
        }
        let _ = config;
        Self::default()
    }

    /// Makes everything durable, as a system does that stops in order.
    #[cfg(feature = "layers")]
    pub(crate) fn sync_all(&mut self) {
        self.inodes.iter_mut().flatten().for_each(|inode| inode.durable = None);
        self.sync_directory();
    }

    /// Bytes that programs see, over all files.
    #[must_use]
    pub fn used(&self) -> usize {
        self.directory.iter().map(|entry| self.inode(entry.inode).content.len()).sum()
    }

    /// Names of all files, in ascending order.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.directory.iter().map(|entry| entry.name.as_str())
    }

    /// Refuses every change from now on, or takes changes again.
    pub const fn set_read_only(&mut self, is_read_only: bool) {
        self.is_read_only = is_read_only;
    }

    /// Bounds the bytes on the disk; `None` for [`BYTES_MAX`]. What is there already stays.
    pub const fn set_capacity(&mut self, capacity: Option<usize>) {
        self.capacity = capacity;
    }

    /// Loses everything.
    pub fn wipe(&mut self) {
        *self = Self { is_read_only: self.is_read_only, capacity: self.capacity, ..Self::default() };
    }

    /// Stops without a chance to sync: what was not durable is lost or torn, by draws from `rng`.
    pub fn crash(&mut self, rng: &mut Rng) {
        let kept = rng.index(self.pending.len() + 1).unwrap_or(0);
        let mut directory = std::mem::take(&mut self.durable);
        self.pending.drain(..).take(kept).for_each(|change| change.apply(&mut directory));
        for inode in self.inodes.iter_mut().flatten() {
            let Some(old) = inode.durable.take() else { continue };
            let survives = rng.index(inode.content.len() + 2).unwrap_or(0);
            // One draw of all keeps the old content; the others keep a prefix of the new one.
            match survives.checked_sub(1) {
                None => inode.content = old,
                Some(length) => inode.content.truncate(length),
            }
        }
        self.durable.clone_from(&directory);
        self.directory = directory;
        self.free_unnamed();
    }

    fn inode(&self, number: usize) -> &Inode {
        self.inodes[number].as_ref().expect("a named inode is not freed")
    }

    fn inode_of(&self, name: &str) -> Result<usize, DiskError> {
        find(&self.directory, name).map(|index| self.directory[index].inode).map_err(|_| DiskError::NotFound)
    }

    fn change(&mut self, change: Change) {
        change.apply(&mut self.directory);
        self.pending.push(change);
        // A program that never syncs its directory does not make the list grow without bound.
        if self.pending.len() > 4 * FILES_MAX {
            self.sync_directory();
        }
    }

    fn check_writable(&self) -> Result<(), DiskError> {
        if self.is_read_only { Err(DiskError::ReadOnly) } else { Ok(()) }
    }

    fn new_inode(&mut self) -> usize {
        let number = self.inodes.iter().position(Option::is_none).unwrap_or_else(|| {
            self.inodes.push(None);
            self.inodes.len() - 1
        });
        self.inodes[number] = Some(Inode { content: Vec::new(), durable: Some(Vec::new()) });
        number
    }

    fn free_unnamed(&mut self) {
        for number in 0..self.inodes.len() {
            let links = self.pending.iter().filter_map(Change::linked);
            let mut named = self.directory.iter().chain(&self.durable).chain(links);
            if !named.any(|entry| entry.inode == number) {
                self.inodes[number] = None;
            }
        }
    }

    /// Adds the disk to a fingerprint.
    pub fn digest(&self, digest: &mut Digest) {
        debug_assert!(self.used() <= BYTES_MAX, "a disk holds {} bytes", self.used());
        for entries in [&self.directory, &self.durable] {
            digest.length(entries.len());
            for entry in entries {
                digest.bytes(entry.name.as_bytes());
                let Inode { content, durable } = self.inode(entry.inode);
                digest.bytes(content);
                digest.bytes(durable.as_deref().unwrap_or(content));
            }
        }
    }
}

impl Files for Disk {
    fn read(&self, name: &str) -> Option<&[u8]> {
        self.inode_of(name).ok().map(|number| self.inode(number).content.as_slice())
    }

    fn write(&mut self, name: &str, content: &[u8]) -> Result<(), DiskError> {
        self.check_writable()?;
        let present = self.inode_of(name).ok();
        let others = self.used() - present.map_or(0, |number| self.inode(number).content.len());
        if others + content.len() > self.capacity.unwrap_or(BYTES_MAX).min(BYTES_MAX) {
            return Err(DiskError::Full);
        }
        if present.is_none() && self.directory.len() >= FILES_MAX {
            return Err(DiskError::TooManyFiles);
        }
        let number = present.unwrap_or_else(|| {
            let inode = self.new_inode();
            self.change(Change::Link(DirectoryEntry { name: name.to_owned(), inode }));
            inode
        });
        let inode = self.inodes[number].as_mut().expect("a named inode is not freed");
        let old = std::mem::replace(&mut inode.content, content.to_vec());
        inode.durable.get_or_insert(old);
        Ok(())
    }

    fn rename(&mut self, from: &str, to: &str) -> Result<(), DiskError> {
        self.check_writable()?;
        let inode = self.inode_of(from)?;
        if from != to {
            let to = DirectoryEntry { name: to.to_owned(), inode };
            self.change(Change::Rename { from: from.to_owned(), to });
            self.free_unnamed();
        }
        Ok(())
    }

    fn remove(&mut self, name: &str) -> Result<(), DiskError> {
        self.check_writable()?;
        self.inode_of(name)?;
        self.change(Change::Unlink(name.to_owned()));
        self.free_unnamed();
        Ok(())
    }

    fn sync(&mut self, name: &str) -> Result<(), DiskError> {
        let number = self.inode_of(name)?;
        let inode = self.inodes[number].as_mut().expect("a named inode is not freed");
        inode.durable = None;
        Ok(())
    }

    fn sync_directory(&mut self) {
        self.durable.clone_from(&self.directory);
        self.pending.clear();
        self.free_unnamed();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::rng::Purpose;
    use crate::base::rng::Rng;
    use proptest::prelude::*;

    fn rng(seed: u64) -> Rng {
        Rng::stream(seed, Purpose::Protocol, 1)
    }

    /// The contents that a file may have after a crash, over many draws.
    fn after_crash(disk: &Disk, name: &str) -> Vec<Option<Vec<u8>>> {
        let mut found: Vec<Option<Vec<u8>>> = (0..200)
            .map(|seed| {
                let mut disk = disk.clone();
                disk.crash(&mut rng(seed));
                disk.read(name).map(<[u8]>::to_vec)
            })
            .collect();
        found.sort();
        found.dedup();
        found
    }

    #[test]
    fn a_synced_file_survives_a_crash_and_another_one_may_be_torn() {
        let mut disk = Disk::default();
        disk.write("peers", b"old").unwrap();
        disk.sync("peers").unwrap();
        disk.sync_directory();
        assert_eq!(after_crash(&disk, "peers"), [Some(b"old".to_vec())]);
        disk.write("peers", b"new!").unwrap();
        let expected = ["", "n", "ne", "new", "new!", "old"].map(|text| Some(text.as_bytes().to_vec()));
        assert_eq!(after_crash(&disk, "peers"), expected);
    }

    #[test]
    fn a_file_written_beside_synced_and_renamed_is_old_or_new_and_never_torn() {
        let mut disk = Disk::default();
        disk.write("peers", b"old").unwrap();
        disk.sync("peers").unwrap();
        disk.sync_directory();
        disk.write("peers.tmp", b"new").unwrap();
        disk.sync("peers.tmp").unwrap();
        disk.rename("peers.tmp", "peers").unwrap();
        assert_eq!(after_crash(&disk, "peers"), [Some(b"new".to_vec()), Some(b"old".to_vec())]);
        disk.sync_directory();
        assert_eq!(after_crash(&disk, "peers"), [Some(b"new".to_vec())]);
    }

    #[test]
    fn a_rename_without_sync_of_the_file_may_leave_it_empty() {
        let mut disk = Disk::default();
        disk.write("peers", b"old").unwrap();
        disk.sync("peers").unwrap();
        disk.sync_directory();
        disk.write("peers.tmp", b"new").unwrap();
        disk.rename("peers.tmp", "peers").unwrap();
        disk.sync_directory();
        assert!(after_crash(&disk, "peers").contains(&Some(Vec::new())));
    }

    #[test]
    fn a_refused_operation_changes_nothing() {
        let mut disk = Disk::default();
        disk.write("a", &[1; 100]).unwrap();
        disk.set_capacity(Some(150));
        assert_eq!(disk.write("b", &[2; 60]), Err(DiskError::Full));
        assert_eq!(disk.write("a", &[3; 150]), Ok(()), "its own old content makes room");
        disk.set_read_only(true);
        assert_eq!(disk.write("a", &[4]), Err(DiskError::ReadOnly));
        assert_eq!(disk.rename("a", "b"), Err(DiskError::ReadOnly));
        assert_eq!(disk.remove("a"), Err(DiskError::ReadOnly));
        disk.set_read_only(false);
        assert_eq!(disk.rename("c", "b"), Err(DiskError::NotFound));
        assert_eq!((disk.read("a"), disk.read("b")), (Some(&[3; 150][..]), None));
    }

    #[test]
    fn there_is_a_limit_to_files() {
        let mut disk = Disk::default();
        let made = (0..100).take_while(|number| disk.write(&format!("{number:03}"), b"x").is_ok()).count();
        assert_eq!((made, disk.names().count()), (FILES_MAX, FILES_MAX));
        assert_eq!(disk.write("more", b"x"), Err(DiskError::TooManyFiles));
    }

    #[derive(Clone, Debug)]
    enum Step {
        Write(u8, Vec<u8>),
        Rename(u8, u8),
        Remove(u8),
        Sync(u8),
        SyncDirectory,
        Crash(u64),
    }

    fn step() -> impl Strategy<Value = Step> {
        let name = 0..4_u8;
        prop_oneof![
            (name.clone(), prop::collection::vec(any::<u8>(), 0..9))
                .prop_map(|(name, content)| Step::Write(name, content)),
            (name.clone(), 0..4_u8).prop_map(|(from, to)| Step::Rename(from, to)),
            name.clone().prop_map(Step::Remove),
            name.prop_map(Step::Sync),
            Just(Step::SyncDirectory),
            any::<u64>().prop_map(Step::Crash),
        ]
    }

    proptest! {
        /// After syncing everything, a crash changes nothing; at any time names are unique and inodes are not
        /// lost.
        #[test]
        fn whatever_is_synced_survives(steps in prop::collection::vec(step(), 0..60)) {
            let mut disk = Disk::default();
            for step in steps {
                match step {
                    Step::Write(name, content) => _ = disk.write(&name.to_string(), &content),
                    Step::Rename(from, to) => _ = disk.rename(&from.to_string(), &to.to_string()),
                    Step::Remove(name) => _ = disk.remove(&name.to_string()),
                    Step::Sync(name) => _ = disk.sync(&name.to_string()),
                    Step::SyncDirectory => disk.sync_directory(),
                    Step::Crash(seed) => disk.crash(&mut rng(seed)),
                }
                prop_assert!(disk.directory.is_sorted_by(|one, other| one.name < other.name));
                prop_assert!(disk.inodes.iter().flatten().count() <= 3 * FILES_MAX);
            }
            let names: Vec<String> = disk.names().map(str::to_owned).collect();
            names.iter().for_each(|name| disk.sync(name).unwrap());
            disk.sync_directory();
            let before: Vec<Option<Vec<u8>>> =
                names.iter().map(|name| disk.read(name).map(<[u8]>::to_vec)).collect();
            disk.crash(&mut rng(1));
            let after: Vec<Option<Vec<u8>>> =
                names.iter().map(|name| disk.read(name).map(<[u8]>::to_vec)).collect();
            prop_assert_eq!(before, after);
            prop_assert_eq!(disk.names().count(), names.len());
        }
    }
}
