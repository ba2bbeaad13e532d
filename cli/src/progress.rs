//! Running for a while, with a sign of life.

use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use ringside_core::base::time::Tick;
use ringside_core::sim::world::Executor;
use ringside_core::study::simulation::Simulation;

/// Runs that take less than this need no bar.
const PATIENCE: Duration = Duration::from_millis(500);

/// Lets every tick before `end` happen. Where it takes long and somebody watches, a bar shows how far it is.
pub(crate) fn run_until(simulation: &mut Simulation, executor: &impl Executor, end: Tick) {
    let clock = simulation.world().clock();
    let mut progress = Progress::of(end.0.div_ceil(clock.ticks_per_round), "rounds");
    while simulation.now() < end {
        simulation.run_until_with(executor, clock.next_round_starts(simulation.now()).min(end));
        progress.reach(clock.round(simulation.now()).0);
    }
    progress.end();
}

/// How far something is. It shows only where it takes long and somebody watches.
pub(crate) struct Progress {
    bar: ProgressBar,
    is_shown: bool,
}

impl Progress {
    /// Something of which there are so many.
    pub(crate) fn of(length: u64, what: &str) -> Self {
        let template = format!("{{bar:40}} {{human_pos}} of {{human_len}} {what}, {{eta}} left");
        let style = ProgressStyle::with_template(&template).unwrap_or_else(|_| ProgressStyle::default_bar());
        let bar = ProgressBar::with_draw_target(Some(length), ProgressDrawTarget::hidden()).with_style(style);
        Self { bar, is_shown: false }
    }

    /// It has got so far.
    pub(crate) fn reach(&mut self, position: u64) {
        self.bar.set_position(position);
        if !self.is_shown && self.bar.elapsed() >= PATIENCE {
            // Draws nothing where the standard error is not a terminal.
            self.bar.set_draw_target(ProgressDrawTarget::stderr());
            self.is_shown = true;
        }
    }

    /// It is done.
    pub(crate) fn end(self) {
        self.bar.finish_and_clear();
    }
}
