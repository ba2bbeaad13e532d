//! One election: channels with tickets, proofs that come in on them, and the winner that the proofs agree on.
//!
//! Source: seed 001, "Available API". An [`Election`] has three kinds of method: operations that its owner or the
//! network asks for ([`open_channel`](Election::open_channel), [`handle_answer`](Election::handle_answer),
//! [`handle_referral`](Election::handle_referral)), the question for its outcome
//! ([`check_for_winner`](Election::check_for_winner)), and getters. It knows no time: when to ask, when to check and
//! when to give up is its owner's business. A [`ElectionPool`] keeps the elections of one peer and their ages.
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
//! // What was found in stores can be read by whoever has the table of all tokens.
//! let universe = Universe::random(100, &mut Rng::stream(7, Purpose::Universe, 0));
//! assert_eq!(election.check_for_winner(&config, &universe), Outcome::NoConsensus);
//! ```

mod cluster;
mod pool;

pub use cluster::Cluster;
pub use pool::{ElectionPool, Progress, RUNNING_MAX};

use self::cluster::{Members, VOTERS_MAX, Voters};
use crate::base::digest::Digest;
use crate::base::id::{PeerId, Ticket, TokenId};
use crate::base::mutant::Mutant;
use crate::base::prefetch;
use crate::base::ratio::Ratio;
use crate::base::ring;
use crate::base::rng::Rng;
use crate::config::{DuplicateRule, ElectionConfig, ReferralRule, SplitRule};
use crate::protocol::event::ElectionError;
use crate::protocol::message::{ProofResolver, StorageProof};
use crate::protocol::proof::{ProofVerifier, VerifiedProof};

/// Peers that one election blocks at most; further cheats go unpunished.
pub const BLOCKED_MAX: usize = 64;

/// The rules by which an election takes answers.
#[derive(Clone, Copy)]
pub struct VotingRules<'a> {
    /// Thresholds and limits.
    pub election: &'a ElectionConfig,
    /// How proofs are looked at.
    pub verifier: ProofVerifier<'a>,
}

/// An election on a token.
#[derive(Clone, Debug)]
pub struct Election {
    token: TokenId,
    owner: PeerId,
    /// Makes the tickets of this election unforgeable and different from every other election's.
    secret: [u8; 32],
    /// In the order in which they were opened; at most `max_channels`.
    channels: Vec<Channel>,
    /// Peers that have been asked, in ascending order. Kept only under [`ReferralRule::Bounded`], which bounds it too.
    asked: Vec<PeerId>,
    /// Peers whose answers do not count, in ascending order; only under [`DuplicateRule::BlockPeer`].
    blocked: Vec<PeerId>,
}

/// A line of inquiry that began with a query to its first hop.
#[derive(Clone, Debug)]
struct Channel {
    ticket: Ticket,
    first_hop: PeerId,
    /// Referrals that led here.
    hops: u32,
    state: ChannelState,
}

#[derive(Clone, Debug)]
enum ChannelState {
    /// Nobody has answered.
    Pending,
    /// One answer, which counts.
    Responded { responder: PeerId, proof: VerifiedProof },
    /// More than one answer: somebody cheats, and none counts.
    Blocked { responder: PeerId },
}

impl Channel {
    const fn responder(&self) -> Option<PeerId> {
        match self.state {
            ChannelState::Pending => None,
            ChannelState::Responded { responder, .. } | ChannelState::Blocked { responder } => {
                Some(responder)
            }
        }
    }

    fn involves(&self, peer: PeerId) -> bool {
        self.first_hop == peer || self.responder() == Some(peer)
    }
}

/// A query that has to go out: the result of opening a channel.
#[must_use]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Query {
    /// Whom to ask.
    pub to: PeerId,
    /// The ticket that the reply has to carry.
    pub ticket: Ticket,
}

/// What the answers of an election say (seed 001, `WinnerResult`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// One cluster decides.
    Single {
        /// Its member nearest to the token.
        winner: PeerId,
        /// The peers that agree.
        cluster: Cluster,
    },
    /// Two clusters, of which neither is decisive.
    SplitBrain {
        /// Members nearest to the token, of the larger cluster first.
        winners: [PeerId; 2],
        /// The larger cluster first.
        clusters: [Cluster; 2],
    },
    /// Too few answers, or too little agreement.
    NoConsensus,
}

