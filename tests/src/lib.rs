//! Whole-simulation tests of Ringside; see the files under `tests/`.
