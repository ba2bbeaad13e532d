//! Long runs with a progress bar.

use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use ringside_core::base::time::Tick;
use ringside_core::sim::world::Executor;
use ringside_core::study::simulation::Simulation;

/// The bar appears after this time.
const DELAY: Duration = Duration::from_millis(500);

/// Runs every tick before `end`, with a progress bar on a terminal.
pub(crate) fn run_until(simulation: &mut Simulation, executor: &impl Executor, end: Tick) {
    let clock = simulation.world().clock();
    let mut progress = Progress::of(end.0.div_ceil(clock.ticks_per_round), "rounds");
    while simulation.now() < end {
        simulation.run_until_with(executor, clock.next_round_starts(simulation.now()).min(end));
        progress.reach(clock.round(simulation.now()).0);
    }
    progress.end();
}

/// Runs every tick before `end`, and calls `see` after every `interval` ticks.
pub(crate) fn run_in_steps(
    simulation: &mut Simulation,
    executor: &impl Executor,
    end: Tick,
    interval: u64,
    mut see: impl FnMut(&Simulation),
) {
    let mut progress = Progress::of(end.0 / interval, "rows");
    for step in 1..=end.0 / interval {
        simulation.run_until_with(executor, Tick(step * interval));
        see(simulation);
        progress.reach(step);
    }
    simulation.run_until_with(executor, end);
    progress.end();
}

/// A progress bar that appears after `DELAY`, on a terminal only.
pub(crate) struct Progress {
    bar: ProgressBar,
    is_shown: bool,
}

impl Progress {
    /// A bar of `length` steps, named by `noun`.
    pub(crate) fn of(length: u64, noun: &str) -> Self {
        let template = format!("{{bar:40}} {{human_pos}} of {{human_len}} {noun}, {{eta}} left");
        let style = ProgressStyle::with_template(&template).unwrap_or_else(|_| ProgressStyle::default_bar());
        let bar = ProgressBar::with_draw_target(Some(length), ProgressDrawTarget::hidden()).with_style(style);
        Self { bar, is_shown: false }
    }

    /// Moves the bar to a position.
    pub(crate) fn reach(&mut self, position: u64) {
        self.bar.set_position(position);
        if !self.is_shown && self.bar.elapsed() >= DELAY {
            // Draws nothing if standard error is not a terminal.
            self.bar.set_draw_target(ProgressDrawTarget::stderr());
            self.is_shown = true;
        }
    }

    /// Removes the bar.
    pub(crate) fn end(self) {
        self.bar.finish_and_clear();
    }
}
