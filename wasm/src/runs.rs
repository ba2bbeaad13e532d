//! Runs of a study, executed one at a time in slices.

use std::collections::VecDeque;

use ringside_core::base::time::Tick;
use ringside_core::study::ensemble::{Job, RunValues};
use ringside_core::study::simulation::Simulation;

use crate::stopwatch::Stopwatch;

/// Runs that wait, and the one in progress.
pub(crate) struct Runs {
    waiting: VecDeque<Job>,
    current: Option<(Job, Simulation)>,
}

impl Runs {
    pub(crate) fn new(jobs: impl Iterator<Item = Job>) -> Self {
        Self { waiting: jobs.collect(), current: None }
    }

    /// Number of runs that are not complete.
    pub(crate) fn left(&self) -> usize {
        self.waiting.len() + usize::from(self.current.is_some())
    }

    /// Continues within a budget of milliseconds, at most to the end of a run, whose values it returns.
    pub(crate) fn advance(&mut self, budget_ms: f64) -> Option<RunValues> {
        let watch = Stopwatch::start();
        let begun = self.current.take();
        let next = || {
            self.waiting.pop_front().map(|job| {
                let run = job.start();
                (job, run)
            })
        };
        let (job, mut run) = begun.or_else(next)?;
        while run.now() < run.end() && watch.elapsed_ms() < budget_ms {
            let stop = Tick(run.next_event().0.saturating_add(1)).min(run.end());
            run.run_until(stop);
        }
        if run.now() < run.end() {
            self.current = Some((job, run));
            return None;
        }
        Some(job.read(&run))
    }
}
