//! Bans: violations by key, and how long a key is refused. Times are in ms.

use super::registry::Key;
use crate::base::digest::Digest;
use crate::config::BanRule;

/// Keys that are remembered; at the limit the one with the oldest violation makes room.
const ENTRIES_MAX: usize = 1_024;
/// Quiet after which violations are forgotten.
const QUIET: u64 = 3_600_000;
/// First ban.
const SHORT: u64 = 300_000;
/// Second ban.
const LONG: u64 = 3_600_000;

/// Violations of one key.
#[derive(Clone, Copy, Debug)]
struct Record {
    key: Key,
    violations: u32,
    last: u64,
    /// End of the ban; `u64::MAX` is never reached.
    until: u64,
}

/// Violations of other hosts and the bans that follow.
#[derive(Clone, Debug, Default)]
pub struct Bans {
    /// In ascending order of key.
    records: Vec<Record>,
}

impl Bans {
    /// Counts violations at once. Returns whether they make a ban.
    pub(crate) fn violate(&mut self, key: Key, now: u64, rule: BanRule, count: u32) -> bool {
        let [short, long, permanent] = match rule {
            BanRule::Off => return false,
            BanRule::Seed => [3, 5, 10],
            BanRule::Final => [5, 10, 20],
        };
        let record = self.record(key);
        if now.saturating_sub(record.last) > QUIET {
            record.violations = 0;
        }
        let before = record.violations;
        record.violations = before.saturating_add(count);
        record.last = now;
        let reaches = |limit| before < limit && record.violations >= limit;
        let until = match () {
            () if reaches(permanent) => u64::MAX,
            () if reaches(long) => now + LONG,
            () if reaches(short) => now + SHORT,
            () => return false,
        };
        record.until = record.until.max(until);
        true
    }

    /// Bans a key at once: with the first ban of the rule, or for good.
    pub fn ban(&mut self, key: Key, now: u64, rule: BanRule, is_permanent: bool) -> bool {
        let count = match (rule, is_permanent) {
            (BanRule::Seed, false) => 3,
            (BanRule::Final, false) => 5,
            _ => 20,
        };
        self.violate(key, now, rule, count)
    }

    /// Whether a key is banned now.
    #[must_use]
    pub(crate) fn is_banned(&self, key: Key, now: u64) -> bool {
        let found = self.records.binary_search_by_key(&key, |record| record.key);
        found.is_ok_and(|index| now < self.records[index].until)
    }

    fn record(&mut self, key: Key) -> &mut Record {
        let found = self.records.binary_search_by_key(&key, |record| record.key);
        let index = found.unwrap_or_else(|_| {
            if self.records.len() == ENTRIES_MAX {
                let oldest = (0..ENTRIES_MAX).min_by_key(|index| self.records[*index].last);
                self.records.remove(oldest.unwrap_or(0));
            }
            let index = self.records.partition_point(|record| record.key < key);
            self.records.insert(index, Record { key, violations: 0, last: 0, until: 0 });
            index
        });
        &mut self.records[index]
    }

    /// Adds the bans to a fingerprint.
    pub fn digest(&self, digest: &mut Digest) {
        digest.length(self.records.len());
        for record in &self.records {
            digest.number(record.key.number());
            digest.number(record.violations);
            digest.number(record.last);
            digest.number(record.until);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: Key = Key::Ip(7);

    #[test]
    fn violations_ban_for_five_minutes_an_hour_and_for_good() {
        let mut bans = Bans::default();
        let made: Vec<u32> = (1..=10).filter(|_| bans.violate(KEY, 0, BanRule::Seed, 1)).collect();
        assert_eq!(made, [3, 5, 10]);
        assert!(bans.is_banned(KEY, u64::MAX - 1) && !bans.is_banned(Key::Ip(8), 0));
        let mut bans = Bans::default();
        (0..5).for_each(|_| _ = bans.violate(KEY, 0, BanRule::Final, 1));
        assert_eq!([299_999, 300_000].map(|now| bans.is_banned(KEY, now)), [true, false]);
        assert!(!bans.violate(KEY, 0, BanRule::Off, 99));
    }

    #[test]
    fn an_hour_of_quiet_forgives_and_a_frame_above_the_limit_bans_at_once() {
        let mut bans = Bans::default();
        bans.violate(KEY, 0, BanRule::Seed, 2);
        assert!(!bans.violate(KEY, QUIET + 1, BanRule::Seed, 1));
        assert!(bans.ban(Key::Ip(9), 0, BanRule::Seed, false) && bans.is_banned(Key::Ip(9), 299_999));
        assert!(bans.ban(Key::Ip(3), 0, BanRule::Final, true) && bans.is_banned(Key::Ip(3), u64::MAX - 1));
    }

    #[test]
    fn at_the_limit_the_oldest_makes_room() {
        let mut bans = Bans::default();
        (0..2_000).for_each(|ip| _ = bans.violate(Key::Ip(ip), ip, BanRule::Seed, 3));
        assert_eq!(bans.records.len(), ENTRIES_MAX);
        assert!(!bans.is_banned(Key::Ip(0), 0) && bans.is_banned(Key::Ip(1_999), 2_000));
    }
}
