//! Golden traces of document 002, to the millisecond.

use super::*;

/// Facts of a kind of the first session with the ms since the dialer's loop began.
fn timeline(world: &mut World, notes: &mut Notes, until: u64) -> Vec<(u64, SessionEvent)> {
    let mut start = None;
    let mut line = Vec::new();
    for tick in 0..until {
        world.run_until(Tick(tick + 1), notes);
        for (_, event) in notes.facts.drain(..) {
            if event == SessionEvent::Opened {
                start.get_or_insert(tick);
            }
            if let Some(start) = start {
                line.push((tick - start, event));
            }
        }
    }
    line
}

#[test]
fn trace_1_the_published_key_ends_a_session_after_90_seconds() {
    use SessionEvent::{Closed, Dialed, Opened, PingSent, PongMissed};
    let mut notes = Notes::default();
    let mut world = world("sessions-shipped", 7, PAIR, &mut notes);
    let line = timeline(&mut world, &mut notes, 100 * SECOND);
    let of_dialer =
        |event: &SessionEvent| matches!(event, Opened | PingSent | PongMissed | Closed { .. } | Dialed);
    let dialer: Vec<_> = line.iter().copied().filter(|(_, event)| of_dialer(event)).collect();
    let expected = [
        (0, Opened),
        (0, PingSent),
        (30_000, PongMissed),
        (30_000, PingSent),
        (60_000, PongMissed),
        (60_000, PingSent),
        (90_000, PongMissed),
        (90_000, Closed { lifetime_ms: 90_000 }),
        (95_000, Dialed),
        (95_160, Opened),
        (95_160, PingSent),
    ];
    assert_eq!(dialer, expected);
    let lost = line.iter().filter(|(at, event)| *at == 40 && *event == SessionEvent::ReplyLost).count();
    assert_eq!(lost, 3, "pong, height and peers");
    assert_eq!(all(&world).map(|sessions| sessions.best_height).max(), Some(0), "no height is ever learned");
}

#[test]
fn trace_2_the_fixed_key_keeps_a_session_for_ever() {
    let mut notes = Notes::default();
    let settings: Vec<&str> = PAIR.iter().copied().chain(["session.reply_key=ip"]).collect();
    let mut world = world("sessions-shipped", 7, &settings, &mut notes);
    let line = timeline(&mut world, &mut notes, 100 * SECOND);
    let pings: Vec<u64> =
        line.iter().filter(|(_, event)| *event == SessionEvent::PingSent).map(|(at, _)| *at).collect();
    assert_eq!(pings, [0, 30_000, 60_000, 90_000]);
    let matched: Vec<_> =
        line.iter().filter(|(_, event)| matches!(event, SessionEvent::PongMatched { .. })).collect();
    let expected = [80, 30_080, 60_080, 90_080].map(|at| (at, SessionEvent::PongMatched { rtt_ms: 80 }));
    assert_eq!(matched, expected.iter().collect::<Vec<_>>());
    world.run_until(Tick(2 * HOUR), &mut notes);
    assert_eq!((notes.count(CLOSED), notes.count(SessionEvent::ReplyLost)), (0, 0));
}

/// A pair of which both ends dial at tick 1, and the counts after 25 s.
fn simultaneous(settings: &[&str]) -> (World, Notes) {
    let mut notes = Notes::default();
    let settings: Vec<&str> = PAIR.iter().chain(settings).copied().collect();
    let mut world = world("sessions", 7, &settings, &mut notes);
    world.run_until(Tick(25 * SECOND), &mut notes);
    (world, notes)
}

#[test]
fn trace_3_without_a_rule_two_sockets_live() {
    let (world, notes) = simultaneous(&["session.tie_break=none"]);
    assert_eq!((notes.count(SessionEvent::Dialed), open_ends(&world)), (2, 4));
}

#[test]
fn trace_3_refusals_before_the_handshake_repeat_every_10_seconds() {
    let mut notes = Notes::default();
    let settings: Vec<&str> = PAIR.iter().copied().chain(["session.tie_break=pre-handshake"]).collect();
    let mut world = world("sessions", 7, &settings, &mut notes);
    let mut failed = Vec::new();
    for tick in 0..21 * SECOND {
        world.run_until(Tick(tick + 1), &mut notes);
        let facts = notes.facts.drain(..);
        failed.extend(facts.filter(|(_, event)| *event == SessionEvent::DialFailed).map(|_| tick));
    }
    // SYN at 1, handshake at 81, refused at 121, known at 161; again after 10 s.
    assert_eq!(failed, [161, 161, 10_321, 10_321]);
    assert_eq!(open_ends(&world), 0);
}

