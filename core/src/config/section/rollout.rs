//! Rollout of elections to some of the peers (document 001, "Incremental Rollout").

use crate::config::knob::declare::{options, section};

section! {
    /// Rollout of elections to some of the peers (document 001, "Incremental Rollout").
    rollout: RolloutConfig;

    460 share (share) = (100 %) "" live
        "Share of the peers that hold elections; all others still answer and refer."
    461 phase (choice RolloutPhase) = Alongside "" live
        "Use of election results: not at all, to log them, alongside invitations by chance, or as the only path to a connection."
}

options! {
    /// Use of the results of elections, from phase to phase.
    pub enum RolloutPhase {
        /// Phase 0: no peer holds elections.
        Inactive = "inactive",
        /// Phase 1: results are reported and have no consequence.
        Logging = "logging",
        /// Phase 2: winners are invited, and so are peers chosen by chance.
        Alongside = "alongside",
        /// Phase 3: peers that hold elections invite winners only.
        Primary = "primary",
    }
}
