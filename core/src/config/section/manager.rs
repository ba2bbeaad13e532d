//! Peer manager of document 004: discovery, connection pool, scores, misbehaviour and bans.

use crate::config::knob::declare::{options, section};

section! {
    /// Peer manager of document 004: discovery, connection pool, scores, misbehaviour and bans.
    manager: ManagerConfig;

    700 enabled (switch) = off "" restart
        "Whether hosts manage their peers (document 004): they discover, connect, score and ban one another."
    701 dns (switch) = on "" live
        "Whether hosts ask the seeds, the first three hosts, for addresses."
    702 exchange (switch) = on "" live
        "Whether hosts ask connected peers for addresses."
    703 mdns (switch) = on "" live
        "Whether hosts announce themselves in their local network: groups of eight in the plan of addresses."
    704 mesh (switch) = on "" live
        "Whether hosts announce themselves to the four hosts on either side in the plan of addresses, as beacons of a mesh do."
    705 discovery_ms (count 1_000 86_400_000) = 30_000 "ms" live
        "Interval between two rounds of discovery."
    706 known_max (count 1 10_000) = 1_000 "peers" live
        "Peers that a host remembers; further ones are ignored."
    707 stale_ms (limit 4_000_000_000) = 86_400_000 "ms" live
        "Silence after which a peer without a connection is forgotten; 0 for never."
    710 connections_max (count 1 1_000) = 50 "peers" live
        "Connections that a host has at most."
    711 outbound_max (count 1 1_000) = 30 "peers" live
        "Connections that a host opens on its own."
    712 inbound_max (count 0 1_000) = 20 "peers" live
        "Connections that a host accepts."
    713 dial_timeout_ms (count 100 600_000) = 15_000 "ms" live
        "Time after which a dial without an answer fails."
    714 reconnect_ms (count 100 86_400_000) = 60_000 "ms" live
        "Time before a failed dial is repeated, which doubles with each failure."
    715 reconnect_tries (count 0 30) = 5 "dials" live
        "Dials in sequence that may fail before a peer is left alone for as long as the last delay."
    716 optimize_ms (limit 86_400_000) = 120_000 "ms" live
        "Interval at which the worst connection gives way to a better peer; 0 for never."
    717 hysteresis (count 0 100) = 10 "points" live
        "Lead in score that a newcomer needs over the worst connection of a full pool."
    718 idle_ms (count 1_000 86_400_000) = 300_000 "ms" live
        "Age of the last activity beyond which a connection is closed."
    719 selection (choice PoolSelection) = Quality "" live
        "Choice of the peers to connect to."
    720 reliability_weight (count 0 100) = 40 "%" live
        "Weight of reliability in a score."
    721 performance_weight (count 0 100) = 30 "%" live
        "Weight of performance in a score."
    722 behavior_weight (count 0 100) = 30 "%" live
        "Weight of behaviour in a score."
    723 ping_ms (count 1_000 3_600_000) = 30_000 "ms" live
        "Interval between two pings of a connection."
    730 invalid_limit (count 1 1_000) = 5 "messages" live
        "Invalid messages within their window that make a ban."
    731 invalid_window_ms (count 1_000 86_400_000) = 300_000 "ms" live
        "Window in which invalid messages are counted."
    732 failure_limit (count 1 1_000) = 10 "dials" live
        "Failed dials within their window that make a ban."
    733 failure_window_ms (count 1_000 86_400_000) = 600_000 "ms" live
        "Window in which failed dials are counted."
    734 ban_ms (count 1_000 1_000_000_000) = 3_600_000 "ms" live
        "Length of a temporary ban."
    735 temporary_bans_max (count 1 100) = 3 "bans" live
        "Temporary bans of a peer; the next one is permanent."
    736 persist (switch) = on "" live
        "Whether bans and their evidence are on disk and survive a restart."
    740 data_ms (count 100 86_400_000) = 10_000 "ms" live
        "Interval at which a host sends data to each connected peer."
    741 bad_share (share) = (20 %) "" live
        "Share of the hosts that serve badly: half of their pings go unanswered."
    742 invalid_share (share) = (0 %) "" live
        "Share of the data of a bad host that is invalid."
    743 light_share (share) = (0 %) "" live
        "Share of the hosts that are light nodes, of which less data is expected."
    750 stale_activity (switch) = off "" live
        "Whether the time of the last activity is set once, when a connection opens: each ends after 300 s."
    751 no_redial (switch) = off "" live
        "Whether a peer whose connection ended is never dialled again."
    752 inert_bans (switch) = off "" live
        "Whether bans for misbehaviour neither end a connection nor prevent one."
    753 stub_factors (switch) = off "" live
        "Whether uptime, success of dials, delivery, throughput and protocol have the fixed values of the published program."
    754 escalation_lost (switch) = off "" live
        "Whether the number of bans of a peer is forgotten when one expires."
    755 decay_overwritten (switch) = off "" live
        "Whether the recomputation of scores each minute overwrites their decay, as in the published program."
    756 decay_daily (share) = (0 %) "" live
        "Rate a day at which the score of a silent peer decays by a power of e; 0.01 in the document."
    757 manual (count 0 1_000) = 0 "peers" restart
        "Peers that a person has added to each host, the next hosts in the plan of addresses: they are never forgotten."
    760 minted_ids (limit 10_000) = none "ids" live
        "Ids that the last host mints at its one address, to take the slots of others; 0 for none."
    761 per_address_max (limit 10_000) = 4 "ids" live
        "Ids at one address that a host remembers; 0 for any number, as in the published program."
    762 referral_max (limit 10_000) = none "peers" live
        "Peers that a host remembers through one referrer; 0 for any number."
}

options! {
    /// Choice of the peers to connect to.
    pub enum PoolSelection {
        /// Those with the best scores.
        Quality = "quality",
        /// Any.
        Random = "random",
    }
}
