//! Block synchronization over sessions: heights, ranges, production in turn, and the check of the genesis
//! block.
//!
//! A chain is its genesis block and its height, and with `sync.forks` the hashes of its blocks. Times are in
//! ms.

use super::chain::block_hash;
use super::fault::Gravity;
use super::fork_state::Forks;
use super::plan;
use super::segment::{BlockRange, ChainRange, Payload};
use super::state::{Genesis, Side, Stage};
use super::timing::{ms, set};
use super::{SessionEvent, Sessions, timer};
use crate::base::digest::Digest;
use crate::base::sort;
use crate::config::{Config, GenesisCheck, SyncConfig, SyncGate, SyncMode};
use crate::stack::address::Address;
use crate::stack::context::HostContext;

/// Genesis block of the network.
const MAIN: u32 = 1;
/// Another genesis block.
const FOREIGN: u32 = 2;
/// File that holds the chain.
pub(super) const FILE: &str = "chain";
/// Time for an answer to a question for the genesis block.
const GENESIS_WAIT: u64 = 10_000;
/// Time between two questions for heights.
const TIPS_EVERY: u64 = 60_000;
/// The same if requests are pipelined.
const TIPS_OFTEN: u64 = 10_000;
/// Time between two looks at open requests.
const POLL_EVERY: u64 = 200;
/// Age at which a pipelined request is made again elsewhere.
const GAP: u64 = 3_000;
/// Blocks of a pipelined request.
const PIECE: u32 = 50;
/// Pipelined requests at a time, and ranges kept that came early.
const PIECES_MAX: usize = 20;
/// Masternodes that production takes, and that the gate asks for.
const MASTERNODES: usize = 3;
/// Age from which a session counts for production.
const SETTLED: u64 = 30_000;
/// Blocks behind which a host does not count as synchronized.
const BEHIND: u32 = 3;

/// The chain of one host, and its open requests.
#[derive(Clone, Debug)]
pub struct Sync {
    pub(super) height: u32,
    pub(super) genesis: u32,
    is_silent: bool,
    /// Blocks of another chain that were imported.
    pub(super) foreign: u32,
    /// Session of the one request that is open, without pipelining.
    pub(super) asked: Option<u32>,
    /// Pipelined requests: first height, session and time, in ascending order.
    pub(super) pieces: Vec<(u32, u32, u64)>,
    /// Ranges that came before an earlier one: first height and number, in ascending order.
    early: Vec<(u32, u32)>,
    /// `None` if chains do not fork.
    pub(super) forks: Option<Box<Forks>>,
}

impl Sync {
    /// The chain of a host at the start, by its address.
    #[must_use]
    pub fn new(config: &Config, address: Address) -> Self {
        let rules = &config.sync;
        let index = plan::index(address);
        let [behind, foreign, silent] = [rules.behind, rules.foreign, rules.silent];
        let after_foreign = behind.saturating_add(foreign);
        let is_foreign = (behind..after_foreign).contains(&index);
        let genesis = if is_foreign { FOREIGN } else { MAIN };
        Self {
            height: if index < behind { 0 } else { rules.initial_height },
            genesis,
            is_silent: (after_foreign..after_foreign.saturating_add(silent)).contains(&index),
            foreign: 0,
            asked: None,
            pieces: Vec::new(),
            early: Vec::new(),
            forks: rules.forks.then(|| Box::new(Forks::new(genesis, rules.initial_height))),
        }
    }

    /// Height of the chain.
    #[must_use]
    pub const fn height(&self) -> u32 {
        self.height
    }

    /// Whether the chain begins with the genesis block of the network.
    #[must_use]
    pub(crate) const fn is_main(&self) -> bool {
        self.genesis == MAIN
    }

    /// Blocks of another chain that were imported.
    #[must_use]
    pub const fn foreign(&self) -> u32 {
        self.foreign
    }

    /// First height that is missing: an empty chain asks for the genesis block too.
    const fn next(&self) -> u32 {
        if self.height == 0 { 0 } else { self.height + 1 }
    }

    /// Appends blocks that follow the chain; returns the number of new ones.
    const fn append(&mut self, start: u32, count: u32) -> u32 {
        if count == 0 || start > self.height + 1 {
            return 0;
        }
        let end = start + (count - 1);
        let added = end.saturating_sub(self.height);
        self.height += added;
        added
    }

    /// Takes the latest request off a session. Returns whether an answer with this first height is its.
    fn take_latest(&mut self, session: u32, start: u32) -> bool {
        let own = self.pieces.iter().enumerate().filter(|(_, piece)| piece.1 == session);
        let Some((index, _)) = own.max_by_key(|(_, piece)| piece.2) else { return false };
        self.pieces.remove(index).0 == start
    }

