//! Rules between knobs: contradictions, knobs that a running world may change, and notices.

use super::command::{self, not_live};
use crate::base::problem::Problem;
use crate::config::knob::{Knob, Setting};
use crate::config::{Config, SearchRule, TimeConfig};
#[cfg(feature = "layers")]
use crate::config::{DirectoryRule, PingVariant, StreamCarrier};
use crate::protocol::token;
use crate::sim::command::{Command, TimedCommand};
use crate::sim::genesis::{ACQUAINTANCES_MAX, acquaintances_expected};
#[cfg(feature = "layers")]
use crate::stack::radio::region::Law;
#[cfg(feature = "layers")]
use crate::stack::session::HTTP_PORT;

/// Tokens in each direction with which one proof in twenty succeeds: two of nine searches then find five
/// suffixes of 1,024 in sequence, and both directions must succeed.
const TOKENS_FEW: u64 = 3_300;

/// Longest tick with which frames on the air keep their lengths, about, in ms.
#[cfg(feature = "layers")]
const TICK_MAX_MS: u32 = 20;

/// Pairs of knobs, the first of which must not exceed the second.
const ORDERED: &[(&str, &str)] = &[
    ("network.latency_min", "network.latency_max"),
    ("election.min_cluster_size", "election.max_channels"),
    ("election.channels", "election.max_channels"),
];

/// Contradictions between the knobs of a configuration.
#[must_use]
pub fn contradictions(config: &Config) -> Vec<Problem> {
    let disordered = ORDERED.iter().filter_map(|(low, high)| contradiction(config, low, high));
    let problems = disordered.chain(crowding(config));
    #[cfg(feature = "layers")]
    let problems = problems.chain(session_contradictions(config)).chain(radio_contradictions(config));
    problems.collect()
}

/// Problems of sessions whose rules exclude one another.
#[cfg(feature = "layers")]
fn session_contradictions(config: &Config) -> Vec<Problem> {
    let (session, sync) = (&config.session, &config.sync);
    let (deadline, interval) = (session.pong_deadline_ms, session.ping_interval_ms);
    let never_judged =
        session.enabled && session.ping_variant == PingVariant::SeedEra && deadline >= interval;
    let deadline = never_judged.then(|| {
        Problem::new(
            "set.session.pong_deadline_ms",
            format!(
                "{deadline} is not less than session.ping_interval_ms, which is {interval}: the next ping replaces one \
                 that is not late yet, and no pong is ever missed"
            ),
            format!("lower session.pong_deadline_ms below {interval}, or raise session.ping_interval_ms above {deadline}"),
        )
    });
    let alone = (sync.enabled && !session.enabled).then(|| {
        Problem::new(
            "set.sync.enabled",
            "blocks are synchronized over sessions, and hosts hold none",
            "set session.enabled=on too, or start from the preset sessions",
        )
    });
    let shifted = (session.enabled && config.time.tick_ms > session.ping_interval_ms).then(|| {
        Problem::new(
            "set.time.tick_ms",
            format!("a tick of {} ms is longer than session.ping_interval_ms", config.time.tick_ms),
            "choose a shorter tick, or longer intervals",
        )
    });
    let (idle, interval) = (session.idle_limit_ms, session.ping_interval_ms);
    let impatient = (session.enabled && idle <= interval).then(|| {
        Problem::new(
            "set.session.idle_limit_ms",
            format!("{idle} is not more than session.ping_interval_ms, which is {interval}: every session is given up before its second ping"),
            format!("raise session.idle_limit_ms above {interval}, or lower session.ping_interval_ms below {idle}"),
        )
    });
    let is_taken = session.directory == DirectoryRule::Fetched && session.port == u32::from(HTTP_PORT);
    let taken = (session.enabled && is_taken).then(|| {
        Problem::new(
            "set.session.port",
            format!("{HTTP_PORT} is the port of the directory server, from which hosts fetch their list"),
            "choose another port, or set session.directory=built-in",
        )
    });
    [deadline, alone, shifted, impatient, taken].into_iter().flatten().collect()
}

