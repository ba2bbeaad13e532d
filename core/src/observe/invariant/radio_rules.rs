//! Rules of radios that properties are checked against.

use crate::config::Config;

/// Rules of radios that were in force at all times so far.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct RadioRules {
    /// Hosts apply the law to what they transmit, and remember it over a restart.
    pub(super) is_lawful: bool,
    /// Frames that may wait on a host.
    pub(super) waiting: usize,
    /// Neighbours that a host may remember.
    pub(super) neighbors: usize,
    /// Messages that a host may assemble.
    pub(super) assembling: usize,
}

impl RadioRules {
    pub(super) const fn of(config: &Config) -> Self {
        let rules = &config.radio;
        Self {
            is_lawful: !rules.airtime_in_seconds && !rules.flat_airtime && !rules.ledger_lost,
            waiting: rules.queue_max as usize,
            neighbors: rules.neighbors_max as usize,
            assembling: rules.reassembly_max as usize,
        }
    }

    /// The rules after a change of them.
    pub(super) fn with(self, config: &Config) -> Self {
        let now = Self::of(config);
        Self {
            is_lawful: self.is_lawful && now.is_lawful,
            waiting: self.waiting.max(now.waiting),
            neighbors: self.neighbors.max(now.neighbors),
            assembling: self.assembling.max(now.assembling),
        }
    }
}
