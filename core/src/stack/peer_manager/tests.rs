//! Tests of the peer manager in worlds.

use super::event::COUNTER;
use super::*;
use crate::base::time::{Round, Tick};
use crate::config::RestartIdentity;
use crate::observe::metrics::{ManagerLevels, Tally};
use crate::scenario::Scenario;
use crate::sim::command::Command;
use crate::sim::network::{DropReason, Route};
use crate::sim::world::{Observer, World};
use crate::stack::layers::{Event, LayerId, PacketKind};
use crate::stack::packet::Packet;

const SECOND: u64 = 1_000;
const HOUR: u64 = 3_600 * SECOND;

/// Counts packets and facts.
#[derive(Default)]
struct Counts(Tally);

impl Observer for Counts {
    fn on_event(&mut self, now: Round, peer: PeerId, event: Event) {
        self.0.on_event(now, peer, event);
    }

    fn on_sent(&mut self, kind: PacketKind) {
        self.0.on_sent(kind);
    }

    fn on_duplicated(&mut self, kind: PacketKind) {
        self.0.on_duplicated(kind);
    }

    fn on_delivered(&mut self, kind: PacketKind) {
        self.0.on_delivered(kind);
    }

    fn on_dropped(&mut self, reason: DropReason, route: Route, packet: &Packet) {
        self.0.on_dropped(reason, route, packet);
    }
}

impl Counts {
    fn of(&self, counter: u8) -> u64 {
        self.0.counters(LayerId::Manager)[usize::from(counter)]
    }
}

fn run(seed: u64, settings: &[&str], ticks: u64) -> (World, Counts) {
    run_preset("peer-manager", seed, settings, ticks)
}

fn run_preset(preset: &str, seed: u64, settings: &[&str], ticks: u64) -> (World, Counts) {
    let scenario = Scenario::with_settings(preset, settings);
    let mut counts = Counts::default();
    let mut world = World::new(seed, scenario.config, &mut counts);
    world.run_until(Tick(ticks), &mut counts);
    (world, counts)
}

fn managers(world: &World) -> impl Iterator<Item = &Manager> {
    world.hosts().iter().map(|host| host.stack().lower().unwrap().layers.manager.get().unwrap())
}

#[test]
fn every_source_finds_peers_alone_and_limits_hold() {
    let sources = [
        ("dns", COUNTER.found_by_dns),
        ("exchange", COUNTER.found_by_exchange),
        ("mdns", COUNTER.found_by_mdns),
        ("mesh", COUNTER.found_by_mesh),
    ];
    for (name, counter) in sources {
        // An exchange needs a first peer: seeds give it.
        let others =
            sources.iter().filter(|(other, _)| *other != name && !(name == "exchange" && *other == "dns"));
        let off: Vec<String> = others.map(|(other, _)| format!("manager.{other}=off")).collect();
        let off: Vec<&str> = off.iter().map(String::as_str).collect();
        let (world, counts) = run(1, &off, 600 * SECOND);
        assert!(counts.of(counter) > 0, "{name}");
        assert!(ManagerLevels::of(&world).connected > 0, "{name}");
    }
    let (world, counts) = run(1, &["manager.known_max=20"], 600 * SECOND);
    assert!(managers(&world).all(|one| one.known().len() <= 20) && counts.of(COUNTER.ignored) > 0);
    let (world, _) = run(1, &["manager.connections_max=6", "manager.inbound_max=4"], HOUR);
    let open = |one: &Manager, side| one.known().iter().filter(|peer| peer.is_on(side)).count();
    assert!(managers(&world).all(|one| open(one, LinkSide::Inbound) <= 4));
    assert!(managers(&world).all(|one| open(one, LinkSide::Inbound) + open(one, LinkSide::Outbound) <= 6));
}

