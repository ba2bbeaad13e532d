//! `ringside swarm`.

use crate::program::ringside;

#[test]
fn worlds_are_run_and_counted() {
    let finished = ringside(&["swarm", "--seeds", "3", "--rounds", "5"]);
    assert!(finished.code < 2 && finished.stderr.is_empty(), "{finished:?}");
    assert!(
        finished.stdout.contains("each with the number of worlds that reached it, of 3 worlds:"),
        "{finished:?}"
    );
    assert!(finished.stdout.contains("answer-taken"), "{finished:?}");
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
fn empty_and_malformed_ranges_are_refused() {
    for seeds in ["0", "9..5", "5..5", "x", "1..", "1000001"] {
        assert_eq!(ringside(&["swarm", "--seeds", seeds]).code, 2, "{seeds}");
    }
    assert_eq!(ringside(&["swarm", "--rounds", "5", "--ticks", "5"]).code, 2);
}
