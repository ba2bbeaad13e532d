//! Tests of the peer cache: the vectors of the published program's suites, crash points, and whole lives.

mod crash;
mod file;
mod life;
mod namespace;
mod policy;
mod recall;
mod scores;
