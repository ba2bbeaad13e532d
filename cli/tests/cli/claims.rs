//! `ringside claims`.

use serde_json::Value;

use crate::program::ringside;

/// The cheapest claim.
const CHEAP: &str = "reach-of-ten";

fn cheap(arguments: &[&str]) -> String {
    ringside(&[&["claims", CHEAP, "--quick", "--seeds", "3"], arguments].concat()).success()
}

#[test]
fn a_claim_is_printed_with_its_verdict_its_value_and_a_reason() {
    let text = cheap(&[]);
    for part in [
        "\u{25d0} only if",
        CHEAP,
        "72.",
        "000, Token Distribution Scaling",
        "; expected 17.5 to 18.5 %.",
        "1 only if",
    ] {
        assert!(text.contains(part), "{part}: {text}");
    }
}

#[test]
fn json_has_every_field() {
    let list: Value = serde_json::from_str(&cheap(&["--json"])).unwrap();
    let finding = &list.as_array().unwrap()[0];
    assert_eq!(
        (&finding["id"], &finding["verdict"], &finding["seeds"]),
        (&CHEAP.into(), &"only-if".into(), &3.into())
    );
    for name in ["claim", "value", "expected", "sentence", "measure", "unit", "link"] {
        assert!(finding[name].as_str().is_some_and(|text| !text.is_empty()), "{name}: {finding}");
    }
    assert_eq!(finding["source"]["seed"], "000");
    let readings = finding["readings"].as_array().unwrap();
    assert_eq!(
        (readings[0]["standing"].as_str(), readings[1]["standing"].as_str()),
        (Some("fails"), Some("holds"))
    );
    assert!(readings[0]["condition"].is_null() && readings[1]["condition"].is_string());
    for name in ["mean", "sd", "low", "high", "min", "median", "max"] {
        assert!(readings[0]["value"][name].is_number(), "{name}");
    }
    let again = ringside(&["run", finding["link"].as_str().unwrap(), "--rounds", "1", "--json"]).json();
    let tokens = again["tokens_per_peer"].as_f64().unwrap() / 100_030.0;
    let (min, max) = (&readings[0]["value"]["min"], &readings[0]["value"]["max"]);
    assert!(
        (min.as_f64().unwrap()..=max.as_f64().unwrap()).contains(&tokens),
        "the link opens one of the runs"
    );
}

#[test]
fn the_number_of_threads_changes_nothing() {
    let with = |jobs| cheap(&["--json", "--jobs", jobs]);
    assert_eq!(with("1"), with("5"));
}

#[test]
fn markdown_names_the_command_that_made_it() {
    let text = cheap(&["--markdown"]);
    assert!(text.contains("`ringside claims --quick --seeds 3 --markdown`"), "{text}");
    assert!(text.contains(&format!("### {CHEAP}")) && text.contains("`#s=1."), "{text}");
}

#[test]
fn names_that_do_not_exist_are_refused_all_at_once() {
    let refused = ringside(&["claims", "reach-of-tenn", "nonsense", CHEAP]);
    assert!(refused.refusal().contains("did you mean reach-of-ten?"));
    assert!(refused.refusal().contains("nonsense"));
    assert_eq!(ringside(&["claims", CHEAP, "--seeds", "1"]).code, 2, "one run has no interval");
}
