//! The managed peers of one host: their scores factor by factor, connections and why they ended, bans.

use serde::Serialize;

use super::local_ms;
use crate::base::id::PeerId;
use crate::base::sort;
use crate::sim::host::Host;
use crate::sim::world::World;
use crate::stack::address::Address;
use crate::stack::peer_manager::ban_list::{BanTerm, Misbehavior};
use crate::stack::peer_manager::factors::FactorSource;
use crate::stack::peer_manager::history::{PointKind, ScorePoint, decayed};
use crate::stack::peer_manager::known::{KnownPeer, LinkEnd, LinkSide, PoolLink};
use crate::stack::peer_manager::{Manager, is_bad};

/// Peers of a view at most: those with a connection first, then by score.
pub const PEERS_MAX: usize = 200;

/// The managed peers of a host. Times are in ms by its clock.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PoolView {
    /// The host.
    pub host: PeerId,
    /// Its time.
    pub now_ms: u64,
    /// Connections that it has at most.
    pub connections_max: u32,
    /// Lead in points that a newcomer needs.
    pub hysteresis: u32,
    /// Weights of the three parts of a score, in percent.
    pub weights: [u32; 3],
    /// Its peers.
    pub peers: Vec<PoolPeer>,
    /// Peers that it knows.
    pub known: usize,
    /// Peers that have misbehaved, those with a ban first.
    pub offenders: Vec<OffenderView>,
}

/// A managed peer. Scores and factors are in ten-thousandths.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PoolPeer {
    /// The peer; `None` if no host has its address any more.
    pub peer: Option<PeerId>,
    /// Its address.
    pub address: String,
    /// State of the connection.
    pub link: LinkState,
    /// The score.
    pub score: u64,
    /// Reliability, performance and behaviour.
    pub parts: [u64; 3],
    /// Their factors, each list by descending weight.
    pub factors: [[u64; 3]; 3],
    /// Dials to it, and those that it accepted.
    pub dials: [u64; 2],
    /// Data from it, and the invalid ones.
    pub data: [u64; 2],
    /// Time of all connections with it.
    pub connected_ms: u64,
    /// Time before which it is not dialled.
    pub not_before_ms: u64,
    /// Whether it is one of the hosts that serve badly, which the host cannot know.
    pub is_bad: bool,
    /// Whether it is banned.
    pub is_banned: bool,
    /// Why the last connection has ended.
    pub ended: Option<EndView>,
    /// History of its score over 24 h, the oldest point first: times, scores, and 1 for a ban, 2 for a
    /// replacement, 0 for a change.
    pub history: Vec<[u64; 3]>,
}

/// State of a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum LinkState {
    /// The host has dialled.
    Outbound,
    /// The peer has dialled.
    Inbound,
    /// A dial without an answer so far.
    Dialing,
    /// None.
    Idle,
}

/// The end of a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct EndView {
    /// When.
    pub at_ms: u64,
    /// Why.
    #[serde(flatten)]
    pub why: EndReason,
}

/// Why a connection has ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "why", rename_all = "kebab-case")]
pub enum EndReason {
    /// The peer has ended it.
    ByPeer,
    /// Nothing was heard on it.
    Idle,
    /// Pings had no answer.
    Unanswered,
    /// The peer is banned.
    Banned,
    /// It gave way to a better peer.
    Replaced {
        /// The better one; `None` if no host has its address any more.
        by: Option<PeerId>,
        /// Score of the better one, in ten-thousandths.
        newcomer: u64,
        /// Score of the peer that gave way.
        worst: u64,
    },
}

/// A peer that has misbehaved.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct OffenderView {
    /// The peer; `None` if no host has its address any more.
    pub peer: Option<PeerId>,
    /// Whether it is banned.
    pub is_banned: bool,
    /// End of its ban; `None` without one, and for a permanent one.
    pub until_ms: Option<u64>,
    /// Bans so far.
    pub bans: u32,
    /// Evidence: kinds and times, the oldest first.
    pub incidents: Vec<(&'static str, u64)>,
}

/// The managed peers of a host, by default of the first one; `None` if hosts manage no peers.
#[must_use]
pub fn view(world: &World, chosen: Option<PeerId>) -> Option<PoolView> {
    let rules = &world.config().manager;
    if !rules.enabled {
        return None;
    }
    let chosen = chosen.and_then(|peer| world.host(peer));
    let host = chosen.or_else(|| world.hosts().iter().find(|host| host.is_running()))?;
    let manager = host.stack().lower()?.layers.manager.get()?;
    let now = local_ms(world, host);
    let mut peers: Vec<PoolPeer> =
        manager.known().iter().map(|one| pool_peer(world, manager, one, now)).collect();
    sort::sort_by_key(&mut peers, |one| (one.link, u64::MAX - one.score));
    peers.truncate(PEERS_MAX);
    Some(PoolView {
        host: host.id(),
        now_ms: now,
        connections_max: rules.connections_max,
        hysteresis: rules.hysteresis,
        weights: [rules.reliability_weight, rules.performance_weight, rules.behavior_weight],
        peers,
        known: manager.known().len(),
        offenders: offenders(world, host, manager, now),
    })
}

