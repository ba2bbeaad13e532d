//! Set-up, build, serve and test: `cargo xtask help`.

fn main() {}
