//! Clock of the platform. It limits the duration of a slice of work and never affects its result.

use wasm_bindgen::JsCast;
use web_sys::{Performance, Window, WorkerGlobalScope};

/// Time elapsed since its start.
pub(crate) struct Stopwatch {
    performance: Option<Performance>,
    started: f64,
}

impl Stopwatch {
    /// Starts now. Without a clock of the platform, the elapsed time stays 0.
    pub(crate) fn start() -> Self {
        let performance = performance();
        let started = performance.as_ref().map_or(0.0, Performance::now);
        Self { performance, started }
    }

    pub(crate) fn elapsed_ms(&self) -> f64 {
        self.performance.as_ref().map_or(0.0, |performance| performance.now() - self.started)
    }
}

fn performance() -> Option<Performance> {
    let global = js_sys::global();
    if let Some(worker) = global.dyn_ref::<WorkerGlobalScope>() {
        return worker.performance();
    }
    global.dyn_ref::<Window>().and_then(Window::performance)
}
