//! Simulations, presets and knobs.

use ringside_core::base::id::PeerId;
use ringside_core::base::time::Tick;
use ringside_core::config::preset::{Preset, outlines};
#[cfg(feature = "layers")]
use ringside_core::observe::cache_view::Subject;
use ringside_core::observe::invariant::Cadence;
use ringside_core::observe::metrics::COLUMNS;
use ringside_core::scenario::Scenario;
use ringside_core::scenario::command::parse_command;
use ringside_core::study::simulation as core;
use wasm_bindgen::prelude::*;

use crate::arrays;
use crate::convert::{Failure, from_js, to_js};
use crate::stopwatch::Stopwatch;
use crate::{
    Answer, JsBlockMap, JsCacheView, JsColumns, JsCommand, JsForkRows, JsFrame, JsHistory, JsInvariants,
    JsKnobs, JsMetrics, JsPeer, JsPoolView, JsPresets, JsProblems, JsRadioMap, JsRefusals, JsRingHistory,
    JsScenario, JsSessionRows, JsShape, JsVerdict,
};

/// Random seed from the entropy of the platform, in decimal. Nothing else in this module is random.
///
/// # Errors
///
/// Throws if the platform has no source of entropy.
#[wasm_bindgen]
pub fn random_seed() -> Answer<String> {
    let seed = getrandom::u64().map_err(|error| js_sys::Error::new(&error.to_string()))?;
    Ok(seed.to_string())
}

/// All presets, as `Preset[]`.
///
/// # Errors
///
/// Throws if the conversion to JavaScript fails, which is a defect.
#[wasm_bindgen]
pub fn presets() -> Answer<JsPresets> {
    to_js(&outlines().collect::<Vec<_>>())
}

/// All knobs with the values of a preset, as `Knob[]`.
///
/// # Errors
///
/// Throws a `Failure` if the preset is unknown.
#[wasm_bindgen]
pub fn knobs(preset: &str) -> Answer<JsKnobs> {
    let preset = Preset::by_name(preset).map_err(|problem| Failure::Scenario.because(vec![problem]))?;
    let views: Vec<_> = ringside_core::config::KNOBS.iter().map(|knob| knob.view(&preset.config)).collect();
    to_js(&views)
}

/// Columns of a history, as `Column[]`: name, unit, meaning and chart of each.
///
/// # Errors
///
/// Throws if JavaScript cannot take them, which would be a defect.
#[wasm_bindgen]
pub fn columns() -> Answer<JsColumns> {
    to_js(&*COLUMNS)
}

/// Simulation of a scenario.
///
/// [`Simulation::advance`] may stop within a tick; every other call finishes that tick first.
#[wasm_bindgen]
pub struct Simulation(core::ResumableSimulation);

impl From<core::Simulation> for Simulation {
    fn from(run: core::Simulation) -> Self {
        Self(core::ResumableSimulation::new(run))
    }
}

impl Simulation {
    /// Run at tick 0, with its space-time diagram.
    fn at_start(mut run: core::Simulation) -> Self {
        run.record_ring();
        run.into()
    }
}

#[wasm_bindgen]
impl Simulation {
    /// Opens the run of a link (URL, fragment or payload) at tick 0.
    ///
    /// # Errors
    ///
    /// Throws a `Failure` if the link is invalid.
    pub fn open(link: &str) -> Answer<Self> {
        core::Simulation::open(link)
            .map(Self::at_start)
            .map_err(|problem| Failure::Link.because(vec![problem]))
    }

    /// Opens the run of a scenario at tick 0.
    ///
    /// # Errors
    ///
    /// Throws a `Failure` with all errors in the scenario.
    pub fn from_scenario(scenario: &JsScenario) -> Answer<Self> {
        let value = from_js(scenario, Failure::Scenario)?;
        let scenario = Scenario::parse(&value).map_err(|problems| Failure::Scenario.because(problems))?;
        Ok(Self::at_start(core::Simulation::new(scenario)))
    }

    /// Opens the run of a scenario file, read as the command line reads it, at tick 0.
    ///
    /// # Errors
    ///
    /// Throws a `Failure` with all errors in the scenario, or the first error of the JSON.
    pub fn read(file: &[u8]) -> Answer<Self> {
        let scenario =
            Scenario::read(file, number).map_err(|problems| Failure::Scenario.because(problems))?;
        Ok(Self::at_start(core::Simulation::new(scenario)))
    }

