//! Peer cache of document 003: what a host remembers of its peers on disk, and how it uses that at a start.

use crate::config::knob::declare::{options, section};

section! {
    /// Peer cache of document 003: what a host remembers of its peers on disk, and how it uses that at a
    /// start.
    cache: CacheConfig;

    500 enabled (switch) = off "" restart
        "Whether hosts keep a peer cache (document 003): metrics of peers, a file on disk, and dials of cached peers at a start."
    501 start (choice WarmStart) = Parallel "" restart
        "How a host finds peers when it starts."
    502 ranking (choice CacheRanking) = Reliability "" restart
        "Order in which cached peers are dialled."
    503 dials_max (limit 1_000) = none "dials" restart
        "Dials of cached peers at a time; 0 for all at once."
    504 attempts_max (limit 1_000) = none "dials" restart
        "Dials of cached peers at a start; 0 for all."
    505 budget_ms (limit 3_600_000) = none "ms" restart
        "Time after the start in which cached peers are dialled; 0 for as long as it takes."
    506 dial_timeout_ms (count 100 600_000) = 5_000 "ms" restart
        "Time after which a dial of a cached peer counts as failed."
    507 gate (choice CacheGate) = Transfers "" live
        "Peers that are saved."
    508 address (choice CachedAddress) = Remote "" live
        "Address that is remembered of a peer that has dialled: the port of its stream, or the one it listens on."
    509 metrics_reset (switch) = on "" live
        "Whether each new session begins the metrics of its peer afresh."
    510 restored (switch) = off "" restart
        "Whether the scores of the file are restored at a start, instead of ordering the dials alone."
    511 merged (switch) = off "" live
        "Whether a save keeps entries of the file that it has nothing newer on, instead of replacing the file."
    512 identity_kept (switch) = off "" live
        "Whether a host that starts again has its former peer id."
    513 save_s (limit 86_400) = none "s" restart
        "Interval between two saves while a host runs; 0 for a save at a graceful stop alone."
    514 save (choice SaveRule) = Rename "" live
        "How the file is replaced."
    515 damaged (choice DamageRule) = Delete "" restart
        "What becomes of a file that cannot be read."
    516 entries_max (count 1 10_000) = 100 "peers" live
        "Entries of the file."
    517 age_max_s (count 1 31_536_000) = 604_800 "s" live
        "Age beyond which an entry is stale."
    518 penalties_overwritten (switch) = on "" live
        "Whether the recomputation of a score overwrites the penalty for a failure."
    519 uptime_constant (switch) = on "" live
        "Whether the share of uptime stays at one half, whatever dials find."
    520 policy (choice AddressPolicy) = Any "" restart
        "Cached addresses that are dialled."
    521 retry_s (limit 86_400) = none "s" restart
        "Time for which a cached peer that did not answer is not dialled again, over restarts; 0 for none."
    522 needed (count 1 1_000) = 5 "sessions" restart
        "Sessions below which the published list is dialled too, if that waits for need."
    523 needed_after_ms (count 1 600_000) = 5_000 "ms" restart
        "Time after the start at which that is decided."
    524 relay_share (share 1_000_000) = (0 %) "" restart
        "Share of the hosts that relay for others."
    525 sync_ms (count 0 10_000) = 10 "ms" live
        "Time that the disk takes to make a file or a directory durable."
    526 disk_bytes (limit 1_048_576) = none "bytes" restart
        "Bytes on the disk of a host; 0 for 1 MiB."
    527 read_only (switch) = off "" restart
        "Whether the disks of hosts take no changes."
    528 lost (switch) = off "" restart
        "Whether the disk of a host that starts again is empty."
    529 skew_clamped (switch) = off "" restart
        "Whether time stamps of the file that lie more than 300 s in the future count as the present."
    530 transfer_ms (limit 86_400_000) = none "ms" restart
        "Mean interval between two transfers of a host; 0 for none."
    531 transfer_failure (share 500_000) = (10 %) "" live
        "Mean share of transfers that fail; that of a peer lies between none and twice this share."
    532 lifecycle (switch) = off "" restart
        "Whether the file has the answers of lifecycle peers, and a start hands its peers to the lifecycle as Identified."
    533 invited (count 0 1_000) = 8 "peers" restart
        "Cached peers that the lifecycle invites at a start, those with most answers first."
    534 namespace (switch) = off "" live
        "Whether a file belongs to a network (port, published list, chain): it has a header and a name of its own, a host that starts in another network tries none of its peers, and a file without a header is taken over."
    535 chain (count 0 1_000_000) = 0 "" live
        "Chain id of the network, with a namespace: a host that starts after a change finds the file of that chain alone."
    536 named (share 1_000_000) = (0 %) "" restart
        "Share of the hosts that are remembered by a DNS name instead of an IP."
    537 lookup_ms (count 0 60_000) = 20 "ms" restart
        "Time that the look-up of a name takes; a look-up is given up after 500 ms, and the name is then not dialled."
    540 cycles (count 0 1_000) = 0 "restarts" restart
        "Times that some hosts stop and start again."
    541 subjects (count 0 100_000) = 1 "hosts" restart
        "Hosts that do, the last ones in the plan of addresses."
    542 up_rounds (count 1 1_000_000) = 600 "rounds" restart
        "Rounds before a stop."
    543 down_rounds (count 1 1_000_000) = 10 "rounds" restart
        "Rounds between a stop and the start."
    544 absence_s (count 0 31_536_000) = 3_600 "s" restart
        "Seconds by which the clocks of all hosts go ahead at a stop: the stated downtime, in which nothing else is simulated."
    545 graceful (switch) = on "" restart
        "Whether hosts stop in order, and save; otherwise they crash."
    546 spread_rounds (count 1 100_000) = 1 "rounds" restart
        "Rounds over which hosts start again, one after the other."
    547 absence_first (switch) = on "" restart
        "Whether clocks go ahead before the files of a stop are saved, as in earlier versions: their entries are older by the stated downtime."
    550 offline_hourly (share 1_000_000) = (0 %) "" restart
        "Share of the other hosts that go away in an hour of stated downtime."
    551 moved_hourly (share 1_000_000) = (0 %) "" restart
        "Share of the other hosts that change their address in an hour of stated downtime."
    552 reborn_hourly (share 1_000_000) = (0 %) "" restart
        "Share of the other hosts that start again in an hour of stated downtime, with another peer id unless that is kept."
}

