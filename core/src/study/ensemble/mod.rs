//! Ensembles: one scenario over many seeds, and what its runs have in common.
//!
//! A run is a function of its scenario, so that the runs of a study can be made one after another, in slices or on
//! several threads, in any order: the result is the same. Runs that several questions share are made once.

mod end;
pub mod measure;
pub mod number;
pub mod statistics;
mod study;

pub use self::measure::{MEASURES, Measure};
pub use self::number::Unit;
pub use self::statistics::{Scale, Summary};
pub use self::study::{Job, RunValues, Study};

/// A count as a number to calculate with.
#[expect(clippy::cast_precision_loss, reason = "counts stay far below 2^53")]
const fn exact(count: usize) -> f64 {
    count as f64
}

/// The mean; none of nothing. Added up in the order given, so that it is the same everywhere.
fn mean_of(values: &[f64]) -> Option<f64> {
    (!values.is_empty()).then(|| values.iter().sum::<f64>() / exact(values.len()))
}
