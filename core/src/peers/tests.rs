//! The peer table.
