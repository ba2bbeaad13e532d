//! Reports of peers that are reachable.

use super::*;
use crate::config::{BackoffRule, RestartIdentity, SessionConfig};

/// Time of the cut, and its end: long enough for waits of an hour.
const CUT: u64 = 60;
const HEALED: u64 = 3_000;

/// Seconds from the end of a long cut until every pair has a session, if one host restarts then: its waits
/// are over, those of the others are not.
fn recovery(settings: &[&str]) -> u64 {
    let mut notes = Notes::default();
    let mut world = world("sessions", 7, settings, &mut notes);
    world.run_until(Tick(CUT * SECOND), &mut notes);
    world.apply(Command::CutHalves { salt: 1 }, &mut notes).unwrap();
    world.run_until(Tick(HEALED * SECOND), &mut notes);
    assert!(open_ends(&world) < 30, "the cut has ended sessions");
    world.apply(Command::Heal, &mut notes).unwrap();
    let peer = world.hosts()[0].id();
    world.apply(Command::Restart { peer, identity: RestartIdentity::Keep }, &mut notes).unwrap();
    let is_whole = |second: &u64| {
        world.run_until(Tick((HEALED + second) * SECOND), &mut notes);
        open_ends(&world) == 30
    };
    (1..7_200).find(is_whole).expect("waits are of an hour at first")
}

/// The bar of the reference for a peer that returns is 120 s.
#[test]
fn a_report_ends_the_waits_of_other_hosts() {
    let (alone, reported) = (recovery(&[]), recovery(&["session.reports=on"]));
    assert!(alone > 600, "each pair waits for itself: {alone} s");
    assert!(reported <= 120, "{reported} s");
}

#[test]
fn reports_that_are_not_true_cost_a_dial_a_minute() {
    let mut candidate = dial::Candidate::new(plan::address(1, 24_100));
    let rules = SessionConfig { backoff: BackoffRule::Probing, ..SessionConfig::DEFAULT };
    (0..12).for_each(|_| _ = candidate.failed(0, &rules));
    assert!(candidate.heed_report(1_000));
    candidate.failed(2_000, &rules);
    assert!(!candidate.heed_report(60_999), "too soon after the last one");
    assert!(candidate.heed_report(61_000));
    assert!(!candidate.heed_report(200_000), "it does not wait any more");
}
