//! Observation: facts that leave a world, counted, checked and drawn. Nothing in here feeds back into a run.
//!
//! | module | content |
//! |---|---|
//! | [`metrics`] | counters, distributions, graph measures and their history |
//! | [`invariant`] | properties that hold at every tick, eventually, or at least once |
//! | [`frame`] | typed arrays for drawing |
//! | [`session_view`] | sessions of all hosts as rows: pair, direction, state, times |
//! | [`radio_view`] | radios as a map, transmissions on the air, the ledger of a host |
//! | [`block_map`] | the latest blocks: where they are known, their votes, why they wait |
//! | [`ring_history`] | space-time diagram of the ring |

pub mod metrics;
pub mod frame;
pub mod invariant;
#[cfg(feature = "layers")]
pub mod radio_view;
pub mod ring_history;
#[cfg(feature = "layers")]
pub mod block_map;
#[cfg(feature = "layers")]
pub mod block_view;
#[cfg(feature = "layers")]
pub mod session_view;