    /// Adds the chain to a fingerprint.
    pub fn digest(&self, digest: &mut Digest) {
        digest.number(u64::from(self.height) << 8 | u64::from(self.genesis));
        digest.number(u64::from(self.foreign));
        digest.number(self.asked.map_or(0, |id| u64::from(id) + 1));
        digest.length(self.pieces.len());
        for (start, session, at) in &self.pieces {
            digest.number(u64::from(*start) << 32 | u64::from(*session));
            digest.number(*at);
        }
        digest.length(self.early.len());
        self.early
            .iter()
            .for_each(|(start, count)| digest.number(u64::from(*start) << 32 | u64::from(*count)));
        self.forks.iter().for_each(|forks| forks.digest(digest));
    }
}

impl Sessions {
    /// Begins with the chain on disk, or with that of the scenario.
    pub(super) fn boot_sync(&mut self, cx: &mut HostContext<'_>) {
        let rules = cx.config.sync;
        if !rules.enabled {
            return;
        }
        let mut sync = Sync::new(cx.config, cx.address);
        if let Some(bytes) = cx.disk.read(FILE).filter(|_| rules.keep) {
            sync.restore(bytes);
        }
        self.sync = Some(Box::new(sync));
        set(cx, timer::TIPS, 0, tips_every(rules.mode));
        time_slot(cx);
    }

    /// Asks the other end of a new session for its genesis block.
    pub(super) fn check_genesis(&mut self, cx: &mut HostContext<'_>, id: u32) {
        self.tell_tip(cx, id);
        let is_checked = self.sync.is_some() && cx.config.sync.genesis != GenesisCheck::None;
        if !is_checked {
            return self.pursue(cx, id);
        }
        let Some(session) = self.get_mut(id) else { return };
        session.link.genesis = Genesis::Awaited;
        self.push(cx, id, Payload::GetGenesis);
        set(cx, timer::GENESIS, id, GENESIS_WAIT);
    }

    pub(super) fn on_genesis_timeout(&mut self, cx: &mut HostContext<'_>, id: u32) {
        let is_lenient = cx.config.sync.genesis != GenesisCheck::Strict;
        self.decide(cx, id, if is_lenient { Genesis::Assumed } else { Genesis::Refused });
    }

    fn decide(&mut self, cx: &mut HostContext<'_>, id: u32, genesis: Genesis) {
        let Some(session) = self.get_mut(id).filter(|one| one.link.genesis == Genesis::Awaited) else {
            return;
        };
        session.link.genesis = genesis;
        if genesis == Genesis::Refused {
            cx.report(SessionEvent::Incompatible);
            // A tip that was told before the answer is no evidence of a fork.
            self.forget_fork(id, false);
        } else {
            self.pursue(cx, id);
            self.consider(cx, id);
        }
    }

    /// Messages of synchronization.
    pub(super) fn serve_sync(&mut self, cx: &mut HostContext<'_>, id: u32, payload: &Payload) {
        let Some(sync) = &self.sync else { return };
        match *payload {
            Payload::GetGenesis if !sync.is_silent => self.reply(cx, id, Payload::Genesis(sync.genesis)),
            Payload::Genesis(genesis) => {
                let is_same = genesis == sync.genesis;
                self.decide(cx, id, if is_same { Genesis::Same } else { Genesis::Refused });
                if !is_same {
                    self.violated(cx, id, Gravity::Final);
                }
            }
            Payload::GetBlocks(first, last) => {
                let most = cx.config.sync.range_max;
                let count = (sync.height.min(last) + 1).saturating_sub(first).min(most);
                let range = BlockRange { genesis: sync.genesis, start: first, count };
                let end = (first + count).saturating_sub(1);
                let chain = sync.chain_range(first, end, sync.genesis).map(Box::new).map(Payload::Chain);
                self.reply(cx, id, chain.unwrap_or(Payload::Blocks(range)));
            }
            Payload::Blocks(range) => self.on_blocks(cx, id, range),
            Payload::Block(range) => self.on_new_block(cx, id, range),
            _ => self.serve_forks(cx, id, payload),
        }
    }

    /// The other end has stated its height.
    pub(super) fn on_tip(&mut self, cx: &mut HostContext<'_>, id: u32, height: u32) {
        if let Some(session) = self.get_mut(id) {
            session.link.tip = session.link.tip.max(height);
        }
        self.consider(cx, id);
    }

