//! Connections that come and go.

use serde::Serialize;

/// Connections gained and lost since tick 0, without those that peers began with or were introduced to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Turnover {
    /// Transitions to Connected.
    pub gained: u64,
    /// Transitions from Connected to another state.
    pub lost: u64,
    /// Both together per running peer and round; `None` before the first round.
    pub per_peer_round: Option<f64>,
}
