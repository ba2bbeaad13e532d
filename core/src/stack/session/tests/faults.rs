//! Faults and defects, each with what it does.

use super::*;
use crate::config::RestartIdentity;

/// A world after some seconds.
fn after(preset: &str, seconds: u64, settings: &[&str]) -> (World, Notes) {
    let mut notes = Notes::default();
    let mut world = world(preset, 7, settings, &mut notes);
    world.run_until(Tick(seconds * SECOND), &mut notes);
    (world, notes)
}

fn count(preset: &str, seconds: u64, settings: &[&str], event: SessionEvent) -> u64 {
    after(preset, seconds, settings).1.count(event)
}

#[test]
fn after_a_reboot_of_a_nat_every_pair_has_a_session_again_within_120_seconds() {
    let (mut world, mut notes) = after("sessions", 60, &["session.natted=2"]);
    set(&mut world, &mut notes, "session.nat_reboots=1");
    world.run_until(Tick(100 * SECOND), &mut notes);
    assert_eq!(open_ends(&world), 30, "nobody has noticed");
    world.run_until(Tick(280 * SECOND), &mut notes);
    assert!(notes.count(CLOSED) >= 5, "sessions of two hosts had to end");
    assert_eq!(pairs(&world), 15);
}

#[test]
fn a_host_that_returns_has_all_sessions_within_120_seconds() {
    for lost_state in [false, true] {
        for index in 0..6 {
            let (mut world, mut notes) = after("sessions", 60, &[]);
            let peer = world.hosts()[index].id();
            world.apply(Command::Crash { peer }, &mut notes).unwrap();
            world.run_until(Tick(8 * HOUR), &mut notes);
            let back = if lost_state {
                Command::Restart { peer, identity: RestartIdentity::Keep }
            } else {
                Command::Return { peer }
            };
            world.apply(back, &mut notes).unwrap();
            world.run_until(Tick(8 * HOUR + 120 * SECOND), &mut notes);
            assert_eq!(pairs(&world), 15, "host {index}, lost state: {lost_state}");
            assert!(!has_duplicates(&world));
        }
    }
}

#[test]
fn a_partition_of_ten_minutes_ends_within_95_seconds() {
    let (mut world, mut notes) = after("sessions", 60, &[]);
    world.apply(Command::CutHalves { salt: 1 }, &mut notes).unwrap();
    world.run_until(Tick(660 * SECOND), &mut notes);
    assert!(pairs(&world) < 15);
    world.apply(Command::Heal, &mut notes).unwrap();
    world.run_until(Tick(755 * SECOND), &mut notes);
    assert_eq!(pairs(&world), 15);
}

#[test]
fn lost_syns_delay_and_firewalls_leave_it_to_the_other_end() {
    let (world, notes) = after("sessions", 120, &["session.syn_loss=0.5"]);
    assert!(notes.count(SessionEvent::SynDropped) >= 3);
    assert_eq!(pairs(&world), 15);
    let walled = ["session.firewalled=1", "session.firewall=accepts-none"];
    assert_eq!(pairs(&after("sessions", 120, &walled).0), 15, "the highest one dials all");
    let walled = ["session.firewalled=1", "session.firewall=dials-none"];
    assert_eq!(pairs(&after("sessions", 20, &walled).0), 10);
    assert_eq!(pairs(&after("sessions", 120, &walled).0), 15, "the others do, after a while");
}

#[test]
fn a_slow_reader_cycles_although_no_reply_is_lost() {
    let slow = ["genesis.peers=2", "session.slow_readers=1", "session.read_delay_ms=31000"];
    let slow = [&slow[..], &["session.tie_break=string", "session.handshake_timeout_ms=120000"]].concat();
    let (_, notes) = after("sessions", 600, &slow);
    assert!(notes.count(CLOSED) >= 2, "{}", notes.count(CLOSED));
    assert_eq!(notes.count(SessionEvent::ReplyLost), 0);
}

