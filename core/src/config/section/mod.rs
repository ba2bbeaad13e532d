//! The sections of [`Config`](super::Config), one file each.
//!
//! A section's file declares its struct, the options of its choices, and one row for each knob: code, field,
//! range, default, unit and meaning. To add a knob, add a row; to add a section, add a file and its line in
//! [`Config`] and in [`KNOBS`].
//!
//! [`Config`]: super::Config

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

pub use self::adversary::{AdversaryConfig, Behavior};
#[cfg(feature = "layers")]
pub use self::cache::{
    AddressPolicy, CacheConfig, CacheGate, CacheRanking, CachedAddress, DamageRule, SaveRule, WarmStart,
};
pub use self::churn::{ChurnConfig, SessionRule};
#[cfg(feature = "layers")]
pub use self::consensus::{
    ConflictRule, ConsensusConfig, QuorumRule, Sabotage, SpreadRule, TrustRule, UnknownRule, WeightRule,
};
pub use self::election::{
    DuplicateRule, ElectionConfig, FirstHopRule, ReelectionRule, ReferralRule, SplitRule, TargetPolicy,
};
pub use self::genesis::{Bootstrap, GenesisConfig, Topology};
#[cfg(feature = "layers")]
pub use self::load::LoadConfig;
#[cfg(feature = "layers")]
pub use self::manager::{ManagerConfig, PoolSelection};
pub use self::network::{ArrivalOrder, FarLinks, LatencyShape, NetworkConfig};
pub use self::peers::{AcceptanceRule, EvictionRule, InvitationRule, InviteeRule, PeersConfig};
#[cfg(feature = "layers")]
pub use self::radio::{Bandwidth, Cargo, Layout, RadioConfig, Region, Traffic};
pub use self::rollout::{RolloutConfig, RolloutPhase};
pub use self::routing::{ReturnRule, RoutingConfig, RoutingRule};
#[cfg(feature = "layers")]
pub use self::session::{
    AddressBook, AddressKey, BackoffRule, BanRule, DirectoryRule, DirectoryState, ExchangeRule, Firewall,
    OwnIp, PingVariant, PurgeRule, SessionConfig, TieBreak, UnreachedRule,
};
pub use self::stack::{RestartIdentity, StackConfig};
#[cfg(feature = "layers")]
pub use self::sync::{GenesisCheck, SyncConfig, SyncGate, SyncMode};
pub use self::time::TimeConfig;
pub use self::tokens::{SearchRule, StorageFault, TokenConfig, VerificationRule};
use super::knob::Knob;

const SECTIONS: &[&[Knob]] = &[
    TimeConfig::KNOBS,
    GenesisConfig::KNOBS,
    TokenConfig::KNOBS,
    ElectionConfig::KNOBS,
    PeersConfig::KNOBS,
    NetworkConfig::KNOBS,
    RoutingConfig::KNOBS,
    ChurnConfig::KNOBS,
    AdversaryConfig::KNOBS,
    StackConfig::KNOBS,
    RolloutConfig::KNOBS,
    #[cfg(feature = "layers")]
    SessionConfig::KNOBS,
    #[cfg(feature = "layers")]
    SyncConfig::KNOBS,
    #[cfg(feature = "layers")]
    CacheConfig::KNOBS,
    #[cfg(feature = "layers")]
    RadioConfig::KNOBS,
    #[cfg(feature = "layers")]
    ManagerConfig::KNOBS,
    #[cfg(feature = "layers")]
    ConsensusConfig::KNOBS,
    #[cfg(feature = "layers")]
    LoadConfig::KNOBS,
];

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
