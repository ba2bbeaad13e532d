//! Going back in a run: to an earlier state of it, kept as a copy.

use super::Simulation;
use super::reproduction::ReproductionCheck;
use crate::base::mutant::mutant;

impl Simulation {
    /// Goes back to an earlier state of this very run. The commands that were given since will come again in their
    /// time, so that going on makes the same run; who watches remembers what was found.
    ///
    /// A copy of the run at an earlier tick is such a state, and so is the run opened anew. It must have been taken when
    /// the commands of its own tick had been given.
    pub fn go_back(&mut self, earlier: &Self) {
        debug_assert!(earlier.now() <= self.now());
        debug_assert!(
            earlier.scenario.commands.len() <= self.scenario.commands.len(),
            "commands are added to a run and never removed"
        );
        let done = earlier.scenario.commands.len() - earlier.waiting.len();
        // What a command has made void for good stays so; what has not been examined yet will be again.
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