#[test]
fn a_flood_of_handshakes_is_bounded_and_does_not_end_sessions() {
    let flood = ["session.flooders=1", "session.half_open_max=20"];
    let (world, notes) = after("sessions", 60, &flood);
    assert!(notes.count(SessionEvent::SynDropped) > 1_000);
    assert_eq!((notes.count(CLOSED), pairs(&world)), (0, 15));
    let half_open = |layer: &Sessions| layer.all().iter().filter(|one| !one.is_open()).count();
    assert!(all(&world).all(|layer| half_open(layer) <= 20 + 5));
    let limited = ["session.flooders=1", "session.inbound_limit=10"];
    assert!(count("sessions", 60, &limited, SessionEvent::SynDropped) > 1_000);
}

#[test]
fn a_frame_above_the_limit_is_a_ban_that_another_port_evades() {
    let oversize =
        ["session.flooders=1", "session.oversize=on", "session.bans=final", "session.flood_per_second=1"];
    let (world, notes) = after("sessions", 120, &oversize);
    assert!(notes.count(SessionEvent::Banned) >= 5 && notes.count(SessionEvent::Barred) > 5);
    assert_eq!(pairs(&world), 10, "none with the banned host");
    let evaded = [&oversize[..], &["session.ban_key=ip-port"]].concat();
    let (_, notes) = after("sessions", 600, &evaded);
    assert!(notes.count(SessionEvent::Banned) > 20, "each session earns a new ban");
}

#[test]
fn a_burst_of_pings_after_a_pause_is_a_ban() {
    let run = |settings: &[&str]| {
        let mut notes = Notes::default();
        let mut world = world("sessions", 7, settings, &mut notes);
        world.run_until(Tick(60 * SECOND), &mut notes);
        let top = |index: &usize| plan::rank(world.directory().listening(world.hosts()[*index].id()), 6) == 0;
        let peer = world.hosts()[(0..6).find(top).unwrap()].id();
        world.apply(Command::Pause { peer }, &mut notes).unwrap();
        world.run_until(Tick(230 * SECOND), &mut notes);
        world.apply(Command::Resume { peer }, &mut notes).unwrap();
        world.run_until(Tick(260 * SECOND), &mut notes);
        notes.count(SessionEvent::Banned)
    };
    let limits = ["session.bans=seed-era", "session.ping_limit=3", "session.idle_limit_ms=3600000"];
    let limits = [&limits[..], &["session.ping_interval_ms=10000"]].concat();
    assert_eq!(run(&limits), 0, "missed ticks are skipped");
    assert!(run(&[&limits[..], &["session.tick_burst=on"]].concat()) > 0);
}

#[test]
fn the_first_unified_loop_never_opens_and_the_second_never_learns_a_height() {
    let (world, notes) = after("sessions", 60, &["session.ping_first=on"]);
    assert_eq!(open_ends(&world), 0);
    assert!(notes.count(SessionEvent::EarlyMessage) > 15);
    let (world, notes) = after("sessions", 600, &["session.only_pings=on"]);
    assert_eq!((pairs(&world), notes.count(CLOSED)), (15, 0));
    assert!(notes.count(MATCHED) > 100);
    assert_eq!(all(&world).map(|sessions| sessions.best_height).max(), Some(0));
}

#[test]
fn stale_slots_refuse_the_peers_own_dials() {
    let run = |settings: &[&str]| {
        let walled = ["session.firewalled=1", "session.firewall=accepts-none", "session.tie_break=none"];
        let mut notes = Notes::default();
        let mut world = world("sessions", 7, &[&walled[..], settings].concat(), &mut notes);
        let top = |index: &usize| plan::rank(world.directory().listening(world.hosts()[*index].id()), 6) == 0;
        let peer = world.hosts()[(0..6).find(top).unwrap()].id();
        world.apply(Command::Pause { peer }, &mut notes).unwrap();
        world.run_until(Tick(60 * SECOND), &mut notes);
        world.apply(Command::Resume { peer }, &mut notes).unwrap();
        world.run_until(Tick(180 * SECOND), &mut notes);
        pairs(&world)
    };
    assert_eq!(run(&[]), 15);
    assert_eq!(run(&["session.stale_slots=on"]), 10, "the slots of its five peers are stuck");
}

