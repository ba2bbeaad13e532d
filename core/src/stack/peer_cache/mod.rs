//! Peer cache of document 003: a host remembers its peers on disk, and dials them when it starts again.
//!
//! ```text
//! start: load -> drop stale -> sort -> dial ......... transfers, pings ......... save: stop
//! ```
//!
//! | module | content |
//! |---|---|
//! | [`format`](mod@format), [`json`], [`score`] | the file: entries, reading with line and reason, scores |
//! | [`text`], [`policy`] | ids and addresses as the file has them; which addresses may be dialled |
//! | [`mod@namespace`] | the network that a file belongs to: its name and its header |
//! | [`quality`], [`selection`] | metrics of a peer and scores; which peers a transfer is made with |
//! | [`save`] | steps of a save, each of which a crash may follow; loading |
//! | [`cycle`] | stops and starts by schedule, and what a stated downtime does to others |
//! | `known`, `warm`, `store`, `transfer` | remembered peers, dials at a start, saving, the workload |
//! | [`event`] | packets of transfers, facts for observers |
//!
//! Sessions are those of another layer: this one hears of them by notices and asks for dials by notices.

pub mod cycle;
pub mod event;
pub mod format;
pub mod json;
mod known;
pub mod namespace;
pub mod policy;
pub mod quality;
pub mod save;
pub mod score;
pub mod selection;
mod store;
pub mod text;
mod transfer;
mod warm;

pub use self::known::{KNOWN_MAX, RememberedPeer};
pub use self::warm::{Try, TryOutcome};

use self::event::{CacheEvent, StartOutcome, Transfer};
use self::format::CachedPeer;
use self::namespace::Namespace;
use self::quality::ScoreRules;
use self::store::Saving;
use self::transfer::Outstanding;
use super::address::Address;
use super::context::HostContext;
use super::layer::{Layer, Upward};
use super::notice::Notice;
use crate::base::digest::Digest;
use crate::base::id::PeerId;
use crate::base::ratio::Ratio;
use crate::base::rng::mix;
use crate::config::{CacheConfig, Config, WarmStart};

/// Kinds of timers.
mod timer {
    /// The file has been read.
    pub(super) const LOADED: u8 = 0;
    /// A dial of a cached peer has had no answer: by its index.
    pub(super) const DIAL: u8 = 1;
    /// Whether the published list is needed is decided.
    pub(super) const NEEDED: u8 = 2;
    /// The next save is due.
    pub(super) const SAVE: u8 = 3;
    /// The next step of a save is due.
    pub(super) const STEP: u8 = 4;
    /// The next transfer is due.
    pub(super) const TRANSFER: u8 = 5;
    /// A transfer has had no answer: by its number.
    pub(super) const UNANSWERED: u8 = 6;
}

/// The peer cache of one host.
#[derive(Clone, Debug)]
pub struct PeerCacheLayer {
    /// In ascending order of id.
    known: Vec<RememberedPeer>,
    /// Entries of the file that was loaded, in the order in which they are dialled.
    loaded: Vec<CachedPeer>,
    tries: Vec<Try>,
    /// Time of the start, in ms.
    started: u64,
    /// Whether the host has run before and starts again.
    is_again: bool,
    milestones: Milestones,
    /// What became of the cached peers; `None` before, and at the first start of a host. It decides nothing,
    /// and what it is read from is in the digest.
    outcome: Option<StartOutcome>,
    saving: Option<Saving>,
    outstanding: Vec<Outstanding>,
    /// Transfers so far.
    transfers: u32,
}

/// What a host that has started again may reach, once each.
#[derive(Clone, Copy)]
enum Milestone {
    First,
    Fifth,
    Relay,
    Settled,
    Published,
}

/// When a host has reached its milestones, in ms since its start.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Milestones([Option<u64>; 5]);

impl Milestones {
    /// Marks a milestone. Returns whether it was not reached before.
    fn reach(&mut self, milestone: Milestone, ms: u64) -> bool {
        let at = &mut self.0[milestone as usize];
        let is_first = at.is_none();
        at.get_or_insert(ms);
        is_first
    }

