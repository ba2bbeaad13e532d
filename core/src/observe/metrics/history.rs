//! History of the counters: samples at the ends of rounds, in a fixed space.

use super::layers::{LayerLevels, LevelReader};
use super::{GraphSummary, LifecycleLevels, Outcomes, PeerMetrics, Recorder, Tally, exact};
use crate::base::time::Round;
use crate::sim::world::World;
use crate::stack::layers::LayerId;

/// Samples kept at most. When full, every other one is dropped and the sampling interval doubles.
const SAMPLES_MAX: usize = 2048;

/// The state of the counts after a round.
#[derive(Clone, Debug, PartialEq)]
pub struct Sample {
    /// Completed rounds.
    pub round: Round,
    /// Simulated time since tick 0 in milliseconds, at the tick length that was in force.
    pub millis: u64,
    /// Counts since tick 0.
    pub tally: Tally,
    /// Elections that have ended since tick 0, by how they ended.
    pub outcomes: Outcomes,
    /// Peers at the sample.
    pub peers: PeerMetrics,
    /// Further levels of the lifecycle.
    pub lifecycle: LifecycleLevels,
    /// Summary of the graph of their connections when it was last measured.
    pub graph_summary: GraphSummary,
    /// State of the layers below the lifecycle.
    pub layers: LayerLevels,
}

impl Sample {
    /// Simulated time since tick 0 in seconds, at the tick length that was in force.
    #[must_use]
    pub fn seconds(&self) -> f64 {
        exact(self.millis) / 1_000.0
    }

    fn of(
        round: Round,
        world: &World,
        recorder: &Recorder,
        (peers, lifecycle): (PeerMetrics, LifecycleLevels),
        graph_summary: GraphSummary,
        layers: LayerLevels,
    ) -> Self {
        Self {
            round,
            millis: round.0.saturating_mul(u64::from(world.config().time.round_ms)),
            tally: recorder.tally().clone(),
            outcomes: recorder.outcomes(),
            peers,
            lifecycle,
            graph_summary,
            layers,
        }
    }

    /// The state of the counts now, with the graph measured now.
    #[must_use]
    pub(crate) fn now(world: &World, recorder: &Recorder) -> Self {
        let round = world.clock().round(world.now());
        let levels = LayerLevels::of(world);
        Self::of(round, world, recorder, PeerMetrics::with_levels(world), GraphSummary::of(world), levels)
    }
}

/// Samples in the order of time.
#[derive(Clone, Debug)]
pub struct History {
    samples: Vec<Sample>,
    /// Rounds between two samples: a power of two.
    interval: u64,
    /// The last measurement of the graph, and the number of messages sent by then.
    summary: Option<(GraphSummary, u64)>,
    /// The measurement before the last sample.
    former_summary: Option<(GraphSummary, u64)>,
    levels: LevelReader,
}

impl Default for History {
    fn default() -> Self {
        Self {
            samples: Vec::new(),
            interval: 1,
            summary: None,
            former_summary: None,
            levels: LevelReader::default(),
        }
    }
}

impl History {
    /// The samples, the earliest first.
    #[must_use]
    pub fn samples(&self) -> &[Sample] {
        &self.samples
    }

    /// Takes a sample if one is due after this many completed rounds. A sample of the same round is retaken:
    /// a command given just after it belongs before it, as in every other run of the same scenario.
    pub fn record(&mut self, completed: Round, world: &World, recorder: &Recorder) {
        debug_assert!(self.interval.is_power_of_two(), "{} is no interval", self.interval);
        if self.samples.pop_if(|last| last.round == completed).is_some() {
            self.summary = self.former_summary;
        }
        if !completed.0.is_multiple_of(self.interval) {
            return;
        }
        if self.samples.len() == SAMPLES_MAX {
            self.interval *= 2;
            let interval = self.interval;
            self.samples.retain(|sample| sample.round.0.is_multiple_of(interval));
            if !completed.0.is_multiple_of(interval) {
                return;
            }
        }
        self.former_summary = self.summary;
        let (peers, lifecycle) = PeerMetrics::with_levels(world);
        let sent = recorder.tally().packets(LayerId::Lifecycle).total();
        let summary = self.summary(world, peers.running, lifecycle.known, sent);
        debug_assert!(
            self.samples.last().is_none_or(|last| last.round < completed),
            "samples are taken in ascending order of rounds"
        );
        let levels = self.levels.read(world, recorder.tally());
        self.samples.push(Sample::of(completed, world, recorder, (peers, lifecycle), summary, levels));
        debug_assert!(self.samples.len() <= SAMPLES_MAX, "the history keeps within its space");
    }

