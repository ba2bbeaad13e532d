//! Seeded random streams (xoshiro256++), with the same output on every target and in every release.
//!
//! The output of `rand_xoshiro` is documented as stable. Ranges and distributions are implemented here,
//! because those of other crates may change between releases.

use litemap::LiteMap;
use rand_core::{Rng as _, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;

use crate::base::narrow;
use crate::base::ratio::Ratio;
use crate::base::ring;

/// Purpose of a random stream.
///
/// Streams of different purposes and owners are independent, so that another peer or query changes no other
/// stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// Tokens, blocks and ids of peers.
    Universe = 1,
    /// Initial contacts, and the contacts of newcomers.
    Genesis = 2,
    /// Decisions of a peer.
    Protocol = 3,
    /// Secrets of a peer's elections.
    Secrets = 4,
    /// Loss and delay of the messages that a peer sends.
    Links = 5,
    /// Token set of a peer within its reach.
    Coverage = 6,
    /// Arrivals, departures and returns.
    Churn = 7,
    /// Selection of the adversaries.
    Adversaries = 8,
    /// Random worlds of the swarm.
    Swarm = 9,
    /// Decisions of a host's layers below the lifecycle.
    Layers = 10,
    /// What a crash leaves on the disk of a host.
    Disk = 11,
    /// Contacts that a peer keeps aside.
    Anchors = 12,
    /// Blocks that clients submit.
    Load = 20,
}

/// A random stream.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rng(Xoshiro256PlusPlus);

impl Rng {
    /// The stream of a purpose and an owner under a seed.
    #[must_use]
    pub fn stream(seed: u64, purpose: Purpose, owner: u64) -> Self {
        let mut key = [0; 24];
        key[..8].copy_from_slice(&seed.to_le_bytes());
        key[8..16].copy_from_slice(&(purpose as u64).to_le_bytes());
        key[16..].copy_from_slice(&owner.to_le_bytes());
        Self(Xoshiro256PlusPlus::from_seed(*blake3::hash(&key).as_bytes()))
    }

    /// A uniform number of 64 bits.
    pub fn number(&mut self) -> u64 {
        self.0.next_u64()
    }

    /// A uniform number below `bound`, unbiased (Lemire's method).
    ///
    /// # Panics
    ///
    /// In debug builds, if `bound` is 0.
    pub fn below(&mut self, bound: u32) -> u32 {
        debug_assert!(bound > 0, "nothing lies below zero");
        // 32-bit factors: a multiplication of 64 by 64 bits is slow in wasm.
        loop {
            let product = (self.number() >> 32) * u64::from(bound);
            let low = product & 0xffff_ffff;
            if low >= u64::from(bound) || low >= u64::from(bound.wrapping_neg() % bound) {
                return narrow::word(product >> 32);
            }
        }
    }

    /// A uniform index of a sequence of `len` elements; `None` if it is empty.
    pub fn index(&mut self, len: usize) -> Option<usize> {
        let len = narrow::word(len as u64);
        (len > 0).then(|| self.below(len) as usize)
    }

    /// True with a probability. A certain outcome draws no number.
    pub fn chance(&mut self, ratio: Ratio) -> bool {
        match ratio {
            Ratio::ZERO => false,
            Ratio::ONE => true,
            ratio => self.below(Ratio::ONE.millionths()) < ratio.millionths(),
        }
    }

    /// True with the probability `distance` / half the ring.
    pub(crate) fn chance_of_distance(&mut self, distance: u64) -> bool {
        debug_assert!(distance <= ring::HALF, "no position is farther than the opposite side");
        self.number() % ring::HALF < distance
    }

    /// Shuffles a sequence uniformly (Fisher-Yates).
    pub(crate) fn shuffle<T>(&mut self, items: &mut [T]) {
        for end in (2..=items.len()).rev() {
            if let Some(pick) = self.index(end) {
                items.swap(pick, end - 1);
            }
        }
    }

    /// Removes up to `count` uniformly random elements. The rest is reordered.
    pub fn take_some<T>(&mut self, items: &mut Vec<T>, count: usize) -> Vec<T> {
        let count = count.min(items.len());
        (0..count).filter_map(|_| self.index(items.len()).map(|pick| items.swap_remove(pick))).collect()
    }

    /// Indices of the elements that [`take_some`](Self::take_some) would remove from a list of `len`, in the
    /// same order, in time and space proportional to `count`.
    pub(crate) fn some_of(&mut self, len: usize, count: usize) -> Vec<usize> {
        let mut moved = LiteMap::new_vec();
        let indices = (0..count.min(len)).filter_map(|taken| {
            let last = len - taken - 1;
            let pick = self.index(last + 1)?;
            let moved_last = moved.remove(&last).unwrap_or(last);
            if pick == last {
                return Some(moved_last);
            }
            Some(moved.insert(pick, moved_last).unwrap_or(pick))
        });
        indices.collect()
    }

    /// An exponentially distributed time with a mean, rounded down, saturating.
    pub fn exponential(&mut self, mean: u64) -> u64 {
        // The natural logarithm of 2 in 2^-16.
        const LN_2: u128 = 45_426;
        let nats = (u128::from(self.negative_log2()) * LN_2) >> 16;
        u64::try_from((u128::from(mean) * nats) >> 16).unwrap_or(u64::MAX)
    }

