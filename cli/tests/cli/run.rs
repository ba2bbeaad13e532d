//! `ringside run`: its reports, and their determinism.

use ringside_core::observe::metrics::COLUMNS;
use ringside_core::scenario::Scenario;
use ringside_core::study::simulation::Simulation;
use serde_json::Value;

use crate::program::{SMALL, command, file, ringside, ringside_with, small};

/// Whether a JSON value has the published shape.
fn is_shaped(value: &Value, shape: &str) -> bool {
    match shape {
        "count" => value.is_u64(),
        "number" => value.is_number(),
        "number?" => value.is_number() || value.is_null(),
        "fingerprint" => value.as_str().is_some_and(|text| text.len() == 16),
        "decimal" => value.as_str().is_some_and(|text| text.parse::<u64>().is_ok()),
        "text" => value.is_string(),
        "list" => value.is_array(),
        "null" => value.is_null(),
        keys => {
            let found = value.as_object().unwrap().keys().map(String::as_str);
            let mut keys: Vec<_> = keys.split(' ').collect();
            keys.sort_unstable();
            found.eq(keys) && value.as_object().unwrap().values().all(Value::is_u64)
        }
    }
}

#[test]
fn settings_that_probably_do_not_work_are_warned_of() {
    let finished =
        ringside(&["run", "lifecycle", "--set=tokens.total=3000", "--set=genesis.peers=8", "--rounds=2"]);
    assert_eq!(finished.code, 0);
    assert!(
        finished.stderr.starts_with("warning: set.tokens.total: a peer holds about 2700 tokens"),
        "{finished:?}"
    );
    assert!(finished.stderr.contains("help: raise tokens.total"), "{finished:?}");
    assert_eq!(small("run", &["--rounds=2"]).stderr, "");
}

#[test]
fn json_has_every_field_in_its_type() {
    let report = small("run", &["--rounds", "4", "--json"]);
    assert_eq!(report.stdout.matches('\n').count(), 1);
    let report = report.json();
    let fields = [
        ("preset", "text"),
        ("seed", "decimal"),
        ("ticks", "count"),
        ("tick", "count"),
        ("rounds", "count"),
        ("fingerprint", "fingerprint"),
        (
            "messages",
            "total query answer invitation referral goodbye duplicated delivered lost undeliverable cut overload collided in_flight",
        ),
        ("answer_share", "number?"),
        ("answers_per_query", "number?"),
        ("elections", "started completed timed_out split_brain split_abandoned open"),
        ("messages_per_completed_election", "number?"),
        ("tokens_per_peer", "number"),
        ("outcomes", "elected loss no_answer too_few_answers disagreement split_brain"),
        ("split_alarms", "count"),
        ("suspicions", "count"),
        ("queries_per_election", "number?"),
        ("messages_per_answer", "number?"),
        ("transitions", "list"),
        ("verdict", "null"),
        ("refused", "list"),
    ];
    for (name, shape) in fields {
        assert!(is_shaped(&report[name], shape), "{name}: {}", report[name]);
    }
    let mut peers = report["peers"].clone();
    let connected = peers.as_object_mut().unwrap().remove("connected").unwrap();
    assert!(is_shaped(&peers, "running crashed paused adversaries identified pending"), "{peers}");
    assert!(connected["min"].is_u64() && connected["avg"].is_number() && connected["max"].is_u64());
    for name in ["election_rounds", "hops"] {
        assert!(report[name]["count"].is_u64() && report[name]["bins"].is_array(), "{}", report[name]);
    }
    for name in ["first_connected", "turnover", "recent", "convergence", "threat", "shape"] {
        assert!(report[name].is_object(), "{name}");
    }
    let details = &report["election_details"];
    assert!(details["consensus_rounds"]["count"].is_u64() && details["rejections"].is_array(), "{details}");
    assert_eq!(report.as_object().unwrap().len(), fields.len() + 1 + 2 + 6 + 1);
    assert_eq!((&report["rounds"], &report["seed"]), (&4.into(), &"1".into()));
}

/// Collects the names of all fields of a value, recursively.
fn names(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::Object(fields) => {
            found.extend(fields.keys().cloned());
            fields.values().for_each(|value| names(value, found));
        }
        Value::Array(values) => values.iter().for_each(|value| names(value, found)),
        _ => {}
    }
}

