//! Saving: the entries that a file gets, and its replacement step by step.

use super::event::CacheEvent;
use super::format::{CachedPeer, PeerCache};
use super::known::RememberedPeer;
use super::namespace::{FileNames, NamespacedCache};
use super::save;
use super::text::{address_text, name_text, peer_text};
use super::{PeerCacheLayer, is_named, namespace, relays, set, timer, wall};
use crate::base::digest::Digest;
use crate::config::{CacheConfig, CacheGate, CacheRanking};
use crate::protocol::peer_table::PeerTable;
use crate::stack::context::HostContext;

/// A save whose steps take their time.
#[derive(Clone, Debug)]
pub(super) struct Saving {
    names: FileNames,
    text: String,
    entries: u32,
    /// Steps done.
    done: usize,
    micros: u64,
}

impl Saving {
    pub(super) fn digest(&self, digest: &mut Digest) {
        digest.bytes(self.text.as_bytes());
        digest.number(self.done as u64);
        digest.number(self.micros);
    }
}

impl RememberedPeer {
    /// Answers that elections have accepted from the peer, those of earlier lives included.
    fn answers_by(&self, peers: &PeerTable) -> u32 {
        self.answers.saturating_add(peers.interactions().of(self.peer).answers)
    }

    fn entry(&self, rules: &CacheConfig) -> CachedPeer {
        let metrics = &self.metrics;
        let address = match self.saved {
            Some(address) if is_named(self.peer, rules.named) => name_text(address, self.peer),
            Some(address) => address_text(address, Some(self.peer)),
            None => address_text(self.remote, None),
        };
        CachedPeer {
            peer_id: peer_text(self.peer),
            addresses: vec![address],
            last_seen: metrics.last_seen,
            connection_count: metrics.transfers(),
            successful_transfers: metrics.successful,
            failed_transfers: metrics.failed,
            total_bytes_transferred: metrics.bytes,
            average_latency_ms: metrics.latency_ms.unwrap_or(0),
            is_bootstrap: false,
            supports_relay: relays(self.peer, rules.relay_share),
            reliability_score: metrics.reliability.into(),
            last_success: None,
            last_failure: None,
            answers: None,
        }
    }
}

impl PeerCacheLayer {
    /// The file that a save would write at a Unix time; `None` if there is nothing to save.
    #[must_use]
    pub fn snapshot(&self, rules: &CacheConfig, peers: &PeerTable, now: u64) -> Option<PeerCache> {
        let is_kept = |known: &&RememberedPeer| match rules.gate {
            CacheGate::Transfers => known.metrics.transfers() > 0,
            CacheGate::Sessions => known.met > 0,
        };
        let is_extended = rules.ranking == CacheRanking::LastSuccess;
        let entry = |known: &RememberedPeer| {
            let answers = rules.lifecycle.then(|| known.answers_by(peers));
            let entry = CachedPeer { answers, ..known.entry(rules) };
            let (last_success, last_failure) = (known.last_success, known.last_failure);
            if is_extended {
                CachedPeer { connection_count: known.met, last_success, last_failure, ..entry }
            } else {
                entry
            }
        };
        let mut peers: Vec<CachedPeer> = self.known.iter().filter(is_kept).map(entry).collect();
        if rules.merged {
            peers.extend(self.loaded.iter().cloned());
        }
        if peers.is_empty() {
            return None;
        }
        let mut cache = PeerCache::new(now, peers);
        if rules.merged {
            cache.drop_duplicates();
        }
        cache.drop_stale(now, rules.age_max_s.into());
        if is_extended {
            cache.sort_by_success();
            cache.peers.truncate(rules.entries_max as usize);
        } else {
            cache.sort_and_limit(rules.entries_max as usize);
        }
        Some(cache)
    }

    fn prepare(&self, cx: &HostContext<'_>) -> Option<Saving> {
        let cache = self.snapshot(&cx.config.cache, cx.peers, wall(cx))?;
        let entries = u32::try_from(cache.peers.len()).unwrap_or(u32::MAX);
        let (names, text) = match namespace(cx) {
            None => (FileNames::plain(), cache.to_text()),
            Some(namespace) => {
                let file = NamespacedCache::new(namespace, cache);
                (FileNames::of(&file.key), file.to_text())
            }
        };
        Some(Saving { names, text, entries, done: 0, micros: 0 })
    }

    pub(super) fn time_save(cx: &mut HostContext<'_>) {
        if let Some(interval) = cx.config.cache.save_s {
            set(cx, timer::SAVE, 0, u64::from(interval.get()) * 1_000);
        }
    }

    /// Begins a save whose steps follow one another as the disk takes its time.
    pub(super) fn begin_save(&mut self, cx: &mut HostContext<'_>) {
        if self.saving.is_none() {
            self.saving = self.prepare(cx);
            self.continue_save(cx);
        }
    }

    pub(super) fn continue_save(&mut self, cx: &mut HostContext<'_>) {
        let Some(mut saving) = self.saving.take() else { return };
        if let Some(micros) = take_step(cx, &mut saving) {
            self.saving = Some(saving);
            set(cx, timer::STEP, 0, micros / 1_000);
        }
    }

    /// Saves at a graceful stop: nothing comes between the steps.
    pub(super) fn save_at_once(&mut self, cx: &mut HostContext<'_>) {
        self.saving = None;
        if let Some(mut saving) = self.prepare(cx) {
            while take_step(cx, &mut saving).is_some() {}
        }
    }
}

/// Executes the next step of a save; returns the time that it takes, in µs, or `None` if the save is over.
fn take_step(cx: &mut HostContext<'_>, saving: &mut Saving) -> Option<u64> {
    let rules = cx.config.cache;
    let steps = save::steps(rules.save);
    let Some(step) = steps.get(saving.done) else {
        cx.report(CacheEvent::Saved { entries: saving.entries, micros: saving.micros });
        return None;
    };
    if step.execute(cx.disk, &saving.names, saving.text.as_bytes()).is_err() {
        cx.report(CacheEvent::SaveFailed);
        return None;
    }
    let micros = step.duration(saving.text.len(), rules.sync_ms);
    saving.done += 1;
    saving.micros += micros;
    Some(micros)
}
