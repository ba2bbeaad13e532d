//! The layers of a host, from the network upward, and the adversaries that decorate them.
//!
//! | module | content |
//! |---|---|
//! | [`stack`](mod@stack) | all layers of one host with their state |
//! | [`layers`] | the one table of layers: order, payloads, facts |
//! | [`layer`] | the contract of a layer, and the slot that is off by default |
//! | [`context`] | what a layer may use and cause |
//! | [`address`], [`packet`], `body` | what layers hand to the network: destination, size, payload |
//! | [`notice`] | what layers of one host tell one another |
//! | [`timer`], [`files`], [`storage`] | timers of layers; disk and stored mappings as a layer sees them |
//! | [`session`] | document 002: streams, handshake, keepalive, dialling |
//! | [`peer_cache`] | document 003: metrics of peers, their file on disk, dials of cached peers |
//! | [`radio`] | document 004: LoRa frames, airtime and the law of a region |
//! | [`peer_manager`] | document 004: discovery, pool, scores, bans |
//! | `consensus` | document 000, phase 4: blocks, votes, commits |
//! | [`adversary`] | decorators of a layer that break one of its rules |
//!
//! Layers never import one another: only [`layers`] and [`stack`](mod@stack) know which there are and in
//! which order. A layer that is off takes no input, sends nothing and adds nothing to a fingerprint.
//!
//! To add a layer, add a folder with a type that implements [`layer::Layer`], a line in [`layers`], and a
//! section of knobs in `config/section` that switches it on.

pub mod address;
pub mod files;
mod body;
pub mod layers;
pub mod layer;
pub mod context;
#[cfg(feature = "layers")]
pub mod notice;
pub mod packet;
pub mod storage;
pub mod timer;
#[cfg(test)]
pub mod probe;
pub mod adversary;
#[cfg(feature = "layers")]
pub mod peer_manager;
#[cfg(feature = "layers")]
pub mod radio;
#[cfg(feature = "layers")]
pub mod session;
#[cfg(feature = "layers")]
pub mod peer_cache;
#[cfg(feature = "layers")]
pub mod consensus;
#[expect(clippy::module_inception, reason = "the folder is about the stack, the file holds its type")]
pub mod stack;
