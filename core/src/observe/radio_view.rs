//! Radios of all hosts as a map: positions, use of the duty cycle, transmissions on the air, and the ledger
//! of one host.

use crate::base::id::PeerId;
use crate::base::sort;
use crate::sim::host::Host;
use crate::sim::world::World;
use crate::stack::layers::Body;
use crate::stack::radio::Radio;
use crate::stack::radio::message::RadioBody;
use crate::stack::radio::plan::{range_m, sensitivity};
use crate::stack::radio::region::Law;

/// Transmissions that a map has at most.
pub const ON_AIR_MAX: usize = 4_096;

/// A map of radios.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RadioMap {
    /// Side of the square, in m.
    pub area_m: u32,
    /// Distance over which a frame is heard, in m.
    pub range_m: u64,
    /// Running hosts.
    pub nodes: Vec<RadioNode>,
    /// Transmissions on the air.
    pub on_air: Vec<OnAir>,
    /// Transmissions of the chosen host within the last hour, the oldest first.
    pub ledger: Vec<LedgerBar>,
    /// Time that the chosen host may transmit in an hour, in ms; `None` without a duty cycle.
    pub budget_ms: Option<u64>,
}

/// A host on the map.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RadioNode {
    /// The host.
    pub host: PeerId,
    /// Position to the east, in m.
    pub x: u32,
    /// Position to the south, in m.
    pub y: u32,
    /// Whether it is a gateway.
    pub is_gateway: bool,
    /// Use of the duty cycle in the hour that ends now, in millionths of the budget.
    pub duty: u64,
    /// Frames that wait.
    pub waiting: u32,
    /// Transmissions that reach it now: of several, most destroy one another.
    pub heard: u32,
}

/// A transmission on the air.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OnAir {
    /// Its sender.
    pub from: PeerId,
    /// Kind of its content, as in the table of message kinds.
    pub kind: u8,
    /// Ticks until it ends.
    pub left: u64,
}

/// A transmission in the ledger of a host.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LedgerBar {
    /// Time before now at which it ended, in ms.
    pub age_ms: u64,
    /// Its length, in µs.
    pub airtime_us: u64,
}

fn radio(host: &Host) -> Option<&Radio> {
    host.stack().lower()?.layers.radio.get()
}

/// Map of a world, with the ledger of a host; `None` if hosts have no radio.
#[must_use]
pub fn map(world: &World, chosen: Option<PeerId>) -> Option<RadioMap> {
    let rules = &world.config().radio;
    if !rules.enabled {
        return None;
    }
    let power = i32::try_from(100 * rules.power_dbm).unwrap_or(0);
    let budget = power - sensitivity(rules.spreading, rules.bandwidth);
    let (on_air, receivers) = transmissions(world);
    let running = world.hosts().iter().filter(|host| host.is_running());
    let nodes = running.filter_map(|host| {
        let radio = radio(host)?;
        let index = world.directory().listening(host.id()).plan_index();
        let first = receivers.partition_point(|one| *one < host.id());
        let heard = receivers[first..].iter().take_while(|one| **one == host.id()).count();
        Some(RadioNode {
            host: host.id(),
            x: radio.position().x,
            y: radio.position().y,
            is_gateway: index < rules.gateways,
            duty: radio.ledger().utilization(local_us(world, host)),
            waiting: u32::try_from(radio.queue().len()).unwrap_or(u32::MAX),
            heard: u32::try_from(heard).unwrap_or(u32::MAX),
        })
    });
    let mut map = RadioMap {
        area_m: rules.area_m,
        range_m: range_m(budget, rules.path_exponent),
        nodes: nodes.collect(),
        on_air,
        ..RadioMap::default()
    };
    if let Some(host) = chosen.and_then(|peer| world.host(peer)) {
        (map.ledger, map.budget_ms) = ledger(world, host);
    }
    Some(map)
}

/// Transmissions on the air, each once, and the hosts that they reach, in ascending order, once for each.
fn transmissions(world: &World) -> (Vec<OnAir>, Vec<PeerId>) {
    let (mut on_air, mut receivers) = (Vec::new(), Vec::new());
    for (due, packet) in world.network().iter() {
        let Body::Radio(body) = &packet.body else { continue };
        if let RadioBody::OnAir { .. } = body {
            let from = world.directory().position(packet.from);
            let kind = packet.body.kind().number;
            on_air.push((from, due.0.saturating_sub(world.now().0), kind));
            receivers.push(world.directory().position(packet.to));
        }
    }
    sort::sort_by_key(&mut on_air, |one| *one);
    on_air.dedup();
    sort::sort_by_key(&mut receivers, |one| *one);
    let on_air = on_air.into_iter().take(ON_AIR_MAX).map(|(from, left, kind)| OnAir { from, kind, left });
    (on_air.collect(), receivers)
}

/// Local time of a host in µs.
fn local_us(world: &World, host: &Host) -> u64 {
    let ticks = host.local_clock().shows_tick(world.now(), world.clock()).0;
    ticks * u64::from(world.config().time.tick_ms) * 1_000
}

/// The ledger of a host in the sub-band in which it has transmitted most, and its budget.
fn ledger(world: &World, host: &Host) -> (Vec<LedgerBar>, Option<u64>) {
    let Some(radio) = radio(host) else { return (Vec::new(), None) };
    let now = local_us(world, host);
    let law = Law::of(world.config().radio.region);
    let busiest = (0..law.sub_band_count()).max_by_key(|one| radio.ledger().used_us(now, *one));
    let sub_band = busiest.unwrap_or(0);
    let limits = law.limits(sub_band);
    let entries = radio.ledger().entries(sub_band);
    let bars = entries.map(|entry| LedgerBar {
        age_ms: now.saturating_sub(entry.end_us) / 1_000,
        airtime_us: entry.airtime_us,
    });
    (bars.collect(), limits.duty.map(|_| limits.budget_us() / 1_000))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::study::simulation::Simulation;

    #[test]
    fn the_map_shows_every_host_and_its_ledger() {
        let mut scenario = crate::scenario::Scenario::preset("lora").unwrap();
        scenario.rounds = 900;
        let mut run = Simulation::new(scenario);
        run.run();
        let chosen = run.world().hosts()[3].id();
        let map = map(run.world(), Some(chosen)).unwrap();
        assert_eq!((map.nodes.len(), map.area_m, map.budget_ms), (50, 10_000, Some(36_000)));
        assert!((3_500..3_900).contains(&map.range_m));
        assert!(map.nodes.iter().all(|node| node.x <= 10_000 && node.duty <= 1_000_000));
        assert!(!map.ledger.is_empty() && map.ledger.iter().all(|bar| bar.age_ms <= 900_000));
        let reached: u32 = map.nodes.iter().map(|node| node.heard).sum();
        assert_eq!(reached > 0, !map.on_air.is_empty());
    }
}