impl Election {
    /// An election on `token` by `owner`, whose tickets derive from `secret`.
    #[must_use]
    pub const fn new(token: TokenId, owner: PeerId, secret: [u8; 32]) -> Self {
        Self { token, owner, secret, channels: Vec::new(), asked: Vec::new(), blocked: Vec::new() }
    }

    /// The token that peers are challenged to prove.
    #[must_use]
    pub const fn token(&self) -> TokenId {
        self.token
    }

    /// Channels of any state.
    #[must_use]
    pub fn channel_count(&self) -> usize {
        self.channels.len()
    }

    /// The tickets of all channels, with the number of referrals that led to each.
    pub fn channels(&self) -> impl Iterator<Item = (Ticket, u32)> {
        self.channels.iter().map(|channel| (channel.ticket, channel.hops))
    }

    /// Whether another channel may be opened.
    #[must_use]
    pub fn can_open_channel(&self, config: &ElectionConfig) -> bool {
        let one_more = usize::from(Mutant::ChannelTooMany.is_active());
        self.channels.len() < config.max_channels as usize + one_more
    }

    /// Answers that count; a peer that has answered on two channels counts twice.
    #[must_use]
    pub fn valid_response_count(&self) -> usize {
        self.responses().count()
    }

    /// Peers whose answers do not count.
    #[must_use]
    pub const fn blocked_peer_count(&self) -> usize {
        self.blocked.len()
    }

    /// The proofs that count, in the order of their channels; a responder may appear more than once.
    pub fn responses(&self) -> impl Iterator<Item = (PeerId, &StorageProof)> {
        self.channels.iter().filter_map(|channel| match &channel.state {
            ChannelState::Responded { responder, proof } if !self.is_blocked(*responder) => {
                Some((*responder, proof.evidence()))
            }
            _ => None,
        })
    }

    /// Asks for the channels.
    fn prefetch_answers(&self) {
        prefetch::all(&self.channels);
    }

    /// Asks for the proofs that have come in on them.
    fn prefetch_proofs(&self) {
        self.responses().for_each(|(_, proof)| proof.prefetch());
    }

    /// Peers that were asked and have neither answered nor referred, nor has anybody for them.
    pub fn unanswered(&self) -> impl Iterator<Item = PeerId> {
        let pending = |channel: &&Channel| matches!(channel.state, ChannelState::Pending);
        self.channels.iter().filter(pending).map(|channel| channel.first_hop)
    }

