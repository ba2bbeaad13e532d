//! What lies between peers that cannot reach each other.

use std::fmt;
use std::num::NonZeroU32;

use crate::base::digest::Digest;
use crate::base::id::PeerId;
use crate::base::mutant::mutant;
use crate::base::ring::{Arc, short};
use crate::base::rng::mix;
use crate::base::time::Tick;

/// Partitions that may be in force at a time.
pub const PARTITIONS_MAX: usize = 16;

/// A partition: pairs of peers between which no message passes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Partition {
    /// Messages from within an arc to the outside are blocked; messages into the arc pass.
    OneWay(Arc),
    /// Two halves of the peers, drawn by lot.
    Halves {
        /// Draws another lot.
        salt: u32,
    },
    /// Equal arcs of the ring.
    Regions {
        /// How many, at least 2.
        count: u32,
    },
    /// One peer and all others.
    Isolation(PeerId),
}

impl Partition {
    /// Whether it stops a message.
    #[must_use]
    pub fn stops(self, from: PeerId, to: PeerId) -> bool {
        let is_outside = matches!(self, Self::OneWay(arc) if !arc.contains(from.get()));
        let is_heard = mutant!(OneWayCutsBoth: is_outside => false);
        !is_heard && self.side(from) != self.side(to)
    }

    /// Side of a peer: peers on the same side reach one another.
    pub(crate) fn side(self, peer: PeerId) -> u64 {
        match self {
            Self::OneWay(arc) => arc.contains(peer.get()).into(),
            Self::Halves { salt } => mix(peer.get() ^ mix(u64::from(salt))) & 1,
            Self::Regions { count } => region(peer, count),
            Self::Isolation(isolated) => (peer == isolated).into(),
        }
    }

    /// Adds the partition to a fingerprint.
    pub(super) fn digest(self, digest: &mut Digest) {
        let (kind, one, other) = match self {
            Self::OneWay(arc) => (0, arc.from, arc.to),
            Self::Halves { salt } => (1, u64::from(salt), 0),
            Self::Regions { count } => (2, u64::from(count), 0),
            Self::Isolation(peer) => (3, peer.get(), 0),
        };
        [kind, one, other].into_iter().for_each(|number: u64| digest.number(number));
    }
}

impl fmt::Display for Partition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::OneWay(arc) => write!(f, "{arc} not heard outside"),
            Self::Halves { .. } => f.write_str("two halves by lot"),
            Self::Regions { count } => write!(f, "{count} regions"),
            Self::Isolation(peer) => write!(f, "{} isolated", short(peer.get())),
        }
    }
}

/// Region of a peer if the ring is divided into `count` equal arcs.
#[must_use]
pub(crate) fn region(peer: PeerId, count: u32) -> u64 {
    let place = u128::from(peer.get()) * u128::from(count);
    u64::try_from(place >> 64).unwrap_or(u64::MAX)
}

/// Everything that separates peers at present.
#[derive(Clone, Debug, Default)]
pub struct PartitionSet {
    /// An arc that is cut off from the rest, in both directions.
    pub(super) cut: Option<Arc>,
    partitions: Vec<Partition>,
    /// Ticks for which the partitions hold and then do not, in turn.
    flapping: Option<NonZeroU32>,
}

/// There are [`PARTITIONS_MAX`] partitions already.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TooManyPartitions;

impl fmt::Display for TooManyPartitions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "there are {PARTITIONS_MAX} partitions already")
    }
}

impl std::error::Error for TooManyPartitions {}

impl PartitionSet {
    /// Adds a partition; an error if there are [`PARTITIONS_MAX`] already.
    pub(super) fn add(&mut self, partition: Partition) -> Result<(), TooManyPartitions> {
        if self.partitions.len() >= PARTITIONS_MAX {
            return Err(TooManyPartitions);
        }
        self.partitions.push(partition);
        Ok(())
    }

    pub(super) const fn flap(&mut self, period: NonZeroU32) {
        self.flapping = Some(period);
    }

    /// The partitions besides the cut.
    #[must_use]
    pub fn partitions(&self) -> &[Partition] {
        &self.partitions
    }

