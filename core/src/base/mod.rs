//! Vocabulary and small algorithms without any knowledge of the protocol.
//!
//! | module | content |
//! |---|---|
//! | [`id`], [`ring`], [`time`] | identifiers as types of their own; distance and arcs on the 64-bit ring; ticks, rounds, clocks |
//! | [`rng`], [`ratio`] | seeded random streams by purpose and owner; probabilities in millionths |
//! | [`digest`] | fingerprints: BLAKE3 of a canonical state |
//! | [`problem`], [`decimal`] | what is wrong with an input, with path and remedy; shortest round-trip numbers |
//! | `sort`, `capacity`, `prefetch`, `union_find` | pattern-defeating sorts by key, bounded growth of lists, cache-line prefetches, disjoint sets |
//! | [`mutant`] | deliberate faults, compiled in for tests alone |

pub mod mutant;
pub mod sort;
pub(crate) mod prefetch;
pub(crate) mod capacity;
pub(crate) mod union_find;
pub mod ratio;
pub mod ring;
pub mod id;
pub mod time;
pub mod rng;
pub mod digest;
pub mod decimal;
pub mod problem;
pub mod kind;