#[test]
fn every_field_and_every_column_is_documented() {
    let document = include_str!("../../../docs/metrics.md");
    let mut found: Vec<String> = COLUMNS.iter().map(|column| column.name.clone()).collect();
    names(&small("run", &["--rounds", "25", "--json"]).json(), &mut found);
    assert!(found.iter().any(|name| name == "ks_gaussian") && found.iter().any(|name| name == "cause"));
    for name in found {
        // As a whole path, as its last part, or as its first part.
        let forms = [format!("`{name}`"), format!(".{name}`"), format!("`{name}.")];
        let is_documented = forms.iter().any(|form| document.contains(form));
        assert!(is_documented, "docs/metrics.md does not define {name}");
    }
}

#[test]
fn the_same_seed_gives_the_same_run() {
    let fingerprint = |seed| small("run", &["--rounds=6", "--json", "--seed", seed]).field("fingerprint");
    assert_eq!(fingerprint("7"), fingerprint("7"));
    assert_eq!(fingerprint("255"), fingerprint("0xFF"));
    assert_ne!(fingerprint("7"), fingerprint("8"));
}

#[test]
fn the_command_line_runs_what_the_library_runs() {
    let mut scenario = Scenario::preset("lifecycle").unwrap();
    (scenario.seed, scenario.config.tokens.total, scenario.config.genesis.peers) = (3, 5000, 8);
    scenario.rounds = 6;
    let mut simulation = Simulation::new(scenario);
    simulation.run();
    let report = small("run", &["--rounds=6", "--json", "--seed=3"]);
    assert_eq!(report.field("fingerprint"), simulation.fingerprint().to_string());
}

#[test]
fn a_run_has_the_requested_length() {
    let lasts = |arguments: &[&str]| {
        let file =
            r#"{ "rounds": 3, "set": { "time": { "ticks_per_round": 7 }, "tokens": { "total": 50 } } }"#;
        let report = ringside_with(&[&["run", "-", "--json"], arguments].concat(), file).json();
        (report["ticks"].as_u64().unwrap(), report["rounds"].as_u64().unwrap())
    };
    assert_eq!(lasts(&[]), (21, 3));
    assert_eq!(lasts(&["--rounds=5"]), (35, 5));
    assert_eq!(lasts(&["--ticks=10"]), (10, 1));
    assert_eq!(lasts(&["--ticks=0"]), (0, 0));
    assert!(ringside(&["run", "lifecycle", "--ticks=1", "--rounds=1"]).refusal().contains("--rounds"));
}

#[test]
fn the_table_has_every_kind_of_message() {
    let scenario = r#"{
        "preset": "lifecycle", "rounds": 40, "set": { "tokens": { "total": 5000 }, "genesis": { "peers": 8 } }
    }"#;
    let path = file("kinds.json", scenario);
    let arguments = [&path, "--inject=30 leave peer=#1"];
    let report = ringside(&[&["run", "--json"], &arguments[..]].concat()).json();
    let table = ringside(&[&["run"], &arguments[..]].concat()).success();
    let kinds = ["query", "answer", "invitation", "referral", "goodbye"];
    let rows = ["- queries", "- answers", "- invitations", "- referrals", "- goodbyes"];
    for (kind, row) in kinds.into_iter().zip(rows) {
        let line =
            table.lines().find(|line| line.trim().starts_with(row)).unwrap_or_else(|| panic!("{table}"));
        let count = line.trim().trim_start_matches(row).split_whitespace().next().unwrap().replace(',', "");
        assert_eq!(report["messages"][kind].to_string(), count, "{row}");
    }
    let sum: u64 = kinds.iter().map(|kind| report["messages"][kind].as_u64().unwrap()).sum();
    assert_eq!(report["messages"]["total"], sum, "the kinds add up");
    assert!(report["messages"]["goodbye"].as_u64() > Some(0), "{report}");
}

#[test]
fn the_table_has_no_colours_on_a_pipe() {
    let table = small("run", &["--rounds=4", "--seed=9"]).success();
    let fingerprint = small("run", &["--rounds=4", "--seed=9", "--json"]).field("fingerprint");
    for text in ["(improved), seed 9", "Run", "Messages", "Elections", "Peers", "Shape", " %", &fingerprint] {
        assert!(table.contains(text), "{text} is missing:\n{table}");
    }
    assert!(!table.contains('\u{1b}') && !table.contains("Link"), "{table}");
}

