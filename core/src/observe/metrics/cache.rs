//! Peer caches of document 003: saves and loads, dials of cached peers, and the time to sessions after a
//! start.

use serde::Serialize;

use super::durations::Durations;
use super::ratio;
use super::tally::Tally;
use crate::sim::world::World;
use crate::stack::layers::LayerId;
use crate::stack::peer_cache::event::{CacheEvent, StartOutcome, counter};

/// Peer caches of a run, as people and programs read them. Times are medians over the starts of hosts that
/// have run before; `None` before the first.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct CacheMetrics {
    /// Files saved.
    pub saves: u64,
    /// Saves that the disk refused.
    pub saves_failed: u64,
    /// Files read.
    pub loads: u64,
    /// Entries of the file that was saved last.
    pub entries: u64,
    /// Stale entries of files that were read.
    pub stale_dropped: u64,
    /// Files that could not be read.
    pub corrupt: u64,
    /// Cached addresses that were tried.
    pub attempted: u64,
    /// Those that led to a session with the expected peer.
    pub succeeded: u64,
    /// Successes by tries.
    pub hit_rate_true: Option<f64>,
    /// The share that version 1 reports: tries accepted into a local queue.
    pub hit_rate_reported: Option<f64>,
    /// Time to the first session.
    pub first_session_ms: Option<u64>,
    /// Time to five sessions.
    pub fifth_session_ms: Option<u64>,
    /// Time to the first session with a peer that relays.
    pub first_relay_ms: Option<u64>,
    /// Time until every try has had an outcome.
    pub settled_ms: Option<u64>,
    /// Dials of published addresses by hosts that have started again.
    pub bootstrap_dials: u64,
    /// The longest save, in ms.
    pub save_ms: Option<u64>,
    /// The longest load, in ms.
    pub load_ms: Option<u64>,
    /// Kendall's tau between the scores of files and those in memory after the load, on average; `None`
    /// before the first load.
    pub score_agreement: Option<f64>,
    /// Transfers that succeeded.
    pub transfers: u64,
    /// Transfers that failed.
    pub transfers_failed: u64,
    /// Files of other networks.
    pub mismatched: u64,
    /// Files without a namespace that were taken over.
    pub taken_over: u64,
    /// Cached addresses that the policy refused.
    pub barred: u64,
    /// Names of cached peers looked up.
    pub lookups: u64,
    /// What became of the cached peers at starts of hosts that have run before.
    pub starts: StartOutcomes,
}

/// Starts of hosts that have run before, by what became of the cached peers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct StartOutcomes {
    /// A try led to a session with the expected peer.
    pub success: u64,
    /// No try did.
    pub no_success: u64,
    /// No try did before the time for tries was over.
    pub budget_expired: u64,
    /// There was no file, or one without an entry.
    pub empty_cache: u64,
    /// The file could not be read.
    pub damaged: u64,
    /// The file had entries, and none was tried.
    pub all_filtered: u64,
    /// The file belonged to another network.
    pub namespace_mismatch: u64,
    /// The file is not used at a start.
    pub disabled: u64,
    /// The host stopped in order before its tries were over.
    pub cancelled: u64,
}

impl StartOutcomes {
    /// All starts whose outcome is clear.
    #[must_use]
    pub const fn total(&self) -> u64 {
        let dialled = self.success + self.no_success + self.budget_expired + self.cancelled;
        let unread = self.empty_cache + self.damaged + self.namespace_mismatch + self.disabled;
        dialled + self.all_filtered + unread
    }
}

/// What takes more than counting.
#[derive(Clone, Debug, Default)]
pub(super) struct CacheLog {
    entries: u64,
    stale: u64,
    first: Durations,
    fifth: Durations,
    relay: Durations,
    settled: Durations,
    save: Option<u64>,
    load: Option<u64>,
    /// Sum of the agreements, in millionths, and their number.
    agreement: (u64, u64),
}

impl CacheLog {
    pub(super) fn note(&mut self, event: CacheEvent) {
        match event {
            CacheEvent::Saved { entries, micros } => {
                self.entries = entries.into();
                self.save = self.save.max(Some(micros / 1_000));
            }
            CacheEvent::Loaded { stale, micros, agreement, .. } => {
                self.stale += u64::from(stale);
                self.load = self.load.max(Some(micros / 1_000));
                if let Some(share) = agreement {
                    self.agreement.0 += u64::from(share.millionths());
                    self.agreement.1 += 1;
                }
            }
            CacheEvent::FirstSession { ms } => self.first.count(ms),
            CacheEvent::FifthSession { ms } => self.fifth.count(ms),
            CacheEvent::FirstRelay { ms } => self.relay.count(ms),
            CacheEvent::Settled { ms } => self.settled.count(ms),
            _ => {}
        }
    }
}

impl CacheMetrics {
    /// Reads what is written down about a world; `None` if hosts keep no cache.
    pub(super) fn of(world: &World, tally: &Tally, log: &CacheLog) -> Option<Self> {
        if !world.config().cache.enabled {
            return None;
        }
        let counters = tally.counters(LayerId::PeerCache);
        let count = |number: u8| counters[usize::from(number)];
        let attempted = count(counter::ATTEMPTED);
        let median = |durations: &Durations| durations.quantile(50);
        let ended = |outcome: StartOutcome| count(counter::OUTCOMES + outcome as u8);
        Some(Self {
            saves: count(counter::SAVES),
            saves_failed: count(counter::SAVES_FAILED),
            loads: count(counter::LOADS),
            entries: log.entries,
            stale_dropped: log.stale,
            corrupt: count(counter::CORRUPT),
            attempted,
            succeeded: count(counter::SUCCEEDED),
            hit_rate_true: ratio(count(counter::SUCCEEDED), attempted),
            hit_rate_reported: ratio(count(counter::QUEUED), attempted),
            first_session_ms: median(&log.first),
            fifth_session_ms: median(&log.fifth),
            first_relay_ms: median(&log.relay),
            settled_ms: median(&log.settled),
            bootstrap_dials: count(counter::BOOTSTRAP_DIALS),
            save_ms: log.save,
            load_ms: log.load,
            score_agreement: ratio(log.agreement.0, log.agreement.1 * 1_000_000),
            transfers: count(counter::TRANSFERS),
            transfers_failed: count(counter::TRANSFERS_FAILED),
            mismatched: count(counter::MISMATCHED),
            taken_over: count(counter::TAKEN_OVER),
            barred: count(counter::BARRED),
            lookups: count(counter::LOOKUPS),
            starts: StartOutcomes {
                success: ended(StartOutcome::Success),
                no_success: ended(StartOutcome::NoSuccess),
                budget_expired: ended(StartOutcome::BudgetExpired),
                empty_cache: ended(StartOutcome::EmptyCache),
                damaged: ended(StartOutcome::Damaged),
                all_filtered: ended(StartOutcome::AllFiltered),
                namespace_mismatch: ended(StartOutcome::NamespaceMismatch),
                disabled: ended(StartOutcome::Disabled),
                cancelled: ended(StartOutcome::Cancelled),
            },
        })
    }
}
