//! End-to-end tests of the program: arguments in, output and exit code out.

#![expect(clippy::unwrap_used, reason = "a failed step fails the test")]

mod bench;
mod cache;
mod catalogue;
mod claims;
mod input;
mod link;
mod output;
mod program;
mod run;
mod scenario_test;
mod swarm;
mod sweep;
