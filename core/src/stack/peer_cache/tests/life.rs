//! Lives of a host: what a save keeps, the trace of the reference, and whole worlds.

use crate::base::id::PeerId;
use crate::base::ratio::Ratio;
use crate::config::{CacheConfig, CacheGate, CacheRanking, CachedAddress, Config};
use crate::observe::invariant::Cadence;
use crate::observe::metrics::{CacheMetrics, StartOutcomes};
use crate::protocol::peer_table::PeerTable;
use crate::scenario::Scenario;
use crate::sim::host::{Host, HostStatus};
use crate::stack::address::Address;
use crate::stack::files::Files as _;
use crate::stack::layer::Layer as _;
use crate::stack::peer_cache::format::{FILE, PeerCache};
use crate::stack::peer_cache::known::RememberedPeer;
use crate::stack::peer_cache::quality::{ScoreRules, TransferFailure};
use crate::stack::peer_cache::text::peer_of;
use crate::stack::peer_cache::{PeerCacheLayer, relays};
use crate::study::simulation::Simulation;

const NOW: u64 = 1_700_000_000;
const DAY: u64 = 86_400;
const SHIPPED: ScoreRules = ScoreRules { penalties_overwritten: true, uptime_constant: true };

fn layer(rules: CacheConfig) -> PeerCacheLayer {
    let config = Config { cache: CacheConfig { enabled: true, ..rules }, ..Config::DEFAULT };
    PeerCacheLayer::new(PeerId::new(1), &config).unwrap()
}

/// A peer with transfers, last seen some time ago.
fn peer(id: u64, ok: u32, failed: u32, latency: Option<u32>, age: u64) -> RememberedPeer {
    let mut known = RememberedPeer::new(PeerId::new(id), Address::ip(0x0a00_0001, 4_001), NOW - age);
    latency.into_iter().for_each(|latency| known.metrics.measured(NOW - age, latency));
    (0..failed).for_each(|_| known.metrics.failed(NOW - age, TransferFailure::Timeout, SHIPPED));
    (0..ok).for_each(|_| known.metrics.succeeded(NOW - age, 1_000, 100, SHIPPED));
    known
}

/// Ids of the file that is saved, in its order.
fn saved(layer: &PeerCacheLayer, rules: &CacheConfig) -> Option<Vec<u64>> {
    let cache = layer.snapshot(rules, &PeerTable::new(PeerId::new(0)), NOW)?;
    Some(cache.peers.iter().map(|one| peer_of(&one.peer_id).unwrap().get()).collect())
}

/// Trace T4: three sessions of a host as shipped.
#[test]
fn the_trace_of_the_reference_is_reproduced() {
    let share = Ratio::from_percent(50);
    let relay = (1..1_000).find(|id| relays(PeerId::new(*id), share)).unwrap();
    let plain: Vec<u64> = (relay + 1..).filter(|id| !relays(PeerId::new(*id), share)).take(3).collect();
    let rules = CacheConfig { relay_share: share, ..CacheConfig::DEFAULT };
    let mut first = layer(rules);
    first.known = vec![
        peer(relay, 3, 1, Some(45), 0),
        peer(plain[0], 0, 0, Some(10), 0),
        peer(plain[1], 10, 0, Some(20), 0),
        peer(plain[2], 1, 0, None, 8 * DAY),
    ];
    assert_eq!(saved(&first, &rules), Some(vec![plain[1], relay]), "by reliability, 0.844 and 0.7365");
    let mut cache = first.snapshot(&rules, &PeerTable::new(PeerId::new(0)), NOW).unwrap();
    cache.sort_for_dialling();
    assert_eq!(
        peer_of(&cache.peers[0].peer_id),
        Some(PeerId::new(relay)),
        "a peer that relays is dialled first"
    );
    let mut second = layer(rules);
    second.loaded = cache.peers;
    second.known = vec![peer(99, 1, 0, None, 0)];
    assert_eq!(saved(&second, &rules), Some(vec![99]), "the file is replaced");
    second.known = vec![peer(99, 0, 0, None, 0)];
    assert_eq!(saved(&second, &rules), None, "without a transfer the file stays as it is");
}

