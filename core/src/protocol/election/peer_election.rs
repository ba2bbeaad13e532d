//! Elections under the names of document 001 ("Available API", version 2.0): a facade over [`Election`] for
//! programs that hold explicit proofs and no table of tokens.
//!
//! It differs in one point: the secret and the order of suggestions come from a random stream, because nothing
//! here draws entropy. The document asks for a look-up of tickets in O(1): answers and referrals carry their
//! token, so that a ticket is looked for among the channels of one election, of which there are at most
//! sixteen.
//!
//! ```
//! use ringside_core::base::id::{BlockId, PeerId, TokenId};
//! use ringside_core::base::rng::{Purpose, Rng};
//! use ringside_core::protocol::election::{DOCUMENTED, PeerElection, WinnerResult};
//! use ringside_core::protocol::event::ElectionError;
//! use ringside_core::protocol::message::Mapping;
//! use ringside_core::protocol::proof::chunks;
//!
//! let (me, token, block) = (PeerId::new(1), TokenId::new(99), BlockId::new(7));
//! let mut rng = Rng::stream(7, Purpose::Secrets, me.get());
//! let mut election = PeerElection::new(token, me, DOCUMENTED, &mut rng);
//!
//! // A ticket goes out to each first hop and comes back with an answer or a referral.
//! let ticket = election.create_channel(PeerId::new(2))?;
//! let referred = election.create_channel(PeerId::new(3))?;
//! let next = election.handle_referral(referred, token, [PeerId::new(4); 2], PeerId::new(3), &mut rng)?;
//! let another = election.create_channel(next)?;
//! assert_eq!((next, election.channel_count()), (PeerId::new(4), 2), "the referral has closed its channel");
//!
//! // Both hold the same tokens; the suffixes are those that the challenge demands.
//! let answer = Mapping { token, block };
//! let signature = chunks(me, token, block).map(|chunk| Mapping { token: TokenId::new(chunk.into()), block });
//! election.handle_answer(ticket, &answer, &signature, PeerId::new(2))?;
//! assert_eq!(election.check_for_winner(), WinnerResult::NoConsensus, "one answer is no cluster");
//! election.handle_answer(another, &answer, &signature, next)?;
//! let WinnerResult::Single { winner, cluster, .. } = election.check_for_winner() else { panic!("no winner") };
//! assert_eq!((winner, cluster.members.len()), (PeerId::new(4), 2), "the nearest to the token wins");
//!
//! // A second answer on a channel blocks the channel and its sender.
//! let again = election.handle_answer(another, &answer, &signature, next);
//! assert_eq!(again, Err(ElectionError::DuplicateResponse));
//! assert_eq!((election.valid_response_count(), election.blocked_peer_count()), (1, 1));
//! # Ok::<(), ElectionError>(())
//! ```

use super::channel::VotingRules;
use super::{Cluster, Election, Outcome};
use crate::base::id::{BlockId, PeerId, Ticket, TokenId};
use crate::base::ratio::Ratio;
use crate::base::rng::Rng;
use crate::config::{DuplicateRule, ElectionConfig, SearchRule, VerificationRule};
use crate::protocol::context::TokenStore;
use crate::protocol::event::ElectionError;
use crate::protocol::message::{CompactProof, Mapping, PROOF_SIZE, Proof, ProofResolver, StorageProof};
use crate::protocol::proof::ProofVerifier;

/// Defaults of document 001: agreement on eight of ten mappings, clusters of two, ten channels, a majority of
/// 60 %, and blocked peers.
pub const DOCUMENTED: ElectionConfig = ElectionConfig {
    consensus_threshold: 8,
    min_cluster_size: 2,
    max_channels: 10,
    majority_threshold: Ratio::from_percent(60),
    duplicates: DuplicateRule::BlockPeer,
    ..ElectionConfig::DEFAULT
};

/// Agreeing responders (document 001, `ConsensusCluster`).
pub type ConsensusCluster = Cluster;

/// Members of a cluster with the mappings that they signed with.
pub type ClusterSignatures = Vec<(PeerId, [Mapping; PROOF_SIZE])>;

/// Outcome of an election so far (document 001, `WinnerResult`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WinnerResult {
    /// A single clear winner.
    Single {
        /// The member of the cluster nearest to the token.
        winner: PeerId,
        /// The deciding cluster.
        cluster: ConsensusCluster,
        /// Signatures of its members.
        cluster_signatures: ClusterSignatures,
    },
    /// Two competing clusters.
    SplitBrain {
        /// The larger cluster.
        cluster1: ConsensusCluster,
        /// Its member nearest to the token.
        winner1: PeerId,
        /// Signatures of its members.
        signatures1: ClusterSignatures,
        /// The other cluster.
        cluster2: ConsensusCluster,
        /// Its member nearest to the token.
        winner2: PeerId,
        /// Signatures of its members.
        signatures2: ClusterSignatures,
    },
    /// Too few answers, or too little agreement.
    NoConsensus,
}

