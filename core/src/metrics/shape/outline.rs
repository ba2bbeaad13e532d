//! What of a shape is cheap enough for a history.

use super::Islands;
use super::closeness::closed_share;
use super::graph::Graph;
use crate::metrics::ratio;
use crate::world::World;

/// The shape in three numbers; 0 where there is nothing to measure.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Outline {
    /// The share of Connected edges that are mutual.
    pub symmetric_share: f64,
    /// Components of the graph of mutual edges.
    pub mutual_islands: usize,
    /// The share of next neighbours on the ring that are mutually Connected.
    pub closed_share: f64,
}

impl Outline {
    /// Looks at a world.
    #[must_use]
    pub fn of(world: &World) -> Self {
        let graph = Graph::of(world);
        let symmetric_share = ratio(graph.mutual.len() as u64, graph.connected.len() as u64);
        Self {
            symmetric_share: symmetric_share.unwrap_or(0.0),
            mutual_islands: Islands::of(&graph, &graph.mutual).count,
            closed_share: closed_share(&graph).unwrap_or(0.0),
        }
    }
}