#[test]
fn a_merged_file_keeps_what_nothing_newer_is_known_of() {
    let rules = CacheConfig { merged: true, gate: CacheGate::Sessions, ..CacheConfig::DEFAULT };
    let mut first = layer(rules);
    first.known = vec![
        RememberedPeer { met: 1, ..peer(7, 1, 0, None, 50) },
        RememberedPeer { met: 1, ..peer(8, 5, 0, Some(1), 50) },
    ];
    let mut second = layer(rules);
    second.loaded = first.snapshot(&rules, &PeerTable::new(PeerId::new(0)), NOW).unwrap().peers;
    second.known = vec![RememberedPeer { met: 1, ..peer(7, 2, 0, None, 0) }];
    let cache = second.snapshot(&rules, &PeerTable::new(PeerId::new(0)), NOW).unwrap();
    let found: Vec<_> =
        cache.peers.iter().map(|one| (one.successful_transfers, NOW - one.last_seen)).collect();
    assert_eq!(found, [(5, 50), (2, 0)]);
}

/// A clock that has gone back by days makes time stamps lie in the future.
#[test]
fn a_clock_that_runs_backwards_loses_no_entry() {
    for rules in [
        CacheConfig::DEFAULT,
        CacheConfig { merged: true, ranking: CacheRanking::LastSuccess, ..CacheConfig::DEFAULT },
    ] {
        let mut layer = layer(rules);
        layer.known = (1..=5).map(|id| peer(id, 2, 0, Some(40), id)).collect();
        let before = layer.snapshot(&rules, &PeerTable::new(PeerId::new(0)), NOW).unwrap();
        for back in [1, 300, 301, 3 * DAY, NOW] {
            let after = layer.snapshot(&rules, &PeerTable::new(PeerId::new(0)), NOW - back).unwrap();
            assert_eq!((after.last_updated, &after.peers), (NOW - back, &before.peers), "{back} s back");
            let mut clamped = after;
            clamped.clamp_to(NOW - back);
            assert!(clamped.peers.iter().all(|one| one.last_seen <= NOW - back + 300), "{back} s back");
        }
    }
}

#[test]
fn an_address_of_an_accepted_stream_cannot_be_dialled_unless_it_is_the_listening_one() {
    let rules = CacheConfig::DEFAULT;
    let mut layer = layer(rules);
    let inbound =
        RememberedPeer { saved: None, remote: Address::ip(0x0a00_0001, 50_000), ..peer(1, 1, 0, None, 0) };
    layer.known = vec![inbound, peer(2, 1, 0, None, 0)];
    let cache = layer.snapshot(&rules, &PeerTable::new(PeerId::new(0)), NOW).unwrap();
    assert_eq!(cache.peers[0].addresses, ["/ip4/10.0.0.1/tcp/50000"]);
    assert!(cache.peers[1].addresses[0].starts_with("/ip4/10.0.0.1/tcp/4001/p2p/12D3KooW"));
}

fn life(preset: &str, settings: &[&str]) -> CacheMetrics {
    let short = ["genesis.peers=16", "cache.up_rounds=150", "cache.transfer_ms=3000"];
    let mut scenario = Scenario::with_settings(preset, &[&short, settings].concat());
    scenario.rounds = 200;
    let mut run = Simulation::new(scenario);
    run.run();
    run.metrics().cache.unwrap()
}

#[test]
fn reported_hits_are_queued_commands_and_true_ones_are_sessions() {
    let shipped = life("cache-shipped", &[]);
    let claimed = life("cache-claimed", &[]);
    assert_eq!((shipped.loads, shipped.hit_rate_reported), (1, Some(1.0)), "{shipped:?}");
    assert!(shipped.succeeded < shipped.attempted, "{shipped:?}");
    assert!(claimed.hit_rate_true >= shipped.hit_rate_true, "{claimed:?} {shipped:?}");
    assert_eq!((shipped.score_agreement, claimed.score_agreement), (Some(0.0), Some(1.0)));
}

#[test]
fn a_cache_that_cannot_be_read_leads_to_the_published_list() {
    for setting in ["cache.lost=on", "cache.read_only=on", "cache.disk_bytes=100"] {
        // No other host starts again and reads its cache.
        let found = life("cache", &[setting, "cache.reborn_hourly=0"]);
        assert_eq!((found.attempted, found.loads), (0, 0), "{setting} {found:?}");
        assert!(found.bootstrap_dials >= 3 && found.first_session_ms.is_some(), "{setting} {found:?}");
    }
}

