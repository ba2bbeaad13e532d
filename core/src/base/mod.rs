//! Vocabulary and small algorithms without any knowledge of the protocol.
//!
//! Every folder of the core builds on this one, and this one on none.
//!
//! | module | content |
//! |---|---|
//! | [`id`], [`ring`], [`time`] | identifiers; distances, arcs and an index on the 64-bit ring; clocks |
//! | [`rng`], [`ratio`] | seeded random streams by purpose and owner; probabilities in millionths |
//! | [`digest`] | fingerprints: BLAKE3 of a canonical state |
//! | [`problem`], `decimal` | problems of an input, with path and remedy; decimal notation |
//! | `sort`, `capacity`, `prefetch` | sorts by key, bounded growth of lists, cache-line prefetches |
//! | `narrow`, `union_find` | asserted narrowing of integers; disjoint sets |
//! | [`mutant`] | deliberate faults, compiled in for tests alone |

pub mod mutant;
pub(crate) mod sort;
pub(crate) mod prefetch;
pub(crate) mod capacity;
pub(crate) mod narrow;
pub(crate) mod union_find;
pub mod ratio;
pub mod ring;
pub mod id;
pub mod time;
pub mod rng;
pub mod digest;
pub(crate) mod decimal;
pub mod problem;
pub mod kind;
