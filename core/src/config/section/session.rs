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
    214 connect_timeout_ms (limit 3_600_000) = 10_000 "ms" live
        "Time after which a dial without an answer fails; 0 leaves that to the retransmissions of the SYN."
    215 handshake_timeout_ms (count 100 3_600_000) = 10_000 "ms" live
        "Time a dialer waits for the acknowledgement of its handshake before it proceeds without, and an acceptor for the handshake before it resets."
    216 idle_limit_ms (count 1_000 86_400_000) = 180_000 "ms" live
        "Silence of the dialer after which the accepting side gives a session up."
    217 listed_peers (count 0 1_000) = 50 "peers" restart
        "Initial peers that are on the published list from which every host dials."
    218 port (count 1 65_535) = 24_100 "" restart
        "Port on which hosts listen."
    219 writer_overwrite (switch) = on "" live
        "Whether a duplicate registers its writer before it is refused, and so replaces the healthy one."
    220 phantom_close (switch) = on "" live
        "Whether a session that gives way to another is closed in the books alone, and its stream stays."
    221 stale_cleanup (switch) = on "" live
        "Whether the end of a session removes the writer of its successor; never by generation or peer id."
    222 zombie_heal (switch) = off "" live
        "Whether checks reset a session that they find without a live writer twice, 15 s apart."
    223 stale_slots (switch) = off "" live
        "Whether a failed dial leaves a slot that refuses the peer's own dials from then on."
    224 duplicate_redials (switch) = off "" live
        "Whether each check of the list starts one more series of dials to a peer without a session."
    225 backoff_ignored (switch) = off "" live
        "Whether checks of the list dial peers whose back-off is not over."
    226 ping_first (switch) = off "" live
        "Whether dialers send a ping before their handshake, as the first unified loop did."
    227 only_pings (switch) = off "" live
        "Whether hosts ignore every message but pings and pongs, as the second unified loop did."
    228 tick_burst (switch) = off "" live
        "Whether pings that fell due while a host stood still all go out at once."
    229 own_ip (choice OwnIp) = Known "" live
        "Whether hosts know their own IP, which direction rules compare."
    230 bans (choice BanRule) = Off "" live
        "Violations after which a peer is banned."
    231 ban_key (choice AddressKey) = Ip "" live
        "Key under which violations are counted; with ip-port a banned peer returns from another port."
    232 ping_limit (limit 1_000) = none "pings" live
        "Pings in 10 s that a host takes from one session; each further one is a violation; 0 for any number."
    233 inbound_limit (limit 100_000) = none "streams" live
        "New streams that a host accepts in a minute; 0 for any number."
    234 half_open_max (count 1 10_000) = 1_000 "streams" live
        "Accepted streams that may wait for their handshake at a time; SYNs beyond that are dropped."
    235 sessions_max (count 1 20_000) = 20_000 "sessions" live
        "Sessions that a host has at most; SYNs beyond that are dropped, and it does not dial."
    236 purge (choice PurgeRule) = Off "" live
        "Peers that the hourly purge takes off the list."
    237 firewall (choice Firewall) = Open "" live
        "Streams that firewalled hosts allow."
    238 firewalled (count 0 100_000) = 0 "hosts" live
        "Hosts behind a firewall: those with the highest IPs."
    239 syn_loss (share) = (0 %) "" live
        "Share of the SYNs that are lost on arrival."
    400 links (limit 64) = none "peers" restart
        "Peers on the list of each host, at distances 1, 2, 4 ... on either side in the plan of addresses; 0 for all listed ones."
    401 natted (count 0 100_000) = 0 "hosts" live
        "Hosts behind a NAT: those with the highest IPs."
    402 nat_reboots (count 0 1_000) = 0 "reboots" live
        "Reboots of the NATs so far: one more cuts every session of a host behind one."
    403 slow_readers (count 0 100_000) = 0 "hosts" live
        "Hosts that read slowly: those with the highest IPs."
    404 read_delay_ms (count 1 600_000) = 10_000 "ms" live
        "Time that a slow reader takes for each message."
    405 flooders (count 0 100_000) = 0 "hosts" live
        "Hosts that flood their listed peers with SYNs and never finish a handshake: those with the highest IPs."
    406 flood_per_second (count 1 1_000) = 50 "SYNs" live
        "SYNs that a flooding host sends in a second."
    407 oversize (switch) = off "" live
        "Whether flooding hosts also send frames above the limit within their sessions."
    408 exchange (choice ExchangeRule) = Count "" live
        "Peers that an answer to a question for peers lists."
    409 announcements (switch) = off "" live
        "Whether a peer that announces itself on a session of at least 5 s is put on the list."
    410 raw_strings (switch) = off "" live
        "Whether addresses are remembered as they are written: with and without the port, each an entry."
    411 stream_rate (limit 1_000_000_000) = none "B/s" live
        "Bytes that one end of a stream sends in a second: what is written later waits; 0 for any number."
    412 stream_keepalive_ms (limit 86_400_000) = none "ms" live
        "Silence of a stream after which its ends probe it every 10 s, to reset it after nine probes without an answer; 0 for no probes."
    413 directory (choice DirectoryRule) = BuiltIn "" restart
        "Where hosts have the published list from."
    414 directory_state (choice DirectoryState) = Up "" live
        "State of the directory server."
    415 directory_delay_ms (limit 600_000) = none "ms" live
        "Time that the directory server takes for an answer; hosts give up after 10 s."
    416 directory_every_ms (count 60_000 86_400_000) = 3_600_000 "ms" live
        "Interval between two requests for the list; after a failed one the next follows a minute later."
    417 unreached (choice UnreachedRule) = Direct "" live
        "What becomes of a lifecycle message to a peer without a session."
    418 address_book (choice AddressBook) = Perfect "" restart
        "Where a host has the address of a peer that it dials for a lifecycle message."
    419 waiting_max (count 1 10_000) = 256 "messages" live
        "Lifecycle messages that wait for sessions on a host; a further one displaces the oldest."
    440 scaled_keepalive (switch) = off "" live
        "Whether pings and their deadline wait at least three of the round trips that the opening of the stream has shown."
    441 reports (switch) = off "" live
        "Whether a host with a new session tells its other peers, whose back-off towards that peer ends."
    442 carrier (choice StreamCarrier) = Link "" restart
        "What carries the streams of hosts that are not both on the internet."
}

