//! A run, and what there is to start one from.

use ringside_core::base::id::PeerId;
use ringside_core::base::time::Tick;
use ringside_core::config::preset::{PRESETS, Preset};
use ringside_core::observe::invariant::Cadence;
use ringside_core::observe::metrics::COLUMNS;
use ringside_core::scenario::Scenario;
use ringside_core::scenario::command::parse_command;
use ringside_core::study::simulation as core;
use wasm_bindgen::prelude::*;

use crate::arrays;
use crate::clock::Stopwatch;
use crate::convert::{Failure, from_js, to_js};
use crate::{
    Answer, JsColumns, JsCommand, JsFrame, JsHistory, JsInvariants, JsKnobs, JsMetrics, JsPeer, JsPresets,
    JsProblems, JsRefusals, JsScenario, JsShape, JsVerdict,
};

/// A fresh seed from the platform's entropy, in decimal. Nothing else here is random.
///
/// # Errors
///
/// Throws where the platform has no entropy.
#[wasm_bindgen]
pub fn random_seed() -> Answer<String> {
    let seed = getrandom::u64().map_err(|error| js_sys::Error::new(&error.to_string()))?;
    Ok(seed.to_string())
}

/// The named starting points.
///
/// # Errors
///
/// Throws where JavaScript cannot take them, which would be a defect.
#[wasm_bindgen]
pub fn presets() -> Answer<JsPresets> {
    to_js(PRESETS)
}

/// The table of knobs with the values of a preset.
///
/// # Errors
///
/// Throws a `Failure` where there is no such preset.
#[wasm_bindgen]
pub fn knobs(preset: &str) -> Answer<JsKnobs> {
    let preset = Preset::by_name(preset).map_err(|problem| Failure::Scenario.because(vec![problem]))?;
    let views: Vec<_> =
        ringside_core::config::knob::KNOBS.iter().map(|knob| knob.view(&preset.config)).collect();
    to_js(&views)
}

/// The columns of a history: name, unit, meaning and chart of each.
///
/// # Errors
///
/// Throws where JavaScript cannot take them, which would be a defect.
#[wasm_bindgen]
pub fn columns() -> Answer<JsColumns> {
    to_js(&*COLUMNS)
}

/// A run.
///
/// [`Simulation::advance`] may stop within a tick; everything else that is asked of the run has that tick finished first.
#[wasm_bindgen]
pub struct Simulation(core::ResumableSimulation);

impl From<core::Simulation> for Simulation {
    fn from(run: core::Simulation) -> Self {
        Self(core::ResumableSimulation::new(run))
    }
}

#[wasm_bindgen]
impl Simulation {
    /// Opens the run that a link describes, at tick 0: a full URL, its fragment, or the payload alone.
    ///
    /// # Errors
    ///
    /// Throws a `Failure` that says what is wrong with the link.
    pub fn open(link: &str) -> Answer<Self> {
        core::Simulation::open(link).map(Self::from).map_err(|problem| Failure::Link.because(vec![problem]))
    }

    /// Opens the run of a scenario as a person writes it, at tick 0.
    ///
    /// # Errors
    ///
    /// Throws a `Failure` with everything that is wrong with the scenario.
    pub fn from_scenario(scenario: &JsScenario) -> Answer<Self> {
        let value = from_js(scenario, Failure::Scenario)?;
        let scenario = Scenario::parse(&value).map_err(|problems| Failure::Scenario.because(problems))?;
        Ok(core::Simulation::new(scenario).into())
    }

    /// Lets `ticks` happen.
    pub fn tick(&mut self, ticks: u32) {
        self.0.settle_tick_mut().tick(ticks.into());
    }

    /// Lets as much happen as fits into `budget_ms`, but at most `max_ticks`; says how many ticks are over. Of a large
    /// world, it may stop within a tick. Ticks in which nothing is due cost nothing.
    pub fn advance(&mut self, budget_ms: f64, max_ticks: u32) -> u32 {
        let watch = Stopwatch::start();
        let start = self.0.now().0;
        let end = Tick(start + u64::from(max_ticks));
        while watch.elapsed_ms() < budget_ms && self.0.step(end) {}
        u32::try_from(self.0.now().0 - start).unwrap_or(max_ticks)
    }

