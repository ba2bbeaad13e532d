//! Size of a world.

use serde::Serialize;

use crate::scenario::Scenario;

/// Size of a world.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Size {
    /// Peers at the start.
    pub peers: u32,
    /// Commands before healing.
    pub commands: usize,
    /// Rounds before healing.
    pub rounds: u32,
}

impl Size {
    pub(super) fn of(scenario: &Scenario) -> Self {
        let Scenario { config, commands, rounds, .. } = scenario;
        Self { peers: config.genesis.peers, commands: commands.len(), rounds: *rounds }
    }

    /// Whether no dimension is larger than that of another world.
    pub(super) const fn is_within(self, other: Self) -> bool {
        self.peers <= other.peers && self.commands <= other.commands && self.rounds <= other.rounds
    }
}
