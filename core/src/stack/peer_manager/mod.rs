//! Peer manager of document 004: the peers that a host knows, those that it is connected to, and those that
//! it bans.
//!
//! ```text
//! seeds, exchange, local network, mesh -> known -> dial -> pool -> scores -> replacement, bans
//! ```
//!
//! | module | content |
//! |---|---|
//! | [`known`] | a known peer and the connection with it |
//! | `discovery` | rounds of discovery and their limits |
//! | `pool` | dials, connections, idleness, replacement |
//! | `contacts` | sessions as the connections of the pool |
//! | `service` | pings and data, from which scores are measured |
//! | [`sybil`] | the host that mints ids |
//! | [`factors`] | the score of a peer |
//! | [`history`] | decay and history of scores |
//! | [`ban_list`] | misbehaviour and bans, on disk |
//! | [`message`], [`event`] | messages; facts for observers |
//!
//! Answers, silence and faults of a peer go into the quality that the lifecycle keeps of its peers
//! ([`crate::protocol::peer_table`]); the manager's score has it as one of its factors.

pub mod ban_list;
mod contacts;
mod discovery;
pub mod event;
pub mod factors;
pub mod history;
pub mod known;
pub mod message;
mod pool;
mod service;
pub mod sybil;

use self::ban_list::BanList;
use self::contacts::{are_sessions, is_out_of_reach};
use self::event::ManagerEvent;
use self::history::{PointKind, ScoreHistory};
use self::known::{DiscoverySource, KnownPeer, LinkEnd, LinkSide, PoolLink};
use self::message::{ManagerBody, MintedEnd};
use super::address::Address;
use super::context::HostContext;
use super::layer::{Layer, Upward};
use super::notice::Notice;
use crate::base::digest::Digest;
use crate::base::id::PeerId;
use crate::base::rng::mix;
use crate::config::{Config, ManagerConfig};
use crate::protocol::peer_table::Scores;

/// File with the bans and their evidence.
const BANS_FILE: &str = "manager.bans";
/// Times of the first pool maintenance and of the first sweep, in ms.
const FIRST: (u64, u64) = (5_000, 10_000);
/// Intervals of the maintenance of the pool, and of scores and bans, in ms.
const EVERY: (u64, u64) = (30_000, 60_000);

/// Kinds of timers.
mod timer {
    /// A round of discovery.
    pub(super) const DISCOVER: u8 = 0;
    /// Maintenance of the pool.
    pub(super) const POOL: u8 = 1;
    /// Scores and bans.
    pub(super) const SWEEP: u8 = 2;
    /// The worst connection may give way.
    pub(super) const OPTIMIZE: u8 = 3;
    /// Pings.
    pub(super) const PING: u8 = 4;
    /// Data.
    pub(super) const DATA: u8 = 5;
    /// A dial has had no answer: by the host part of its address.
    pub(super) const DIAL: u8 = 6;
}

/// The peers that one host manages.
#[derive(Clone, Debug)]
pub struct Manager {
    /// In ascending order of address.
    known: Vec<KnownPeer>,
    bans: BanList,
    /// Service of the peers, by the host part of their address.
    scores: Scores,
    pings: u32,
    /// Time at which scores were last recomputed, in ms: it follows from the timer of the next sweep.
    swept_ms: u64,
    /// For observers alone.
    history: ScoreHistory,
}

impl Layer for Manager {
    type Body = ManagerBody;

    fn new(_host: PeerId, config: &Config) -> Option<Self> {
        config.manager.enabled.then(|| Self {
            known: Vec::new(),
            bans: BanList::default(),
            scores: Scores::default(),
            pings: 0,
            swept_ms: 0,
            history: ScoreHistory::default(),
        })
    }

    fn on_boot(&mut self, cx: &mut HostContext<'_>) {
        if is_out_of_reach(cx, cx.address) {
            return;
        }
        let rules = &cx.config.manager;
        if let Some(bytes) = cx.disk.read(BANS_FILE).filter(|_| rules.persist) {
            self.bans = BanList::from_bytes(bytes);
            self.tell_bans(cx);
        }
        self.add_manual(cx);
        let jitter = u64::from(cx.rng.below(rules.discovery_ms.min(5_000)));
        set_timer(cx, timer::DISCOVER, 0, jitter);
        set_timer(cx, timer::POOL, 0, FIRST.0);
        set_timer(cx, timer::SWEEP, 0, FIRST.1);
        set_timer(cx, timer::PING, 0, u64::from(rules.ping_ms));
        set_timer(cx, timer::DATA, 0, u64::from(rules.data_ms));
        if let Some(interval) = rules.optimize_ms {
            set_timer(cx, timer::OPTIMIZE, 0, u64::from(interval.get()));
        }
    }