    /// Does as much of the tick in which the run has stopped as fits into `budget_ms`; says whether it is over, as it is where
    /// the run has not stopped within one.
    pub fn finish_tick(&mut self, budget_ms: f64) -> bool {
        let watch = Stopwatch::start();
        while watch.elapsed_ms() < budget_ms && self.0.finish() {}
        !self.0.is_within_tick()
    }

    /// Whether the run has stopped within a tick.
    #[wasm_bindgen(getter)]
    #[must_use]
    pub fn is_within_tick(&self) -> bool {
        self.0.is_within_tick()
    }

    /// The tick at which the next thing happens; `tick` it and one more to see it done.
    #[must_use]
    pub fn next_event(&mut self) -> f64 {
        exact(self.0.settle_tick().next_event())
    }

    /// Carries a command out before the next tick.
    ///
    /// # Errors
    ///
    /// Throws a `Failure` that says why it cannot be carried out; nothing has changed then.
    pub fn inject(&mut self, command: &JsCommand) -> Answer<()> {
        let value = from_js(command, Failure::Command)?;
        let command = parse_command(&value).map_err(|problems| Failure::Command.because(problems))?;
        self.0.settle_tick_mut().inject(command).map_err(|problem| Failure::Command.because(vec![problem]))
    }

    /// Facts counted since tick 0.
    ///
    /// # Errors
    ///
    /// Throws where JavaScript cannot take them, which would be a defect.
    pub fn metrics(&mut self) -> Answer<JsMetrics> {
        to_js(&self.0.settle_tick().metrics())
    }

    /// The shape of the graph that the running peers make up now. Computing it takes about as long as sorting all
    /// connections.
    ///
    /// # Errors
    ///
    /// Throws where JavaScript cannot take it, which would be a defect.
    pub fn shape(&mut self) -> Answer<JsShape> {
        to_js(&self.0.settle_tick().shape())
    }

    /// Remembers from now on which properties that must always hold were violated: after every tick in which something
    /// happens, or only when `inspect` is called.
    pub fn watch(&mut self, every_tick: bool) {
        self.0.settle_tick_mut().monitor(if every_tick { Cadence::Ticks } else { Cadence::Told });
    }

    /// Remembers nothing any more.
    pub fn unwatch(&mut self) {
        self.0.settle_tick_mut().stop_monitoring();
    }

    /// How all properties stand now; who watches remembers what is found. Computing it takes about as long as a copy of
    /// the world and its shape.
    ///
    /// # Errors
    ///
    /// Throws where JavaScript cannot take them, which would be a defect.
    pub fn inspect(&mut self) -> Answer<JsInvariants> {
        to_js(&self.0.settle_tick_mut().inspect())
    }

