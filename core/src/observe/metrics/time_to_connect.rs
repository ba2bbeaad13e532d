//! Time to the first connection of each peer.

use serde::Serialize;

use super::{ratio, running};
use crate::base::id::PeerId;
use crate::base::time::Round;
use crate::sim::host::Host;
use crate::sim::world::World;

/// Time that running peers took to their first connection, in rounds since they exist. A peer that began with
/// one took 0 rounds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct FirstConnected {
    /// Share of running peers that have ever had one; `None` if no peer runs.
    pub share: Option<f64>,
    /// Median of their waits; `None` without any.
    pub p50: Option<u64>,
    /// 90th percentile of their waits.
    pub p90: Option<u64>,
    /// Longest of their waits.
    pub max: Option<u64>,
}

/// Birth of a peer, and its first connection.
#[derive(Clone, Copy, Debug)]
struct ConnectTimes {
    peer: PeerId,
    born: Round,
    first: Option<Round>,
}

/// Entries of all peers that exist, in ascending order of id.
#[derive(Clone, Debug, Default)]
pub(super) struct TimeToConnect(Vec<ConnectTimes>);

impl TimeToConnect {
    /// Updates the list of hosts.
    pub(super) fn census(&mut self, world: &World) {
        let born = world.clock().round(world.now());
        let times = |host: &Host| {
            self.index(host.id())
                .map_or(ConnectTimes { peer: host.id(), born, first: None }, |index| self.0[index])
        };
        self.0 = world.hosts().iter().map(times).collect();
        debug_assert!(
            self.0.windows(2).all(|pair| pair[0].peer < pair[1].peer),
            "peers are in ascending order of id"
        );
    }

    /// Notes a peer's first connection. Newcomers may have one before the census lists them.
    pub(super) fn connected(&mut self, peer: PeerId, now: Round) {
        let index = self.index(peer).unwrap_or_else(|index| {
            self.0.insert(index, ConnectTimes { peer, born: now, first: None });
            index
        });
        debug_assert!(self.0[index].born <= now, "a peer exists before it connects");
        self.0[index].first.get_or_insert(now);
    }

    /// Evicts departed peers once there are more entries than `limit`.
    pub(super) fn tidy(&mut self, world: &World, limit: usize) {
        if self.0.len() > limit {
            self.0.retain(|times| world.host(times.peer).is_some());
        }
    }

    /// Index of a peer's entry, or of its insertion.
    fn index(&self, peer: PeerId) -> Result<usize, usize> {
        self.0.binary_search_by_key(&peer, |times| times.peer)
    }

    pub(super) fn first_connected(&self, world: &World) -> FirstConnected {
        let wait = |host: &Host| {
            let times = &self.0[self.index(host.id()).ok()?];
            Some(times.first?.since(times.born))
        };
        let mut waits: Vec<u64> = running(world).filter_map(wait).collect();
        waits.sort_unstable();
        let at = |percent: usize| waits.get((waits.len() * percent).div_ceil(100).saturating_sub(1)).copied();
        FirstConnected {
            share: ratio(waits.len() as u64, running(world).count() as u64),
            p50: at(50),
            p90: at(90),
            max: at(100),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::knob::Setting;
    use crate::observe::metrics::Tally;
    use crate::scenario::Scenario;
    use crate::sim::command::Command;
    use crate::study::simulation::Simulation;

    fn run(preset: &str, settings: &[&str]) -> Simulation {
        let mut scenario = Scenario::preset(preset).unwrap();
        scenario.seed = 5;
        for text in ["genesis.peers=12", "tokens.total=20000"].iter().chain(settings) {
            scenario.with_setting(Setting::parse_text(text).unwrap());
        }
        Simulation::new(scenario)
    }

    fn first_connected(run: &Simulation) -> FirstConnected {
        run.metrics().first_connected
    }

    #[test]
    fn who_begins_with_one_has_waited_for_none() {
        let run = run("seed-000", &[]);
        let FirstConnected { share, p50, max, .. } = first_connected(&run);
        assert!(share > Some(0.5), "{share:?}");
        assert_eq!((p50, max), (Some(0), Some(0)));
    }

    #[test]
    fn a_wait_lasts_from_the_coming_to_the_first() {
        let mut run = run("lifecycle-1", &[]);
        assert_eq!(first_connected(&run), FirstConnected { share: Some(0.0), ..FirstConnected::default() });
        run.tick(60 * run.world().clock().ticks_per_round);
        let initial_peers = first_connected(&run);
        assert_eq!(initial_peers.share, Some(1.0));
        assert!(initial_peers.p50 > Some(0) && initial_peers.max < Some(60), "{initial_peers:?}");
        run.inject(Command::Join { count: 12 }).unwrap();
        assert_eq!(first_connected(&run).share, Some(0.5));
        run.tick(60 * run.world().clock().ticks_per_round);
        let all = first_connected(&run);
        assert_eq!(all.share, Some(1.0));
        assert!(all.max < Some(60), "a wait begins when a peer comes: {all:?}");
        residents_leave(&mut run);
        assert!(first_connected(&run).p50 > Some(0), "and not with the first Connected one");
    }

    fn residents_leave(run: &mut Simulation) {
        let initial_peers: Vec<PeerId> =
            self::run("lifecycle-1", &[]).world().hosts().iter().map(Host::id).collect();
        initial_peers.into_iter().for_each(|peer| run.inject(Command::Leave { peer }).unwrap());
    }

    #[test]
    fn the_census_holds_those_who_exist() {
        let mut world = run("lifecycle-1", &[]).world().clone();
        let mut time_to_connect = TimeToConnect::default();
        time_to_connect.census(&world);
        assert_eq!(time_to_connect.0.len(), 12);
        let peer = world.hosts()[3].id();
        world.apply(Command::Leave { peer }, &mut Tally::default()).unwrap();
        time_to_connect.census(&world);
        assert_eq!((time_to_connect.0.len(), time_to_connect.index(peer).is_ok()), (11, false));
    }

    #[test]
    fn who_has_gone_is_forgotten_and_who_has_crashed_does_not_count() {
        let mut run = run("lifecycle-1", &[]);
        run.tick(60 * run.world().clock().ticks_per_round);
        let ids: Vec<PeerId> = run.world().hosts().iter().map(Host::id).collect();
        ids[..6].iter().for_each(|peer| run.inject(Command::Leave { peer: *peer }).unwrap());
        ids[6..].iter().for_each(|peer| run.inject(Command::Crash { peer: *peer }).unwrap());
        assert_eq!(first_connected(&run), FirstConnected::default());
        run.inject(Command::Return { peer: ids[6] }).unwrap();
        assert_eq!(first_connected(&run).share, Some(1.0));
        run.inject(Command::Join { count: 3 }).unwrap();
        assert_eq!(first_connected(&run).share, Some(0.25), "newcomers begin anew");
    }
}
