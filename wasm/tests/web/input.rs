//! Input: commands, scenarios and files, good and bad, and lists of what can be chosen.

use js_sys::{Array, Float64Array, Object, Reflect};
use ringside_core::base::problem::Problem;
use ringside_tests::reading::{READINGS, RUN_COUNT, RUN_TICKS, readings};
use ringside_wasm::{ClaimCheck, Simulation, claims, knobs, presets, random_seed};
use wasm_bindgen::prelude::*;
use wasm_bindgen_test::wasm_bindgen_test;

use super::{command, field, lifecycle, number, scenario, text, thrown};

#[wasm_bindgen_test]
fn commands_change_the_run_and_its_link() {
    let mut run = lifecycle();
    run.tick(10);
    let before = run.link().expect("a link");
    run.inject(&command(r#"{ "kind": "cut", "from": "0000000000000000", "to": "8000000000000000" }"#))
        .expect("a cut");
    run.inject(&command(r#"{ "kind": "set", "path": "network.loss", "value": 0.1 }"#)).expect("a setting");
    run.inject(&command(r#"{ "kind": "join", "count": 2 }"#)).expect("newcomers");
    run.tick(10);
    let metrics: JsValue = run.metrics().expect("metrics").into();
    assert!(number(&metrics, "messages.cut") > 0.0);
    assert_eq!(number(&metrics, "peers.running"), 32.0);
    assert_ne!(run.link().expect("a link"), before);
    let mut again = Simulation::open(&run.link().expect("a link")).ok().expect("it opens");
    again.tick(20);
    assert_eq!(text(&again.verdict().expect("a verdict").into(), "kind"), "reproduced");
    let written: JsValue = run.scenario().expect("a scenario").into();
    assert_eq!(number(&written, "commands.length"), 3.0);
    let mut reread = Simulation::from_scenario(written.unchecked_ref()).ok().expect("a scenario");
    reread.tick(20);
    assert_eq!(reread.fingerprint(), run.fingerprint());
}

#[wasm_bindgen_test]
fn bad_input_throws_every_problem_with_its_path() {
    let scenario = |json: &str| Simulation::from_scenario(&scenario(json));
    let bad = r#"{ "preset": "lifecycle-1", "set": { "network": { "los": 1, "delay": 7 } }, "seed": -1 }"#;
    let failure = scenario(bad).err().expect("it throws");
    assert_eq!(number(&failure, "problems.length"), 3.0);
    let unknown = thrown(scenario(r#"{ "set": { "network": { "los": 1 } } }"#), "scenario");
    assert_eq!(text(&unknown, "path"), "set.network.los");
    assert!(text(&unknown, "remedy").contains("network.loss"));
    thrown(scenario(r#""a text""#), "scenario");
    thrown(scenario("[]"), "scenario");
    thrown(knobs("nothing"), "scenario");
    for link in ["", "1.", "1.AAAA", "2.AAAA", "hello", "#s=1.%20"] {
        thrown(Simulation::open(link), "link");
    }
    let mut run = lifecycle();
    let before = run.fingerprint();
    for json in [
        "{}",
        "null",
        r#"{ "kind": "explode" }"#,
        r#"{ "kind": "crash" }"#,
        r#"{ "kind": "crash", "peer": "0000000000000005" }"#,
        r#"{ "kind": "join", "count": -1 }"#,
        r#"{ "kind": "set", "path": "genesis.peers", "value": 3 }"#,
        r#"{ "kind": "heal", "extra": 1 }"#,
    ] {
        thrown(run.inject(&command(json)), "command");
    }
    assert_eq!(run.fingerprint(), before);
}

#[wasm_bindgen_test]
fn values_that_json_cannot_express_are_refused_with_a_reason() {
    let refused = |value: &JsValue| {
        let problem = thrown(Simulation::from_scenario(value.unchecked_ref()), "scenario");
        text(&problem, "message")
    };
    let nested = (0..20).fold(JsValue::NULL, |inner, _| Array::of1(&inner).into());
    assert_eq!(refused(&nested), "values are nested more than 16 levels deep");
    assert_eq!(refused(&Array::new_with_length(100_001)), "there are more than 100000 values");
    assert!(refused(&Float64Array::new_with_length(1)).starts_with("expected a value of JSON, found "));
    assert!(refused(&js_sys::Symbol::iterator()).starts_with("expected a value of JSON, found "));
    let scenario = Object::new();
    let seed = js_sys::BigInt::from(u64::MAX);
    Reflect::set(&scenario, &"seed".into(), &seed).expect("a field");
    let mut run = Simulation::from_scenario(scenario.unchecked_ref()).ok().expect("a scenario");
    assert_eq!(text(&run.metrics().expect("metrics").into(), "seed"), "18446744073709551615");
}

#[wasm_bindgen_test]
fn seeds_beyond_two_to_the_53rd_are_exact() {
    let mut run = Simulation::from_scenario(&scenario(r#"{ "seed": "18446744073709551615" }"#))
        .ok()
        .expect("a scenario");
    assert_eq!(text(&run.metrics().expect("metrics").into(), "seed"), "18446744073709551615");
    let rounded = Simulation::from_scenario(&scenario(r#"{ "seed": 18446744073709551615 }"#));
    assert_eq!(text(&thrown(rounded, "scenario"), "path"), "seed");
}

/// The command line reads the same texts in its unit tests.
#[wasm_bindgen_test]
fn files_mean_what_they_mean_to_the_command_line() {
    let first = |failure: JsValue| {
        let problem = field(&failure, "problems.0");
        let part = |name: &str| text(&problem, name);
        Problem::new(part("path"), part("message"), part("remedy")).to_string()
    };
    let run = |bytes: &[u8]| {
        let mut run = Simulation::read(bytes).map_err(first)?;
        run.tick(RUN_TICKS as u32);
        Ok(run.fingerprint())
    };
    assert_eq!(readings(RUN_COUNT, run), format!("{}\n", READINGS.lines().next().expect("a line")));
}

#[wasm_bindgen_test]
fn a_file_is_read_strictly() {
    let problem = |text: &str| thrown(Simulation::read(text.as_bytes()), "scenario");
    let twice = problem(r#"{ "preset": "improved", "preset": "seed-000" }"#);
    assert!(text(&twice, "message").contains("twice"), "{}", text(&twice, "message"));
    assert!(text(&problem(&"{\"set\":".repeat(100_000)), "message").contains("nested"));
    let exact = br#"{ "preset": "improved", "seed": 9007199254740993 }"#;
    let mut run = Simulation::read(exact).ok().expect("a scenario");
    assert_eq!(text(&run.metrics().expect("metrics").into(), "seed"), "9007199254740993");
}

#[wasm_bindgen_test]
fn the_space_time_diagram_has_a_column_for_every_round() {
    let mut run = lifecycle();
    run.tick(12);
    let diagram: JsValue = run.ring_history().into();
    let rows = number(&diagram, "rows");
    assert_eq!(number(&diagram, "roundsPerColumn"), 1.0);
    assert_eq!(number(&diagram, "cells.length"), rows * 13.0);
    let copy = &mut run.copy();
    run.tick(5);
    assert_eq!(number(&run.ring_history().into(), "cells.length"), rows * 18.0);
    run.restore(copy);
    assert_eq!(number(&run.ring_history().into(), "cells.length"), rows * 13.0, "and none of the future");
}

#[wasm_bindgen_test]
fn fresh_seeds_differ() {
    let (one, other) = (random_seed().expect("entropy"), random_seed().expect("entropy"));
    assert_ne!(one, other);
    assert!(one.parse::<u64>().is_ok());
}

#[wasm_bindgen_test]
fn presets_and_knobs_are_lists_of_the_contract() {
    let presets: JsValue = presets().expect("presets").into();
    assert_eq!(text(&presets, "0.name"), "seed-000");
    assert_eq!(number(&presets, "0.rounds"), 200.0);
    let knobs: Array = knobs("seed-000").expect("knobs").unchecked_into();
    let knob = |path: &str| knobs.iter().find(|knob| text(knob, "path") == path).expect("a knob");
    assert_eq!(number(&knob("genesis.peers"), "value"), 30.0);
    assert_eq!(text(&knob("genesis.peers"), "kind.type"), "count");
    assert_eq!(number(&knob("network.loss"), "value"), 0.01);
    assert_eq!(field(&knob("genesis.swapped_topology"), "value"), JsValue::TRUE);
    assert_eq!(text(&knob("genesis.topology"), "value"), "local-knowledge");
    assert_eq!(text(&knob("genesis.topology"), "kind.options.0"), "local-knowledge");
}

#[wasm_bindgen_test]
fn claims_are_checked_in_slices() {
    let list: JsValue = claims().expect("a list").into();
    let list: Array = list.unchecked_into();
    assert!(list.length() > 24);
    for part in ["id", "seed", "section", "text", "expected", "measure", "link"] {
        assert!(field(&list.get(0), part).is_string(), "{part}");
    }
    let mut check = ClaimCheck::new(vec!["more-tokens".to_owned()], true).ok().expect("a claim");
    assert_eq!(check.done(), 0);
    while check.advance(4.0) {}
    assert_eq!(check.done(), check.size());
    let news: JsValue = check.news().expect("news").into();
    let news: Array = news.unchecked_into();
    assert_eq!((news.length(), text(&news.get(0), "verdict").as_str()), (1, "reproduced"));
    for part in ["id", "words", "value", "sentence"] {
        assert!(!text(&news.get(0), part).is_empty(), "{part}");
    }
    thrown(ClaimCheck::new(vec!["nonsense".to_owned()], true), "claim");
}
