//! Packets of transfers, and facts for observers.

use serde::Serialize;

use crate::base::digest::Digest;
use crate::base::kind::{CounterInfo, KindInfo};
use crate::base::ratio::Ratio;
use crate::protocol::message::ProofResolver;
use crate::stack::layer::{LayerBody, LayerEvent};

/// A message of a transfer.
#[derive(Clone, Copy, Debug)]
pub enum Transfer {
    /// Asks for data.
    Fetch {
        /// Number of the transfer on the host that asks.
        number: u32,
        /// Size in bytes.
        bytes: u32,
    },
    /// The data.
    Data {
        /// Number of the transfer.
        number: u32,
        /// Size in bytes.
        bytes: u32,
    },
}

impl LayerBody for Transfer {
    const KINDS: &'static [KindInfo] = &[
        // Asks a peer for data.
        KindInfo { name: "fetch", plural: "Fetches" },
        // Data that a peer has asked for.
        KindInfo { name: "data", plural: "Data" },
    ];

    fn kind(&self) -> u8 {
        match self {
            Self::Fetch { .. } => 0,
            Self::Data { .. } => 1,
        }
    }

    fn size(&self) -> u32 {
        match self {
            Self::Fetch { .. } => 16,
            Self::Data { bytes, .. } => 16 + bytes,
        }
    }

    fn digest(&self, digest: &mut Digest, _: &dyn ProofResolver) {
        let (Self::Fetch { number, bytes } | Self::Data { number, bytes }) = self;
        digest.number(u64::from(*number) << 32 | u64::from(*bytes));
    }
}

/// What became of the cached peers at a start of a host that has run before.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum StartOutcome {
    /// A try led to a session with the expected peer.
    Success,
    /// No try did.
    NoSuccess,
    /// No try did, and the time for tries was over before the last one.
    BudgetExpired,
    /// There was no file, or one without an entry.
    EmptyCache,
    /// The file could not be read.
    Damaged,
    /// The file had entries, and none was tried: they were stale, refused by the policy, or absent lately.
    AllFiltered,
    /// The file belonged to another network.
    NamespaceMismatch,
    /// The host does not use the file at a start.
    Disabled,
    /// The host stopped in order before its tries were over. A crash leaves no outcome.
    Cancelled,
}

/// A fact about the peer cache of one host.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CacheEvent {
    /// The file was saved.
    Saved {
        /// Entries.
        entries: u32,
        /// Time that it took, in µs.
        micros: u64,
    },
    /// A save was refused by the disk.
    SaveFailed,
    /// The file was read.
    Loaded {
        /// Entries that are not stale.
        entries: u32,
        /// Stale entries.
        stale: u32,
        /// Time that it took, in µs.
        micros: u64,
        /// Kendall's tau between the scores of the file and those in memory after it, in millionths of the
        /// pairs; `None` with less than two entries.
        agreement: Option<Ratio>,
    },
    /// There was no file.
    Missing,
    /// The file could not be read.
    Corrupt,
    /// A cached address was tried.
    Attempted,
    /// A try led to a session with the expected peer.
    Succeeded,
    /// A try was accepted into a local queue, which version 1 reports as a hit.
    Queued,
    /// A host that has started again dialled a published address.
    BootstrapDialed,
    /// A host that has started again has its first session.
    FirstSession {
        /// Time since the start, in ms.
        ms: u64,
    },
    /// A host that has started again has its fifth session.
    FifthSession {
        /// Time since the start, in ms.
        ms: u64,
    },
    /// A host that has started again has its first session with a peer that relays.
    FirstRelay {
        /// Time since the start, in ms.
        ms: u64,
    },
    /// All tries have had an outcome.
    Settled {
        /// Time since the start, in ms.
        ms: u64,
    },
    /// It is clear what became of the cached peers at a start of a host that has run before.
    StartEnded(StartOutcome),
    /// A transfer succeeded.
    Transferred,
    /// A transfer failed.
    TransferFailed,
    /// The file belonged to another network.
    Mismatched,
    /// A file without a namespace was taken over.
    TakenOver,
    /// The policy refused an address.
    Barred,
    /// A name was looked up.
    LookedUp,
}

