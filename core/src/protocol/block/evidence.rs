//! Evidence: an Answer whose mapping is older than a block in the ancestry of the head that it states.
//!
//! The statement is one: its signer claims the head, and with it every link before it, and answers with a
//! mapping that a block of these links has spent. So a peer that has lost its memory, or has not seen a block
//! yet, says nothing wrong: its head does not name the block. No second statement is needed, and no vote: ids
//! of links and blocks are hashes of their contents, by which any third party follows the head to the block.

use std::sync::Arc as Shared;

use super::chain::{ChainLink, Head};
use super::content::Block;
use crate::base::digest::Digest;
use crate::base::id::PeerId;
use crate::base::mutant::mutant;
use crate::protocol::message::{Message, Proof, ProofResolver, StorageProof};

/// Links from the stated head to the one that names the block, at most. A peer remembers at least the blocks
/// of as many links, so that it can know what its next Answer contradicts.
pub const ANCESTRY_MAX: usize = 64;

/// A signed Answer, and what shows that its signer knew better.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Evidence {
    /// Signer of the Answer.
    pub accused: PeerId,
    /// Head that it stated with the Answer.
    pub head: Head,
    /// The Answer.
    pub answer: Message,
    /// Block that has spent one of its mappings.
    pub block: Shared<Block>,
    /// Links from the head down to the one that names the block.
    pub links: Vec<ChainLink>,
}

impl Evidence {
    /// Whether the evidence proves a contradiction, to any peer.
    #[must_use]
    pub fn is_proof(&self, resolver: &dyn ProofResolver) -> bool {
        self.head.chain.is_some()
            && self.links.len() <= ANCESTRY_MAX
            && (0..self.links.len()).all(|index| self.follows(index))
            && mutant!(AncestryUnread: self.names_block() => true)
            && self.block.is_genuine()
            && own_proof(&self.answer, self.accused)
                .is_some_and(|proof| spends(&self.block, &proof.resolve(resolver)))
    }

    /// Whether the last link names the block.
    #[must_use]
    pub fn names_block(&self) -> bool {
        self.links.last().is_some_and(|link| link.has(self.block.id))
    }

    /// Adds a link; `false` if it is not the next one of the ancestry.
    pub fn extend(&mut self, link: &ChainLink) -> bool {
        self.links.push(link.clone());
        let follows = self.links.len() <= ANCESTRY_MAX && self.follows(self.links.len() - 1);
        if !follows {
            self.links.pop();
        }
        follows
    }

    /// Id of the link that the ancestry goes on with; `None` at the first link of the chain, or if it would
    /// be one too many.
    #[must_use]
    pub fn next(&self) -> Option<u64> {
        let next = self.links.last().map_or(Some(self.head.id), |link| link.previous);
        next.filter(|_| self.links.len() < ANCESTRY_MAX)
    }

    /// Whether a link is genuine, and the head itself or the one before the link above it.
    fn follows(&self, index: usize) -> bool {
        let (link, chain) = (&self.links[index], self.head.chain);
        let is_next = match index.checked_sub(1).map(|above| &self.links[above]) {
            None => link.head == self.head,
            Some(above) => {
                above.previous == Some(link.head.id)
                    && link.head.chain == chain
                    && above.head.height.checked_sub(1) == Some(link.head.height)
            }
        };
        is_next && link.is_genuine()
    }

    /// Bytes on the wire: accused, signature of the Answer, and the parts.
    #[must_use]
    pub fn size(&self) -> u32 {
        let links: u32 = self.links.iter().map(ChainLink::size).sum();
        16 + self.head.size() + self.answer.wire_size() + self.block.size() + links
    }

    /// Adds the evidence to a fingerprint.
    pub fn digest(&self, digest: &mut Digest, resolver: &dyn ProofResolver) {
        digest.number(self.accused.get());
        digest.number(self.head.id);
        self.answer.digest(digest, resolver);
        self.block.digest(digest);
        self.links.iter().for_each(|link| link.digest(digest));
    }
}

/// The proof of an Answer that a peer has signed; `None` if it only passes on the Answer of another one.
#[must_use]
pub fn own_proof(answer: &Message, signer: PeerId) -> Option<&StorageProof> {
    match answer {
        Message::Answer { proof, relay, .. } => {
            relay.as_ref().is_none_or(|relay| relay.responder == signer).then_some(proof)
        }
        _ => None,
    }
}

