//! Elections: a challenge on a token, and the tally of the proofs of storage that come back (document 001,
//! "Available API").
//!
//! An [`Election`] opens channels, each with a query to a first hop and a ticket that the reply has to carry.
//! A referral moves its channel on to another peer; an answer with a verified proof ends it. The tally forms
//! clusters of responders whose proofs agree pairwise, and the member of the deciding cluster nearest to the
//! token wins.
//!
//! | module | content |
//! |---|---|
//! | `channel` | [`Election::open_channel`], [`Election::handle_answer`], [`Election::handle_referral`] |
//! | `ticket` | derivation of tickets from the secret of an election |
//! | `agreement` | which voters agree, and the maximal sets of them, kept from answer to answer |
//! | `cluster` | clusters: those sets, the deciding one first |
//! | `tally` | [`Election::check_for_winner`]: winner, split brain or no consensus |
//! | `peer_election` | [`PeerElection`]: the same under the names of document 001 |
//! | `pool` | the running elections of one peer, with their ages, and what to do about each |
//! | `prefetch` | cache-line prefetches |
//!
//! An election knows no time: its owner decides when to ask, when to tally and when to give up;
//! [`ElectionPool`] keeps the dates. Limits: `election.max_channels` channels (at most 16), [`BLOCKED_MAX`]
//! blocked peers, `RUNNING_MAX` elections of one peer.
//!
//! ```
//! use ringside_core::protocol::election::{Election, Outcome};
//! use ringside_core::base::id::{PeerId, TokenId};
//! use ringside_core::base::rng::{Purpose, Rng};
//! use ringside_core::scenario::Scenario;
//! use ringside_core::protocol::token::Universe;
//!
//! let config = Scenario::preset("lifecycle").expect("a preset").config.election;
//! let me = PeerId::new(1);
//! let mut secrets = Rng::stream(7, Purpose::Secrets, me.get());
//! let mut election = Election::new(TokenId::new(99), me, secrets.secret());
//! let query = election.open_channel(PeerId::new(2), &config).expect("a first channel");
//! // `query.ticket` goes out to `query.to` and comes back with an answer or a referral.
//! // The table of all tokens resolves compact proofs.
//! let universe = Universe::random(100, &mut Rng::stream(7, Purpose::Universe, 0));
//! assert_eq!(election.check_for_winner(&config, &universe), Outcome::NoConsensus);
//! ```

mod agreement;
mod channel;
mod cluster;
mod peer_election;
mod pool;
mod prefetch;
mod tally;
mod ticket;

pub use channel::{Query, VotingRules};
pub use cluster::Cluster;
pub use peer_election::{ClusterSignatures, ConsensusCluster, DOCUMENTED, PeerElection, WinnerResult};
pub use pool::ElectionPool;
pub(crate) use pool::{Progress, RUNNING_MAX, StartError};
pub use tally::Outcome;

use self::agreement::Voter;
use self::channel::{Channel, ChannelState};
use crate::base::digest::Digest;
use crate::base::id::{PeerId, Ticket, TokenId};
use crate::base::mutant::mutant;
use crate::base::sort;
use crate::config::ElectionConfig;
use crate::protocol::event::Turnout;
use crate::protocol::message::{ProofResolver, StorageProof};

/// Largest number of peers that one election blocks; further offenders stay unblocked.
pub const BLOCKED_MAX: usize = 64;

/// An election on a token.
#[derive(Clone, Debug)]
pub struct Election {
    token: TokenId,
    owner: PeerId,
    /// Key of the tickets: makes them unforgeable, and different from those of every other election.
    secret: [u8; 32],
    /// In the order in which they were opened; at most `election.max_channels`.
    channels: Vec<Channel>,
    /// Channels opened so far, with those that referrals have closed.
    opened: u32,
    /// Peers that have been asked, in ascending order; only under `ReferralRule::Bounded`, which bounds it
    /// too.
    asked: Vec<PeerId>,
    /// Peers whose answers do not count, in ascending order; only under `DuplicateRule::BlockPeer`.
    blocked: Vec<PeerId>,
}

