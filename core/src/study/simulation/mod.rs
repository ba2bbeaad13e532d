//! A run: a scenario, its world, the recorder, and the outcome that a link recorded.
//!
//! | module | content |
//! |---|---|
//! | [`Simulation`] | advance, inject commands, observe: the facade of bindings, command line and tests |
//! | `resumable` | a run that advances in pieces of a tick |
//! | `reproduction` | checkpoints, and comparison with a link's recorded outcome |
//! | `rewind` | back to an earlier copy of the same run |

mod effect;
mod reproduction;
mod resumable;
mod rewind;
mod sessions;

pub use reproduction::{ReproductionStatus, StateHash};
pub use resumable::ResumableSimulation;

use std::collections::VecDeque;

use serde::Serialize;

use self::reproduction::{CheckpointLadder, ReproductionCheck};
use crate::base::digest::Fingerprint;
use crate::base::id::PeerId;
use crate::base::problem::Problem;
use crate::base::time::{Round, Tick};
use crate::config::KNOBS;
use crate::config::knob::KnobView;
use crate::observe::frame::{Frame, PeerView};
use crate::observe::invariant::{self, Cadence, Facts, Limits, Monitor, PropertyState, Violation};
use crate::observe::metrics::{History, Metrics, Recorder, Sample, Shape};
use crate::observe::ring_history::RingHistory;
use crate::scenario::link::{self, Link, RecordedOutcome};
use crate::scenario::rules::{check_command, notices};
use crate::scenario::{MAX_COMMANDS, Scenario};
use crate::sim::command::{Command, TimedCommand};
use crate::sim::world::{Executor, Sequential, World};

/// A command of the scenario that was refused when it was due.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Refusal {
    /// Tick at which it was due.
    pub tick: u64,
    /// Reason of the refusal.
    #[serde(flatten)]
    pub problem: Problem,
}

