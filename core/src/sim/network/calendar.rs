//! Calendar queue on integer ticks: entries wait in the bucket of the tick at which they are due.
//!
//! A tick has a bucket for each shard of receivers, so that what is due to neighbours in memory is taken out
//! together: in a large world each shard fits a cache, and shards can be served in parallel. Buckets are made
//! of chunks, which go from bucket to bucket, so that a calendar asks for memory only when more waits than
//! lately.

use super::wheel::{BLOCK_BITS, Wheel, block_of};
use crate::base::mutant::Mutant;
use crate::base::prefetch;
use crate::base::time::Tick;

/// Days: those of the present block of the wheel and of the one after it. Later entries wait in the wheel.
const DAYS: u64 = 2 << BLOCK_BITS;
/// Bytes in a chunk: entries that are near in time are near in memory, too. The first chunk of a bucket grows
/// as it is filled, so that the calendars of small worlds take hardly any memory.
const CHUNK: usize = 1 << 14;

/// Emptied chunks that a calendar may keep however little waits, besides one for each shard.
const SPARE: usize = 4;

/// Things that are due at ticks.
#[derive(Clone, Debug)]
pub struct Calendar<T> {
    shards: usize,
    /// The day of tick `t` is `t % DAYS`.
    days: Vec<Day<T>>,
    /// A bit for each day on which something is due.
    occupied: u128,
    /// No day holds anything that is due earlier.
    now: Tick,
    /// Entries due in blocks after the next one.
    far: Wheel<T>,
    /// Chunks that were emptied, for the next ones to be filled: an empty bucket has none.
    spare: Vec<Vec<T>>,
    len: usize,
}

/// What is due at one tick: a bucket for each shard.
#[derive(Clone, Debug)]
pub struct Day<T> {
    buckets: Vec<Bucket<T>>,
}

/// What is due in one shard, in the order of entry.
#[derive(Clone, Debug)]
pub struct Bucket<T> {
    full: Vec<Vec<T>>,
    last: Vec<T>,
}

impl<T> Default for Bucket<T> {
    fn default() -> Self {
        Self { full: Vec::new(), last: Vec::new() }
    }
}

impl<T> Default for Calendar<T> {
    fn default() -> Self {
        Self::with_shards(1)
    }
}

impl<T> Calendar<T> {
    /// An empty calendar for receivers in `shards` shards, at least 1.
    #[must_use]
    pub(crate) fn with_shards(shards: usize) -> Self {
        let day = || Day { buckets: (0..shards).map(|_| Bucket::default()).collect() };
        Self {
            shards,
            days: (0..DAYS).map(|_| day()).collect(),
            occupied: 0,
            now: Tick(0),
            far: Wheel::default(),
            spare: Vec::new(),
            len: 0,
        }
    }

    /// How many shards there are.
    #[must_use]
    pub const fn shards(&self) -> usize {
        self.shards
    }

