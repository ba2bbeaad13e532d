//! Runs: the same as in native builds, and the types of what they show.

use js_sys::{Array, Float64Array, Object};
use ringside_wasm::{Simulation, memory_in_use};
use wasm_bindgen::prelude::*;
use wasm_bindgen_test::wasm_bindgen_test;

use super::{command, field, lifecycle, number, scenario, text};

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
