//! Rules of sessions that properties are checked against.

use crate::config::{AddressKey, Config, SyncConfig, TieBreak};

/// Time from one vote on forks to the next, in s.
const VOTE_EVERY: u32 = 60;
/// Time in which a host has the blocks of another chain from a peer, in ms.
const FETCHED: u32 = 2_000;

/// Rules of sessions that were in force at all times so far.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct SessionRules {
    /// A pair never keeps two sessions.
    pub(super) is_exclusive: bool,
    /// An accepted peer is remembered by its IP alone.
    pub(super) has_plain_keys: bool,
    /// Sessions that a host may have.
    pub(super) sessions: usize,
    /// Blocks that a reorganisation may have replaced.
    pub(super) replaced: u32,
    pub(super) forks: ForkRules,
}

/// Rules of forks that were in force at all times so far.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct ForkRules {
    /// Hosts remember the tip of another chain until they vote, and stay with its peer until they have its
    /// blocks.
    pub(super) heal: bool,
    /// No host leaves a peer because it is on another chain.
    pub(super) stay: bool,
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
            replaced: config.sync.replaced_max,
            forks: ForkRules {
                heal: heals_forks(&config.sync),
                stay: !config.sync.forks || config.sync.leave_ms.is_none(),
            },
        }
    }

    /// The rules after a change of them.
    pub(super) fn with(self, config: &Config) -> Self {
        let now = Self::of(config);
        Self {
            is_exclusive: self.is_exclusive && now.is_exclusive,
            has_plain_keys: self.has_plain_keys && now.has_plain_keys,
            sessions: self.sessions.max(now.sessions),
            replaced: self.replaced.max(now.replaced),
            forks: ForkRules {
                heal: self.forks.heal && now.forks.heal,
                stay: self.forks.stay && now.forks.stay,
            },
        }
    }
}

const fn heals_forks(rules: &SyncConfig) -> bool {
    let is_remembered = match rules.tip_cache_s {
        Some(kept) => kept.get() > VOTE_EVERY,
        // As long as the session lasts.
        None => rules.leave_ms.is_none(),
    };
    let stays = match rules.leave_ms {
        Some(leave) => leave.get() >= FETCHED,
        None => true,
    };
    is_remembered && stays
}
