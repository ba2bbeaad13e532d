//! Blocks of document 000, phase 4: peers vote on blocks of tokens and commit them.
//!
//! ```text
//! client -> any peer ---- Initial votes / Votes ----> owners of the tokens, witnesses of the block
//!                   <---- Votes, as they change -----
//! ```
//!
//! The layer reads the Connected peers of the lifecycle above it and the stored mappings of its host; what it
//! commits changes those mappings, and with them the proofs of storage.
//!
//! | module | content |
//! |---|---|
//! | [`message`], [`event`] | payloads; facts for observers |
//! | [`pool`], [`store`] | undecided blocks with their votes; committed blocks |
//! | [`support`] | approvals of a block at its commit, for observers |
//! | [`view`] | peers whose votes count, their ranges and weights |
//! | `voting` | own vote, count of votes, parents and conflicts |
//! | `spread` | peers to ask and to tell: polling as published, or pushing what changes |
//! | `certificate` | proposals, collected votes and certificates |
//! | `inbound` | arriving votes, blocks and requests |
//! | `commit` | commits, reorganisations, expiry |
//! | `repair` | commits of others that were missed, or won against the own ones |
//! | [`sabotage`] | peers that break a rule of voting |
//! | `heads` | heads of chains in Answers, and what they reveal |
//! | `fraud` | Answers that their own heads have overtaken |
//!
//! Memory is bounded: see the `_MAX` constants and `consensus.pool_max`.

mod certificate;
mod commit;
pub mod event;
mod fraud;
mod heads;
mod inbound;
pub mod message;
pub mod pool;
mod repair;
pub mod sabotage;
mod spread;
pub mod store;
pub mod support;
pub mod view;
mod voting;

use std::sync::Arc as Shared;

use self::certificate::Call;
use self::event::Fact;
use self::fraud::Inquiry;
use self::heads::Heads;
use self::message::BlockMessage;
use self::pool::Pool;
use self::sabotage::send;
use self::store::BlockStore;
use self::view::View;
use super::address::Address;
use super::context::HostContext;
use super::layer::{Body, Layer, Passed, Upward};
use crate::base::digest::Digest;
use crate::base::id::{BlockId, PeerId};
use crate::base::mutant::mutant;
use crate::base::time::Round;
use crate::config::{Config, SpreadRule};
use crate::protocol::block::chain::Chain;
use crate::protocol::block::content::ValidityRules;
use crate::protocol::block::{Ballot, Block};
use crate::protocol::message::MessageKind;

/// The timer of a round, set as long as there is something to do.
const ROUND: u8 = 0;

/// Votes on blocks at one host.
#[derive(Clone, Debug)]
pub struct Consensus {
    view: View,
    pool: Pool,
    store: BlockStore,
    chain: Chain,
    heads: Heads,
    /// Peers whose Answers are compared with their heads.
    inquiries: Vec<Inquiry>,
    /// Secret of its tickets, drawn at boot.
    secret: u64,
    /// Whether the timer of the round is set.
    is_timed: bool,
    /// Votes of each sender in the present round, while they are limited.
    received: Vec<(PeerId, u32)>,
    /// Round that they belong to.
    received_in: Round,
}

impl Layer for Consensus {
    type Body = BlockMessage;

    fn new(_host: PeerId, config: &Config) -> Option<Self> {
        config.consensus.enabled.then(|| Self {
            view: View::default(),
            pool: Pool::default(),
            store: BlockStore::default(),
            chain: Chain::default(),
            heads: Heads::default(),
            inquiries: Vec::new(),
            secret: 0,
            is_timed: false,
            received: Vec::new(),
            received_in: Round(0),
        })
    }

    fn on_boot(&mut self, cx: &mut HostContext<'_>) {
        self.secret = cx.rng.number();
        if fraud::is_watched(cx) {
            let number = mutant!(ChainUnnumbered: cx.rng.number() => 0);
            self.chain = Chain::numbered(number);
        }
    }

    fn on_packet(&mut self, cx: &mut HostContext<'_>, from: Address, body: BlockMessage) -> Option<Upward> {
        let from = cx.directory.host(from)?;
        self.view.refresh(cx);
        match body {
            BlockMessage::Vote { block, ballot, wants } => self.on_vote(cx, from, block, ballot, wants),
            BlockMessage::InitialVote { block, ballot, wants } => {
                self.on_initial_vote(cx, from, &block, ballot, wants);
            }
            BlockMessage::QueryBlock { block, target, ticket } => {
                self.on_query(cx, target.unwrap_or(from), block, ticket);
            }
            BlockMessage::Block { block, ticket } => self.on_block(cx, from, &block, ticket),
            BlockMessage::Answer { head, message } => {
                self.on_head(cx, from, head);
                self.compare(cx, from, head, &message);
                return Some(Upward { from, body: message.into() });
            }
            BlockMessage::QueryLink { id, links } => self.on_query_link(cx, from, id, links),
            BlockMessage::Links(links) => self.on_links(cx, from, &links),
            BlockMessage::Proposal { block, collector, attempt, roles } => {
                self.on_proposal(cx, from, &block, Call { collector, attempt }, roles);
            }
            BlockMessage::Certificate { block, votes } => self.on_certificate(cx, from, block, &votes),
            BlockMessage::Evidence(evidence) => self.on_evidence(cx, &evidence),
        }
        None
    }

