//! Channels: lines of inquiry that begin with a query to a first hop, and the answers and referrals that
//! arrive on them.

use super::ticket::ticket;
use super::{BLOCKED_MAX, Election};
use crate::base::digest::Digest;
use crate::base::id::{PeerId, Ticket, TokenId};
use crate::base::mutant::{Mutant, mutant};
use crate::base::rng::Rng;
use crate::config::{DuplicateRule, ElectionConfig, ReferralRule};
use crate::protocol::event::ElectionError;
use crate::protocol::message::{ProofResolver, StorageProof};
use crate::protocol::proof::{ProofVerifier, VerifiedProof};

/// Rules by which an election accepts answers.
#[derive(Clone, Copy)]
pub struct VotingRules<'a> {
    /// Thresholds and limits.
    pub election: &'a ElectionConfig,
    /// Verification of proofs.
    pub verifier: ProofVerifier<'a>,
}

/// A query to be sent: the result of opening a channel.
#[must_use]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Query {
    /// Receiver.
    pub to: PeerId,
    /// Ticket that the reply has to carry.
    pub ticket: Ticket,
}

/// A peer to ask after a referral.
pub(super) struct NextHop {
    pub(super) peer: PeerId,
    /// Number of referrals that led to it.
    pub(super) hops: u32,
}

/// A line of inquiry.
#[derive(Clone, Debug)]
pub(super) struct Channel {
    pub(super) ticket: Ticket,
    pub(super) first_hop: PeerId,
    /// Number of referrals that led to this channel.
    pub(super) hops: u32,
    /// Number of channels that the election had opened before: a ticket may come again, this does not.
    pub(super) number: u32,
    pub(super) state: ChannelState,
}

#[derive(Clone, Debug)]
pub(super) enum ChannelState {
    /// Without an answer.
    Pending,
    /// With one answer, which counts.
    Responded { responder: PeerId, proof: VerifiedProof },
    /// With more than one answer, which proves misbehavior: none counts. `responder` gave the first.
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

    pub(super) fn participants(&self) -> impl Iterator<Item = PeerId> {
        std::iter::once(self.first_hop).chain(self.responder())
    }

    fn involves(&self, peer: PeerId) -> bool {
        self.first_hop == peer || self.responder() == Some(peer)
    }

    pub(super) fn digest(&self, digest: &mut Digest, resolver: &dyn ProofResolver) {
        digest.number(self.ticket.get());
        digest.number(self.first_hop.get());
        digest.number(self.hops);
        match &self.state {
            ChannelState::Pending => digest.number(0_u64),
            ChannelState::Responded { responder, proof } => {
                digest.number(1_u64);
                digest.number(responder.get());
                proof.proof().digest(digest, resolver);
            }
            ChannelState::Blocked { responder } => {
                digest.number(2_u64);
                digest.number(responder.get());
            }
        }
    }
}