#[test]
fn refused_commands_are_warnings_and_part_of_the_report() {
    let scenario = r#"{
        "preset": "lifecycle", "rounds": 3, "set": { "tokens": { "total": 5000 } },
        "commands": [{ "at": 1, "kind": "crash", "peer": "0000000000000001" }]
    }"#;
    let path = file("refused.json", scenario);
    let finished = ringside(&["run", &path, "--json"]);
    assert_eq!((finished.code, finished.json()["refused"][0]["tick"].as_u64()), (0, Some(1)));
    assert!(finished.json()["refused"][0]["remedy"].is_string());
    assert!(
        finished.stderr.starts_with("warning: command refused at tick 1: commands[0].peer: "),
        "{}",
        finished.stderr
    );
    assert!(ringside(&["run", &path]).stdout.contains("1 refused"));
}

#[test]
fn a_closed_pipe_is_no_failure() {
    for arguments in [&["run", "lifecycle", "--rounds=1"][..], &["knobs"], &["--help"]] {
        let mut child = command(arguments).spawn().unwrap();
        drop(child.stdout.take());
        let output = child.wait_with_output().unwrap();
        assert_eq!((output.status.code(), output.stderr.as_slice()), (Some(0), &b""[..]), "{arguments:?}");
    }
}

#[test]
fn the_history_is_written_as_comma_separated_values() {
    let path = file("history.csv", "");
    let report = small("run", &["--rounds", "6", "--json", "--csv", &path]).json();
    let table = std::fs::read_to_string(&path).unwrap();
    let rows: Vec<Vec<&str>> = table.lines().map(|line| line.split(',').collect()).collect();
    assert_eq!(rows.len(), 1 + 7, "the header, the start and six rounds");
    assert!(rows.iter().all(|row| row.len() == rows[0].len()));
    let last = |name: &str| {
        let column = rows[0].iter().position(|column| *column == name).unwrap();
        rows[7][column].parse::<f64>().unwrap()
    };
    for (name, counted) in [
        ("round", &report["rounds"]),
        ("query", &report["messages"]["query"]),
        ("answer", &report["messages"]["answer"]),
        ("started", &report["elections"]["started"]),
        ("connected_avg", &report["peers"]["connected"]["avg"]),
        ("pending", &report["peers"]["pending"]),
    ] {
        assert!((last(name) - counted.as_f64().unwrap()).abs() < 1e-9, "{name}");
    }
}

#[test]
fn an_unwritable_history_is_refused_before_the_run() {
    let refused = small("run", &["--csv", "no/such/folder/history.csv"]);
    assert!(refused.refusal().contains("--csv no/such/folder/history.csv: cannot be written"), "{refused:?}");
}

#[test]
fn threads_change_nothing() {
    let run = |jobs| {
        let arguments =
            ["run", "improved", "--set=genesis.peers=300", "--rounds=12", "--json", "--jobs", jobs];
        ringside(&arguments).success()
    };
    assert_eq!(run("1"), run("3"));
    assert!(ringside(&["run", "improved", "--jobs", "0"]).refusal().contains("--jobs"));
}

#[test]
fn injected_commands_execute_at_their_tick_and_are_part_of_the_link() {
    let file = file(
        "injected.json",
        r#"{ "preset": "lifecycle", "set": { "tokens": { "total": 5000 }, "genesis": { "peers": 8 } },
             "commands": [{ "at": 4, "kind": "cut-halves", "salt": 1 }, { "at": 9, "kind": "heal" }] }"#,
    );
    let injected = ["--inject", "9 heal", "--inject", "4 cut-halves salt=1"];
    let link = |target: &[&str]| ringside(&[&["link", "--rounds", "20"], target].concat()).success();
    assert_eq!(link(&[&SMALL[..], &injected].concat()), link(&[&file]));
    let more = ringside(&["run", &file, "--rounds", "20", "--json", "--inject", "5 crash peer=#0"]).json();
    assert_eq!((&more["peers"]["crashed"], &more["peers"]["running"]), (&1.into(), &7.into()));
    let knob = small("run", &["--rounds", "20", "--json", "--inject", "0 set network.loss=1"]).json();
    assert_eq!(knob["messages"]["lost"], knob["messages"]["total"]);
}