#[test]
fn trace_3_refusals_after_the_handshake_leave_one_mute_link() {
    let mut notes = Notes::default();
    let settings = ["session.tie_break=post-handshake", "session.reply_key=ip", "session.registry=ip"];
    let settings: Vec<&str> = PAIR.iter().copied().chain(settings).collect();
    let mut world = world("sessions-shipped", 7, &settings, &mut notes);
    world.run_until(Tick(2 * SECOND), &mut notes);
    assert_eq!(open_ends(&world), 2, "one logical link");
    assert_eq!(notes.count(SessionEvent::Refused), 1);
    world.run_until(Tick(80 * SECOND), &mut notes);
    assert!(notes.count(SessionEvent::ReplyLost) >= 3, "the dying dial has taken the writer along");
}

#[test]
fn trace_3_by_a_direction_rule_one_end_dials() {
    for rule in ["string", "numeric", "generation"] {
        let tie_break = format!("session.tie_break={rule}");
        let mut notes = Notes::default();
        let settings: Vec<&str> = PAIR.iter().copied().chain([tie_break.as_str()]).collect();
        let mut world = world("sessions", 7, &settings, &mut notes);
        world.run_until(Tick(161), &mut notes);
        assert_eq!(notes.count(SessionEvent::Opened), 0, "{rule}: SYN at 1, acknowledgement at 161");
        world.run_until(Tick(25 * SECOND), &mut notes);
        assert_eq!((notes.count(SessionEvent::Dialed), open_ends(&world)), (1, 2), "{rule}");
        let dialer = all(&world).flat_map(Sessions::all).find(|one| one.side == Side::Dialer).unwrap();
        assert_eq!(dialer.stage, state::Stage::Open { since: 161 }, "{rule}");
    }
}

#[test]
fn trace_3_by_peer_id_both_dial_and_the_higher_one_keeps_its_dial() {
    let (world, notes) = simultaneous(&["session.tie_break=peer-id"]);
    assert_eq!((notes.count(SessionEvent::Dialed), open_ends(&world)), (2, 2));
    let dialer = world.hosts().iter().zip(all(&world)).find(|(_, layer)| layer.all()[0].side == Side::Dialer);
    assert_eq!(dialer.unwrap().0.id(), world.hosts().last().unwrap().id(), "hosts ascend by id");
}

#[test]
fn trace_3_hosts_that_do_not_know_their_ip_refuse_each_other_for_ever() {
    let (world, notes) = simultaneous(&["session.own_ip=unknown"]);
    assert_eq!(open_ends(&world), 0);
    assert!(notes.count(SessionEvent::DialFailed) >= 4);
    let (world, notes) = simultaneous(&["session.own_ip=unknown-passive"]);
    assert_eq!((open_ends(&world), notes.count(SessionEvent::Dialed)), (0, 0), "each waits for the other");
}

#[test]
fn a_keepalive_that_follows_the_path_does_not_cycle_on_a_slow_link() {
    let slow = [
        &PAIR[..1],
        &["time.tick_ms=20", "network.latency_min=1000", "network.latency_max=1000", "network.latency_far=0"],
        &["session.connect_timeout_ms=0", "session.handshake_timeout_ms=300000", "sync.enabled=off"],
    ]
    .concat();
    let run = |setting: &str| {
        let mut notes = Notes::default();
        let mut world = world("sessions", 3, &[&slow[..], &[setting]].concat(), &mut notes);
        world.run_until(Tick(HOUR / 20), &mut notes);
        (notes.count(CLOSED), notes.lifetimes())
    };
    let (closed, lifetimes) = run("session.scaled_keepalive=off");
    assert!(closed > 10 && lifetimes.iter().all(|time| time.abs_diff(90_000) <= 1_000), "{lifetimes:?}");
    assert_eq!(run("session.scaled_keepalive=on").0, 0);
}
