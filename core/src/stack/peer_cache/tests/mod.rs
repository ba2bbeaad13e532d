//! Tests of the peer cache: the vectors of the published program's suites, crash points, and whole lives.

mod crash;
mod file;
mod life;
mod recall;
mod scores;
