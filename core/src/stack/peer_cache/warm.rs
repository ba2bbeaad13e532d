//! Warm start: loading the file, and dialling its peers within limits.

use std::cmp::Reverse;
use std::net::IpAddr;

use serde::Serialize;

use super::event::{CacheEvent, StartOutcome};
use super::format::{CachedPeer, PeerCache};
use super::namespace::FileNames;
use super::policy::{LOOKUP_MS_MAX, Resolver, Verdicts};
use super::save::{self, Loaded};
use super::text::{address_of, has_name, ip_of_name, peer_of};
use super::{Milestone, PeerCacheLayer, ms, namespace, set, timer, wall};
use crate::base::digest::Digest;
use crate::base::id::PeerId;
use crate::base::mutant::mutant;
use crate::base::ratio::Ratio;
use crate::base::sort;
use crate::config::{AddressPolicy, CacheRanking, WarmStart};
use crate::stack::address::Address;
use crate::stack::context::HostContext;
use crate::stack::notice::Notice;

/// What became of a try.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum TryOutcome {
    /// There is a session with the expected peer.
    Connected,
    /// Another peer answered.
    OtherPeer,
    /// There was no answer.
    TimedOut,
    /// The dial was reset.
    Refused,
    /// The address cannot be dialled.
    Undialable,
    /// The time for tries was over.
    OverBudget,
}

/// A cached address that is tried.
#[derive(Clone, Copy, Debug)]
pub struct Try {
    /// Index of its entry in the order of dials.
    pub entry: u32,
    /// Peer that is expected.
    pub peer: Option<PeerId>,
    /// Address; `None` if it cannot be dialled.
    pub address: Option<Address>,
    /// Time at which it was dialled, in ms; `None` before.
    pub dialed: Option<u64>,
    /// What became of it; `None` before that.
    pub outcome: Option<TryOutcome>,
}

impl Try {
    pub(super) fn digest(&self, digest: &mut Digest) {
        digest.number(self.peer.map_or(0, PeerId::get));
        digest.number(self.address.map_or(0, Address::get));
        digest.number(self.dialed.map_or(0, |at| at + 1));
        digest.number(self.outcome.map_or(0, |outcome| outcome as u64 + 1));
    }
}

/// Name service of a world: each name has the IP that it contains.
struct NameService {
    /// Whether answers come too late.
    is_slow: bool,
}

impl Resolver for NameService {
    fn look_up(&mut self, name: &str) -> Option<Vec<IpAddr>> {
        ip_of_name(name).filter(|_| !self.is_slow).map(|ip| vec![ip.into()])
    }
}

impl PeerCacheLayer {
    /// Reads the file; its peers are dialled once that has taken its time.
    pub(super) fn load(&mut self, cx: &mut HostContext<'_>) {
        let rules = cx.config.cache;
        let namespace = namespace(cx);
        let names = namespace.as_ref().map(|namespace| FileNames::of(&namespace.key()));
        let file = names.and_then(|names| cx.disk.read(&names.file));
        let bytes = file.or_else(|| cx.disk.read(super::format::FILE)).map_or(0, <[u8]>::len);
        let micros = 5_000 + bytes as u64 * 1_000 / 65_536;
        let loaded = match &namespace {
            None => save::load(cx.disk, rules.damaged),
            Some(namespace) => save::load_namespaced(cx.disk, rules.damaged, namespace),
        };
        let mut cache = match loaded {
            Loaded::Found(cache) => cache,
            Loaded::TakenOver(cache) => {
                cx.report(CacheEvent::TakenOver);
                cache
            }
            Loaded::Mismatched => {
                cx.report(CacheEvent::Mismatched);
                return self.start_without(cx, StartOutcome::NamespaceMismatch);
            }
            Loaded::Missing => {
                cx.report(CacheEvent::Missing);
                return self.start_without(cx, StartOutcome::EmptyCache);
            }
            Loaded::Damaged(_) => {
                cx.report(CacheEvent::Corrupt);
                return self.start_without(cx, StartOutcome::Damaged);
            }
        };
        let is_empty = cache.peers.is_empty();
        let now = wall(cx);
        if rules.skew_clamped {
            cache.clamp_to(now);
        }
        let stale = cache.drop_stale(now, rules.age_max_s.into());
        match rules.ranking {
            CacheRanking::Reliability => cache.sort_for_dialling(),
            CacheRanking::LastSuccess => {
                cache.drop_duplicates();
                cache.sort_by_success();
            }
        }
        if rules.restored {
            cache.peers.iter().for_each(|entry| self.restore(entry));
        }
        cx.report(CacheEvent::Loaded {
            entries: u32::try_from(cache.peers.len()).unwrap_or(u32::MAX),
            stale: u32::try_from(stale).unwrap_or(u32::MAX),
            micros,
            agreement: self.agreement(&cache),
        });
        self.loaded = cache.peers;
        let waits = self.plan(cx, now);
        if self.tries.is_empty() {
            let outcome = if is_empty { StartOutcome::EmptyCache } else { StartOutcome::AllFiltered };
            return self.start_without(cx, outcome);
        }
        set(cx, timer::LOADED, 0, micros / 1_000 + waits);
    }

