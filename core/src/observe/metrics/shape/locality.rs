//! How well neighbours on the ring are connected, and how far connections reach.

use serde::Serialize;

use super::graph::Graph;
use crate::observe::metrics::{mean, ratio, ring_fraction};

/// Nearest running peers on each side that form the leaf set of a peer.
pub const LEAF_SET_SIDE: usize = 4;

/// Equal areas of the ring in which a peer can have Connected peers or lack them (document 001, step 4.1).
pub const AREAS: u32 = 16;

const _: () = assert!(AREAS == 1 << AREA_BITS, "an area is told by the highest bits of a distance");
const AREA_BITS: u32 = 4;

/// From here on the locality of a peer is called strong.
const STRONG: f64 = 0.7;

/// Ring structure of the connections between running peers. A share is `None` if there is nothing to measure.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Locality {
    /// Share of its leaf set that a peer is mutually Connected with, on average. The leaf set is the
    /// [`LEAF_SET_SIDE`] nearest running peers on each side.
    #[serde(rename = "core_coverage")]
    pub leaf_set_coverage: Option<f64>,
    /// The share of all pairs of next neighbours on the ring that are mutually Connected: 1 where the ring is
    /// closed.
    pub closed_share: Option<f64>,
    /// Largest arc between a peer's neighbours on the ring (Connected peers and itself), as a fraction of the
    /// ring, on average: 1 for a peer without any.
    pub gap_mean: Option<f64>,
    /// Largest of these arcs.
    pub gap_max: Option<f64>,
    /// Share of the [`AREAS`] equal areas of the ring, counted clockwise from a peer, in which it has a
    /// Connected peer, on average.
    pub area_coverage: Option<f64>,
    /// The locality of the peers that have a Connected one, on average. It is 1 less the mean distance of the
    /// Connected peers in half rings: 1 if all are adjacent, 0.5 if they are uniform.
    pub locality: Option<f64>,
    /// The share of these peers that have a locality of at least 0.7.
    pub strong_share: Option<f64>,
}

impl Locality {
    pub(super) fn of(graph: &Graph) -> Self {
        let gaps: Vec<f64> = graph.ranks().map(|rank| largest_gap(graph, rank)).collect();
        let localities: Vec<f64> = graph.ranks().filter_map(|rank| locality(graph, rank)).collect();
        let strong = localities.iter().filter(|locality| **locality >= STRONG).count();
        Self {
            leaf_set_coverage: mean(graph.ranks().filter_map(|rank| leaf_set_coverage(graph, rank))),
            closed_share: closed_share(graph),
            gap_max: gaps.iter().copied().reduce(f64::max),
            gap_mean: mean(gaps.into_iter()),
            area_coverage: mean(graph.ranks().map(|rank| area_coverage(graph, rank))),
            strong_share: ratio(strong as u64, localities.len() as u64),
            locality: mean(localities.into_iter()),
        }
    }
}

fn leaf_set_coverage(graph: &Graph, rank: usize) -> Option<f64> {
    let others = (2 * LEAF_SET_SIDE).min(graph.len() - 1);
    let is_core = |other: &&usize| graph.rank_distance(rank, **other) <= LEAF_SET_SIDE;
    let covered = graph.mutual.of(rank).iter().filter(is_core).count();
    ratio(covered as u64, others as u64)
}

pub(super) fn closed_share(graph: &Graph) -> Option<f64> {
    // Two peers are one pair, not two.
    let pairs = if graph.len() > 2 { graph.len() } else { graph.len().saturating_sub(1) };
    let closed = (0..pairs).filter(|rank| graph.mutual.has(*rank, graph.after(*rank, 1))).count();
    ratio(closed as u64, pairs as u64)
}

fn largest_gap(graph: &Graph, rank: usize) -> f64 {
    let connected = graph.connected.of(rank);
    let behind = connected.partition_point(|other| *other < rank);
    // Once round the ring from the peer back to itself.
    let stops = connected[behind..].iter().chain(&connected[..behind]).chain([&rank]);
    let (largest, _) =
        stops.fold((0, rank), |(largest, last), stop| (graph.way(last, *stop).max(largest), *stop));
    if connected.is_empty() { 1.0 } else { ring_fraction(largest) }
}

fn area_coverage(graph: &Graph, rank: usize) -> f64 {
    let area = |other: &usize| graph.way(rank, *other) >> (u64::BITS - AREA_BITS);
    let covered = graph.connected.of(rank).iter().fold(0_u16, |areas, other| areas | 1 << area(other));
    f64::from(covered.count_ones()) / f64::from(AREAS)
}

fn locality(graph: &Graph, rank: usize) -> Option<f64> {
    debug_assert!(rank < graph.len(), "rank {rank} of {}", graph.len());
    let distances =
        graph.connected.of(rank).iter().map(|other| 2.0 * ring_fraction(graph.distance(rank, *other)));
    mean(distances).map(|mean| 1.0 - mean)
}

#[cfg(test)]
mod tests {
    use super::super::tests::{full, graph, islands, near, ring};
    use super::*;
    use crate::observe::metrics::exact;

    #[test]
    fn a_ring_is_closed_and_a_quarter_of_the_core() {
        let locality = Locality::of(&ring(64));
        near(locality.closed_share, 1.0);
        near(locality.leaf_set_coverage, 0.25);
        near(locality.gap_mean, 62.0 / 64.0);
        near(locality.gap_max, 62.0 / 64.0);
        near(locality.locality, 1.0 - 2.0 / 64.0);
        near(locality.strong_share, 1.0);
    }

    #[test]
    fn who_is_connected_with_everybody_has_the_whole_core_and_no_locality() {
        for peers in [2, 3, 5, 9, 64] {
            let locality = Locality::of(&full(peers));
            near(locality.closed_share, 1.0);
            near(locality.leaf_set_coverage, 1.0);
            near(locality.gap_max, 1.0 / exact(peers as u64));
        }
        near(Locality::of(&full(65)).locality, 0.5 - 0.5 / 65.0);
        near(Locality::of(&full(65)).strong_share, 0.0);
    }

    #[test]
    fn two_islands_are_open_at_two_places() {
        let locality = Locality::of(&islands(12, 6));
        near(locality.closed_share, 10.0 / 12.0);
        near(locality.gap_max, 7.0 / 12.0);
    }

    #[test]
    fn one_sided_connections_close_nothing_and_still_fill_gaps() {
        let locality = Locality::of(&graph(&[vec![1, 3], vec![], vec![], vec![]]));
        near(locality.closed_share, 0.0);
        near(locality.leaf_set_coverage, 0.0);
        near(locality.gap_mean, (0.5 + 1.0 + 1.0 + 1.0) / 4.0);
    }

    #[test]
    fn areas_are_counted_once_each() {
        near(Locality::of(&full(64)).area_coverage, 1.0);
        // The next peer on each side: the first area and the last one.
        near(Locality::of(&ring(64)).area_coverage, 2.0 / 16.0);
        near(Locality::of(&graph(&[vec![1, 2], vec![], vec![], vec![]])).area_coverage, 2.0 / 16.0 / 4.0);
    }

    #[test]
    fn two_peers_are_one_pair() {
        near(Locality::of(&full(2)).closed_share, 1.0);
        near(Locality::of(&graph(&[vec![], vec![]])).closed_share, 0.0);
        let alone = Locality::of(&full(1));
        assert_eq!((alone.closed_share, alone.leaf_set_coverage, alone.locality), (None, None, None));
        near(alone.gap_mean, 1.0);
    }
}
