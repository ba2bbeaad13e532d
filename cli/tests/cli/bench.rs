//! `ringside bench`: its counts are deterministic, its times are not.

use crate::program::ringside;

#[test]
fn an_exchange_is_measured() {
    let measured = ringside(&["bench", "exchange", "--nodes", "50", "--ticks", "100", "--json"]).json();
    assert_eq!((measured["nodes"].as_u64(), measured["ticks"].as_u64()), (Some(50), Some(100)));
    // All but the messages in flight: at most ten ticks of requests, and of replies.
    let delivered = measured["delivered"].as_u64().unwrap();
    assert!((9_000..10_000).contains(&delivered), "{delivered}");
    let rate = measured["delivered_per_second"].as_f64().unwrap();
    let seconds = measured["seconds"].as_f64().unwrap();
    assert!((rate * seconds / f64::from(u32::try_from(delivered).unwrap()) - 1.0).abs() < 1e-6);
    assert!(measured["peak_bytes"].is_null() || measured["peak_bytes"].as_u64() > Some(100_000));
    let again = ringside(&["bench", "exchange", "--nodes", "50", "--ticks", "100"]).success();
    assert!(again.starts_with(&format!("50 nodes, 100 ticks: {delivered} messages")), "{again}");
}

#[test]
fn an_exchange_needs_two_nodes() {
    assert!(ringside(&["bench", "exchange", "--nodes", "1"]).refusal().contains("--nodes"));
}
