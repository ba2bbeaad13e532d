//! Hosts: a stack of layers with its storage, disk, random streams, clock and status.

use crate::base::digest::{Digest, Tag};
use crate::base::id::{BlockId, PeerId, TokenId};
use crate::base::mutant::{Mutant, mutant};
use crate::base::ratio::Ratio;
use crate::base::rng::{Purpose, Rng};
use crate::base::time::{Clock, Round, Tick};
use crate::config::{Config, SearchRule, StorageFault};
use crate::protocol::context::{Context, Input, Outbox, TokenStore};
use crate::protocol::message::{CompactProof, Proof, ProofResolver, StorageProof};
use crate::protocol::node::Node;
use crate::protocol::proof::{self, ProofVerifier};
use crate::protocol::token::{TokenSet, Universe, reach};
use crate::sim::disk::Disk;
use crate::sim::mappings::{StoredMappings, stored_block};
use crate::sim::network::Directory;
use crate::stack::adversary::Adversary;
use crate::stack::context::{HostOutbox, Now, Resources};
use crate::stack::layers::Layers;
use crate::stack::stack::Stack;
use crate::stack::timer::TimerId;

/// Whether a host runs.
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

/// A host and what belongs to it alone.
#[derive(Clone, Debug)]
pub struct Host {
    id: PeerId,
    stack: Stack,
    token_set: TokenSet,
    /// Survives restarts; `None` until a layer that may write is on.
    disk: Option<Box<Disk>>,
    status: HostStatus,
    local_clock: LocalClock,
    decisions: Rng,
    secrets: Rng,
    /// Random stream of the links, for the packets that the host sends.
    pub(crate) links: Rng,
    /// Packets sent, modulo 2^32.
    pub(crate) sent: u32,
    /// Slot in the queue before its line that the next packet takes, if bandwidth is limited.
    pub(crate) slot: u64,
    /// Round of its own departure; `None` if that has not been drawn.
    pub(crate) departs: Option<Round>,
    /// Round of its own return; `None` if it does not return by itself.
    pub(crate) returns: Option<Round>,
}

/// The clock of a host, which may be wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LocalClock {
    /// Rounds ahead; negative if it is behind.
    pub skew: i64,
    /// Thousandths of a round that pass on it in a round.
    pub rate: u32,
}

impl LocalClock {
    /// A clock without error.
    pub const RIGHT: Self = Self { skew: 0, rate: 1_000 };

    /// Round that it shows in a round of the world.
    #[must_use]
    pub fn shows(self, now: Round) -> Round {
        let passed = self.passed(now);
        Round(mutant!(SkewIgnored: passed.saturating_add_signed(self.skew) => passed))
    }

    /// Tick that it shows at a tick of the world.
    #[must_use]
    pub(crate) fn shows_tick(self, now: Tick, clock: Clock) -> Tick {
        let skew = mutant!(SkewIgnored: self.skew => 0).saturating_mul(clock.ticks_per_round.cast_signed());
        Tick((now.0 * u64::from(self.rate) / 1_000).saturating_add_signed(skew))
    }

    /// Turns that a peer takes by it in a round of the world.
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
    /// A host that knows no peer, with the tokens that fall to it in a world of this seed and size.
    #[must_use]
    pub fn new(id: PeerId, seed: u64, config: &Config, universe: &Universe) -> Self {
        let stream = |purpose| Rng::stream(seed, purpose, id.get());
        let reach = reach(&config.tokens, config.genesis.peers);
        let token_set =
            TokenSet::new(universe, id, reach, config.tokens.coverage, &mut stream(Purpose::Coverage))
                .with_versions(id, &config.tokens);
        let stack = Stack::new(id, seed, config);
        let disk = stack.lower().map(|_| Box::new(Disk::of(config)));
        Self {
            id,
            stack,
            token_set,
            disk,
            status: HostStatus::Running,
            local_clock: LocalClock::RIGHT,
            decisions: stream(Purpose::Protocol),
            secrets: stream(Purpose::Secrets),
            links: mutant!(LuckAlike: stream(Purpose::Links) => Rng::stream(seed, Purpose::Links, 0)),
            sent: 0,
            slot: 0,
            departs: None,
            returns: None,
        }
    }

    /// Its id.
    #[must_use]
    pub const fn id(&self) -> PeerId {
        self.id
    }

