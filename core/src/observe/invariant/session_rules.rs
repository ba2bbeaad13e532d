//! Rules of sessions that properties are checked against.

use crate::config::{AddressKey, Config, TieBreak};

/// Rules of sessions that were in force at all times so far.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct SessionRules {
    /// A pair never keeps two sessions.
    pub(super) is_exclusive: bool,
    /// An accepted peer is remembered by its IP alone.
    pub(super) has_plain_keys: bool,
    /// Sessions that a host may have.
    pub(super) sessions: usize,
}

impl SessionRules {
    pub(super) const fn of(config: &Config) -> Self {
        let rules = &config.session;
        let is_exclusive =
            matches!(rules.tie_break, TieBreak::Numeric | TieBreak::Generation | TieBreak::PeerId);
        Self {
            is_exclusive: is_exclusive && !rules.phantom_close,
            has_plain_keys: matches!(rules.registry, AddressKey::Ip) && !rules.raw_strings,
            sessions: rules.sessions_max as usize,
        }
    }

    /// The rules after a change of them.
    pub(super) fn with(self, config: &Config) -> Self {
        let now = Self::of(config);
        Self {
            is_exclusive: self.is_exclusive && now.is_exclusive,
            has_plain_keys: self.has_plain_keys && now.has_plain_keys,
            sessions: self.sessions.max(now.sessions),
        }
    }
}