    fn on_send(&mut self, cx: &mut HostContext<'_>, to: PeerId, body: Body) -> Passed {
        let message = match body.into_lifecycle() {
            Ok(message) => message,
            Err(body) => return Passed::Down(body),
        };
        let rules = &cx.config.consensus;
        let is_lost = match message.kind() {
            MessageKind::Referral => rules.referrals_dropped,
            MessageKind::Query => rules.elections_unticked,
            _ => false,
        };
        if is_lost {
            return Passed::Taken;
        }
        match self.chain.head() {
            Some(head)
                if rules.heads
                    && message.kind() == MessageKind::Answer
                    && self.may_state_head(cx, &message) =>
            {
                self.heads.state(head);
                send(cx, to, BlockMessage::Answer { head, message });
                Passed::Taken
            }
            _ => Passed::Down(message.into()),
        }
    }

    fn on_timer(&mut self, cx: &mut HostContext<'_>, _kind: u8, _key: u32) {
        self.is_timed = false;
        self.view.refresh(cx);
        self.take_round(cx);
        self.time(cx);
    }

    fn digest(&self, digest: &mut Digest) {
        self.pool.digest(digest);
        self.store.digest(digest);
        self.chain.digest(digest);
        self.heads.digest(digest);
        digest.number(self.secret);
        digest.number(u64::from(self.is_timed));
        digest.length(self.view.forced().len());
        digest.length(self.received.len());
        self.inquiries.iter().for_each(|one| one.digest(digest));
        for (peer, count) in &self.received {
            digest.number(peer.get() ^ u64::from(*count));
        }
    }
}

impl Consensus {
    /// A client submits a block.
    pub(crate) fn submit(&mut self, cx: &mut HostContext<'_>, block: Block) {
        self.view.refresh(cx);
        cx.report(Fact::Submitted.of(block.id));
        self.learn(cx, &Shared::new(block));
    }

    /// Undecided blocks.
    #[must_use]
    pub const fn pool(&self) -> &Pool {
        &self.pool
    }

    /// Committed blocks, the latest ones.
    #[must_use]
    pub const fn store(&self) -> &BlockStore {
        &self.store
    }

    /// The chain of commits.
    #[must_use]
    pub const fn chain(&self) -> &Chain {
        &self.chain
    }

    /// Peers that have contradicted themselves by what they signed.
    #[must_use]
    pub fn frauds(&self) -> &[PeerId] {
        self.heads.frauds()
    }

    /// Sets the timer of the round if there is something to do.
    fn time(&mut self, cx: &mut HostContext<'_>) {
        let has_work = !self.pool.is_empty() || !self.heads.is_idle();
        if has_work && !self.is_timed {
            self.is_timed = true;
            let ticks = u64::from(cx.config.time.ticks_per_round);
            cx.set_timer(ROUND, 0, ticks - cx.now.tick.0 % ticks);
        }
    }

    /// A round of the host: expiry, and what has waited for time.
    fn take_round(&mut self, cx: &mut HostContext<'_>) {
        self.expire(cx);
        match cx.config.consensus.spread {
            SpreadRule::Certificate => self.collect(cx),
            SpreadRule::Poll | SpreadRule::Push => self.poll_or_follow_up(cx),
        }
        self.look_again(cx);
        self.tell_next(cx);
        self.trace_heads(cx);
    }

    /// The block with an id, decided or not.
    fn find(&self, id: BlockId) -> Option<&Shared<Block>> {
        self.store.get(id).or_else(|| self.pool.get(id)?.block.as_ref())
    }
}

/// Sends a message about blocks as it is.
fn send_honestly(cx: &mut HostContext<'_>, to: PeerId, message: BlockMessage) {
    cx.send_down(to, message);
}

/// Rules of validity in force.
fn validity(cx: &HostContext<'_>) -> ValidityRules {
    let rules = &cx.config.consensus;
    ValidityRules {
        is_six_refused: rules.six_refused,
        is_content_checked: rules.content_checked || fraud::is_watched(cx),
        future_rounds: u64::from(rules.future_rounds),
    }
}

/// A vote that says nothing.
const SILENT: Ballot = Ballot { yes: 0, no: 0 };

#[cfg(test)]
mod tests;