    /// A Weibull-distributed time of shape 1/2 with a mean: the square of an exponential one, saturating.
    pub fn weibull(&mut self, mean: u64) -> u64 {
        const UNIT: u64 = 1 << 16;
        let exponential = u128::from(self.exponential(UNIT));
        // The mean of the squares is twice the square of the mean.
        u64::try_from((u128::from(mean) * exponential * exponential) >> 33).unwrap_or(u64::MAX)
    }

    /// A Pareto-distributed time of shape 2 with a mean, of which it is at least half, saturating.
    pub(crate) fn pareto(&mut self, mean: u64) -> u64 {
        let root = ((self.number() >> 32) + 1).isqrt().max(1);
        u64::try_from((u128::from(mean) << 16) / 2 / u128::from(root)).unwrap_or(u64::MAX)
    }

    /// Negative binary logarithm of a uniform number in (0, 1], in 2^-16: bit by bit, in integers.
    fn negative_log2(&mut self) -> u64 {
        let uniform = (self.number() >> 16) | 1;
        let whole = uniform.ilog2();
        debug_assert!(whole < 48, "48 bits are drawn");
        // Between 1 and 2, in 2^-31.
        let mut mantissa = (uniform << (47 - whole)) >> 16;
        let mut fraction = 0;
        for bit in (0..16).rev() {
            mantissa = (mantissa * mantissa) >> 31;
            if mantissa >= 1 << 32 {
                mantissa >>= 1;
                fraction |= 1 << bit;
            }
        }
        (48 << 16) - (u64::from(whole) << 16 | fraction)
    }

    /// A secret of 32 bytes.
    pub fn secret(&mut self) -> [u8; 32] {
        let mut secret = [0; 32];
        self.0.fill_bytes(&mut secret);
        secret
    }

    /// A digest of the state: the next number of the stream, which is not drawn.
    #[must_use]
    pub fn state(&self) -> u64 {
        self.0.clone().next_u64()
    }
}

/// Finaliser of `SplitMix64`: every bit of the result depends on every bit of the input.
#[must_use]
pub const fn mix(number: u64) -> u64 {
    let number = (number ^ (number >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let number = (number ^ (number >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    number ^ (number >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rng() -> Rng {
        Rng::stream(7, Purpose::Protocol, 1)
    }

    #[test]
    fn streams_depend_on_seed_purpose_and_owner() {
        let first = rng().number();
        assert_eq!(first, rng().number());
        assert_ne!(first, Rng::stream(8, Purpose::Protocol, 1).number());
        assert_ne!(first, Rng::stream(7, Purpose::Links, 1).number());
        assert_ne!(first, Rng::stream(7, Purpose::Protocol, 2).number());
    }

    /// A change of the generator would change every run.
    #[test]
    fn the_stream_is_the_recorded_one() {
        let mut rng = rng();
        let drawn = [rng.number(), rng.number(), u64::from(rng.below(1000)), u64::from(rng.below(7))];
        assert_eq!(drawn, [8_761_283_593_898_350_846, 621_338_484_234_098_769, 50, 6]);
    }

    #[test]
    fn indices_are_those_of_the_elements_that_would_be_removed() {
        for (len, count) in [(0, 3), (1, 1), (7, 7), (9, 20), (50, 49), (1_000, 60)] {
            let mut elements: Vec<usize> = (0..len).collect();
            let (mut one, mut other) = (rng(), rng());
            assert_eq!(one.some_of(len, count), other.take_some(&mut elements, count), "{count} of {len}");
            assert_eq!(one.number(), other.number(), "as many numbers were drawn");
        }
    }

    #[test]
    fn below_is_uniform_and_within_its_bound() {
        let mut rng = rng();
        let mut counts = [0_u32; 6];
        for _ in 0..60_000 {
            counts[rng.below(6) as usize] += 1;
        }
        assert!(counts.iter().all(|count| (9_700..10_300).contains(count)), "{counts:?}");
    }

    #[test]
    fn chance_follows_its_ratio() {
        let mut rng = rng();
        let hits = (0..100_000).filter(|_| rng.chance(Ratio::from_millionths(300_000))).count();
        assert!((29_500..30_500).contains(&hits), "{hits}");
        assert!(!rng.chance(Ratio::ZERO));
        assert!(rng.chance(Ratio::ONE));
    }

    #[test]
    fn distance_decides_linearly() {
        let mut rng = rng();
        let hits = (0..100_000).filter(|_| rng.chance_of_distance(ring::HALF / 4)).count();
        assert!((24_500..25_500).contains(&hits), "{hits}");
        assert!((0..1000).all(|_| rng.chance_of_distance(ring::HALF)));
        assert!(!(0..1000).any(|_| rng.chance_of_distance(0)));
    }

    #[test]
    fn times_have_their_means_and_shapes() {
        let mut rng = rng();
        let mut of = |draw: fn(&mut Rng, u64) -> u64| {
            let mut times: Vec<u64> = (0..40_000).map(|_| draw(&mut rng, 1_000)).collect();
            times.sort_unstable();
            (times.iter().sum::<u64>() / 40_000, times[20_000], times[0])
        };
        let (mean, median, _) = of(Rng::exponential);
        assert!((980..1_020).contains(&mean) && (675..710).contains(&median), "{mean} {median}");
        let (mean, median, _) = of(Rng::weibull);
        assert!((930..1_070).contains(&mean) && (225..255).contains(&median), "{mean} {median}");
        let (mean, median, least) = of(Rng::pareto);
        assert!((930..1_090).contains(&mean) && (690..725).contains(&median), "{mean} {median}");
        assert!((498..=500).contains(&least));
    }
}
