//! `ringside presets`, `ringside knobs`, `ringside commands`, and the help.

use ringside_core::config::KNOBS;
use ringside_core::config::preset::PRESETS;
use ringside_core::scenario::command::table::FORMS;

use crate::program::ringside;

#[test]
fn every_preset_is_listed() {
    let text = ringside(&["presets"]).success();
    let list = ringside(&["presets", "--json"]).json();
    assert_eq!(list.as_array().unwrap().len(), PRESETS.len());
    for (preset, entry) in PRESETS.iter().zip(list.as_array().unwrap()) {
        assert!(text.contains(preset.name) && text.contains(preset.summary), "{text}");
        assert_eq!((&entry["name"], &entry["rounds"]), (&preset.name.into(), &preset.rounds.into()));
        assert!(entry["title"].is_string() && entry["summary"].is_string());
    }
}

#[test]
fn every_command_is_listed_with_its_fields() {
    let text = ringside(&["commands"]).success();
    let list = ringside(&["commands", "--json"]).json();
    assert_eq!(list.as_array().unwrap().len(), FORMS.len());
    for (form, entry) in FORMS.iter().zip(list.as_array().unwrap()) {
        assert_eq!(entry["kind"], form.name);
        assert_eq!(entry["fields"].as_array().unwrap().len(), form.fields.len());
        assert!(
            text.contains(&format!("  {}", form.name)) && text.contains(entry["meaning"].as_str().unwrap())
        );
    }
    assert!(text.contains("skew peer=ID rounds=(0 to 1000000) direction=(ahead, behind)"), "{text}");
}

#[test]
fn every_knob_is_listed_with_the_value_of_the_preset() {
    for preset in PRESETS {
        let text = ringside(&["knobs", preset.name]).success();
        let list = ringside(&["knobs", preset.name, "--json"]).json();
        assert_eq!(list.as_array().unwrap().len(), KNOBS.len());
        for (knob, entry) in KNOBS.iter().zip(list.as_array().unwrap()) {
            let value = knob.value(&preset.config);
            assert_eq!(entry["default"], serde_json::to_value(value).unwrap());
            assert_eq!((&entry["path"], &entry["live"]), (&knob.path.into(), &knob.live.into()));
            assert_eq!((&entry["unit"], &entry["meaning"]), (&knob.unit.into(), &knob.meaning.into()));
            assert!(entry["range"]["type"].is_string() && entry["section"].is_string());
            let line = text.lines().find(|line| line.trim().starts_with(&format!("{} ", knob.path))).unwrap();
            assert_eq!(line.split_whitespace().nth(1), Some(value.to_string().as_str()));
            assert!(text.contains(knob.meaning));
        }
    }
    assert_eq!(ringside(&["knobs"]).stdout, ringside(&["knobs", PRESETS[0].name]).stdout);
    assert!(ringside(&["knobs", "sead-000"]).refusal().contains("did you mean \"seed-000\"?"));
}

#[test]
fn the_help_has_examples_and_exit_codes() {
    let summary = "Run an experiment and report its outcome\n";
    assert!(
        ringside(&["run", "--help"]).success().starts_with(summary),
        "no doc comment of a shared argument"
    );
    for arguments in [&["--help"][..], &["run", "--help"], &["link", "--help"], &["verify", "--help"]] {
        let help = ringside(arguments).success();
        assert!(help.contains("Examples:") && help.contains("Exit codes:"), "{help}");
    }
    assert!(ringside(&["--version"]).success().starts_with("ringside "));
}

#[test]
fn the_help_of_every_number_states_its_range_and_its_default() {
    let commands = [
        &["run"][..],
        &["link"],
        &["verify"],
        &["scenario"],
        &["sweep"],
        &["sensitivity"],
        &["compare"],
        &["claims"],
        &["swarm"],
        &["bench", "exchange"],
    ];
    let mut numbers = 0;
    for command in commands {
        let help = ringside(&[command, &["--help"]].concat()).success();
        let is_number = |option: &&str| option.contains(" <N>") || option.contains(" <N | A..B>");
        for option in help.split("\n      --").skip(1).filter(is_number) {
            let option = option.split_whitespace().collect::<Vec<_>>().join(" ");
            let what = format!("{command:?}: --{option}");
            assert!(option.contains("[default: "), "{what}");
            assert!(
                [" to 1", " to 2^64", " to 8000000", "at most "].iter().any(|range| option.contains(range)),
                "{what}"
            );
            numbers += 1;
        }
    }
    assert!(numbers > 20, "{numbers} options");
}