    fn restore(&mut self, entry: &CachedPeer) {
        let dialable = entry.addresses.iter().find_map(|text| address_of(text));
        let Some((address, peer)) = dialable else { return };
        let known = self.remember(peer, address, entry.last_seen);
        let latency = Some(entry.average_latency_ms).filter(|latency| *latency > 0);
        let transfers = [entry.successful_transfers, entry.failed_transfers];
        let bytes = entry.total_bytes_transferred;
        known.metrics.last_seen = entry.last_seen;
        known.metrics.restore(latency, entry.reliability_score.ratio(), transfers, bytes);
        known.last_success = entry.last_success;
        known.last_failure = entry.last_failure;
        known.answers = entry.answers.unwrap_or(0);
    }

    /// Tells the sessions the addresses of cached peers, and the lifecycle these peers: those with most
    /// answers first, by id among equals.
    pub(super) fn recall(&self, cx: &mut HostContext<'_>) {
        if !cx.config.cache.lifecycle {
            return;
        }
        let known = |entry: &CachedPeer| {
            let (listening, peer) = entry.addresses.iter().find_map(|text| address_of(text))?;
            Some((Reverse(entry.answers.unwrap_or(0)), peer, listening))
        };
        let mut peers: Vec<(Reverse<u32>, PeerId, Address)> = self.loaded.iter().filter_map(known).collect();
        sort::sort_by_key(&mut peers, |one| *one);
        for (_, peer, listening) in &peers {
            cx.notify(Notice::Remembered { peer: *peer, listening: *listening });
        }
        cx.recall(peers.into_iter().map(|(_, peer, _)| peer).collect(), cx.config.cache.invited);
    }

    /// Kendall's tau between the scores of the file and those in memory, over pairs whose scores differ in
    /// the file; 0 if it is negative, `None` without a pair.
    fn agreement(&self, cache: &PeerCache) -> Option<Ratio> {
        let remembered = |entry: &CachedPeer| {
            let index = peer_of(&entry.peer_id).and_then(|peer| self.find(peer).ok());
            index.map_or(500_000, |index| self.known[index].metrics.reliability.millionths())
        };
        let scores: Vec<(i64, u32)> =
            cache.peers.iter().map(|one| (one.reliability_score.millionths(), remembered(one))).collect();
        let (mut pairs, mut tau) = (0_i64, 0_i64);
        for (index, one) in scores.iter().enumerate() {
            for other in scores[index + 1..].iter().filter(|other| other.0 != one.0) {
                pairs += 1;
                tau += one.0.cmp(&other.0) as i64 * one.1.cmp(&other.1) as i64;
            }
        }
        let share = (tau.max(0) * 1_000_000).checked_div(pairs)?;
        Some(Ratio::from_millionths(u32::try_from(share).unwrap_or(0)))
    }

    /// Lists the addresses to be tried, in order. Returns the time that looking up their names takes, in ms.
    fn plan(&mut self, cx: &mut HostContext<'_>, now: u64) -> u64 {
        let rules = cx.config.cache;
        let most = rules.attempts_max.map_or(usize::MAX, |limit| limit.get() as usize);
        let is_barred = |entry: &CachedPeer| {
            let since = entry.last_failure.map(|at| now.saturating_sub(at));
            rules.retry_s.zip(since).is_some_and(|(retry, since)| since < u64::from(retry.get()))
        };
        let mut verdicts = Verdicts::new(rules.policy);
        let mut names = NameService { is_slow: rules.lookup_ms > LOOKUP_MS_MAX };
        let mut lookups = 0;
        let is_spared = |entry: &CachedPeer| mutant!(AbsentDialled: is_barred(entry) => false);
        for (index, entry) in self.loaded.iter().enumerate().filter(|(_, entry)| !is_spared(entry)) {
            for text in &entry.addresses {
                if self.tries.len() >= most {
                    break;
                }
                if verdicts.check(text, &mut names).is_err() {
                    cx.report(CacheEvent::Barred);
                    continue;
                }
                // The verdict on a name comes from its look-up; without one, the dial looks it up.
                lookups += u32::from(has_name(text) && rules.policy != AddressPolicy::Wan);
                let target = address_of(text).filter(|_| !(names.is_slow && has_name(text)));
                self.tries.push(Try {
                    entry: u32::try_from(index).unwrap_or(u32::MAX),
                    peer: target.map(|target| target.1),
                    address: target.map(|target| target.0),
                    dialed: None,
                    outcome: None,
                });
            }
        }
        lookups += verdicts.lookups;
        (0..lookups).for_each(|_| cx.report(CacheEvent::LookedUp));
        u64::from(lookups) * u64::from(rules.lookup_ms.min(LOOKUP_MS_MAX))
    }

