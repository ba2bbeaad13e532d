//! Drives the program as a person does: arguments in, output and exit code out.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on shall fail")]

mod bench;
mod catalogue;
mod claims;
mod input;
mod link;
mod program;
mod run;
mod swarm;
mod sweep;
mod trial;