    /// Measures the graph again once as many messages have been sent as there are peer-table entries, so that
    /// measuring costs a small part of what the messages do.
    fn summary(&mut self, world: &World, running: u64, known: u64, sent: u64) -> GraphSummary {
        debug_assert!(
            self.summary.is_none_or(|(_, before)| before <= sent),
            "counts since tick 0 never shrink"
        );
        match self.summary {
            Some((summary, before)) if sent - before < known => summary,
            _ => {
                let has_edges = known > 0;
                let now =
                    if has_edges { GraphSummary::of(world) } else { GraphSummary::without_edges(running) };
                self.summary.insert((now, sent)).0
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::knob::Setting;
    use crate::protocol::message::MessageKind;
    use crate::scenario::Scenario;
    use crate::sim::world::Observer;

    /// A world of one peer: its rounds cost next to nothing.
    fn world() -> World {
        let mut scenario = Scenario::preset("lifecycle-1").unwrap();
        for text in ["genesis.peers=1", "tokens.total=0"] {
            scenario.with_setting(Setting::parse_text(text).unwrap());
        }
        World::new(1, scenario.config, &mut Recorder::default())
    }

    fn rounds(history: &History) -> Vec<u64> {
        history.samples().iter().map(|sample| sample.round.0).collect()
    }

    #[test]
    fn as_long_as_there_is_room_every_round_is_kept() {
        let world = world();
        let (mut history, mut recorder) = (History::default(), Recorder::default());
        for round in 0..SAMPLES_MAX as u64 {
            history.record(Round(round), &world, &recorder);
            recorder.on_sent(MessageKind::Query.into());
        }
        assert!(rounds(&history).into_iter().eq(0..SAMPLES_MAX as u64));
        let sent = history.samples().iter().map(|sample| sample.tally.messages(0).sent(MessageKind::Query));
        assert!(sent.eq(0..SAMPLES_MAX as u64), "each sample has the counts of its round");
        assert!(history.samples().iter().all(|sample| sample.peers.running == 1));
    }

    #[test]
    fn the_shape_is_looked_at_again_after_as_many_messages_as_there_are_acquaintances() {
        let mut scenario = Scenario::preset("lifecycle-1").unwrap();
        for text in ["genesis.peers=10", "tokens.total=100"] {
            scenario.with_setting(Setting::parse_text(text).unwrap());
        }
        let mut recorder = Recorder::default();
        let world = World::new(1, scenario.config, &mut recorder);
        let acquaintances: u64 =
            world.hosts().iter().map(|host| host.node().peers().iter().count() as u64).sum();
        assert!(acquaintances > 10);
        let mut history = History::default();
        let mut looked = 0;
        for round in 0..=3 * acquaintances {
            history.summary.iter_mut().for_each(|(summary, _)| summary.mutual_components = 0);
            history.record(Round(round), &world, &recorder);
            looked += u64::from(history.samples().last().unwrap().graph_summary.mutual_components > 0);
            recorder.on_sent(MessageKind::Query.into());
        }
        assert_eq!(looked, 1 + 3);
    }

    #[test]
    fn a_long_history_is_thinned_evenly_and_keeps_its_beginning() {
        let (world, recorder) = (world(), Recorder::default());
        let mut history = History::default();
        let mut thinned = 0;
        for round in 0..20_000 {
            let before = history.samples().len();
            history.record(Round(round), &world, &recorder);
            let count = history.samples().len();
            assert!((1..=SAMPLES_MAX).contains(&count), "{round}: {count}");
            if count < before {
                thinned += 1;
                assert!(count >= SAMPLES_MAX / 2, "only every other one goes: {count}");
                let rounds = rounds(&history);
                assert_eq!(rounds[0], 0);
                let spacing = rounds[1] - rounds[0];
                assert!(rounds.windows(2).all(|pair| pair[1] - pair[0] == spacing), "{rounds:?}");
            }
        }
        assert_eq!(thinned, 4, "at 2,048, 4,096, 8,192 and 16,384 rounds");
        assert!(rounds(&history).into_iter().eq((0..20_000).step_by(16)));
    }

    #[test]
    fn a_round_that_is_no_longer_due_is_left_out_by_the_thinning_itself() {
        let (world, recorder) = (world(), Recorder::default());
        let mut history = History::default();
        // Without the first round, the one that finds no room is an odd one.
        (1..=SAMPLES_MAX as u64 + 1).for_each(|round| history.record(Round(round), &world, &recorder));
        assert!(rounds(&history).into_iter().eq((2..=SAMPLES_MAX as u64).step_by(2)));
    }
}
