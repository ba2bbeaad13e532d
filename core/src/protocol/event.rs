//! Facts about one peer, for observers; nothing in the protocol depends on them.

use serde::Serialize;

use crate::base::id::{PeerId, TokenId};

/// A fact about one peer, for those who observe the world. Nothing in the protocol depends on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LifecycleEvent {
    /// An election began.
    ElectionStarted {
        /// What it is about.
        token: TokenId,
    },
    /// An answer was taken.
    AnswerAccepted {
        /// Peers that were asked without result or forwarded the query before one answered.
        hops: u32,
    },
    /// A check of an election found two clusters of which neither is decisive.
    SplitBrain {
        /// What the election is about.
        token: TokenId,
    },
    /// An election is over.
    ElectionEnded {
        /// What it was about.
        token: TokenId,
        /// How many rounds it took.
        rounds: u32,
        /// How it ended.
        ending: Ending,
        /// Who took part.
        turnout: Turnout,
    },
    /// A peer changed its mind about another.
    PeerStateChanged {
        /// The other peer.
        peer: PeerId,
        /// What it thought before.
        from: PeerStateKind,
        /// What it thinks now.
        to: PeerStateKind,
        /// Why.
        cause: Cause,
    },
    /// Recent elections have found enough split brains for a peer to suspect a partition.
    SplitAlarm,
    /// A peer takes another for a cheat from now on.
    Suspected {
        /// The suspect.
        peer: PeerId,
    },
    /// A message changed nothing, for this reason.
    Rejected(Rejection),
}

/// Participation in an election at its end.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Turnout {
    /// Channels opened, with those that referrals have closed.
    pub channels: u32,
    /// Answers that count.
    pub answers: u32,
    /// Different peers that gave them.
    pub responders: u32,
    /// Answers that claim another block for the token than the winner's; 0 without a winner.
    pub dissents: u32,
}

/// How an election ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// With a single winner.
    Elected {
        /// Who won.
        winner: PeerId,
    },
    /// Abandoned: no peer answered.
    NoAnswer,
    /// Given up: fewer peers answered than make a cluster.
    TooFewAnswers,
    /// Given up: enough peers answered, and no cluster of them agreed.
    Disagreement,
    /// Given up: two clusters stood against each other.
    SplitBrain,
}

/// Why a peer changed its mind about another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Cause {
    /// It knew the other from the start, or was told when it joined.
    Introduction = 0,
    /// A referral named the other.
    Referral = 1,
    /// The other sent an invitation.
    Invitation = 2,
    /// The other won an election.
    Election = 3,
    /// The other was chosen to be invited without an election.
    Selection = 4,
    /// The other answered an invitation with one of its own.
    Reciprocation = 5,
    /// An invitation was not answered in time.
    NoReply = 6,
    /// A connection fell silent.
    Silence = 7,
    /// A connection was pruned for its distance.
    Pruning = 8,
    /// There were more connections than the budget allows.
    Budget = 9,
    /// The table of Identified peers was full.
    Eviction = 10,
    /// The other asked for something.
    Query = 11,
    /// A connection had not been confirmed by an election for too long.
    Tenure = 12,
    /// Elections on the other's id, or invitations of it, went by without a sign of it.
    Absence = 13,
    /// The other said goodbye.
    Goodbye = 14,
    /// The other was caught cheating, or is thought to have been.
    Suspicion = 15,
    /// The other has answered badly.
    Quality = 16,
}

impl Cause {
    /// How many causes there are.
    pub const COUNT: usize = 17;
}

/// State of a peer in the table of another (document 000, "Peer State Machine").
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum PeerStateKind {
    /// Never heard of, or forgotten.
    Unknown = 0,
    /// Heard of.
    Identified = 1,
    /// Invited; it has not invited back.
    Pending = 2,
    /// Both have invited each other.
    Connected = 3,
}

/// Why a message was not acted upon.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rejection {
    /// A query about a token that the peer can neither prove nor refer.
    NobodyToSuggest,
    /// An answer or referral about a token on which no election is running.
    NoElection,
    /// The election would not take it.
    Election(ElectionError),
    /// An invitation that proves a token other than its sender's id, or whose proof is wrong.
    BadInvitation,
    /// An invitation of a peer far away, declined by chance.
    Declined,
    /// An invitation too soon after the last one that started an election.
    CoolingDown,
    /// An invitation of a peer that sends too many.
    TooManyInvitations,
    /// A message of a peer that is taken for a cheat.
    Suspect,
    /// A query that was here before.
    SeenBefore,
    /// A query that has been passed on too often, or an answer with too long a way back.
    TooFar,
}

/// Refusal of an operation by an election (document 001, `ElectionError`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ElectionError {
    /// No channel has this ticket.
    UnknownTicket,
    /// The message is about another token.
    WrongToken,
    /// The channel has an answer already; it is blocked from now on.
    DuplicateResponse,
    /// A channel to this first hop is open.
    ChannelAlreadyExists,
    /// The peer has already answered on a channel.
    PeerAlreadyParticipating,
    /// As many channels are open as may be.
    MaxChannelsReached,
    /// The channel was blocked by a duplicate answer.
    ChannelBlocked,
    /// The tokens of the proof do not fit the challenge.
    SignatureVerificationFailed,
    /// Both suggested peers take part already.
    NoViableSuggestions,
    /// The election's owner cannot be asked.
    SelfReference,
    /// The chain of referrals has become too long.
    TooManyHops,
    /// The peer has been blocked in this election for a second answer or a wrong proof.
    BlockedPeer,
    /// The channel has an answer, which a referral does not take back.
    AlreadyAnswered,
}

impl std::fmt::Display for ElectionError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::UnknownTicket => "no channel has this ticket",
            Self::WrongToken => "the message is about another token",
            Self::DuplicateResponse => "the channel has an answer already",
            Self::ChannelAlreadyExists => "a channel to this first hop is open",
            Self::PeerAlreadyParticipating => "the peer has answered on another channel",
            Self::MaxChannelsReached => "the limit of channels is reached",
            Self::ChannelBlocked => "the channel is blocked by a duplicate answer",
            Self::SignatureVerificationFailed => "the tokens of the proof do not fit the challenge",
            Self::NoViableSuggestions => "all suggested peers take part already",
            Self::SelfReference => "the owner of the election cannot be asked",
            Self::TooManyHops => "the chain of referrals is too long",
            Self::BlockedPeer => "the peer is blocked in this election",
            Self::AlreadyAnswered => "the channel has an answer, which a referral does not revoke",
        })
    }
}

impl std::error::Error for ElectionError {}

impl std::fmt::Display for Rejection {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Election(error) => return error.fmt(f),
            Self::NobodyToSuggest => "no proof, and no peers to suggest",
            Self::NoElection => "no election on the token is running",
            Self::BadInvitation => "the invitation carries no valid proof for its sender's id",
            Self::Declined => "the invitation is declined",
            Self::CoolingDown => "the invitation comes within the cooldown",
            Self::TooManyInvitations => "the sender exceeds the limit of invitations",
            Self::Suspect => "the sender is banned",
            Self::SeenBefore => "the query was received before",
            Self::TooFar => "the limit of forwarders is reached",
        })
    }
}

impl std::error::Error for Rejection {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Election(error) => Some(error),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::error::Error;

    use super::*;

    #[test]
    fn a_rejection_by_an_election_has_its_error_as_source() {
        let rejection = Rejection::Election(ElectionError::TooManyHops);
        assert_eq!(rejection.to_string(), ElectionError::TooManyHops.to_string());
        assert!(rejection.source().is_some() && Rejection::NoElection.source().is_none());
    }
}
