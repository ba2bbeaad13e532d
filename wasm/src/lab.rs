//! A run, and what there is to start one from.

use ringside_core::id::PeerId;
use ringside_core::invariant::Cadence;
use ringside_core::scenario::Scenario;
use ringside_core::scenario::command::parse_command;
use ringside_core::scenario::preset::{PRESETS, Preset};
use ringside_core::simulation as core;
use ringside_core::time::Tick;
use wasm_bindgen::prelude::*;

use crate::arrays;
use crate::clock::Stopwatch;
use crate::convert::{Failure, from_js, to_js};
use crate::{
    Answer, JsCommand, JsFrame, JsHistory, JsInvariants, JsKnobs, JsMetrics, JsPeer, JsPresets, JsProblems,
    JsRefusals, JsScenario, JsShape, JsVerdict,
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

/// A run.
#[wasm_bindgen]
pub struct Simulation(core::Simulation);

#[wasm_bindgen]
impl Simulation {
    /// Opens the run that a link describes, at tick 0: a full URL, its fragment, or the payload alone.
    ///
    /// # Errors
    ///
    /// Throws a `Failure` that says what is wrong with the link.
    pub fn open(link: &str) -> Answer<Self> {
        core::Simulation::open(link).map(Self).map_err(|problem| Failure::Link.because(vec![problem]))
    }

    /// Opens the run of a scenario as a person writes it, at tick 0.
    ///
    /// # Errors
    ///
    /// Throws a `Failure` with everything that is wrong with the scenario.
    pub fn from_scenario(scenario: JsScenario) -> Answer<Self> {
        let value = from_js(scenario.into(), Failure::Scenario)?;
        let scenario = Scenario::parse(&value).map_err(|problems| Failure::Scenario.because(problems))?;
        Ok(Self(core::Simulation::new(scenario)))
    }

    /// Lets `ticks` happen.
    pub fn tick(&mut self, ticks: u32) {
        self.0.tick(ticks.into());
    }

    /// Lets as many ticks happen as fit into `budget_ms`, but at most `max_ticks`; says how many happened. Ticks in
    /// which nothing is due cost nothing.
    pub fn advance(&mut self, budget_ms: f64, max_ticks: u32) -> u32 {
        let watch = Stopwatch::start();
        let start = self.0.now().0;
        let end = start + u64::from(max_ticks);
        while self.0.now().0 < end && watch.elapsed_ms() < budget_ms {
            let next = Tick(self.0.next_event().0.saturating_add(1).min(end));
            self.0.run_until(next);
        }
        u32::try_from(self.0.now().0 - start).unwrap_or(max_ticks)
    }

    /// The tick at which the next thing happens; `tick` it and one more to see it done.
    #[must_use]
    pub fn next_event(&self) -> f64 {
        exact(self.0.next_event())
    }

    /// Carries a command out before the next tick.
    ///
    /// # Errors
    ///
    /// Throws a `Failure` that says why it cannot be carried out; nothing has changed then.
    pub fn inject(&mut self, command: JsCommand) -> Answer<()> {
        let value = from_js(command.into(), Failure::Command)?;
        let command = parse_command(&value).map_err(|problems| Failure::Command.because(problems))?;
        self.0.inject(command).map_err(|problem| Failure::Command.because(vec![problem]))
    }

    /// Facts counted since tick 0.
    ///
    /// # Errors
    ///
    /// Throws where JavaScript cannot take them, which would be a defect.
    pub fn metrics(&self) -> Answer<JsMetrics> {
        to_js(&self.0.metrics())
    }

    /// The shape of the graph that the running peers make up now. Computing it takes about as long as sorting all
    /// connections.
    ///
    /// # Errors
    ///
    /// Throws where JavaScript cannot take it, which would be a defect.
    pub fn shape(&self) -> Answer<JsShape> {
        to_js(&self.0.shape())
    }

    /// Remembers from now on which properties that must always hold were violated: after every tick in which something
    /// happens, or only when `inspect` is called.
    pub fn watch(&mut self, every_tick: bool) {
        self.0.watch(if every_tick { Cadence::Ticks } else { Cadence::Told });
    }

    /// Remembers nothing any more.
    pub fn unwatch(&mut self) {
        self.0.unwatch();
    }

    /// How all properties stand now; who watches remembers what is found. Computing it takes about as long as a copy of
    /// the world and its shape.
    ///
    /// # Errors
    ///
    /// Throws where JavaScript cannot take them, which would be a defect.
    pub fn inspect(&mut self) -> Answer<JsInvariants> {
        to_js(&self.0.inspect())
    }

    /// How often all properties that must always hold were looked at since `watch` was called.
    #[wasm_bindgen(getter)]
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "looks stay far below 2^53")]
    pub fn looks(&self) -> f64 {
        self.0.looks() as f64
    }

    /// A copy, to go back to.
    #[must_use]
    pub fn copy(&self) -> Self {
        Self(self.0.clone())
    }

    /// Goes back to an earlier copy of this very run; commands given since will come again in their time.
    pub fn go_back(&mut self, earlier: &Self) {
        self.0.go_back(&earlier.0);
    }

    /// The next tick to happen.
    #[wasm_bindgen(getter)]
    #[must_use]
    pub fn now(&self) -> f64 {
        exact(self.0.now())
    }

    /// How the counts came about, as columns.
    #[must_use]
    pub fn history(&self) -> JsHistory {
        arrays::history(self.0.history()).unchecked_into()
    }

    /// What is to be drawn, with at most `limit` of the messages in flight.
    #[must_use]
    pub fn frame(&self, limit: u32) -> JsFrame {
        arrays::frame(&self.0.frame(limit as usize)).unchecked_into()
    }

    /// One peer and whom it knows; `undefined` where it does not exist.
    #[must_use]
    pub fn peer(&self, id: u64) -> JsPeer {
        let view = self.0.peer(PeerId::new(id));
        view.map_or(JsValue::UNDEFINED, |view| arrays::peer(&view).into()).unchecked_into()
    }

    /// All knobs with the values in force.
    ///
    /// # Errors
    ///
    /// Throws where JavaScript cannot take them, which would be a defect.
    pub fn knobs(&self) -> Answer<JsKnobs> {
        to_js(&self.0.knobs())
    }

    /// The link that reproduces this run and claims the fingerprint reached: `1.<base64url>`.
    ///
    /// # Errors
    ///
    /// Throws a `Failure` where the run has become too long for a link.
    pub fn link(&self) -> Answer<String> {
        self.0.link().map_err(|problem| Failure::Link.because(vec![problem]))
    }

    /// The link to the beginning of this run, which claims nothing: making it takes no time, however large the world is.
    ///
    /// # Errors
    ///
    /// Throws a `Failure` where the run has become too long for a link.
    pub fn plain_link(&self) -> Answer<String> {
        self.0.plain_link().map_err(|problem| Failure::Link.because(vec![problem]))
    }

    /// Counts the tokens of peers from a place on, as many as fit into `budget_ms`, and says at which place to go on. Each
    /// is counted once in a run, the first fingerprint needs them all, and in a large world that takes seconds.
    #[must_use]
    pub fn count_tokens(&self, from: usize, budget_ms: f64) -> usize {
        let watch = Stopwatch::start();
        let rest = self.0.world().hosts().iter().skip(from);
        let counted =
            rest.take_while(|_| watch.elapsed_ms() < budget_ms).inspect(|host| _ = host.holdings().count());
        from + counted.count()
    }

    /// The fingerprint of the state reached, in sixteen hexadecimal digits.
    #[must_use]
    pub fn fingerprint(&self) -> String {
        self.0.fingerprint().to_string()
    }

    /// How the run compares with the link that it was opened from.
    ///
    /// # Errors
    ///
    /// Throws where JavaScript cannot take it, which would be a defect.
    pub fn verdict(&self) -> Answer<JsVerdict> {
        to_js(&self.0.verdict())
    }

    /// Commands of the scenario that could not be carried out when their time came.
    ///
    /// # Errors
    ///
    /// Throws where JavaScript cannot take them, which would be a defect.
    pub fn refused(&self) -> Answer<JsRefusals> {
        to_js(self.0.refused())
    }

    /// What about the rules in force is probably not meant, though a run can be made by them.
    ///
    /// # Errors
    ///
    /// Throws where JavaScript cannot take them, which would be a defect.
    pub fn notices(&self) -> Answer<JsProblems> {
        to_js(&self.0.notices())
    }

    /// The scenario with the commands injected so far, as a person would write it.
    ///
    /// # Errors
    ///
    /// Throws where JavaScript cannot take it, which would be a defect.
    pub fn scenario(&self) -> Answer<JsScenario> {
        to_js(&self.0.scenario().describe())
    }

    /// Ticks in a round.
    #[wasm_bindgen(getter)]
    #[must_use]
    pub fn ticks_per_round(&self) -> u32 {
        self.0.world().config().time.ticks_per_round
    }

    /// Peers that exist now.
    #[wasm_bindgen(getter)]
    #[must_use]
    pub fn peers(&self) -> usize {
        self.0.world().hosts().len()
    }

    /// How long the experiment is, in rounds. A run may go on.
    #[wasm_bindgen(getter)]
    #[must_use]
    pub fn rounds(&self) -> u32 {
        self.0.scenario().rounds
    }
}

/// Ticks stay far below 2^53, where the conversion is exact.
#[expect(clippy::cast_precision_loss, reason = "ticks stay far below 2^53")]
const fn exact(tick: Tick) -> f64 {
    tick.0 as f64
}
