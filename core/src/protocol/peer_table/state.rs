//! What one peer thinks of another, as it is spoken of and as it is kept.

use crate::base::time::Round;
use crate::protocol::event::PeerStateKind;

/// What is known about another peer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PeerState {
    /// Heard of.
    Identified {
        /// When an invitation of this peer last started an election.
        last_election: Option<Round>,
    },
    /// Invited; it has not invited back.
    Pending {
        /// When it was invited.
        since: Round,
    },
    /// Both have invited each other.
    Connected {
        /// When that happened.
        since: Round,
        /// When the peer was last heard of.
        heard: Round,
    },
}

impl PeerState {
    /// A peer that was just heard of.
    pub(super) const NEW: Self = Self::Identified { last_election: None };

    /// The standing that goes with the state.
    #[must_use]
    pub const fn standing(self) -> PeerStateKind {
        match self {
            Self::Identified { .. } => PeerStateKind::Identified,
            Self::Pending { .. } => PeerStateKind::Pending,
            Self::Connected { .. } => PeerStateKind::Connected,
        }
    }
}

/// A state in a third of the space: every peer has a hundred of them, and looks through all of them again and again.
#[derive(Clone, Copy, Debug)]
pub(super) struct Kept {
    /// The kind of state in the first two bits; in the others the round of it, where it has one.
    kind_and_round: u32,
    /// When the peer was last heard of, where that matters.
    heard: u32,
}

/// The kinds of state, as the first two bits of a number.
mod kind {
    pub(super) const NEVER_ELECTED: u32 = 0;
    pub(super) const ELECTED: u32 = 1 << 30;
    pub(super) const PENDING: u32 = 2 << 30;
    pub(super) const CONNECTED: u32 = 3 << 30;
    pub(super) const ALL: u32 = 3 << 30;
}

impl Kept {
    const fn of(kind: u32, round: Round, heard: Round) -> Self {
        Self { kind_and_round: kind | kept(round), heard: kept(heard) }
    }

    pub(super) const fn standing(self) -> PeerStateKind {
        match self.kind_and_round & kind::ALL {
            kind::CONNECTED => PeerStateKind::Connected,
            kind::PENDING => PeerStateKind::Pending,
            _ => PeerStateKind::Identified,
        }
    }

    /// Notes a sign of life of a Connected peer.
    pub(super) const fn touch(&mut self, now: Round) {
        if matches!(self.standing(), PeerStateKind::Connected) {
            self.heard = kept(now);
        }
    }
}

/// A round in thirty bits: no run comes to as many, however fast its clocks go.
#[expect(clippy::cast_possible_truncation, reason = "larger ones are no more")]
const fn kept(round: Round) -> u32 {
    const LAST: u32 = !kind::ALL;
    if round.0 > LAST as u64 { LAST } else { round.0 as u32 }
}

impl From<PeerState> for Kept {
    fn from(state: PeerState) -> Self {
        match state {
            PeerState::Identified { last_election: None } => {
                Self::of(kind::NEVER_ELECTED, Round(0), Round(0))
            }
            PeerState::Identified { last_election: Some(round) } => Self::of(kind::ELECTED, round, Round(0)),
            PeerState::Pending { since } => Self::of(kind::PENDING, since, Round(0)),
            PeerState::Connected { since, heard } => Self::of(kind::CONNECTED, since, heard),
        }
    }
}

impl From<Kept> for PeerState {
    fn from(kept: Kept) -> Self {
        let round = Round(u64::from(kept.kind_and_round & !kind::ALL));
        match kept.kind_and_round & kind::ALL {
            kind::NEVER_ELECTED => Self::Identified { last_election: None },
            kind::ELECTED => Self::Identified { last_election: Some(round) },
            kind::PENDING => Self::Pending { since: round },
            _ => Self::Connected { since: round, heard: Round(kept.heard.into()) },
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
        fn states_are_kept_and_only_who_is_connected_is_heard(state in state(), now in round()) {
            let mut kept = Kept::from(state);
            prop_assert_eq!(PeerState::from(kept), state);
            prop_assert_eq!(kept.standing(), state.standing());
            kept.touch(now);
            let expected = match state {
                PeerState::Connected { since, .. } => PeerState::Connected { since, heard: now },
                other => other,
            };
            prop_assert_eq!(PeerState::from(kept), expected);
        }
    }

    #[test]
    fn rounds_that_no_run_comes_to_are_the_last_one() {
        let state = PeerState::from(Kept::from(PeerState::Pending { since: Round(u64::MAX) }));
        assert_eq!(state, PeerState::Pending { since: Round((1 << 30) - 1) });
    }
}