/// The published trace T7: activity is noted once, and no peer is dialled again.
#[test]
fn as_published_connections_end_after_300_seconds_for_good() {
    let shipped = ["manager.stale_activity=on", "manager.no_redial=on", "genesis.peers=2"];
    let (mut world, mut counts) = run(3, &shipped, 0);
    let opened = (1..7_200).find(|second| {
        world.run_until(Tick(second * SECOND), &mut counts);
        ManagerLevels::of(&world).connected == 2
    });
    let opened = opened.unwrap();
    let closed = (opened..7_200).find(|second| {
        world.run_until(Tick(second * SECOND), &mut counts);
        ManagerLevels::of(&world).connected == 0
    });
    let lived = closed.unwrap() - opened;
    assert!((300..=331).contains(&lived), "{lived} s");
    // What happens within a second is seen at its end.
    assert_eq!((closed.unwrap() - 1 - 5) % 30, 0, "in the maintenance of the pool");
    world.run_until(Tick(2 * HOUR), &mut counts);
    assert_eq!(ManagerLevels::of(&world).connected, 0);
    let (world, counts) = run(3, &["genesis.peers=2"], 2 * HOUR);
    assert_eq!((ManagerLevels::of(&world).connected, counts.of(COUNTER.closed)), (2, 0));
}

#[test]
fn a_pool_by_quality_has_fewer_bad_peers_than_a_random_one() {
    let share = |selection: &str| {
        let settings = [
            selection,
            "genesis.peers=60",
            "manager.outbound_max=6",
            "manager.inbound_max=9",
            "manager.bad_share=0.3",
        ];
        let (world, _) = run(5, &settings, 2 * HOUR);
        let levels = ManagerLevels::of(&world);
        levels.bad * 1_000 / (levels.connected - levels.inbound)
    };
    let (chosen, random) = (share("manager.selection=quality"), share("manager.selection=random"));
    assert!(chosen * 2 < random, "{chosen} against {random} of a thousand");
}

#[test]
fn senders_of_invalid_data_are_banned_and_their_bans_survive_a_restart() {
    let settings = ["genesis.peers=40", "manager.invalid_share=0.5"];
    let (mut world, mut counts) = run(5, &settings, HOUR / 4);
    assert!(counts.of(COUNTER.bans) > 50, "{}", counts.of(COUNTER.bans));
    let banned = ManagerLevels::of(&world).banned;
    let open_with_banned = managers(&world).flat_map(|one| {
        one.known()
            .iter()
            .filter(|peer| peer.is_open() && one.bans().is_banned(peer.address.host_part(), HOUR / 4))
    });
    assert_eq!(open_with_banned.count(), 0);
    for index in 0..world.hosts().len() {
        let peer = world.hosts()[index].id();
        world.apply(Command::Restart { peer, identity: RestartIdentity::Keep }, &mut counts).unwrap();
    }
    assert_eq!(ManagerLevels::of(&world).banned, banned);
    let (mut world, mut counts) = run(5, &[&settings[..], &["manager.persist=off"]].concat(), HOUR / 4);
    for index in 0..world.hosts().len() {
        let peer = world.hosts()[index].id();
        world.apply(Command::Restart { peer, identity: RestartIdentity::Keep }, &mut counts).unwrap();
    }
    assert_eq!(ManagerLevels::of(&world).banned, 0);
}

#[test]
fn a_manual_peer_is_known_at_once_and_never_forgotten() {
    let off = ["manager.dns=off", "manager.exchange=off", "manager.mdns=off", "manager.mesh=off"];
    let settings = [&off[..], &["genesis.peers=3", "manager.manual=1", "manager.stale_ms=60000"]].concat();
    let (mut world, mut counts) = run(3, &settings, 60 * SECOND);
    assert_eq!(counts.of(COUNTER.added_by_hand), 3);
    assert_eq!(ManagerLevels::of(&world).connected, 6, "each with the next one");
    let peer = world.hosts()[0].id();
    world.apply(Command::Crash { peer }, &mut counts).unwrap();
    world.run_until(Tick(HOUR), &mut counts);
    let manual =
        |one: &Manager| one.known().iter().filter(|peer| peer.source == DiscoverySource::Manual).count();
    assert!(managers(&world).all(|one| manual(one) == 1));
    // The one that the crashed host dialled has no reason to keep it.
    assert_eq!(counts.of(COUNTER.forgotten), 1);
}

