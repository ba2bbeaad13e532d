//! Conversion between values of Rust and plain objects of JavaScript, and the exceptions for bad input.

use js_sys::{Array, Number, Object, Symbol};
use ringside_core::base::problem::Problem;
use ringside_core::scenario::raw::{Reader, Value};
use serde::Serialize;
use serde_wasm_bindgen::Serializer;
use wasm_bindgen::prelude::*;

/// Kind of the input that was rejected.
#[derive(Clone, Copy, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Failure {
    Scenario,
    Link,
    Command,
    Claim,
}

/// `Failure` of the contract.
#[derive(Serialize)]
struct Thrown {
    kind: Failure,
    problems: Vec<Problem>,
}

impl Failure {
    /// Exception with these problems.
    pub(crate) fn because(self, problems: Vec<Problem>) -> JsValue {
        let thrown = Thrown { kind: self, problems };
        thrown.serialize(&serializer()).unwrap_or_else(JsValue::from)
    }
}

/// Value of Rust as a plain object of the contract.
pub(crate) fn to_js<T: Serialize + ?Sized, J: JsCast>(value: &T) -> Result<J, JsValue> {
    let object = value.serialize(&serializer()).map_err(JsValue::from)?;
    Ok(object.unchecked_into())
}

/// Plain object as a tree of values of the core.
pub(crate) fn from_js(object: &JsValue, failure: Failure) -> Result<Value, JsValue> {
    Reader::with(|reader| value(object, reader)).map_err(|message| {
        let remedy = "pass a plain object of numbers, strings, booleans, lists and objects";
        failure.because(vec![Problem::new("", message, remedy)])
    })
}

/// Value of JavaScript as a value of the core, or the reason why JSON cannot express it.
/// `serde-wasm-bindgen` would accept more than JSON, with more code.
fn value(from: &JsValue, reader: Reader<'_>) -> Result<Value, String> {
    reader.count()?;
    if from.is_null() || from.is_undefined() {
        Ok(Value::Null)
    } else if let Some(on) = from.as_bool() {
        Ok(Value::Bool(on))
    } else if let Some(number) = from.as_f64() {
        #[expect(clippy::cast_possible_truncation, reason = "a safe integer is a whole number that fits")]
        let whole = Number::is_safe_integer(from).then_some(number as i128);
        Ok(whole.map_or(Value::Float(number), Value::Integer))
    } else if let Some(text) = from.as_string() {
        Ok(Value::String(text))
    } else if from.is_bigint() {
        let number = i128::try_from(from.clone());
        number.map(Value::Integer).map_err(|_| "a BigInt is too large".to_owned())
    } else if Array::is_array(from) {
        let reader = reader.deeper()?;
        let values = from.unchecked_ref::<Array>().iter();
        values.map(|item| value(&item, reader)).collect::<Result<_, _>>().map(Value::Array)
    } else if from.is_object() && !Symbol::iterator().js_in(from) {
        let reader = reader.deeper()?;
        let entries = Object::entries(from.unchecked_ref());
        let entry = |entry: JsValue| {
            let entry = entry.unchecked_into::<Array>();
            Ok((entry.get(0).as_string().unwrap_or_default(), value(&entry.get(1), reader)?))
        };
        entries.iter().map(entry).collect::<Result<_, _>>().map(Value::Object)
    } else {
        Err(format!("expected a value of JSON, found {from:?}"))
    }
}

/// Serializer that writes maps as objects and `None` as `null`, as in JSON.
const fn serializer() -> Serializer {
    Serializer::json_compatible()
}
