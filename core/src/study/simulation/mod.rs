//! A run: a scenario, the world it makes, what was counted, and what a link claimed about it.
//!
//! This is the door that the bindings, the command line and the tests use.

mod reproduction;
mod resumable;
mod rewind;

pub use reproduction::{ReproductionStatus, StateHash};
pub use resumable::ResumableSimulation;

use std::collections::VecDeque;

use serde::Serialize;

use self::reproduction::{CheckpointLadder, ReproductionCheck};
use crate::base::digest::Fingerprint;
use crate::base::id::PeerId;
use crate::base::problem::Problem;
use crate::base::time::{Round, Tick};
use crate::config::knob::{KNOBS, KnobView};
use crate::observe::frame::{Frame, PeerView};
use crate::observe::invariant::{self, Cadence, Facts, Limits, Monitor, PropertyState, Violation};
use crate::observe::metrics::{History, Metrics, Recorder, Sample, Shape};
use crate::scenario::link::{self, Link, RecordedOutcome};
use crate::scenario::rules::{check_command, notices};
use crate::scenario::{MAX_COMMANDS, Scenario};
use crate::sim::command::{Command, TimedCommand};
use crate::sim::world::{Executor, Sequential, World};

/// A command of the scenario that could not be carried out when its time came.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Refusal {
    /// When.
    pub tick: u64,
    /// Why.
    #[serde(flatten)]
    pub problem: Problem,
}

/// A run of a scenario.
#[derive(Clone, Debug)]
pub struct Simulation {
    /// With the commands that were injected, in the order of time.
    scenario: Scenario,
    world: World,
    recorder: Recorder,
    history: History,
    /// Commands whose time has not come, by their places in the scenario.
    waiting: VecDeque<usize>,
    refused: Vec<Refusal>,
    ladder: CheckpointLadder,
    reproduction: ReproductionCheck,
    limits: Limits,
    /// Whether all peers have just had their turns, and nobody has meddled since.
    undisturbed: bool,
    /// Looks for violations, where somebody has asked for it.
    monitor: Option<Monitor>,
}

impl Simulation {
    /// The run of a scenario, at tick 0.
    #[must_use]
    pub fn new(scenario: Scenario) -> Self {
        Self::of(Link { scenario, claim: None })
    }

    /// The run that a link describes, at tick 0.
    ///
    /// # Errors
    ///
    /// Says what is wrong with the link.
    pub fn open(text: &str) -> Result<Self, Problem> {
        link::decode(text).map(Self::of)
    }

    /// The run of a decoded link, at tick 0.
    #[must_use]
    pub fn of(Link { scenario, claim }: Link) -> Self {
        let mut recorder = Recorder::default();
        let world = World::new(scenario.seed, scenario.config.clone(), &mut recorder);
        recorder.census(&world);
        let mut simulation = Self {
            limits: Limits::of(&world),
            undisturbed: false,
            monitor: None,
            waiting: (0..scenario.commands.len()).collect(),
            scenario,
            world,
            recorder,
            history: History::default(),
            refused: Vec::new(),
            ladder: CheckpointLadder::default(),
            reproduction: ReproductionCheck::of(claim),
        };
        simulation.arrive();
        simulation
    }

    /// What is run, with the commands injected so far.
    #[must_use]
    pub const fn scenario(&self) -> &Scenario {
        &self.scenario
    }

    /// The world as it is.
    #[must_use]
    pub const fn world(&self) -> &World {
        &self.world
    }

    /// The next tick to happen.
    #[must_use]
    pub const fn now(&self) -> Tick {
        self.world.now()
    }

    /// The tick at which the experiment has had all its rounds. A run may go on.
    #[must_use]
    pub fn end(&self) -> Tick {
        Tick(u64::from(self.scenario.rounds) * self.world.clock().ticks_per_round)
    }

    /// The next tick at which something is due: a delivery, the turn of the peers, or a command.
    #[must_use]
    pub fn next_event(&self) -> Tick {
        let event = self.world.next_event();
        self.next_command().map_or(event, |command| command.at.min(event))
    }

    /// Lets `ticks` happen.
    pub fn tick(&mut self, ticks: u64) {
        self.run_until(Tick(self.now().0.saturating_add(ticks)));
    }

    /// Lets every tick before `end` happen.
    pub fn run_until(&mut self, end: Tick) {
        self.run_until_with(&Sequential, end);
    }

