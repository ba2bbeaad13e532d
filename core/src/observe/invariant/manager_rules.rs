//! Rules of the peer manager that properties are checked against.

use crate::config::Config;

/// Rules of the peer manager that were in force at all times so far; of limits the highest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct ManagerRules {
    pub(super) known: usize,
    pub(super) connections: usize,
    pub(super) inbound: usize,
    pub(super) outbound: usize,
    /// Bans end connections and prevent them.
    pub(super) has_effective_bans: bool,
}

impl ManagerRules {
    pub(super) const fn of(config: &Config) -> Self {
        let rules = &config.manager;
        Self {
            known: rules.known_max as usize,
            connections: rules.connections_max as usize,
            inbound: rules.inbound_max as usize,
            outbound: rules.outbound_max as usize,
            has_effective_bans: !rules.inert_bans,
        }
    }

    /// The rules after a change of them.
    pub(super) fn with(self, config: &Config) -> Self {
        let now = Self::of(config);
        Self {
            known: self.known.max(now.known),
            connections: self.connections.max(now.connections),
            inbound: self.inbound.max(now.inbound),
            outbound: self.outbound.max(now.outbound),
            has_effective_bans: self.has_effective_bans && now.has_effective_bans,
        }
    }
}