options! {
    /// How a host finds peers when it starts.
    pub enum WarmStart {
        /// It dials the published list alone.
        Cold = "cold",
        /// It dials cached peers and the published list at the same time.
        Parallel = "parallel",
        /// It dials cached peers first, and the published list if these are too few.
        WhenNeeded = "when-needed",
    }
}

options! {
    /// Order in which cached peers are dialled.
    pub enum CacheRanking {
        /// Those that relay first, then by reliability.
        Reliability = "reliability",
        /// By the time of the last success, then by id.
        LastSuccess = "last-success",
    }
}

options! {
    /// Peers that are saved.
    pub enum CacheGate {
        /// Those with a transfer, failed or not.
        Transfers = "transfers",
        /// Those with which there has been a session.
        Sessions = "sessions",
    }
}

options! {
    /// Address that is remembered of a peer that has dialled.
    pub enum CachedAddress {
        /// The far end of its stream, an ephemeral port: nothing answers there.
        Remote = "remote",
        /// The address on which it listens.
        Listening = "listening",
    }
}

options! {
    /// How the file is replaced.
    pub enum SaveRule {
        /// It is written over.
        Direct = "direct",
        /// Another file is written and renamed.
        Rename = "rename",
        /// Another file is written, made durable and renamed, and the name is made durable.
        Synced = "synced",
    }
}

options! {
    /// What becomes of a file that cannot be read.
    pub enum DamageRule {
        /// It is deleted.
        Delete = "delete",
        /// It is kept under another name.
        KeepAside = "keep-aside",
    }
}

options! {
    /// Cached addresses that are dialled.
    pub enum AddressPolicy {
        /// All that name a peer.
        Any = "any",
        /// Those made of known parts, with a port and a peer.
        Lan = "lan",
        /// Of these, public ones; a name is refused if one of its first eight addresses is not public.
        Wan = "wan",
    }
}
