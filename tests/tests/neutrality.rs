//! Rules without a favourite. A rotation of the ring carries every position to every other one; rules that
//! do not refer to the origin give the same statistics at all of them, beyond noise.

use ringside_core::base::id::{PeerId, TokenId};
use ringside_core::config::knob::Setting;
use ringside_core::protocol::event::PeerStateKind;
use ringside_core::scenario::Scenario;
use ringside_core::sim::host::Host;
use ringside_core::study::simulation::Simulation;

const SEEDS: u64 = 24;

fn run(preset: &str, seed: u64, settings: &[&str]) -> Simulation {
    let mut scenario = Scenario::preset(preset).expect("a preset");
    (scenario.seed, scenario.rounds) = (seed, 120);
    settings.iter().for_each(|text| scenario.with_setting(Setting::parse_text(text).expect("a setting")));
    let mut run = Simulation::new(scenario);
    run.run();
    run
}

/// Position on the ring, from 0 to 1.
#[expect(clippy::cast_precision_loss, reason = "a position needs no more than 53 bits here")]
fn position(of: u64) -> f64 {
    of as f64 / 2_f64.powi(64)
}

#[expect(clippy::cast_precision_loss, reason = "a few thousand positions")]
fn mean(of: &[f64]) -> f64 {
    of.iter().sum::<f64>() / of.len() as f64
}

/// Mean over the seeds, and standard error of it.
#[expect(clippy::cast_precision_loss, reason = "a few dozen seeds")]
fn summary(of: &[f64]) -> (f64, f64) {
    let (mean, count) = (mean(of), of.len() as f64);
    let variance = of.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / (count - 1.0);
    (mean, (variance / count).sqrt())
}

/// Mean position of what peers hold, less that of all peers: negative where low ids are favoured.
fn bias(preset: &str, settings: &[&str], held: fn(&Host) -> Vec<u64>) -> (f64, f64) {
    let of_seed = |seed| {
        let run = run(preset, seed, settings);
        let hosts = run.world().hosts();
        let held: Vec<f64> = hosts.iter().flat_map(held).map(position).collect();
        let all: Vec<f64> = hosts.iter().map(|host| position(host.id().get())).collect();
        mean(&held) - mean(&all)
    };
    summary(&(1..=SEEDS).map(of_seed).collect::<Vec<_>>())
}

fn sampled(host: &Host) -> Vec<u64> {
    host.node().samples().iter().map(TokenId::get).collect()
}

fn connected(host: &Host) -> Vec<u64> {
    host.node().peers().of_kind(PeerStateKind::Connected).map(PeerId::get).collect()
}

/// Pool that fills in an order that arrivals decide.
const FROZEN: [&str; 2] = ["peers.frozen_samples=on", "peers.sample_capacity=60"];

#[test]
fn no_position_is_favoured_by_the_order_of_arrival() {
    let (mean, error) = bias("as-claimed", &FROZEN, sampled);
    println!("{mean:.4} +- {error:.4}");
    assert!(mean.abs() < 3.0 * error, "{mean} +- {error}");
}

#[test]
fn an_order_by_sender_favours_low_ids() {
    let by_sender = [&FROZEN[..], &["network.arrival_order=sender"]].concat();
    let (mean, error) = bias("as-claimed", &by_sender, sampled);
    println!("{mean:.4} +- {error:.4}");
    assert!(mean < -3.0 * error, "{mean} +- {error}");
}

#[test]
fn no_position_is_favoured_as_a_connection() {
    for preset in ["as-claimed", "improved"] {
        let (mean, error) = bias(preset, &["genesis.peers=60", "tokens.view_min=10000"], connected);
        println!("{preset}: {mean:.4} +- {error:.4}");
        assert!(mean.abs() < 3.0 * error, "{preset}: {mean} +- {error}");
    }
}