    /// Advances by `ticks`.
    pub fn tick(&mut self, ticks: u32) {
        self.0.settle_tick_mut().tick(ticks.into());
    }

    /// Advances within `budget_ms` by at most `max_ticks`; returns the number of completed ticks. In a
    /// large world it may stop within a tick. Ticks without events cost nothing.
    pub fn advance(&mut self, budget_ms: f64, max_ticks: u32) -> u32 {
        let watch = Stopwatch::start();
        let start = self.0.now().0;
        let end = Tick(start + u64::from(max_ticks));
        while watch.elapsed_ms() < budget_ms && self.0.step(end) {}
        u32::try_from(self.0.now().0 - start).unwrap_or(max_ticks)
    }

    /// Continues the tick in progress within `budget_ms`; returns whether the run is between two ticks.
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

    /// Tick of the next event. It has been processed once `now` exceeds it.
    #[must_use]
    pub fn next_event(&mut self) -> f64 {
        exact(self.0.settle_tick().next_event())
    }

    /// Carries out a command before the next tick.
    ///
    /// # Errors
    ///
    /// Throws a `Failure` if the command is refused; the run is unchanged then.
    pub fn inject(&mut self, command: &JsCommand) -> Answer<()> {
        let value = from_js(command, Failure::Command)?;
        let command = parse_command(&value).map_err(|problems| Failure::Command.because(problems))?;
        self.0.settle_tick_mut().inject(command).map_err(|problem| Failure::Command.because(vec![problem]))
    }

    /// Metrics since tick 0, as `Metrics`.
    ///
    /// # Errors
    ///
    /// Throws if the conversion to JavaScript fails, which is a defect.
    pub fn metrics(&mut self) -> Answer<JsMetrics> {
        to_js(&self.0.settle_tick().metrics())
    }

    /// Shape of the graph of running peers, as `Shape`. Computing it takes about as long as sorting all
    /// connections.
    ///
    /// # Errors
    ///
    /// Throws if the conversion to JavaScript fails, which is a defect.
    pub fn shape(&mut self) -> Answer<JsShape> {
        to_js(&self.0.settle_tick().shape())
    }

    /// Turns the property monitor on: it records violations of safety properties after every active tick,
    /// or only when `inspect` is called.
    pub fn watch(&mut self, every_tick: bool) {
        self.0.settle_tick_mut().monitor(if every_tick { Cadence::Ticks } else { Cadence::Told });
    }

    /// Turns the property monitor off.
    pub fn unwatch(&mut self) {
        self.0.settle_tick_mut().stop_monitoring();
    }

    /// Checks all properties, as `PropertyState[]`; the monitor, if on, records violations. A check takes
    /// about as long as a copy of the world and its shape.
    ///
    /// # Errors
    ///
    /// Throws if the conversion to JavaScript fails, which is a defect.
    pub fn inspect(&mut self) -> Answer<JsInvariants> {
        to_js(&self.0.settle_tick_mut().inspect())
    }