#[test]
fn the_score_of_a_silent_peer_decays_unless_it_is_recomputed_each_minute() {
    let score = |overwritten: &str| {
        let settings =
            ["genesis.peers=2", "manager.decay_daily=1", "manager.failure_limit=1000", overwritten];
        let (mut world, mut counts) = run(3, &settings, 600 * SECOND);
        let peer = world.hosts()[1].id();
        world.apply(Command::Crash { peer }, &mut counts).unwrap();
        let before = managers(&world).next().unwrap().known()[0].score;
        world.run_until(Tick(12 * HOUR), &mut counts);
        let manager = managers(&world).next().unwrap();
        assert!(manager.history().of(manager.known()[0].address).len() > 1);
        (before, manager.known()[0].score)
    };
    let ((before, decayed), (_, shipped)) =
        (score("manager.decay_overwritten=off"), score("manager.decay_overwritten=on"));
    // Half a day at a rate of one a day leaves 60.7 % of what evidence alone makes of the score.
    let expected = shipped * 607 / 1_000;
    assert!(shipped > before / 2 && decayed.abs_diff(expected) < shipped / 50, "{decayed} against {shipped}");
}

/// Share of minted ids among the known peers and among the connections of all hosts after half an hour, in
/// thousandths.
fn minted_shares(settings: &[&str]) -> [u64; 2] {
    let base = ["genesis.peers=40", "manager.minted_ids=1000"];
    let (world, _) = run(5, &[&base[..], settings].concat(), HOUR / 2);
    let levels = ManagerLevels::of(&world);
    [levels.minted_known * 1_000 / levels.known, levels.minted_connected * 1_000 / levels.connected]
}

#[test]
fn one_host_fills_discovery_with_minted_ids_unless_ids_of_an_address_are_limited() {
    let [known, connected] = minted_shares(&["manager.per_address_max=0"]);
    assert!(known > 800 && connected > 0, "{known} and {connected}");
    let [known, connected] = minted_shares(&[]);
    // Four of at most 43 known peers, and of at least 20 connections.
    assert!(known <= 103 && connected <= 200, "{known} and {connected}");
}

#[test]
fn a_referrer_gives_no_more_peers_than_its_limit() {
    let settings = ["genesis.peers=20", "manager.minted_ids=500", "manager.per_address_max=0"];
    let (world, _) = run(5, &[&settings[..], &["manager.referral_max=6"]].concat(), HOUR / 4);
    let through =
        |one: &Manager, host: u64| one.known().iter().filter(|peer| peer.referrer == Some(host)).count();
    let hosts: Vec<u64> = (0..20).map(|index| Address::planned(index).host_part()).collect();
    assert!(managers(&world).all(|one| hosts.iter().all(|host| through(one, *host) <= 6)));
    let reached = managers(&world).filter(|one| hosts.iter().any(|host| through(one, *host) == 6)).count();
    assert!(reached >= 10, "{reached}");
}

#[test]
fn a_dead_peer_is_dialled_ever_less_often_and_comes_back() {
    let (mut world, mut counts) = run(3, &["genesis.peers=2", "manager.failure_limit=1000"], 60 * SECOND);
    let peer = world.hosts()[1].id();
    world.apply(Command::Crash { peer }, &mut counts).unwrap();
    world.run_until(Tick(3 * HOUR), &mut counts);
    let dials = counts.of(COUNTER.redials);
    assert!((6..=14).contains(&dials), "{dials}: after 1, 2, 4, 8, 16 and then every 32 minutes");
    world.apply(Command::Return { peer }, &mut counts).unwrap();
    world.run_until(Tick(4 * HOUR), &mut counts);
    assert_eq!(ManagerLevels::of(&world).connected, 2);
}

#[test]
fn two_runs_are_equal_and_shards_cannot_be_observed() {
    let scenario = Scenario::preset("peer-manager").unwrap();
    let print = |bits: u32| {
        let mut counts = Counts::default();
        let mut world = World::new(9, scenario.config.clone(), &mut counts);
        world.divide_finely(bits);
        world.run_until(Tick(HOUR / 4), &mut counts);
        world.fingerprint()
    };
    assert_eq!(print(0), print(0));
    assert_eq!(print(0), print(4));
}

/// Ends of open sessions, as pairs of IPs, in ascending order.
fn session_ends(world: &World) -> Vec<(u64, u64)> {
    let mut ends = Vec::new();
    for host in world.hosts() {
        let own = world.directory().listening(host.id()).host_part();
        let sessions = host.stack().lower().unwrap().layers.session.get().unwrap();
        ends.extend(sessions.all().iter().filter(|one| one.is_open()).map(|one| (own, one.ip())));
    }
    ends.sort_unstable();
    ends.dedup();
    ends
}

