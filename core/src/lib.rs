//! The peer-lifecycle protocol and the deterministic world it runs in.
