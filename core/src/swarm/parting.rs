//! Whether peers can come together at all.

use std::collections::{BTreeMap, BTreeSet};

use crate::host::Host;
use crate::id::PeerId;
use crate::time::Tick;
use crate::world::World;

/// Whether what the running peers know does not hang together, leaving out those who are taken for cheats by whom they
/// know: when that is forgiven they have long been forgotten.
pub(super) fn is_parted(world: &World, now: Tick) -> bool {
    let links = links(world, now);
    let hosts = || world.hosts().iter().filter(|host| host.is_running()).map(Host::id);
    let mut reached = BTreeSet::new();
    let mut open: Vec<PeerId> = hosts().take(1).collect();
    while let Some(peer) = open.pop() {
        if reached.insert(peer) {
            open.extend(links.get(&peer).into_iter().flatten());
        }
    }
    reached.len() < hosts().count()
}

/// Who knows whom and is listened to, in both directions.
fn links(world: &World, now: Tick) -> BTreeMap<PeerId, Vec<PeerId>> {
    let round = world.clock().round(now);
    let running: BTreeMap<PeerId, &Host> =
        world.hosts().iter().filter(|host| host.is_running()).map(|host| (host.id(), host)).collect();
    let listens = |to: PeerId, from: PeerId| {
        let host = running.get(&to);
        host.is_some_and(|host| !host.node().distrusts(world.config(), host.watch().shows(round), from))
    };
    let mut links: BTreeMap<PeerId, Vec<PeerId>> = BTreeMap::new();
    for (from, host) in &running {
        for (to, _) in host.node().peers().iter().filter(|(to, _)| listens(*to, *from)) {
            links.entry(*from).or_default().push(to);
            links.entry(to).or_default().push(*from);
        }
    }
    links
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::command::Command;
    use crate::config::knob::Setting;
    use crate::scenario::Scenario;
    use crate::simulation::Simulation;

    fn world(settings: &[&str]) -> Simulation {
        let mut scenario = Scenario::preset("improved").unwrap();
        let all = settings.iter().chain(&["tokens.total=20000"]);
        all.for_each(|text| scenario.with_setting(Setting::parse_text(text).unwrap()));
        Simulation::new(scenario)
    }

    fn parted(run: &Simulation) -> bool {
        is_parted(run.world(), run.now())
    }

    #[test]
    fn who_is_known_in_either_direction_can_be_found() {
        assert!(!parted(&world(&["genesis.peers=6", "genesis.topology=chain"])));
        assert!(parted(&world(&["genesis.peers=6", "genesis.topology=isolated"])));
        assert!(!parted(&world(&["genesis.peers=1", "genesis.topology=isolated"])), "one is not alone");
    }

    #[test]
    fn who_does_not_run_joins_nobody() {
        let mut run = world(&["genesis.peers=6", "genesis.topology=star"]);
        let knows = |host: &Host, peer| host.node().peers().iter().any(|(known, _)| known == peer);
        let known_by = |peer| run.world().hosts().iter().filter(|host| knows(host, peer)).count();
        let middle = run.world().hosts().iter().map(Host::id).max_by_key(|peer| known_by(*peer)).unwrap();
        run.inject(Command::Crash { peer: middle }).unwrap();
        assert!(parted(&run));
    }
}