/// Problems of radios whose rules exclude one another.
#[cfg(feature = "layers")]
fn radio_contradictions(config: &Config) -> Vec<Problem> {
    let radio = &config.radio;
    if !radio.enabled {
        return Vec::new();
    }
    let law = Law::of(radio.region);
    let first = radio.frequency_khz.map(|khz| khz.get().saturating_mul(1_000));
    let outside = (0..radio.channels).find(|channel| law.sub_band(law.channel(first, *channel)).is_none());
    let outside = outside.map(|channel| {
        Problem::new(
            "set.radio.frequency_khz",
            format!(
                "channel {channel} at {} kHz lies outside of the band",
                law.channel(first, channel) / 1_000
            ),
            format!("the band of the region is {} to {} kHz", law.band.0 / 1_000, law.band.1 / 1_000),
        )
    });
    let unlisted = config.session.carrier == StreamCarrier::Link
        && (config.session.listed_peers > radio.gateways || config.session.links.is_some());
    let both = (config.session.enabled && unlisted).then(|| {
        Problem::new(
            "set.session.listed_peers",
            "hosts without internet are on the published list: of hosts with radios, the gateways hold sessions",
            format!("set session.listed_peers={} and session.links=0, or session.carrier=radio", radio.gateways),
        )
    });
    let coarse = (config.time.tick_ms > TICK_MAX_MS).then(|| {
        Problem::new(
            "set.time.tick_ms",
            format!("a tick of {} ms is longer than most frames", config.time.tick_ms),
            format!("choose at most {TICK_MAX_MS} ms"),
        )
    });
    let shared = config.network.airtime.map(|_| {
        Problem::new(
            "set.network.airtime",
            "radios have airtimes of their own",
            "set network.airtime=0, or radio.enabled=off",
        )
    });
    outside.into_iter().chain(both).chain(coarse).chain(shared).collect()
}

/// Problem of an initial graph with more contacts than fit into memory.
fn crowding(config: &Config) -> Option<Problem> {
    let count = acquaintances_expected(config);
    (count > ACQUAINTANCES_MAX).then(|| {
        let peers = config.genesis.peers;
        Problem::new(
            "set.genesis.peers",
            format!("{peers} peers would know {count} others in all at the start, and {ACQUAINTANCES_MAX} is the most"),
            "choose fewer peers, or another genesis.topology, or fewer genesis.neighbors",
        )
    })
}

fn contradiction(config: &Config, low: &'static str, high: &'static str) -> Option<Problem> {
    let raw = |path| Knob::by_path(path).map(|knob| knob.setting(config).raw());
    let (below, above) = (raw(low)?, raw(high)?);
    (below > above).then(|| {
        Problem::new(
            format!("set.{low}"),
            format!("{below} is more than {high}, which is {above}"),
            format!("lower {low} to {above} or raise {high} to {below}"),
        )
    })
}

/// Notices about a valid configuration that is probably not intended.
#[must_use]
pub(crate) fn notices(config: &Config) -> Vec<Problem> {
    let few_tokens = few_tokens(config).filter(|_| config.stack.lifecycle);
    few_tokens.into_iter().chain(unequal_lengths(config)).chain(ineffective(config)).collect()
}

/// Knobs that have an effect only with one of these settings.
const EFFECTIVE_WITH: &[(&str, &[&str])] = &[
    ("election.max_hops", &["election.referrals=bounded"]),
    ("election.idle_interval_rounds", &["election.adaptive_rate=on", "election.health_rate=on"]),
    ("election.reelection_share", &["election.reelection=least-verified", "election.agenda=samples"]),
    ("peers.prune_protection_rounds", &["peers.distance_pruning=on"]),
    ("peers.mute_examinations", &["peers.invitations=reciprocal", "peers.invitations=only-examining"]),
    ("network.latency_far", &["network.far_links=distance", "network.far_links=regions"]),
];

/// Notices of knobs that are set and have no effect, because of another one.
fn ineffective(config: &Config) -> impl Iterator<Item = Problem> {
    let text = |path: &str, config: &Config| Knob::by_path(path).map(|knob| knob.setting(config).to_string());
    EFFECTIVE_WITH.iter().filter_map(move |(path, needed)| {
        let is_set = text(path, config) != text(path, &Config::DEFAULT);
        let holds = |setting: &&str| {
            let path = setting.split_once('=').map_or("", |(path, _)| path);
            text(path, config).as_deref() == Some(*setting)
        };
        (is_set && !needed.iter().any(holds)).then(|| {
            let message = format!("has no effect without {}", needed.join(" or "));
            Problem::new(format!("set.{path}"), message, format!("set {}", needed[0]))
        })
    })
}

/// Notice that a peer holds too few tokens for most proofs to succeed.
fn few_tokens(config: &Config) -> Option<Problem> {
    let tokens = tokens_each_way(config);
    (tokens < TOKENS_FEW).then(|| {
        let message = format!(
            "a peer holds about {tokens} tokens on each side of its id, and with fewer than {TOKENS_FEW} not one proof \
             of twenty succeeds: hardly any election will have a winner"
        );
        let remedy =
            "raise tokens.total, or have views span more of it by tokens.view_min or tokens.neighbor_overlap";
        Problem::new("set.tokens.total", message, remedy)
    })
}

