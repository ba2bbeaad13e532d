//! A place in the world: a peer with its storage, its link_rng and its status.

use crate::base::digest::Digest;
use crate::base::id::{BlockId, PeerId, TokenId};
use crate::base::mutant::Mutant;
use crate::base::ratio::Ratio;
use crate::base::rng::{Purpose, Rng};
use crate::base::time::Round;
use crate::config::{Config, SearchRule, StorageFault};
use crate::protocol::context::{Context, Input, Outbox, TokenStore};
use crate::protocol::message::{CompactProof, Proof, ProofResolver, StorageProof};
use crate::protocol::node::Node;
use crate::protocol::proof;
use crate::protocol::token::{TokenSet, Universe, reach};
use crate::stack::adversary::Adversary;

/// Whether a peer runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HostStatus {
    /// It takes part.
    Running,
    /// It has stopped and may return with the state it had.
    Crashed,
    /// It does nothing for the time being, and messages to it wait, as while memory is cleaned up.
    Paused,
}

impl HostStatus {
    /// The word for it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Running => "running",
            Self::Crashed => "crashed",
            Self::Paused => "paused",
        }
    }
}

/// A peer and what belongs to it alone.
#[derive(Clone, Debug)]
pub struct Host {
    id: PeerId,
    node: Node,
    /// Keeps all rules or breaks one; none is honest.
    adversary: Option<Box<Adversary>>,
    token_set: TokenSet,
    status: HostStatus,
    local_clock: LocalClock,
    decisions: Rng,
    secrets: Rng,
    /// The link_rng of the messages that the peer sends.
    pub(crate) links: Rng,
    /// Messages that the peer has sent.
    pub(crate) sent: u32,
    /// The place in the queue before its line that the next message takes, where bandwidth is limited.
    pub(crate) slot: u64,
    /// When it departs on its own; none where that has not been drawn.
    pub(crate) departs: Option<Round>,
    /// When it comes back on its own.
    pub(crate) returns: Option<Round>,
}

/// The clock of a peer, which may be wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LocalClock {
    /// Rounds that it is ahead; negative where it is behind.
    pub skew: i64,
    /// Thousandths of a round that pass on it in a round.
    pub rate: u32,
}

impl LocalClock {
    /// One that is right.
    pub const RIGHT: Self = Self { skew: 0, rate: 1_000 };

    /// What it shows in a round.
    #[must_use]
    pub fn shows(self, now: Round) -> Round {
        if Mutant::SkewIgnored.is_active() {
            return Round(self.passed(now));
        }
        Round(self.passed(now).saturating_add_signed(self.skew))
    }

    /// Turns that a peer takes by it in a round: as many as it goes on by.
    #[must_use]
    pub const fn turns(self, now: Round) -> u64 {
        self.passed(Round(now.0 + 1)) - self.passed(now)
    }

    const fn passed(self, now: Round) -> u64 {
        // Rounds stay far below 2^53.
        now.0 * self.rate as u64 / 1_000
    }
}

