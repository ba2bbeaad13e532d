//! Neutral workloads that measure the kernel without a protocol.
//!
//! | module | content |
//! |---|---|
//! | [`exchange`] | nodes that send to random neighbours and reply once |

pub mod exchange;
