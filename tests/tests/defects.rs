//! Every defect of document 002's program is a switch of its own, and a claim, a property or a measure of a
//! run catches it.

use ringside_core::config::KNOBS;
use ringside_core::config::RestartIdentity;
use ringside_core::config::knob::{Kind, Knob, Setting};
use ringside_core::observe::invariant::PropertyStatus;
use ringside_core::scenario::Scenario;
use ringside_core::sim::command::Command;
use ringside_core::study::claims::{Claim, Effort};
use ringside_core::study::ensemble::Measure;
use ringside_core::study::simulation::Simulation;

/// A world in which a defect shows.
struct World {
    preset: &'static str,
    set: &'static [&'static str],
    rounds: u32,
    events: &'static [(u64, Event)],
}

/// What happens to a host, by its index, at a tick.
#[derive(Clone, Copy)]
enum Event {
    Restart(usize),
    Pause(usize),
    Resume(usize),
}

/// What catches a defect.
enum Catch {
    /// A claim that is checked with it.
    Claim(&'static str),
    /// A property that does not hold at the end, and would without it.
    Property(&'static str, World),
    /// A measure that it raises.
    Raises(&'static str, World),
    /// A measure that it lowers.
    Lowers(&'static str, World),
}

use Catch::{Lowers, Property, Raises};

const fn world(preset: &'static str, rounds: u32, set: &'static [&'static str]) -> World {
    World { preset, set, rounds, events: &[] }
}

const fn claim(id: &'static str) -> Catch {
    Catch::Claim(id)
}

const DEAD: &[&str] = &[
    "genesis.peers=2",
    "session.firewalled=1",
    "session.firewall=accepts-none",
    "session.peer_check_ms=30000",
];
const STALE: World = World {
    preset: "sessions",
    set: &["session.tie_break=numeric", "session.phantom_close=on"],
    rounds: 400,
    events: &[(20_000, Event::Restart(5))],
};

/// Defects, and what catches each.
const DEFECTS: &[(&str, Catch)] = &[
    ("session.reply_key=ip-port", claim("sessions-cycle")),
    ("session.registry=ip-port", claim("registry-grows")),
    (
        "session.ping_variant=final",
        Lowers(
            "sessions_closed",
            world(
                "sessions",
                900,
                &[
                    "session.reply_key=ip-port",
                    "session.ping_variant=unified",
                    "session.ping_interval_ms=40000",
                    "session.pong_deadline_ms=170000",
                ],
            ),
        ),
    ),
    ("session.tie_break=none", claim("tie-none")),
    ("session.tie_break=pre-handshake", claim("tie-pre-handshake")),
    ("session.tie_break=post-handshake", claim("tie-post-handshake")),
    ("session.tie_break=string-first-phase", claim("flap-in-one-phase")),
    ("session.passive_wait_ms=0", claim("firewall-no-fallback")),
    ("session.backoff=doubling", claim("dials-doubling")),
    ("session.backoff=adaptive-shipped", claim("dials-adaptive-shipped")),
    (
        "session.writer_overwrite=on",
        Raises(
            "replies_lost",
            world(
                "sessions",
                300,
                &[
                    "session.tie_break=string-first-phase",
                    "session.zombie_heal=off",
                    "session.peer_check_ms=30000",
                ],
            ),
        ),
    ),
    (
        "session.phantom_close=on",
        Raises(
            "sessions_closed",
            world(
                "sessions-shipped",
                600,
                &[
                    "session.tie_break=post-handshake",
                    "session.reply_key=ip",
                    "session.phantom_close=off",
                    "session.dial_spacing_ms=1",
                    "network.latency_far=0",
                ],
            ),
        ),
    ),
    ("session.stale_cleanup=on", Raises("replies_lost", STALE)),
    (
        "session.zombie_heal=off",
        Raises(
            "replies_lost",
            World {
                set: &[
                    "session.tie_break=numeric",
                    "session.phantom_close=on",
                    "session.stale_cleanup=on",
                    "session.ping_variant=final",
                ],
                rounds: 900,
                ..STALE
            },
        ),
    ),
    (
        "session.stale_slots=on",
        Raises(
            "sessions_missing",
            World {
                preset: "sessions",
                set: &["session.firewalled=1", "session.firewall=accepts-none", "session.tie_break=none"],
                rounds: 180,
                events: &[(0, Event::Pause(5)), (60_000, Event::Resume(5))],
            },
        ),
    ),
    ("session.duplicate_redials=on", Raises("dials", world("sessions-shipped", 3_600, DEAD))),
    ("session.backoff_ignored=on", Raises("dials", world("sessions-shipped", 3_600, DEAD))),
    ("session.connect_timeout_ms=0", Lowers("dials", world("sessions-shipped", 3_600, DEAD))),
    ("session.ping_first=on", Property("sessions-agreed", world("sessions", 60, &[]))),
    ("session.only_pings=on", Raises("height_spread", world("sessions", 120, &[]))),
    (
        "session.tick_burst=on",
        Raises(
            "bans",
            World {
                preset: "sessions",
                set: &[
                    "session.bans=seed-era",
                    "session.ping_limit=3",
                    "session.idle_limit_ms=3600000",
                    "session.ping_interval_ms=10000",
                ],
                rounds: 260,
                events: &[(60_000, Event::Pause(5)), (230_000, Event::Resume(5))],
            },
        ),
    ),
    ("session.own_ip=unknown", Property("sessions-agreed", world("sessions", 60, SIMULTANEOUS))),
    ("session.own_ip=unknown-passive", Property("sessions-agreed", world("sessions", 120, &[]))),
    (
        "session.ban_key=ip-port",
        Raises(
            "bans",
            world(
                "sessions",
                300,
                &[
                    "session.flooders=1",
                    "session.oversize=on",
                    "session.bans=final",
                    "session.flood_per_second=1",
                ],
            ),
        ),
    ),
    (
        "session.purge=shipped",
        Property(
            "sessions-agreed",
            world(
                "sessions",
                120,
                &["session.firewall=dials-none", "session.firewalled=1", "session.passive_wait_ms=1000"],
            ),
        ),
    ),
    ("session.raw_strings=on", Raises("registry_ratio", world("sessions", 120, &["session.exchange=whole"]))),
    ("sync.gate=three-masternodes", claim("single-peer-gated")),
    ("sync.genesis=none", claim("genesis-unchecked")),
    ("sync.genesis=strict", claim("genesis-strict")),
    (
        "sync.stuck_flag=on",
        Raises(
            "height_spread",
            World {
                preset: "sessions-claimed",
                set: &[
                    "genesis.peers=2",
                    "sync.behind=1",
                    "network.latency_min=500",
                    "network.latency_max=500",
                    "network.latency_far=0",
                ],
                rounds: 600,
                events: &[(3_500, Event::Restart(1))],
            },
        ),
    ),
    ("sync.tip_cache_s=0", claim("fork-evidence-lost")),
    ("sync.acceptors_ask=off", Raises("height_spread", world("sessions", 120, &[]))),
    (
        "sync.lifo_replies=on",
        Lowers(
            "height_min",
            world(
                "sessions",
                300,
                &["sync.mode=pipelined", "session.slow_readers=5", "session.read_delay_ms=2000"],
            ),
        ),
    ),
    (
        "sync.catch_up_key=ip-port",
        Raises(
            "height_spread",
            world(
                "sessions-claimed",
                300,
                &["sync.acceptors_ask=on", "session.tie_break=numeric", "genesis.peers=2", "sync.behind=1"],
            ),
        ),
    ),
];

const SIMULTANEOUS: &[&str] = &["session.dial_spacing_ms=1", "network.latency_far=0"];

/// Settings that are faults, or rules among which a scenario chooses, and no defects.
const RULES: &[&str] = &[
    "session.unreached",
    "session.address_book",
    "session.scaled_keepalive=on",
    "session.reports=on",
    "session.carrier=radio",
    "session.enabled",
    "session.ping_variant=unified",
    "session.tie_break=string",
    "session.tie_break=numeric",
    "session.tie_break=peer-id",
    "session.backoff=adaptive-intended",
    "session.masternodes",
    "session.bans",
    "session.purge=keep-unmet",
    "session.firewall",
    "session.oversize",
    "session.exchange",
    "session.announcements",
    "session.directory",
    "session.directory_state",
    "sync.enabled",
    "sync.forks",
    "sync.replaced_max",
    "sync.mode",
    "sync.keep",
    "sync.production",
];

/// A run of a world with one more setting, at its end.
fn run(world: &World, more: &[&str]) -> Simulation {
    let mut scenario = Scenario::preset(world.preset).expect("the table names what there is");
    for text in world.set.iter().chain(more) {
        scenario.with_setting(Setting::parse_text(text).expect("the table names what there is"));
    }
    assert_eq!(scenario.check(), [], "{more:?}");
    scenario.rounds = world.rounds;
    let mut run = Simulation::new(scenario);
    let ids: Vec<_> = run.world().hosts().iter().map(ringside_core::sim::host::Host::id).collect();
    for (at, event) in world.events {
        run.tick(at - run.world().now().0);
        run.inject(match *event {
            Event::Restart(index) => Command::Restart { peer: ids[index], identity: RestartIdentity::Keep },
            Event::Pause(index) => Command::Pause { peer: ids[index] },
            Event::Resume(index) => Command::Resume { peer: ids[index] },
        })
        .expect("the table names what there is");
    }
    run.run();
    run
}

/// Values of a measure without and with a defect.
fn values(name: &str, world: &World, defect: &str) -> (f64, f64) {
    let value = |more: &[&str]| {
        Measure::by_name(name).expect("the table names what there is").of(&run(world, more)).unwrap_or(0.0)
    };
    (value(&[]), value(&[defect]))
}

fn holds(id: &str, world: &World, more: &[&str]) -> bool {
    let states = run(world, more).invariants();
    states.iter().find(|state| state.id == id).expect("the table names what there is").status
        == PropertyStatus::Holds
}

#[test]
fn every_defect_is_caught() {
    for (defect, catch) in DEFECTS {
        match catch {
            Catch::Claim(id) => {
                let scenarios = Claim::by_id(id)
                    .expect("the table names what there is")
                    .scenarios(None, Effort::quick())
                    .unwrap();
                let path = Setting::parse_text(defect).expect("the table names what there is").knob().path;
                let knob = Knob::by_path(path).expect("the table names what there is");
                let has_it = |one: &Scenario| knob.setting(&one.config).to_string() == *defect;
                assert!(scenarios.iter().any(has_it), "{id} is not checked with {defect}");
            }
            Property(id, world) => {
                assert!(holds(id, world, &[]), "{id} does not hold without {defect}");
                assert!(!holds(id, world, &[defect]), "{id} holds with {defect}");
            }
            Raises(name, world) => {
                let (without, with) = values(name, world, defect);
                assert!(with > without, "{defect}: {name} is {with}, and {without} without");
            }
            Lowers(name, world) => {
                let (without, with) = values(name, world, defect);
                assert!(with < without, "{defect}: {name} is {with}, and {without} without");
            }
        }
    }
}

#[test]
fn every_switch_and_choice_of_sessions_is_a_rule_of_ours_a_defect_or_named_as_neither() {
    let ours = Scenario::preset("sessions").expect("the table names what there is").config;
    let is_listed = |path: &str, text: &str| {
        let is_it = |listed: &str| listed == path || listed == text;
        RULES.iter().any(|rule| is_it(rule)) || DEFECTS.iter().any(|(defect, _)| is_it(defect))
    };
    for knob in
        KNOBS.iter().filter(|knob| ["session.", "sync."].iter().any(|part| knob.path.starts_with(part)))
    {
        let values: Vec<String> = match knob.kind {
            Kind::Choice { options } => options.iter().map(ToString::to_string).collect(),
            Kind::Switch => ["on", "off"].map(str::to_owned).to_vec(),
            _ => continue,
        };
        let own = knob.setting(&ours).to_string();
        for text in values.iter().map(|value| format!("{}={value}", knob.path)) {
            assert!(
                text == own || is_listed(knob.path, &text),
                "{text} is neither caught nor named as a rule"
            );
        }
    }
}
