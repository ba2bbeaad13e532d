//! A place in the world: a peer with its storage, its luck and its condition.

use crate::actor::{Context, Input, Outbox, TokenStore};
use crate::config::{Config, SearchRule};
use crate::digest::Digest;
use crate::id::{BlockId, PeerId, TokenId};
use crate::message::Proof;
use crate::node::Node;
use crate::proof;
use crate::rng::{Purpose, Rng};
use crate::time::Round;
use crate::token::{Holdings, Universe, reach};

/// Whether a peer runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Condition {
    /// It takes part.
    Running,
    /// It has stopped and may return with the state it had.
    Crashed,
}

/// A peer and what belongs to it alone.
#[derive(Clone, Debug)]
pub struct Host {
    id: PeerId,
    node: Node,
    holdings: Holdings,
    condition: Condition,
    decisions: Rng,
    secrets: Rng,
    /// The luck of the messages that the peer sends.
    pub(crate) links: Rng,
    /// Messages that the peer has sent.
    pub(crate) sent: u32,
}

impl Host {
    /// A peer that knows nobody, with the tokens that fall to it in a world of this seed and size.
    #[must_use]
    pub fn new(id: PeerId, seed: u64, config: &Config, universe: &Universe) -> Self {
        let stream = |purpose| Rng::stream(seed, purpose, id.get());
        let reach = reach(&config.tokens, config.genesis.peers);
        let holdings =
            Holdings::new(universe, id, reach, config.tokens.coverage, &mut stream(Purpose::Coverage))
                .with_views(id, &config.tokens);
        Self {
            id,
            node: Node::new(id),
            holdings,
            condition: Condition::Running,
            decisions: stream(Purpose::Protocol),
            secrets: stream(Purpose::Secrets),
            links: stream(Purpose::Links),
            sent: 0,
        }
    }

    /// Who lives here.
    #[must_use]
    pub const fn id(&self) -> PeerId {
        self.id
    }

    /// The peer's protocol state.
    #[must_use]
    pub const fn node(&self) -> &Node {
        &self.node
    }

    /// The tokens that the peer holds.
    #[must_use]
    pub const fn holdings(&self) -> &Holdings {
        &self.holdings
    }

    /// Whether the peer runs.
    #[must_use]
    pub const fn condition(&self) -> Condition {
        self.condition
    }

    /// Whether the peer takes part.
    #[must_use]
    pub fn is_running(&self) -> bool {
        self.condition == Condition::Running
    }

    pub(crate) const fn set_condition(&mut self, condition: Condition) {
        self.condition = condition;
    }

    pub(crate) fn reconsider(&mut self) {
        self.node.reconsider();
    }

    /// Lets the peer handle an input.
    pub fn handle(&mut self, surroundings: Surroundings<'_>, outbox: &mut Outbox, input: Input) {
        self.with_context(surroundings, outbox, |node, cx| node.handle(cx, input));
    }

    /// Lets something happen to the peer's protocol state, in its context.
    pub(crate) fn with_context(
        &mut self,
        surroundings: Surroundings<'_>,
        outbox: &mut Outbox,
        happen: impl FnOnce(&mut Node, &mut Context<'_>),
    ) {
        let Surroundings { now, config, universe } = surroundings;
        let store = Store { universe, holdings: &self.holdings, search: config.tokens.search };
        let mut cx = Context {
            now,
            config,
            rng: &mut self.decisions,
            secrets: &mut self.secrets,
            store: &store,
            outbox,
        };
        happen(&mut self.node, &mut cx);
    }

    /// Adds the peer to a fingerprint.
    pub fn digest(&self, digest: &mut Digest) {
        self.node.digest(digest);
        digest.number(self.condition == Condition::Running);
        for stream in [&self.decisions, &self.secrets, &self.links] {
            digest.number(stream.state());
        }
        digest.number(self.sent);
        digest.number(self.holdings.count());
    }
}

/// What all peers share while they handle inputs.
#[derive(Clone, Copy)]
pub struct Surroundings<'a> {
    /// The current round.
    pub now: Round,
    /// The rules.
    pub config: &'a Config,
    /// All tokens.
    pub universe: &'a Universe,
}

/// The tokens of one peer, as its node may use them.
struct Store<'a> {
    universe: &'a Universe,
    holdings: &'a Holdings,
    search: SearchRule,
}

impl TokenStore for Store<'_> {
    fn block_of(&self, token: TokenId) -> Option<BlockId> {
        let rank = self.universe.rank_of(token)?;
        self.holdings.holds(rank).then(|| self.holdings.mapping(self.universe, rank).block)
    }

    fn prove(&self, token: TokenId, asker: PeerId) -> Option<Proof> {
        proof::search(self.universe, self.holdings, self.search, token, asker)
    }
}
