//! Bindings of the core to JavaScript: open a scenario, tick, inject, read metrics and frames.
//!
//! There is no protocol logic here. Small things cross as plain objects, frames as typed arrays, and whatever has 64
//! bits as text or `BigInt`. Bad input throws an object that lists every [`Problem`](ringside_core::base::problem::Problem);
//! `contract.d.ts` states all shapes.
//!
//! A page loads this as two modules, each made with one feature: `lab` is what it opens with, `claims` what it fetches
//! when somebody wants claims checked.

#![cfg_attr(
    not(all(feature = "lab", feature = "claims")),
    allow(dead_code, reason = "what crosses the border is stated once for both modules")
)]

#[cfg(feature = "lab")]
mod arrays;
#[cfg(feature = "claims")]
mod check;
mod clock;
mod convert;
#[cfg(feature = "lab")]
mod lab;
mod memory;
mod panic;

use wasm_bindgen::prelude::*;

#[cfg(feature = "claims")]
pub use crate::check::{ClaimCheck, claims};
#[cfg(feature = "lab")]
pub use crate::lab::{Simulation, columns, knobs, presets, random_seed};

#[wasm_bindgen(typescript_custom_section)]
const CONTRACT: &str = include_str!("contract.d.ts");

#[wasm_bindgen]
unsafe extern "C" {
    /// A [`ScenarioInput`] as the contract states it.
    #[wasm_bindgen(typescript_type = "ScenarioInput")]
    pub type JsScenario;
    /// A `Command`.
    #[wasm_bindgen(typescript_type = "Command")]
    pub type JsCommand;
    /// `Metrics`.
    #[wasm_bindgen(typescript_type = "Metrics")]
    pub type JsMetrics;
    /// `Shape`.
    #[wasm_bindgen(typescript_type = "Shape")]
    pub type JsShape;
    /// `History`.
    #[wasm_bindgen(typescript_type = "History")]
    pub type JsHistory;
    /// `Frame`.
    #[wasm_bindgen(typescript_type = "Frame")]
    pub type JsFrame;
    /// `PeerDetail`.
    #[wasm_bindgen(typescript_type = "PeerDetail | undefined")]
    pub type JsPeer;
    /// `Verdict`.
    #[wasm_bindgen(typescript_type = "Verdict")]
    pub type JsVerdict;
    /// A list of `PropertyState`.
    #[wasm_bindgen(typescript_type = "PropertyState[]")]
    pub type JsInvariants;
    /// A list of `Knob`.
    #[wasm_bindgen(typescript_type = "Knob[]")]
    pub type JsKnobs;
    /// A list of `Column`.
    #[wasm_bindgen(typescript_type = "Column[]")]
    pub type JsColumns;
    /// A list of `Preset`.
    #[wasm_bindgen(typescript_type = "Preset[]")]
    pub type JsPresets;
    /// A list of `Claim`.
    #[wasm_bindgen(typescript_type = "Claim[]")]
    pub type JsClaims;
    /// A list of `Finding`.
    #[wasm_bindgen(typescript_type = "Finding[]")]
    pub type JsFindings;
    /// A list of `Problem`.
    #[wasm_bindgen(typescript_type = "Problem[]")]
    pub type JsProblems;
    /// A list of `Refusal`.
    #[wasm_bindgen(typescript_type = "Refusal[]")]
    pub type JsRefusals;
}

/// What a binding that can fail returns: it throws a `Failure`.
type Answer<T> = Result<T, JsValue>;

/// Runs once, when the module is loaded.
#[wasm_bindgen(start)]
fn start() {
    panic::install();
}

/// The text of the panic that ended this module, if there was one. Nothing else may be called then.
#[wasm_bindgen]
#[must_use]
pub fn last_panic() -> Option<String> {
    panic::last()
}

/// Bytes that the runs of this module occupy now.
#[wasm_bindgen]
#[must_use]
pub fn memory_in_use() -> usize {
    memory::in_use()
}
