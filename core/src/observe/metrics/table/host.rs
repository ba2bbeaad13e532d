//! Metrics of hosts, whichever layers they run.

use super::{Metric, exact};

pub(super) static ROWS: &[Metric] = &[
    Metric::level("seconds", "seconds", "Simulated time at the tick length in force.", |sample| {
        sample.seconds()
    }),
    Metric::count(
        "restarts",
        "restarts",
        "Hosts that lost their memory and booted from their disk.",
        |sample| exact(sample.tally.restarts()),
    )
    .chart("Restarts", "restarts")
    .measure("Restarts of hosts"),
];
