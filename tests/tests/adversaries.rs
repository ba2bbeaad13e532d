//! What adversaries achieve against a weak rule, and what against the rule that answers it.

use ringside_core::base::time::Tick;
use ringside_core::config::knob::Setting;
use ringside_core::scenario::Scenario;
use ringside_core::sim::command::Command;
use ringside_core::study::ensemble::Measure;
use ringside_core::study::simulation::Simulation;

/// One kind of adversary, a fifth of all peers, against two sets of rules.
struct Duel {
    conduct: &'static str,
    measure: &'static str,
    /// The rules that it takes advantage of.
    weak: &'static [&'static str],
    /// The rules that answer it.
    strong: &'static [&'static str],
}

/// The mean of a measure over two seeds.
fn mean(duel: &Duel, rules: &[&str]) -> f64 {
    let measure = Measure::by_name(duel.measure).expect("a measure");
    let of = |seed| {
        let mut scenario = Scenario::preset("improved").expect("a preset");
        scenario.seed = seed;
        scenario.rounds = 200;
        let conduct = format!("adversary.conduct={}", duel.conduct);
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

fn results(duel: &Duel) -> (f64, f64) {
    (mean(duel, duel.weak), mean(duel, duel.strong))
}

const SUSPICIOUS: &[&str] = &["peers.suspicion=2"];

fn captured_by(conduct: &'static str) -> Duel {
    Duel { conduct, measure: "captured", weak: &[], strong: SUSPICIOUS }
}

#[test]
fn to_suspect_who_is_contradicted_drives_those_who_invent_out() {
    for conduct in ["forger", "equivocator", "colluder"] {
        let (weak, strong) = results(&captured_by(conduct));
        assert!(weak > 0.15, "{conduct}: {weak}");
        assert!(strong < weak / 3.0, "{conduct}: {weak}, {strong}");
    }
    let (weak, strong) = results(&captured_by("replayer"));
    assert!(strong < weak * 0.75, "replayer: {weak}, {strong}");
    let (weak, strong) = results(&captured_by("eclipser"));
    assert!(weak > 0.25 && strong < weak * 0.85, "an eclipse takes more than its share: {weak}, {strong}");
}

#[test]
fn elections_are_decided_by_agreement_so_that_lone_inventions_do_not_win() {
    let (lone, _) = results(&Duel { measure: "elections_won", ..captured_by("forger") });
    let (concerted, _) = results(&Duel { measure: "elections_won", ..captured_by("colluder") });
    assert!(lone < 0.06 && concerted > 2.0 * lone, "{lone}, {concerted}");
}

#[test]
fn who_blocks_peers_for_second_answers_can_be_made_to_block_honest_ones() {
    let duel = Duel {
        conduct: "framer",
        measure: "completion",
        weak: &["election.duplicates=block-peer"],
        strong: &["election.duplicates=first-counts"],
    };
    let (weak, strong) = results(&duel);
    let honest = mean(&Duel { conduct: "honest", ..duel }, &["election.duplicates=block-peer"]);
    assert!(weak < strong - 0.02 && weak < honest - 0.02, "{weak}, {strong}, honest {honest}");
}

#[test]
fn invitations_are_worth_no_more_than_their_cooldown_and_the_need_for_them() {
    let (weak, strong) = results(&Duel {
        conduct: "flooder",
        measure: "elections_won",
        weak: &["peers.acceptance=by-distance", "peers.invitation_cooldown_rounds=0"],
        strong: &[],
    });
    assert!(strong < weak / 2.0, "{weak}, {strong}");
}

#[test]
fn referrals_that_end_bound_what_a_poisoner_costs() {
    let (weak, strong) = results(&Duel {
        conduct: "poisoner",
        measure: "messages_per_peer_round",
        weak: &["election.referrals=unbounded"],
        strong: &[],
    });
    assert!(strong < weak * 0.85, "{weak}, {strong}");
}

/// To keep an eye on how peers serve, and on how often they invite.
const DEMANDING: &[&str] = &["peers.quality_floor=0.5", "peers.invitation_limit=8"];

#[test]
fn who_wants_no_connection_with_those_that_serve_badly_keeps_them_out() {
    for conduct in ["withholder", "poisoner", "flooder", "eclipser"] {
        let (weak, strong) = results(&Duel { strong: DEMANDING, ..captured_by(conduct) });
        assert!(weak > 0.15 && strong < weak / 3.0, "{conduct}: {weak}, {strong}");
    }
}

#[test]
fn an_eclipse_of_the_worst_hit_peer_is_prevented() {
    let duel = Duel { measure: "captured_max", strong: DEMANDING, ..captured_by("eclipser") };
    let (weak, strong) = results(&duel);
    assert!(weak > 0.35 && strong < 0.1, "{weak}, {strong}");
}

#[test]
fn what_is_lost_condemns_hardly_any_honest_peer() {
    let honest = Duel { measure: "condemned", ..captured_by("honest") };
    for loss in ["network.loss=0.01", "network.loss=0.2", "network.loss=0.4"] {
        let condemned = mean(&honest, &[DEMANDING[0], DEMANDING[1], loss]);
        assert!(condemned < 0.02, "{loss}: {condemned}");
    }
}

#[test]
fn who_was_behind_for_a_while_is_forgiven() {
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
fn without_storage_nobody_is_connected() {
    let (captured, _) = results(&captured_by("free-rider"));
    assert!(captured.abs() < f64::EPSILON, "{captured}");
}

#[test]
fn who_says_everything_twice_harms_nobody_where_the_first_answer_counts() {
    let duel = Duel { conduct: "duplicator", measure: "completion", weak: &[], strong: &[] };
    let honest = mean(&Duel { conduct: "honest", ..duel }, &[]);
    let (with, _) = results(&duel);
    assert!((with - honest).abs() < 0.05, "{with}, {honest}");
}

#[test]
fn an_adversary_may_be_honest_for_a_while() {
    let duel = Duel { measure: "elections_won", ..captured_by("withholder") };
    let (at_once, later) = (mean(&duel, &[]), mean(&duel, &["adversary.from_round=199"]));
    assert!(at_once < later / 2.0, "who withholds wins little: {at_once}, {later}");
}