#[test]
fn published_addresses_are_spared_if_cached_ones_suffice() {
    let calm = ["cache.offline_hourly=0", "cache.moved_hourly=0", "cache.reborn_hourly=0"];
    let found = life("cache", &calm);
    assert_eq!(found.hit_rate_true, Some(1.0), "{found:?}");
    assert!(found.bootstrap_dials <= 3, "they are cached like others: {found:?}");
    let cold = life("cache", &[&calm[..], &["cache.start=cold"]].concat());
    assert!(found.fifth_session_ms < cold.fifth_session_ms, "{found:?} {cold:?}");
}

#[test]
fn listening_addresses_are_an_option_of_the_shipped_profile() {
    assert_eq!(CacheConfig::DEFAULT.address, CachedAddress::Remote);
    let found = life(
        "cache-shipped",
        &[
            "cache.address=listening",
            "cache.reborn_hourly=0",
            "cache.moved_hourly=0",
            "cache.offline_hourly=0",
        ],
    );
    assert_eq!(found.hit_rate_true, Some(1.0), "{found:?}");
}

/// Newcomers get addresses in the midst of a tick, while mail is in flight that is due beyond the horizon.
#[test]
fn peers_arrive_in_a_world_with_an_address_plan() {
    for preset in ["cache", "sessions"] {
        let settings = ["genesis.peers=16", "churn.arrivals=2000"];
        let mut scenario = Scenario::with_settings(preset, &settings);
        scenario.rounds = 60;
        let mut run = Simulation::new(scenario);
        run.run();
        assert!(run.world().hosts().len() > 80, "{preset}: {}", run.world().hosts().len());
    }
}

/// Hosts stop and start again and again while others are away.
#[test]
fn properties_of_caches_hold_over_restarts() {
    let settings = [
        "genesis.peers=16",
        "cache.cycles=4",
        "cache.up_rounds=60",
        "cache.absence_s=60",
        "cache.offline_hourly=0.99",
        "cache.graceful=off",
        "cache.save_s=10",
    ];
    let mut scenario = Scenario::with_settings("cache", &settings);
    scenario.rounds = 320;
    let mut run = Simulation::new(scenario);
    run.monitor(Cadence::Rounds(1));
    run.run();
    assert_eq!(run.violations(), []);
    assert!(run.metrics().cache.unwrap().loads > 1);
}

/// What the starts of three lives end with: all that is not named here is 0.
#[test]
fn every_start_has_one_outcome() {
    let short = ["cache.up_rounds=60", "cache.down_rounds=2", "cache.cycles=2", "genesis.peers=12"];
    let starts = |settings: &[&str]| life("cache", &[&short, settings].concat()).starts;
    let none = StartOutcomes::default();
    assert_eq!(starts(&[]), StartOutcomes { success: 2, ..none });
    assert_eq!(starts(&["cache.start=cold"]), StartOutcomes { disabled: 2, ..none });
    assert_eq!(starts(&["cache.lost=on"]), StartOutcomes { empty_cache: 2, ..none });
    let unnamed = ["cache.named=1", "cache.policy=wan", "cache.lookup_ms=501"];
    assert_eq!(starts(&unnamed), StartOutcomes { all_filtered: 2, ..none });
    // Shorter than a round trip of any link, so that no handshake ends in time.
    let hasty = ["cache.dial_timeout_ms=100", "network.latency_min=80", "network.latency_max=80"];
    assert_eq!(starts(&hasty), StartOutcomes { no_success: 2, ..none });
    let late = [&hasty[..], &["cache.dials_max=1", "cache.budget_ms=100"]].concat();
    assert_eq!(starts(&late), StartOutcomes { budget_expired: 2, ..none });
    // The look-ups take longer than the host is up; the last life has no end.
    let brief = ["cache.up_rounds=1", "cache.named=1", "cache.lookup_ms=500"];
    assert_eq!(starts(&brief), StartOutcomes { success: 1, cancelled: 1, ..none });
}

#[test]
fn the_file_of_a_stop_has_the_time_before_the_absence() {
    let scenario = Scenario::with_settings(
        "cache-claimed",
        &["genesis.peers=16", "cache.up_rounds=150", "cache.absence_first=off"],
    );
    let mut run = Simulation::new(Scenario { rounds: 151, ..scenario });
    run.run();
    let stopped = |host: &&Host| host.status() == HostStatus::Crashed && host.disk().is_some();
    let files: Vec<PeerCache> = (run.world().hosts().iter().filter(stopped))
        .filter_map(|host| PeerCache::parse(host.disk()?.read(FILE)?).ok())
        .collect();
    assert!(!files.is_empty());
    assert!(files.iter().all(|file| file.last_updated <= NOW + 150), "{}", files[0].last_updated);
}
