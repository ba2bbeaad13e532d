//! Bindings of the core to JavaScript: open a scenario, advance, give commands, read metrics and frames.
//!
//! There is no protocol logic here. Small values cross the border as plain objects, frames as typed arrays,
//! and 64-bit integers as text or `BigInt`. Bad input throws an object with every
//! [`Problem`](ringside_core::base::problem::Problem); the files in `contract/` define all types.
//!
//! A page loads up to three modules: with the feature `lab` on opening, with `lab` and `layers` when a
//! scenario needs a layer, with `claims` when claims are checked.

#![cfg_attr(
    not(all(feature = "lab", feature = "claims")),
    allow(dead_code, reason = "the types of the border are declared once for both modules")
)]

#[cfg(feature = "lab")]
mod arrays;
#[cfg(feature = "claims")]
mod claims;
mod convert;
mod memory;
mod panic;
#[cfg(feature = "claims")]
mod runs;
#[cfg(feature = "claims")]
mod sensitivity;
#[cfg(feature = "lab")]
mod simulation;
mod stopwatch;
#[cfg(feature = "lab")]
mod tools;

use wasm_bindgen::prelude::*;

#[cfg(feature = "claims")]
pub use crate::claims::{ClaimCheck, claims};
#[cfg(feature = "claims")]
pub use crate::sensitivity::SensitivityCheck;
#[cfg(feature = "lab")]
pub use crate::simulation::{Simulation, columns, knobs, presets, random_seed};
#[cfg(feature = "lab")]
pub use crate::tools::{airtime, crash_test};

#[wasm_bindgen(typescript_custom_section)]
const SCENARIO_TYPES: &str = include_str!("contract/scenario.d.ts");
#[wasm_bindgen(typescript_custom_section)]
const RESULT_TYPES: &str = include_str!("contract/results.d.ts");
#[wasm_bindgen(typescript_custom_section)]
const WORLD_TYPES: &str = include_str!("contract/world.d.ts");
#[wasm_bindgen(typescript_custom_section)]
const LAYER_TYPES: &str = include_str!("contract/layers.d.ts");

#[wasm_bindgen]
unsafe extern "C" {
    /// `ScenarioInput`.
    #[wasm_bindgen(typescript_type = "ScenarioInput")]
    pub type JsScenario;
    /// `Command`.
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
    /// `RingHistory`.
    #[wasm_bindgen(typescript_type = "RingHistory")]
    pub type JsRingHistory;
    /// `SessionRows`.
    #[wasm_bindgen(typescript_type = "SessionRows | undefined")]
    pub type JsSessionRows;
    /// `ForkRows`.
    #[wasm_bindgen(typescript_type = "ForkRows | undefined")]
    pub type JsForkRows;
    /// `BlockMap`.
    #[wasm_bindgen(typescript_type = "BlockMap | undefined")]
    pub type JsBlockMap;
    /// `RadioMap`.
    #[wasm_bindgen(typescript_type = "RadioMap | undefined")]
    pub type JsRadioMap;
    /// `CacheView`.
    #[wasm_bindgen(typescript_type = "CacheView | undefined")]
    pub type JsCacheView;
    /// `PoolView`.
    #[wasm_bindgen(typescript_type = "PoolView | undefined")]
    pub type JsPoolView;
    /// `CrashStrips`.
    #[wasm_bindgen(typescript_type = "CrashStrips | undefined")]
    pub type JsCrashStrips;
    /// `Airtime`.
    #[wasm_bindgen(typescript_type = "Airtime | undefined")]
    pub type JsAirtime;
    /// `Frame`.
    #[wasm_bindgen(typescript_type = "Frame")]
    pub type JsFrame;
    /// `PeerDetail`.
    #[wasm_bindgen(typescript_type = "PeerDetail | undefined")]
    pub type JsPeer;
    /// `ReproductionStatus`.
    #[wasm_bindgen(typescript_type = "ReproductionStatus")]
    pub type JsVerdict;
    /// Array of `PropertyState`.
    #[wasm_bindgen(typescript_type = "PropertyState[]")]
    pub type JsInvariants;
    /// Array of `Knob`.
    #[wasm_bindgen(typescript_type = "Knob[]")]
    pub type JsKnobs;
    /// Array of `Column`.
    #[wasm_bindgen(typescript_type = "Column[]")]
    pub type JsColumns;
    /// Array of `Preset`.
    #[wasm_bindgen(typescript_type = "Preset[]")]
    pub type JsPresets;
    /// Array of `Claim`.
    #[wasm_bindgen(typescript_type = "Claim[]")]
    pub type JsClaims;
    /// Array of `Finding`.
    #[wasm_bindgen(typescript_type = "Finding[]")]
    pub type JsFindings;
    /// Array of `Curve`.
    #[wasm_bindgen(typescript_type = "Curve[]")]
    pub type JsCurves;
    /// Array of `Problem`.
    #[wasm_bindgen(typescript_type = "Problem[]")]
    pub type JsProblems;
    /// Array of `Refusal`.
    #[wasm_bindgen(typescript_type = "Refusal[]")]
    pub type JsRefusals;
}

/// Result of a binding, whose error is thrown.
type Answer<T> = Result<T, JsValue>;

/// Installs the panic hook when the module is loaded.
#[wasm_bindgen(start)]
fn start() {
    panic::install();
}

/// Text of the panic that ended this module, `undefined` if there was none. After a panic nothing else may
/// be called.
#[wasm_bindgen]
#[must_use]
pub fn last_panic() -> Option<String> {
    panic::last()
}

/// Bytes that this module has allocated.
#[wasm_bindgen]
#[must_use]
pub fn memory_in_use() -> usize {
    memory::in_use()
}
