//! The layers of a host, from the network upward, and the adversaries that decorate them.

pub mod adversary;
