//! Measures of the peer graph at one tick: running peers and their Connected edges.
//!
//! | module | content |
//! |---|---|
//! | `graph` | adjacency lists by rank, mutual edges, acquaintances |
//! | `components` | connected components by union-find |
//! | `degree`, `distance`, `mixing` | degrees, edge lengths, evenness and overlap of neighbourhoods |
//! | `locality` | leaf sets, closure of the ring, gaps |
//! | `partition` | partitions, and the local test by which peers suspect them |
//! | `graph_summary` | the measures that every sample of a history has |
//!
//! Measures are computed on demand, in about the time that sorting all connections takes.

mod locality;
mod degree;
mod distance;
mod graph;
mod components;
mod mixing;
mod graph_summary;
mod partition;

pub use components::Components;
pub use degree::{Degrees, Quantiles};
pub use distance::Distances;
pub use graph_summary::GraphSummary;
pub use locality::{AREAS, LEAF_SET_SIDE, Locality};
pub use mixing::Mixing;
pub use partition::PartitionSuspicion;

use serde::Serialize;

use self::graph::Graph;
use crate::observe::metrics::ratio;
use crate::sim::world::World;

/// Measures of the graph of the running peers at one tick. An edge leads from a peer to one in state
/// Connected in its table; it is mutual if its reverse exists too.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Shape {
    /// Completed ticks.
    pub tick: u64,
    /// Peers that run.
    pub running: usize,
    /// Connected edges between running peers.
    pub edges: usize,
    /// Connected peers that do not run, summed over the tables of all that do.
    pub stale_edges: usize,
    /// Share of edges that are mutual; `None` without an edge.
    pub symmetric_share: Option<f64>,
    /// Degree distribution.
    pub degrees: Degrees,
    /// Connected components of the graph of mutual edges.
    #[serde(rename = "mutual_islands")]
    pub mutual_components: Components,
    /// Weakly connected components of the acquaintance graph: entries of peer tables in any state.
    #[serde(rename = "known_islands")]
    pub known_components: Components,
    /// Partition of the world, and which peers suspect it.
    pub partition: PartitionSuspicion,
    /// Ring structure and locality of connections.
    #[serde(rename = "closeness")]
    pub locality: Locality,
    /// Distribution of edge lengths on the ring.
    pub distances: Distances,
    /// Distribution of edge lengths in rank.
    pub rank_distances: Distances,
    /// Evenness and overlap of neighbourhoods.
    pub mixing: Mixing,
}

impl Shape {
    /// Measures a world.
    #[must_use]
    pub fn of(world: &World) -> Self {
        let graph = Graph::of(world);
        let mutual_components = Components::of(&graph, &graph.mutual);
        Self {
            tick: world.now().0,
            running: graph.len(),
            edges: graph.connected.len(),
            stale_edges: graph.stale,
            symmetric_share: ratio(graph.mutual.len() as u64, graph.connected.len() as u64),
            degrees: Degrees::of(&graph),
            mutual_components,
            known_components: Components::of(&graph, &graph.known),
            partition: PartitionSuspicion::of(world, mutual_components.nontrivial > 1),
            locality: Locality::of(&graph),
            distances: Distances::on_ring(&graph),
            rank_distances: Distances::in_rank(&graph),
            mixing: Mixing::of(&graph),
        }
    }
}

#[cfg(test)]
mod tests;
