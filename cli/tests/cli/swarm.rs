//! `ringside swarm`.

use crate::program::ringside;

#[test]
fn worlds_are_tried_out_and_counted() {
    let done = ringside(&["swarm", "--seeds", "3", "--rounds", "5"]);
    assert!(done.code < 2 && done.stderr.is_empty(), "{done:?}");
    assert!(done.stdout.contains("Seen in so many of 3 worlds:"), "{done:?}");
    assert!(done.stdout.contains("answer-taken"), "{done:?}");
}

#[test]
fn the_number_of_threads_changes_nothing() {
    let with =
        |jobs| ringside(&["swarm", "--seeds", "5..9", "--ticks", "12", "--json", "--jobs", jobs]).json();
    let one = with("1");
    assert_eq!((&one["seeds"][0], &one["worlds"]), (&5.into(), &4.into()));
    assert_eq!(one, with("4"));
}

#[test]
fn ranges_that_make_no_sense_are_refused() {
    for seeds in ["0", "9..5", "5..5", "x", "1..", "1000001"] {
        assert_eq!(ringside(&["swarm", "--seeds", seeds]).code, 2, "{seeds}");
    }
    assert_eq!(ringside(&["swarm", "--rounds", "5", "--ticks", "5"]).code, 2);
}
