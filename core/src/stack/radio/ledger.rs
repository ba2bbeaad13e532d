//! The ledger of a node: its transmissions of the last hour, sub-band by sub-band, and when the next may go.
//!
//! A transmission counts whole until it has left the sliding hour that ends with the new one. No hour,
//! wherever it begins, then holds more airtime than the budget: the airtime of a window that ends later grows
//! only while the node transmits, and is largest at the end of a transmission.

use std::collections::VecDeque;

use super::region::{HOUR_US, Law, LawBreach};
use crate::base::digest::Digest;
use crate::base::prefetch;
use crate::config::Region;

/// Transmissions that a ledger remembers in one sub-band; further ones are refused until some have left.
pub const ENTRIES_MAX: usize = 1 << 16;

/// A transmission.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Transmission {
    /// Its end, in µs.
    pub end_us: u64,
    /// Its length, in µs.
    pub airtime_us: u64,
}

/// A transmission, and the sum of all airtime of its sub-band up to its end: the airtime of any stretch is a
/// difference of two sums.
#[derive(Clone, Copy, Debug)]
struct Charge {
    sent: Transmission,
    /// In µs, since the ledger began.
    sum_us: u64,
}

/// Transmissions of one sub-band.
#[derive(Clone, Debug, Default)]
struct Band {
    /// In ascending order of end.
    entries: VecDeque<Charge>,
    /// Sum of all airtime since the ledger began, in µs.
    sum_us: u64,
}

/// Transmissions of a node within the last hour, by sub-band.
#[derive(Clone, Debug)]
pub struct Ledger {
    region: Region,
    bands: Vec<Band>,
}

impl Ledger {
    /// An empty ledger.
    #[must_use]
    pub fn new(region: Region) -> Self {
        Self { region, bands: vec![Band::default(); Law::of(region).sub_band_count()] }
    }

    /// Whether a transmission may begin now. Returns its sub-band, to be noted in.
    ///
    /// # Errors
    ///
    /// The limit that it breaks.
    pub fn admit(&mut self, now_us: u64, hz: u32, airtime_us: u64) -> Result<usize, LawBreach> {
        let law = Law::of(self.region);
        let sub_band = law.check(hz, airtime_us)?;
        if law.limits(sub_band).duty.is_none() {
            return Ok(sub_band);
        }
        let budget_us = law.limits(sub_band).budget_us();
        let end_us = now_us + airtime_us;
        let band = &mut self.bands[sub_band];
        // Not those that leave before its end: the next one to ask may be shorter.
        band.forget(now_us);
        match band.wait(end_us, airtime_us, budget_us) {
            Some(0) => Ok(sub_band),
            wait_us => Err(LawBreach::Duty { wait_us }),
        }
    }

    /// Notes a transmission that begins now, whether the law allows it or not.
    pub fn note(&mut self, now_us: u64, sub_band: usize, airtime_us: u64) {
        let Some(band) = self.bands.get_mut(sub_band) else { return };
        let end_us = now_us + airtime_us;
        // A clock that was set back does not shorten the hour.
        let end_us = end_us.max(band.entries.back().map_or(0, |last| last.sent.end_us));
        band.sum_us += airtime_us;
        band.forget(end_us);
        if band.entries.len() == ENTRIES_MAX {
            let first = band.entries.pop_front().map_or(0, |entry| entry.sent.airtime_us);
            if let Some(second) = band.entries.front_mut() {
                second.sent.airtime_us += first;
            }
        }
        band.entries.push_back(Charge { sent: Transmission { end_us, airtime_us }, sum_us: band.sum_us });
    }

    /// Airtime within the hour that ends now, in µs: only the part of a transmission that lies in it.
    #[must_use]
    pub fn used_us(&self, now_us: u64, sub_band: usize) -> u64 {
        let start_us = now_us.saturating_sub(HOUR_US);
        let inside =
            self.entries(sub_band).map(|sent| sent.airtime_us.min(sent.end_us.saturating_sub(start_us)));
        inside.sum()
    }