options! {
    /// What carries the segments of streams.
    pub enum StreamCarrier {
        /// Links of their own: hosts without internet hold no sessions.
        Link = "link",
        /// Messages over radio, several hops if need be; where hosts have no radio, links.
        Radio = "radio",
    }
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
        /// Both dial, and each refuses the other's stream before its handshake is answered.
        PreHandshake = "pre-handshake",
        /// Both dial; the lower address as text answers the other's handshake, then closes that stream.
        PostHandshake = "post-handshake",
        /// As string, but checks of the list ignore the rule and the sessions that were accepted.
        TextFirstPhase = "string-first-phase",
        /// The higher peer id dials and keeps its dial, once the handshake has told it.
        PeerId = "peer-id",
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
        /// 10, 20, 40 s, then 80 s for ten minutes; then 1, 6, 12 and 24 hours.
        Probing = "probing",
    }
}

options! {
    /// Knowledge of the own IP.
    pub enum OwnIp {
        /// Known.
        Known = "known",
        /// Unknown: the host takes itself for the higher one and dials every peer.
        Unknown = "unknown",
        /// Unknown: the host takes itself for the lower one and never dials.
        UnknownPassive = "unknown-passive",
    }
}

options! {
    /// Violations after which a peer is banned for 5 minutes, an hour, and for good.
    pub enum BanRule {
        /// No bans.
        Off = "off",
        /// 3, 5 and 10.
        Seed = "seed-era",
        /// 5, 10 and 20.
        Final = "final",
    }
}

options! {
    /// Peers that the hourly purge takes off the list; its first run is at the start.
    pub enum PurgeRule {
        /// None.
        Off = "off",
        /// Peers never met, those not met for 7 days, and those dialled more than ten times without result.
        Shipped = "shipped",
        /// As shipped, but peers never met stay.
        KeepUnmet = "keep-unmet",
    }
}

options! {
    /// Streams that a firewall allows.
    pub enum Firewall {
        /// All.
        Open = "open",
        /// Dials of the host itself: SYNs from outside are dropped.
        AcceptsNone = "accepts-none",
        /// Dials of others: SYNs of the host itself are dropped.
        DialsNone = "dials-none",
    }
}

options! {
    /// Peers that an answer to a question for peers lists.
    pub enum ExchangeRule {
        /// Their number alone.
        Count = "count",
        /// All known peers, up to 1,000.
        Whole = "whole",
        /// At most 32, drawn at random.
        Limited = "limited",
    }
}

options! {
    /// Where hosts have the published list from.
    pub enum DirectoryRule {
        /// They are shipped with it.
        BuiltIn = "built-in",
        /// They ask the first host of the plan for it at the start and then regularly, on a stream to its
        /// port 80.
        Fetched = "fetched",
    }
}

options! {
    /// State of the directory server.
    pub enum DirectoryState {
        /// It answers with the list.
        Up = "up",
        /// It refuses streams.
        Down = "down",
        /// It answers with a list whose second half is missing.
        Damaged = "damaged",
    }
}

options! {
    /// What becomes of a lifecycle message to a peer without a session.
    pub enum UnreachedRule {
        /// It goes over a link of its own, as if every peer reached every other.
        Direct = "direct",
        /// The peer is dialled, and the message waits for the session.
        Dial = "dial",
    }
}

options! {
    /// Where a host has the address of a peer from.
    pub enum AddressBook {
        /// From a directory that is always right.
        Perfect = "perfect",
        /// From its contacts at the start, handshakes, and messages that name peers.
        Learned = "learned",
    }
}

impl TieBreak {
    /// Whether the rule compares addresses as text.
    #[must_use]
    pub(crate) const fn is_textual(self) -> bool {
        matches!(self, Self::Text | Self::PostHandshake | Self::TextFirstPhase)
    }

    /// Whether a session that was replaced cannot remove the writer of its successor.
    #[must_use]
    pub(crate) const fn has_generations(self) -> bool {
        matches!(self, Self::Generation | Self::PeerId)
    }
}
