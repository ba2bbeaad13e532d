//! Properties that hold some time after the last fault.

use super::{Breach, Facts, Property, PropertyKind};
use crate::base::decimal::Decimal;
use crate::observe::metrics::ratio;
use crate::protocol::event::PeerStateKind;
use crate::sim::host::Host;
use crate::sim::world::World;

/// The least share of closed neighbourhoods, and of mutual connections.
const NEARLY_ALL: f64 = 0.9;
/// The share of peers that may be wrong: in a small world a few hear whole arcs no more although nothing is
/// amiss.
const FEW: f64 = 0.2;

const fn eventually(
    id: &'static str,
    meaning: &'static str,
    check: fn(&Facts<'_>) -> Option<Breach>,
) -> Property {
    Property { id, kind: PropertyKind::Eventually, meaning, check }
}

pub(super) static PROPERTIES: &[Property] = &[
    eventually("one-island", "All running peers are connected by mutual connections.", |facts| {
        let islands = facts.shape().mutual_components.count;
        Breach::of_world(islands > 1, || format!("there are {islands} islands"))
    }),
    eventually(
        "nobody-is-alone",
        "Every running peer has a Connected peer, unless it is the only one that runs.",
        |facts| {
            let is_alone =
                |host: &Host| host.is_running() && host.node().peers().count(PeerStateKind::Connected) == 0;
            let others = facts.shape().running > 1;
            Breach::of_peers(facts.peers_where(|host| others && is_alone(host)), "without a Connected one")
        },
    ),
    eventually(
        "ring-closed",
        "Nine in ten pairs of neighbours on the ring are mutually Connected, of those that can prove to each other what they store.",
        |facts| {
            too_few(closed_share(facts.world), "of the pairs of neighbours that can prove themselves are")
        },
    ),
    eventually("connections-mutual", "Nine in ten connections are known to both sides.", |facts| {
        too_few(facts.shape().symmetric_share, "of the connections are")
    }),
    eventually("no-stale-connections", "No peer is Connected with a peer that does not run.", |facts| {
        let world = facts.world;
        let is_gone = |peer| world.host(peer).is_none_or(|host| !host.is_running());
        let has_stale = |host: &Host| {
            host.is_running() && host.node().peers().of_kind(PeerStateKind::Connected).any(is_gone)
        };
        Breach::of_peers(facts.peers_where(has_stale), "Connected with one that does not run")
    }),
    eventually(
        "few-suspect-a-partition",
        "No more than one running peer in five suspects a partition.",
        |facts| {
            let (partition, running) = (facts.shape().partition, facts.shape().running);
            let suspecting = partition.true_positives + partition.false_positives;
            Breach::of_world(partition.suspecting_share.is_some_and(|share| share > FEW), || {
                format!("{suspecting} of {running} suspect one")
            })
        },
    ),
];

/// The share of the pairs of neighbours that are mutually Connected, of those that can both prove themselves
/// to the other: what a proof has to show depends on the two alone, and a peer that cannot show it now never
/// can. In a small universe the walk of an honest proof may come round to a token that it has found before,
/// which no verifier accepts.
fn closed_share(world: &World) -> Option<f64> {
    let running: Vec<&Host> = world.hosts().iter().filter(|host| host.is_running()).collect();
    // Two peers are one pair, not two.
    let pairs = if running.len() > 2 { running.len() } else { running.len().saturating_sub(1) };
    let next = running.iter().copied().cycle().skip(1);
    let pairs = running.iter().copied().zip(next).take(pairs);
    let is_connected =
        |one: &Host, other: &Host| one.node().peers().kind_of(other.id()) == PeerStateKind::Connected;
    let can_prove = |one: &Host, other| one.can_prove_itself_to(other, world.universe(), world.config());
    let [mut closed, mut open] = [0, 0];
    for (one, other) in pairs {
        if is_connected(one, other) && is_connected(other, one) {
            closed += 1;
        } else if can_prove(one, other) && can_prove(other, one) {
            open += 1;
        }
    }
    ratio(closed, closed + open)
}

pub(super) fn too_few(share: Option<f64>, what: &str) -> Option<Breach> {
    let share = share?;
    Breach::of_world(share < NEARLY_ALL, || {
        format!("only {} % {what}", Decimal((share * 1000.0).round() / 10.0))
    })
}