    /// Asks a session for blocks if it has more, no request is open, and the gate lets it.
    fn consider(&mut self, cx: &mut HostContext<'_>, id: u32) {
        let Some(index) = self.find(id) else { return };
        let (link, masternodes) = (self.live[index].link, self.masternodes());
        let Some(sync) = &mut self.sync else { return };
        if link.tip <= sync.height {
            // The flag is cleared if heights are equal.
            sync.asked = sync.asked.filter(|_| link.tip < sync.height);
            return;
        }
        let is_gated = cx.config.sync.gate == SyncGate::ThreeMasternodes && link.tip - sync.height >= BEHIND;
        if !link.genesis.is_compatible() || (is_gated && masternodes < MASTERNODES) {
            return;
        }
        if cx.config.sync.mode == SyncMode::Pipelined {
            return set(cx, timer::POLL, 0, POLL_EVERY);
        }
        if sync.asked.is_none() {
            sync.asked = Some(id);
            let request = Payload::GetBlocks(sync.next(), link.tip);
            self.request(cx, id, request);
        }
    }

    /// Sends a request for blocks; an accepted session is looked up by its key.
    fn request(&mut self, cx: &mut HostContext<'_>, id: u32, request: Payload) {
        let Some(index) = self.find(id) else { return };
        let session = &self.live[index];
        let writer = match session.side {
            Side::Dialer => Some(id),
            Side::Acceptor => self.registry.writer(session.stream.remote, cx.config.sync.catch_up_key),
        };
        cx.report(SessionEvent::Requested);
        match writer {
            Some(writer) => self.push(cx, writer, request),
            None => cx.report(SessionEvent::ReplyLost),
        }
    }

    /// Masternodes that this host sees, itself included.
    fn masternodes(&self) -> usize {
        1 + self.live.iter().filter(|one| one.is_open()).count()
    }

    fn on_blocks(&mut self, cx: &mut HostContext<'_>, id: u32, range: BlockRange) {
        let Some(index) = self.find(id) else { return };
        let link = self.live[index].link;
        let Some(sync) = &mut self.sync else { return };
        sync.asked = None;
        let is_lifo = cx.config.sync.lifo_replies && cx.config.sync.mode == SyncMode::Pipelined;
        if is_lifo && !sync.take_latest(id, range.start) {
            return cx.report(SessionEvent::Mismatched);
        }
        sync.pieces.retain(|piece| piece.0 != range.start);
        if !link.genesis.is_compatible() || range.count == 0 {
            return;
        }
        if range.start > sync.next() {
            if sync.early.len() < PIECES_MAX
                && let Err(slot) = sync.early.binary_search(&(range.start, range.count))
            {
                sync.early.insert(slot, (range.start, range.count));
            }
            return;
        }
        self.grow(cx, range);
        if cx.config.sync.mode == SyncMode::Pipelined {
            self.poll_blocks(cx);
        } else if self.sync.as_ref().is_some_and(|sync| sync.height < link.tip) {
            self.push(cx, id, Payload::GetHeight);
        }
    }

    /// Appends a range, and those that came early and follow it.
    fn grow(&mut self, cx: &mut HostContext<'_>, range: BlockRange) {
        let Some(sync) = &mut self.sync else { return };
        let mut added = sync.append(range.start, range.count);
        if range.genesis != sync.genesis {
            sync.foreign = sync.foreign.saturating_add(added);
        }
        while let Some((start, count)) = sync.early.first().copied().filter(|early| early.0 <= sync.next()) {
            sync.early.remove(0);
            added += sync.append(start, count);
        }
        let height = sync.height;
        if added == 0 {
            return;
        }
        cx.report(SessionEvent::Grown { height });
        sync.store(cx);
    }

    /// A block that was just produced: it is appended and passed on, or shows that blocks are missing.
    fn on_new_block(&mut self, cx: &mut HostContext<'_>, id: u32, range: BlockRange) {
        let Some(session) = self.get_mut(id) else { return };
        let is_compatible = session.link.genesis.is_compatible();
        let Some(sync) = self.sync.as_ref().filter(|_| is_compatible) else { return };
        if range.start == sync.height + 1 {
            self.grow(cx, range);
            self.gossip(cx, Some(id), &Payload::Block(range));
        } else {
            self.on_tip(cx, id, range.start);
        }
    }

    pub(super) fn gossip(&mut self, cx: &mut HostContext<'_>, except: Option<u32>, block: &Payload) {
        let is_other = |id: &u32| Some(*id) != except;
        let open: Vec<u32> = self.live.iter().filter(|one| one.is_open()).map(|one| one.id).collect();
        open.into_iter().filter(is_other).for_each(|id| self.push(cx, id, block.clone()));
    }