/// An election with its rules (document 001, `PeerElection`).
#[derive(Clone, Debug)]
pub struct PeerElection {
    election: Election,
    config: ElectionConfig,
}

impl PeerElection {
    /// An election of `my_peer_id` on `challenge_token`, without channels, under a secret of its own.
    #[must_use]
    pub fn new(
        challenge_token: TokenId,
        my_peer_id: PeerId,
        config: ElectionConfig,
        secrets: &mut Rng,
    ) -> Self {
        Self { election: Election::new(challenge_token, my_peer_id, secrets.secret()), config }
    }

    /// Opens a channel; returns the ticket that the query carries.
    ///
    /// # Errors
    ///
    /// As [`Election::open_channel`].
    pub fn create_channel(&mut self, first_hop: PeerId) -> Result<Ticket, ElectionError> {
        self.election.open_channel(first_hop, &self.config).map(|query| query.ticket)
    }

    /// Verifies and stores an answer.
    ///
    /// # Errors
    ///
    /// As [`Election::handle_answer`].
    pub fn handle_answer(
        &mut self,
        ticket: Ticket,
        answer: &Mapping,
        signature_mappings: &[Mapping; PROOF_SIZE],
        responder_peer: PeerId,
    ) -> Result<(), ElectionError> {
        let proof = Proof { answer: *answer, signature: *signature_mappings };
        let verifier =
            ProofVerifier { rule: VerificationRule::Weak, search: SearchRule::RingWrap, own: &NoStore };
        let rules = VotingRules { election: &self.config, verifier };
        self.election.handle_answer(ticket, proof.into(), responder_peer, rules).map(|_| ())
    }

    /// Closes the channel of a referral; returns the suggested peer to ask next, of two in random order.
    /// `create_channel` asks it. The peer that referred does not matter.
    ///
    /// # Errors
    ///
    /// As [`Election::handle_referral`], without those of a channel that is opened.
    pub fn handle_referral(
        &mut self,
        ticket: Ticket,
        token_challenge: TokenId,
        suggested_peers: [PeerId; 2],
        _responder_peer: PeerId,
        rng: &mut Rng,
    ) -> Result<PeerId, ElectionError> {
        let next = self.election.next_hop(ticket, token_challenge, suggested_peers, &self.config, rng)?;
        Ok(next.peer)
    }

    /// Tallies the answers so far.
    #[must_use]
    pub fn check_for_winner(&self) -> WinnerResult {
        match self.election.check_for_winner(&self.config, &NoStore) {
            Outcome::Single { winner, cluster } => {
                let cluster_signatures = self.signatures(&cluster);
                WinnerResult::Single { winner, cluster, cluster_signatures }
            }
            Outcome::SplitBrain { winners: [winner1, winner2], clusters: [cluster1, cluster2] } => {
                let [signatures1, signatures2] = [&cluster1, &cluster2].map(|one| self.signatures(one));
                WinnerResult::SplitBrain { cluster1, winner1, signatures1, cluster2, winner2, signatures2 }
            }
            Outcome::NoConsensus => WinnerResult::NoConsensus,
        }
    }

    /// Number of answers that count.
    #[must_use]
    pub fn valid_response_count(&self) -> usize {
        self.election.valid_response_count()
    }

    /// Returns whether fewer than `max_channels` channels exist.
    #[must_use]
    pub fn can_create_channel(&self) -> bool {
        self.election.can_open_channel(&self.config)
    }

    /// The challenged token.
    #[must_use]
    pub const fn challenge_token(&self) -> TokenId {
        self.election.token()
    }

    /// Number of channels in any state.
    #[must_use]
    pub fn channel_count(&self) -> usize {
        self.election.channel_count()
    }

    /// Number of peers whose answers do not count.
    #[must_use]
    pub const fn blocked_peer_count(&self) -> usize {
        self.election.blocked_peer_count()
    }

    /// First hops and responders of all channels, in ascending order.
    #[must_use]
    pub fn participating_peers(&self) -> Vec<PeerId> {
        self.election.participants()
    }

    fn signatures(&self, cluster: &ConsensusCluster) -> ClusterSignatures {
        let signed = self.election.signatures(cluster);
        signed.map(|(peer, proof)| (peer, proof.resolve(&NoStore).signature)).collect()
    }
}

/// The store of a challenger that holds nothing: all proofs are explicit.
struct NoStore;

impl ProofResolver for NoStore {
    fn resolve(&self, _: &CompactProof) -> Proof {
        unreachable!("every proof of this facade is explicit")
    }
}

impl TokenStore for NoStore {
    fn block_of(&self, _: TokenId) -> Option<BlockId> {
        None
    }

    fn prove(&self, _: TokenId, _: PeerId) -> Option<StorageProof> {
        None
    }
}