    /// The members of a cluster with the proofs on which they agree.
    pub fn signatures<'a>(
        &'a self,
        cluster: &'a Cluster,
    ) -> impl Iterator<Item = (PeerId, &'a StorageProof)> {
        self.voters().into_iter().filter(|(voter, _)| cluster.members.contains(voter))
    }

    /// What the answers so far come to, in short.
    fn verdict(&self, config: &ElectionConfig, reader: &dyn ProofResolver) -> TallySummary {
        match self.judge(&self.voters(), config, reader) {
            TallyResult::Single { winner, .. } => TallySummary::Single(winner),
            TallyResult::SplitBrain(_) => TallySummary::SplitBrain,
            TallyResult::NoConsensus => TallySummary::NoConsensus,
        }
    }

    /// Opens a channel that begins with a query to `first_hop`.
    ///
    /// # Errors
    ///
    /// In this order: [`ElectionError::SelfReference`], [`ElectionError::MaxChannelsReached`],
    /// [`ElectionError::ChannelAlreadyExists`], [`ElectionError::PeerAlreadyParticipating`].
    pub fn open_channel(
        &mut self,
        first_hop: PeerId,
        config: &ElectionConfig,
    ) -> Result<Query, ElectionError> {
        self.open_after(first_hop, 0, config)
    }

    fn open_after(
        &mut self,
        first_hop: PeerId,
        hops: u32,
        config: &ElectionConfig,
    ) -> Result<Query, ElectionError> {
        if first_hop == self.owner {
            return Err(ElectionError::SelfReference);
        }
        if !self.can_open_channel(config) {
            return Err(ElectionError::MaxChannelsReached);
        }
        if self.channels.iter().any(|channel| channel.first_hop == first_hop) {
            return Err(ElectionError::ChannelAlreadyExists);
        }
        if self.channels.iter().any(|channel| channel.responder() == Some(first_hop)) {
            return Err(ElectionError::PeerAlreadyParticipating);
        }
        if config.referrals == ReferralRule::Bounded
            && let Err(place) = self.asked.binary_search(&first_hop)
        {
            self.asked.insert(place, first_hop);
        }
        let ticket = ticket(self.token, first_hop, &self.secret);
        if self.channels.capacity() == 0 {
            self.channels.reserve_exact(config.channels.min(config.max_channels).max(1) as usize);
        }
        self.channels.push(Channel { ticket, first_hop, hops, state: ChannelState::Pending });
        Ok(Query { to: first_hop, ticket })
    }

    /// Opens a channel on which `responder` has answered before it was asked: with its invitation.
    ///
    /// # Errors
    ///
    /// As [`open_channel`](Self::open_channel).
    pub fn admit(
        &mut self,
        responder: PeerId,
        proof: VerifiedProof,
        config: &ElectionConfig,
    ) -> Result<(), ElectionError> {
        let Query { ticket, .. } = self.open_channel(responder, config)?;
        let channel = self.channel(ticket)?;
        channel.state = ChannelState::Responded { responder, proof };
        Ok(())
    }

    /// Takes an answer and says how many referrals led to it. The responder may be anybody: a query may have been
    /// passed on.
    ///
    /// # Errors
    ///
    /// In this order: [`ElectionError::WrongToken`]; [`ElectionError::BlockedPeer`];
    /// [`ElectionError::SignatureVerificationFailed`], which changes nothing or, under [`DuplicateRule::BlockPeer`],
    /// blocks the responder; [`ElectionError::UnknownTicket`]; [`ElectionError::ChannelBlocked`];
    /// [`ElectionError::DuplicateResponse`], whose consequence is the [`DuplicateRule`]'s.
    pub fn handle_answer(
        &mut self,
        ticket: Ticket,
        proof: StorageProof,
        responder: PeerId,
        rules: VotingRules<'_>,
    ) -> Result<u32, ElectionError> {
        let is_blocked = self.is_blocked(responder);
        if is_blocked && proof.token() == self.token {
            return Err(ElectionError::BlockedPeer);
        }
        let examined = rules.verifier.verify(proof, self.token, self.owner);
        let failed = matches!(examined, Err(ElectionError::SignatureVerificationFailed));
        if failed && rules.election.duplicates == DuplicateRule::BlockPeer {
            self.block(responder);
        }
        let proof = examined?;
        let channel = self.channel(ticket)?;
        match channel.state {
            ChannelState::Blocked { .. } => Err(ElectionError::ChannelBlocked),
            ChannelState::Responded { responder: first, .. } => {
                if Mutant::LastAnswerCounts.is_active() {
                    channel.state = ChannelState::Responded { responder, proof };
                    return Ok(channel.hops);
                }
                if rules.election.duplicates != DuplicateRule::FirstCounts {
                    channel.state = ChannelState::Blocked { responder: first };
                }
                if rules.election.duplicates == DuplicateRule::BlockPeer {
                    self.block(responder);
                }
                Err(ElectionError::DuplicateResponse)
            }
            ChannelState::Pending => {
                channel.state = ChannelState::Responded { responder, proof };
                Ok(channel.hops)
            }
        }
    }

    fn is_blocked(&self, peer: PeerId) -> bool {
        self.blocked.binary_search(&peer).is_ok()
    }

    fn block(&mut self, peer: PeerId) {
        if let Err(place) = self.blocked.binary_search(&peer)
            && self.blocked.len() < BLOCKED_MAX
        {
            self.blocked.insert(place, peer);
        }
    }

    /// Follows a referral: its channel is closed, and one to a suggested peer opened.
    ///
    /// # Errors
    ///
    /// In this order: [`ElectionError::WrongToken`], [`ElectionError::UnknownTicket`],
    /// [`ElectionError::ChannelBlocked`], and [`ElectionError::AlreadyAnswered`] where a referral does not take an
    /// answer back ([`ElectionConfig::referral_drops_answer`]); then, with the channel closed, [`ElectionError::TooManyHops`],
    /// [`ElectionError::NoViableSuggestions`] and those of [`open_channel`](Self::open_channel).
    pub fn handle_referral(
        &mut self,
        ticket: Ticket,
        token: TokenId,
        mut suggested: [PeerId; 2],
        config: &ElectionConfig,
        rng: &mut Rng,
    ) -> Result<Query, ElectionError> {
        if token != self.token {
            return Err(ElectionError::WrongToken);
        }
        let channel = self.channel(ticket)?;
        match channel.state {
            ChannelState::Blocked { .. } => return Err(ElectionError::ChannelBlocked),
            ChannelState::Responded { .. } if !config.referral_drops_answer => {
                return Err(ElectionError::AlreadyAnswered);
            }
            ChannelState::Responded { .. } | ChannelState::Pending => {}
        }
        let hops = channel.hops + 1;
        self.channels.retain(|channel| channel.ticket != ticket);
        if config.referrals == ReferralRule::Bounded
            && hops > config.max_hops
            && !Mutant::ReferralsUnbounded.is_active()
        {
            return Err(ElectionError::TooManyHops);
        }
        rng.shuffle(&mut suggested);
        let next = suggested.into_iter().find(|peer| self.may_ask(*peer, config));
        self.open_after(next.ok_or(ElectionError::NoViableSuggestions)?, hops, config)
    }

    fn may_ask(&self, peer: PeerId, config: &ElectionConfig) -> bool {
        let participates = self.channels.iter().any(|channel| channel.involves(peer));
        let is_new = match config.referrals {
            _ if Mutant::ReferralsLeadBack.is_active() => true,
            ReferralRule::Unbounded => true,
            ReferralRule::Bounded => peer != self.owner && self.asked.binary_search(&peer).is_err(),
        };
        is_new && !participates
    }

    fn channel(&mut self, ticket: Ticket) -> Result<&mut Channel, ElectionError> {
        let found = self
            .channels
            .iter_mut()
            .find(|channel| channel.ticket == ticket || Mutant::TicketUnknownTaken.is_active());
        found.ok_or(ElectionError::UnknownTicket)
    }

    /// The peers whose answers count, each once, with its first answer in the order of channels.
    fn voters(&self) -> Voters<'_> {
        let mut voters = Voters::new();
        for (responder, proof) in self.responses().take(VOTERS_MAX) {
            if voters.iter().all(|(voter, _)| *voter != responder) || Mutant::VoterCountsTwice.is_active() {
                voters.push((responder, proof));
            }
        }
        voters
    }

    /// What the answers so far say; `reader` spells out findings where others have stated theirs. Each responder counts once, with its first answer in the order of channels.
    #[must_use]
    pub fn check_for_winner(&self, config: &ElectionConfig, reader: &dyn ProofResolver) -> Outcome {
        let voters = self.voters();
        match self.judge(&voters, config, reader) {
            TallyResult::Single { winner, cluster } => {
                Outcome::Single { winner, cluster: cluster.describe(&voters) }
            }
            TallyResult::SplitBrain(clusters) => Outcome::SplitBrain {
                winners: clusters.map(|cluster| self.nearest(&voters, cluster.positions())),
                clusters: clusters.map(|cluster| cluster.describe(&voters)),
            },
            TallyResult::NoConsensus => Outcome::NoConsensus,
        }
    }

    fn judge(&self, voters: &Voters<'_>, config: &ElectionConfig, reader: &dyn ProofResolver) -> TallyResult {
        let clusters = cluster::find(voters, config, reader);
        let is_decisive = |cluster: Members| {
            let part = u64::from(cluster.len()) * u64::from(Ratio::ONE.millionths());
            part >= voters.len() as u64 * u64::from(config.majority_threshold.millionths())
        };
        let Some((first, others)) = clusters.split_first() else { return TallyResult::NoConsensus };
        let is_rival = |other: &&Members| match config.splits {
            SplitRule::AnyTwo => true,
            SplitRule::Disjoint => other.set & first.set == 0,
            SplitRule::Contradicting => contradict(voters, *first, **other, reader),
        };
        if !is_decisive(*first)
            && let Some(second) = others.iter().find(is_rival)
        {
            return TallyResult::SplitBrain([*first, *second]);
        }
        // Where only contradictions divide, those who are of one mind with the deciding cluster count too: they have
        // met other tokens, and vouch for the same blocks.
        let is_ally = |other: &&Members| {
            config.splits == SplitRule::Contradicting && !contradict(voters, *first, **other, reader)
        };
        let allies = others.iter().filter(is_ally).flat_map(|ally| ally.positions());
        let winner = self.nearest(voters, first.positions().chain(allies));
        TallyResult::Single { winner, cluster: *first }
    }

    /// The one nearest to the token; of those that are as near, the first.
    fn nearest(&self, voters: &Voters<'_>, members: impl Iterator<Item = usize>) -> PeerId {
        let distance = |peer: &PeerId| match ring::distance(peer.get(), self.token.get()) {
            distance if Mutant::FarthestWins.is_active() => !distance,
            distance => distance,
        };
        // Clusters are not empty; the owner stands for nobody.
        members.map(|place| voters[place].0).min_by_key(distance).unwrap_or(self.owner)
    }

    /// Adds the election to a fingerprint.
    pub fn digest(&self, digest: &mut Digest, reader: &dyn ProofResolver) {
        digest.number(self.token.get());
        self.secret.iter().for_each(|byte| digest.number(*byte));
        digest.length(self.channels.len());
        for channel in &self.channels {
            digest.number(channel.ticket.get());
            digest.number(channel.first_hop.get());
            digest.number(channel.hops);
            match &channel.state {
                ChannelState::Pending => digest.number(0_u64),
                ChannelState::Responded { responder, proof } => {
                    digest.number(1_u64);
                    digest.number(responder.get());
                    proof.evidence().digest(digest, reader);
                }
                ChannelState::Blocked { responder } => {
                    digest.number(2_u64);
                    digest.number(responder.get());
                }
            }
        }
        digest.length(self.asked.len());
        self.asked.iter().for_each(|peer| digest.number(peer.get()));
        // Only where there are any: fingerprints of runs without blocking are older than this field.
        self.blocked.iter().for_each(|peer| digest.number(peer.get()));
    }
}