    /// Time for a block: the masternode whose turn it is produces one if it is synchronized and has three
    /// sessions of at least 30 s that have shown that they live.
    pub(super) fn on_slot(&mut self, cx: &mut HostContext<'_>) {
        let now = ms(cx);
        let rules = cx.config.sync;
        time_slot(cx);
        let masternodes = cx.config.session.listed_peers.min(cx.config.genesis.peers).max(1);
        let slot = now / u64::from(rules.block_ms);
        let is_turn = slot % u64::from(masternodes) == u64::from(plan::index(cx.address));
        if !rules.production || !is_turn {
            return;
        }
        let is_settled =
            |stage| matches!(stage, Stage::Open { since } if now.saturating_sub(since) >= SETTLED);
        let live = self.live.iter().filter(|one| one.link.is_verified && is_settled(one.stage)).count();
        let Some(sync) = &self.sync else { return };
        if live < MASTERNODES || sync.height + BEHIND <= rules.initial_height {
            return cx.report(SessionEvent::SlotMissed);
        }
        let (genesis, start) = (sync.genesis, sync.height + 1);
        cx.report(SessionEvent::Produced);
        if let Some((_, parent)) = self.own_tip() {
            let range = ChainRange { genesis, start, parent, hashes: [block_hash(parent, slot)].into() };
            self.extend(cx, &range, 0);
            return self.gossip(cx, None, &Payload::Child(Box::new(range)));
        }
        let range = BlockRange { genesis, start, count: 1 };
        self.grow(cx, range);
        self.gossip(cx, None, &Payload::Block(range));
    }

    /// Asks for heights: pipelining on every session, else the accepted ones if they ask at all.
    pub(super) fn ask_tips(&mut self, cx: &mut HostContext<'_>) {
        let rules = cx.config.sync;
        set(cx, timer::TIPS, 0, tips_every(rules.mode));
        let is_pipelined = rules.mode == SyncMode::Pipelined;
        let asks = |side| is_pipelined || (rules.acceptors_ask && side == Side::Acceptor);
        let open = self.live.iter().filter(|one| one.is_open() && asks(one.side));
        let ids: Vec<u32> = open.map(|one| one.id).collect();
        ids.into_iter().for_each(|id| self.push(cx, id, Payload::GetHeight));
        self.resolve_forks(cx);
    }

    /// Makes pipelined requests: one piece a session, and again elsewhere after 3 s.
    pub(super) fn poll_blocks(&mut self, cx: &mut HostContext<'_>) {
        let now = ms(cx);
        let Some(sync) = &mut self.sync else { return };
        sync.pieces.retain(|piece| now.saturating_sub(piece.2) < GAP);
        let next = sync.next();
        let useful = self.live.iter().filter(|one| one.is_open() && one.link.genesis.is_compatible());
        let goal = useful.clone().map(|one| one.link.tip).max().unwrap_or(0);
        let starts = (next..=goal).step_by(PIECE as usize).take(PIECES_MAX);
        let is_missing = |start: &u32| {
            !sync.pieces.iter().any(|piece| piece.0 == *start)
                && !sync.early.iter().any(|early| early.0 == *start)
        };
        let mut missing = starts.filter(is_missing).collect::<Vec<_>>().into_iter();
        let is_free = |id: u32| !sync.pieces.iter().any(|piece| piece.1 == id);
        let free = useful.filter(|one| one.link.tip >= next && is_free(one.id));
        // The session that last opened a request moves to the end, so that a gap is asked for elsewhere.
        let mut free: Vec<(u32, u32)> = free.map(|one| (one.id, one.link.tip)).collect();
        if !free.is_empty() {
            let turn = usize::try_from(now / GAP).unwrap_or(0) % free.len();
            free.rotate_left(turn);
        }
        for (id, tip) in free {
            let Some(start) = missing.next() else { break };
            let Some(sync) = self.sync.as_mut().filter(|_| start <= tip) else { continue };
            sync.pieces.push((start, id, now));
            sort::sort_by_key(&mut sync.pieces, |one| *one);
            self.request(cx, id, Payload::GetBlocks(start, tip.min(start + (PIECE - 1))));
        }
        if goal >= next && goal > 0 {
            set(cx, timer::POLL, 0, POLL_EVERY);
        }
    }

    /// A session has ended: its open request too, unless the flag is stuck.
    pub(super) fn sync_ended(&mut self, id: u32, rules: &SyncConfig) {
        self.forget_fork(id, rules.tip_cache_s.is_some());
        let has_stuck_flag = rules.stuck_flag;
        if let Some(sync) = &mut self.sync {
            sync.asked = sync.asked.filter(|asked| has_stuck_flag || *asked != id);
            sync.pieces.retain(|piece| piece.1 != id);
        }
    }
}

fn tips_every(mode: SyncMode) -> u64 {
    if mode == SyncMode::Pipelined { TIPS_OFTEN } else { TIPS_EVERY }
}

/// Sets the time of the next slot: multiples of the interval between blocks.
fn time_slot(cx: &mut HostContext<'_>) {
    let interval = u64::from(cx.config.sync.block_ms);
    let now = ms(cx);
    set(cx, timer::SLOT, 0, interval - now % interval);
}