/// Notice that the length of a round is not that of its ticks, so that reports count two kinds of seconds.
fn unequal_lengths(config: &Config) -> Option<Problem> {
    let TimeConfig { ticks_per_round, round_ms, tick_ms } = config.time;
    let ticks_ms = u64::from(ticks_per_round) * u64::from(tick_ms);
    (ticks_ms != u64::from(round_ms)).then(|| {
        let ticks = if ticks_per_round == 1 { "tick" } else { "ticks" };
        let message = format!(
            "a round of {ticks_per_round} {ticks} of {tick_ms} ms lasts {ticks_ms} ms, and time.round_ms is {round_ms}"
        );
        let remedy = if round_ms.is_multiple_of(ticks_per_round) {
            format!("set time.tick_ms={}", round_ms / ticks_per_round)
        } else if fits("time.round_ms", ticks_ms) {
            format!("set time.round_ms={ticks_ms}")
        } else {
            "choose a multiple of time.ticks_per_round for time.round_ms, and time.tick_ms accordingly".to_owned()
        };
        Problem::new("set.time.tick_ms", message, remedy)
    })
}

/// Whether the knob with a path takes a raw value.
fn fits(path: &str, raw: u64) -> bool {
    Knob::by_path(path).is_some_and(|knob| Setting::from_raw(knob, raw).is_some())
}

/// Mean number of tokens that a search for a proof may meet in one direction.
fn tokens_each_way(config: &Config) -> u64 {
    let tokens = &config.tokens;
    let reach = token::reach(tokens, config.genesis.peers);
    let held = tokens.coverage.of(u64::from(tokens.total));
    // A search that wraps around the origin meets the whole ring in either direction.
    if tokens.search == SearchRule::RingWrap && reach >= u64::MAX / 2 {
        return held;
    }
    let met = (u128::from(held) * u128::from(reach)) >> 64;
    debug_assert!(met <= u128::from(held), "a share of the tokens");
    u64::try_from(met).unwrap_or(held)
}

/// Checks a setting for a running world with a configuration.
///
/// # Errors
///
/// If the knob is not live, or would contradict another one.
pub(crate) fn check_setting(config: &Config, setting: Setting) -> Result<(), Problem> {
    let path = setting.knob().path;
    if !setting.knob().live {
        return Err(not_live(setting, path));
    }
    let mut changed = config.clone();
    setting.apply(&mut changed);
    let found = contradictions(&changed).into_iter().next();
    found.map_or(Ok(()), |problem| Err(problem.at(path)))
}

/// Checks a command for a running world with a configuration.
///
/// Whether the peer that it names exists is for the world to check.
///
/// # Errors
///
/// If a value is out of range, an arc is empty, or a knob may not have the value.
pub(crate) fn check_command(config: &Config, timed: TimedCommand) -> Result<(), Problem> {
    match timed.command {
        Command::Set(setting) => check_setting(config, setting),
        _ => command::check(&timed, "").map_or(Ok(()), |problem| {
            let path = problem.path.trim_start_matches('.').to_owned();
            Err(problem.at(path))
        }),
    }
}

