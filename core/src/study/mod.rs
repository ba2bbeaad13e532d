//! Runs and what is learned from them.
//!
//! | module | content |
//! |---|---|
//! | [`simulation`] | one run: advance, command, observe, link, go back |
//! | [`ensemble`] | many runs over seeds, with intervals |
//! | [`claims`] | the statements of the documents as experiments with verdicts |
//! | [`swarm`] | randomly generated worlds, checked against every property |
//! | [`workload`] | neutral workloads that measure the kernel alone |

pub mod simulation;
pub mod ensemble;
pub mod claims;
pub mod swarm;
pub mod workload;