    /// Airtime of all transmissions of a sub-band that count now, in µs.
    #[must_use]
    pub fn counted_us(&self, sub_band: usize) -> u64 {
        self.bands.get(sub_band).map_or(0, |band| band.from(0))
    }

    /// Airtime of the hour that ends with the last transmission of a sub-band, in µs.
    fn last_hour_us(&self, sub_band: usize) -> u64 {
        let Some(band) = self.bands.get(sub_band) else { return 0 };
        let (Some(first), Some(last)) = (band.entries.front(), band.entries.back()) else { return 0 };
        // Only the first of those that are remembered may lie in that hour in part.
        let left_us = (first.sent.end_us + HOUR_US).saturating_sub(last.sent.end_us);
        band.from(1) + left_us.min(first.sent.airtime_us)
    }

    /// Share of the budget of a sub-band that the hour uses which ends with its last transmission, in
    /// millionths; 0 without a duty cycle, above 1,000,000 where the law is broken.
    #[must_use]
    pub fn last_hour(&self, sub_band: usize) -> u64 {
        let limits = Law::of(self.region).limits(sub_band);
        let used =
            u128::from(self.last_hour_us(sub_band)) * 1_000_000 / u128::from(limits.budget_us().max(1));
        limits.duty.map_or(0, |_| u64::try_from(used).unwrap_or(u64::MAX))
    }

    /// Greatest share of its budget that a sub-band with a duty cycle has used in the hour that ends now, in
    /// millionths; above 1,000,000 where the law is broken.
    #[must_use]
    pub fn utilization(&self, now_us: u64) -> u64 {
        let law = Law::of(self.region);
        let limited = (0..self.bands.len()).filter(|one| law.limits(*one).duty.is_some());
        let shares = limited.map(|one| {
            let budget = law.limits(one).budget_us().max(1);
            u64::try_from(u128::from(self.used_us(now_us, one)) * 1_000_000 / u128::from(budget))
                .unwrap_or(u64::MAX)
        });
        shares.max().unwrap_or(0)
    }

    /// Whether some hour that ends with the last transmission of a sub-band holds more airtime than the law
    /// allows.
    #[must_use]
    pub fn is_exceeded(&self, sub_band: usize) -> bool {
        let limits = Law::of(self.region).limits(sub_band);
        limits.duty.is_some() && self.last_hour_us(sub_band) > limits.budget_us()
    }

    /// Transmissions of a sub-band that are remembered, the oldest first.
    pub fn entries(&self, sub_band: usize) -> impl Iterator<Item = &Transmission> {
        self.bands.get(sub_band).into_iter().flat_map(|band| &band.entries).map(|entry| &entry.sent)
    }

    /// Prefetches the oldest transmissions, with which every question begins.
    pub(super) fn prefetch(&self) {
        self.bands.iter().filter_map(|band| band.entries.front()).for_each(prefetch::small);
    }

    /// Adds the ledger to a fingerprint.
    pub fn digest(&self, digest: &mut Digest) {
        for band in &self.bands {
            digest.length(band.entries.len());
            for entry in &band.entries {
                digest.number(entry.sent.end_us);
                digest.number(entry.sent.airtime_us);
            }
        }
    }
}

impl Charge {
    /// Whether it has left the hour that ends then.
    const fn has_left(&self, end_us: u64) -> bool {
        self.sent.end_us + HOUR_US <= end_us
    }
}

impl Band {
    /// Airtime of the transmissions from an index on, in µs.
    fn from(&self, index: usize) -> u64 {
        self.entries.get(index).map_or(0, |entry| self.since(entry))
    }

    /// Airtime of a transmission and of those after it, in µs.
    const fn since(&self, entry: &Charge) -> u64 {
        self.sum_us - entry.sum_us + entry.sent.airtime_us
    }

    /// Forgets transmissions that have left the hour that ends then.
    fn forget(&mut self, end_us: u64) {
        while self.entries.pop_front_if(|first| first.has_left(end_us)).is_some() {}
    }