    /// Number of checks of the safety properties since `watch` was called.
    #[wasm_bindgen(getter)]
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "numbers of checks stay far below 2^53")]
    pub fn looks(&mut self) -> f64 {
        self.0.settle_tick().checks() as f64
    }

    /// Copy of the run, for `restore`.
    #[must_use]
    pub fn copy(&mut self) -> Self {
        self.0.settle_tick().clone().into()
    }

    /// Goes to a copy of this run at an earlier or later tick; commands after it are repeated at their ticks.
    pub fn restore(&mut self, copy: &mut Self) {
        self.0.settle_tick_mut().restore(copy.0.settle_tick());
    }

    /// Number of completed ticks.
    #[wasm_bindgen(getter)]
    #[must_use]
    pub fn now(&self) -> f64 {
        exact(self.0.now())
    }

    /// History of the metrics as columns, as `History`.
    #[must_use]
    pub fn history(&mut self) -> JsHistory {
        arrays::history(self.0.settle_tick().history()).unchecked_into()
    }

    /// Space-time diagram of the ring, as `RingHistory`.
    #[must_use]
    pub fn ring_history(&mut self) -> JsRingHistory {
        let diagram = self.0.settle_tick().ring_history();
        diagram.map_or(JsValue::UNDEFINED, |diagram| arrays::ring_history(diagram).into()).unchecked_into()
    }

    /// Sessions that have ended, the latest ones, and those alive, as `SessionRows`; `undefined` if this
    /// module has no layers.
    #[must_use]
    pub fn sessions(&mut self) -> JsSessionRows {
        #[cfg(feature = "layers")]
        let rows = JsValue::from(arrays::sessions(&self.0.settle_tick().sessions()));
        #[cfg(not(feature = "layers"))]
        let rows = JsValue::UNDEFINED;
        rows.unchecked_into()
    }

    /// Chains that fork, as `ForkRows`; `undefined` if they do not.
    #[must_use]
    pub fn forks(&mut self) -> JsForkRows {
        #[cfg(feature = "layers")]
        let rows = {
            let chains = self.0.settle_tick().chains();
            let has_forks = !chains.branches().is_empty();
            has_forks.then(|| arrays::forks(chains)).map_or(JsValue::UNDEFINED, Into::into)
        };
        #[cfg(not(feature = "layers"))]
        let rows = JsValue::UNDEFINED;
        rows.unchecked_into()
    }

    /// Map of the radios with the ledger of a host, as `RadioMap`; `undefined` if hosts have no radio.
    #[must_use]
    pub fn radio_map(&mut self, chosen: Option<u64>) -> JsRadioMap {
        #[cfg(feature = "layers")]
        let map = self.0.settle_tick().radio_map(chosen.map(PeerId::new));
        #[cfg(feature = "layers")]
        let map = map.map_or(JsValue::UNDEFINED, |map| arrays::radio_map(&map).into());
        #[cfg(not(feature = "layers"))]
        let map = (chosen, JsValue::UNDEFINED).1;
        map.unchecked_into()
    }

    /// The latest blocks, and what a peer waits for, as `BlockMap`; `undefined` if peers do not vote.
    #[must_use]
    pub fn block_map(&mut self, chosen: Option<u64>) -> JsBlockMap {
        #[cfg(feature = "layers")]
        let map = self.0.settle_tick().block_map(chosen.map(PeerId::new));
        #[cfg(feature = "layers")]
        let map = map.map_or(JsValue::UNDEFINED, |map| arrays::block_map(&map).into());
        #[cfg(not(feature = "layers"))]
        let map = (chosen, JsValue::UNDEFINED).1;
        map.unchecked_into()
    }

    /// Peer cache of the host with a number in the plan of addresses, or with an id, as `CacheView`;
    /// `undefined` if there is none.
    ///
    /// # Errors
    ///
    /// Throws if the conversion to JavaScript fails, which is a defect.
    pub fn cache_view(&mut self, number: Option<u32>, chosen: Option<u64>) -> Answer<JsCacheView> {
        #[cfg(feature = "layers")]
        let view = {
            let subject = Subject { number, peer: chosen.map(PeerId::new) };
            self.0.settle_tick().cache_view(subject).map_or(Ok(JsValue::UNDEFINED), |view| to_js(&view))?
        };
        #[cfg(not(feature = "layers"))]
        let view = (number, chosen, JsValue::UNDEFINED).2;
        Ok(view.unchecked_into())
    }

    /// Managed peers of a host, as `PoolView`; `undefined` if hosts manage no peers.
    ///
    /// # Errors
    ///
    /// Throws if the conversion to JavaScript fails, which is a defect.
    pub fn pool_view(&mut self, chosen: Option<u64>) -> Answer<JsPoolView> {
        #[cfg(feature = "layers")]
        let view = {
            let view = self.0.settle_tick().pool_view(chosen.map(PeerId::new));
            view.map_or(Ok(JsValue::UNDEFINED), |view| to_js(&view))?
        };
        #[cfg(not(feature = "layers"))]
        let view = (chosen, JsValue::UNDEFINED).1;
        Ok(view.unchecked_into())
    }

    /// Frame of the present tick with at most `limit` of the messages in flight, as `Frame`.
    #[must_use]
    pub fn frame(&mut self, limit: u32) -> JsFrame {
        arrays::frame(&self.0.settle_tick().frame(limit as usize)).unchecked_into()
    }

    /// State of a peer, as `PeerDetail`; `undefined` if it does not exist.
    #[must_use]
    pub fn peer(&mut self, id: u64) -> JsPeer {
        let view = self.0.settle_tick().peer(PeerId::new(id));
        view.map_or(JsValue::UNDEFINED, |view| arrays::peer(&view).into()).unchecked_into()
    }

    /// All knobs with the values in force, as `Knob[]`.
    ///
    /// # Errors
    ///
    /// Throws if the conversion to JavaScript fails, which is a defect.
    pub fn knobs(&mut self) -> Answer<JsKnobs> {
        to_js(&self.0.settle_tick().knobs())
    }

    /// Link that reproduces this run and records its fingerprint: `1.<base64url>`.
    ///
    /// # Errors
    ///
    /// Throws a `Failure` if the run has too many commands for a link.
    pub fn link(&mut self) -> Answer<String> {
        self.0.link().map_err(|problem| Failure::Link.because(vec![problem]))
    }

    /// Link to the start of this run without a fingerprint, which takes no time even for a large world.
    ///
    /// # Errors
    ///
    /// Throws a `Failure` if the run has too many commands for a link.
    pub fn plain_link(&mut self) -> Answer<String> {
        self.0.settle_tick().plain_link().map_err(|problem| Failure::Link.because(vec![problem]))
    }

    /// Computes the fingerprint within `budget_ms`; `undefined` until it is complete, which takes seconds
    /// for a large world.
    pub fn name(&mut self, budget_ms: f64) -> Option<String> {
        let watch = Stopwatch::start();
        while watch.elapsed_ms() < budget_ms {
            if let Some(fingerprint) = self.0.name() {
                return Some(fingerprint.to_string());
            }
        }
        None
    }

    /// Fingerprint of the present state, in sixteen hexadecimal digits.
    #[must_use]
    pub fn fingerprint(&mut self) -> String {
        self.0.fingerprint().to_string()
    }

    /// Comparison with the link that the run was opened from, as `ReproductionStatus`.
    ///
    /// # Errors
    ///
    /// Throws if the conversion to JavaScript fails, which is a defect.
    pub fn verdict(&mut self) -> Answer<JsVerdict> {
        to_js(&self.0.settle_tick().verdict())
    }

    /// Commands that were refused at their ticks or changed nothing, as `Refusal[]`.
    ///
    /// # Errors
    ///
    /// Throws if the conversion to JavaScript fails, which is a defect.
    pub fn refused(&mut self) -> Answer<JsRefusals> {
        let run = self.0.settle_tick();
        to_js(&[run.refused(), run.ineffective()].concat())
    }

    /// Warnings about the configuration in force, as `Problem[]`.
    ///
    /// # Errors
    ///
    /// Throws if the conversion to JavaScript fails, which is a defect.
    pub fn notices(&mut self) -> Answer<JsProblems> {
        to_js(&self.0.settle_tick().notices())
    }

    /// Scenario with the commands given so far, as `ScenarioInput`.
    ///
    /// # Errors
    ///
    /// Throws if the conversion to JavaScript fails, which is a defect.
    pub fn scenario(&mut self) -> Answer<JsScenario> {
        to_js(&self.0.settle_tick().scenario().describe())
    }

    /// Ticks per round.
    #[wasm_bindgen(getter)]
    #[must_use]
    pub fn ticks_per_round(&mut self) -> u32 {
        self.0.settle_tick().world().config().time.ticks_per_round
    }

    /// Number of peers in the world.
    #[wasm_bindgen(getter)]
    #[must_use]
    pub fn peers(&mut self) -> usize {
        self.0.settle_tick().world().hosts().len()
    }

    /// Length of the experiment in rounds. A run can continue past it.
    #[wasm_bindgen(getter)]
    #[must_use]
    pub fn rounds(&mut self) -> u32 {
        self.0.settle_tick().scenario().rounds
    }
}

/// Number of JSON, correctly rounded by the platform: the same conversion in Rust has 20 kB of tables.
fn number(text: &str) -> f64 {
    js_sys::Number::parse_float(text)
}

/// Tick as a number of JavaScript: exact below 2^53.
#[expect(clippy::cast_precision_loss, reason = "ticks stay far below 2^53")]
const fn exact(tick: Tick) -> f64 {
    tick.0 as f64
}
