//! Tests of lifecycle messages in sessions: dials on demand, the address book, and lost replies.

use super::*;
use crate::observe::metrics::Recorder;
use crate::protocol::event::PeerStateKind;

/// Ends a run of the preset after some seconds; what was counted, and the world.
fn run(seconds: u64, settings: &[&str]) -> (World, Recorder) {
    let mut recorder = Recorder::default();
    let mut scenario = Scenario::preset("lifecycle-sessions").unwrap();
    settings.iter().for_each(|text| scenario.with_setting(Setting::parse_text(text).unwrap()));
    let mut world = World::new(3, scenario.config, &mut recorder);
    world.run_until(Tick(seconds * 100), &mut recorder);
    (world, recorder)
}

fn completed(recorder: &Recorder) -> u64 {
    recorder.tally().elections().completed
}

fn count(recorder: &Recorder, event: SessionEvent) -> u64 {
    use crate::stack::layer::LayerEvent;
    recorder.tally().counters(LayerId::Session)[usize::from(event.counter().unwrap())]
}

#[test]
fn every_lifecycle_message_travels_in_a_session_that_it_has_dialled() {
    let (world, recorder) = run(120, &[]);
    let messages = recorder.tally().messages(0);
    assert_eq!(messages.total, messages.taken(), "none goes over a link of its own");
    assert!(messages.taken() > 1_000 && completed(&recorder) > 100);
    assert_eq!(count(&recorder, SessionEvent::Unknown), 0, "a message brings the addresses that it names");
    let connected = |host: &crate::sim::host::Host| host.node().peers().count(PeerStateKind::Connected);
    assert!(world.hosts().iter().all(|host| connected(host) >= 8));
}

#[test]
fn with_the_published_key_of_replies_no_channel_is_answered() {
    let (_, recorder) = run(120, &["session.reply_key=ip-port"]);
    assert_eq!((completed(&recorder), recorder.election_details().channels_answered), (0, 0));
    assert!(count(&recorder, SessionEvent::ReplyLost) > 100);
}

#[test]
fn a_message_to_a_peer_that_is_gone_is_dropped_and_those_to_others_are_not() {
    let mut recorder = Recorder::default();
    let scenario = Scenario::preset("lifecycle-sessions").unwrap();
    let mut world = World::new(3, scenario.config, &mut recorder);
    let gone = world.hosts()[4].id();
    world.apply(Command::Crash { peer: gone }, &mut recorder).unwrap();
    world.run_until(Tick(120 * 100), &mut recorder);
    assert!(count(&recorder, SessionEvent::Unreached) > 0);
    assert!(completed(&recorder) > 100);
    let waiting: usize = all(&world).map(Sessions::waiting).sum();
    assert!(waiting < 30, "{waiting}");
}

#[test]
fn messages_beyond_the_limit_displace_the_oldest() {
    let (world, recorder) = run(10, &["session.waiting_max=1"]);
    assert!(all(&world).all(|one| one.waiting() <= 1));
    assert!(count(&recorder, SessionEvent::Unreached) > 10);
}

#[test]
fn a_book_forgets_the_address_noted_first() {
    let mut carriage = Carriage::default();
    let limit = 4_096;
    for number in 0..limit + 10 {
        carriage.note(PeerId::new(number), Address::ip(1, 1));
    }
    assert_eq!(carriage.address(PeerId::new(9)), None);
    assert_eq!(carriage.address(PeerId::new(10)), Some(Address::ip(1, 1)));
    assert!(carriage.address(PeerId::new(limit + 9)).is_some());
}