/// What the answers of an election say, with clusters by the positions of their members.
enum TallyResult {
    Single { winner: PeerId, cluster: Members },
    SplitBrain([Members; 2]),
    NoConsensus,
}

/// What the answers of an election say, in short.
#[derive(Clone, Copy, Debug)]
enum TallySummary {
    Single(PeerId),
    SplitBrain,
    NoConsensus,
}

/// Whether members of two clusters map a token to different blocks.
fn contradict(voters: &Voters<'_>, one: Members, other: Members, reader: &dyn ProofResolver) -> bool {
    let contradicts =
        |place: usize| other.positions().any(|with| voters[place].1.contradicts(voters[with].1, reader));
    one.positions().any(contradicts) && !Mutant::ContradictionsOverlooked.is_active()
}

/// The ticket of a channel: deterministic within an election, so that reopening a channel gives the same ticket again.
fn ticket(token: TokenId, first_hop: PeerId, secret: &[u8; 32]) -> Ticket {
    let first_hop = if Mutant::TicketsAlike.is_active() { PeerId::new(0) } else { first_hop };
    let mut input = [0; 48];
    input[..8].copy_from_slice(&token.get().to_le_bytes());
    input[8..16].copy_from_slice(&first_hop.get().to_le_bytes());
    input[16..].copy_from_slice(secret);
    let mut first = [0; 8];
    first.copy_from_slice(&blake3::hash(&input).as_bytes()[..8]);
    Ticket::new(u64::from_le_bytes(first))
}

#[cfg(test)]
mod tests;
