//! Sessions of a run as rows.

use super::Simulation;
use crate::observe::session_view::{self, SessionRow};

impl Simulation {
    /// Sessions that have ended, the latest ones, and those alive; empty if hosts hold none.
    #[must_use]
    pub fn sessions(&self) -> Vec<SessionRow> {
        session_view::rows(&self.world, self.recorder.ended_sessions())
    }
}
