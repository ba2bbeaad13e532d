//! Connected components of the peer graph.

use serde::Serialize;

use super::graph::{Edges, Graph};
use crate::base::union_find::UnionFind;
use crate::observe::metrics::ratio;

/// Connected components of a graph of the running peers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Components {
    /// Number of components; an isolated peer is one too.
    pub count: usize,
    /// Components of more than one peer.
    #[serde(rename = "inhabited")]
    pub nontrivial: usize,
    /// Share of peers in the largest component; `None` if no peer runs.
    pub largest_share: Option<f64>,
}

impl Components {
    /// Weakly connected components of the graph with these edges, by union-find.
    pub(super) fn of(graph: &Graph, edges: &Edges) -> Self {
        let mut forest = UnionFind::new(graph.len());
        edges.iter().for_each(|(from, to)| forest.unite(from, to));
        debug_assert_eq!(forest.sizes().sum::<usize>(), graph.len(), "every peer is in one component");
        Self {
            count: forest.sizes().count(),
            nontrivial: forest.sizes().filter(|size| *size > 1).count(),
            largest_share: ratio(forest.sizes().max().unwrap_or(0) as u64, graph.len() as u64),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{full, graph, islands, ring};
    use super::*;

    fn mutual(graph: &Graph) -> Components {
        Components::of(graph, &graph.mutual)
    }

    #[test]
    fn a_ring_hangs_together_and_two_islands_do_not() {
        for whole in [full(1), full(9), ring(9)] {
            assert_eq!(mutual(&whole).count, 1);
            assert_eq!(mutual(&whole).largest_share, Some(1.0));
        }
        let partitioned = Components { count: 2, nontrivial: 2, largest_share: Some(0.75) };
        assert_eq!(mutual(&islands(12, 3)), partitioned);
    }

    #[test]
    fn a_peer_with_nobody_is_an_island_without_inhabitants() {
        let lonely = graph(&[vec![1], vec![0], vec![]]);
        assert_eq!((mutual(&lonely).count, mutual(&lonely).nontrivial), (2, 1));
        let empty = Components { count: 0, nontrivial: 0, largest_share: None };
        assert_eq!(mutual(&graph(&[])), empty);
    }

    #[test]
    fn to_know_is_enough_whichever_way() {
        let one_way = graph(&[vec![1], vec![2], vec![], vec![2]]);
        assert_eq!(Components::of(&one_way, &one_way.known).count, 1);
        assert_eq!(mutual(&one_way).count, 4);
    }
}
