//! Scenarios for tests: of a preset with settings, and random ones for property tests.

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;

use super::command::MAX_TICK;
use super::command::table::{FORMS, FieldKind};
use super::rules::check_setting;
use super::{MAX_ROUNDS, Scenario, rules};
use crate::base::time::Tick;
use crate::config::KNOBS;
use crate::config::knob::Setting;
use crate::config::preset::PRESETS;
use crate::sim::command::{Command, TimedCommand};

impl Scenario {
    /// A preset with settings such as `network.loss=0.2`.
    pub(crate) fn with_settings(preset: &str, settings: &[&str]) -> Self {
        let mut scenario = Self::preset(preset).expect("the preset exists");
        for text in settings {
            scenario.with_setting(Setting::parse_text(text).expect("the setting is valid"));
        }
        scenario
    }
}

/// Any value of any knob.
pub(super) fn setting() -> impl Strategy<Value = Setting> {
    (0..KNOBS.len(), any::<u64>()).prop_map(|(index, random)| {
        let (min, max) = KNOBS[index].kind.range();
        Setting::from_raw(&KNOBS[index], min + random % (max - min + 1)).expect("it is in range")
    })
}

/// Any command that is valid at some time.
pub(super) fn command() -> impl Strategy<Value = Command> {
    let is_live = |setting: &Setting| setting.knob().live;
    let formed = (0..FORMS.len(), any::<[u64; 3]>()).prop_map(|(index, random)| {
        let form = &FORMS[index];
        let value = |((_, field), random): (&(&str, FieldKind), u64)| match field {
            FieldKind::Position => random,
            FieldKind::Value(kind) => kind.range().0 + random % (kind.range().1 - kind.range().0 + 1),
        };
        (form.build)(&form.fields.iter().zip(random).map(value).collect::<Vec<u64>>())
    });
    prop_oneof![
        4 => formed.prop_filter("it cuts nothing off", |command| !matches!(command,
            Command::Cut { arc } | Command::CutOneWay { arc } if arc.from == arc.to)),
        1 => setting().prop_filter("it is not live", is_live).prop_map(Command::Set),
    ]
}

fn timed_commands() -> impl Strategy<Value = Vec<TimedCommand>> {
    let tick = prop_oneof![0..=1_000_u64, 0..=MAX_TICK];
    let timed = (tick, command()).prop_map(|(at, command)| TimedCommand { at: Tick(at), command });
    vec(timed, 0..12).prop_map(|mut commands| {
        commands.sort_by_key(|timed| timed.at);
        commands
    })
}

/// Any valid scenario.
pub(super) fn scenario() -> impl Strategy<Value = Scenario> {
    let rounds = option::of(1..=MAX_ROUNDS);
    let seed = prop_oneof![any::<u64>(), 0..1_000_u64];
    (0..PRESETS.len(), seed, rounds, vec(setting(), 0..12), timed_commands()).prop_map(
        |(preset, seed, rounds, settings, commands)| {
            let mut scenario = Scenario::of(&PRESETS[preset]);
            scenario.seed = seed;
            scenario.rounds = rounds.unwrap_or(scenario.rounds);
            for setting in settings {
                let before = scenario.config.clone();
                scenario.with_setting(setting);
                if !rules::contradictions(&scenario.config).is_empty() {
                    scenario.config = before;
                }
            }
            scenario.commands = without_contradictions(&scenario, commands);
            scenario
        },
    )
}

fn without_contradictions(scenario: &Scenario, mut commands: Vec<TimedCommand>) -> Vec<TimedCommand> {
    let mut config = scenario.config.clone();
    commands.retain(|timed| match timed.command {
        Command::Set(setting) if check_setting(&config, setting).is_err() => false,
        Command::Set(setting) => {
            setting.apply(&mut config);
            true
        }
        _ => true,
    });
    commands
}