    /// Whether the partitions, where there are any, hold at a tick.
    #[must_use]
    pub const fn holds(&self, now: Tick) -> bool {
        match self.flapping {
            Some(period) => (now.0 / period.get() as u64).is_multiple_of(2),
            None => true,
        }
    }

    /// What separates peers, in words, one for each; the last says how they come and go, where they do.
    #[must_use]
    pub fn words(&self) -> Vec<String> {
        let cut = self.cut.map(|arc| format!("{arc} cut off"));
        let flapping = self.flapping.map(|period| format!("on and off every {period} ticks"));
        let partitions = self.partitions.iter().map(ToString::to_string);
        cut.into_iter().chain(partitions).chain(flapping).collect()
    }

    /// Whether a message is stopped at a tick.
    #[must_use]
    pub fn stops(&self, from: PeerId, to: PeerId, now: Tick) -> bool {
        if self.cut.is_none() && self.partitions.is_empty() {
            return false;
        }
        let is_cut = self.cut.is_some_and(|arc| arc.contains(from.get()) != arc.contains(to.get()));
        self.holds(now) && (is_cut || self.partitions.iter().any(|partition| partition.stops(from, to)))
    }

    /// The side on which a peer is of all partitions besides the cut, as one number: peers on the same side
    /// of each have the same. None where there is no such partition.
    #[must_use]
    pub fn side(&self, peer: PeerId) -> Option<u8> {
        let sides = self.partitions.iter().map(|partition| partition.side(peer));
        let side = sides.fold(0_u64, |all, side| all.wrapping_mul(67).wrapping_add(side));
        (!self.partitions.is_empty()).then_some(side.to_le_bytes()[0])
    }

    /// Whether some of these peers cannot reach others of them at a tick.
    #[must_use]
    pub fn parts(&self, peers: &[PeerId], now: Tick) -> bool {
        let differ = |side: &dyn Fn(PeerId) -> u64| {
            peers.iter().any(|peer| peers.first().is_some_and(|first| side(*first) != side(*peer)))
        };
        let is_cut = self.cut.is_some_and(|arc| differ(&|peer| arc.contains(peer.get()).into()));
        self.holds(now) && (is_cut || self.partitions.iter().any(|it| differ(&|peer| it.side(peer))))
    }

