//! Bindings in a browser: the same runs as in native builds, and the types that the page relies on.

#![cfg(target_family = "wasm")]

mod input;
mod runs;

use js_sys::{Array, JSON, Reflect};
use ringside_wasm::{JsCommand, JsScenario, Simulation};
use wasm_bindgen::prelude::*;
use wasm_bindgen_test::wasm_bindgen_test_configure;

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
