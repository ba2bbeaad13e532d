//! Outlines of presets. Those of presets with layers are here, because every build names them.

use serde::Serialize;

/// What a preset is called and does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Outline {
    /// Name in scenarios.
    pub name: &'static str,
    /// Title for the page and the command line.
    pub title: &'static str,
    /// Summary of its content in one or two sentences.
    pub summary: &'static str,
    /// Length of the experiment, in rounds.
    pub rounds: u32,
}

/// The summary of a preset of layers, in builds that can run it: the others only name it.
const fn of_layers(summary: &'static str) -> &'static str {
    if cfg!(feature = "layers") { summary } else { "" }
}

/// Presets that only a build with the feature `layers` can run.
pub(super) const OF_LAYERS: &[Outline] = &[
    SESSIONS_SHIPPED,
    SESSIONS_CLAIMED,
    SESSIONS,
    CACHE_SHIPPED,
    CACHE_CLAIMED,
    CACHE,
    LORA_SHIPPED,
    LORA_CLAIMED,
    LORA,
    LORA_HYBRID,
    PEER_MANAGER,
    BLOCKS_SHIPPED,
    BLOCKS,
    LIFECYCLE_SESSIONS,
    LIFECYCLE_CACHE,
    LIFECYCLE_RADIO,
    FULL_STACK,
];

pub(super) const SESSIONS_SHIPPED: Outline = Outline {
    name: "sessions-shipped",
    title: "Document 002 as published: every session ends after 90 seconds",
    summary: of_layers(
        "Six masternodes with the addresses of the incident. The accepting side looks replies up by IP and port in a \
              registry of IPs, so that no pong arrives and every session ends after three missed ones.",
    ),
    rounds: 7_200,
};

pub(super) const SESSIONS_CLAIMED: Outline = Outline {
    name: "sessions-claimed",
    title: "Document 002 as written: one peer per IP",
    summary: of_layers(
        "Six masternodes with the addresses of the incident. Replies and peers are keyed by IP, an inbound session replaces an \
              outbound one, failed dials wait ever longer, and one peer suffices for synchronization.",
    ),
    rounds: 7_200,
};

pub(super) const SESSIONS: Outline = Outline {
    name: "sessions",
    title: "Document 002 at work: sessions that stay",
    summary: of_layers(
        "Six masternodes with the addresses of the incident. Replies and peers are keyed by IP, the higher address dials \
              and the other one after 45 s, a replaced session cannot remove its successor, and a dead peer is dialled at most \
              15 times a day.",
    ),
    rounds: 7_200,
};

pub(super) const CACHE_SHIPPED: Outline = Outline {
    name: "cache-shipped",
    title: "Document 003 as published: a cache of peers that cannot be dialled",
    summary: of_layers(
        "A host makes transfers with its peers for twenty minutes, stops for an hour, and starts again. Its file names \
              ephemeral ports, hits are counted when a dial is queued, and each start has a new id.",
    ),
    rounds: 1_320,
};

pub(super) const CACHE_CLAIMED: Outline = Outline {
    name: "cache-claimed",
    title: "Document 003 as written: all cached peers at once",
    summary: of_layers(
        "A host that starts again dials all cached peers at once, those that relay first, and the published list if these \
              are too few. Scores and ids survive restarts; the file is saved at a graceful stop alone.",
    ),
    rounds: 1_320,
};

pub(super) const CACHE: Outline = Outline {
    name: "cache",
    title: "Document 003 at work: a warm start within limits",
    summary: of_layers(
        "A host that starts again dials the twenty peers of its latest sessions, four at a time for twenty seconds, and the \
              published list if these are too few. The file belongs to one network, is saved every minute, and survives a crash \
              at any step.",
    ),
    rounds: 1_320,
};

#[cfg(feature = "layers")]
pub(super) const CACHE_1: Outline = Outline {
    name: "cache-1",
    title: "Document 003 at work, first version",
    summary: "As `cache-2`; the file belongs to no network.",
    rounds: CACHE.rounds,
};

#[cfg(feature = "layers")]
pub(super) const CACHE_2: Outline = Outline {
    name: "cache-2",
    title: "Document 003 at work, second version",
    summary: "As `cache`; clocks go ahead before the file of a stop is saved.",
    rounds: CACHE.rounds,
};

pub(super) const LORA_SHIPPED: Outline = Outline {
    name: "lora-shipped",
    title: "Document 004 as published: a radio that breaks the law",
    summary: of_layers(
        "Fifty radios at SF12. Seconds on the air are taken for milliseconds, half of all fragments fail their checksum for \
              good, the queue looks at one frame a second, and a restart forgets what was sent.",
    ),
    rounds: 21_600,
};

pub(super) const LORA_CLAIMED: Outline = Outline {
    name: "lora-claimed",
    title: "Document 004 as written: frames of 256 bytes and the duty cycle",
    summary: of_layers(
        "Fifty radios at SF9 that keep to the duty cycle, with the timeouts and the beacons every 30 s of the document.",
    ),
    rounds: 21_600,
};

pub(super) const LORA: Outline = Outline {
    name: "lora",
    title: "Radio at work: a mesh that obeys the law",
    summary: of_layers(
        "Fifty radios at SF7 in the European Union. Timeouts follow the duty cycle, floods are suppressed where neighbours \
              repeat them, and a restart remembers the last hour.",
    ),
    rounds: 21_600,
};

pub(super) const LORA_HYBRID: Outline = Outline {
    name: "lora-hybrid",
    title: "Gateways and mesh: radio and internet",
    summary: of_layers(
        "Sixty radios on a square of 25 km, too far apart for one mesh. Six of them are gateways, which carry messages between \
              its parts over the internet.",
    ),
    rounds: 21_600,
};

pub(super) const PEER_MANAGER: Outline = Outline {
    name: "peer-manager",
    title: "Peers worth keeping: document 004 without its radio",
    summary: of_layers(
        "A hundred hosts that discover, connect, score and ban one another. A fifth of them serve badly, and lose their \
              connections to better peers.",
    ),
    rounds: 7_200,
};

pub(super) const BLOCKS_SHIPPED: Outline = Outline {
    name: "blocks-shipped",
    title: "Document 000, phase 4, as published: peers poll for votes",
    summary: of_layers(
        "192 peers on a closed ring vote on blocks of two tokens. Two peers around each undecided token are asked in each \
              round, three net votes decide, and a vote on an unknown token refuses.",
    ),
    rounds: 400,
};

pub(super) const BLOCKS: Outline = Outline {
    name: "blocks",
    title: "Blocks at work: certificates of signed votes",
    summary: of_layers(
        "192 peers with Ringside's lifecycle vote on blocks of two tokens. One peer collects signed votes and hands all of them \
              to the voters; a token is decided by the majority of its range. Neighbours read the commits of one another, which \
              unites what a partition has divided.",
    ),
    rounds: 400,
};

#[cfg(feature = "layers")]
pub(super) const BLOCKS_1: Outline = Outline {
    name: "blocks-1",
    title: "Blocks at work, first version",
    summary: "As `blocks`; commits on both sides of a partition stay.",
    rounds: BLOCKS.rounds,
};

pub(super) const LIFECYCLE_SESSIONS: Outline = Outline {
    name: "lifecycle-sessions",
    title: "The lifecycle over sessions: documents 000, 001 and 002",
    summary: of_layers(
        "Thirty peers with Ringside's lifecycle. Each message travels in a session; a peer without one is dialled, and \
              its address comes from contacts, handshakes and messages that name it.",
    ),
    rounds: 600,
};

pub(super) const LIFECYCLE_CACHE: Outline = Outline {
    name: "lifecycle-cache",
    title: "A warm start of the lifecycle: documents 000 to 003",
    summary: of_layers(
        "Six of sixty peers stop for five minutes and start again. Their files name the peers that answered most; \
              these become Identified and are invited, and each has to prove itself as any other.",
    ),
    rounds: 720,
};

pub(super) const LIFECYCLE_RADIO: Outline = Outline {
    name: "lifecycle-radio",
    title: "Elections on the air: documents 000, 001 and 004",
    summary: of_layers(
        "Twenty peers with Ringside's lifecycle and a radio at SF7, within reach of one another. A round takes ten \
              minutes, so that the messages of its elections fit into the duty cycle.",
    ),
    rounds: 144,
};

pub(super) const FULL_STACK: Outline = Outline {
    name: "full-stack",
    title: "Documents 000 to 004 in one world",
    summary: of_layers(
        "A hundred peers with Ringside's lifecycle and radios, which vote on blocks, for a day. Ten of them are gateways, which \
              manage sessions with one another, remember their peers on disk and carry messages between parts of the mesh.",
    ),
    rounds: 48,
};

#[cfg(feature = "layers")]
pub(super) const FULL_STACK_1: Outline = Outline {
    name: "full-stack-1",
    title: "Documents 000 to 004 in one world, first version",
    summary: "As `full-stack`, on an area of four times the length and width, without blocks and managers.",
    rounds: FULL_STACK.rounds,
};