    /// The milestones as a set of bits.
    fn bits(self) -> u8 {
        (0..self.0.len()).filter(|index| self.0[*index].is_some()).fold(0, |bits, index| bits | 1 << index)
    }
}

/// The present start of a host. Times are in ms, those of milestones since the start; they are noted for
/// hosts that have run before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CacheStart {
    /// Local time of the start.
    pub began: u64,
    /// Whether the host has run before.
    pub is_again: bool,
    /// Time to the first session.
    pub first: Option<u64>,
    /// Time to five sessions.
    pub fifth: Option<u64>,
    /// Time until every try has had its outcome.
    pub settled: Option<u64>,
    /// What became of the cached peers; `None` before that is clear.
    pub outcome: Option<StartOutcome>,
}

impl Layer for PeerCacheLayer {
    type Body = Transfer;

    fn new(_host: PeerId, config: &Config) -> Option<Self> {
        config.cache.enabled.then(|| Self {
            known: Vec::new(),
            loaded: Vec::new(),
            tries: Vec::new(),
            started: 0,
            is_again: false,
            milestones: Milestones::default(),
            outcome: None,
            saving: None,
            outstanding: Vec::new(),
            transfers: 0,
        })
    }

    fn on_boot(&mut self, cx: &mut HostContext<'_>) {
        let rules = cx.config.cache;
        self.started = ms(cx);
        // Hosts that move or are reborn boot at a stop of the schedule: theirs are no starts of it.
        let is_stop = cycle::event(&rules, cx.now.round.0) == Some(cycle::PowerEvent::Stop);
        self.is_again = self.started > 0 && !is_stop;
        if rules.start == WarmStart::WhenNeeded {
            cx.notify(Notice::Withhold);
            set(cx, timer::NEEDED, 0, rules.needed_after_ms.into());
        }
        match rules.start {
            WarmStart::Cold => self.end_start(cx, StartOutcome::Disabled),
            WarmStart::Parallel | WarmStart::WhenNeeded => self.load(cx),
        }
        Self::time_save(cx);
        Self::time_transfer(cx);
    }

    fn on_packet(&mut self, cx: &mut HostContext<'_>, from: Address, body: Transfer) -> Option<Upward> {
        match body {
            Transfer::Fetch { number, bytes } => {
                let failure = failure_of(cx.host, cx.config.cache.transfer_failure);
                if failure == Ratio::ZERO || !cx.rng.chance(failure) {
                    cx.send(from, Transfer::Data { number, bytes });
                }
            }
            Transfer::Data { number, bytes } => self.on_data(cx, number, bytes),
        }
        None
    }

    fn on_timer(&mut self, cx: &mut HostContext<'_>, kind: u8, key: u32) {
        match kind {
            timer::LOADED => {
                self.recall(cx);
                self.dial_more(cx);
            }
            timer::DIAL => self.conclude(cx, key as usize, TryOutcome::TimedOut),
            timer::NEEDED => self.decide_need(cx),
            timer::SAVE => {
                self.begin_save(cx);
                Self::time_save(cx);
            }
            timer::STEP => self.continue_save(cx),
            timer::TRANSFER => {
                self.fetch(cx);
                Self::time_transfer(cx);
            }
            timer::UNANSWERED => self.on_unanswered(cx, key),
            _ => unreachable!("no such timer is set"),
        }
    }

    fn on_notice(&mut self, cx: &mut HostContext<'_>, notice: Notice) {
        match notice {
            Notice::Dialed { is_published: true } if self.is_again => cx.report(CacheEvent::BootstrapDialed),
            Notice::DialFailed { to } => self.on_dial_failed(cx, to),
            Notice::Connected { peer, listening, remote, end } => {
                self.on_connected(cx, peer, listening, remote, end);
            }
            Notice::Ended { peer } => {
                if let Some(known) = self.get_mut(peer) {
                    known.sessions = known.sessions.saturating_sub(1);
                }
            }
            Notice::RoundTrip { peer, ms } => {
                let now = wall(cx);
                if let Some(known) = self.get_mut(peer) {
                    known.metrics.measured(now, ms);
                }
            }
            // Requests, and what only other layers heed.
            _ => {}
        }
    }

