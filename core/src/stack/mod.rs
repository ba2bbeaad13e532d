//! The layers of a host, from the network upward, and the adversaries that decorate them.
//!
//! | module | content |
//! |---|---|
//! | [`address`], [`packet`] | what layers hand to the network: destination, size, payload by layer |
//! | [`kind`] | the one table of layers and their message kinds |
//! | [`event`] | facts for observers, nested by layer |
//! | [`timer`], [`files`] | timers that layers set; the disk as a layer sees it |
//! | [`adversary`] | decorators of a layer that break one of its rules |
//!
//! Layers never import one another: only [`stack`](self) itself knows which there are and in which order.

pub mod address;
pub mod kind;
pub mod packet;
pub mod event;
pub mod timer;
pub mod files;
pub mod adversary;
