//! Deviations of the published program from document 000, each by itself.

use crate::{read, run};

/// One rule in which the published program deviates from its document.
struct Deviation {
    /// Its number in the list of deviations, and its description.
    name: &'static str,
    preset: &'static str,
    rounds: u32,
    /// Settings of the world with and without it.
    settings: &'static [&'static str],
    /// The rule.
    rule: &'static str,
    measure: &'static str,
    /// Whether the measure differs as expected, given its value without and with the rule.
    shows: fn(f64, f64) -> bool,
}

/// Deviations 6 (a referral withdraws an answer) and part of 9 (a forged proof passes) need an
/// adversary; the unit tests of nodes and elections cover them.
const DEVIATIONS: &[Deviation] = &[
    Deviation {
        name: "1. no path to Connected",
        preset: "improved",
        rounds: 60,
        settings: &[],
        rule: "peers.invitations=mute",
        measure: "connected_max",
        shows: |without, with| without > 10.0 && with == 0.0,
    },
    Deviation {
        name: "1. a reciprocal invitation connects nobody",
        preset: "improved",
        rounds: 60,
        settings: &[],
        rule: "peers.invitations=only-examining",
        measure: "connected_max",
        shows: |without, with| without > 10.0 && with == 0.0,
    },
    Deviation {
        name: "2. the elections of invitations send no queries",
        preset: "improved",
        rounds: 100,
        settings: &[],
        rule: "peers.invitations=only-promoting",
        measure: "success",
        shows: |without, with| with < without - 0.02,
    },
    Deviation {
        name: "2. the same, with invitations that connect",
        preset: "improved",
        rounds: 100,
        settings: &[],
        rule: "peers.mute_examinations=on",
        measure: "success",
        shows: |without, with| with < without - 0.05,
    },
    Deviation {
        name: "3. invitations are not verified",
        preset: "improved",
        rounds: 100,
        settings: &["tokens.verification=strict", "tokens.stale_share=0.05"],
        rule: "peers.unverified_invitations=on",
        measure: "connected",
        shows: |without, with| with > 1.5 * without,
    },
    Deviation {
        name: "4. unbounded chains of referrals",
        preset: "seed-000",
        rounds: 20,
        settings: &["network.loss=0", "network.delay=0", "election.referrals=bounded"],
        rule: "election.referrals=unbounded",
        measure: "messages",
        shows: |without, with| with > 4.0 * without,
    },
    Deviation {
        name: "5. unsolicited referrals make peers known",
        preset: "lifecycle-1",
        rounds: 40,
        settings: &["election.timeout_rounds=2", "election.min_collection_rounds=0", "network.latency_max=6"],
        rule: "peers.unsolicited_referrals=on",
        measure: "known",
        shows: |without, with| with > without + 2.0,
    },
    Deviation {
        name: "7. a second answer blocks the channel",
        preset: "improved",
        rounds: 100,
        settings: &["network.duplication=0.5"],
        rule: "election.duplicates=block-channel",
        measure: "success",
        shows: |without, with| with < 0.6 * without,
    },
    Deviation {
        name: "8. the token is queried as if it were a peer",
        preset: "lifecycle-1",
        rounds: 40,
        settings: &[],
        rule: "election.token_as_first_hop=on",
        measure: "undeliverable_share",
        shows: |without, with| without == 0.0 && with > 0.05,
    },
    Deviation {
        name: "9. proofs are not compared with the verifier's tokens",
        preset: "improved",
        rounds: 100,
        settings: &["adversary.share=0.25", "adversary.conduct=colluder", "tokens.verification=strict"],
        rule: "tokens.verification=weak",
        measure: "elections_won",
        shows: |without, with| with > without + 0.03,
    },
    Deviation {
        name: "10. the search spills one way and never wraps around the origin",
        preset: "improved",
        rounds: 60,
        settings: &[],
        rule: "tokens.search=one-way-spill",
        measure: "proofs",
        shows: |without, with| without > 0.99 && with < 0.95,
    },
    Deviation {
        name: "10. the lookup of the nearest peers does not wrap around the origin",
        preset: "improved",
        rounds: 100,
        settings: &[],
        rule: "peers.wrapping_lookup=off",
        measure: "core_coverage",
        shows: |without, with| with < without,
    },
    Deviation {
        name: "11. the width of views overflows",
        preset: "improved",
        rounds: 5,
        settings: &[],
        rule: "tokens.saturated_width=on",
        measure: "tokens",
        shows: |without, with| without > 80_000.0 && with < 20_000.0,
    },
    Deviation {
        name: "11. Connected and Identified are swapped at the start",
        preset: "as-claimed",
        rounds: 1,
        settings: &["election.per_round=0", "peers.invitations_per_round=0", "genesis.connected_share=0.25"],
        rule: "genesis.swapped_topology=on",
        measure: "connected",
        shows: |without, with| with > 2.0 * without,
    },
    Deviation {
        name: "12. the pool of samples freezes",
        preset: "lifecycle-1",
        rounds: 60,
        settings: &["peers.sample_capacity=30"],
        rule: "peers.frozen_samples=on",
        measure: "known_growth",
        shows: |without, with| with < without - 0.5,
    },
    Deviation {
        name: "13. connections are pruned by distance",
        preset: "improved",
        rounds: 150,
        settings: &["peers.prune_protection_rounds=20"],
        rule: "peers.distance_pruning=on",
        measure: "connected",
        shows: |without, with| with < 0.85 * without,
    },
    Deviation {
        name: "13. messages do not keep connections alive",
        preset: "improved",
        rounds: 250,
        settings: &["peers.connection_timeout_rounds=60"],
        rule: "peers.keepalive=off",
        measure: "churn_per_hour",
        shows: |without, with| with > 10.0 * without,
    },
    Deviation {
        name: "18. proofs are bound to the forwarder",
        preset: "lifecycle-1",
        rounds: 40,
        settings: &["routing.strategy=random-walk", "tokens.saturated_width=on"],
        rule: "routing.forwarder_bound=on",
        measure: "success",
        shows: |without, with| with < without - 0.05,
    },
    Deviation {
        name: "4.4 unavailable candidates are not replaced",
        preset: "lifecycle-1",
        rounds: 40,
        settings: &[],
        rule: "election.replace_candidates=off",
        measure: "messages_per_election",
        shows: |without, with| with < without,
    },
    Deviation {
        name: "5.3 replies arrive in the round of their cause",
        preset: "lifecycle-1",
        rounds: 40,
        settings: &["time.ticks_per_round=50", "election.min_collection_rounds=0"],
        rule: "network.same_round_delivery=on",
        measure: "seconds_p50",
        shows: |without, with| with < without,
    },
    Deviation {
        name: "3.6 any two clusters are a split brain",
        preset: "improved",
        rounds: 100,
        settings: &[],
        rule: "election.splits=any-two",
        measure: "split_brains",
        shows: |without, with| without == 0.0 && with > 50.0,
    },
    Deviation {
        name: "3.6 a majority of a tenth makes split brains impossible",
        preset: "lifecycle-1",
        rounds: 60,
        settings: &[],
        rule: "election.majority_threshold=0.1",
        measure: "split_brains",
        shows: |without, with| without > 50.0 && with == 0.0,
    },
    Deviation {
        name: "2.4 a peer that knows one other sends no referrals",
        preset: "improved",
        rounds: 100,
        settings: &["genesis.topology=chain"],
        rule: "routing.single_referrals=off",
        measure: "connected",
        shows: |without, with| with < 0.3 * without,
    },
];

#[test]
fn every_deviation_of_the_published_program_has_an_effect_by_itself() {
    for deviation in DEVIATIONS {
        let Deviation { name, preset, rounds, settings, rule, measure, shows } = *deviation;
        let mean = |rule: &[&str]| {
            let settings = [&["genesis.peers=20"], settings, rule].concat();
            let runs = [1, 2].map(|seed| read(&run(preset, seed, rounds, &settings), measure));
            f64::midpoint(runs[0], runs[1])
        };
        let (without, with) = (mean(&[]), mean(&[rule]));
        assert!(shows(without, with), "{name}: {measure} is {without} without and {with} with {rule}");
    }
}