    /// How many things wait.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.len
    }

    /// Whether nothing waits.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Enters a thing that is due in a shard at a tick not yet opened.
    #[inline]
    pub fn push(&mut self, due: Tick, shard: usize, thing: T) {
        debug_assert!(due >= self.now, "{due:?} has passed, it is {:?}", self.now);
        self.len += 1;
        if block_of(due) <= self.far.block() {
            self.enter(due, shard, thing);
        } else {
            self.defer(due, shard, thing);
        }
    }

    fn enter(&mut self, due: Tick, shard: usize, thing: T) {
        self.occupied |= 1 << bit(due);
        self.days[index_of(due)].buckets[shard].push(thing, &mut self.spare);
    }

    #[cold]
    fn defer(&mut self, due: Tick, shard: usize, thing: T) {
        if !Mutant::HorizonLoses.is_active() {
            self.far.insert((due, shard, thing));
        }
    }

    /// Takes out what is due at a tick, which has then passed. Nothing may be due earlier.
    #[must_use = "it is to be closed"]
    pub fn open(&mut self, tick: Tick) -> Day<T> {
        self.advance(tick);
        let day = std::mem::take(&mut self.days[index_of(tick)].buckets);
        self.occupied &= !(1 << bit(tick));
        let day = Day { buckets: day };
        self.len -= day.len();
        day
    }

    /// Gives a day that is open an empty one instead, so that all that waits can be taken out meanwhile.
    #[cfg(feature = "layers")]
    pub(crate) fn replace_open_day(&mut self) {
        for day in self.days.iter_mut().filter(|day| day.buckets.is_empty()) {
            day.buckets.resize_with(self.shards, Bucket::default);
        }
    }

    /// Takes a day that is over back, for the memory in it; what is still on it is gone.
    pub fn close(&mut self, mut day: Day<T>) {
        day.buckets.iter_mut().for_each(|bucket| self.recycle(bucket, Vec::clear));
        self.days[index_of(self.now)] = day;
        self.give_back();
        self.advance(Tick(self.now.0 + 1));
    }

    /// Gives memory back where more has waited at a time than does now.
    fn give_back(&mut self) {
        self.spare.truncate(self.len / things_in_a_chunk::<T>() + self.shards + SPARE);
    }

    /// Adds a thing to what is due in a shard on an opened day.
    pub fn add(&mut self, day: &mut Day<T>, shard: usize, thing: T) {
        day.buckets[shard].push(thing, &mut self.spare);
    }

    /// Moves what is due in a shard on an opened day elsewhere: the memory is for what comes next.
    pub(crate) fn unload(&mut self, day: &mut Day<T>, shard: usize, things: &mut Vec<T>) {
        let bucket = &mut day.buckets[shard];
        things.reserve(bucket.len());
        self.recycle(bucket, |chunk| things.append(chunk));
    }

    fn recycle(&mut self, bucket: &mut Bucket<T>, mut empty: impl FnMut(&mut Vec<T>)) {
        let last = std::mem::take(&mut bucket.last);
        for mut chunk in bucket.full.drain(..).chain([last]).filter(|chunk| chunk.capacity() > 0) {
            empty(&mut chunk);
            self.spare.push(chunk);
        }
    }

    /// The earliest tick at which something is due.
    #[must_use]
    pub(crate) fn next_due(&self) -> Option<Tick> {
        let soon = self.occupied.rotate_right(bit(self.now));
        match soon {
            0 => self.far.next_due(),
            _ => Some(Tick(self.now.0 + u64::from(soon.trailing_zeros()))),
        }
    }

    /// All that waits, the earliest first, and in the order of entry within a tick and shard.
    pub fn iter(&self) -> impl Iterator<Item = (Tick, &T)> {
        let soon = (self.now.0..self.now.0 + DAYS).map(Tick);
        let soon = soon.flat_map(|tick| self.days[index_of(tick)].iter().map(move |thing| (tick, thing)));
        soon.chain(self.far.sorted().into_iter().map(|(tick, _, thing)| (*tick, thing)))
    }

    /// Number of parts into which [`Self::part`] divides what waits.
    #[must_use]
    pub fn parts(&self) -> usize {
        self.days.len() * self.shards + usize::from(!self.far.is_empty())
    }

    /// A part of what waits, with the ticks at which it is due: of one tick and shard, or everything in the
    /// wheel. Later parts are due later, or in a later shard.
    #[must_use]
    pub fn part(&self, number: usize) -> Vec<(Tick, &T)> {
        let ahead = number / self.shards;
        if ahead < self.days.len() {
            let tick = Tick(self.now.0 + ahead as u64);
            let bucket = &self.days[index_of(tick)].buckets[number % self.shards];
            return bucket.iter().map(|thing| (tick, thing)).collect();
        }
        self.far.sorted().into_iter().map(|(tick, _, thing)| (*tick, thing)).collect()
    }

    /// Lets time pass, and brings the entries of the next block into their buckets.
    fn advance(&mut self, now: Tick) {
        debug_assert!(now >= self.now, "time runs from {:?} to {now:?}", self.now);
        self.now = now;
        let next = block_of(now) + 1;
        if next > self.far.block() {
            self.pull(next);
        }
    }

    /// Brings the entries of the block before `next`, if it was passed over, and of `next` out of the wheel.
    #[cold]
    fn pull(&mut self, next: u64) {
        let mut far = std::mem::take(&mut self.far);
        for block in [next - 1, next] {
            if block > far.block() {
                far.advance(block, |(due, shard, thing)| self.enter(due, shard, thing));
            }
        }
        self.far = far;
    }
}

impl<T> Day<T> {
    /// The buckets of all shards.
    pub fn buckets(&mut self) -> &mut [Bucket<T>] {
        &mut self.buckets
    }

    fn iter(&self) -> impl Iterator<Item = &T> {
        self.buckets.iter().flat_map(Bucket::iter)
    }

    /// How much is due.
    #[must_use]
    pub fn len(&self) -> usize {
        self.buckets.iter().map(Bucket::len).sum()
    }

    /// Whether nothing is due.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

impl<T> Bucket<T> {
    #[inline]
    fn push(&mut self, thing: T, spare: &mut Vec<Vec<T>>) {
        if self.last.len() == self.last.capacity() {
            self.make_room(spare);
        }
        self.last.push(thing);
        // With this many buckets a processor does not detect that each is written to in order.
        prefetch::room(&mut self.last);
    }

    #[cold]
    fn make_room(&mut self, spare: &mut Vec<Vec<T>>) {
        // A vector doubles as it grows, and gets there exactly where things have a size that is a power of
        // two.
        if self.last.len() >= things_in_a_chunk::<T>() {
            self.full.push(std::mem::take(&mut self.last));
        }
        if self.last.capacity() == 0 {
            self.last = spare.pop().unwrap_or_default();
        }
    }

