//! Effect of adversaries under a weak rule, and under the rule that counters them.

use ringside_core::base::time::Tick;
use ringside_core::config::knob::Setting;
use ringside_core::scenario::Scenario;
use ringside_core::sim::command::Command;
use ringside_core::study::ensemble::Measure;
use ringside_core::study::simulation::Simulation;

/// One kind of adversary, a fifth of all peers, under two sets of rules.
struct AttackComparison {
    conduct: &'static str,
    measure: &'static str,
    /// The rules that it exploits.
    weak: &'static [&'static str],
    /// The rules that counter it.
    strong: &'static [&'static str],
}

/// The mean of a measure over two seeds.
fn mean(attack: &AttackComparison, rules: &[&str]) -> f64 {
    let measure = Measure::by_name(attack.measure).expect("a measure");
    let of = |seed| {
        let mut scenario = Scenario::preset("improved").expect("a preset");
        scenario.seed = seed;
        scenario.rounds = 200;
        let conduct = format!("adversary.conduct={}", attack.conduct);
        let settings = [conduct.as_str(), "adversary.share=0.2"];
        for text in settings.into_iter().chain(rules.iter().copied()) {
            scenario.with_setting(Setting::parse_text(text).expect("a setting"));
        }
        let mut run = Simulation::new(scenario);
        run.run();
        measure.of(&run).unwrap_or(0.0)
    };
    f64::midpoint(of(1), of(2))
}

fn results(attack: &AttackComparison) -> (f64, f64) {
    (mean(attack, attack.weak), mean(attack, attack.strong))
}

const SUSPICIOUS: &[&str] = &["peers.suspicion=2"];

fn captured_by(conduct: &'static str) -> AttackComparison {
    AttackComparison { conduct, measure: "captured", weak: &[], strong: SUSPICIOUS }
}

#[test]
fn suspicion_of_contradicted_peers_expels_forgers() {
    for conduct in ["forger", "equivocator", "colluder"] {
        let (weak, strong) = results(&captured_by(conduct));
        assert!(weak > 0.15, "{conduct}: {weak}");
        assert!(strong < weak / 3.0, "{conduct}: {weak}, {strong}");
    }
    let (weak, strong) = results(&captured_by("replayer"));
    assert!(strong < weak * 0.75, "replayer: {weak}, {strong}");
    let (weak, strong) = results(&captured_by("eclipser"));
    assert!(weak > 0.25 && strong < weak * 0.85, "eclipsers capture more than their share: {weak}, {strong}");
}

#[test]
fn forged_proofs_win_elections_only_in_collusion() {
    let (lone, _) = results(&AttackComparison { measure: "elections_won", ..captured_by("forger") });
    let (concerted, _) = results(&AttackComparison { measure: "elections_won", ..captured_by("colluder") });
    assert!(lone < 0.06 && concerted > 2.0 * lone, "{lone}, {concerted}");
}

#[test]
fn framers_exploit_blocking_for_second_answers() {
    let attack = AttackComparison {
        conduct: "framer",
        measure: "completion",
        weak: &["election.duplicates=block-peer"],
        strong: &["election.duplicates=first-counts"],
    };
    let (weak, strong) = results(&attack);
    let honest = mean(&AttackComparison { conduct: "honest", ..attack }, &["election.duplicates=block-peer"]);
    assert!(weak < strong - 0.02 && weak < honest - 0.02, "{weak}, {strong}, honest {honest}");
}

#[test]
fn cooldown_and_acceptance_by_need_bound_invitation_floods() {
    let (weak, strong) = results(&AttackComparison {
        conduct: "flooder",
        measure: "elections_won",
        weak: &["peers.acceptance=by-distance", "peers.invitation_cooldown_rounds=0"],
        strong: &[],
    });
    assert!(strong < weak / 2.0, "{weak}, {strong}");
}

#[test]
fn bounded_referrals_limit_the_cost_of_poisoners() {
    let (weak, strong) = results(&AttackComparison {
        conduct: "poisoner",
        measure: "messages_per_peer_round",
        weak: &["election.referrals=unbounded"],
        strong: &[],
    });
    assert!(strong < weak * 0.85, "{weak}, {strong}");
}

/// A floor for the quality of service, and a limit of invitations.
const DEMANDING: &[&str] = &["peers.quality_floor=0.5", "peers.invitation_limit=8"];

#[test]
fn a_quality_floor_keeps_bad_servers_out() {
    for conduct in ["withholder", "poisoner", "flooder", "eclipser"] {
        let (weak, strong) = results(&AttackComparison { strong: DEMANDING, ..captured_by(conduct) });
        assert!(weak > 0.15 && strong < weak / 3.0, "{conduct}: {weak}, {strong}");
    }
}

#[test]
fn an_eclipse_of_the_worst_hit_peer_is_prevented() {
    let attack = AttackComparison { measure: "captured_max", strong: DEMANDING, ..captured_by("eclipser") };
    let (weak, strong) = results(&attack);
    assert!(weak > 0.35 && strong < 0.1, "{weak}, {strong}");
}

#[test]
fn message_loss_condemns_hardly_any_honest_peer() {
    let honest = AttackComparison { measure: "condemned", ..captured_by("honest") };
    for loss in ["network.loss=0.01", "network.loss=0.2", "network.loss=0.4"] {
        let condemned = mean(&honest, &[DEMANDING[0], DEMANDING[1], loss]);
        assert!(condemned < 0.02, "{loss}: {condemned}");
    }
}

#[test]
fn peers_that_were_stale_for_a_while_are_forgiven() {
    let condemned = |rules: &[&str]| {
        let mut scenario = Scenario::preset("improved").expect("a preset");
        scenario.rounds = 700;
        for text in ["tokens.stale_share=0.1", "peers.suspicion=2"].into_iter().chain(rules.iter().copied()) {
            scenario.with_setting(Setting::parse_text(text).expect("a setting"));
        }
        let mut run = Simulation::new(scenario);
        let measure = Measure::by_name("condemned").expect("a measure");
        run.run_until(Tick(100));
        let behind = measure.of(&run);
        let caught_up = Command::Set(Setting::parse_text("tokens.stale_share=0").expect("a setting"));
        run.inject(caught_up).expect("a live knob");
        run.run();
        (behind, measure.of(&run))
    };
    let (before, unforgiven) = condemned(&[]);
    let (_, forgiven) = condemned(&["peers.forgiveness_rounds=100"]);
    assert!(before > Some(0.03) && unforgiven >= before, "{before:?}, {unforgiven:?}");
    assert!(forgiven < Some(0.005), "{forgiven:?}");
}

#[test]
fn peers_without_storage_are_not_connected() {
    let (captured, _) = results(&captured_by("free-rider"));
    assert!(captured.abs() < f64::EPSILON, "{captured}");
}

#[test]
fn duplicators_do_no_harm_if_the_first_answer_counts() {
    let attack = AttackComparison { conduct: "duplicator", measure: "completion", weak: &[], strong: &[] };
    let honest = mean(&AttackComparison { conduct: "honest", ..attack }, &[]);
    let (with, _) = results(&attack);
    assert!((with - honest).abs() < 0.05, "{with}, {honest}");
}

#[test]
fn an_adversary_can_start_honest() {
    let attack = AttackComparison { measure: "elections_won", ..captured_by("withholder") };
    let (at_once, later) = (mean(&attack, &[]), mean(&attack, &["adversary.from_round=199"]));
    assert!(at_once < later / 2.0, "withholders win few elections: {at_once}, {later}");
}
