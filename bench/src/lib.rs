//! Workloads that run natively and in wasm by the same code; the caller measures time.
//!
//! The module that a browser downloads does not contain them.

#[path = "../../core/benches/common/wheel.rs"]
mod wheel;

use ringside_core::config::knob::Setting;
use ringside_core::scenario::Scenario;
use ringside_core::study::simulation::Simulation;
use ringside_core::study::workload::exchange::Exchange;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::wheel::Wheel;

/// A workload.
#[wasm_bindgen]
#[derive(Clone, Debug)]
pub struct Work(Kind);

#[derive(Clone, Debug)]
enum Kind {
    /// The kernel's queue under the neutral exchange; a step is a tick.
    Exchange(Exchange),
    /// The same exchange in a hand-written loop.
    ByHand(Wheel),
    /// A world of the protocol; a step is a round.
    World(Box<Simulation>),
}

#[wasm_bindgen]
impl Work {
    /// Creates `exchange`, `by-hand`, or a preset with `size` nodes or peers; `None` if the name or the
    /// size is invalid.
    #[must_use]
    pub fn open(name: &str, size: u32) -> Option<Self> {
        Some(Self(match name {
            "exchange" => Kind::Exchange(Exchange::new(size, 1)),
            "by-hand" => Kind::ByHand(Wheel::new(size, 1)),
            preset => Kind::World(Box::new(Simulation::new(scenario(preset, size)?))),
        }))
    }

    /// Runs a number of steps.
    pub fn advance(&mut self, steps: u32) {
        match &mut self.0 {
            Kind::Exchange(exchange) => exchange.run(steps.into()),
            Kind::ByHand(wheel) => wheel.run(steps),
            Kind::World(run) => run.tick(u64::from(steps) * run.world().clock().ticks_per_round),
        }
    }

    /// Number of delivered messages.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "a count for JavaScript, far below 2^53")]
    pub fn delivered(&self) -> f64 {
        let delivered = match &self.0 {
            Kind::Exchange(exchange) => exchange.delivered(),
            Kind::ByHand(wheel) => wheel.delivered(),
            Kind::World(run) => run.metrics().messages.delivered,
        };
        delivered as f64
    }

    /// The fingerprint of the state, equal on every target.
    #[must_use]
    pub fn fingerprint(&self) -> String {
        match &self.0 {
            Kind::Exchange(exchange) => exchange.fingerprint().to_string(),
            Kind::ByHand(wheel) => wheel.delivered().to_string(),
            Kind::World(run) => run.fingerprint().to_string(),
        }
    }
}

/// A preset with a number of peers and at least two tokens per peer.
fn scenario(preset: &str, peers: u32) -> Option<Scenario> {
    let mut scenario = Scenario::preset(preset).ok()?;
    let tokens = scenario.config.tokens.total.max(2 * peers);
    for setting in [format!("genesis.peers={peers}"), format!("tokens.total={tokens}")] {
        scenario.with_setting(Setting::parse_text(&setting).ok()?);
    }
    scenario.check().is_empty().then_some(scenario)
}