    /// Its layers.
    #[must_use]
    pub const fn stack(&self) -> &Stack {
        &self.stack
    }

    #[cfg(test)]
    pub(crate) const fn stack_mut(&mut self) -> &mut Stack {
        &mut self.stack
    }

    /// The peer of the lifecycle.
    #[must_use]
    pub const fn node(&self) -> &Node {
        self.stack.lifecycle()
    }

    /// The adversary that decorates its lifecycle, now or later; `None` for an honest peer.
    #[must_use]
    pub fn adversary(&self) -> Option<&Adversary> {
        self.stack.adversary()
    }

    /// Its disk; `None` if no layer of it may write.
    #[must_use]
    pub fn disk(&self) -> Option<&Disk> {
        self.disk.as_deref()
    }

    /// Its clock.
    #[must_use]
    pub const fn local_clock(&self) -> LocalClock {
        self.local_clock
    }

    /// The tokens that it stores.
    #[must_use]
    pub const fn token_set(&self) -> &TokenSet {
        &self.token_set
    }

    /// Whether it runs.
    #[must_use]
    pub const fn status(&self) -> HostStatus {
        self.status
    }

    /// Numbers that stand for its random streams: decisions, secrets and links.
    #[must_use]
    pub fn streams(&self) -> [u64; 3] {
        [&self.decisions, &self.secrets, &self.links].map(Rng::state)
    }