/// A command for the end of a run is carried out, after its last tick; one for any later tick is not.
#[test]
fn a_command_after_the_end_is_told_and_one_at_the_end_is_carried_out() {
    let last = small("run", &["--rounds", "20", "--json", "--inject", "20 crash peer=#3"]);
    assert_eq!((last.json()["peers"]["crashed"].as_u64(), last.stderr.as_str()), (Some(1), ""));
    let late = small("run", &["--rounds", "20", "--inject", "21 crash peer=#3"]);
    let told = "1 command is scheduled after the end of the run, tick 20, and did not execute";
    assert!(late.code == 0 && late.stderr.contains(told), "{late:?}");
    let file = file(
        "late.json",
        r#"{ "preset": "improved", "rounds": 20, "commands": [{ "at": 100, "kind": "heal" }] }"#,
    );
    assert!(ringside(&["run", &file]).stderr.contains(told));
}

#[test]
fn a_command_without_effect_is_told_with_its_tick() {
    let cut = "3 cut from=ffffffffffffffff to=0000000000000000";
    let finished = small("run", &["--rounds", "5", "--inject", cut, "--inject", "4 expire share=0.01"]);
    assert_eq!(finished.code, 0);
    for told in [
        "command without effect at tick 3: commands[0].kind: changes nothing: all 8 peers are on one side",
        "command without effect at tick 4: commands[1].kind: changes nothing: a share of 0.01 of 8 running peers",
    ] {
        assert!(finished.stderr.contains(told), "{finished:?}");
    }
}

#[test]
fn invalid_commands_are_refused_all_at_once_with_remedies() {
    let wrong = [
        ("10 crash peer=#8", "there is no peer #8", "#0 to #7"),
        ("10 crash peer=#x", "there is no peer #x", "#0 to #7"),
        ("10 crash", "peer: is missing", "add"),
        ("10 crush peer=#1", "there is no command \"crush\"", "did you mean \"crash\"?"),
        ("-5 heal", "expected a whole number from 0", "-5"),
        ("soon heal", "expected a whole number from 0", "\"soon\""),
        ("5 cut-regions regions=1", "from 2 to 64", "1"),
        ("5 expire share=1.5", "from 0 to 1", "1.5"),
        ("5 expire 0.5", "has no \"=\"", "count=5"),
        ("5 set network.los=0.1", "there is no knob \"network.los\"", "network.loss"),
        ("5 set genesis.peers=9", "cannot be changed while the world runs", "restart"),
        ("heal", "names no command", "100 crash"),
    ];
    for (text, message, remedy) in wrong {
        let finished = small("run", &["--inject", text]);
        let refusal = finished.refusal();
        assert!(
            refusal.contains("--inject") && refusal.contains(message) && refusal.contains(remedy),
            "{refusal}"
        );
    }
    let all: Vec<&str> = wrong.iter().flat_map(|(text, ..)| ["--inject", text]).collect();
    assert!(small("run", &all).refusal().contains("has 1"), "{:?}", small("run", &all));
}

#[test]
fn scores_of_all_peers_are_written_with_their_parts() {
    let floor = ["--rounds=30", "--set=peers.quality_floor=0.5", "--scores=-"];
    let written = small("run", &floor);
    let mut lines = written.stdout.lines();
    assert_eq!(lines.next(), Some("peer,scored,quality,queries,points,asked_round,invitations"));
    let rows: Vec<Vec<&str>> = lines.map(|line| line.split(',').collect()).collect();
    assert!(rows.len() > 10, "{written:?}");
    assert!(rows.iter().all(|row| row.len() == 7 && row[0] != row[1]), "{written:?}");
    assert!(rows.iter().any(|row| row[3] != "0" && row[2] != "1000"), "{written:?}");
    // Without a rule that reads scores no peer keeps any.
    assert_eq!(small("run", &["--rounds=30", "--scores=-"]).stdout.lines().count(), 1);
    for csv in ["--csv=x.csv", "--csv=./x.csv", "--csv=../cli/x.csv"] {
        let same = small("run", &["--scores=x.csv", csv]);
        assert!(same.code == 2 && same.stderr.contains("destination of --csv"), "{csv}: {same:?}");
    }
}
