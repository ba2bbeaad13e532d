//! The peer-lifecycle protocol and the deterministic world it runs in.
//!
//! A peer is a function of its state, the time, an input and its randomness; the kernel owns time, chance and
//! the network, and is the only loop. The core performs no I/O, reads no clock and draws no ambient entropy:
//! a seed and the commands given determine the run, to the bit, on every target.
//!
//! Folders are layers, lowest first; each imports only from those above it in this list or from itself.

pub mod base;
pub mod config;
pub mod protocol;
pub mod stack;
pub mod sim;
pub mod scenario;
pub mod observe;
pub mod study;
