//! Running for a while, with a sign of life.

use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use ringside_core::simulation::Simulation;
use ringside_core::time::Tick;

/// Runs that take less than this need no bar.
const PATIENCE: Duration = Duration::from_millis(500);

/// Lets every tick before `end` happen. Where it takes long and somebody watches, a bar shows how far it is.
pub(crate) fn run_until(simulation: &mut Simulation, end: Tick) {
    let clock = simulation.world().clock();
    let bar = bar(end.0.div_ceil(clock.ticks_per_round));
    let mut is_shown = false;
    while simulation.now() < end {
        simulation.run_until(clock.next_round_starts(simulation.now()).min(end));
        bar.set_position(clock.round(simulation.now()).0);
        if !is_shown && bar.elapsed() >= PATIENCE {
            // Draws nothing where the standard error is not a terminal.
            bar.set_draw_target(ProgressDrawTarget::stderr());
            is_shown = true;
        }
    }
    bar.finish_and_clear();
}

fn bar(rounds: u64) -> ProgressBar {
    let template = "{bar:40} {human_pos} of {human_len} rounds, {eta} left";
    let style = ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar());
    ProgressBar::with_draw_target(Some(rounds), ProgressDrawTarget::hidden()).with_style(style)
}
