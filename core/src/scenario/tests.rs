use proptest::prelude::*;

use super::*;
use crate::base::time::Tick;
use crate::sim::command::Command;

fn map(entries: Vec<(&str, Value)>) -> Value {
    Value::Object(entries.into_iter().map(|(key, value)| (key.to_owned(), value)).collect())
}

fn text(text: &str) -> Value {
    Value::String(text.to_owned())
}

fn one(key: &str, value: Value) -> Value {
    map(vec![(key, value)])
}

fn heal(at: i128) -> Value {
    map(vec![("at", Value::Integer(at)), ("kind", text("heal"))])
}

fn set(at: i128, path: &str, value: i128) -> Value {
    let (at, value) = (Value::Integer(at), Value::Integer(value));
    map(vec![("at", at), ("kind", text("set")), ("path", text(path)), ("value", value)])
}

fn problems(input: &Value) -> Vec<String> {
    Scenario::parse(input).unwrap_err().iter().map(ToString::to_string).collect()
}

#[test]
fn nothing_is_required() {
    let empty = Scenario::parse(&map(Vec::new())).unwrap();
    assert_eq!(empty, Scenario::preset("seed-000").unwrap());
    assert_eq!(Scenario::parse(&one("seed", Value::Null)).unwrap(), empty);
    assert!(empty.check().is_empty());
}

#[test]
fn all_problems_come_at_once() {
    let network = map(vec![("los", Value::Float(0.1)), ("delay", Value::Integer(2)), ("delay", Value::Null)]);
    let input = map(vec![
        ("preset", text("lifecycel")),
        ("seeds", Value::Integer(1)),
        ("seed", Value::Integer(-1)),
        ("rounds", Value::Integer(0)),
        (
            "set",
            map(vec![
                ("network", network),
                ("netwrok", map(Vec::new())),
                ("time.ticks_per_round", Value::Null),
            ]),
        ),
        ("commands", Value::Array(vec![heal(0), one("kind", text("heal")), Value::Null])),
    ]);
    assert_eq!(
        problems(&input),
        [
            "seeds: the key \"seeds\" is unknown; did you mean \"seed\"?",
            "preset: there is no preset \"lifecycel\"; did you mean \"lifecycle\"?",
            "seed: expected a whole number from 0 to 18446744073709551615, found -1; write decimal digits",
            "rounds: expected a whole number from 1 to 10000000, found 0; the nearest that works is 1",
            "set.network.delay: is written twice; remove one of the two",
            "set.network.los: there is no knob \"network.los\"; did you mean network.loss?",
            "set.network.delay: expected a number from 0 to 0.99 in steps of a millionth, found 2; write a share \
             from 0 to 0.99: 2 % is 0.02",
            "set.network.delay: expected a number from 0 to 0.99 in steps of a millionth, found nothing; write, for \
             example, 0.3",
            "set.netwrok: there is no section \"netwrok\"; did you mean \"network\"?",
            "commands[1].at: is missing; add \"at\": ...",
            "commands[2]: expected an object, found nothing; write { ... }",
        ]
    );
}

#[test]
fn wrong_shapes_are_named() {
    assert!(problems(&Value::Array(Vec::new()))[0].starts_with("scenario: expected an object"));
    assert!(problems(&one("set", Value::Integer(1)))[0].starts_with("set: expected an object"));
    assert!(problems(&one("commands", map(Vec::new())))[0].starts_with("commands: expected a list"));
    assert!(problems(&one("preset", Value::Integer(1)))[0].starts_with("preset: expected text"));
    let flat = one("set", one("network.loss", Value::Float(0.1)));
    assert!(problems(&flat)[0].ends_with("write { \"network\": { \"loss\": ... } }"));
}