impl Host {
    /// A peer that knows nobody, with the tokens that fall to it in a world of this seed and size.
    #[must_use]
    pub fn new(id: PeerId, seed: u64, config: &Config, universe: &Universe) -> Self {
        let stream = |purpose| Rng::stream(seed, purpose, id.get());
        let reach = reach(&config.tokens, config.genesis.peers);
        let token_set =
            TokenSet::new(universe, id, reach, config.tokens.coverage, &mut stream(Purpose::Coverage))
                .with_versions(id, &config.tokens);
        Self {
            id,
            node: Node::new(id),
            adversary: None,
            token_set,
            status: HostStatus::Running,
            local_clock: LocalClock::RIGHT,
            decisions: stream(Purpose::Protocol),
            secrets: stream(Purpose::Secrets),
            links: if Mutant::LuckAlike.is_active() {
                Rng::stream(seed, Purpose::Links, 0)
            } else {
                stream(Purpose::Links)
            },
            sent: 0,
            slot: 0,
            departs: None,
            returns: None,
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

    /// What it does where it is not honest, now or later.
    #[must_use]
    pub fn adversary(&self) -> Option<&Adversary> {
        self.adversary.as_deref()
    }

    /// The peer's clock.
    #[must_use]
    pub const fn local_clock(&self) -> LocalClock {
        self.local_clock
    }

    /// The tokens that the peer holds.
    #[must_use]
    pub const fn token_set(&self) -> &TokenSet {
        &self.token_set
    }

    /// Whether the peer runs.
    #[must_use]
    pub const fn status(&self) -> HostStatus {
        self.status
    }

    /// Numbers that stand for its streams of chance: its decisions, its secrets and its link_rng.
    #[must_use]
    pub fn streams(&self) -> [u64; 3] {
        [&self.decisions, &self.secrets, &self.links].map(Rng::state)
    }

    /// Whether the peer takes part.
    #[must_use]
    pub fn is_running(&self) -> bool {
        self.status == HostStatus::Running
    }

    pub(crate) const fn set_status(&mut self, status: HostStatus) {
        self.status = status;
    }

    pub(crate) fn set_local_clock(&mut self, local_clock: LocalClock) {
        self.local_clock = local_clock;
        if !Mutant::ClockUnnoticed.is_active() {
            self.node.invalidate();
        }
    }

    pub(crate) fn set_adversary(&mut self, adversary: Option<Adversary>) {
        self.adversary = adversary.map(Box::new);
    }

    /// The rules have changed: what was concluded from the old ones, and what differs by them, is seen anew.
    pub(crate) fn invalidate(&mut self, config: &Config) {
        self.node.invalidate();
        self.token_set.set_versions(self.id, &config.tokens);
    }

    /// Something befalls a share of the tokens that the peer holds.
    pub(crate) fn inject_storage_fault(&mut self, harm: StorageFault, share: Ratio, config: &Config) {
        self.token_set.inject_storage_fault(harm, share);
        self.token_set.set_versions(self.id, &config.tokens);
    }

    /// Lets the peer handle an input.
    pub fn handle(&mut self, env: HostEnv<'_>, outbox: &mut Outbox, input: Input) {
        let Some(mut adversary) = self.adversary.take() else {
            self.with_context(env, outbox, |node, cx| node.handle(cx, input));
            return;
        };
        let adversaries = env.adversaries;
        self.with_context(env, outbox, |node, cx| adversary.handle(node, cx, input, adversaries));
        self.adversary = Some(adversary);
    }

    /// Lets something happen to the peer's protocol state, in its context.
    pub(crate) fn with_context(
        &mut self,
        env: HostEnv<'_>,
        outbox: &mut Outbox,
        happen: impl FnOnce(&mut Node, &mut Context<'_>),
    ) {
        let HostEnv { now, config, universe, .. } = env;
        let now = self.local_clock.shows(now);
        let store = Store { universe, token_set: &self.token_set, search: config.tokens.search };
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
    pub fn digest(&self, digest: &mut Digest, reader: &dyn ProofResolver) {
        self.node.digest(digest, reader);
        digest.number(self.status == HostStatus::Running);
        // What is out of the ordinary, where anything is: fingerprints without it are older.
        if self.status == HostStatus::Paused {
            digest.number(true);
        }
        if self.local_clock != LocalClock::RIGHT {
            digest.number(self.local_clock.skew.cast_unsigned());
            digest.number(self.local_clock.rate);
        }
        if let Some(adversary) = &self.adversary {
            adversary.digest(digest, reader);
        }
        if self.slot > 0 {
            digest.number(self.slot);
        }
        for due in [self.departs, self.returns].into_iter().flatten() {
            digest.number(due.0);
        }
        self.streams().into_iter().for_each(|stream| digest.number(stream));
        digest.number(self.sent);
        digest.number(self.token_set.count());
        self.token_set.digest_storage_fault(digest);
    }
}

/// What all peers share while they handle inputs.
#[derive(Clone, Copy)]
pub struct HostEnv<'a> {
    /// The current round.
    pub now: Round,
    /// The rules.
    pub config: &'a Config,
    /// All tokens.
    pub universe: &'a Universe,
    /// All peers that are not honest, in ascending order.
    pub adversaries: &'a [PeerId],
}

/// The tokens of one peer, as its node may use them.
struct Store<'a> {
    universe: &'a Universe,
    token_set: &'a TokenSet,
    search: SearchRule,
}

impl ProofResolver for Store<'_> {
    fn resolve(&self, finding: &CompactProof) -> Proof {
        self.universe.resolve(finding)
    }
}

impl TokenStore for Store<'_> {
    fn block_of(&self, token: TokenId) -> Option<BlockId> {
        let rank = self.universe.rank_of(token)?;
        self.token_set.holds(rank).then(|| self.token_set.mapping(self.universe, rank).block)
    }

    fn prove(&self, token: TokenId, asker: PeerId) -> Option<StorageProof> {
        proof::search(self.universe, self.token_set, self.search, token, asker).map(StorageProof::from)
    }
}