    /// How often all properties that must always hold were looked at since `watch` was called.
    #[wasm_bindgen(getter)]
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "looks stay far below 2^53")]
    pub fn looks(&mut self) -> f64 {
        self.0.settle_tick().checks() as f64
    }

    /// A copy, to go back to.
    #[must_use]
    pub fn copy(&mut self) -> Self {
        self.0.settle_tick().clone().into()
    }

    /// Goes back to an earlier copy of this very run; commands given since will come again in their time.
    pub fn go_back(&mut self, earlier: &mut Self) {
        self.0.settle_tick_mut().go_back(earlier.0.settle_tick());
    }

    /// The next tick to happen.
    #[wasm_bindgen(getter)]
    #[must_use]
    pub fn now(&self) -> f64 {
        exact(self.0.now())
    }

    /// How the counts came about, as columns.
    #[must_use]
    pub fn history(&mut self) -> JsHistory {
        arrays::history(self.0.settle_tick().history()).unchecked_into()
    }

    /// What is to be drawn, with at most `limit` of the messages in flight.
    #[must_use]
    pub fn frame(&mut self, limit: u32) -> JsFrame {
        arrays::frame(&self.0.settle_tick().frame(limit as usize)).unchecked_into()
    }

    /// One peer and whom it knows; `undefined` where it does not exist.
    #[must_use]
    pub fn peer(&mut self, id: u64) -> JsPeer {
        let view = self.0.settle_tick().peer(PeerId::new(id));
        view.map_or(JsValue::UNDEFINED, |view| arrays::peer(&view).into()).unchecked_into()
    }

    /// All knobs with the values in force.
    ///
    /// # Errors
    ///
    /// Throws where JavaScript cannot take them, which would be a defect.
    pub fn knobs(&mut self) -> Answer<JsKnobs> {
        to_js(&self.0.settle_tick().knobs())
    }

    /// The link that reproduces this run and claims the fingerprint reached: `1.<base64url>`.
    ///
    /// # Errors
    ///
    /// Throws a `Failure` where the run has become too long for a link.
    pub fn link(&mut self) -> Answer<String> {
        self.0.link().map_err(|problem| Failure::Link.because(vec![problem]))
    }

    /// The link to the beginning of this run, which claims nothing: making it takes no time, however large the world is.
    ///
    /// # Errors
    ///
    /// Throws a `Failure` where the run has become too long for a link.
    pub fn plain_link(&mut self) -> Answer<String> {
        self.0.settle_tick().plain_link().map_err(|problem| Failure::Link.because(vec![problem]))
    }

    /// Takes as much of the fingerprint as fits into `budget_ms`; `undefined` as long as some of it is left. Of a large world,
    /// it takes seconds.
    pub fn name(&mut self, budget_ms: f64) -> Option<String> {
        let watch = Stopwatch::start();
        while watch.elapsed_ms() < budget_ms {
            if let Some(fingerprint) = self.0.name() {
                return Some(fingerprint.to_string());
            }
        }
        None
    }

    /// The fingerprint of the state reached, in sixteen hexadecimal digits.
    #[must_use]
    pub fn fingerprint(&mut self) -> String {
        self.0.fingerprint().to_string()
    }

    /// How the run compares with the link that it was opened from.
    ///
    /// # Errors
    ///
    /// Throws where JavaScript cannot take it, which would be a defect.
    pub fn verdict(&mut self) -> Answer<JsVerdict> {
        to_js(&self.0.settle_tick().verdict())
    }

    /// Commands of the scenario that could not be carried out when their time came.
    ///
    /// # Errors
    ///
    /// Throws where JavaScript cannot take them, which would be a defect.
    pub fn refused(&mut self) -> Answer<JsRefusals> {
        to_js(self.0.settle_tick().refused())
    }

    /// What about the rules in force is probably not meant, though a run can be made by them.
    ///
    /// # Errors
    ///
    /// Throws where JavaScript cannot take them, which would be a defect.
    pub fn notices(&mut self) -> Answer<JsProblems> {
        to_js(&self.0.settle_tick().notices())
    }

    /// The scenario with the commands injected so far, as a person would write it.
    ///
    /// # Errors
    ///
    /// Throws where JavaScript cannot take it, which would be a defect.
    pub fn scenario(&mut self) -> Answer<JsScenario> {
        to_js(&self.0.settle_tick().scenario().describe())
    }

    /// Ticks in a round.
    #[wasm_bindgen(getter)]
    #[must_use]
    pub fn ticks_per_round(&mut self) -> u32 {
        self.0.settle_tick().world().config().time.ticks_per_round
    }

    /// Peers that exist now.
    #[wasm_bindgen(getter)]
    #[must_use]
    pub fn peers(&mut self) -> usize {
        self.0.settle_tick().world().hosts().len()
    }

    /// How long the experiment is, in rounds. A run may go on.
    #[wasm_bindgen(getter)]
    #[must_use]
    pub fn rounds(&mut self) -> u32 {
        self.0.settle_tick().scenario().rounds
    }
}

/// Ticks stay far below 2^53, where the conversion is exact.
#[expect(clippy::cast_precision_loss, reason = "ticks stay far below 2^53")]
const fn exact(tick: Tick) -> f64 {
    tick.0 as f64
}
