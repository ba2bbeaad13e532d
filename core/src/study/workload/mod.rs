//! Work to measure the kernel by, which is nobody's protocol.

pub mod exchange;
