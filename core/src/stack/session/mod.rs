//! Sessions of document 002: streams with a handshake and a keepalive between hosts with IP-like addresses.
//!
//! ```text
//! dialer    SYN ------------> Handshake ------------> [open] Ping ...... Ping ......
//! acceptor      <--- SYN-ACK            <--- Ack, GetPeers       Pong         Pong
//! ```
//!
//! | module | content |
//! |---|---|
//! | [`plan`] | addresses of the hosts |
//! | [`segment`], [`stream`] | payloads; reliable delivery over packets |
//! | [`state`], [`ping`] | one session; its keepalive |
//! | `live` | the sessions of a host |
//! | [`registry`] | writers by key, where the published program loses its replies |
//! | [`dial`] | listed peers, direction and back-off |
//! | `machine`, `serve`, `keepalive`, `ending` | opening and accepting sessions, serving them, pings, ends |
//! | `pacing` | bandwidth of streams, and probes of silent ones |
//! | `path` | what carries segments, and how long they wait |
//! | `list_server` | requests for the published list, and the server that answers them |
//! | `carriage` | lifecycle messages: dials on demand, the address book |
//! | `contacts` | notices to other layers, and their requests |
//! | `timing` | local time and timers in ms |
//! | `reports` | peers that are reachable, by the word of others |
//! | `directory` | lists of peers, announcements, purge |
//! | [`bans`], `fault` | violations and bans; NATs, slow readers, floods |
//! | [`sync`] | the workload: heights, ranges of blocks, production, genesis check |
//! | [`chain`], `fork_state`, `forks` | chains that fork, votes, reorganisations |
//! | [`event`] | facts for observers |
//!
//! The accepting side addresses its replies by a key of the peer, `session.reply_key`. Sessions are
//! registered by IP; with keys of IP and port each pong is lost, every session ends after three missed pongs
//! (90 s), and the dialer comes back 5 s later from another port.

pub mod bans;
mod carriage;
pub mod chain;
mod contacts;
pub mod dial;
mod directory;
pub mod event;
mod ending;
mod fault;
mod fork_state;
mod forks;
mod keepalive;
mod live;
mod list_server;
mod machine;
mod pacing;
mod path;
mod reports;
pub mod ping;
pub mod plan;
pub mod registry;
pub mod segment;
mod serve;
pub mod state;
pub mod stream;
pub mod sync;
mod timing;

use self::bans::Bans;
use self::carriage::Carriage;
use self::dial::{Candidate, DialPhase};
use self::event::SessionEvent;
use self::live::LiveSessions;
use self::registry::Registry;
use self::segment::{Payload, Segment};
use self::state::{Session, Window};
use self::sync::Sync;
use super::address::Address;
use super::context::HostContext;
use super::layer::{Body, Layer, Passed, Upward};
use super::notice::Notice;
use crate::base::digest::Digest;
use crate::base::id::PeerId;
use crate::config::Config;

/// First ephemeral port.
const EPHEMERAL: u16 = 49_152;
/// Ephemeral ports.
const EPHEMERALS: u32 = 1 << 14;
/// Port of the directory server.
pub(crate) const HTTP_PORT: u16 = 80;
/// Height of the chain of a synchronized node in the incident.
const HEIGHT: u32 = 2_480;
/// Time between two judgements of pings, other than seed-era, in ms.
const JUDGE_EVERY: u64 = 10_000;

/// Kinds of timers.
mod timer {
    /// A listed peer is dialled: by its index.
    pub(super) const DIAL: u8 = 0;
    /// The list is checked for peers without a session.
    pub(super) const CHECK: u8 = 1;
    /// A dial has had no answer.
    pub(super) const CONNECT: u8 = 2;
    /// A handshake has had no answer.
    pub(super) const HANDSHAKE: u8 = 3;
    /// The next ping is due.
    pub(super) const PING: u8 = 4;
    /// Outstanding pings are judged.
    pub(super) const JUDGE: u8 = 5;
    /// The oldest segment is sent again.
    pub(super) const RETRANSMIT: u8 = 6;
    /// The acceptor looks for silence.
    pub(super) const IDLE: u8 = 7;
    /// A slow reader comes to its next payload.
    pub(super) const READ: u8 = 8;
    /// The answer to a question for the genesis block is overdue.
    pub(super) const GENESIS: u8 = 9;
    /// Timers of one session.
    pub(super) const OF_SESSION: std::ops::RangeInclusive<u8> = CONNECT..=GENESIS;
    /// A listed peer is dialled again: by its index, and the number of the series.
    pub(super) const REDIAL: u8 = 10;
    /// The list is purged.
    pub(super) const PURGE: u8 = 11;
    /// The next SYN of a flood.
    pub(super) const FLOOD: u8 = 12;
    /// The next slot of block production.
    pub(super) const SLOT: u8 = 13;
    /// Heights are asked for.
    pub(super) const TIPS: u8 = 14;
    /// Open requests for blocks are looked at.
    pub(super) const POLL: u8 = 15;
    /// A segment leaves the line of its stream.
    pub(super) const TRANSMIT: u8 = 16;
    /// A stream that may be silent is looked at.
    pub(super) const PROBE: u8 = 17;
    /// The published list is asked for.
    pub(super) const FETCH: u8 = 18;
    /// The directory server answers.
    pub(super) const ANSWER: u8 = 19;
    /// Answers to a fork vote are counted.
    pub(super) const VOTE: u8 = 20;
    /// A peer on another chain is left: by its session.
    pub(super) const LEAVE: u8 = 21;
}