fn pool_peer(world: &World, manager: &Manager, one: &KnownPeer, now: u64) -> PoolPeer {
    let rules = &world.config().manager;
    let source = FactorSource::of(rules);
    let observed = manager.observed(one, rules, now);
    let quiet = manager.quiet_ms(one, rules, now);
    let score = observed.score(rules, source).map(|part| decayed(part, rules.decay_daily, quiet));
    PoolPeer {
        peer: world.directory().host(one.address),
        address: one.address.to_string(),
        link: link_state(one),
        score: score.overall,
        parts: [score.reliability, score.performance, score.behavior],
        factors: observed.factors(source),
        dials: [observed.dials, observed.accepted],
        data: [observed.received, observed.invalid],
        connected_ms: one.up_ms(now),
        not_before_ms: one.not_before_ms,
        is_bad: is_bad(one.address.plan_index(), rules),
        is_banned: manager.bans().is_banned(one.address.host_part(), now),
        history: manager.history().of(one.address).iter().map(point).collect(),
        ended: one.ended.map(|(at_ms, end)| EndView { at_ms, why: reason(world, end) }),
    }
}

const fn point(point: &ScorePoint) -> [u64; 3] {
    let kind = match point.kind {
        PointKind::Change => 0,
        PointKind::Ban => 1,
        PointKind::Replacement => 2,
    };
    [point.ms, point.score, kind]
}

const fn link_state(one: &KnownPeer) -> LinkState {
    match one.link {
        PoolLink::Open { side: LinkSide::Outbound, .. } => LinkState::Outbound,
        PoolLink::Open { side: LinkSide::Inbound, .. } => LinkState::Inbound,
        PoolLink::Dialing { .. } => LinkState::Dialing,
        PoolLink::Idle => LinkState::Idle,
    }
}

fn reason(world: &World, end: LinkEnd) -> EndReason {
    match end {
        LinkEnd::ByPeer => EndReason::ByPeer,
        LinkEnd::Idle => EndReason::Idle,
        LinkEnd::Unanswered => EndReason::Unanswered,
        LinkEnd::Banned => EndReason::Banned,
        LinkEnd::Replaced { by, newcomer, worst } => {
            EndReason::Replaced { by: world.directory().host(by), newcomer, worst }
        }
    }
}

fn offenders(world: &World, host: &Host, manager: &Manager, now: u64) -> Vec<OffenderView> {
    let port = world.directory().listening(host.id()).port();
    let ip = |part: u64| Address::ip(u32::try_from(part).unwrap_or(0), port);
    let offender = |one: &crate::stack::peer_manager::ban_list::Offender| OffenderView {
        peer: world.directory().host(ip(one.host)),
        is_banned: one.ban.is_some_and(|ban| ban.is_in_force(now)),
        until_ms: one.ban.and_then(|ban| match ban {
            BanTerm::Until(end) => Some(end),
            BanTerm::Permanent => None,
        }),
        bans: one.bans,
        incidents: one.incidents.iter().map(|(what, at)| (name(*what), *at)).collect(),
    };
    let mut found: Vec<OffenderView> = manager.bans().offenders().iter().map(offender).collect();
    sort::sort_by_key(&mut found, |one| (!one.is_banned, u32::MAX - one.bans));
    found.truncate(PEERS_MAX);
    found
}

const fn name(what: Misbehavior) -> &'static str {
    match what {
        Misbehavior::InvalidMessage => "invalid message",
        Misbehavior::ConnectionFailure => "dial without an answer",
        Misbehavior::ProtocolViolation => "violation of the protocol",
        Misbehavior::Spam => "spam",
        Misbehavior::MaliciousContent => "harmful content",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::knob::Setting;
    use crate::scenario::Scenario;
    use crate::study::simulation::Simulation;

    fn after(rounds: u32, settings: &[&str]) -> PoolView {
        let mut scenario = Scenario::preset("peer-manager").unwrap();
        scenario.rounds = rounds;
        for text in settings {
            scenario.with_setting(Setting::parse_text(text).unwrap());
        }
        let mut run = Simulation::new(scenario);
        run.run();
        view(run.world(), None).unwrap()
    }

    #[test]
    fn a_score_is_the_sum_of_its_parts_and_they_of_their_factors() {
        let found = after(600, &[]);
        assert!(found.peers.len() > 20 && found.peers.len() == found.known);
        assert!(found.peers.is_sorted_by_key(|one| one.link), "connected ones first");
        for one in &found.peers {
            let whole: u64 = found.weights.iter().zip(one.parts).map(|(w, part)| u64::from(*w) * part).sum();
            assert_eq!(one.score, whole / 100);
            let parts = one.factors.map(|[a, b, c]| (4 * a + 3 * b + 3 * c) / 10);
            assert_eq!(parts, one.parts);
        }
    }

    #[test]
    fn ends_of_connections_have_their_reason_and_bans_their_evidence() {
        let found = after(
            1_200,
            &[
                "genesis.peers=30",
                "manager.bad_share=0.4",
                "manager.invalid_share=0.9",
                "manager.outbound_max=8",
                "manager.inbound_max=4",
                "manager.hysteresis=5",
            ],
        );
        let why = |wanted: fn(&EndReason) -> bool| {
            found.peers.iter().filter(|one| one.ended.is_some_and(|end| wanted(&end.why))).count()
        };
        let banned = found.offenders.iter().filter(|one| one.is_banned).count();
        assert!(banned >= 1 && found.offenders[0].incidents.len() >= 5, "{banned}");
        assert!(why(|end| *end == EndReason::Banned) >= 1);
        let marks =
            |kind: u64| found.peers.iter().flat_map(|one| &one.history).filter(|one| one[2] == kind).count();
        assert!(marks(1) >= banned && marks(2) >= why(|end| matches!(end, EndReason::Replaced { .. })));
        assert!(why(|end| matches!(end, EndReason::Replaced { .. } | EndReason::ByPeer)) >= 1);
        for one in &found.peers {
            if let Some(EndView { why: EndReason::Replaced { newcomer, worst, .. }, .. }) = one.ended {
                assert!(newcomer > worst + 500);
            }
        }
    }
}