/// A run of a scenario.
#[derive(Clone, Debug)]
pub struct Simulation {
    /// Scenario with the injected commands, in the order of time.
    scenario: Scenario,
    world: World,
    recorder: Recorder,
    history: History,
    /// Space-time diagram, if it is recorded.
    ring_history: Option<RingHistory>,
    /// Commands whose time has not come, by their index in the scenario.
    waiting: VecDeque<usize>,
    refused: Vec<Refusal>,
    /// Commands of the scenario that were carried out and changed nothing.
    ineffective: Vec<Refusal>,
    ladder: CheckpointLadder,
    reproduction: ReproductionCheck,
    limits: Limits,
    /// Whether all peers have just had their turns, and no command was applied since.
    undisturbed: bool,
    /// Monitor of violations, if one is attached.
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
            ring_history: None,
            refused: Vec::new(),
            ineffective: Vec::new(),
            ladder: CheckpointLadder::default(),
            reproduction: ReproductionCheck::of(claim),
        };
        simulation.arrive();
        simulation
    }

    /// The scenario, with the commands injected so far.
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
    ///
    /// The last tick to happen is the one before. A command for the end itself is carried out, after the last
    /// tick: it shows in the state reached, and no message has met it. A command for any later tick is not.
    #[must_use]
    pub fn end(&self) -> Tick {
        Tick(u64::from(self.scenario.rounds) * self.world.clock().ticks_per_round)
    }

    /// The next tick at which something is due: a delivery, a timer, the turn of the peers, or a command; the
    /// next completed round if nothing is.
    #[must_use]
    pub fn next_event(&self) -> Tick {
        let events = [self.world.next_event(), self.next_command().map(|command| command.at)];
        events.into_iter().flatten().min().unwrap_or(self.world.clock().next_turn(self.now()))
    }

    /// Lets `ticks` happen.
    pub fn tick(&mut self, ticks: u64) {
        self.run_until(Tick(self.now().0.saturating_add(ticks)));
    }

    /// Lets every tick before `end` happen.
    pub fn run_until(&mut self, end: Tick) {
        self.run_until_with(&Sequential, end);
    }

    /// The same on an executor; the result does not depend on its number of threads.
    pub fn run_until_with(&mut self, executor: &impl Executor, end: Tick) {
        while self.now() < end {
            self.world.run_until_with(executor, self.next_stop(end), &mut self.recorder);
            self.arrive();
        }
    }

    /// Next tick at which the run has to stop, at most `end`.
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

    /// Applies a command now, and makes it part of the scenario.
    ///
    /// # Errors
    ///
    /// The reason why the command is refused; the run is unchanged.
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
            self.history.record(completed, &self.world, &self.recorder);
            self.record_ring_after(completed);
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

    /// Metrics since tick 0.
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

    /// Shape of the peer graph now, computed at every call.
    #[must_use]
    pub fn shape(&self) -> Shape {
        Shape::of(&self.world)
    }

    /// Monitors all properties that always hold from now on; a copy of the world is compared at every
    /// sixteenth check. The run itself is unaffected.
    pub fn monitor(&mut self, cadence: Cadence) {
        let mut monitor = Monitor::new(cadence);
        monitor.mark(&self.world);
        self.monitor = Some(monitor);
    }

    /// Detaches the monitor, and forgets its violations.
    pub fn stop_monitoring(&mut self) {
        self.monitor = None;
    }

    /// Checks of all properties that always hold, since [`Self::monitor`].
    #[must_use]
    pub fn checks(&self) -> u64 {
        self.monitor.as_ref().map_or(0, Monitor::checks)
    }

    /// Status of all properties now; an attached [monitor](Self::monitor) remembers violations.
    pub fn inspect(&mut self) -> Vec<PropertyState> {
        let Some(mut monitor) = self.monitor.take() else { return self.invariants() };
        let states = invariant::inspect(&self.facts().with_fingerprint(), &mut monitor);
        self.monitor = Some(monitor);
        states
    }

    /// First violation of each property that always holds, as far as it was [monitored](Self::monitor).
    #[must_use]
    pub(crate) fn violations(&self) -> &[Violation] {
        self.monitor.as_ref().map_or(&[], Monitor::found)
    }

    /// Status of all properties now, with earlier violations as far as they were [monitored](Self::monitor).
    /// Computed at every call.
    #[must_use]
    pub fn invariants(&self) -> Vec<PropertyState> {
        invariant::states(&self.facts().with_fingerprint(), self.monitor.as_ref())
    }

    fn facts(&self) -> Facts<'_> {
        Facts::of(&self.world, &self.recorder, self.limits, self.undisturbed)
    }

    /// History of the counters.
    #[must_use]
    pub const fn history(&self) -> &History {
        &self.history
    }

    /// Records the space-time diagram of the ring from round 0 on; to be called at tick 0. The run itself is
    /// unaffected.
    pub fn record_ring(&mut self) {
        debug_assert_eq!(self.now(), Tick(0), "a diagram without a beginning");
        self.ring_history = Some(RingHistory::default());
        self.record_ring_after(Round(0));
    }

    /// Space-time diagram of the ring; `None` if it is not [recorded](Self::record_ring).
    #[must_use]
    pub const fn ring_history(&self) -> Option<&RingHistory> {
        self.ring_history.as_ref()
    }

    fn record_ring_after(&mut self, completed: Round) {
        if let Some(ring_history) = &mut self.ring_history {
            ring_history.record(completed, &self.world);
        }
    }

    /// Commands of the scenario that were refused.
    #[must_use]
    pub fn refused(&self) -> &[Refusal] {
        &self.refused
    }

    /// Commands of the scenario that were carried out and changed nothing, or concerned no peer.
    #[must_use]
    pub fn ineffective(&self) -> &[Refusal] {
        &self.ineffective
    }

    /// Commands of the scenario whose tick has not come.
    #[must_use]
    pub fn waiting(&self) -> impl ExactSizeIterator<Item = &TimedCommand> {
        self.waiting.iter().map(|index| &self.scenario.commands[*index])
    }

    /// Warnings about settings in force that are valid but probably unintended.
    #[must_use]
    pub fn notices(&self) -> Vec<Problem> {
        notices(self.world.config())
    }

    /// A picture of the world, with at most `messages` of the messages in flight.
    #[must_use]
    pub fn frame(&self, messages: usize) -> Frame {
        Frame::of(&self.world, messages)
    }

    /// One peer and its contacts; `None` if it does not exist.
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
    /// The run has become too long for a link.
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
    /// The run has become too long for a link.
    pub fn plain_link(&self) -> Result<String, Problem> {
        link::encode(&Link { scenario: self.scenario.clone(), claim: None })
    }

    /// Result of comparing the run with the link that it was opened from.
    #[must_use]
    pub fn verdict(&self) -> ReproductionStatus {
        self.reproduction.verdict()
    }

    fn next_command(&self) -> Option<&TimedCommand> {
        self.waiting.front().map(|index| &self.scenario.commands[*index])
    }

    /// Applies due commands, takes samples and checkpoints, and compares the run with its link.
    fn arrive(&mut self) {
        self.undisturbed = self.completed_round().is_some_and(|round| round > Round(0));
        self.check_always();
        while let Some(TimedCommand { at, command }) = self.next_command().copied()
            && at <= self.now()
        {
            let index = self.waiting.pop_front().unwrap_or_default();
            let useless = effect::missing(&self.world, command);
            let (problem, list) = match self.carry_out(command) {
                Err(problem) => (Some(problem), &mut self.refused),
                Ok(()) => (useless, &mut self.ineffective),
            };
            list.extend(problem.map(|problem| {
                let path = format!("commands[{index}].{}", problem.path);
                Refusal { tick: at.0, problem: Problem { path, ..problem } }
            }));
        }
        if let Some(completed) = self.completed_round() {
            self.recorder.tidy(&self.world);
            self.history.record(completed, &self.world, &self.recorder);
            self.record_ring_after(completed);
            self.ladder.record(completed, self.world.trace());
        }
        self.reproduction.examine(&self.world);
        if let Some(monitor) = &mut self.monitor {
            monitor.mark(&self.world);
        }
    }

    /// End of the next tick with an event, if the monitor checks every tick.
    fn monitored_tick(&self) -> Option<Tick> {
        let sees_ticks = self.monitor.as_ref().is_some_and(Monitor::sees_ticks);
        let next = self.world.next_event().filter(|_| sees_ticks)?;
        Some(Tick(next.0.saturating_add(1)))
    }

    /// Lets the monitor check the world, if one is attached and a check is due.
    fn check_always(&mut self) {
        let Some(mut monitor) = self.monitor.take() else { return };
        monitor.listen(&self.world);
        if monitor.is_due(self.completed_round()) {
            let facts = self.facts();
            monitor.check_always(&if monitor.compares_copies() { facts.with_fingerprint() } else { facts });
        }
        self.monitor = Some(monitor);
    }

    /// Number of completed rounds, if the last of them has just ended.
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