/// The sessions of one host.
#[derive(Clone, Debug)]
pub struct Sessions {
    live: LiveSessions,
    registry: Registry,
    /// Listed peers, without this host.
    candidates: Vec<Candidate>,
    /// Sessions so far.
    generation: u32,
    /// Dials so far: each has another port.
    dialed: u32,
    /// First port of this life, so that a restarted host does not meet its former streams.
    first_port: u32,
    /// Greatest height that another host has stated.
    best_height: u32,
    bans: Bans,
    /// Hosts that another layer has barred, in ascending order of IP.
    barred: Vec<u64>,
    /// New streams of this minute.
    inbound: Window,
    /// Hosts with a higher IP: the first ones are those that faults concern.
    rank: u32,
    /// Reboots of NATs that have been noticed.
    nat_reboots: u32,
    /// Number of the present series of dials.
    series: u32,
    /// Number of the series that dials now belong to.
    dialing: u32,
    /// `None` if hosts keep no chain.
    sync: Option<Box<Sync>>,
    carriage: Carriage,
    /// Mean distance of two frames that carry segments, once the airtime of this host is used up, in ms.
    pace_ms: u32,
}

impl Layer for Sessions {
    type Body = Segment;

    fn new(_host: PeerId, config: &Config) -> Option<Self> {
        config.session.enabled.then(|| Self {
            live: LiveSessions::default(),
            registry: Registry::default(),
            candidates: Vec::new(),
            generation: 0,
            dialed: 0,
            first_port: 0,
            best_height: 0,
            bans: Bans::default(),
            barred: Vec::new(),
            inbound: Window::default(),
            rank: u32::MAX,
            nat_reboots: 0,
            series: 0,
            dialing: 0,
            sync: None,
            carriage: Carriage::default(),
            pace_ms: 0,
        })
    }

    fn on_boot(&mut self, cx: &mut HostContext<'_>) {
        let rules = cx.config.session;
        if !cx.config.has_streams(plan::index(cx.address)) {
            return;
        }
        let listed = Self::shipped(cx).into_iter();
        self.candidates = listed.filter(|address| *address != cx.address).map(Candidate::new).collect();
        self.first_port = cx.rng.below(EPHEMERALS);
        self.rank = plan::rank(cx.address, cx.config.genesis.peers);
        self.nat_reboots = rules.nat_reboots;
        self.time_dials(cx);
        self.fetch(cx);
        timing::set(cx, timer::CHECK, 0, u64::from(rules.peer_check_ms));
        self.purge(cx);
        self.time_flood(cx);
        self.boot_sync(cx);
        self.open_book(cx);
    }

    fn on_packet(&mut self, cx: &mut HostContext<'_>, from: Address, segment: Segment) -> Option<Upward> {
        self.notice_nat(cx);
        let remote = from.with_port(segment.from_port);
        let found = self.live.between(remote, segment.to_port);
        if found.is_some_and(|session| session.is_cut) {
            return None;
        }
        let id = found.map(|session| session.id);
        match (segment.payload, id) {
            (Payload::Syn, None) if segment.to_port == HTTP_PORT => self.on_list_syn(cx, from, remote),
            (Payload::Syn, id) => self.on_syn(cx, from, remote, id),
            (Payload::Rst, None) => {}
            (_, None) if self.is_flooder(cx) => {}
            (_, None) => {
                let (from_port, to_port) = (segment.to_port, segment.from_port);
                let rst = Segment { from_port, to_port, seq: 0, ack: 0, payload: Payload::Rst };
                path::send(cx, from, rst);
            }
            (Payload::Rst, Some(id)) => self.on_reset(cx, id),
            (Payload::SynAck, Some(id)) => self.on_syn_ack(cx, id),
            (payload, Some(id)) => return self.on_segment(cx, id, Segment { payload, ..segment }),
        }
        None
    }

