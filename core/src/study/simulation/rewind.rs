//! Rewind: back to an earlier copy of the same run.

use super::Simulation;
use super::reproduction::ReproductionCheck;
use crate::base::mutant::mutant;

impl Simulation {
    /// Rewinds to an earlier state of this run: a copy at an earlier tick, or the run opened again at tick 0.
    ///
    /// Commands given since apply again at their ticks, those of the copy's own tick with the next advance, so
    /// that advancing makes the same run. An attached monitor keeps its violations.
    pub fn go_back(&mut self, earlier: &Self) {
        debug_assert!(earlier.now() <= self.now());
        debug_assert!(
            earlier.scenario.commands.len() <= self.scenario.commands.len(),
            "commands are added to a run and never removed"
        );
        let done = earlier.scenario.commands.len() - earlier.waiting.len();
        // A claim that a command has made void stays void; a pending one is checked again.
        let reproduction = match self.reproduction {
            ReproductionCheck::Idle => ReproductionCheck::Idle,
            _ => earlier.reproduction.clone(),
        };
        let scenario = self.scenario.clone();
        let mut monitor = self.monitor.take();
        *self = earlier.clone();
        if let Some(monitor) = &mut monitor {
            monitor.mark(&self.world);
        }
        let first = mutant!(GoingBackSkips: done => done + 1);
        self.waiting = (first..scenario.commands.len()).collect();
        (self.scenario, self.monitor, self.reproduction) = (scenario, monitor, reproduction);
        debug_assert_eq!(self.now(), earlier.now(), "a rewind lands on its tick");
    }
}
