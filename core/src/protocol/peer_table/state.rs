//! State of one peer in the table of another: as an enum, and packed into eight bytes.

use crate::base::time::Round;
use crate::protocol::event::PeerStateKind;

/// State of a known peer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PeerState {
    /// Known by id.
    Identified {
        /// Round in which an invitation of this peer last started an election.
        last_election: Option<Round>,
    },
    /// Invited, without a reply so far.
    Pending {
        /// Round of the invitation.
        since: Round,
    },
    /// Each side has invited the other.
    Connected {
        /// Round in which the connection began.
        since: Round,
        /// Round in which the peer was last heard from.
        heard: Round,
    },
}

impl PeerState {
    /// State of a newly known or demoted peer.
    pub(super) const NEW: Self = Self::Identified { last_election: None };

    /// The state without its data.
    #[must_use]
    pub const fn kind(self) -> PeerStateKind {
        match self {
            Self::Identified { .. } => PeerStateKind::Identified,
            Self::Pending { .. } => PeerStateKind::Pending,
            Self::Connected { .. } => PeerStateKind::Connected,
        }
    }
}

/// A [`PeerState`] in a third of the space: every peer stores about a hundred of them, and scans all of them
/// every round.
#[derive(Clone, Copy, Debug)]
pub(super) struct PackedState {
    /// Kind of state in the two highest bits; in the others its round, if it has one.
    kind_and_round: u32,
    /// Round in which a Connected peer was last heard from; 0 in any other state.
    heard: u32,
}

/// Kinds of state, as the two highest bits of a number.
mod kind {
    pub(super) const NEVER_ELECTED: u32 = 0;
    pub(super) const ELECTED: u32 = 1 << 30;
    pub(super) const PENDING: u32 = 2 << 30;
    pub(super) const CONNECTED: u32 = 3 << 30;
    pub(super) const MASK: u32 = 3 << 30;
}

/// Last round that a packed state tells apart, 2^30 - 1; later ones saturate.
const LAST_ROUND: u32 = !kind::MASK;

impl PackedState {
    const fn new(kind: u32, round: Round, heard: Round) -> Self {
        debug_assert!(kind & !kind::MASK == 0, "a kind has no other bits");
        Self { kind_and_round: kind | saturate(round), heard: saturate(heard) }
    }

    pub(super) const fn kind(self) -> PeerStateKind {
        match self.kind_and_round & kind::MASK {
            kind::CONNECTED => PeerStateKind::Connected,
            kind::PENDING => PeerStateKind::Pending,
            _ => PeerStateKind::Identified,
        }
    }

    /// Sets the round in which a Connected peer was last heard from; no effect in any other state.
    pub(super) const fn touch(&mut self, now: Round) {
        if matches!(self.kind(), PeerStateKind::Connected) {
            self.heard = saturate(now);
        }
    }
}

/// A round in thirty bits, saturating at [`LAST_ROUND`]: runs end long before it, whatever the speed of their
/// clocks.
#[expect(clippy::cast_possible_truncation, reason = "larger rounds saturate")]
const fn saturate(round: Round) -> u32 {
    if round.0 > LAST_ROUND as u64 { LAST_ROUND } else { round.0 as u32 }
}

impl From<PeerState> for PackedState {
    fn from(state: PeerState) -> Self {
        match state {
            PeerState::Identified { last_election: None } => {
                Self::new(kind::NEVER_ELECTED, Round(0), Round(0))
            }
            PeerState::Identified { last_election: Some(round) } => Self::new(kind::ELECTED, round, Round(0)),
            PeerState::Pending { since } => Self::new(kind::PENDING, since, Round(0)),
            PeerState::Connected { since, heard } => Self::new(kind::CONNECTED, since, heard),
        }
    }
}

impl From<PackedState> for PeerState {
    fn from(packed: PackedState) -> Self {
        let round = Round(u64::from(packed.kind_and_round & !kind::MASK));
        match packed.kind_and_round & kind::MASK {
            kind::NEVER_ELECTED => Self::Identified { last_election: None },
            kind::ELECTED => Self::Identified { last_election: Some(round) },
            kind::PENDING => Self::Pending { since: round },
            _ => Self::Connected { since: round, heard: Round(packed.heard.into()) },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn round() -> impl Strategy<Value = Round> {
        (0_u64..1 << 30).prop_map(Round)
    }

    fn state() -> impl Strategy<Value = PeerState> {
        prop_oneof![
            prop::option::of(round()).prop_map(|last_election| PeerState::Identified { last_election }),
            round().prop_map(|since| PeerState::Pending { since }),
            (round(), round()).prop_map(|(since, heard)| PeerState::Connected { since, heard }),
        ]
    }

    proptest! {
        #[test]
        fn packing_keeps_states_and_touch_changes_connections_only(state in state(), now in round()) {
            let mut packed = PackedState::from(state);
            prop_assert_eq!(PeerState::from(packed), state);
            prop_assert_eq!(packed.kind(), state.kind());
            packed.touch(now);
            let expected = match state {
                PeerState::Connected { since, .. } => PeerState::Connected { since, heard: now },
                other => other,
            };
            prop_assert_eq!(PeerState::from(packed), expected);
        }
    }

    #[test]
    fn later_rounds_saturate() {
        let state = PeerState::from(PackedState::from(PeerState::Pending { since: Round(u64::MAX) }));
        assert_eq!(state, PeerState::Pending { since: Round((1 << 30) - 1) });
    }
}
