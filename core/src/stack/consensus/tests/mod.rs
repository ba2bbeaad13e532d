//! Tests of blocks in worlds.