/// Numbers of the counters.
pub mod counter {
    /// Saves.
    pub const SAVES: u8 = 0;
    /// Saves refused.
    pub const SAVES_FAILED: u8 = 1;
    /// Loads of a file.
    pub const LOADS: u8 = 2;
    /// Starts without a file.
    pub const MISSING: u8 = 3;
    /// Files that could not be read.
    pub const CORRUPT: u8 = 4;
    /// Tries.
    pub const ATTEMPTED: u8 = 5;
    /// Tries with success.
    pub const SUCCEEDED: u8 = 6;
    /// Tries that were queued.
    pub const QUEUED: u8 = 7;
    /// Dials of published addresses.
    pub const BOOTSTRAP_DIALS: u8 = 8;
    /// Transfers.
    pub const TRANSFERS: u8 = 9;
    /// Failed transfers.
    pub const TRANSFERS_FAILED: u8 = 10;
    /// Files of other networks.
    pub const MISMATCHED: u8 = 11;
    /// Files without a namespace that were taken over.
    pub const TAKEN_OVER: u8 = 12;
    /// Addresses refused by the policy.
    pub const BARRED: u8 = 13;
    /// Names looked up.
    pub const LOOKUPS: u8 = 14;
    /// The first of the outcomes of starts, in the order of their variants.
    pub const OUTCOMES: u8 = 15;
}

const fn row(name: &'static str, unit: &'static str, meaning: &'static str) -> CounterInfo {
    CounterInfo { name, unit, meaning }
}

impl LayerEvent for CacheEvent {
    const COUNTERS: &'static [CounterInfo] = &[
        row("saves", "saves", "Saves of peer caches."),
        row("saves_failed", "saves", "Saves that the disk refused."),
        row("loads", "loads", "Peer caches read at a start."),
        row("missing", "starts", "Starts without a peer cache."),
        row("corrupt", "files", "Peer caches that could not be read."),
        row("attempted", "dials", "Cached addresses tried."),
        row("succeeded", "dials", "Tries that led to a session with the expected peer."),
        row("queued", "dials", "Tries accepted into a local queue, which version 1 reports as hits."),
        row("bootstrap_dials", "dials", "Dials of published addresses by hosts that have started again."),
        row("transfers", "transfers", "Transfers that succeeded."),
        row("transfers_failed", "transfers", "Transfers that failed."),
        row("mismatched", "files", "Peer caches of other networks, none of whose peers is tried."),
        row("taken_over", "files", "Peer caches without a namespace that were taken over into one."),
        row("barred", "addresses", "Cached addresses that the policy refused."),
        row("lookups", "names", "Names of cached peers looked up."),
        row("start_success", "starts", "Starts after which a cached peer had a session."),
        row("start_no_success", "starts", "Starts after which no cached peer had a session."),
        row(
            "start_budget_expired",
            "starts",
            "Starts whose time was over before a cached peer had a session.",
        ),
        row("start_empty_cache", "starts", "Starts without a file or with an empty one."),
        row("start_damaged", "starts", "Starts with a file that could not be read."),
        row("start_all_filtered", "starts", "Starts with a file none of whose peers was tried."),
        row("start_namespace_mismatch", "starts", "Starts with the file of another network."),
        row("start_disabled", "starts", "Starts that use no file."),
        row("start_cancelled", "starts", "Starts that a stop ended before the tries were over."),
    ];

    fn counter(&self) -> Option<u8> {
        Some(match self {
            Self::Saved { .. } => counter::SAVES,
            Self::SaveFailed => counter::SAVES_FAILED,
            Self::Loaded { .. } => counter::LOADS,
            Self::Missing => counter::MISSING,
            Self::Corrupt => counter::CORRUPT,
            Self::Attempted => counter::ATTEMPTED,
            Self::Succeeded => counter::SUCCEEDED,
            Self::Queued => counter::QUEUED,
            Self::BootstrapDialed => counter::BOOTSTRAP_DIALS,
            Self::Transferred => counter::TRANSFERS,
            Self::TransferFailed => counter::TRANSFERS_FAILED,
            Self::Mismatched => counter::MISMATCHED,
            Self::TakenOver => counter::TAKEN_OVER,
            Self::Barred => counter::BARRED,
            Self::LookedUp => counter::LOOKUPS,
            Self::StartEnded(outcome) => counter::OUTCOMES + *outcome as u8,
            Self::FirstSession { .. }
            | Self::FifthSession { .. }
            | Self::FirstRelay { .. }
            | Self::Settled { .. } => return None,
        })
    }
}
