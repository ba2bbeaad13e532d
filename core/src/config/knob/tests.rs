use std::collections::BTreeSet;

use super::*;
use crate::config::KNOBS;

#[test]
fn codes_and_paths_are_unique() {
    let codes: BTreeSet<_> = KNOBS.iter().map(|knob| knob.code).collect();
    assert_eq!(codes.len(), KNOBS.len());
    let paths: BTreeSet<_> = KNOBS.iter().map(|knob| knob.path).collect();
    assert_eq!(paths.len(), KNOBS.len());
}

#[test]
fn sections_follow_one_another() {
    let mut sections: Vec<_> = KNOBS.iter().map(Knob::section).collect();
    sections.dedup();
    let distinct: BTreeSet<_> = sections.iter().collect();
    assert_eq!(sections.len(), distinct.len(), "a section stands in two places: {sections:?}");
    assert!(sections.len() > 9);
}

#[test]
fn there_is_no_setting_out_of_range() {
    for knob in KNOBS {
        let (min, max) = knob.kind.range();
        assert_eq!(Setting::from_raw(knob, max + 1), None, "{}", knob.path);
        assert!(min == 0 || Setting::from_raw(knob, min - 1).is_none(), "{}", knob.path);
        assert_eq!(Setting::from_raw(knob, u64::MAX), None, "{}", knob.path);
    }
}

#[test]
fn options_keep_their_numbers() {
    let option =
        |path, raw| Knob::by_path(path).and_then(|knob| Setting::from_raw(knob, raw)).unwrap().value();
    assert_eq!(option("genesis.topology", 4), KnobValue::Choice("isolated"));
    assert_eq!(option("tokens.search", 0), KnobValue::Choice("one-way-spill"));
    assert_eq!(option("election.referrals", 1), KnobValue::Choice("bounded"));
    assert_eq!(option("peers.invitations", 1), KnobValue::Choice("reciprocal"));
}

#[test]
fn a_mistyped_path_finds_the_nearest_knob() {
    let nearest = |path| Knob::nearest(path).map(|knob| knob.path);
    assert_eq!(nearest("network.los"), Some("network.loss"));
    assert_eq!(nearest("loss"), Some("network.loss"));
    assert_eq!(nearest("peers.loss"), Some("network.loss"));
    assert_eq!(nearest("Election.per_rounds"), Some("election.per_round"));
    assert_eq!(nearest("weather.wind"), None);
    assert_eq!(nearest(&"x".repeat(1_000_000)), None);
}

#[test]
fn codes_find_their_knobs() {
    assert!(
        KNOBS.iter().all(|knob| Knob::by_code(knob.code.into()).is_some_and(|found| found.path == knob.path))
    );
    assert!(Knob::by_code(0).is_none());
    assert!(Knob::by_code(u64::MAX).is_none());
}
