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
    &[SESSIONS_SHIPPED, SESSIONS_CLAIMED, SESSIONS, CACHE_SHIPPED, CACHE_CLAIMED, CACHE];

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

pub(super) const CACHE_SHIPPED: Outline = Outline {
    name: "cache-shipped",
    title: "Document 003 as published: a cache of peers that cannot be dialled",
    summary: "A host makes transfers with its peers for twenty minutes, stops for an hour, and starts again. Its file names \
              ephemeral ports, hits are counted when a dial is queued, and each start has a new id.",
    rounds: 1_320,
};

pub(super) const CACHE_CLAIMED: Outline = Outline {
    name: "cache-claimed",
    title: "Document 003 as written: all cached peers at once",
    summary: "A host that starts again dials all cached peers at once, those that relay first, and the published list if these \
              are too few. Scores and ids survive restarts; the file is saved at a graceful stop alone.",
    rounds: 1_320,
};

pub(super) const CACHE: Outline = Outline {
    name: "cache",
    title: "Document 003 at work: a warm start within limits",
    summary: "A host that starts again dials the twenty peers of its latest sessions, four at a time for twenty seconds, and the \
              published list if these are too few. The file is saved every minute, and survives a crash at any step.",
    rounds: 1_320,
};