#[test]
fn seeds_are_exact() {
    let seed = |value| Scenario::parse(&one("seed", value)).map(|scenario| scenario.seed);
    assert_eq!(seed(text("18446744073709551615")), Ok(u64::MAX));
    assert_eq!(seed(Value::Integer(u64::MAX.into())), Ok(u64::MAX));
    assert_eq!(seed(Value::Float(7.0)), Ok(7));
    for wrong in ["", "+1", "-1", "1.0", "0x10", "18446744073709551616"] {
        assert!(seed(text(wrong)).is_err(), "{wrong}");
    }
    let lossy = seed(Value::Float(1.0e19)).unwrap_err();
    assert!(lossy[0].remedy.contains("as a string"), "{lossy:?}");
    assert_eq!(seed(Value::Float(0.5)).unwrap_err()[0].remedy, "write decimal digits");
}

#[test]
fn commands_are_sorted_and_stay_in_order_within_a_tick() {
    let list = vec![set(9, "network.loss", 1), heal(3), set(3, "network.loss", 1), set(3, "network.loss", 0)];
    let scenario = Scenario::parse(&one("commands", Value::Array(list))).unwrap();
    let loss =
        |raw| Setting::from_raw(Knob::by_path("network.loss").unwrap(), raw).map(Command::Set).unwrap();
    let expected = [(3, Command::Heal), (3, loss(1_000_000)), (3, loss(0)), (9, loss(1_000_000))];
    assert_eq!(scenario.commands, expected.map(|(at, command)| TimedCommand { at: Tick(at), command }));

    // Enough commands that a sort which is stable for short lists only would fail.
    let list = (0..500).map(|index| set(index % 2, "network.loss", (index / 2) % 2)).collect();
    let scenario = Scenario::parse(&one("commands", Value::Array(list))).unwrap();
    let expected = (0..250).map(|index| loss(index % 2 * 1_000_000));
    assert!(expected.clone().chain(expected).eq(scenario.commands.iter().map(|timed| timed.command)));
}

#[test]
fn contradictions_are_found_before_and_during_the_run() {
    let slow = one("set", one("network", one("latency_min", Value::Integer(5))));
    assert_eq!(
        problems(&slow),
        [
            "set.network.latency_min: 5 is more than network.latency_max, which is 1; lower network.latency_min to 1 or \
          raise network.latency_max to 5"
        ]
    );
    let late = vec![set(9, "network.latency_min", 5), set(7, "network.latency_max", 4)];
    let found = problems(&one("commands", Value::Array(late)));
    assert_eq!(found.len(), 1);
    assert!(found[0].starts_with("commands[0].value: 5 is more than"), "{found:?}");
    let soon = vec![set(9, "network.latency_min", 5), set(7, "network.latency_max", 5)];
    assert!(Scenario::parse(&one("commands", Value::Array(soon))).is_ok());
}

#[test]
fn too_many_commands_are_refused() {
    let with = |count| one("commands", Value::Array(vec![heal(0); count]));
    assert!(Scenario::parse(&with(MAX_COMMANDS)).is_ok());
    assert_eq!(problems(&with(MAX_COMMANDS + 1)), ["commands: there are 10001 commands; keep 10000 at most"]);
}

#[test]
fn a_scenario_built_by_code_is_checked() {
    let mut scenario = Scenario::preset("lifecycle-1").unwrap();
    scenario.rounds = 0;
    scenario.config.genesis.peers = 0;
    scenario.config.network.latency_min = 9;
    let timed = |at, command| TimedCommand { at: Tick(at), command };
    scenario.commands = vec![timed(5, Command::Join { count: 0 }), timed(4, Command::Heal)];
    let found: Vec<_> = scenario.check().into_iter().map(|problem| problem.path).collect();
    let expected =
        ["rounds", "set.genesis.peers", "set.network.latency_min", "commands", "commands[0].count"];
    assert_eq!(found, expected);
}

proptest! {
    #[test]
    fn what_is_described_reads_back(scenario in sample::scenario()) {
        prop_assert!(scenario.check().is_empty());
        prop_assert_eq!(Scenario::parse(&scenario.describe()), Ok(scenario));
    }
}