#[test]
fn defects_of_dialling_multiply_the_dials_to_a_dead_peer() {
    let dead = ["genesis.peers=2", "session.firewalled=1", "session.firewall=accepts-none"];
    let dials = |settings: &[&str]| {
        count("sessions-shipped", 3_600, &[&dead[..], settings].concat(), SessionEvent::Dialed)
    };
    let plain = dials(&[]);
    assert!((15..40).contains(&plain), "{plain}");
    assert!(dials(&["session.duplicate_redials=on"]) > 2 * plain);
    let hammered = dials(&["session.backoff_ignored=on", "session.peer_check_ms=30000"]);
    assert!(hammered >= 2 * plain, "{hammered}");
    assert!(dials(&["session.purge=shipped"]) <= plain, "nobody dials a purged peer at checks");
}

#[test]
fn a_session_without_a_writer_is_healed_at_the_second_check() {
    let mute = ["session.tie_break=post-handshake", "session.reply_key=ip", "session.ping_variant=final"];
    let mute = [&mute[..], &["session.dial_spacing_ms=1", "session.peer_check_ms=20000"]].concat();
    let (_, notes) = after("sessions-shipped", 600, &mute);
    assert!(
        notes.count(SessionEvent::ReplyLost) > 50,
        "mute for ever: {}",
        notes.count(SessionEvent::ReplyLost)
    );
    let healed = [&mute[..], &["session.zombie_heal=on"]].concat();
    assert!(count("sessions-shipped", 600, &healed, SessionEvent::Healed) > 0);
}

#[test]
fn lists_grow_by_exchange_and_announcements_and_raw_strings_bloat_the_registry() {
    let known = |settings: &[&str]| {
        let few = [&["session.listed_peers=1", "session.tie_break=numeric"][..], settings].concat();
        pairs(&after("sessions", 900, &few).0)
    };
    assert_eq!(known(&[]), 5, "all know the one listed peer");
    for rule in ["whole", "limited"] {
        assert_eq!(known(&[&format!("session.exchange={rule}")]), 15, "{rule}");
    }
    let raw = ["session.exchange=whole", "session.raw_strings=on"];
    let (world, _) = after("sessions", 300, &raw);
    let registries = || all(&world).map(Sessions::registry);
    assert!(registries().any(|one| one.entries() > one.distinct()));
    let (world, _) = after("sessions", 300, &["session.listed_peers=1", "session.announcements=on"]);
    assert!(all(&world).map(|layer| layer.candidates().len()).max() >= Some(5), "the listed one knows all");
}

#[test]
fn skewed_and_drifting_clocks_do_not_break_the_rules_of_ours() {
    let (mut world, mut notes) = after("sessions", 60, &[]);
    let peers: Vec<PeerId> = world.hosts().iter().map(crate::sim::host::Host::id).collect();
    let ahead = crate::base::time::Direction::Ahead;
    world.apply(Command::Skew { peer: peers[0], rounds: 45, direction: ahead }, &mut notes).unwrap();
    world.apply(Command::Drift { peer: peers[1], rate: 1_200 }, &mut notes).unwrap();
    world.run_until(Tick(300 * SECOND), &mut notes);
    world.apply(Command::Skew { peer: peers[0], rounds: 0, direction: ahead }, &mut notes).unwrap();
    world.run_until(Tick(900 * SECOND), &mut notes);
    assert_eq!(pairs(&world), 15);
    assert!(!has_duplicates(&world));
}
