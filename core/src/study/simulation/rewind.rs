//! Rewind: to an earlier or later copy of the same run.

use super::Simulation;
use super::reproduction::ReproductionCheck;
use crate::base::mutant::mutant;

impl Simulation {
    /// Goes to another state of this run: a copy at an earlier or later tick, or the run opened again at
    /// tick 0.
    ///
    /// Commands given since apply again at their ticks, those of the copy's own tick with the next advance,
    /// so that advancing makes the same run. A copy must not be from a future that a later command
    /// abandoned. An attached monitor keeps its violations.
    pub fn restore(&mut self, copy: &Self) {
        debug_assert!(
            copy.scenario.commands.len() <= self.scenario.commands.len(),
            "commands are added to a run and never removed"
        );
        let done = copy.scenario.commands.len() - copy.waiting.len();
        // A claim that a command has made void stays void; a pending one is checked again.
        let reproduction = match self.reproduction {
            ReproductionCheck::Idle => ReproductionCheck::Idle,
            _ => copy.reproduction.clone(),
        };
        let scenario = self.scenario.clone();
        let mut monitor = self.monitor.take();
        *self = copy.clone();
        if let Some(monitor) = &mut monitor {
            monitor.mark(&self.world);
        }
        let first = mutant!(GoingBackSkips: done => done + 1);
        self.waiting = (first..scenario.commands.len()).collect();
        (self.scenario, self.monitor, self.reproduction) = (scenario, monitor, reproduction);
        debug_assert_eq!(self.now(), copy.now(), "a restored run is at the tick of its copy");
    }
}
