//! Plain objects across the border, and what is thrown when they do not fit.

use ringside_core::problem::Problem;
use ringside_core::scenario::raw::Value;
use serde::Serialize;
use serde_wasm_bindgen::Serializer;
use wasm_bindgen::prelude::*;

/// What was wrong.
#[derive(Clone, Copy, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Failure {
    Scenario,
    Link,
    Command,
    Claim,
}

/// A `Failure` of the contract.
#[derive(Serialize)]
struct Thrown {
    kind: Failure,
    problems: Vec<Problem>,
}

impl Failure {
    /// The object that is thrown for these problems.
    pub(crate) fn because(self, problems: Vec<Problem>) -> JsValue {
        let thrown = Thrown { kind: self, problems };
        thrown.serialize(&serializer()).unwrap_or_else(JsValue::from)
    }
}

/// A value of Rust as a plain object of the contract.
pub(crate) fn to_js<T: Serialize + ?Sized, J: JsCast>(value: &T) -> Result<J, JsValue> {
    let object = value.serialize(&serializer()).map_err(JsValue::from)?;
    Ok(object.unchecked_into())
}

/// A plain object as the core's tree of values.
pub(crate) fn from_js(object: JsValue, failure: Failure) -> Result<Value, JsValue> {
    serde_wasm_bindgen::from_value(object).map_err(|error| {
        failure.because(vec![Problem::new(
            "",
            error.to_string(),
            "pass a plain object of numbers, strings, booleans, lists and objects",
        )])
    })
}

/// Maps become objects, and what is missing is `null`, as in JSON.
const fn serializer() -> Serializer {
    Serializer::json_compatible()
}
