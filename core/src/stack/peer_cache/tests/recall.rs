//! Tests of the warm start of the lifecycle: what the file keeps of it, and what a start makes of the file.

use crate::base::id::PeerId;
use crate::config::Behavior;
use crate::observe::invariant::Cadence;
use crate::protocol::event::PeerStateKind;
use crate::scenario::Scenario;
use crate::sim::command::Command;
use crate::sim::host::{Host, HostStatus};
use crate::stack::peer_cache::PeerCacheLayer;
use crate::stack::peer_cache::text::peer_of;
use crate::study::simulation::Simulation;

/// Subjects stop after 120 rounds and start again after 340.
fn simulation(settings: &[&str]) -> Simulation {
    let world = ["genesis.peers=30", "cache.subjects=3", "cache.up_rounds=120", "cache.down_rounds=220"];
    let all = [&world[..], settings].concat();
    let mut run = Simulation::new(Scenario::with_settings("lifecycle-cache", &all));
    run.monitor(Cadence::Rounds(1));
    run
}

fn run_rounds(run: &mut Simulation, rounds: u64) {
    let end = crate::base::time::Tick(run.now().0 + rounds * 100);
    run.run_until(end);
}

fn cache(host: &Host) -> &PeerCacheLayer {
    host.stack().lower().unwrap().layers.peer_cache.get().unwrap()
}

/// Hosts that do not run, by id.
fn stopped(run: &Simulation) -> Vec<PeerId> {
    let hosts = run.world().hosts().iter();
    hosts.filter(|host| host.status() == HostStatus::Crashed).map(Host::id).collect()
}

fn host(run: &Simulation, id: PeerId) -> &Host {
    run.world().hosts().iter().find(|host| host.id() == id).unwrap()
}

#[test]
fn cached_peers_become_identified_and_those_with_most_answers_are_invited() {
    let mut run = simulation(&["cache.invited=3"]);
    run_rounds(&mut run, 330);
    let down = stopped(&run);
    assert_eq!(down.len(), 3);
    run_rounds(&mut run, 11);
    for id in down {
        let host = host(&run, id);
        let loaded = cache(host).loaded();
        assert!(loaded.len() > 10 && loaded.iter().all(|entry| entry.answers.is_some()));
        let peers = host.node().peers();
        let known = loaded.iter().filter_map(|entry| peer_of(&entry.peer_id));
        assert!(known.clone().all(|peer| peers.kind_of(peer) != PeerStateKind::Unknown));
        let mut best: Vec<_> = loaded.iter().collect();
        best.sort_by_key(|entry| std::cmp::Reverse(entry.answers));
        let invited = |peer| matches!(peers.kind_of(peer), PeerStateKind::Pending | PeerStateKind::Connected);
        let least = best[2].answers;
        let of_best = best.iter().filter(|entry| entry.answers >= least);
        assert!(
            of_best.filter_map(|entry| peer_of(&entry.peer_id)).filter(|peer| invited(*peer)).count() >= 3
        );
        assert!(known.filter(|peer| invited(*peer)).count() < 12, "not all of them");
    }
    assert_eq!(run.violations(), []);
}

#[test]
fn a_warm_start_connects_five_peers_sooner() {
    let rounds = |settings: &[&str]| {
        let mut run = simulation(settings);
        run_rounds(&mut run, 440);
        let found = run.metrics().rejoins.unwrap();
        assert_eq!((found.restarts, found.rejoined), (3, 3));
        found.rounds_mean.unwrap()
    };
    let (warm, cold) = (rounds(&[]), rounds(&["cache.start=cold"]));
    assert!(warm < cold, "{warm} and {cold}");
}

/// Every peer of the file loses its storage while the subjects are away: none of them proves itself any more.
#[test]
fn cached_peers_that_prove_nothing_are_not_connected() {
    let mut run = simulation(&["genesis.join_contacts=0"]);
    run_rounds(&mut run, 330);
    let down = stopped(&run);
    let others: Vec<PeerId> =
        run.world().hosts().iter().map(Host::id).filter(|id| !down.contains(id)).collect();
    for peer in others {
        run.inject(Command::Corrupt { peer, conduct: Behavior::FreeRider }).unwrap();
    }
    run_rounds(&mut run, 60);
    for id in down {
        let host = host(&run, id);
        assert!(cache(host).known().iter().any(|one| one.met > 0), "sessions need no proof");
        let connected: Vec<PeerId> = host.node().peers().of_kind(PeerStateKind::Connected).collect();
        assert!(
            connected.iter().all(|peer| run
                .world()
                .hosts()
                .iter()
                .any(|one| { one.id() == *peer && one.adversary().is_none() })),
            "{connected:?}"
        );
    }
}
