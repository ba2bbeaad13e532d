//! Adversaries: peers that break one rule of the protocol.

use crate::config::knob::declare::{options, section};

section! {
    /// Adversaries: peers that break one rule of the protocol.
    adversary: AdversaryConfig;

    128 share (share) = (0 %) "" restart
        "Share of the initial peers that are adversaries."
    129 conduct (choice Behavior) = Honest "" restart
        "Behavior of the adversaries."
    130 from_round (count 0 1_000_000) = 0 "rounds" restart
        "Round in which adversaries begin to misbehave; until then they are honest."
}

options! {
    /// Behavior of a peer: an adversary breaks one rule and keeps all others.
    #[derive(PartialOrd, Ord)]
    pub enum Behavior {
        /// Keeps all rules.
        Honest = "honest",
        /// Neither answers nor refers.
        Withholder = "withholder",
        /// Stores nothing but its own id, and relies on the storage of others.
        FreeRider = "free-rider",
        /// Answers every query with an invented proof.
        Forger = "forger",
        /// As a forger, with one forgery shared by all colluders.
        Colluder = "colluder",
        /// Answers with observed proofs of other peers.
        Replayer = "replayer",
        /// Answers every query twice, which blocks the channel.
        Duplicator = "duplicator",
        /// Answers and also forwards the query, so that the peer that answers second is blocked.
        Framer = "framer",
        /// Gives each asker another block for the same token.
        Equivocator = "equivocator",
        /// Refers all askers to other adversaries.
        Poisoner = "poisoner",
        /// Invites all peers that it knows, in every round.
        Flooder = "flooder",
        /// Refers to other adversaries, answers in concert with them, and invites every peer.
        Eclipser = "eclipser",
        /// As a colluder, with the invented tokens in no order.
        Scrambler = "scrambler",
    }
}

impl Behavior {
    /// Name in scenarios and links.
    #[must_use]
    pub const fn name(self) -> &'static str {
        Self::OPTIONS[self as usize]
    }
}
