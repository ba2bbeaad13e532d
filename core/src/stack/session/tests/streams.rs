//! Bandwidth and probes of streams, and the list from a directory server.

use super::*;

fn after(preset: &str, seconds: u64, settings: &[&str]) -> (World, Notes) {
    let mut notes = Notes::default();
    let mut world = world(preset, 7, settings, &mut notes);
    world.run_until(Tick(seconds * SECOND), &mut notes);
    (world, notes)
}

fn least_height(world: &World) -> u32 {
    all(world).map(|layer| layer.sync().unwrap().height()).min().unwrap()
}

#[test]
fn a_slow_line_delays_blocks_and_whatever_waits_behind_them() {
    let alone = ["genesis.peers=2", "sync.behind=1"];
    let slow = |rate: &'static str| [&alone[..], &[rate]].concat();
    // 2,480 blocks of 1,000 bytes.
    assert_eq!(least_height(&after("sessions-claimed", 60, &slow("session.stream_rate=0")).0), 2_480);
    let (world, notes) = after("sessions-claimed", 100, &slow("session.stream_rate=20000"));
    assert!((1_700..2_100).contains(&least_height(&world)), "{}", least_height(&world));
    assert_eq!(notes.count(SessionEvent::Retransmitted), 0, "what waits is not lost");
    assert_eq!(least_height(&after("sessions-claimed", 150, &slow("session.stream_rate=20000")).0), 2_480);
    let round_trips = |notes: &Notes| {
        let trip = |(_, event): &(PeerId, SessionEvent)| match event {
            SessionEvent::PongMatched { rtt_ms } => Some(*rtt_ms),
            _ => None,
        };
        notes.facts.iter().filter_map(trip).max()
    };
    assert!(round_trips(&notes) > Some(1_000), "a pong waits behind 101 blocks: {:?}", round_trips(&notes));
}

#[test]
fn so_slow_a_line_that_pongs_come_late_ends_sessions_without_any_other_defect() {
    let slow = ["genesis.peers=2", "sync.behind=1", "session.stream_rate=1000", "session.missed_pongs_max=1"];
    let (_, notes) = after("sessions-claimed", 600, &slow);
    assert!(notes.count(CLOSED) >= 2, "{}", notes.count(CLOSED));
    assert_eq!(notes.count(SessionEvent::ReplyLost), 0);
}

#[test]
fn probes_find_a_dead_host_after_two_minutes_and_leave_live_ones_alone() {
    let run = |keepalive: &str| {
        let patient = ["session.idle_limit_ms=86400000", "session.ping_variant=final", keepalive];
        let mut notes = Notes::default();
        let mut world = world("sessions", 7, &patient, &mut notes);
        world.run_until(Tick(60 * SECOND), &mut notes);
        let highest =
            (0..6).max_by_key(|index| world.directory().listening(world.hosts()[*index].id())).unwrap();
        let peer = world.hosts()[highest].id();
        world.apply(Command::Crash { peer }, &mut notes).unwrap();
        world.run_until(Tick(250 * SECOND), &mut notes);
        let open: usize = (0..6)
            .filter(|index| *index != highest)
            .map(|index| sessions(&world, index).all().iter().filter(|one| one.is_open()).count())
            .sum();
        (open, notes.count(SessionEvent::Unanswered))
    };
    assert_eq!(run("session.stream_keepalive_ms=0"), (25, 0), "the accepting sides wait for pings for a day");
    assert_eq!(run("session.stream_keepalive_ms=30000"), (20, 5));
}

const FETCHED: &str = "session.directory=fetched";

#[test]
fn hosts_fetch_the_list_and_repeat_what_fails() {
    let (world, notes) = after("sessions", 60, &[FETCHED]);
    assert_eq!((pairs(&world), notes.count(SessionEvent::Fetched)), (15, 5));
    assert_eq!(notes.count(SessionEvent::FetchFailed), 0);
    let half_open = all(&world).flat_map(Sessions::all).filter(|one| !one.is_open()).count();
    assert_eq!(half_open, 0, "no stream of a request is left");
    for defect in ["directory_state=down", "directory_state=damaged", "directory_delay_ms=15000"] {
        let defect = format!("session.{defect}");
        let mut notes = Notes::default();
        let mut world = super::world("sessions", 7, &[FETCHED, &defect], &mut notes);
        world.run_until(Tick(30 * SECOND), &mut notes);
        assert_eq!((pairs(&world), notes.count(SessionEvent::Fetched)), (0, 0), "{defect}");
        assert_eq!(notes.count(SessionEvent::FetchFailed), 5, "{defect}");
        set(&mut world, &mut notes, "session.directory_state=up");
        set(&mut world, &mut notes, "session.directory_delay_ms=0");
        world.run_until(Tick(120 * SECOND), &mut notes);
        assert_eq!((pairs(&world), notes.count(SessionEvent::Fetched)), (15, 5), "{defect}: asked again");
    }
}

#[test]
fn without_a_server_hosts_wait_for_its_return() {
    let mut notes = Notes::default();
    let mut world = world("sessions", 7, &[FETCHED], &mut notes);
    let is_server = |index: &usize| plan::index(world.directory().listening(world.hosts()[*index].id())) == 0;
    let peer = world.hosts()[(0..6).find(is_server).unwrap()].id();
    world.apply(Command::Crash { peer }, &mut notes).unwrap();
    world.run_until(Tick(100 * SECOND), &mut notes);
    assert_eq!((pairs(&world), notes.count(SessionEvent::FetchFailed)), (0, 10), "two tries of five hosts");
    world.apply(Command::Return { peer }, &mut notes).unwrap();
    world.run_until(Tick(240 * SECOND), &mut notes);
    assert_eq!(pairs(&world), 15);
}