    fn on_packet(&mut self, cx: &mut HostContext<'_>, from: Address, body: ManagerBody) -> Option<Upward> {
        let (from, body) = match body {
            ManagerBody::Minted { end: MintedEnd::Sender, port, body } => (from.with_port(port), *body),
            ManagerBody::Minted { end: MintedEnd::Receiver, port, body } => {
                sybil::answer(cx, from, port, &body);
                return None;
            }
            body => (from, body),
        };
        if is_out_of_reach(cx, cx.address) {
            return None;
        }
        if self.is_barred(cx, from) {
            if matches!(body, ManagerBody::Connect { .. }) {
                tell(cx, from, ManagerBody::Refuse);
            }
            return None;
        }
        self.touch(cx, from);
        match body {
            ManagerBody::Connect { is_light } => self.on_connect(cx, from, is_light),
            ManagerBody::Accept { is_light } => self.on_accept(cx, from, is_light),
            ManagerBody::Refuse => self.on_refuse(cx, from),
            ManagerBody::Bye => self.close(cx, from, LinkEnd::ByPeer),
            ManagerBody::Ping(number) => Self::on_ping(cx, from, number),
            ManagerBody::Pong(number) => self.on_pong(cx, from, number),
            ManagerBody::Data { is_valid } => self.on_data(cx, from, is_valid),
            ManagerBody::GetPeers => self.send_peers(cx, from),
            ManagerBody::Peers(list) => self.discover_all(cx, from, &list, DiscoverySource::Exchange),
            ManagerBody::AskSeed => self.answer_as_seed(cx, from),
            ManagerBody::FromSeed(list) => self.discover_all(cx, from, &list, DiscoverySource::Dns),
            ManagerBody::AnnounceLocal => self.discover(cx, from, DiscoverySource::Mdns),
            ManagerBody::AnnounceMesh => self.discover(cx, from, DiscoverySource::Mesh),
            // A minted id mints none itself.
            ManagerBody::Minted { .. } => {}
        }
        None
    }

    fn on_timer(&mut self, cx: &mut HostContext<'_>, kind: u8, key: u32) {
        match kind {
            timer::DISCOVER => self.on_discovery_due(cx),
            timer::POOL => self.maintain_pool(cx),
            timer::SWEEP => self.sweep(cx),
            timer::OPTIMIZE => self.optimize(cx),
            timer::PING => self.ping_all(cx),
            timer::DATA => self.send_data(cx),
            timer::DIAL => self.on_dial_over(cx, key),
            _ => unreachable!("no such timer is set"),
        }
    }

    fn on_notice(&mut self, cx: &mut HostContext<'_>, notice: Notice) {
        self.heed(cx, notice);
    }

    fn on_stop(&mut self, cx: &mut HostContext<'_>) {
        if are_sessions(cx) {
            return;
        }
        self.known.iter().filter(|one| one.is_open()).for_each(|one| tell(cx, one.address, ManagerBody::Bye));
    }

    fn digest(&self, digest: &mut Digest) {
        digest.length(self.known.len());
        self.known.iter().for_each(|one| one.digest(digest));
        self.bans.digest(digest);
        self.scores.digest(digest);
        digest.number(self.pings);
    }
}

impl Manager {
    /// Known peers, in ascending order of address.
    #[must_use]
    pub fn known(&self) -> &[KnownPeer] {
        &self.known
    }

    /// Misbehaviour and bans.
    #[must_use]
    pub const fn bans(&self) -> &BanList {
        &self.bans
    }

    /// Scores over time.
    #[must_use]
    pub const fn history(&self) -> &ScoreHistory {
        &self.history
    }

    /// Whether packets of a peer are ignored.
    fn is_barred(&self, cx: &HostContext<'_>, peer: Address) -> bool {
        !cx.config.manager.inert_bans && self.bans.is_banned(peer.host_part(), ms(cx))
    }

    fn find(&self, peer: Address) -> Option<usize> {
        self.known.binary_search_by_key(&peer, |one| one.address).ok()
    }

