//! Elections in detail: time to consensus, answers on their channels, and refused messages by reason.

use serde::Serialize;

use super::distribution::{Distribution, Histogram};
use super::ratio;
use crate::base::sort;
use crate::protocol::event::{ElectionError, Ending, LifecycleEvent, Rejection, Turnout};

/// Elections in detail, since tick 0.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ElectionDetails {
    /// Rounds from the start of an election to its winner, over the completed ones.
    pub consensus_rounds: Distribution,
    /// Channels opened by elections that have ended, with those that referrals have closed.
    pub channels_opened: u64,
    /// Channels on which an answer was accepted.
    pub channels_answered: u64,
    /// Channels that a second answer blocked.
    pub channels_blocked: u64,
    /// Different responders of an election as a share of its answers, over all that have ended; `None`
    /// without an answer.
    pub responder_diversity: Option<f64>,
    /// Share of the answers of completed elections that claim the same block for the token as the winner.
    pub agreement: Option<f64>,
    /// Messages that changed nothing, by reason, in alphabetical order.
    pub rejections: Vec<RejectionCount>,
}

/// Number of messages that changed nothing for one reason.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct RejectionCount {
    /// The reason.
    pub reason: &'static str,
    /// Number of messages.
    pub count: u64,
}

/// Record of elections in detail.
#[derive(Clone, Debug)]
pub(super) struct ElectionLog {
    consensus_rounds: Histogram,
    /// Sums over all elections that have ended.
    ended: Sums,
    /// Sums over the completed ones.
    completed: Sums,
    answered: u64,
    /// In the order in which they first occurred.
    rejections: Vec<(Rejection, u64)>,
}

/// Sums of [`Turnout`]s.
#[derive(Clone, Copy, Debug, Default)]
struct Sums {
    channels: u64,
    answers: u64,
    responders: u64,
    dissents: u64,
}

impl Sums {
    fn add(&mut self, turnout: Turnout) {
        self.channels += u64::from(turnout.channels);
        self.answers += u64::from(turnout.answers);
        self.responders += u64::from(turnout.responders);
        self.dissents += u64::from(turnout.dissents);
    }
}

impl ElectionLog {
    /// An empty record that tells this many numbers of rounds apart.
    pub(super) fn new(rounds: usize) -> Self {
        let (ended, completed) = (Sums::default(), Sums::default());
        Self {
            consensus_rounds: Histogram::new(rounds),
            ended,
            completed,
            answered: 0,
            rejections: Vec::new(),
        }
    }

    pub(super) fn note(&mut self, event: LifecycleEvent) {
        match event {
            LifecycleEvent::ElectionEnded { rounds, ending, turnout, .. } => {
                self.ended.add(turnout);
                if let Ending::Elected { .. } = ending {
                    self.completed.add(turnout);
                    self.consensus_rounds.count(rounds);
                }
            }
            LifecycleEvent::AnswerAccepted { .. } => self.answered += 1,
            LifecycleEvent::Rejected(rejection) => self.count(rejection),
            _ => {}
        }
    }

    fn count(&mut self, rejection: Rejection) {
        match self.rejections.iter_mut().find(|(known, _)| *known == rejection) {
            Some((_, count)) => *count += 1,
            None => self.rejections.push((rejection, 1)),
        }
    }

    pub(super) fn details(&self) -> ElectionDetails {
        let mut rejections: Vec<RejectionCount> = self
            .rejections
            .iter()
            .map(|(rejection, count)| RejectionCount { reason: reason(*rejection), count: *count })
            .collect();
        sort::sort_by_key(&mut rejections, |known| known.reason);
        let blocked = rejections.iter().find(|known| known.reason == DUPLICATE);
        ElectionDetails {
            consensus_rounds: self.consensus_rounds.distribution(),
            channels_opened: self.ended.channels,
            channels_answered: self.answered,
            channels_blocked: blocked.map_or(0, |blocked| blocked.count),
            responder_diversity: ratio(self.ended.responders, self.ended.answers),
            agreement: ratio(self.completed.answers - self.completed.dissents, self.completed.answers),
            rejections,
        }
    }
}

const DUPLICATE: &str = "duplicate_answer";

const fn reason(rejection: Rejection) -> &'static str {
    match rejection {
        Rejection::NobodyToSuggest => "no_peer_to_suggest",
        Rejection::NoElection => "no_election",
        Rejection::Election(error) => refusal(error),
        Rejection::BadInvitation => "bad_invitation",
        Rejection::Declined => "declined",
        Rejection::CoolingDown => "cooling_down",
        Rejection::TooManyInvitations => "too_many_invitations",
        Rejection::Suspect => "suspect",
        Rejection::SeenBefore => "seen_before",
        Rejection::TooFar => "too_far",
    }
}

const fn refusal(error: ElectionError) -> &'static str {
    match error {
        ElectionError::UnknownTicket => "unknown_ticket",
        ElectionError::WrongToken => "wrong_token",
        ElectionError::DuplicateResponse => DUPLICATE,
        ElectionError::ChannelAlreadyExists => "channel_exists",
        ElectionError::PeerAlreadyParticipating => "already_participating",
        ElectionError::MaxChannelsReached => "too_many_channels",
        ElectionError::ChannelBlocked => "channel_blocked",
        ElectionError::SignatureVerificationFailed => "wrong_proof",
        ElectionError::NoViableSuggestions => "no_viable_suggestion",
        ElectionError::SelfReference => "self_reference",
        ElectionError::TooManyHops => "too_many_hops",
        ElectionError::BlockedPeer => "blocked_peer",
        ElectionError::AlreadyAnswered => "already_answered",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::id::{PeerId, TokenId};

    #[test]
    fn only_completed_elections_have_a_time_to_consensus() {
        let mut log = ElectionLog::new(20);
        let token = TokenId::new(1);
        let turnout = Turnout { channels: 5, answers: 4, responders: 3, dissents: 1 };
        let ended = |rounds, ending| LifecycleEvent::ElectionEnded { token, rounds, ending, turnout };
        log.note(ended(4, Ending::Elected { winner: PeerId::new(1) }));
        log.note(ended(9, Ending::NoAnswer));
        let refused = |error| LifecycleEvent::Rejected(Rejection::Election(error));
        log.note(refused(ElectionError::DuplicateResponse));
        log.note(refused(ElectionError::ChannelBlocked));
        log.note(LifecycleEvent::AnswerAccepted { hops: 0 });
        let details = log.details();
        assert_eq!((details.consensus_rounds.count, details.consensus_rounds.max), (1, Some(4)));
        assert_eq!((details.channels_answered, details.channels_blocked), (1, 1));
        assert_eq!(details.channels_opened, 10);
        assert_eq!((details.responder_diversity, details.agreement), (Some(0.75), Some(0.75)));
        let reasons: Vec<_> = details.rejections.iter().map(|known| known.reason).collect();
        assert_eq!(reasons, ["channel_blocked", "duplicate_answer"]);
    }
}
