//! Messages about blocks.

use std::sync::Arc as Shared;

use crate::base::digest::Digest;
use crate::base::id::{BlockId, PeerId};
use crate::base::kind::KindInfo;
use crate::protocol::block::ballot::Roles;
use crate::protocol::block::chain::{ChainLink, Head};
use crate::protocol::block::evidence::Evidence;
use crate::protocol::block::{Ballot, Block};
use crate::protocol::message::{Message, ProofResolver};
use crate::stack::layer::LayerBody;

/// Payload of a packet about blocks.
#[derive(Clone, Debug)]
pub enum BlockMessage {
    /// A vote on a block.
    Vote {
        /// The block.
        block: BlockId,
        /// The vote.
        ballot: Ballot,
        /// Roles that the sender wants the receiver's vote on.
        wants: Roles,
    },
    /// A request for a block.
    QueryBlock {
        /// The block.
        block: BlockId,
        /// Peer to reply to; `None` for the sender.
        target: Option<PeerId>,
        /// Ticket that the reply repeats.
        ticket: u64,
    },
    /// A block, as a reply.
    Block {
        /// The block.
        block: Shared<Block>,
        /// Ticket of the request.
        ticket: u64,
    },
    /// A vote with its block, to a receiver that may not have it.
    InitialVote {
        /// The block.
        block: Shared<Block>,
        /// The vote.
        ballot: Ballot,
        /// Roles that the sender wants the receiver's vote on.
        wants: Roles,
    },
    /// An Answer of the lifecycle with the head of the sender's chain.
    Answer {
        /// The head.
        head: Head,
        /// The Answer.
        message: Message,
    },
    /// A request for links of the receiver's chain.
    QueryLink {
        /// Id of the latest of them.
        id: u64,
        /// Number of links wanted, those before it included.
        links: u32,
    },
    /// Links of a chain, the latest first.
    Links(Box<[ChainLink]>),
    /// A block on its way to peers that shall vote on it.
    Proposal {
        /// The block.
        block: Shared<Block>,
        /// Peer that the votes go to.
        collector: PeerId,
        /// Number of the proposal, from 1 on, by this collector.
        attempt: u8,
        /// Roles in whose ranges votes are wanted.
        roles: Roles,
    },
    /// Signed votes on a block.
    Certificate {
        /// The block.
        block: BlockId,
        /// Its voters with their votes.
        votes: Votes,
    },
    /// What a peer has signed, and how it contradicts itself.
    Evidence(Shared<Evidence>),
}

/// Signed votes, as a collector hands them on.
pub type Votes = Shared<[(PeerId, Ballot)]>;

/// Number of each kind.
pub mod kind {
    /// Vote.
    pub const VOTE: u8 = 0;
    /// Request for a block.
    pub const QUERY: u8 = 1;
    /// Block.
    pub const BLOCK: u8 = 2;
    /// Vote with its block.
    pub const INITIAL: u8 = 3;
    /// Answer with a head.
    pub const ANSWER: u8 = 4;
    /// Request for a link.
    pub const QUERY_LINK: u8 = 5;
    /// Link.
    pub const LINK: u8 = 6;
    /// Proposal.
    pub const PROPOSAL: u8 = 7;
    /// Certificate.
    pub const CERTIFICATE: u8 = 8;
    /// Evidence.
    pub const EVIDENCE: u8 = 9;
}

const fn row(name: &'static str, plural: &'static str) -> KindInfo {
    KindInfo { name, plural }
}