    /// Whether it takes part.
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
            self.stack.lifecycle_mut().invalidate();
        }
    }

    pub(crate) fn set_adversary(&mut self, adversary: Option<Adversary>) {
        self.stack.set_adversary(adversary);
    }

    /// Drops everything concluded under the rules before a change of them.
    pub(crate) fn invalidate(&mut self, config: &Config) {
        self.stack.lifecycle_mut().invalidate();
        self.token_set.set_versions(self.id, &config.tokens);
    }

    /// Damages a share of the stored tokens.
    pub(crate) fn inject_storage_fault(&mut self, fault: StorageFault, share: Ratio, config: &Config) {
        self.token_set.inject_storage_fault(fault, share);
        self.token_set.set_versions(self.id, &config.tokens);
    }

    /// Loses its memory: every layer begins again, the disk keeps what was durable.
    pub(crate) fn restart(&mut self, seed: u64, config: &Config, disk_rng: &mut Rng) {
        self.stack = self.stack.restarted(self.id, seed, config);
        if let Some(disk) = &mut self.disk {
            disk.crash(disk_rng);
        }
        self.status = HostStatus::Running;
        self.returns = None;
    }

    /// Takes over the disk of another host, as a peer does that is reborn with another id.
    pub(crate) fn inherit_disk(&mut self, former: &mut Self) {
        self.disk = former.disk.take();
    }

    /// Changes its disk, if it has one.
    #[cfg(feature = "layers")]
    pub(crate) fn change_disk(&mut self, change: impl FnOnce(&mut Disk)) {
        if let Some(disk) = &mut self.disk {
            change(disk);
        }
    }

    /// Hands an input to the lifecycle.
    pub fn handle(&mut self, env: HostEnv<'_>, outbox: &mut Outbox, input: Input) {
        let adversaries = env.adversaries;
        self.with_context(env, outbox, |stack, cx| stack.handle(cx, input, adversaries));
    }

    /// Changes the lifecycle's state in its context, past its adversary.
    pub(crate) fn with_node(
        &mut self,
        env: HostEnv<'_>,
        outbox: &mut Outbox,
        change: impl FnOnce(&mut Node, &mut Context<'_>),
    ) {
        self.with_context(env, outbox, |stack, cx| change(stack.lifecycle_mut(), cx));
    }

    #[inline]
    fn with_context(
        &mut self,
        env: HostEnv<'_>,
        outbox: &mut Outbox,
        change: impl FnOnce(&mut Stack, &mut Context<'_>),
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
        change(&mut self.stack, &mut cx);
    }

    /// Lets the layers below the lifecycle handle an input; `None` if all are off.
    pub(crate) fn with_layers<T>(
        &mut self,
        env: HostEnv<'_>,
        outbox: &mut HostOutbox,
        handle: impl FnOnce(&mut Layers, &mut Resources<'_>) -> T,
    ) -> Option<T> {
        let (clock, local_clock) = (env.clock, self.local_clock);
        let (node, lower) = self.stack.lifecycle_and_lower()?;
        let disk = self.disk.as_deref_mut().expect("a host with layers has a disk");
        let mut resources = Resources {
            now: Now { tick: local_clock.shows_tick(env.tick, clock), round: local_clock.shows(env.now) },
            world_tick: env.tick,
            clock_rate: local_clock.rate,
            config: env.config,
            host: self.id,
            address: env.directory.listening(self.id),
            directory: env.directory,
            rng: &mut lower.rng,
            timers: &mut lower.timers,
            disk,
            peers: node.peers(),
            storage: &mut StoredMappings {
                id: self.id,
                universe: env.universe,
                token_set: &mut self.token_set,
            },
            outbox,
        };
        Some(handle(&mut lower.layers, &mut resources))
    }

    /// Takes a timer out if it is due now; an entry of the queue that was overtaken is not.
    pub(crate) fn fire(&mut self, id: TimerId, now: Tick) -> bool {
        self.stack.lower_mut().is_some_and(|lower| lower.timers.fire(id, now))
    }

    /// Timers whose deadlines passed while the host did not run: they are due now.
    pub(crate) fn overdue_timers(&mut self, now: Tick) -> Vec<TimerId> {
        self.stack.lower_mut().map_or_else(Vec::new, |lower| lower.timers.catch_up(now))
    }

    /// Adds the host to a fingerprint.
    ///
    /// Optional numbers down to the departures have no tag, as in fingerprints that were published;
    /// everything newer is in a section of its own.
    pub fn digest(&self, digest: &mut Digest, reader: &dyn ProofResolver) {
        self.node().digest(digest, reader);
        digest.number(self.status == HostStatus::Running);
        if self.status == HostStatus::Paused {
            digest.number(true);
        }
        if self.local_clock != LocalClock::RIGHT {
            digest.number(self.local_clock.skew.cast_unsigned());
            digest.number(self.local_clock.rate);
        }
        self.stack.digest_adversary(digest, reader);
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
        self.stack.digest_lower(digest);
        if let Some(overlay) = self.token_set.overlay() {
            digest.section(Tag::Overlay);
            overlay.digest(digest);
        }
        if let Some(disk) = &self.disk {
            digest.section(Tag::Disk);
            disk.digest(digest);
        }
    }
}

/// What all hosts share while they handle inputs.
#[derive(Clone, Copy)]
pub struct HostEnv<'a> {
    /// The current tick.
    pub tick: Tick,
    /// The current round.
    pub now: Round,
    /// Division of time into rounds.
    pub clock: Clock,
    /// The rules.
    pub config: &'a Config,
    /// The directory of addresses.
    pub directory: &'a Directory,
    /// All tokens.
    pub universe: &'a Universe,
    /// All adversaries, in ascending order.
    pub adversaries: &'a [PeerId],
}

impl Host {
    /// Whether another host accepts the proof by which this one would show that it stores what is near its
    /// own id.
    #[must_use]
    pub(crate) fn can_prove_itself_to(&self, other: &Self, universe: &Universe, config: &Config) -> bool {
        let search = config.tokens.search;
        let store = |host| Store { universe, token_set: Self::token_set(host), search };
        let verifier = ProofVerifier { rule: config.tokens.verification, search, own: &store(other) };
        let proof = store(self).prove(self.id().into(), other.id());
        proof.is_some_and(|proof| verifier.verify(proof, self.id().into(), other.id()).is_ok())
    }
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

impl Host {
    /// Block that the host stores for a token; `None` if it stores none.
    #[cfg(feature = "layers")]
    #[must_use]
    pub(crate) fn stored_block(&self, universe: &Universe, token: TokenId) -> Option<BlockId> {
        stored_block(universe, &self.token_set, token)
    }
}

impl TokenStore for Store<'_> {
    fn block_of(&self, token: TokenId) -> Option<BlockId> {
        stored_block(self.universe, self.token_set, token)
    }

    fn prove(&self, token: TokenId, asker: PeerId) -> Option<StorageProof> {
        let found = proof::search(self.universe, self.token_set, self.search, token, asker)?;
        let overlay = self.token_set.overlay();
        let shown = overlay.and_then(|overlay| overlay.shown_in(self.universe.resolve(&found)));
        Some(shown.map_or_else(|| found.into(), StorageProof::from))
    }
}
