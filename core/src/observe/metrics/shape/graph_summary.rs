//! Graph measures cheap enough for every sample of a history.

use super::Components;
use super::graph::Graph;
use super::locality::closed_share;
use crate::base::narrow;
use crate::observe::metrics::ratio;
use crate::sim::world::World;

/// Three measures of the graph; 0 if there is nothing to measure.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct GraphSummary {
    /// The share of Connected edges that are mutual.
    pub symmetric_share: f64,
    /// Components of the graph of mutual edges.
    pub mutual_components: usize,
    /// The share of next neighbours on the ring that are mutually Connected.
    pub closed_share: f64,
}

impl GraphSummary {
    /// The measures of a world in which no peer knows another.
    pub(crate) fn without_edges(running: u64) -> Self {
        Self { mutual_components: narrow::index(running), ..Self::default() }
    }

    /// Measures a world.
    #[must_use]
    pub fn of(world: &World) -> Self {
        let graph = Graph::of(world);
        let symmetric_share = ratio(graph.mutual.len() as u64, graph.connected.len() as u64);
        Self {
            symmetric_share: symmetric_share.unwrap_or(0.0),
            mutual_components: Components::of(&graph, &graph.mutual).count,
            closed_share: closed_share(&graph).unwrap_or(0.0),
        }
    }
}
