//! Arbitrary input is executed, or refused with a path and a remedy and without a change of state.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::TestRunner;
use ringside_core::base::id::PeerId;
use ringside_core::base::problem::Problem;
use ringside_core::config::knob::Kind;
use ringside_core::observe::invariant::{self, PropertyStatus};
use ringside_core::scenario::Scenario;
use ringside_core::scenario::command::parse_command;
use ringside_core::scenario::command::table::{FORMS, FieldKind};
use ringside_core::scenario::raw::Value;
use ringside_core::sim::host::Host;
use ringside_core::study::simulation::Simulation;

/// The content of a field: an existing peer, by index, or any value.
#[derive(Clone, Debug)]
enum Content {
    Peer(usize),
    Value(Value),
}

/// A command, valid or not.
#[derive(Clone, Debug)]
struct Attempt {
    kind: Value,
    fields: Vec<(String, Content)>,
    /// Number of ticks after the command.
    wait: u64,
}

impl Attempt {
    fn to_value(&self, run: &Simulation) -> Value {
        let peer = |index: usize| run.world().hosts().get(index).map_or(PeerId::new(5), Host::id);
        let content = |content: &Content| match content {
            Content::Peer(index) => Value::String(peer(*index).to_string()),
            Content::Value(value) => value.clone(),
        };
        let fields = self.fields.iter().map(|(name, field)| (name.clone(), content(field)));
        Value::Object([("kind".to_owned(), self.kind.clone())].into_iter().chain(fields).collect())
    }
}

fn leaf() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::Bool),
        (-3..40_i128).prop_map(Value::Integer),
        any::<i64>().prop_map(|number| Value::Integer(number.into())),
        any::<f64>().prop_map(Value::Float),
        (0..=1_000_000_u32).prop_map(|millionths| Value::Float(f64::from(millionths) / 1e6)),
        any::<u64>().prop_map(|id| Value::String(format!("{id:016x}"))),
        prop::sample::select(vec![
            "honest",
            "forger",
            "ahead",
            "network.loss",
            "peers.suspicion",
            "genesis.peers"
        ])
        .prop_map(|word| Value::String(word.to_owned())),
        "\\PC{0,8}".prop_map(Value::String),
    ]
}

/// Any tree of values.
fn tree() -> impl Strategy<Value = Value> {
    leaf().prop_recursive(4, 24, 6, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..6).prop_map(Value::Array),
            vec(("[a-z_.]{1,8}", inner), 0..6).prop_map(Value::Object),
        ]
    })
}

/// A value of the right kind, which can still be refused. `draw` is random.
fn plausible(field: FieldKind, draw: u64) -> Content {
    let few = || i128::from(1 + draw % 30);
    let value = match field {
        FieldKind::Position if draw.is_multiple_of(8) => Value::String(format!("{draw:016x}")),
        FieldKind::Position => return Content::Peer(usize::try_from(draw % 14).unwrap_or(0)),
        FieldKind::Value(Kind::Choice { options }) => {
            let index = usize::try_from(draw).unwrap_or(0) % options.len();
            Value::String(options[index].to_owned())
        }
        FieldKind::Value(Kind::Share { .. }) => {
            Value::Float(f64::from(u8::try_from(draw % 11).unwrap_or(0)) / 10.0)
        }
        FieldKind::Value(_) => Value::Integer(few()),
    };
    Content::Value(value)
}

fn any_content() -> impl Strategy<Value = Content> {
    prop_oneof![leaf(), tree()].prop_map(Content::Value)
}

/// Mostly the fields that a form demands, sometimes with one missing, added or replaced.
fn attempt() -> impl Strategy<Value = Attempt> {
    let kind = prop_oneof![9 => Just(None), 1 => tree().prop_map(Some)];
    let odd = prop_oneof![9 => Just(None), 1 => ("[a-z]{1,6}", any_content()).prop_map(Some)];
    let content = prop_oneof![9 => Just(None), 1 => any_content().prop_map(Some)];
    let contents = vec((any::<u64>(), content), 4);
    let missing = prop_oneof![9 => Just(0_usize), 1 => Just(1)];
    (0..FORMS.len(), kind, contents, odd, missing, 0..30_u64).prop_map(
        |(form, kind, contents, odd, missing, wait)| {
            let form = &FORMS[form];
            let fields =
                form.fields.iter().skip(missing).zip(contents).map(|((name, field), (draw, other))| {
                    ((*name).to_owned(), other.unwrap_or_else(|| plausible(*field, draw)))
                });
            let kind = kind.unwrap_or_else(|| Value::String(form.name.to_owned()));
            Attempt { kind, fields: fields.chain(odd).collect(), wait }
        },
    )
}

/// Any values under the keys of a scenario.
fn scenario() -> impl Strategy<Value = Value> {
    let names = vec!["preset", "seed", "rounds", "set", "commands", "expect", "title", "sed"];
    let entry = (prop::sample::select(names), tree());
    prop_oneof![
        3 => vec(entry, 0..6)
            .prop_map(|entries| Value::Object(entries.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())),
        1 => tree(),
    ]
}

fn small(seed: u64) -> Simulation {
    let mut scenario = Scenario::preset("improved").expect("it exists");
    scenario.seed = seed;
    scenario.config.genesis.peers = 12;
    Simulation::new(scenario)
}

fn assert_helpful(problems: &[Problem]) {
    assert!(!problems.is_empty());
    for Problem { path, message, remedy } in problems {
        assert!(!path.is_empty() && !message.is_empty() && !remedy.is_empty(), "{problems:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn an_injected_command_is_executed_or_changes_nothing(seed: u64, attempts in vec(attempt(), 1..16)) {
        let mut run = small(seed);
        for attempt in &attempts {
            let before = run.fingerprint();
            let command = parse_command(&attempt.to_value(&run));
            let outcome = command.and_then(|command| run.inject(command).map_err(|problem| vec![problem]));
            if let Err(problems) = outcome {
                assert_helpful(&problems);
                prop_assert_eq!(run.fingerprint(), before, "{:?}", attempt);
            }
            run.tick(attempt.wait);
        }
        let broken = run.invariants().into_iter().find(|state| {
            state.kind == invariant::PropertyKind::Always && !matches!(state.status, PropertyStatus::Holds)
        });
        prop_assert!(broken.is_none(), "{:?}", broken);
        let mut again = Simulation::open(&run.link().expect("a short run has a link")).expect("the link opens");
        again.run_until(run.now());
        prop_assert_eq!(again.fingerprint(), run.fingerprint());
    }
}

proptest! {
    #[test]
    fn any_value_is_a_valid_scenario_or_is_refused(written in scenario()) {
        match Scenario::parse(&written) {
            Ok(scenario) => prop_assert!(scenario.check().is_empty()),
            Err(problems) => assert_helpful(&problems),
        }
    }
}

#[test]
fn attempts_cover_every_outcome() {
    let mut runner = TestRunner::deterministic();
    let mut outcomes = [0_u32; 3];
    let mut run = small(1);
    for _ in 0..400 {
        let attempt = attempt().new_tree(&mut runner).expect("a strategy").current();
        let outcome = match parse_command(&attempt.to_value(&run)) {
            Err(_) => 0,
            Ok(command) => 1 + usize::from(run.inject(command).is_ok()),
        };
        outcomes[outcome] += 1;
    }
    assert!(outcomes.iter().all(|count| *count > 20), "unreadable, refused, executed: {outcomes:?}");
}
