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

/// Presets that only a build with the feature `layers` can run.
pub(super) const OF_LAYERS: &[Outline] =
    &[SESSIONS_SHIPPED, SESSIONS_CLAIMED, SESSIONS, BLOCKS_SHIPPED, BLOCKS];

pub(super) const SESSIONS_SHIPPED: Outline = Outline {
    name: "sessions-shipped",
    title: "Document 002 as published: every session ends after 90 seconds",
    summary: "Six masternodes with the addresses of the incident. The accepting side looks replies up by IP and port in a \
              registry of IPs, so that no pong arrives and every session ends after three missed ones.",
    rounds: 7_200,
};

pub(super) const SESSIONS_CLAIMED: Outline = Outline {
    name: "sessions-claimed",
    title: "Document 002 as written: one peer per IP",
    summary: "Six masternodes with the addresses of the incident. Replies and peers are keyed by IP, an inbound session replaces an \
              outbound one, failed dials wait ever longer, and one peer suffices for synchronization.",
    rounds: 7_200,
};

pub(super) const SESSIONS: Outline = Outline {
    name: "sessions",
    title: "Document 002 at work: sessions that stay",
    summary: "Six masternodes with the addresses of the incident. Replies and peers are keyed by IP, the higher address dials \
              and the other one after 45 s, a replaced session cannot remove its successor, and a dead peer is dialled at most \
              15 times a day.",
    rounds: 7_200,
};

pub(super) const BLOCKS_SHIPPED: Outline = Outline {
    name: "blocks-shipped",
    title: "Document 000, phase 4, as published: peers poll for votes",
    summary: "192 peers on a closed ring vote on blocks of two tokens. Two peers around each undecided token are asked in each \
              round, three net votes decide, and a vote on an unknown token refuses.",
    rounds: 400,
};

pub(super) const BLOCKS: Outline = Outline {
    name: "blocks",
    title: "Blocks at work: votes are pushed",
    summary: "192 peers with Ringside's lifecycle vote on blocks of two tokens. Blocks travel with votes towards their tokens, \
              decisions travel back, and a token is decided by the majority of the peers that store it.",
    rounds: 400,
};
