//! Runs and what is learned from them.
//!
//! | module | content |
//! |---|---|
//! | [`simulation`] | one run: advance, command, observe, link, go back |
//! | [`ensemble`] | many runs over seeds, with intervals |
//! | [`claims`] | the statements of the documents as experiments with verdicts |
//! | [`sensitivity`] | the parameters that document 000 wants tuned, one at a time |
//! | [`crash`] | what a crash at each of many points leaves of a saved file |
//! | [`swarm`] | randomly generated worlds, checked against every property |
//! | [`workload`] | neutral workloads that measure the kernel alone |
//!
//! All but one run and the neutral workloads need every layer, and are only in builds with the feature
//! `layers`.

pub mod simulation;
#[cfg(feature = "layers")]
pub mod ensemble;
#[cfg(feature = "layers")]
pub mod claims;
#[cfg(feature = "layers")]
pub mod sensitivity;
#[cfg(feature = "layers")]
pub mod crash;
#[cfg(feature = "layers")]
pub mod swarm;
pub mod workload;
