//! The scores that peers keep of one another, with their parts, as CSV.

use std::fmt::Write as _;

use ringside_core::sim::world::World;

const HEADER: &str = "peer,scored,quality,queries,points,asked_round,invitations\n";

/// A header and one row per score, by peer and scored peer in ascending order of id.
pub(crate) fn csv(world: &World) -> String {
    let mut text = HEADER.to_owned();
    for host in world.hosts() {
        for score in host.node().peers().score_parts() {
            let asked = score.asked.map(|round| round.0.to_string()).unwrap_or_default();
            let _ = writeln!(
                text,
                "{},{},{},{},{},{asked},{}",
                host.id(),
                score.peer,
                score.quality,
                score.queries,
                score.points,
                score.invitations
            );
        }
    }
    text
}
