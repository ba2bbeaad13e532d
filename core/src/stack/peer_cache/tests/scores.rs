//! Scores and selection: vectors of the published program.

use crate::base::id::PeerId;
use crate::base::ratio::Ratio;
use crate::stack::address::Address;
use crate::stack::peer_cache::cycle;
use crate::stack::peer_cache::quality::{Malice, PeerQuality, ScoreRules, TransferFailure};
use crate::stack::peer_cache::selection::{Strategy, plan, select};
use crate::stack::peer_cache::text::{address_of, address_text, peer_of, peer_text};

const SHIPPED: ScoreRules = ScoreRules { penalties_overwritten: true, uptime_constant: true };
const OURS: ScoreRules = ScoreRules { penalties_overwritten: false, uptime_constant: false };

fn metrics(ok: u32, failed: u32, latency: Option<u32>) -> PeerQuality {
    let mut metrics = PeerQuality::new(0);
    latency.into_iter().for_each(|latency| metrics.measured(0, latency));
    (0..failed).for_each(|_| metrics.failed(0, TransferFailure::Timeout, SHIPPED));
    (0..ok).for_each(|_| metrics.succeeded(0, 1_000, 100, SHIPPED));
    metrics
}

#[test]
fn reliability_is_that_of_the_table() {
    let cases = [
        (1, 0, Some(45), 836_500),
        (1, 0, Some(0), 850_000),
        (1, 0, None, 700_000),
        (1, 1, None, 500_000),
        (4, 1, Some(45), 756_500),
        (0, 1, Some(1_000), 150_000),
        (0, 1, Some(5_000), 150_000),
        (10, 0, Some(20), 844_000),
        (3, 1, Some(45), 736_500),
    ];
    for (ok, failed, latency, expected) in cases {
        assert_eq!(
            metrics(ok, failed, latency).reliability.millionths(),
            expected,
            "{ok} {failed} {latency:?}"
        );
    }
}

#[test]
fn defaults_are_one_half() {
    let new = PeerQuality::new(7);
    assert_eq!([new.reliability, new.uptime, new.success_rate].map(Ratio::millionths), [500_000; 3]);
    let one = metrics(1, 0, None);
    assert_eq!((one.success_rate, one.bandwidth_kbps), (Ratio::ONE, Some(80)));
}

#[test]
fn latencies_are_averaged_as_integers() {
    let mut one = PeerQuality::new(0);
    [45, 50, 52].into_iter().for_each(|sample| one.measured(9, sample));
    assert_eq!((one.latency_ms, one.last_seen), (Some(49), 9), "(45 + 50) / 2 = 47, (47 + 52) / 2 = 49");
    assert_eq!(one.reliability.millionths(), 500_000, "a sample does not recompute the score");
    one.measured(9, u32::MAX);
    one.measured(9, u32::MAX);
    assert!(one.latency_ms > Some(u32::MAX / 2));
}

#[test]
fn penalties_have_an_effect_unless_they_are_overwritten() {
    let reported = |rules| {
        let mut one = metrics(4, 0, Some(0));
        one.reported(Malice::Moderate, rules);
        (one.reliability.millionths(), one.malicious_reports)
    };
    assert_eq!(reported(SHIPPED), (850_000, 1));
    assert_eq!(reported(OURS), (350_000, 1));
    let mut one = metrics(4, 0, Some(0));
    for malice in [Malice::Minor, Malice::Severe, Malice::Other] {
        one.reported(malice, OURS);
    }
    assert_eq!(one.reliability, Ratio::ZERO);
    for _ in 0..30 {
        one.succeeded(0, 1_000, 100, OURS);
    }
    assert_eq!(one.reliability.millionths(), 850_000, "a penalty is worked off");
}

#[test]
fn uptime_follows_dials_unless_it_is_constant() {
    let after = |rules, found: &[bool]| {
        let mut one = PeerQuality::new(0);
        found.iter().for_each(|found| one.dialled(*found, rules));
        one.uptime.millionths()
    };
    assert_eq!(after(SHIPPED, &[false; 9]), 500_000);
    assert_eq!(after(OURS, &[true]), 600_000);
    assert_eq!(after(OURS, &[true, false]), 480_000);
}

