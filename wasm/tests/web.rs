//! Bindings in a browser: the same runs as in native builds, and the types that the page relies on.

#![cfg(target_family = "wasm")]

use js_sys::{Array, Float64Array, JSON, Object, Reflect};
use ringside_core::base::problem::Problem;
use ringside_tests::reading::{READINGS, RUN_COUNT, RUN_TICKS, readings};
use ringside_wasm::{
    ClaimCheck, JsCommand, JsScenario, Simulation, claims, knobs, memory_in_use, presets, random_seed,
};
use wasm_bindgen::prelude::*;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_dedicated_worker);

fn scenario(json: &str) -> JsScenario {
    JSON::parse(json).expect("JSON").unchecked_into()
}

fn command(json: &str) -> JsCommand {
    JSON::parse(json).expect("JSON").unchecked_into()
}

fn lifecycle() -> Simulation {
    Simulation::from_scenario(&scenario(r#"{ "preset": "lifecycle-1", "seed": 1 }"#))
        .ok()
        .expect("a scenario")
}

/// Field of an object by its path: `messages.total`.
fn field(object: &JsValue, path: &str) -> JsValue {
    path.split('.').fold(object.clone(), |object, name| {
        assert!(Reflect::has(&object, &name.into()).unwrap_or(false), "there is no {path}");
        Reflect::get(&object, &name.into()).expect("a field")
    })
}

fn number(object: &JsValue, path: &str) -> f64 {
    field(object, path).as_f64().unwrap_or_else(|| panic!("{path} is not a number"))
}

fn text(object: &JsValue, path: &str) -> String {
    field(object, path).as_string().unwrap_or_else(|| panic!("{path} is not a text"))
}

/// First problem of the `Failure` that an operation threw.
fn thrown<T>(result: Result<T, JsValue>, kind: &str) -> JsValue {
    let failure = result.err().expect("it throws");
    assert_eq!(text(&failure, "kind"), kind);
    let problems: Array = field(&failure, "problems").unchecked_into();
    assert!(problems.length() > 0);
    for problem in problems.iter() {
        for part in ["path", "message", "remedy"] {
            assert!(field(&problem, part).is_string());
        }
    }
    problems.get(0)
}

#[wasm_bindgen_test]
fn golden_runs_are_those_of_the_native_build() {
    assert_eq!(ringside_tests::fingerprints(), ringside_tests::FINGERPRINTS);
}

#[wasm_bindgen_test]
fn golden_links_are_reproduced_here_too() {
    for link in ringside_tests::LINKS.lines().filter(|line| line.starts_with("1.")) {
        let mut run = Simulation::open(link).ok().expect("it opens");
        let verdict: JsValue = run.verdict().expect("a verdict").into();
        run.tick(number(&verdict, "tick") as u32);
        assert_eq!(text(&run.verdict().expect("a verdict").into(), "kind"), "reproduced");
        assert_eq!(run.link().expect("a link"), link);
    }
}

#[wasm_bindgen_test]
fn slices_of_time_make_the_same_run_as_ticks() {
    let (mut ticked, mut sliced) = (lifecycle(), lifecycle());
    ticked.tick(120);
    let mut done = 0;
    while done < 120 {
        done += sliced.advance(4.0, 120 - done);
    }
    assert_eq!(sliced.fingerprint(), ticked.fingerprint());
    assert_eq!(sliced.advance(0.0, 10), 0, "without time nothing happens");
}

#[wasm_bindgen_test]
fn a_large_world_stops_within_a_tick_and_other_calls_finish_it() {
    let large = r#"{ "preset": "improved", "seed": 1, "set": { "genesis": { "peers": 2000 } } }"#;
    let open = || Simulation::from_scenario(&scenario(large)).ok().expect("a scenario");
    let (mut ticked, mut sliced) = (open(), open());
    ticked.tick(5);
    // Shorter than the resolution of the clock, so that every call does one piece of work.
    let slice = 0.001;
    while !(sliced.now() == 3.0 && sliced.is_within_tick()) {
        sliced.advance(slice, 1);
    }
    let peers = number(&sliced.metrics().expect("metrics").into(), "peers.running");
    assert_eq!((peers, sliced.now(), sliced.is_within_tick()), (2000.0, 4.0, false));
    while !sliced.is_within_tick() {
        sliced.advance(slice, 1);
    }
    let mut slices = 1;
    while !sliced.finish_tick(slice) {
        slices += 1;
    }
    assert!(slices > 1, "the rest of a tick was not divided");
    let mut slices = 0;
    let fingerprint = loop {
        slices += 1;
        if let Some(fingerprint) = sliced.name(slice) {
            break fingerprint;
        }
    };
    assert!(slices > 1, "the fingerprint was not divided");
    assert_eq!((sliced.now(), &fingerprint), (5.0, &ticked.fingerprint()));
    assert_eq!(sliced.link().expect("a link"), ticked.link().expect("a link"));
}

#[wasm_bindgen_test]
fn properties_have_the_type_of_the_contract() {
    let mut run = lifecycle();
    run.watch(true);
    run.tick(60);
    assert_eq!(run.looks(), 60.0, "something happens in every tick");
    let states: Array = run.inspect().expect("states").unchecked_into();
    assert_eq!(run.looks(), 61.0);
    assert!(states.length() > 15);
    for state in states.iter() {
        assert!(!text(&state, "id").is_empty() && !text(&state, "meaning").is_empty());
        match (text(&state, "kind").as_str(), text(&state, "state").as_str()) {
            ("always" | "eventually" | "sometimes", "holds") => {}
            ("eventually" | "sometimes", "awaited") => {
                assert!(!text(&state, "text").is_empty());
                assert!(number(&state, "peers.length") <= 8.0);
            }
            other => panic!("{other:?}"),
        }
    }
    run.watch(false);
    run.tick(10);
    assert_eq!(run.looks(), 0.0, "without ticks the monitor checks on demand only");
    run.unwatch();
    assert_eq!(run.inspect().expect("states").unchecked_into::<Array>().length(), states.length());
}

#[wasm_bindgen_test]
fn a_run_goes_back_to_a_copy() {
    let mut run = lifecycle();
    run.tick(20);
    let before = memory_in_use();
    let mut copy = run.copy();
    assert!(memory_in_use() > before + 10_000, "a copy of a world takes memory");
    run.inject(&command(r#"{ "kind": "join", "count": 2 }"#)).expect("newcomers");
    run.tick(30);
    let (there, link) = (run.fingerprint(), run.link().expect("a link"));
    run.restore(&mut copy);
    assert_eq!((run.now(), run.fingerprint()), (20.0, copy.fingerprint()));
    run.tick(30);
    assert_eq!((run.fingerprint(), run.link().expect("a link")), (there, link));
    drop(copy);
    assert!(memory_in_use() < before * 2);
}

#[wasm_bindgen_test]
fn metrics_have_the_type_of_the_contract() {
    let mut run = lifecycle();
    let fresh: JsValue = run.metrics().expect("metrics").into();
    assert!(field(&fresh, "answer_share").is_null(), "nothing has been sent yet");
    run.tick(30);
    let metrics: JsValue = run.metrics().expect("metrics").into();
    assert_eq!((text(&metrics, "preset"), text(&metrics, "seed")), ("lifecycle-1".into(), "1".into()));
    let parts = ["query", "answer", "invitation", "referral", "goodbye"];
    let sent: f64 = parts.iter().map(|part| number(&metrics, &format!("messages.{part}"))).sum();
    assert_eq!(sent, number(&metrics, "messages.total"));
    let outcomes = ["delivered", "lost", "undeliverable", "cut", "overload", "collided", "in_flight"];
    let accounted: f64 = outcomes.iter().map(|name| number(&metrics, &format!("messages.{name}"))).sum();
    assert_eq!(accounted, sent);
    for path in [
        "tick",
        "rounds",
        "answer_share",
        "answers_per_query",
        "elections.started",
        "elections.completed",
        "elections.timed_out",
        "elections.split_brain",
        "elections.split_abandoned",
        "elections.open",
        "messages_per_completed_election",
        "peers.running",
        "peers.crashed",
        "peers.paused",
        "peers.adversaries",
        "peers.identified",
        "peers.pending",
        "peers.connected.min",
        "peers.connected.avg",
        "peers.connected.max",
        "tokens_per_peer",
        "outcomes.elected",
        "outcomes.loss",
        "split_alarms",
        "election_rounds.p50",
        "queries_per_election",
        "messages_per_answer",
        "hops.mean",
        "first_connected.share",
        "turnover.per_peer_round",
        "recent.answer_share",
        "convergence.level",
    ] {
        assert!(number(&metrics, path).is_finite());
    }
    let transitions: Array = field(&metrics, "transitions").unchecked_into();
    let first = transitions.get(0);
    assert_eq!((text(&first, "from"), text(&first, "cause")), ("unknown".into(), "introduction".into()));
}

#[wasm_bindgen_test]
fn shapes_have_the_type_of_the_contract() {
    let mut run = lifecycle();
    let fresh: JsValue = run.shape().expect("a shape").into();
    assert!(field(&fresh, "distances.ks_gaussian").is_null(), "no peer is Connected yet");
    run.tick(30);
    let shape: JsValue = run.shape().expect("a shape").into();
    for path in [
        "tick",
        "running",
        "edges",
        "stale_edges",
        "symmetric_share",
        "degrees.connected.p10",
        "degrees.mutual.mean",
        "degrees.bin_width",
        "mutual_islands.count",
        "known_islands.largest_share",
        "partition.true_negatives",
        "closeness.closed_share",
        "distances.ks_uniform",
        "rank_distances.deviation",
        "mixing.entropy",
    ] {
        assert!(number(&shape, path).is_finite());
    }
    assert_eq!(field(&shape, "partition.cut"), JsValue::FALSE);
    let bins: Array = field(&shape, "distances.bins").unchecked_into();
    let edges: f64 = bins.iter().filter_map(|bin| bin.as_f64()).sum();
    assert_eq!((bins.length(), edges), (32, number(&shape, "edges")));
}

#[wasm_bindgen_test]
fn frames_and_histories_are_arrays_that_share_an_index() {
    let mut run = lifecycle();
    run.tick(25);
    let frame: JsValue = run.frame(50).into();
    let length = |name: &str| number(&frame, &format!("{name}.length"));
    for name in ["peerId", "position", "status", "behavior", "connected"] {
        assert_eq!(length(name), 30.0, "{name}");
    }
    let messages = length("messageFrom");
    assert!(messages > 20.0 && messages <= 50.0);
    for name in ["messageTo", "messageKind", "messageSent", "messageDue"] {
        assert_eq!(length(name), messages, "{name}");
    }
    assert!(number(&frame, "inFlight") >= messages);
    assert_eq!((length("cut"), length("barriers"), length("side")), (0.0, 0.0, 0.0));
    assert_eq!(field(&frame, "holds"), JsValue::TRUE);
    run.inject(&command(r#"{ "kind": "cut-regions", "regions": 3 }"#)).expect("a cut");
    let parted: JsValue = run.frame(0).into();
    let sides: js_sys::Uint8Array = field(&parted, "side").unchecked_into();
    assert!(sides.length() == 30 && sides.to_vec().is_sorted() && sides.to_vec()[29] == 2);
    let due: Float64Array = field(&frame, "messageDue").unchecked_into();
    assert!(due.to_vec().iter().all(|due| *due >= 25.0));
    let history: JsValue = run.history().into();
    for column in Object::keys(history.unchecked_ref::<Object>()).iter() {
        assert_eq!(number(&history, &format!("{}.length", column.as_string().expect("a name"))), 26.0);
    }
}

#[wasm_bindgen_test]
fn contacts_of_a_peer_are_indices_of_the_frame() {
    let mut run = lifecycle();
    run.tick(25);
    let frame: JsValue = run.frame(0).into();
    let ids: js_sys::BigUint64Array = field(&frame, "peerId").unchecked_into();
    let id = ids.to_vec()[3];
    let peer: JsValue = run.peer(id).into();
    assert_eq!(text(&peer, "id"), format!("{id:016x}"));
    assert_eq!((text(&peer, "status"), text(&peer, "behavior")), ("running".into(), "honest".into()));
    assert_eq!((number(&peer, "skew"), number(&peer, "rate")), (0.0, 1000.0));
    let known = number(&peer, "identified") + number(&peer, "pending") + number(&peer, "connected");
    assert_eq!(number(&peer, "contacts.length"), known);
    assert_eq!(number(&peer, "contactState.length"), known);
    assert!(number(&peer, "tokens") > 1_000.0);
    assert!(JsValue::from(run.peer(5)).is_undefined());
}

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