    /// Dials as many of the addresses that remain as may be dialled at a time.
    pub(super) fn dial_more(&mut self, cx: &mut HostContext<'_>) {
        let rules = cx.config.cache;
        let most = rules.dials_max.map_or(usize::MAX, |limit| limit.get() as usize);
        let spent = ms(cx).saturating_sub(self.started);
        let is_over = rules.budget_ms.is_some_and(|budget| spent >= u64::from(budget.get()));
        for index in 0..self.tries.len() {
            let is_open = |one: &&Try| one.dialed.is_some() && one.outcome.is_none();
            let open = self.tries.iter().filter(is_open).count();
            if mutant!(CachedDialsUnbounded: open >= most => false) {
                return;
            }
            if self.tries[index].dialed.is_none() && self.tries[index].outcome.is_none() {
                if is_over {
                    self.tries[index].outcome = Some(TryOutcome::OverBudget);
                } else {
                    self.dial(cx, index);
                }
            }
        }
        self.note_settled(cx);
    }

    fn dial(&mut self, cx: &mut HostContext<'_>, index: usize) {
        let Try { peer, address, .. } = self.tries[index];
        self.tries[index].dialed = Some(ms(cx));
        cx.report(CacheEvent::Attempted);
        cx.report(CacheEvent::Queued);
        let is_live = |peer| self.find(peer).is_ok_and(|index| self.known[index].sessions > 0);
        match address {
            None => self.tries[index].outcome = Some(TryOutcome::Undialable),
            Some(_) if peer.is_some_and(is_live) => {
                self.tries[index].outcome = Some(TryOutcome::Connected);
                cx.report(CacheEvent::Succeeded);
            }
            Some(to) => {
                cx.notify(Notice::Dial { to });
                let key = u32::try_from(index).unwrap_or(u32::MAX);
                set(cx, timer::DIAL, key, cx.config.cache.dial_timeout_ms.into());
            }
        }
    }

    /// The try of an address that waits for its outcome.
    pub(super) fn open_try(&self, address: Address) -> Option<usize> {
        let is_open =
            |one: &Try| one.address == Some(address) && one.dialed.is_some() && one.outcome.is_none();
        self.tries.iter().position(is_open)
    }

    /// Notes the outcome of a try, and dials the next.
    pub(super) fn conclude(&mut self, cx: &mut HostContext<'_>, index: usize, outcome: TryOutcome) {
        let Some(one) = self.tries.get_mut(index).filter(|one| one.outcome.is_none()) else { return };
        one.outcome = Some(outcome);
        let (entry, peer) = (one.entry as usize, one.peer);
        cx.cancel_timer(timer::DIAL, u32::try_from(index).unwrap_or(u32::MAX));
        if outcome == TryOutcome::Connected {
            cx.report(CacheEvent::Succeeded);
        } else {
            let now = wall(cx);
            self.loaded[entry].last_failure = Some(now);
            if let Some(known) = peer.and_then(|peer| self.get_mut(peer)) {
                known.last_failure = Some(now);
            }
        }
        self.dial_more(cx);
    }

    fn note_settled(&mut self, cx: &mut HostContext<'_>) {
        let is_over = !self.tries.is_empty() && self.tries.iter().all(|one| one.outcome.is_some());
        let ms = ms(cx).saturating_sub(self.started);
        if self.is_again && is_over && self.milestones.reach(Milestone::Settled, ms) {
            cx.report(CacheEvent::Settled { ms });
            let has = |outcome| self.tries.iter().any(|one| one.outcome == Some(outcome));
            self.end_start(
                cx,
                match (has(TryOutcome::Connected), has(TryOutcome::OverBudget)) {
                    (true, _) => StartOutcome::Success,
                    (false, true) => StartOutcome::BudgetExpired,
                    (false, false) => StartOutcome::NoSuccess,
                },
            );
        }
    }

    /// Ends the dials of cached peers before the first one.
    fn start_without(&mut self, cx: &mut HostContext<'_>, outcome: StartOutcome) {
        self.end_start(cx, outcome);
        self.dial_published(cx);
    }

    /// Notes and tells what became of the cached peers, once a start.
    pub(super) fn end_start(&mut self, cx: &mut HostContext<'_>, outcome: StartOutcome) {
        if self.is_again && self.outcome.is_none() {
            self.outcome = Some(outcome);
            cx.report(CacheEvent::StartEnded(outcome));
        }
    }

    /// Dials the published list if too few sessions are open.
    pub(super) fn decide_need(&mut self, cx: &mut HostContext<'_>) {
        let live = self.known.iter().filter(|known| known.sessions > 0).count();
        if live < cx.config.cache.needed as usize {
            self.dial_published(cx);
        }
    }

    fn dial_published(&mut self, cx: &mut HostContext<'_>) {
        let waits = cx.config.cache.start == WarmStart::WhenNeeded;
        if waits && self.milestones.reach(Milestone::Published, ms(cx).saturating_sub(self.started)) {
            cx.notify(Notice::DialPublished);
        }
    }
}