/// Problems of commands that run in order on a world with an initial configuration, each with the index of
/// its command.
#[must_use]
pub(crate) fn check_commands(config: &Config, commands: &[TimedCommand]) -> Vec<(usize, Problem)> {
    let mut config = config.clone();
    let mut problems = Vec::new();
    for (index, timed) in commands.iter().enumerate() {
        let Command::Set(setting) = timed.command else { continue };
        match check_setting(&config, setting) {
            Ok(()) => setting.apply(&mut config),
            Err(problem) => problems.push((index, problem)),
        }
    }
    problems
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::preset::{PRESETS, RETIRED};
    use crate::scenario::Scenario;

    #[test]
    fn knobs_without_an_effect_are_noticed() {
        let told = |preset: &str, settings: &[&str]| {
            let notices = notices(&Scenario::with_settings(preset, settings).config);
            notices.into_iter().map(|notice| notice.to_string()).collect::<Vec<_>>()
        };
        let [notice] = &told("improved", &["election.reelection_share=0.5"])[..] else {
            panic!("one notice")
        };
        assert!(
            notice.contains("without election.reelection=least-verified or election.agenda=samples"),
            "{notice}"
        );
        let verifying = ["election.reelection_share=0.5", "election.reelection=least-verified"];
        assert_eq!(told("improved", &verifying), [""; 0]);
        assert_eq!(told("as-claimed", &["election.reelection_share=0.5"]), [""; 0]);
        assert_eq!(told("seed-000", &["election.max_hops=9"]).len(), 1);
        for (path, needed) in EFFECTIVE_WITH {
            assert!(Knob::by_path(path).is_some(), "{path}");
            assert!(needed.iter().all(|setting| Setting::parse_text(setting).is_ok()), "{needed:?}");
        }
    }

    #[test]
    fn configurations_in_which_hardly_any_proof_succeeds_are_noticed() {
        let told = |preset: &str, settings: &[&str]| {
            let scenario = Scenario::with_settings(preset, settings);
            assert_eq!(scenario.check(), []);
            notices(&scenario.config)
        };
        for preset in PRESETS.iter().chain(RETIRED) {
            assert_eq!(told(preset.name, &[]), [], "{}", preset.name);
        }
        let [notice] = &told("improved", &["tokens.total=3000"])[..] else { panic!("one notice") };
        assert!(
            notice.path == "set.tokens.total" && notice.message.contains("about 2700 tokens"),
            "{notice}"
        );
        assert_eq!(told("improved", &["tokens.total=5000"]), []);
        let few = told("seed-000", &["tokens.total=20000"]);
        assert!(
            few[0].message.contains("about 1799 tokens") || few[0].message.contains("about 1800 tokens"),
            "{few:?}"
        );
        let lengths = |settings: &[&str]| {
            told("seed-000", settings).into_iter().map(|notice| notice.remedy).collect::<Vec<_>>()
        };
        assert_eq!(lengths(&["time.round_ms=1000", "time.tick_ms=20"]), [""; 0]);
        assert_eq!(lengths(&["time.round_ms=1000"]), ["set time.tick_ms=20"]);
        assert_eq!(lengths(&["time.round_ms=99"]), ["set time.round_ms=100"]);
        assert_eq!(lengths(&["time.round_ms=7", "time.tick_ms=3600000"]).len(), 1);

        let crowd = ["genesis.peers=2000", "tokens.view_min=0"];
        assert_eq!(told("improved", &crowd).len(), 1, "among many each holds little");
    }

    #[test]
    fn sessions_with_contradictory_times_are_refused() {
        let problems = |settings: &[&str]| {
            let scenario = Scenario::with_settings("sessions", settings);
            contradictions(&scenario.config).into_iter().map(|problem| problem.path).collect::<Vec<_>>()
        };
        assert_eq!(problems(&[]), [""; 0]);
        for (setting, path) in [
            ("session.pong_deadline_ms=30000", "set.session.pong_deadline_ms"),
            ("session.ping_interval_ms=5000", "set.session.pong_deadline_ms"),
            ("time.tick_ms=60000", "set.time.tick_ms"),
            ("session.idle_limit_ms=30000", "set.session.idle_limit_ms"),
        ] {
            assert_eq!(problems(&[setting]), [path], "{setting}");
        }
        assert_eq!(problems(&["sync.enabled=on", "session.enabled=off"]), ["set.sync.enabled"]);
        assert_eq!(problems(&["session.port=80"]), [""; 0]);
        assert_eq!(problems(&["session.port=80", "session.directory=fetched"]), ["set.session.port"]);
        assert_eq!(problems(&["session.pong_deadline_ms=90000", "session.ping_variant=unified"]), [""; 0]);
        for setting in ["session.port=0", "session.tie_break=coin", "session.ping_interval_ms=-1"] {
            let problem = Setting::parse_text(setting).unwrap_err();
            assert!(!problem.remedy.is_empty(), "{problem}");
        }
    }

    #[test]
    fn a_world_that_exceeds_memory_is_refused() {
        let crowded = |settings: &[&str]| {
            let scenario = Scenario::with_settings("seed-000", settings);
            contradictions(&scenario.config)
        };
        assert_eq!(crowded(&["genesis.peers=2000"]), []);
        assert_eq!(crowded(&["genesis.peers=100000", "genesis.topology=ring"]), []);
        for settings in [
            &["genesis.peers=100000", "tokens.neighbor_overlap=1000"][..],
            &["genesis.peers=5000", "genesis.topology=fully-known"],
            &["genesis.peers=100000", "genesis.topology=ring", "genesis.neighbors=1000"],
        ] {
            let problems = crowded(settings);
            assert_eq!(problems.len(), 1, "{settings:?}");
            assert_eq!(problems[0].path, "set.genesis.peers");
        }
    }
}
