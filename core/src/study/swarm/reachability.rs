//! Reachability: whether peers can connect at all.

use crate::base::id::PeerId;
use crate::base::time::Tick;
use crate::base::union_find::UnionFind;
use crate::sim::host::Host;
use crate::sim::world::World;

/// Whether the acquaintance graph of the running peers is disconnected. An edge to a peer that suspects its
/// source does not count: by the time the suspicion is forgiven, the source has been evicted. An anchor
/// always counts, because its owner turns to it again and again.
pub(super) fn is_partitioned(world: &World, now: Tick) -> bool {
    let round = world.clock().round(now);
    let running: Vec<&Host> = world.hosts().iter().filter(|host| host.is_running()).collect();
    let index = |peer: PeerId| running.binary_search_by_key(&peer, |host| host.id()).ok();
    let listens =
        |host: &Host, to: PeerId| !host.node().bans(world.config(), host.local_clock().shows(round), to);
    let mut forest = UnionFind::new(running.len());
    for (from, host) in running.iter().enumerate() {
        let known = host.node().peers().iter().filter_map(|(peer, _)| index(peer));
        let heard = known.filter(|to| listens(running[*to], host.id()));
        let anchors = host.node().peers().anchors().filter_map(index);
        heard.chain(anchors).for_each(|to| forest.unite(from, to));
    }
    forest.sizes().count() > 1
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Behavior;
    use crate::config::knob::Setting;
    use crate::scenario::Scenario;
    use crate::sim::command::Command;
    use crate::study::simulation::Simulation;

    fn world(settings: &[&str]) -> Simulation {
        let mut scenario = Scenario::preset("improved").unwrap();
        let all = settings.iter().chain(&["tokens.total=20000"]);
        all.for_each(|text| scenario.with_setting(Setting::parse_text(text).unwrap()));
        Simulation::new(scenario)
    }

    fn split(run: &Simulation) -> bool {
        is_partitioned(run.world(), run.now())
    }

    #[test]
    fn who_is_known_in_either_direction_can_be_found() {
        assert!(!split(&world(&["genesis.peers=6", "genesis.topology=chain"])));
        assert!(split(&world(&["genesis.peers=6", "genesis.topology=isolated"])));
        assert!(!split(&world(&["genesis.peers=1", "genesis.topology=isolated"])), "one is not alone");
    }

    #[test]
    fn who_does_not_run_joins_nobody() {
        let mut run = world(&["genesis.peers=6", "genesis.topology=star"]);
        let knows = |host: &Host, peer| host.node().peers().iter().any(|(known, _)| known == peer);
        let known_by = |peer| run.world().hosts().iter().filter(|host| knows(host, peer)).count();
        let middle = run.world().hosts().iter().map(Host::id).max_by_key(|peer| known_by(*peer)).unwrap();
        run.inject(Command::Crash { peer: middle }).unwrap();
        assert!(split(&run));
    }

    #[test]
    fn who_is_taken_for_a_cheat_joins_nobody() {
        let mut run = world(&["genesis.peers=5", "genesis.topology=ring", "peers.suspicion=1"]);
        let cheat = run.world().hosts()[0].id();
        run.inject(Command::Corrupt { peer: cheat, conduct: Behavior::Forger }).unwrap();
        assert!(!split(&run));
        run.tick(20 * run.world().clock().ticks_per_round);
        assert!(
            run.world().host(cheat).is_some_and(|host| !host.node().peers().is_empty()),
            "it knows others"
        );
        assert!(split(&run));
        run.inject(Command::Crash { peer: cheat }).unwrap();
        assert!(!split(&run), "the others know each other");
    }
}