impl LayerBody for BlockMessage {
    const KINDS: &'static [KindInfo] = &[
        // Votes on the tokens and witnesses of a block.
        row("vote", "Votes"),
        // Asks for a block.
        row("query-block", "Block queries"),
        // Brings a block that was asked for.
        row("block", "Blocks"),
        // Brings a block together with a vote.
        row("initial-vote", "Initial votes"),
        // Brings an Answer of the lifecycle with the head of a chain.
        row("answer", "Answers with heads"),
        // Asks for links of a chain of commits.
        row("query-commit", "Commit queries"),
        // Brings links of a chain of commits.
        row("commit-block", "Commit blocks"),
        // Brings a block towards the peers that shall vote on it.
        row("proposal", "Proposals"),
        // Brings the signed votes on a block.
        row("certificate", "Certificates"),
        // Proves that a peer has answered with a mapping older than a block it knew.
        row("evidence", "Evidence"),
    ];

    fn kind(&self) -> u8 {
        match self {
            Self::Vote { .. } => kind::VOTE,
            Self::QueryBlock { .. } => kind::QUERY,
            Self::Block { .. } => kind::BLOCK,
            Self::InitialVote { .. } => kind::INITIAL,
            Self::Answer { .. } => kind::ANSWER,
            Self::QueryLink { .. } => kind::QUERY_LINK,
            Self::Links(_) => kind::LINK,
            Self::Proposal { .. } => kind::PROPOSAL,
            Self::Certificate { .. } => kind::CERTIFICATE,
            Self::Evidence(_) => kind::EVIDENCE,
        }
    }

    fn size(&self) -> u32 {
        match self {
            Self::Vote { .. } => 11,
            Self::QueryBlock { .. } => 24,
            Self::Block { block, .. } => 8 + block.size(),
            Self::InitialVote { block, .. } => 3 + block.size(),
            Self::Answer { head, message } => head.size() + message.wire_size(),
            Self::QueryLink { links, .. } => 8 + u32::from(*links > 1),
            Self::Links(links) => links.iter().map(ChainLink::size).sum(),
            Self::Proposal { block, .. } => 10 + block.size(),
            // A voter, its vote and its signature.
            Self::Certificate { votes, .. } => 8 + 18 * u32::try_from(votes.len()).unwrap_or(u32::MAX / 18),
            Self::Evidence(evidence) => evidence.size(),
        }
    }

    fn named(&self) -> Vec<PeerId> {
        match self {
            Self::QueryBlock { target, .. } => target.iter().copied().collect(),
            Self::Answer { message, .. } => message.named().collect(),
            Self::Proposal { collector, .. } => vec![*collector],
            _ => Vec::new(),
        }
    }

    fn digest(&self, digest: &mut Digest, resolver: &dyn ProofResolver) {
        match self {
            Self::Vote { block, ballot, wants } => {
                digest.number(block.get());
                ballot.digest(digest);
                digest.number(*wants);
            }
            Self::QueryBlock { block, target, ticket } => {
                digest.number(block.get());
                digest.number(u64::from(target.is_some()));
                digest.number(target.map_or(0, PeerId::get));
                digest.number(*ticket);
            }
            Self::Block { block, ticket } => {
                block.digest(digest);
                digest.number(*ticket);
            }
            Self::InitialVote { block, ballot, wants } => {
                block.digest(digest);
                ballot.digest(digest);
                digest.number(*wants);
            }
            Self::Answer { head, message } => {
                digest.number(head.id);
                digest.number(head.height);
                message.digest(digest, resolver);
            }
            Self::QueryLink { id, links } => {
                digest.number(*id);
                // One link is the rule of the first version.
                if *links > 1 {
                    digest.number(*links);
                }
            }
            Self::Links(links) => links.iter().for_each(|link| link.digest(digest)),
            Self::Proposal { block, collector, attempt, roles } => {
                block.digest(digest);
                digest.number(*attempt);
                digest.number(collector.get());
                digest.number(*roles);
            }
            Self::Certificate { block, votes } => {
                digest.number(block.get());
                digest.length(votes.len());
                for (peer, ballot) in votes.iter() {
                    digest.number(peer.get());
                    ballot.digest(digest);
                }
            }
            Self::Evidence(evidence) => evidence.digest(digest, resolver),
        }
    }
}