    /// Adds the partitions to a fingerprint; what is newer than the cut only where it is in use.
    pub(super) fn digest(&self, digest: &mut Digest) {
        digest.number(self.cut.is_some());
        digest.number(self.cut.map_or(0, |arc| arc.from));
        digest.number(self.cut.map_or(0, |arc| arc.to));
        self.partitions.iter().for_each(|partition| partition.digest(digest));
        if let Some(period) = self.flapping {
            digest.number(period.get());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn stops(partition: Partition, from: u64, to: u64) -> bool {
        partition.stops(PeerId::new(from), PeerId::new(to))
    }

    #[test]
    fn a_one_way_partition_lets_the_others_speak() {
        let partition = Partition::OneWay(Arc { from: 10, to: 20 });
        assert!(stops(partition, 15, 25));
        assert!(!stops(partition, 25, 15) && !stops(partition, 12, 18) && !stops(partition, 5, 25));
    }

    #[test]
    fn an_isolated_peer_reaches_nobody() {
        let partition = Partition::Isolation(PeerId::new(7));
        assert!(stops(partition, 7, 8) && stops(partition, 8, 7));
        assert!(!stops(partition, 8, 9) && !stops(partition, 7, 7));
    }

    #[test]
    fn regions_are_equal_arcs() {
        let quarter = 1 << 62;
        let regions: Vec<u64> = [0, quarter - 1, quarter, 3 * quarter, u64::MAX]
            .map(|place| region(PeerId::new(place), 4))
            .to_vec();
        assert_eq!(regions, [0, 0, 1, 3, 3]);
        assert_eq!(region(PeerId::new(u64::MAX), 1), 0);
    }

    #[test]
    fn a_side_is_a_number_that_only_those_share_who_are_on_one_side_of_everything() {
        let mut partitions = PartitionSet::default();
        let sides = |partitions: &PartitionSet| {
            [0, 1 << 61, 1 << 62, u64::MAX].map(|place| partitions.side(PeerId::new(place)))
        };
        assert_eq!(sides(&partitions), [None; 4]);
        partitions.add(Partition::Regions { count: 4 }).unwrap();
        assert_eq!(sides(&partitions), [0, 0, 1, 3].map(Some));
        partitions.add(Partition::Isolation(PeerId::new(0))).unwrap();
        let [alone, first, second, last] = sides(&partitions);
        assert!(alone != first && first != second && second != last && alone != last);
    }

    #[test]
    fn a_flapping_partition_holds_half_of_the_time() {
        let mut partitions = PartitionSet::default();
        partitions.add(Partition::Isolation(PeerId::new(7))).unwrap();
        partitions.flap(NonZeroU32::new(3).unwrap());
        let stopped = (0..9).map(|tick| partitions.stops(PeerId::new(7), PeerId::new(8), Tick(tick)));
        assert!(stopped.eq([true, true, true, false, false, false, true, true, true]));
    }

    #[test]
    fn peers_are_parted_where_some_of_them_are_on_another_side_and_while_that_holds() {
        let peers = |places: &[u64]| places.iter().copied().map(PeerId::new).collect::<Vec<_>>();
        let parts =
            |partitions: &PartitionSet, places: &[u64], tick| partitions.parts(&peers(places), Tick(tick));
        let with = |partition| {
            let mut partitions = PartitionSet::default();
            partitions.add(partition).unwrap();
            partitions
        };
        let arc = Arc { from: 10, to: 20 };
        let quarters = [0, 1 << 62, 1 << 63];
        let cut = PartitionSet { cut: Some(arc), ..PartitionSet::default() };
        for (partitions, parted, whole) in [
            (cut, [12, 15, 25], [25, 30, 35]),
            (with(Partition::OneWay(arc)), [12, 15, 25], [11, 12, 13]),
            (with(Partition::Isolation(PeerId::new(7))), [5, 6, 7], [5, 6, 8]),
            (with(Partition::Regions { count: 4 }), quarters, [0, 1, 2]),
            (with(Partition::Halves { salt: 1 }), [1, 2, 3], [1, 1, 1]),
        ] {
            assert!(parts(&partitions, &parted, 0) && !parts(&partitions, &whole, 0), "{partitions:?}");
            assert!(!parts(&partitions, &[], 0), "nobody is parted from nobody");
        }
        let mut flapping = with(Partition::Isolation(PeerId::new(7)));
        flapping.flap(NonZeroU32::new(3).unwrap());
        assert!(parts(&flapping, &[7, 8], 2) && !parts(&flapping, &[7, 8], 3));
        assert!(!parts(&PartitionSet::default(), &quarters, 0));
    }

    #[test]
    fn everything_that_separates_is_put_into_words() {
        let arc = Arc { from: 1 << 62, to: 1 << 63 };
        let mut partitions = PartitionSet { cut: Some(arc), ..PartitionSet::default() };
        let added = [
            Partition::OneWay(arc),
            Partition::Halves { salt: 7 },
            Partition::Regions { count: 4 },
            Partition::Isolation(PeerId::new(0xabcd_ef01_2345_6789)),
        ];
        assert!(added.into_iter().all(|partition| partitions.add(partition).is_ok()));
        partitions.flap(NonZeroU32::new(20).unwrap());
        let words = [
            "400000… to 800000… cut off",
            "400000… to 800000… not heard outside",
            "two halves by lot",
            "4 regions",
            "abcdef… isolated",
            "on and off every 20 ticks",
        ];
        assert_eq!(partitions.words(), words);
        assert!(PartitionSet::default().words().is_empty());
    }

    #[test]
    fn there_is_a_limit() {
        let mut partitions = PartitionSet::default();
        let added = (0..20).filter(|salt| partitions.add(Partition::Halves { salt: *salt }).is_ok()).count();
        assert_eq!(added, PARTITIONS_MAX);
    }

    proptest! {
        #[test]
        fn halves_and_regions_separate_both_ways(from: u64, to: u64, salt: u32, count in 2_u32..64) {
            for partition in [Partition::Halves { salt }, Partition::Regions { count }] {
                prop_assert_eq!(stops(partition, from, to), stops(partition, to, from));
                prop_assert!(!stops(partition, from, from));
            }
        }
    }
}
