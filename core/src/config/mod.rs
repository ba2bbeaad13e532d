//! Parameters of the protocol and of the world.
//!
//! [`Config`] has one struct for each section. Its values are always valid: the table of knobs states the
//! ranges and is the only door in. Every rule in which the program of document 000 deviates from its text is
//! a field of its own, so that its effect can be measured.
//!
//! | folder | content |
//! |---|---|
//! | [`section`] | a file a section: struct, options and knobs in one declaration; [`KNOBS`] |
//! | [`knob`] | type of a row of that table, kinds and values, settings, and the macros of the declarations |
//! | `lookup` | knobs by path, by code, and by similarity to a mistyped path |
//! | [`preset`] | named starting points, one file each: their differences from the defaults |
//!
//! # Codes of knobs
//!
//! A link names a knob by its code, so a code never changes and is never reused. Codes below 128 take one
//! byte.
//!
//! | section | codes | free |
//! |---|---|---|
//! | `time` | 1 to 7 | 4 to 7 |
//! | `genesis` | 8 to 23 | 16 to 23 |
//! | `tokens` | 24 to 39 | 34 to 39 |
//! | `election` | 40 to 63, 450 to 455 | none |
//! | `peers` | 64 to 95, 435 to 437, 449 | none |
//! | `network` | 96 to 111 | none |
//! | `routing` | 112 to 119 | 118 and 119 |
//! | `churn` | 120 to 127 | 126 and 127 |
//! | `adversary` | 128 to 191 | 131 to 191 |
//! | `stack` | 192 to 199 | 193 to 199 |
//! | `rollout` | 460 and 461 | none |
//! | `session` | 200 to 239, 400 to 419, 440 to 448 | 443 to 448 |
//! | `sync` | 420 to 434, 438 and 439, 470 to 479 | 473 to 479 |
//! | `cache` | 500 to 599 | 538 and 539, 548 and 549, 553 to 599 |
//! | `radio` | 600 to 699 | 619, 625 to 629, 638 and 639, 650 to 659, 667 to 699 |
//! | `manager` | 700 to 799 | 708 and 709, 724 to 729, 737 to 739, 744 to 749, 758 and 759, 763 to 799 |
//! | `consensus` | 800 to 859 | 836 to 859 |
//! | `load` | 860 to 899 | 868 to 899 |
//! | any | from 240 | all that no row names |
//!
//! Code 127 is better left to the last: a test takes it for a knob of a newer version. The rows of a section
//! stay in ascending order of their codes; [`KNOBS`](section::KNOBS) does not compile otherwise.

pub mod knob;
mod lookup;
pub mod preset;
pub mod section;

pub use self::lookup::nearest;
pub use self::section::*;

impl Config {
    /// Whether the host with an index in the plan of addresses is on the internet: of hosts with radios, the
    /// gateways are.
    #[cfg(feature = "layers")]
    #[must_use]
    pub(crate) const fn has_internet(&self, index: u32) -> bool {
        !self.radio.enabled || index < self.radio.gateways
    }

    /// Whether the host with an index can hold sessions: over radio every host can.
    #[cfg(feature = "layers")]
    #[must_use]
    pub(crate) const fn has_streams(&self, index: u32) -> bool {
        matches!(self.session.carrier, StreamCarrier::Radio) || self.has_internet(index)
    }

    /// Whether a rule uses the statistics that peers keep of one another: queries, answers, wins.
    #[must_use]
    pub(crate) const fn keeps_dealings(&self) -> bool {
        let (election, peers) = (&self.election, &self.peers);
        let hops = matches!(
            election.first_hops,
            FirstHopRule::LeastRecentlyUsed | FirstHopRule::Hybrid | FirstHopRule::Reputable
        );
        let eviction = matches!(
            peers.eviction,
            EvictionRule::Stale | EvictionRule::FewestWins | EvictionRule::Unreliable
        );
        #[cfg(feature = "layers")]
        let is_remembered = self.cache.enabled && self.cache.lifecycle;
        #[cfg(not(feature = "layers"))]
        let is_remembered = false;
        hops || eviction
            || is_remembered
            || election.reelection_share.millionths() > 0
            || peers.tenure_rounds.is_some()
            || matches!(peers.invitees, InviteeRule::Reputable)
    }

    /// Whether a rule uses the number of absences of a peer.
    #[must_use]
    pub(crate) const fn counts_absences(&self) -> bool {
        matches!(self.election.agenda, TargetPolicy::Needs) || self.peers.unanswered_is_absent
    }

    /// Whether a rule uses the sampled tokens of a peer.
    #[must_use]
    pub(crate) const fn keeps_samples(&self) -> bool {
        matches!(self.election.agenda, TargetPolicy::Samples)
    }

    /// Whether a rule uses the scores that peers give one another.
    #[must_use]
    pub(crate) const fn keeps_scores(&self) -> bool {
        let peers = &self.peers;
        matches!(self.election.first_hops, FirstHopRule::Quality)
            || matches!(peers.eviction, EvictionRule::Quality)
            || matches!(peers.invitees, InviteeRule::Quality)
            || peers.quality_floor.millionths() > 0
            || peers.invitation_limit.is_some()
    }
}

#[cfg(all(test, feature = "layers"))]
mod tests;
