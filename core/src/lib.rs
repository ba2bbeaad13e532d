//! The peer-lifecycle protocol and the deterministic world it runs in.
//!
//! A peer is a function of its state, the time, an input and its randomness; the kernel owns time, chance and the
//! network, and is the only loop. Nothing here does I/O, reads a clock or draws ambient entropy, so that a seed and
//! the commands given make the run, to the bit, on every target.
//!
//! Modules are listed lowest layer first; each imports only from those before it or from its own folder.

// Layer 0: vocabulary.
pub mod mutant;
pub mod order;
mod prefetch;
mod room;
mod forest;
pub mod ring;
pub mod id;
pub mod time;
pub mod rng;
pub mod digest;
pub mod decimal;
pub mod problem;
pub mod config;
pub mod message;
pub mod actor;

// Layer 1: protocol.
pub mod token;
pub mod proof;
pub mod election;
pub mod peers;

// Layer 2: an honest peer.
pub mod node;

// Layer 3: peers that break a rule.
pub mod adversary;

// Layer 5: the world.
pub mod network;
pub mod host;
pub mod genesis;
pub mod command;
pub mod world;

// Layer 6: scenarios.
pub mod scenario;

// Layer 7: observation.
pub mod metrics;
pub mod frame;
pub mod invariant;

// Layer 8: facade, and studies of many runs.
pub mod simulation;
pub mod ensemble;
pub mod claims;
pub mod swarm;
pub mod workload;
