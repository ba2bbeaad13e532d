//! The crash test of a save: what is found of a file after a crash at each of many points in time.
//!
//! All ways of saving share one span of time, that of the longest save, so that their strips compare. Writes
//! begin at once and may be torn; syncs and renames count only when their time has passed.

use serde::Serialize;

use crate::base::rng::{Purpose, Rng};
use crate::config::{DamageRule, SaveRule};
use crate::sim::disk::Disk;
use crate::stack::peer_cache::format::{CachedPeer, PeerCache};
use crate::stack::peer_cache::namespace::FileNames;
use crate::stack::peer_cache::save::{self, Loaded, Step};

/// Crash points of a test at most.
pub const POINTS_MAX: u32 = 100_000;
/// Entries of a file at most, so that two files fit on the disk.
pub const ENTRIES_MAX: u32 = 1_000;

/// What a crash test varies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct CrashTest {
    /// Seed of the draws of the disk.
    pub seed: u64,
    /// Crash points, evenly spread over the time of the longest save.
    pub points: u32,
    /// Entries of the old file and of the new one.
    pub entries: u32,
    /// Time of a sync, in ms.
    pub sync_ms: u32,
}

/// What is found after a crash.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum CrashOutcome {
    /// The file that was there before the save.
    Old,
    /// The file that was saved.
    New,
    /// A file that cannot be read.
    Damaged,
    /// No file.
    Lost,
    /// A file that can be read and is neither the old nor the new one.
    Mixed,
}

impl CrashOutcome {
    /// All outcomes, in the order of [`Strip::counts`].
    pub const ALL: [Self; 5] = [Self::Old, Self::New, Self::Damaged, Self::Lost, Self::Mixed];
}

/// Outcomes of one way of saving, by crash point.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Strip {
    /// The way of saving.
    pub rule: SaveRule,
    /// Time that the save takes, in µs.
    pub save_us: u64,
    /// What each crash leaves, in order of time.
    pub outcomes: Vec<CrashOutcome>,
}

impl Strip {
    /// Crash points by outcome.
    #[must_use]
    pub fn counts(&self) -> [usize; CrashOutcome::ALL.len()] {
        CrashOutcome::ALL.map(|wanted| self.outcomes.iter().filter(|one| **one == wanted).count())
    }
}

impl CrashTest {
    /// Time over which the crash points are spread, in µs.
    #[must_use]
    pub fn span_us(&self) -> u64 {
        self.duration(SaveRule::Synced, self.text(2).len())
    }

    /// Crashes at each point, for each way of saving.
    #[must_use]
    pub fn strips(&self) -> Vec<Strip> {
        [SaveRule::Direct, SaveRule::Rename, SaveRule::Synced].map(|rule| self.strip(rule)).into()
    }

    fn strip(&self, rule: SaveRule) -> Strip {
        let [old, new] = [self.file(1), self.file(2)];
        let text = new.to_text();
        let mut before = Disk::default();
        let names = FileNames::plain();
        for step in save::steps(SaveRule::Synced) {
            step.execute(&mut before, &names, old.to_text().as_bytes())
                .expect("the disk has room for two files");
        }
        let span = self.span_us();
        let outcome = |point: u32| {
            let mut disk = before.clone();
            let time = span * u64::from(point) / u64::from(self.points);
            self.save_until(time, rule, &mut disk, text.as_bytes());
            disk.crash(&mut Rng::stream(self.seed, Purpose::Disk, point.into()));
            match save::load(&mut disk, DamageRule::KeepAside) {
                Loaded::Found(found) if found == old => CrashOutcome::Old,
                Loaded::Found(found) if found == new => CrashOutcome::New,
                Loaded::Found(_) | Loaded::TakenOver(_) => CrashOutcome::Mixed,
                Loaded::Damaged(_) => CrashOutcome::Damaged,
                Loaded::Missing | Loaded::Mismatched => CrashOutcome::Lost,
            }
        };
        let outcomes = (0..self.points).map(outcome).collect();
        Strip { rule, save_us: self.duration(rule, text.len()), outcomes }
    }

    /// Executes the steps that have begun, or for syncs and renames ended, by a time after the start in µs.
    fn save_until(&self, time: u64, rule: SaveRule, disk: &mut Disk, text: &[u8]) {
        let (mut begin, names) = (0, FileNames::plain());
        for step in save::steps(rule) {
            let end = begin + step.duration(text.len(), self.sync_ms);
            let effective = match step {
                Step::WriteFile | Step::WriteTemporary => begin,
                Step::SyncTemporary | Step::Rename | Step::SyncDirectory => end,
            };
            if effective > time {
                return;
            }
            step.execute(disk, &names, text).expect("the disk has room for two files");
            begin = end;
        }
    }

    fn duration(&self, rule: SaveRule, bytes: usize) -> u64 {
        save::steps(rule).iter().map(|step| step.duration(bytes, self.sync_ms)).sum()
    }

    /// A file whose entries all carry its number.
    fn file(&self, number: u64) -> PeerCache {
        let entry = |index| CachedPeer {
            peer_id: format!("{number}-{index}"),
            addresses: vec![format!("/ip4/10.0.0.{}/tcp/4001", index % 256)],
            ..CachedPeer::default()
        };
        PeerCache::new(number, (0..self.entries).map(entry).collect())
    }

    fn text(&self, number: u64) -> String {
        self.file(number).to_text()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEST: CrashTest = CrashTest { seed: 1, points: 1_000, entries: 20, sync_ms: 20 };

    #[test]
    fn only_syncs_before_and_after_the_rename_leave_no_damage() {
        let strips = TEST.strips();
        let counts: Vec<_> = strips.iter().map(Strip::counts).collect();
        let [direct, rename, synced] = counts[..] else { panic!("three ways of saving") };
        assert!(direct[2] > 500 && direct[4] == 0, "{direct:?}");
        assert!(rename[2] > 100 && rename[2] < direct[2] && rename[4] == 0, "{rename:?}");
        assert_eq!(synced[2..], [0, 0, 0], "{synced:?}");
        assert!(synced[0] > 400 && synced[1] > 100, "{synced:?}");
    }

    #[test]
    fn a_save_by_rename_is_old_until_the_rename() {
        let strips = TEST.strips();
        for strip in &strips[1..] {
            let renamed = TEST.duration(strip.rule, TEST.text(2).len())
                - if strip.rule == SaveRule::Synced { 20_000 } else { 0 };
            let until = usize::try_from(renamed * 1_000 / TEST.span_us()).unwrap();
            assert!(strip.outcomes[..until].iter().all(|one| *one == CrashOutcome::Old), "{:?}", strip.rule);
        }
    }

    #[test]
    fn the_largest_test_fits_on_the_disk() {
        let strips = CrashTest { entries: ENTRIES_MAX, points: 3, ..TEST }.strips();
        assert!(strips.iter().all(|strip| strip.outcomes.len() == 3));
    }
}
