//! Crash points: before, between and after the steps of a save, with torn writes.

use crate::base::rng::{Purpose, Rng};
use crate::config::{DamageRule, SaveRule};
use crate::sim::disk::Disk;
use crate::stack::files::{DiskError, Files as _};
use crate::stack::peer_cache::format::{CachedPeer, FILE, PeerCache};
use crate::stack::peer_cache::namespace::FileNames;
use crate::stack::peer_cache::save::{self, Loaded};

fn rng(seed: u64) -> Rng {
    Rng::stream(seed, Purpose::Disk, 1)
}

/// A file whose entries all carry its number.
fn file(number: u64, entries: u64) -> PeerCache {
    let entry = |index| CachedPeer { peer_id: format!("{number}-{index}"), ..CachedPeer::default() };
    PeerCache::new(number, (0..entries).map(entry).collect())
}

/// What is found after a save of `new` that a crash ends before a step.
fn crashed(disk: &mut Disk, rule: SaveRule, new: &PeerCache, before: usize, rng: &mut Rng) -> Loaded {
    let text = new.to_text();
    for step in &save::steps(rule)[..before] {
        step.execute(disk, &FileNames::plain(), text.as_bytes()).unwrap();
    }
    disk.crash(rng);
    save::load(disk, DamageRule::KeepAside)
}

/// Outcomes of a thousand crashes at each step: old, new, damaged or lost.
fn outcomes(rule: SaveRule) -> [u32; 4] {
    let mut found = [0; 4];
    let (old, new) = (file(1, 5), file(2, 7));
    for seed in 0..1_000 {
        for before in 0..=save::steps(rule).len() {
            let mut disk = Disk::default();
            for step in save::steps(SaveRule::Synced) {
                step.execute(&mut disk, &FileNames::plain(), old.to_text().as_bytes()).unwrap();
            }
            let index = match crashed(&mut disk, rule, &new, before, &mut rng(seed)) {
                Loaded::Found(cache) if cache == old => 0,
                Loaded::Found(cache) if cache == new => 1,
                Loaded::Found(_) => panic!("a mixture"),
                Loaded::Damaged(_) => 2,
                Loaded::Missing => 3,
                other => panic!("without a namespace: {other:?}"),
            };
            found[index] += 1;
        }
    }
    found
}

#[test]
fn only_a_synced_save_leaves_no_damage() {
    let [old, new, damaged, lost] = outcomes(SaveRule::Synced);
    assert!(old > 1_000 && new > 1_000 && damaged == 0 && lost == 0, "{old} {new} {damaged} {lost}");
    let [_, _, damaged, lost] = outcomes(SaveRule::Rename);
    assert!(damaged > 100 && lost == 0, "a rename without a sync may put a torn file in place: {damaged}");
    let [_, _, damaged, lost] = outcomes(SaveRule::Direct);
    assert!(damaged > 100 && lost == 0, "{damaged}");
}

/// The entries are the old or the new ones, whatever the crash point, for 100,000 random sequences of saves.
#[test]
fn a_synced_save_is_old_or_new_in_any_sequence() {
    for seed in 0..100_000 {
        let mut rng = rng(seed);
        let mut disk = Disk::default();
        let mut last: Option<PeerCache> = None;
        for number in 0..u64::from(1 + rng.below(4)) {
            let new = file(number, u64::from(rng.below(3)));
            let before = rng.index(save::steps(SaveRule::Synced).len() + 1).unwrap();
            let found = crashed(&mut disk, SaveRule::Synced, &new, before, &mut rng);
            match found {
                Loaded::Missing => assert_eq!(last, None, "{seed}: the file is lost"),
                Loaded::Found(cache) => {
                    assert!(Some(&cache) == last.as_ref() || cache == new, "{seed}: neither old nor new");
                    last = Some(cache);
                }
                other => panic!("{seed}: {other:?}"),
            }
        }
    }
}

#[test]
fn a_save_leaves_no_other_file() {
    let mut disk = Disk::default();
    for step in save::steps(SaveRule::Rename) {
        step.execute(&mut disk, &FileNames::plain(), b"x").unwrap();
    }
    assert_eq!(disk.names().collect::<Vec<_>>(), [FILE]);
    assert_eq!(disk.remove(&FileNames::plain().temporary), Err(DiskError::NotFound));
}

#[test]
fn a_damaged_file_is_deleted_or_kept_aside() {
    let damaged = |rule| {
        let mut disk = Disk::default();
        disk.write(FILE, b"{ invalid json }").unwrap();
        assert!(matches!(save::load(&mut disk, rule), Loaded::Damaged(_)));
        assert_eq!(save::load(&mut disk, rule), Loaded::Missing);
        disk.read(&FileNames::plain().aside).map(<[u8]>::to_vec)
    };
    assert_eq!(damaged(DamageRule::Delete), None);
    assert_eq!(damaged(DamageRule::KeepAside), Some(b"{ invalid json }".to_vec()));
}

#[test]
fn a_full_or_read_only_disk_keeps_the_old_file() {
    let old = file(1, 2).to_text();
    for rule in [SaveRule::Direct, SaveRule::Rename, SaveRule::Synced] {
        let mut disk = Disk::default();
        disk.write(FILE, old.as_bytes()).unwrap();
        let first = save::steps(rule)[0];
        disk.set_capacity(Some(old.len() + 10));
        assert_eq!(first.execute(&mut disk, &FileNames::plain(), &[b'x'; 5_000]), Err(DiskError::Full));
        disk.set_capacity(None);
        disk.set_read_only(true);
        assert_eq!(first.execute(&mut disk, &FileNames::plain(), b"x"), Err(DiskError::ReadOnly));
        assert_eq!(disk.read(FILE), Some(old.as_bytes()));
    }
}

/// The durations of the reference: at most 100 ms for 100 peers, syncs included.
#[test]
fn a_save_of_a_hundred_peers_takes_at_most_a_tenth_of_a_second() {
    let bytes = 50_000;
    let total = |rule, sync| save::steps(rule).iter().map(|step| step.duration(bytes, sync)).sum::<u64>();
    assert_eq!(total(SaveRule::Rename, 10), 5_762);
    assert!((21_000..=100_000).contains(&total(SaveRule::Synced, 20)));
}