    /// Notes the activity of a peer.
    fn touch(&mut self, cx: &HostContext<'_>, peer: Address) {
        let Some(index) = self.find(peer) else { return };
        let now = ms(cx);
        self.known[index].seen_ms = now;
        if let PoolLink::Open { active, .. } = &mut self.known[index].link
            && !cx.config.manager.stale_activity
        {
            *active = now;
        }
    }

    fn count(&self, side: LinkSide) -> usize {
        self.known.iter().filter(|one| one.is_on(side)).count()
    }

    /// Scores are computed, bans that have expired are lifted, and peers that were silent for long forgotten.
    fn sweep(&mut self, cx: &mut HostContext<'_>) {
        let (now, rules) = (ms(cx), &cx.config.manager);
        self.swept_ms = now;
        for index in 0..self.known.len() {
            let before = self.known[index].score;
            let after = self.score_of(cx, index).overall;
            self.known[index].score = after;
            self.history.note(self.known[index].address, now, after, PointKind::Change);
            if before.abs_diff(after) > 100 {
                cx.report(ManagerEvent::ScoreChanged);
                let score = u32::try_from(after).unwrap_or(u32::MAX);
                cx.notify(Notice::Scored { peer: self.known[index].address, score });
            }
        }
        self.history.purge(now);
        let lifted = self.bans.sweep(now, rules.escalation_lost);
        for host in &lifted {
            cx.report(ManagerEvent::Unbanned);
            cx.notify(Notice::Unbar { host: *host });
        }
        if !lifted.is_empty() {
            self.keep_bans(cx);
        }
        let limit = rules.stale_ms.map_or(u64::MAX, |limit| u64::from(limit.get()));
        let before = self.known.len();
        let is_kept = |one: &KnownPeer| one.link != PoolLink::Idle || one.source == DiscoverySource::Manual;
        self.known.retain(|one| is_kept(one) || now.saturating_sub(one.seen_ms) <= limit);
        (self.known.len()..before).for_each(|_| cx.report(ManagerEvent::Forgotten));
        set_timer(cx, timer::SWEEP, 0, EVERY.1);
    }

    /// Notes in the history of a peer what has happened to it.
    fn mark(&mut self, cx: &HostContext<'_>, peer: Address, kind: PointKind) {
        if let Some(index) = self.find(peer) {
            let score = self.score_of(cx, index).overall;
            self.history.note(peer, ms(cx), score, kind);
        }
    }

    /// Writes bans and evidence down.
    fn keep_bans(&self, cx: &mut HostContext<'_>) {
        // A full or read-only disk keeps the last list.
        let is_kept = cx.config.manager.persist && cx.disk.write(BANS_FILE, &self.bans.to_bytes()).is_ok();
        if is_kept && cx.disk.sync(BANS_FILE).is_ok() {
            cx.disk.sync_directory();
        }
    }
}

/// Whether the host with an index serves badly.
#[must_use]
pub fn is_bad(index: u32, config: &ManagerConfig) -> bool {
    mix(u64::from(index) ^ 0xbad) % 1_000_000 < u64::from(config.bad_share.millionths())
}

/// Whether the host with an index is a light node.
fn is_light(index: u32, config: &ManagerConfig) -> bool {
    mix(u64::from(index) ^ 0x1164) % 1_000_000 < u64::from(config.light_share.millionths())
}

/// The id under which the service of a peer is scored.
fn scored(peer: Address) -> PeerId {
    PeerId::new(peer.host_part())
}

/// Sends a message to a peer. An id that was minted has a port of its own at an address of which one port
/// alone is reached: the message says which one is meant.
fn tell(cx: &mut HostContext<'_>, to: Address, body: ManagerBody) {
    let host = Address::planned(to.plan_index());
    if to == host {
        cx.send(to, body);
    } else {
        let body = Box::new(body);
        cx.send(host, ManagerBody::Minted { end: MintedEnd::Receiver, port: to.port(), body });
    }
}

/// Local time in ms.
fn ms(cx: &HostContext<'_>) -> u64 {
    cx.now.tick.0 * u64::from(cx.config.time.tick_ms)
}

/// Sets a timer that is due after a time in ms.
fn set_timer(cx: &mut HostContext<'_>, kind: u8, key: u32, after_ms: u64) {
    let ticks = after_ms.div_ceil(u64::from(cx.config.time.tick_ms));
    cx.set_timer(kind, key, ticks);
}

#[cfg(test)]
mod tests;
