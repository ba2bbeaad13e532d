//! Ringside on the command line.

fn main() {}
