//! The sections of [`Config`], one file each.
//!
//! A section's file declares its struct, the options of its choices, and one row for each knob: code, field,
//! range, default, unit and meaning. To add a knob, add a row there; to add a section, add a file, its `mod`
//! and its row of `sections!`.

mod adversary;
#[cfg(feature = "layers")]
mod cache;
mod churn;
#[cfg(feature = "layers")]
mod consensus;
mod election;
mod genesis;
#[cfg(feature = "layers")]
mod load;
#[cfg(feature = "layers")]
mod manager;
mod network;
mod peers;
#[cfg(feature = "layers")]
mod radio;
mod rollout;
mod routing;
#[cfg(feature = "layers")]
mod session;
mod stack;
#[cfg(feature = "layers")]
mod sync;
mod time;
mod tokens;

use super::knob::Knob;

/// Declares [`Config`] from its sections, each with its field, its default, its options and its knobs.
macro_rules! sections {
    ($($(#[$attribute:meta])* $section:ident: $Config:ident, $meaning:literal;)+) => {
        $($(#[$attribute])* pub use self::$section::*;)+

        /// Everything that shapes a run besides its seed and its commands.
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub struct Config {
            $($(#[$attribute])* #[doc = $meaning] pub $section: $Config,)+
        }

        impl Config {
            /// The default of every knob: document 000 as published, except that a round is one tick.
            ///
            /// Presets state their differences from it, so that it is part of the link format and never
            /// changes.
            pub const DEFAULT: Self = Self { $($(#[$attribute])* $section: $Config::DEFAULT,)+ };
        }

        const SECTIONS: &[&[Knob]] = &[$($(#[$attribute])* $Config::KNOBS,)+];
    };
}

sections! {
    time: TimeConfig, "Division of time into ticks and rounds.";
    genesis: GenesisConfig, "Initial peers and contacts.";
    tokens: TokenConfig, "Tokens, token sets and proofs.";
    election: ElectionConfig, "Elections.";
    peers: PeersConfig, "Peer table and lifecycle.";
    network: NetworkConfig, "Links between peers.";
    routing: RoutingConfig, "Forwarding of queries.";
    churn: ChurnConfig, "Spontaneous arrivals and departures.";
    adversary: AdversaryConfig, "Peers that break a rule.";
    stack: StackConfig, "Layers of every host.";
    rollout: RolloutConfig, "Rollout of elections.";
    #[cfg(feature = "layers")]
    session: SessionConfig, "Sessions of document 002.";
    #[cfg(feature = "layers")]
    sync: SyncConfig, "Block synchronization over sessions.";
    #[cfg(feature = "layers")]
    cache: CacheConfig, "Peer cache of document 003.";
    #[cfg(feature = "layers")]
    radio: RadioConfig, "Radio of document 004.";
    #[cfg(feature = "layers")]
    manager: ManagerConfig, "Peer manager of document 004.";
    #[cfg(feature = "layers")]
    consensus: ConsensusConfig, "Votes of peers on blocks.";
    #[cfg(feature = "layers")]
    load: LoadConfig, "Blocks that clients submit.";
}

const COUNT: usize = count(SECTIONS);

/// All knobs, section by section, within a section in ascending order of their codes.
///
/// Does not compile if two knobs have the same code or a section's rows are out of order.
pub static KNOBS: &[Knob] = &{
    let knobs: [Knob; COUNT] = joined(SECTIONS);
    assert_codes(SECTIONS);
    knobs
};

const fn count(sections: &[&[Knob]]) -> usize {
    let (mut count, mut section) = (0, 0);
    while section < sections.len() {
        count += sections[section].len();
        section += 1;
    }
    count
}

const fn joined<const LENGTH: usize>(sections: &[&[Knob]]) -> [Knob; LENGTH] {
    let mut knobs = [sections[0][0]; LENGTH];
    let (mut section, mut filled) = (0, 0);
    while section < sections.len() {
        let mut row = 0;
        while row < sections[section].len() {
            knobs[filled] = sections[section][row];
            filled += 1;
            row += 1;
        }
        section += 1;
    }
    assert!(filled == LENGTH, "every row has its knob");
    knobs
}

/// Codes are positive, ascend within a section, and are unique.
const fn assert_codes(sections: &[&[Knob]]) {
    let mut seen = [false; CODES];
    let mut section = 0;
    while section < sections.len() {
        let (mut row, mut last) = (0, 0);
        while row < sections[section].len() {
            let code = sections[section][row].code;
            assert!(code > last, "codes of a section ascend from 1");
            assert!(!seen[code as usize], "a code belongs to one knob");
            seen[code as usize] = true;
            last = code;
            row += 1;
        }
        section += 1;
    }
}

/// Codes of knobs lie below this number. Two bytes of a link hold all of them.
const CODES: usize = 1 << 14;
