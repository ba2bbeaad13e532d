//! The shape of the graph that the peers make up at one tick, and whether it is what the design promises.
//!
//! Everything here looks at running peers only, and is computed on demand: it takes about as long as sorting all
//! connections.

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
pub use distance::{BINS, Distances};
pub use graph_summary::GraphSummary;
pub use locality::{LEAF_SET_SIDE, Locality};
pub use mixing::Mixing;
pub use partition::{DOUBT, PartitionSuspicion};

use serde::Serialize;

use self::graph::Graph;
use crate::observe::metrics::ratio;
use crate::sim::world::World;

/// Facts about the graph of the running peers at one tick. An edge leads from a peer to one that it thinks to be
/// Connected with; it is mutual where its reverse is there as well.
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
    /// The share of edges that are mutual; none where there is no edge.
    pub symmetric_share: Option<f64>,
    /// How many Connected peers the peers have.
    pub degrees: Degrees,
    /// The components of the graph of mutual edges.
    #[serde(rename = "mutual_islands")]
    pub mutual_components: Components,
    /// The components of the graph of who knows whom, whichever way.
    #[serde(rename = "known_islands")]
    pub known_components: Components,
    /// Whether the world is parted, and who suspects it.
    pub partition: PartitionSuspicion,
    /// How well neighbours on the ring are connected.
    #[serde(rename = "closeness")]
    pub locality: Locality,
    /// How far edges reach on the ring.
    pub distances: Distances,
    /// How far edges reach in rank.
    pub rank_distances: Distances,
    /// How evenly peers are chosen, and how alike the choices are.
    pub mixing: Mixing,
}

impl Shape {
    /// Looks at a world.
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
