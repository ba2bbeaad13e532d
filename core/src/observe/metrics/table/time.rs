//! Time of a sample.

use super::{Metric, exact};

pub(super) static ROWS: &[Metric] =
    &[Metric::level("round", "rounds", "Completed rounds.", |sample| exact(sample.round.0))];