impl Election {
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
        if config.referrals == ReferralRule::Bounded {
            self.remember_asked(first_hop, config);
        }
        let ticket = ticket(self.token, first_hop, &self.secret);
        if self.channels.capacity() == 0 {
            self.channels.reserve_exact(config.channels.min(config.max_channels).max(1) as usize);
        }
        let number = self.opened;
        self.push_channel(Channel { ticket, first_hop, hops, number, state: ChannelState::Pending }, config);
        self.opened = self.opened.saturating_add(1);
        Ok(Query { to: first_hop, ticket })
    }

    fn remember_asked(&mut self, first_hop: PeerId, config: &ElectionConfig) {
        if self.asked.capacity() == 0 {
            self.asked.reserve_exact(config.max_channels as usize);
        }
        if let Err(index) = self.asked.binary_search(&first_hop) {
            self.asked.insert(index, first_hop);
            debug_assert!(self.asked.is_sorted_by(|one, next| one < next), "asked peers are sorted");
        }
    }

    fn push_channel(&mut self, channel: Channel, config: &ElectionConfig) {
        debug_assert!(channel.first_hop != self.owner, "the owner is never asked");
        debug_assert!(
            Mutant::TicketsAlike.is_active()
                || self.channels.iter().all(|open| open.ticket != channel.ticket),
            "a ticket names one channel"
        );
        self.channels.push(channel);
        debug_assert!(
            Mutant::ChannelTooMany.is_active() || self.channels.len() <= config.max_channels as usize,
            "{} channels",
            self.channels.len()
        );
    }

    /// Opens a channel to a peer whose answer is already known: the proof in its invitation.
    ///
    /// # Errors
    ///
    /// As [`open_channel`](Self::open_channel).
    pub(crate) fn admit(
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

    /// Accepts an answer; returns the number of referrals that led to it. The responder may be any peer,
    /// because queries may be forwarded.
    ///
    /// # Errors
    ///
    /// In this order: [`ElectionError::WrongToken`]; [`ElectionError::BlockedPeer`];
    /// [`ElectionError::SignatureVerificationFailed`], which changes nothing or, under
    /// [`DuplicateRule::BlockPeer`], blocks the responder; [`ElectionError::UnknownTicket`];
    /// [`ElectionError::ChannelBlocked`]; [`ElectionError::DuplicateResponse`], whose consequence is the
    /// [`DuplicateRule`]'s.
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
        let verified = rules.verifier.verify(proof, self.token, self.owner);
        let failed = matches!(verified, Err(ElectionError::SignatureVerificationFailed));
        if failed && rules.election.duplicates == DuplicateRule::BlockPeer {
            self.block(responder);
        }
        let proof = verified?;
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

    pub(super) fn is_blocked(&self, peer: PeerId) -> bool {
        self.blocked.binary_search(&peer).is_ok()
    }

    /// Blocks a peer, unless [`BLOCKED_MAX`] peers are blocked already.
    fn block(&mut self, peer: PeerId) {
        if let Err(index) = self.blocked.binary_search(&peer)
            && self.blocked.len() < BLOCKED_MAX
        {
            self.blocked.insert(index, peer);
            debug_assert!(self.blocked.is_sorted_by(|one, next| one < next), "blocked peers are sorted");
        }
    }

    /// Follows a referral: closes its channel, and opens one to a suggested peer in random order.
    ///
    /// # Errors
    ///
    /// In this order: [`ElectionError::WrongToken`], [`ElectionError::UnknownTicket`],
    /// [`ElectionError::ChannelBlocked`], and [`ElectionError::AlreadyAnswered`] unless referrals revoke
    /// answers ([`ElectionConfig::referral_drops_answer`]); then, with the channel closed,
    /// [`ElectionError::TooManyHops`], [`ElectionError::NoViableSuggestions`] and those of
    /// [`open_channel`](Self::open_channel).
    pub fn handle_referral(
        &mut self,
        ticket: Ticket,
        token: TokenId,
        suggested: [PeerId; 2],
        config: &ElectionConfig,
        rng: &mut Rng,
    ) -> Result<Query, ElectionError> {
        let NextHop { peer, hops } = self.next_hop(ticket, token, suggested, config, rng)?;
        self.open_after(peer, hops, config)
    }

    /// First half of [`handle_referral`](Self::handle_referral): closes the channel, and chooses the peer to
    /// ask next.
    pub(super) fn next_hop(
        &mut self,
        ticket: Ticket,
        token: TokenId,
        mut suggested: [PeerId; 2],
        config: &ElectionConfig,
        rng: &mut Rng,
    ) -> Result<NextHop, ElectionError> {
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
        let max_hops = mutant!(ReferralsUnbounded: config.max_hops => u32::MAX);
        if config.referrals == ReferralRule::Bounded && hops > max_hops {
            return Err(ElectionError::TooManyHops);
        }
        rng.shuffle(&mut suggested);
        let next = suggested.into_iter().find(|peer| self.may_ask(*peer, config));
        Ok(NextHop { peer: next.ok_or(ElectionError::NoViableSuggestions)?, hops })
    }

    /// Returns whether a referral may lead to a peer: one that takes part in no channel and, under
    /// [`ReferralRule::Bounded`], has never been asked in this election.
    fn may_ask(&self, peer: PeerId, config: &ElectionConfig) -> bool {
        let participates = self.channels.iter().any(|channel| channel.involves(peer));
        let was_asked = || peer == self.owner || self.asked.binary_search(&peer).is_ok();
        let is_new = mutant!(ReferralsLeadBack: match config.referrals {
            ReferralRule::Unbounded => true,
            ReferralRule::Bounded => !was_asked(),
        } => true);
        is_new && !participates
    }

    fn channel(&mut self, ticket: Ticket) -> Result<&mut Channel, ElectionError> {
        let found = self
            .channels
            .iter_mut()
            .find(|channel| mutant!(TicketUnknownTaken: channel.ticket == ticket => true));
        found.ok_or(ElectionError::UnknownTicket)
    }
}
