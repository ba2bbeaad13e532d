//! Golden runs: a scenario gives the same state, to the bit, in every build and on every target.
//!
//! After an intended change of the rules, `RINGSIDE_RECORD=1 cargo test -p ringside-tests --test golden`
//! records new ones.

use std::path::Path;

use ringside_core::base::time::Tick;
use ringside_core::config::Config;
use ringside_core::config::KNOBS;
use ringside_core::config::preset::{PRESETS, Preset, RETIRED};
use ringside_core::study::simulation::{ReproductionStatus, Simulation};
use ringside_tests::{FINGERPRINTS, GOLDEN_RUNS, LINKS, fingerprints, scenario};

/// Writes a golden file if `RINGSIDE_RECORD` is set; returns whether it is.
fn record(file: &str, content: &str) -> bool {
    let is_recording = std::env::var_os("RINGSIDE_RECORD").is_some();
    if is_recording {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("golden").join(file);
        std::fs::write(path, content).expect("the golden file can be written");
    }
    is_recording
}

#[test]
fn golden_runs_are_as_recorded() {
    let found = fingerprints();
    if !record("fingerprints.txt", &found) {
        assert_eq!(found, FINGERPRINTS);
    }
}

fn link_of_the_readme() -> &'static str {
    let readme = include_str!("../../README.md");
    let link = readme.split_once("/#s=").and_then(|(_, link)| link.split_once(')'));
    link.expect("the README links to a run").0
}

/// Links are never recorded again: those of every released version must open for ever.
#[test]
fn golden_links_open_and_are_reproduced() {
    let links: Vec<&str> = LINKS.lines().filter(|line| line.starts_with("1.")).collect();
    assert!(links.len() >= 4);
    for link in links.into_iter().chain([link_of_the_readme()]) {
        let mut run = Simulation::open(link).unwrap_or_else(|problem| panic!("{link}: {problem}"));
        let (ReproductionStatus::Pending { tick } | ReproductionStatus::Reproduced { tick }) = run.verdict()
        else {
            panic!("{link} records no outcome")
        };
        run.run_until(Tick(tick));
        assert_eq!(run.verdict(), ReproductionStatus::Reproduced { tick }, "{link}");
        assert_eq!(run.link().as_deref(), Ok(link), "a link has one form");
    }
}

/// A link whose recorded outcome is wrong from round 16 on; the page's tests open it too.
#[test]
fn a_wrong_outcome_is_distinguished_from_a_right_one() {
    let link = include_str!("../golden/false-link.txt").trim();
    let mut run = Simulation::open(link).expect("it opens");
    run.run();
    let ReproductionStatus::Differs { same_until, tick, expected, found } = run.verdict() else {
        panic!("{:?}", run.verdict())
    };
    assert_eq!((same_until, tick), (8, 16));
    assert_ne!(expected, found);
}

#[test]
fn steps_of_any_size_make_the_same_run() {
    for (name, json) in GOLDEN_RUNS {
        let mut continuous = Simulation::new(scenario(json));
        let end = Tick(continuous.end().0.min(400));
        continuous.run_until(end);
        for step in [1, 7] {
            let mut stepped = Simulation::new(scenario(json));
            while stepped.now() < end {
                stepped.tick(step.min(end.0 - stepped.now().0));
            }
            assert_eq!(stepped.fingerprint(), continuous.fingerprint(), "{name} in steps of {step}");
            assert_eq!(stepped.metrics(), continuous.metrics(), "{name} in steps of {step}");
        }
    }
}

#[test]
fn a_copy_of_a_run_continues_like_the_run() {
    let mut run = Simulation::new(scenario(GOLDEN_RUNS[2].1));
    run.run_until(Tick(25));
    let mut copy = run.clone();
    run.run();
    copy.run();
    assert_eq!(copy.fingerprint(), run.fingerprint());
}

/// A link holds only the differences from its preset, so the values of presets are part of the format. A knob
/// that is newer than the record has its default in every released preset: links without it stay what they
/// were.
#[test]
fn presets_are_as_released() {
    let lines = |preset: &Preset| {
        let values = KNOBS.iter().map(|knob| knob.setting(&preset.config).to_string());
        [format!("[{}]", preset.name)].into_iter().chain(values).collect::<Vec<_>>()
    };
    let found = PRESETS.iter().chain(RETIRED).flat_map(lines).collect::<Vec<_>>();
    if record("presets.txt", &found.join("\n")) {
        return;
    }
    let released = include_str!("../golden/presets.txt").lines().collect::<Vec<_>>();
    let mut preset = "";
    let mut expected = released.iter().copied().peekable();
    for line in &found {
        if expected.next_if_eq(&line.as_str()).is_some() {
            preset = if line.starts_with('[') { line } else { preset };
            continue;
        }
        let is_released = released.contains(&preset);
        assert!(
            line.starts_with('[') || is_default(line) || !is_released,
            "{preset} {line} is not as released"
        );
        preset = if line.starts_with('[') { line } else { preset };
    }
    assert_eq!(expected.next(), None, "a released value is gone");
}

/// Whether a line states the default of its knob.
fn is_default(line: &str) -> bool {
    KNOBS.iter().any(|knob| knob.setting(&Config::DEFAULT).to_string() == line)
}
