//! Claims of the five documents as experiments with verdicts.
//!
//! A claim is data: an experiment of one arm or two, the quantity read from its runs, and the value expected
//! of it. The verdict is computed from the runs, and so is every figure of the sentence that explains it.
//!
//! | module | content |
//! |---|---|
//! | [`claim`], [`effort`], [`finding`] | the claim with its experiment, the size of a check, its result |
//! | [`document`] | the documents, and their claims to read first |
//! | [`table`] | the claims, by subject |
//! | [`check`] | runs that a check needs, and findings as soon as their runs are complete |
//! | [`judge`] | confidence interval against expectation: agreement, then verdict |
//! | [`sentence`] | a verdict in words |

mod check;
mod claim;
mod document;
mod effort;
mod finding;
mod judge;
mod sentence;
mod table;
#[cfg(test)]
mod tests;

pub use self::check::Check;
pub use self::claim::{Arm, Claim, ClaimExpectation, Fault, FaultKind, Quantity, Rounds, Source, Variation};
pub use self::document::{DOCUMENTS, Document};
pub use self::effort::{Effort, FULL_SEEDS, QUICK_SEEDS};
pub use self::finding::{Agreement, Finding, Reading, Verdict};