    /// Time that a transmission with this end has to wait; 0 if it may go, `None` if it never may. Both
    /// searches begin with the oldest: few have to leave before a frame fits.
    fn wait(&self, end_us: u64, airtime_us: u64, budget_us: u64) -> Option<u64> {
        let left_us = budget_us.checked_sub(airtime_us)?;
        let gone = self.entries.iter().take_while(|entry| entry.has_left(end_us)).count();
        if self.from(gone) <= left_us && self.entries.len() - gone < ENTRIES_MAX {
            return Some(0);
        }
        // Until the last of the transmissions that do not fit beside it has left.
        let others = self.entries.iter().position(|entry| self.since(entry) <= left_us);
        let others = others.unwrap_or(self.entries.len());
        let others = others.max((self.entries.len() + 1).saturating_sub(ENTRIES_MAX));
        let last = others.checked_sub(1).and_then(|index| self.entries.get(index));
        Some(last.map_or(0, |entry| (entry.sent.end_us + HOUR_US).saturating_sub(end_us)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::rng::{Purpose, Rng};
    use crate::config::knob::Field as _;
    use crate::config::{Bandwidth, RadioConfig};
    use crate::stack::radio::airtime::Modulation;

    const MS: u64 = 1_000;
    const EU: u32 = 868_100_000;

    /// A ledger in which this much of the last hour is used, in millionths.
    fn used(region: Region, hz: u32, millionths: u64) -> Ledger {
        let mut ledger = Ledger::new(region);
        let sub_band = Law::of(region).sub_band(hz).unwrap();
        ledger.note(HOUR_US, sub_band, HOUR_US / 1_000_000 * millionths);
        ledger
    }

    fn admit(ledger: &mut Ledger, hz: u32, ms: u64) -> Result<usize, LawBreach> {
        ledger.admit(HOUR_US + HOUR_US / 2, hz, ms * MS)
    }

    #[test]
    fn vectors_of_the_program() {
        assert!(admit(&mut used(Region::Eu868, EU, 5_000), EU, 1_000).is_ok());
        let refused = admit(&mut used(Region::Eu868, EU, 9_800), EU, 1_000);
        assert!(matches!(refused, Err(LawBreach::Duty { wait_us: Some(1..) })));
        let low = 864_000_000;
        assert!(admit(&mut used(Region::Eu868, low, 500), low, 100).is_ok());
        assert!(admit(&mut used(Region::Eu868, low, 970), low, 1_000).is_err());
        assert_eq!(
            admit(&mut Ledger::new(Region::Eu868), EU, 2_000),
            Err(LawBreach::TooLong { longest_us: 1_000_000 })
        );
        let us = 903_000_000;
        assert!(admit(&mut used(Region::Us915, us, 500_000), us, 300).is_ok());
        assert!(matches!(
            admit(&mut used(Region::Us915, us, 500_000), us, 500),
            Err(LawBreach::Dwell { .. })
        ));
        let jp = 921_000_000;
        assert!(admit(&mut used(Region::Jp920, jp, 50_000), jp, 1_000).is_ok());
        assert!(admit(&mut used(Region::Jp920, jp, 99_800), jp, 1_000).is_err());
        let au = 916_000_000;
        assert!(admit(&mut used(Region::Au915, au, 800_000), au, 10_000).is_ok());
    }

    /// 82 bytes at SF7, back to back: the published trace T5.
    #[test]
    fn the_frame_after_the_last_one_waits_until_the_first_has_left_the_hour() {
        let airtime = Modulation { spreading: 7, ..Modulation::of(&RadioConfig::DEFAULT) }.airtime_us(82);
        let mut ledger = Ledger::new(Region::Eu868);
        let mut now = 0;
        let mut sent = 0;
        while let Ok(sub_band) = ledger.admit(now, EU, airtime) {
            ledger.note(now, sub_band, airtime);
            (now, sent) = (now + airtime, sent + 1);
        }
        assert_eq!((sent, now), (250, 35_904_000));
        assert_eq!(ledger.admit(now, EU, airtime), Err(LawBreach::Duty { wait_us: Some(HOUR_US - now) }));
        assert!(ledger.admit(HOUR_US - 1, EU, airtime).is_err());
        for index in 0..3 {
            let at = HOUR_US + index * airtime;
            let sub_band = ledger.admit(at, EU, airtime).expect("one frame for each that has left");
            ledger.note(at, sub_band, airtime);
            assert!(ledger.admit(at, EU, airtime).is_err());
        }
    }

    #[test]
    fn exactly_the_limit_is_allowed_and_a_microsecond_more_is_not() {
        let mut ledger = used(Region::Eu868, EU, 9_900);
        assert!(ledger.admit(HOUR_US + HOUR_US / 2, EU, 360_000).is_ok());
        assert!(ledger.admit(HOUR_US + HOUR_US / 2, EU, 360_001).is_err());
    }

    /// Most airtime of a sliding hour, over all hours that end with a transmission, by brute force.
    fn busiest_hour(sent: &[Transmission]) -> u64 {
        let start = |entry: &Transmission| entry.end_us - entry.airtime_us;
        let inside = |entry: &Transmission, from: u64, to: u64| {
            entry.end_us.min(to).saturating_sub(start(entry).max(from))
        };
        let mut first = 0;
        let hours = sent.iter().enumerate().map(|(last, one)| {
            let from = one.end_us.saturating_sub(HOUR_US);
            while sent[first].end_us <= from {
                first += 1;
            }
            sent[first..=last].iter().map(|entry| inside(entry, from, one.end_us)).sum::<u64>()
        });
        hours.max().unwrap_or(0)
    }

    #[test]
    fn no_sliding_hour_holds_more_than_the_law_allows_whatever_the_load() {
        let mut rng = Rng::stream(4, Purpose::Swarm, 4);
        for load in 0..10_000 {
            let region = Region::from_raw(u64::from(rng.below(14)));
            let bandwidth = Bandwidth::from_raw(u64::from(rng.below(4)));
            let spreading = 5 + rng.below(8);
            let modulation = Modulation { spreading, bandwidth, ..Modulation::of(&RadioConfig::DEFAULT) };
            let law = Law::of(region);
            let hz = law.band.0 + rng.below(law.band.1 - law.band.0);
            let sub_band = law.sub_band(hz).unwrap();
            let mut ledger = Ledger::new(region);
            let (mut now, mut sent): (u64, Vec<Transmission>) = (0, Vec::new());
            let pause = 1 << rng.below(24);
            for _ in 0..60 {
                let airtime_us = modulation.airtime_us(rng.below(257));
                match ledger.admit(now, hz, airtime_us) {
                    Ok(band) => {
                        ledger.note(now, band, airtime_us);
                        now += airtime_us;
                        sent.push(Transmission { end_us: now, airtime_us });
                        assert!(!ledger.is_exceeded(band));
                    }
                    Err(LawBreach::Duty { wait_us: Some(wait) }) => {
                        assert!(
                            wait > 0 && ledger.admit(now + wait - 1, hz, airtime_us).is_err(),
                            "load {load}"
                        );
                        assert!(ledger.admit(now + wait, hz, airtime_us).is_ok(), "load {load}: {wait}");
                        now += wait;
                    }
                    Err(_) => {}
                }
                now += u64::from(rng.below(pause));
            }
            let limit = law.limits(sub_band).budget_us();
            assert!(busiest_hour(&sent) <= limit, "load {load}, {region:?}, SF{spreading}");
            assert!(sent.iter().all(|one| law.check(hz, one.airtime_us).is_ok()));
        }
    }

    #[test]
    fn a_full_ledger_gives_its_oldest_entries_together() {
        let mut ledger = Ledger::new(Region::Eu868);
        for index in 0..=ENTRIES_MAX as u64 {
            ledger.note(index * 2, 2, 1);
        }
        assert_eq!(ledger.entries(2).count(), ENTRIES_MAX);
        assert_eq!(ledger.used_us(3 * ENTRIES_MAX as u64, 2), ENTRIES_MAX as u64 + 1);
    }
}