    /// The same with the help of others: what comes of it does not depend on how many they are.
    pub fn run_until_with(&mut self, executor: &impl Executor, end: Tick) {
        while self.now() < end {
            self.world.run_until_with(executor, self.next_stop(end), &mut self.recorder);
            self.arrive();
        }
    }

    /// The next tick at which something is to be done but let time pass, and `end` at the latest.
    fn next_stop(&self, end: Tick) -> Tick {
        let stops = [
            Some(self.world.clock().next_round_starts(self.now())),
            self.next_command().map(|command| command.at),
            self.reproduction.next_stop(self.now()),
            self.monitored_tick(),
        ];
        stops.into_iter().flatten().fold(end, Tick::min)
    }

    /// Runs to the end of the experiment.
    pub fn run(&mut self) {
        self.run_until(self.end());
    }

    /// Carries a command out now, and makes it part of the scenario.
    ///
    /// # Errors
    ///
    /// Says why it cannot be carried out; nothing has changed then.
    pub fn inject(&mut self, command: Command) -> Result<(), Problem> {
        if self.scenario.commands.len() >= MAX_COMMANDS {
            let message = format!("a run takes at most {MAX_COMMANDS} commands");
            return Err(Problem::new("command", message, "start a new run"));
        }
        self.carry_out(command)?;
        if let Some(monitor) = &mut self.monitor {
            monitor.forget_after(self.world.now());
            monitor.mark(&self.world);
        }
        if let Some(completed) = self.completed_round() {
            self.history.amend(completed, &self.world, &self.recorder);
        }
        self.reproduction.disturb(self.now());
        let index = self.waiting.front().copied().unwrap_or(self.scenario.commands.len());
        self.scenario.commands.insert(index, TimedCommand { at: self.now(), command });
        self.waiting.iter_mut().for_each(|waiting| *waiting += 1);
        debug_assert!(
            self.scenario.commands.is_sorted_by_key(|timed| timed.at),
            "commands are in the order of time"
        );
        Ok(())
    }

    /// Facts counted since tick 0.
    #[must_use]
    pub fn metrics(&self) -> Metrics {
        let (preset, seed) = (self.scenario.preset.name, self.scenario.seed);
        Metrics::of(preset, seed, &self.world, &self.recorder, &self.history)
    }

    /// The state of the counts now, as a row of the history.
    #[must_use]
    pub fn sample(&self) -> Sample {
        Sample::now(&self.world, &self.recorder)
    }

    /// The shape of the graph that the running peers make up now. It is computed anew at every call.
    #[must_use]
    pub fn shape(&self) -> Shape {
        Shape::of(&self.world)
    }

    /// Has all properties that always hold looked at from now on; a copy of the world is only compared at one look in
    /// sixteen. That changes nothing about the run.
    pub fn monitor(&mut self, cadence: Cadence) {
        let mut monitor = Monitor::new(cadence);
        monitor.mark(&self.world);
        self.monitor = Some(monitor);
    }

    /// Has nobody look any more, and forgets what was found.
    pub fn stop_monitoring(&mut self) {
        self.monitor = None;
    }

    /// How often all properties that always hold were looked at, since somebody [watches](Self::watch).
    #[must_use]
    pub fn checks(&self) -> u64 {
        self.monitor.as_ref().map_or(0, Monitor::checks)
    }

    /// How all properties stand now; who [watches](Self::watch) remembers what is found.
    pub fn inspect(&mut self) -> Vec<PropertyState> {
        let Some(mut monitor) = self.monitor.take() else { return self.invariants() };
        let states = invariant::inspect(&self.facts().with_fingerprint(), &mut monitor);
        self.monitor = Some(monitor);
        states
    }

    /// The first violation of each property that always holds, as far as somebody has [watched](Self::watch).
    #[must_use]
    pub fn violations(&self) -> &[Violation] {
        self.monitor.as_ref().map_or(&[], Monitor::found)
    }

    /// How all properties stand now, and which were violated before as far as somebody has [watched](Self::watch). It is
    /// computed anew at every call.
    #[must_use]
    pub fn invariants(&self) -> Vec<PropertyState> {
        invariant::states(&self.facts().with_fingerprint(), self.monitor.as_ref())
    }

