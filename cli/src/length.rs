//! For how long a run goes on.

use ringside_core::base::time::Tick;
use ringside_core::study::simulation::Simulation;

use crate::args::Length;

impl Length {
    /// The tick at which the run ends: the one that is asked for, or the end of the experiment.
    pub(crate) fn end(&self, simulation: &Simulation) -> Tick {
        let ticks_per_round = simulation.world().clock().ticks_per_round;
        let asked = self.rounds.map(|rounds| rounds * ticks_per_round).or(self.ticks);
        asked.map_or_else(|| simulation.end(), Tick)
    }
}