/// Ends of managed connections, likewise.
fn pool_ends(world: &World) -> Vec<(u64, u64)> {
    let mut ends = Vec::new();
    for (host, manager) in world.hosts().iter().zip(managers(world)) {
        let own = world.directory().listening(host.id()).host_part();
        let open = manager.known().iter().filter(|one| one.is_open());
        ends.extend(open.map(|one| (own, one.address.host_part())));
    }
    ends.sort_unstable();
    ends
}

#[test]
fn sessions_are_the_connections_of_the_pool() {
    let manager = ["manager.enabled=on", "manager.bad_share=0"];
    let tick = |seconds: u64, world: &World| Tick(seconds * 1_000 / u64::from(world.config().time.tick_ms));
    let (mut world, mut counts) = run_preset("sessions", 3, &manager, 0);
    world.run_until(tick(1_200, &world), &mut counts);
    let ends = session_ends(&world);
    assert_eq!(ends.len(), 30, "six hosts, each with five others");
    assert_eq!(pool_ends(&world), ends);
    let (mut world, mut counts) =
        run_preset("sessions", 3, &[&manager[..], &["session.listed_peers=0"]].concat(), 0);
    world.run_until(tick(1_200, &world), &mut counts);
    assert_eq!(session_ends(&world).len(), 30, "dialled for the manager alone");
    let rtts = managers(&world).flat_map(Manager::known).filter(|one| one.observed.rtt_ms.is_some());
    assert_eq!(rtts.count(), 30);
}

#[test]
fn bans_of_the_manager_end_sessions_and_prevent_them_also_after_a_restart() {
    let settings =
        ["manager.enabled=on", "manager.bad_share=0.4", "manager.invalid_share=1", "genesis.peers=12"];
    let (mut world, mut counts) = run_preset("sessions", 3, &settings, 0);
    let tick_ms = u64::from(world.config().time.tick_ms);
    world.run_until(Tick(1_200_000 / tick_ms), &mut counts);
    let banned = |world: &World| -> Vec<(u64, u64)> {
        let hosts = world.hosts().iter().zip(managers(world));
        let own = |host: &crate::sim::host::Host| world.directory().listening(host.id()).host_part();
        let pairs = hosts.flat_map(|(host, one)| {
            let own = own(host);
            one.bans().offenders().iter().filter(|one| one.ban.is_some()).map(move |one| (own, one.host))
        });
        pairs.collect()
    };
    let pairs = banned(&world);
    assert!(pairs.len() >= 8, "{}", pairs.len());
    let is_open = |world: &World| {
        let ends = session_ends(world);
        pairs.iter().filter(|pair| ends.binary_search(pair).is_ok()).count()
    };
    assert_eq!(is_open(&world), 0);
    for index in 0..world.hosts().len() {
        let peer = world.hosts()[index].id();
        world.apply(Command::Restart { peer, identity: RestartIdentity::Keep }, &mut counts).unwrap();
    }
    let barred = |counts: &Counts| {
        let number = crate::stack::session::event::COUNTER.barred;
        counts.0.counters(LayerId::Session)[usize::from(number)]
    };
    let before = barred(&counts);
    world.run_until(Tick(1_500_000 / tick_ms), &mut counts);
    assert!(!session_ends(&world).is_empty());
    assert_eq!(is_open(&world), 0);
    assert!(barred(&counts) > before, "sessions know the bans that were read from disk");
    // Without the manager's bans the same hosts have sessions.
    let (mut world, mut counts) =
        run_preset("sessions", 3, &[&settings[..], &["manager.inert_bans=on"]].concat(), 0);
    world.run_until(Tick(1_200_000 / tick_ms), &mut counts);
    assert!(is_open(&world) > 0);
}

#[test]
fn a_full_pool_ends_sessions_and_is_not_dialled_again_at_once() {
    let settings = ["genesis.peers=12", "manager.enabled=on", "manager.bad_share=0", "manager.inbound_max=2"];
    let (mut world, mut counts) = run_preset("sessions", 3, &settings, 0);
    world.run_until(Tick(1_200_000 / u64::from(world.config().time.tick_ms)), &mut counts);
    let inbound = |one: &Manager| one.known().iter().filter(|peer| peer.is_on(LinkSide::Inbound)).count();
    assert!(managers(&world).all(|one| inbound(one) <= 2));
    let refused = counts.of(COUNTER.refused);
    // At most 42 pairs have no room, and each end of one tries once in a minute.
    assert!((42..=42 * 2 * 21).contains(&refused), "{refused}");
}
