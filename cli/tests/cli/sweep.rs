//! `ringside sweep`, `ringside sensitivity` and `ringside compare`.

use std::fs;

use crate::program::{file, ringside, small};

const VARY: [&str; 6] =
    ["--vary=network.loss=0,0.5", "--vary=election.per_round=1,2", "--rounds", "4", "--seeds", "3"];

#[test]
fn every_combination_has_a_row_of_means_and_intervals() {
    let text = small("sweep", &[&VARY[..], &["--measure", "messages"]].concat()).success();
    let lines: Vec<_> = text.lines().collect();
    assert_eq!(lines.len(), 5, "{text}");
    assert!(
        lines[0].starts_with("network.loss  election.per_round") && lines[0].ends_with("messages"),
        "{text}"
    );
    assert!(lines[4].starts_with("0.5") && lines[4].contains('(') && lines[4].contains(" to "), "{text}");
}

#[test]
fn json_and_csv_agree_for_any_number_of_threads() {
    let path = file("sweep.csv", "");
    let run = |jobs| small("sweep", &[&VARY[..], &["--json", "--jobs", jobs, "--csv", &path]].concat());
    let (one, many) = (run("1").success(), run("4").success());
    assert_eq!(one, many);
    let rows = run("2").json();
    let csv = fs::read_to_string(&path).unwrap();
    let lines: Vec<_> = csv.lines().collect();
    assert_eq!((rows.as_array().unwrap().len(), lines.len()), (4, 5));
    assert!(lines[0].starts_with("network.loss,election.per_round,answer_share_mean,answer_share_low"));
    let mean = &rows[3]["measures"]["answer_share"]["mean"];
    assert_eq!(lines[4].split(',').nth(2).unwrap().parse::<f64>().ok(), mean.as_f64());
    assert_eq!((&rows[3]["with"]["network.loss"], &rows[3]["seeds"]), (&"0.5".into(), &3.into()));
    let opened = ringside(&["run", rows[3]["link"].as_str().unwrap(), "--json"]).json();
    assert_eq!(opened["rounds"], 4);
}

#[test]
fn invalid_variations_are_refused() {
    assert!(small("sweep", &["--vary=network.los=0,1"]).refusal().contains("did you mean network.loss?"));
    assert!(
        small("sweep", &["--vary=network.loss=0", "--measure=mesages"])
            .refusal()
            .contains("did you mean messages?")
    );
    let contradiction = small("sweep", &["--vary=network.latency_min=1,9", "--vary=network.latency_max=2"]);
    assert!(contradiction.refusal().contains("with 9, 2"), "{contradiction:?}");
    let endless = small(
        "sweep",
        &[
            "--vary=network.loss=0,1",
            "--vary=network.duplication=0,1",
            "--seeds=10000",
            "--vary=election.per_round=1,2,3",
        ],
    );
    assert!(endless.refusal().contains("makes 120000 runs"), "{endless:?}");
}

#[test]
fn the_parameters_of_document_000_are_varied_one_at_a_time() {
    let rows = ringside(&["sensitivity", "seed-000", "--rounds", "1", "--seeds", "2", "--json"]).json();
    let rows = rows.as_array().unwrap();
    let names: std::collections::BTreeSet<_> =
        rows.iter().map(|row| row["with"]["parameter"].as_str()).collect();
    assert_eq!(names.len(), 7);
    let invitations = rows.iter().filter(|row| row["with"]["parameter"] == "peers.invitations_per_round");
    let factors: Vec<_> = invitations.map(|row| row["with"]["factor"].as_str().unwrap()).collect();
    assert_eq!(factors, ["0.33", "1.00", "2.00", "4.00"]);
    assert!(ringside(&["sensitivity", "nex"]).refusal().contains("did you mean \"next\"?"));
}

#[test]
fn each_parameter_has_a_curve_in_a_world_in_which_it_can_bind() {
    let csv = ringside(&["sensitivity", "--seeds", "1", "--csv", "-"]).success();
    let rows: Vec<Vec<&str>> = csv.lines().skip(1).map(|line| line.split(',').collect()).collect();
    let names: std::collections::BTreeSet<_> = rows.iter().map(|row| row[0]).collect();
    assert_eq!((names.len(), rows.len()), (7, 40));
    // Titles of measures have commas.
    assert!(rows.iter().all(|row| row[row.len() - 4].parse::<f64>().is_ok()), "{csv}");
    let markdown = ringside(&["sensitivity", "--markdown", "--json"]);
    assert!(markdown.refusal().contains("cannot be used with"), "{markdown:?}");
    assert!(ringside(&["sensitivity", "--rounds", "3"]).refusal().contains("PRESET"));
}

#[test]
fn experiments_are_compared_side_by_side_with_the_knobs_that_differ() {
    let scenarios = concat!(env!("CARGO_MANIFEST_DIR"), "/../scenarios/");
    let pair = ["attack", "defence"].map(|role| format!("{scenarios}{role}-forger.json"));
    let few = ["--seeds", "2", "--rounds", "200"];
    let compare = |more: &[&str]| ringside(&[&["compare", &pair[0], &pair[1]], &few[..], more].concat());
    let text = compare(&[]).success();
    let lines: Vec<_> = text.lines().collect();
    assert_eq!(lines.len(), 3, "{text}");
    assert!(
        lines[0].starts_with("experiment      peers.suspicion ") && lines[0].contains(" captured "),
        "{text}"
    );
    assert!(
        lines[1].starts_with("attack-forger   0 ") && lines[2].starts_with("defence-forger  2 "),
        "{text}"
    );
    let rows = compare(&["--json", "--measure", "captured"]).json();
    let captured = [0, 1].map(|row| rows[row]["measures"]["captured"]["mean"].as_f64().unwrap());
    assert!(captured[0] > 0.15 && captured[1] < 0.02, "{captured:?}");
    assert_eq!(rows[1]["with"]["experiment"], "defence-forger");
    assert!(
        ringside(&["compare", "next", "improved", "--measure", "captivated"]).refusal().contains("captured")
    );
    assert_eq!(ringside(&["compare", "next"]).code, 2);
}

#[test]
fn an_axis_that_is_given_twice_is_refused() {
    let twice = small("sweep", &["--seeds=1", "--vary=network.loss=0", "--vary", "network.loss=0.1"]);
    assert!(twice.refusal().contains("--vary network.loss: is given twice"), "{twice:?}");
}