#[test]
fn quality_weighs_its_parts_and_ages() {
    let one = metrics(1, 0, Some(0));
    // 0.25 * 0.85 + 0.2 * 0.5 + 0.25 * 1 + 0.2 * 80 / 10,000
    assert_eq!(one.quality(300, false).millionths(), 564_100);
    assert_eq!(one.quality(1_300, false).millionths(), 464_100, "0.0001 for each second above 300");
    let encrypted = PeerQuality { encrypts: true, ..one };
    assert_eq!(encrypted.quality(0, true).millionths(), 664_100);
    let malicious = PeerQuality { malicious_reports: 2, ..one };
    assert_eq!(malicious.quality(0, false).millionths(), 0, "0.3 for each report");
    assert_eq!(one.quality(u64::MAX, false), Ratio::ZERO);
}

#[test]
fn strategies_select_as_named() {
    let fast = PeerQuality { latency_ms: Some(50), ..PeerQuality::new(0) };
    let slow = PeerQuality {
        latency_ms: Some(200),
        bandwidth_kbps: Some(9_000),
        encrypts: true,
        ..PeerQuality::new(0)
    };
    let unknown = PeerQuality { selected_at: Some(0), reliability: Ratio::ONE, ..PeerQuality::new(0) };
    let peers = [("slow", &slow), ("fast", &fast), ("unknown", &unknown)];
    let first = |strategy| select(peers, strategy, 30, 1, false)[0];
    assert_eq!(first(Strategy::FastestFirst), "fast");
    assert_eq!(first(Strategy::MostReliable), "unknown");
    assert_eq!(first(Strategy::HighestBandwidth), "slow");
    assert_eq!(first(Strategy::Balanced), "slow");
    assert_eq!(first(Strategy::EncryptionPreferred), "slow");
    assert_eq!(select(peers, Strategy::FastestFirst, 30, 9, true), ["slow"], "only those that encrypt");
    let spared = select(peers, Strategy::LoadBalanced, 30, 3, false);
    assert_eq!(spared, ["slow", "unknown", "fast"]);
    let twins = [("selected", &unknown), ("other", &PeerQuality { selected_at: None, ..unknown })];
    assert_eq!(select(twins, Strategy::LoadBalanced, 59, 1, false), ["other"]);
    assert_eq!(select(twins, Strategy::LoadBalanced, 60, 1, false), ["selected"]);
}

#[test]
fn large_files_go_by_bandwidth_and_to_more_peers() {
    let plan = |bytes| plan(bytes, Strategy::Balanced);
    assert_eq!(plan(50_000_000), (Strategy::Balanced, 2));
    assert_eq!(plan(50_000_001), (Strategy::Balanced, 5));
    assert_eq!(plan(100_000_001), (Strategy::HighestBandwidth, 5));
}

#[test]
fn ids_and_addresses_are_read_back() {
    for number in [0, 1, 57, 58, u64::MAX] {
        let peer = PeerId::new(number);
        assert_eq!((peer_text(peer).len(), peer_of(&peer_text(peer))), (52, Some(peer)));
        let address = Address::ip(0x0a00_0001, 4_001);
        assert_eq!(address_of(&address_text(address, Some(peer))), Some((address, peer)));
        assert_eq!(address_of(&address_text(address, None)), None, "it names no peer");
    }
    assert_eq!(peer_of(&format!("12D3KooW{}", "z".repeat(44))), None);
    assert_eq!(address_of("/ip4/1.2.3.4/tcp/70000/p2p/x"), None);
}

#[test]
fn rates_by_the_hour_compound() {
    let within =
        |percent: u32, seconds| cycle::within(Ratio::from_millionths(percent * 10_000), seconds).millionths();
    assert_eq!(within(5, 3_600), 50_000);
    assert_eq!(within(5, 7_200), 97_500);
    assert_eq!(within(5, 1_800), 25_000);
    assert_eq!(within(0, u32::MAX), 0);
    assert!(within(5, 8 * 86_400) > 999_900);
}