    fn on_stop(&mut self, cx: &mut HostContext<'_>) {
        self.end_start(cx, StartOutcome::Cancelled);
        self.save_at_once(cx);
    }

    fn digest(&self, digest: &mut Digest) {
        digest.length(self.known.len());
        self.known.iter().for_each(|known| known.digest(digest));
        digest.length(self.loaded.len());
        digest.length(self.tries.len());
        self.tries.iter().for_each(|one| one.digest(digest));
        digest.number(self.started);
        digest.number(self.is_again);
        digest.number(self.milestones.bits());
        if let Some(saving) = &self.saving {
            saving.digest(digest);
        }
        digest.length(self.outstanding.len());
        self.outstanding.iter().for_each(|one| one.digest(digest));
        digest.number(self.transfers);
    }
}

impl PeerCacheLayer {
    /// Remembered peers, in ascending order of id.
    #[must_use]
    pub fn known(&self) -> &[RememberedPeer] {
        &self.known
    }

    /// Entries of the file that was loaded, in the order in which they are dialled.
    #[must_use]
    pub fn loaded(&self) -> &[CachedPeer] {
        &self.loaded
    }

    /// The present start.
    #[must_use]
    pub fn start(&self) -> CacheStart {
        let at = |milestone: Milestone| self.milestones.0[milestone as usize];
        CacheStart {
            began: self.started,
            is_again: self.is_again,
            first: at(Milestone::First),
            fifth: at(Milestone::Fifth),
            settled: at(Milestone::Settled),
            outcome: self.outcome,
        }
    }

    /// Dials of cached addresses since the start.
    #[must_use]
    pub fn tries(&self) -> &[Try] {
        &self.tries
    }
}

/// Local time in ms.
fn ms(cx: &HostContext<'_>) -> u64 {
    cx.now.tick.0 * u64::from(cx.config.time.tick_ms)
}

/// Unix time in seconds, by the clock of the host.
fn wall(cx: &HostContext<'_>) -> u64 {
    wall_at(cx.config, ms(cx))
}

/// Unix time in seconds at a local time in ms.
#[must_use]
pub fn wall_at(config: &Config, ms: u64) -> u64 {
    let time = &config.time;
    cycle::wall_time(&config.cache, ms, u64::from(time.ticks_per_round) * u64::from(time.tick_ms))
}

/// Sets a timer that is due after a time in ms.
fn set(cx: &mut HostContext<'_>, kind: u8, key: u32, after: u64) {
    let ticks = after / u64::from(cx.config.time.tick_ms);
    cx.set_timer(kind, key, ticks);
}

const fn score_rules(rules: &CacheConfig) -> ScoreRules {
    ScoreRules { penalties_overwritten: rules.penalties_overwritten, uptime_constant: rules.uptime_constant }
}

/// Namespace of the file of a host; `None` if it has none. The published list is known by its length.
fn namespace(cx: &HostContext<'_>) -> Option<Namespace> {
    let rules = &cx.config.cache;
    let listed = cx.config.session.listed_peers;
    let nodes: Vec<String> = (0..listed).map(|index| format!("published-{index:05}")).collect();
    rules.namespace.then(|| Namespace::new(cx.address.port(), &nodes, Some(rules.chain.into())))
}

/// A share that a peer has by its id alone, evenly distributed.
fn lot(peer: PeerId, salt: u64) -> u64 {
    mix(peer.get() ^ salt) % u64::from(Ratio::ONE.millionths())
}

/// Share of the transfers that fail at a peer: between none and twice the mean.
fn failure_of(peer: PeerId, mean: Ratio) -> Ratio {
    let share = 2 * u64::from(mean.millionths()) * lot(peer, 1) / u64::from(Ratio::ONE.millionths());
    Ratio::from_millionths(u32::try_from(share).unwrap_or(u32::MAX))
}

/// Whether a peer relays for others.
fn relays(peer: PeerId, share: Ratio) -> bool {
    lot(peer, 2) < u64::from(share.millionths())
}

/// Whether a peer is known by a name instead of an IP.
fn is_named(peer: PeerId, share: Ratio) -> bool {
    lot(peer, 3) < u64::from(share.millionths())
}

#[cfg(test)]
mod tests;
