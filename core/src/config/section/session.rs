//! Sessions of document 002: streams, handshake, keepalive, dialling and the identity of a peer.

use crate::config::knob::declare::{options, section};

section! {
    /// Sessions of document 002: streams, handshake, keepalive, dialling and the identity of a peer.
    session: SessionConfig;

    200 enabled (switch) = off "" restart
        "Whether hosts hold sessions (document 002): IP-like addresses, reliable streams, handshake and keepalive."
    201 reply_key (choice AddressKey) = Ip "" live
        "Key by which the accepting side looks up the session that a reply goes to; sessions are kept by IP, so that with ip-port every reply is lost."
    202 registry (choice AddressKey) = Ip "" live
        "Key under which accepted peers are remembered; with ip-port each reconnect adds an entry."
    203 ping_variant (choice PingVariant) = SeedEra "" live
        "Rule by which missing pongs are counted."
    204 ping_interval_ms (count 100 3_600_000) = 30_000 "ms" live
        "Interval between two pings of a dialer."
    205 pong_deadline_ms (count 100 3_600_000) = 5_000 "ms" live
        "Age at which an unanswered ping counts as missed."
    206 missed_pongs_max (count 1 1_000) = 3 "pongs" live
        "Missed pongs that end a session."
    207 tie_break (choice TieBreak) = Text "" live
        "Rule for which of two peers dials, and which session survives if both do."
    208 passive_wait_ms (limit 86_400_000) = none "ms" live
        "With numeric or generation: time without a session after which the peer that should not dial dials anyway; 0 for never."
    209 backoff (choice BackoffRule) = Doubling "" live
        "Delay before a failed dial is repeated."
    210 masternodes (switch) = on "" live
        "Whether adaptive back-off treats all peers as masternodes, with a cool-down of at most 120 s."
    211 redial_ms (count 1 3_600_000) = 5_000 "ms" live
        "Delay before redialling after a session ended gracefully."
    212 peer_check_ms (count 1_000 86_400_000) = 120_000 "ms" live
        "Interval between two checks for listed peers without a session."
    213 dial_spacing_ms (count 1 60_000) = 100 "ms" live
        "Interval between the first dials of a host."
    214 connect_timeout_ms (count 100 3_600_000) = 10_000 "ms" live
        "Time after which a dial without an answer fails."
    215 handshake_timeout_ms (count 100 3_600_000) = 10_000 "ms" live
        "Time a dialer waits for the acknowledgement of its handshake before it proceeds without, and an acceptor for the handshake before it resets."
    216 idle_limit_ms (count 1_000 86_400_000) = 180_000 "ms" live
        "Silence of the dialer after which the accepting side gives a session up."
    217 listed_peers (count 0 1_000) = 50 "peers" restart
        "Initial peers that are on the published list from which every host dials."
    218 port (count 0 65_535) = 24_100 "" restart
        "Port on which hosts listen."
}

options! {
    /// Key of a peer made from its address.
    pub enum AddressKey {
        /// The IP alone.
        Ip = "ip",
        /// IP and port, as in the published program: a dialer's port is another with each session.
        IpPort = "ip-port",
    }
}

options! {
    /// Rule by which missing pongs are counted.
    pub enum PingVariant {
        /// One outstanding ping, judged when the next is due.
        SeedEra = "seed-era",
        /// Up to five outstanding pings, judged every 10 s; two pings at the start.
        Unified = "unified",
        /// As unified, but pings older than 120 s are forgotten uncounted, so that a deadline above that
        /// never strikes.
        Final = "final",
    }
}

options! {
    /// Rule for which of two peers dials, and which session survives if both do.
    pub enum TieBreak {
        /// Both dial, and both sessions live.
        None = "none",
        /// The lower address dials, compared as text; a duplicate is closed in the books alone.
        Text = "string",
        /// The higher address dials, compared by octets.
        Numeric = "numeric",
        /// As numeric, and a session that has been replaced cannot remove its successor from the registry.
        Generation = "generation",
    }
}

options! {
    /// Delay before a failed dial is repeated.
    pub enum BackoffRule {
        /// 10, 20, 40 ... 300 s; given up after ten failures until the next check of the list.
        Doubling = "doubling",
        /// The computed delay is ignored: three dials at the checks of the list, then a cool-down of 600 s.
        AdaptiveShipped = "adaptive-shipped",
        /// 11.25 s, 22.5 s, then cool-downs of 600 s, doubled up to a day.
        AdaptiveIntended = "adaptive-intended",
    }
}
