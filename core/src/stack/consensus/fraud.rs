//! Fraud by an old mapping: an Answer that its own head has overtaken, with `consensus.fraud=mappings`.
//!
//! ```text
//! suspect -- Answer with its head ------> peer that knows a block which spends one of the mappings
//! suspect <-- QueryLink, Links ---------> the same, from the head back to that block
//!                                   the same -- Evidence --> its Connected peers -- Evidence --> theirs
//! ```
//!
//! A peer that has not committed the block is behind, and says so by its head. An honest peer compares its
//! own Answers with the blocks that it has committed, and states no head where they contradict each other.

use std::sync::Arc as Shared;

use super::event::Fact;
use super::message::BlockMessage;
use super::{Consensus, sabotage, send};
use crate::base::digest::Digest;
use crate::base::id::PeerId;
use crate::base::mutant::mutant;
use crate::base::time::Round;
use crate::config::FraudRule;
use crate::protocol::block::Block;
use crate::protocol::block::chain::{ChainLink, Head};
use crate::protocol::block::evidence::{Evidence, own_proof, spends};
use crate::protocol::event::PeerStateKind;
use crate::protocol::message::Message;
use crate::stack::context::HostContext;

/// Inquiries at a time.
const INQUIRIES_MAX: usize = 32;
/// Rounds after which a peer may be inquired about again.
const INQUIRY_ROUNDS: u64 = 20;
/// Links that are asked for at a time.
const LINKS: u32 = 16;

/// Evidence that is being collected.
#[derive(Clone, Debug)]
pub(super) struct Inquiry {
    evidence: Evidence,
    begun: Round,
    /// Whether a link is awaited.
    is_open: bool,
}

impl Inquiry {
    pub(super) fn digest(&self, digest: &mut Digest) {
        digest.number(self.evidence.accused.get());
        digest.number(self.begun.0 << 1 | u64::from(self.is_open));
        digest.length(self.evidence.links.len());
    }
}

/// Whether Answers are compared with the heads that they state.
pub(super) fn is_watched(cx: &HostContext<'_>) -> bool {
    cx.config.consensus.fraud == FraudRule::Mappings
}

impl Consensus {
    /// A committed block that has spent a mapping which a peer shows by an Answer of its own.
    fn spender(&self, cx: &HostContext<'_>, answer: &Message, signer: PeerId) -> Option<&Shared<Block>> {
        let proof = own_proof(answer, signer)?.resolve(cx.storage);
        self.store.iter().find(|block| spends(block, &proof))
    }

    /// Whether this peer may state its head with an Answer of its own: not if it has committed a block that
    /// spends one of the mappings. Liars do all the same.
    pub(super) fn may_state_head(&self, cx: &HostContext<'_>, answer: &Message) -> bool {
        let is_compared = is_watched(cx) && !sabotage::is_outdated(cx);
        !mutant!(ContradictionStated: is_compared => false) || self.spender(cx, answer, cx.host).is_none()
    }

    /// An Answer comes with a head: if this peer knows a block that spends one of the mappings, it asks
    /// whether the head follows that block.
    pub(super) fn compare(&mut self, cx: &mut HostContext<'_>, from: PeerId, head: Head, answer: &Message) {
        if !is_watched(cx) || self.heads.is_fraudulent(from) {
            return;
        }
        let Some(block) = self.spender(cx, answer, from).map(Shared::clone) else { return };
        let now = cx.now.round;
        self.inquiries.retain(|one| now.since(one.begun) < INQUIRY_ROUNDS);
        let is_known = self.inquiries.iter().any(|one| one.evidence.accused == from);
        if is_known || self.inquiries.len() == INQUIRIES_MAX {
            return;
        }
        let evidence = Evidence { accused: from, head, answer: answer.clone(), block, links: Vec::new() };
        self.inquiries.push(Inquiry { evidence, begun: now, is_open: true });
        send(cx, from, BlockMessage::QueryLink { id: head.id, links: LINKS });
    }

    /// Links arrive: those that an inquiry waits for lead to the block, or to the end of the chain without
    /// it. Returns whether an inquiry has waited for them.
    pub(super) fn inquire(&mut self, cx: &mut HostContext<'_>, from: PeerId, links: &[ChainLink]) -> bool {
        let awaits = |one: &&mut Inquiry| one.is_open && one.evidence.accused == from;
        let Some(inquiry) = self.inquiries.iter_mut().find(awaits) else { return false };
        let evidence = &mut inquiry.evidence;
        let count = evidence.links.len();
        for link in links {
            if evidence.names_block() || !evidence.extend(link) {
                break;
            }
        }
        if evidence.links.len() == count {
            return false;
        }
        let next = evidence.next().filter(|_| !evidence.names_block());
        inquiry.is_open = next.is_some();
        if let Some(id) = next {
            send(cx, from, BlockMessage::QueryLink { id, links: LINKS });
        } else {
            let evidence = Shared::new(evidence.clone());
            self.on_evidence(cx, &evidence);
        }
        true
    }

    /// Evidence is complete, or arrives from another peer: if it proves the contradiction, the votes of the
    /// accused no longer count, and all Connected peers are told.
    pub(super) fn on_evidence(&mut self, cx: &mut HostContext<'_>, evidence: &Shared<Evidence>) {
        let accused = evidence.accused;
        let is_news = is_watched(cx) && accused != cx.host && !self.heads.is_fraudulent(accused);
        if !is_news || !evidence.is_proof(cx.storage) || !self.heads.convict(accused) {
            return;
        }
        cx.report(Fact::Overtaken.of(evidence.block.id));
        let connected: Vec<PeerId> = cx.peers.of_kind(PeerStateKind::Connected).collect();
        for peer in connected.into_iter().filter(|peer| *peer != accused) {
            send(cx, peer, BlockMessage::Evidence(Shared::clone(evidence)));
        }
    }
}
