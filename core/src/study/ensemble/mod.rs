//! Ensembles: one scenario over many seeds, with confidence intervals.
//!
//! | module | content |
//! |---|---|
//! | [`measure`] | quantities of a run, by name; columns of the history among them |
//! | `end` | a run that has ended, and readings shared by measures |
//! | `study` | the runs that questions need, each made once |
//! | [`statistics`] | mean, Student's and Wilson's intervals, prediction interval |
//! | [`number`] | units, and numbers in text |
//!
//! A run is a function of its scenario: the runs of a study can be made in any order, in slices or on several
//! threads, with the same result.

mod end;
pub mod measure;
pub mod number;
pub mod statistics;
mod study;

pub use self::measure::{MEASURES, Measure};
pub use self::number::Unit;
pub use self::statistics::{Scale, Summary};
pub(crate) use self::study::take_complete;
pub use self::study::{Job, RunValues, Study};

/// A count as a number to calculate with.
#[expect(clippy::cast_precision_loss, reason = "counts stay far below 2^53")]
const fn exact(count: usize) -> f64 {
    count as f64
}

/// Mean, summed in the order given so that it is the same on every target; `None` without values.
fn mean_of(values: &[f64]) -> Option<f64> {
    (!values.is_empty()).then(|| values.iter().sum::<f64>() / exact(values.len()))
}
