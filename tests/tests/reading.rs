//! One file, one meaning: the core's reader, which the page and the command line share, on 10,000 texts.

use ringside_core::scenario::Scenario;
use ringside_tests::reading::{LINK_COUNT, READINGS, all_readings, text};

fn read(bytes: &[u8]) -> Result<Scenario, Vec<ringside_core::base::problem::Problem>> {
    Scenario::read(bytes, |text| text.parse().unwrap_or(f64::INFINITY))
}

/// The unit test of the command line and the wasm tests of the page compare with the same file.
#[test]
fn texts_mean_what_was_recorded() {
    let found = all_readings(read);
    if std::env::var_os("RINGSIDE_RECORD").is_some() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/golden/readings.txt");
        std::fs::write(path, found).expect("the golden file can be written");
    } else {
        assert_eq!(found, READINGS);
    }
}

#[test]
fn the_texts_are_accepted_about_as_often_as_refused_and_for_many_reasons() {
    let readings: Vec<_> = (0..LINK_COUNT).map(|number| read(&text(number))).collect();
    let accepted = readings.iter().filter(|reading| reading.is_ok()).count();
    assert!((3_000..7_000).contains(&accepted), "{accepted}");
    let reason = |problems: &Vec<ringside_core::base::problem::Problem>| problems[0].message.clone();
    let mut reasons: Vec<_> =
        readings.iter().filter_map(|reading| reading.as_ref().err().map(reason)).collect();
    reasons.sort_unstable();
    reasons.dedup();
    assert!(reasons.len() > 40, "{reasons:#?}");
}