    /// How much is due.
    #[must_use]
    pub fn len(&self) -> usize {
        self.full.iter().map(Vec::len).sum::<usize>() + self.last.len()
    }

    /// Whether nothing is due.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.full.is_empty() && self.last.is_empty()
    }

    fn iter(&self) -> impl Iterator<Item = &T> {
        self.full.iter().chain([&self.last]).flatten()
    }

    /// What it is made of, in the order of entry, for everything to be taken out.
    pub fn chunks(&mut self) -> impl Iterator<Item = &mut Vec<T>> {
        self.full.iter_mut().chain([&mut self.last])
    }
}

const fn things_in_a_chunk<T>() -> usize {
    let size = if size_of::<T>() == 0 { 1 } else { size_of::<T>() };
    CHUNK / size
}

const fn index_of(tick: Tick) -> usize {
    bit(tick) as usize
}

const fn bit(tick: Tick) -> u32 {
    (tick.0 % DAYS) as u32
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeMap;

    /// Everything that is due at a tick, by shards.
    fn take<T>(calendar: &mut Calendar<T>, tick: Tick) -> Vec<T> {
        let mut day = calendar.open(tick);
        let chunks = day.buckets().iter_mut().flat_map(Bucket::chunks);
        let due = chunks.flat_map(|chunk| chunk.drain(..)).collect();
        calendar.close(day);
        due
    }

    #[test]
    fn far_things_arrive_in_time() {
        let mut calendar = Calendar::default();
        calendar.push(Tick(1_000), 0, 'b');
        calendar.push(Tick(3), 0, 'a');
        assert_eq!(calendar.next_due(), Some(Tick(3)));
        assert_eq!((take(&mut calendar, Tick(3)), calendar.next_due()), (vec!['a'], Some(Tick(1_000))));
        assert_eq!((take(&mut calendar, Tick(1_000)), calendar.next_due()), (vec!['b'], None));
        assert!(calendar.is_empty());
    }

    #[test]
    fn memory_goes_from_bucket_to_bucket() {
        let mut calendar = Calendar::with_shards(2);
        let chunk = CHUNK / size_of::<usize>();
        for tick in 0..3 * DAYS {
            (0..10 * chunk).for_each(|thing| calendar.push(Tick(tick + 1), thing % 2, thing));
            take(&mut calendar, Tick(tick));
        }
        let buckets = calendar.days.iter().flat_map(|day| &day.buckets);
        let held = buckets.flat_map(|bucket| bucket.full.iter().chain([&bucket.last]));
        let held = held.filter(|chunk| chunk.capacity() > 0).chain(&calendar.spare);
        let capacities: Vec<usize> = held.map(Vec::capacity).collect();
        assert_eq!(capacities, vec![chunk; 20], "ten chunks that wait, and ten while the next are filled");
    }

    #[test]
    fn what_a_crowd_took_is_given_back_when_it_is_gone() {
        let mut calendar = Calendar::default();
        let chunk = CHUNK / size_of::<usize>();
        (0..100 * chunk).for_each(|thing| calendar.push(Tick(0), 0, thing));
        for tick in 0..3 {
            calendar.push(Tick(tick + 1), 0, 0);
            take(&mut calendar, Tick(tick));
        }
        assert!(calendar.spare.len() <= 1 + SPARE, "{} chunks are kept for one thing", calendar.spare.len());
    }

    proptest! {
        #[test]
        fn a_calendar_is_a_sorted_map(steps in prop::collection::vec((prop_oneof![0..200_u64, 0..2_000_000_u64], 1..300_usize), 0..60)) {
            let mut calendar = Calendar::with_shards(3);
            let mut model: BTreeMap<(u64, usize), Vec<usize>> = BTreeMap::new();
            let mut now = 0;
            for (number, (ahead, count)) in steps.into_iter().enumerate() {
                for thing in 0..count {
                    let shard = (number + thing / 100) % 3;
                    calendar.push(Tick(now + ahead), shard, thing);
                    model.entry((now + ahead, shard)).or_default().push(thing);
                }
                let waiting: usize = model.values().map(Vec::len).sum();
                prop_assert_eq!(calendar.len(), waiting);
                prop_assert_eq!(calendar.iter().count(), waiting);
                let next = model.keys().next().unwrap().0;
                prop_assert_eq!(calendar.next_due(), Some(Tick(next)));
                if number % 2 == 0 {
                    let due = (0..3).flat_map(|shard| model.remove(&(next, shard)).unwrap_or_default());
                    prop_assert_eq!(take(&mut calendar, Tick(next)), due.collect::<Vec<_>>());
                    now = next + 1;
                }
            }
        }
    }
}