/// Whether a block has spent one of the mappings that a proof shows.
#[must_use]
pub fn spends(block: &Block, proof: &Proof) -> bool {
    let mut shown = [&proof.answer].into_iter().chain(&proof.signature);
    shown.any(|mapping| block.part(mapping.token).is_some_and(|part| part.last == Some(mapping.block)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::id::{BlockId, Ticket, TokenId};
    use crate::base::time::Round;
    use crate::protocol::block::chain::Chain;
    use crate::protocol::block::content::Part;
    use crate::protocol::message::{Mapping, NoTable, PROOF_SIZE, Relay};

    const ACCUSED: PeerId = PeerId::new(77);
    const OLD: BlockId = BlockId::new(40);

    fn mapping(token: u64, block: BlockId) -> Mapping {
        Mapping { token: TokenId::new(token), block }
    }

    /// An Answer that maps token 5 to a block.
    fn answer(block: BlockId) -> Message {
        let mut signature = [mapping(9, OLD); PROOF_SIZE];
        signature[3] = mapping(5, block);
        let proof = Proof { answer: mapping(8, OLD), signature }.into();
        Message::Answer { ticket: Ticket::new(1), proof, relay: None }
    }

    /// A block that takes token 5 over.
    fn block(time: u64, last: BlockId) -> Shared<Block> {
        let part = Part { token: TokenId::new(5), last: Some(last), key: time, signature: None };
        Shared::new(Block::new(Round(time), [part].into_iter().collect()))
    }

    /// A chain of blocks, and its links from the head down to the one of round `down_to`.
    fn chain(number: u64, blocks: &[Shared<Block>], down_to: u64) -> Vec<ChainLink> {
        let mut chain = Chain::numbered(number);
        blocks.iter().for_each(|block| chain.append(block.time, block.as_ref().into(), true));
        let head = chain.head().and_then(|head| chain.link(head.id));
        let links = std::iter::successors(head, |link| chain.link(link.previous?));
        links.take_while(|link| link.time.0 >= down_to).cloned().collect()
    }

    fn history() -> [Shared<Block>; 4] {
        let spending = block(2, OLD);
        [block(1, BlockId::new(1)), spending, block(3, BlockId::new(3)), block(4, BlockId::new(4))]
    }

    /// The block of round 2 has spent the mapping; the head is that of round 4.
    fn evidence() -> Evidence {
        let links = chain(6, &history(), 2);
        let block = Shared::clone(&history()[1]);
        Evidence { accused: ACCUSED, head: links[0].head, answer: answer(OLD), block, links }
    }

    fn is_proof(change: impl FnOnce(&mut Evidence)) -> bool {
        let mut evidence = evidence();
        change(&mut evidence);
        evidence.is_proof(&NoTable)
    }

    #[test]
    fn an_answer_older_than_a_block_below_its_head_is_a_contradiction() {
        assert!(is_proof(|_| {}));
        let mut collected = Evidence { links: Vec::new(), ..evidence() };
        assert!(!collected.is_proof(&NoTable));
        for link in evidence().links {
            assert_eq!(collected.next(), Some(link.head.id));
            assert!(!collected.names_block() && collected.extend(&link));
        }
        assert_eq!(collected, evidence());
    }

    #[test]
    fn the_answer_is_one_of_the_accused_with_the_mapping_that_was_spent() {
        assert!(!is_proof(|one| one.answer = answer(one.block.id)), "the new mapping");
        assert!(!is_proof(|one| one.answer = Message::Goodbye { leaves: true }));
        let passed_on = |one: &mut Evidence, responder| {
            if let Message::Answer { relay, .. } = &mut one.answer {
                *relay = Some(Box::new(Relay { responder, hops: 1, path: Vec::new() }));
            }
        };
        assert!(is_proof(|one| passed_on(one, ACCUSED)));
        assert!(!is_proof(|one| passed_on(one, PeerId::new(1))), "it may only pass on what others answer");
    }

    #[test]
    fn the_head_has_its_own_height_and_chain() {
        assert!(!is_proof(|one| one.head.height += 1));
        assert!(!is_proof(|one| {
            one.head.height += 1;
            one.links[0].head = one.head;
        }));
        assert!(!is_proof(|one| one.head.chain = Some(7)));
        assert!(!is_proof(|one| one.head = chain(7, &history(), 4)[0].head), "another chain");
        assert!(!is_proof(|one| one.links = chain(7, &history(), 2)), "links of another chain");
    }

    #[test]
    fn a_chain_without_a_number_proves_nothing() {
        let mut chain = Chain::default();
        chain.append(Round(2), history()[1].as_ref().into(), true);
        let link = chain.link(chain.head().unwrap().id).unwrap().clone();
        assert!(!is_proof(|one| (one.head, one.links) = (link.head, vec![link])));
    }

    #[test]
    fn the_link_with_the_block_lies_below_the_head() {
        let above = || chain(6, &[&history()[..], &[block(5, OLD)]].concat(), 5);
        assert!(!is_proof(|one| {
            one.block = block(5, OLD);
            one.links = above();
        }));
        assert!(!is_proof(|one| {
            one.block = block(5, OLD);
            one.links.extend(above());
        }));
        for index in 0..3 {
            assert!(!is_proof(|one| _ = one.links.remove(index)), "link {index} is missing");
        }
        assert!(!is_proof(|one| one.links.clear()));
    }

    #[test]
    fn a_link_says_what_its_id_was_made_of() {
        for index in 0..3 {
            assert!(!is_proof(|one| one.links[index].time = Round(9)));
            assert!(!is_proof(|one| one.links[index].previous = Some(9)));
            assert!(!is_proof(|one| one.links[index].blocks[0].tokens.clear()));
        }
    }

    #[test]
    fn the_block_is_genuine_named_and_spends_the_mapping() {
        assert!(!is_proof(|one| one.block = block(3, BlockId::new(3))), "not named by the last link");
        assert!(!is_proof(|one| {
            one.block = block(3, BlockId::new(3));
            one.links.truncate(2);
        }));
        assert!(!is_proof(|one| {
            let mut forged = block(3, BlockId::new(3)).as_ref().clone();
            forged.parts[0].last = Some(OLD);
            one.block = Shared::new(forged);
            one.links.truncate(2);
        }));
    }

    #[test]
    fn ancestry_is_bounded() {
        let with = |count: u64| {
            let blocks: Vec<_> = (1..=count).map(|time| block(time, OLD)).collect();
            let links = chain(6, &blocks, 1);
            let block = Shared::clone(&blocks[0]);
            Evidence { head: links[0].head, block, links, ..evidence() }
        };
        let most = ANCESTRY_MAX as u64;
        assert!(with(most).is_proof(&NoTable) && with(most).next().is_none());
        assert!(!with(most + 1).is_proof(&NoTable));
        let mut full = with(most + 1);
        let last = full.links.pop().unwrap();
        assert!(full.next().is_none() && !full.extend(&last));
    }
}