    fn facts(&self) -> Facts<'_> {
        Facts::of(&self.world, &self.recorder, self.limits, self.undisturbed)
    }

    /// How the counts came about.
    #[must_use]
    pub const fn history(&self) -> &History {
        &self.history
    }

    /// Commands of the scenario that could not be carried out.
    #[must_use]
    pub fn refused(&self) -> &[Refusal] {
        &self.refused
    }

    /// What about the rules in force is probably not meant, though a run can be made by them.
    #[must_use]
    pub fn notices(&self) -> Vec<Problem> {
        notices(self.world.config())
    }

    /// What is to be drawn, with at most `messages` of the messages in flight.
    #[must_use]
    pub fn frame(&self, messages: usize) -> Frame {
        Frame::of(&self.world, messages)
    }

    /// One peer and whom it knows; `None` where it does not exist.
    #[must_use]
    pub fn peer(&self, id: PeerId) -> Option<PeerView> {
        PeerView::of(&self.world, id)
    }

    /// All knobs with the values in force.
    #[must_use]
    pub fn knobs(&self) -> Vec<KnobView> {
        KNOBS.iter().map(|knob| knob.view(self.world.config())).collect()
    }

    /// The fingerprint of the state reached.
    #[must_use]
    pub fn fingerprint(&self) -> Fingerprint {
        self.world.fingerprint()
    }

    /// The link that reproduces this run and claims the fingerprint reached: `1.<base64url>`.
    ///
    /// # Errors
    ///
    /// Where the run has become too long for a link.
    pub fn link(&self) -> Result<String, Problem> {
        self.link_claiming(self.fingerprint())
    }

    fn link_claiming(&self, fingerprint: Fingerprint) -> Result<String, Problem> {
        let claim = RecordedOutcome::new(self.now(), fingerprint, self.ladder.checkpoints());
        link::encode(&Link { scenario: self.scenario.clone(), claim: Some(claim) })
    }

    /// The link to the beginning of this run: it claims nothing, and takes no fingerprint.
    ///
    /// # Errors
    ///
    /// Where the run has become too long for a link.
    pub fn plain_link(&self) -> Result<String, Problem> {
        link::encode(&Link { scenario: self.scenario.clone(), claim: None })
    }

    /// How the run compares with the link that it was opened from.
    #[must_use]
    pub fn verdict(&self) -> ReproductionStatus {
        self.reproduction.verdict()
    }

    fn next_command(&self) -> Option<&TimedCommand> {
        self.waiting.front().map(|index| &self.scenario.commands[*index])
    }

    /// What is done whenever time has moved on: commands that are due, samples, and a look at what the link claims.
    fn arrive(&mut self) {
        self.undisturbed = self.completed_round().is_some_and(|round| round > Round(0));
        self.check_always();
        while let Some(TimedCommand { at, command }) = self.next_command().copied()
            && at <= self.now()
        {
            let index = self.waiting.pop_front().unwrap_or_default();
            if let Err(problem) = self.carry_out(command) {
                let path = format!("commands[{index}].{}", problem.path);
                self.refused.push(Refusal { tick: at.0, problem: Problem { path, ..problem } });
            }
        }
        if let Some(completed) = self.completed_round() {
            self.recorder.tidy(&self.world);
            self.history.record(completed, &self.world, &self.recorder);
            self.ladder.record(completed, self.world.trace());
        }
        self.reproduction.examine(&self.world);
        if let Some(monitor) = &mut self.monitor {
            monitor.mark(&self.world);
        }
    }

    /// After the next tick in which something happens, where somebody wants to see every such tick.
    fn monitored_tick(&self) -> Option<Tick> {
        let sees_ticks = self.monitor.as_ref().is_some_and(Monitor::sees_ticks);
        sees_ticks.then(|| Tick(self.world.next_event().0.saturating_add(1)))
    }

    /// Lets whoever watches have a look.
    fn check_always(&mut self) {
        let Some(mut monitor) = self.monitor.take() else { return };
        monitor.listen(&self.world);
        if monitor.is_due(self.completed_round()) {
            let facts = self.facts();
            monitor.check_always(&if monitor.compares_copies() { facts.with_fingerprint() } else { facts });
        }
        self.monitor = Some(monitor);
    }

    /// How many rounds have happened, where the last of them has just ended.
    fn completed_round(&self) -> Option<Round> {
        let (clock, now) = (self.world.clock(), self.now());
        Some(clock.round(now)).filter(|round| now.0 == round.0 * clock.ticks_per_round)
    }

    fn carry_out(&mut self, command: Command) -> Result<(), Problem> {
        check_command(self.world.config(), TimedCommand { at: self.now(), command })?;
        self.world.apply(command, &mut self.recorder)?;
        self.recorder.census(&self.world);
        self.limits = self.limits.with(&self.world);
        self.undisturbed = false;
        Ok(())
    }
}

#[cfg(test)]
mod tests;