    fn on_send(&mut self, cx: &mut HostContext<'_>, to: PeerId, body: Body) -> Passed {
        self.carry(cx, to, body)
    }

    fn on_timer(&mut self, cx: &mut HostContext<'_>, kind: u8, key: u32) {
        self.notice_nat(cx);
        match kind {
            timer::DIAL => self.dial(cx, key as usize, DialPhase::First),
            timer::REDIAL => {
                self.dialing = key >> 16;
                let index = (key & 0xffff) as usize;
                // One that was released since is not dialled again.
                if self.candidates.get(index).is_some_and(Candidate::is_kept) {
                    self.dial(cx, index, DialPhase::Redial);
                }
            }
            timer::PURGE => self.purge(cx),
            timer::FLOOD => self.flood(cx),
            timer::READ => self.read_one(cx, key),
            timer::GENESIS => self.on_genesis_timeout(cx, key),
            timer::SLOT => self.on_slot(cx),
            timer::TIPS => self.ask_tips(cx),
            timer::POLL => self.poll_blocks(cx),
            timer::TRANSMIT => self.release(cx, key),
            timer::PROBE => self.probe(cx, key),
            timer::FETCH => self.fetch(cx),
            timer::ANSWER => self.answer(cx, key),
            timer::VOTE => self.on_vote(cx),
            timer::LEAVE => self.leave_fork(cx, key),
            timer::CHECK => self.check(cx),
            timer::CONNECT => self.on_reset(cx, key),
            timer::HANDSHAKE => self.on_handshake_timeout(cx, key),
            timer::PING => self.beat(cx, key),
            timer::JUDGE => self.judge(cx, key),
            timer::RETRANSMIT => self.retransmit(cx, key),
            timer::IDLE => self.look_for_silence(cx, key),
            _ => unreachable!("no such timer is set"),
        }
    }

    fn on_notice(&mut self, cx: &mut HostContext<'_>, notice: Notice) {
        self.heed(cx, notice);
    }

    fn on_stop(&mut self, cx: &mut HostContext<'_>) {
        let open: Vec<u32> = self.live.iter().filter(|one| one.is_open()).map(|one| one.id).collect();
        open.into_iter().for_each(|id| self.close(cx, id));
    }

    fn digest(&self, digest: &mut Digest) {
        digest.length(self.live.len());
        self.live.iter().for_each(|session| session.digest(digest));
        self.registry.digest(digest);
        digest.length(self.candidates.len());
        self.candidates.iter().for_each(|candidate| candidate.digest(digest));
        digest.number(u64::from(self.generation) << 32 | u64::from(self.dialed));
        digest.number(u64::from(self.first_port) << 32 | u64::from(self.best_height));
        self.bans.digest(digest);
        self.inbound.digest(digest);
        digest.number(u64::from(self.nat_reboots) << 32 | u64::from(self.series));
        if let Some(sync) = &self.sync {
            sync.digest(digest);
        }
        self.carriage.digest(digest);
        self.barred.iter().for_each(|host| digest.number(*host));
        if self.pace_ms > 0 {
            digest.number(self.pace_ms);
        }
    }
}

impl Sessions {
    /// All sessions, those that end included, in ascending order of generation.
    #[must_use]
    pub fn all(&self) -> &[Session] {
        &self.live
    }

    /// Writers and accepted peers by key.
    #[must_use]
    pub const fn registry(&self) -> &Registry {
        &self.registry
    }

    /// Listed peers, without this host.
    #[must_use]
    pub fn candidates(&self) -> &[Candidate] {
        &self.candidates
    }

    /// Bans of other hosts.
    #[must_use]
    pub const fn bans(&self) -> &Bans {
        &self.bans
    }

    /// The chain; `None` if hosts keep none.
    #[must_use]
    pub fn sync(&self) -> Option<&Sync> {
        self.sync.as_deref()
    }

    /// Messages that wait for a session.
    #[must_use]
    pub fn waiting(&self) -> usize {
        self.carriage.waiting()
    }

    fn find(&self, id: u32) -> Option<usize> {
        self.live.find(id)
    }

    fn get_mut(&mut self, id: u32) -> Option<&mut Session> {
        self.find(id).map(|index| &mut self.live[index])
    }

    fn candidate(&mut self, ip: u64) -> Option<(u32, &mut Candidate)> {
        let index = self.candidates.iter().position(|one| one.address.host_part() == ip)?;
        Some((u32::try_from(index).unwrap_or(u32::MAX), &mut self.candidates[index]))
    }
}

#[cfg(test)]
mod tests;