impl Election {
    /// An election on `token` by `owner`, without channels.
    #[must_use]
    pub const fn new(token: TokenId, owner: PeerId, secret: [u8; 32]) -> Self {
        Self { token, owner, secret, channels: Vec::new(), opened: 0, asked: Vec::new(), blocked: Vec::new() }
    }

    /// The challenged token.
    #[must_use]
    pub const fn token(&self) -> TokenId {
        self.token
    }

    /// Number of channels in any state.
    #[must_use]
    pub fn channel_count(&self) -> usize {
        self.channels.len()
    }

    /// Tickets of all channels, each with the number of referrals that led to it.
    pub fn channels(&self) -> impl Iterator<Item = (Ticket, u32)> {
        self.channels.iter().map(|channel| (channel.ticket, channel.hops))
    }

    /// Returns whether fewer than `max_channels` channels exist.
    #[must_use]
    pub(crate) fn can_open_channel(&self, config: &ElectionConfig) -> bool {
        let limit = config.max_channels as usize;
        self.channels.len() < mutant!(ChannelTooMany: limit => limit + 1)
    }

    /// Number of answers that count; a peer that has answered on two channels counts twice.
    #[must_use]
    pub fn valid_response_count(&self) -> usize {
        self.responses().count()
    }

    /// Number of peers whose answers do not count.
    #[must_use]
    pub const fn blocked_peer_count(&self) -> usize {
        self.blocked.len()
    }

    /// Proofs that count with their responders, in the order of channels; a responder may occur more than
    /// once.
    pub fn responses(&self) -> impl Iterator<Item = (PeerId, &StorageProof)> {
        self.votes().map(|vote| (vote.peer, vote.proof))
    }

    /// Answers that count, in the order of channels; a responder may occur more than once.
    fn votes(&self) -> impl Iterator<Item = Voter<'_>> {
        self.channels.iter().filter_map(|channel| match &channel.state {
            ChannelState::Responded { responder, proof } if !self.is_blocked(*responder) => {
                Some(Voter { channel: channel.number, peer: *responder, proof: proof.proof() })
            }
            _ => None,
        })
    }

    /// Channels, answers and responders so far; without dissents, which only a winner makes.
    pub(crate) fn turnout(&self) -> Turnout {
        let number = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
        let (answers, responders) = (self.valid_response_count(), self.voters().len());
        debug_assert!(responders <= answers, "{responders} peers gave {answers} answers");
        Turnout {
            channels: self.opened,
            answers: number(answers),
            responders: number(responders),
            dissents: 0,
        }
    }

    /// First hops and responders of all channels, in ascending order.
    pub(crate) fn participants(&self) -> Vec<PeerId> {
        let mut peers: Vec<PeerId> = self.channels.iter().flat_map(Channel::participants).collect();
        sort::sort_by_key(&mut peers, |peer| *peer);
        peers.dedup();
        peers
    }

    /// First hops of the channels without an answer, also none by another peer, and without a referral.
    pub(crate) fn unanswered(&self) -> impl Iterator<Item = PeerId> {
        let pending = |channel: &&Channel| matches!(channel.state, ChannelState::Pending);
        self.channels.iter().filter(pending).map(|channel| channel.first_hop)
    }

    /// Adds the election to a fingerprint.
    pub fn digest(&self, digest: &mut Digest, resolver: &dyn ProofResolver) {
        digest.number(self.token.get());
        self.secret.iter().for_each(|byte| digest.number(*byte));
        digest.length(self.channels.len());
        for channel in &self.channels {
            channel.digest(digest, resolver);
        }
        digest.length(self.asked.len());
        self.asked.iter().for_each(|peer| digest.number(peer.get()));
        // Without a length: fingerprints of runs without blocked peers predate this field.
        self.blocked.iter().for_each(|peer| digest.number(peer.get()));
    }
}

#[cfg(test)]
mod tests;
