//! Each property is silent about real runs and red where it is violated.

use super::always::{TableFacts, are_broken, disordered, fits, is_beyond, miscounted_mail, twins};
use super::monitor::spoken;
use super::*;
use crate::base::digest::Fingerprint;
use crate::base::id::{BlockId, Ticket, TokenId};
use crate::base::time::{Round, Tick};
use crate::config::knob::Setting;
use crate::observe::metrics::{Recorder, Transition};
use crate::protocol::event::Cause;
use crate::protocol::event::PeerStateKind as Mind;
use crate::protocol::message::{Mapping, Proof};
use crate::protocol::proof::chunks;
use crate::scenario::Scenario;
use crate::sim::command::Command;
use crate::sim::world::World;
use crate::study::simulation::Simulation;

fn scenario(preset: &str, settings: &[&str]) -> Scenario {
    let mut scenario = Scenario::preset(preset).unwrap();
    scenario.rounds = 120;
    for text in ["genesis.peers=12", "tokens.total=20000"].iter().chain(settings) {
        scenario.with_setting(Setting::parse_text(text).unwrap());
    }
    scenario
}

/// A world of our own protocol after some rounds, with its record.
fn world(rounds: u64) -> (World, Recorder) {
    world_with(&[], rounds)
}

fn world_with(settings: &[&str], rounds: u64) -> (World, Recorder) {
    let scenario = scenario("improved", settings);
    let mut recorder = Recorder::default();
    let mut world = World::new(3, scenario.config, &mut recorder);
    world.run_until(Tick(rounds), &mut recorder);
    (world, recorder)
}

fn facts<'a>(world: &'a World, recorder: &'a Recorder) -> Facts<'a> {
    Facts::of(world, recorder, Limits::of(world), true)
}

/// Violation in a world with falsified facts; without that the property holds.
fn red(id: &str, doctor: impl FnOnce(&mut Facts<'_>)) -> Violation {
    red_at(40, id, doctor)
}

fn red_at(round: u64, id: &str, doctor: impl FnOnce(&mut Facts<'_>)) -> Violation {
    let (world, recorder) = world(round);
    let property = Property::by_id(id).unwrap();
    let mut facts = facts(&world, &recorder);
    assert_eq!(property.check(&facts), Ok(()), "{id}");
    doctor(&mut facts);
    property.check(&facts).unwrap_err()
}

/// Violation after a knob was set, in facts that state that the peers have had their turns since.
fn red_after(id: &str, setting: &str) -> Violation {
    let (mut world, mut recorder) = world_with(&["election.agenda=samples"], 3);
    world.apply(Command::Set(Setting::parse_text(setting).unwrap()), &mut recorder).unwrap();
    Property::by_id(id).unwrap().check(&facts(&world, &recorder)).unwrap_err()
}

#[test]
fn properties_have_names_of_their_own_and_meanings() {
    let mut ids: Vec<&str> = Property::all().map(|property| property.id).collect();
    let kinds: Vec<PropertyKind> = Property::all().map(|property| property.kind).collect();
    assert!(ids.len() >= 30 && kinds.is_sorted());
    let is_slug = |id: &&str| id.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-');
    assert!(ids.iter().all(is_slug));
    assert!(Property::all().all(|property| property.meaning.ends_with('.')));
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), Property::all().count());
    assert!(Property::by_id("nonsense").unwrap_err().remedy.contains("one-island"));
}

#[test]
fn nothing_is_found_in_runs_of_any_preset_with_faults() {
    for (preset, settings) in [
        ("seed-000", &["network.duplication=0.1"][..]),
        ("next", &["network.reordering=0.1"]),
        ("as-claimed", &["peers.suspicion=2", "adversary.share=0.2", "adversary.conduct=colluder"]),
        ("improved", &["churn.sessions=weibull", "churn.arrivals=500", "churn.return_share=0.5"]),
    ] {
        let mut run = Simulation::new(scenario(preset, settings));
        let mut unwatched = run.clone();
        run.monitor(Cadence::Rounds(1));
        for round in 0..60 {
            run.tick(run.world().clock().ticks_per_round);
            let peer = run.world().hosts()[5].id();
            let _ = match round % 7 {
                0 => run.inject(Command::Crash { peer }),
                3 => run.inject(Command::Return { peer }),
                4 => run.inject(Command::Pause { peer }),
                6 => run.inject(Command::Resume { peer }),
                _ => Ok(()),
            };
        }
        assert_eq!(run.violations(), [], "{preset}");
        assert!(
            run.invariants().iter().all(|state| !matches!(state.status, PropertyStatus::Violated { .. }))
        );
        for timed in run.scenario().commands.clone() {
            unwatched.run_until(timed.at);
            unwatched.inject(timed.command).unwrap();
        }
        unwatched.run_until(run.now());
        assert_eq!(unwatched.fingerprint(), run.fingerprint(), "{preset}: watching changes nothing");
    }
}

#[test]
fn messages_that_vanish_are_missed() {
    let found = red("messages-balance", |facts| facts.packets[0].delivered -= 1);
    assert_eq!((found.tick, found.peers.len()), (40, 0));
    assert!(found.text.contains("were sent"));
    red("messages-balance", |facts| facts.packets[0].delivered += 1_000_000);
    red("messages-balance", |facts| facts.in_flight[0] += 1);
    red("elections-balance", |facts| facts.elections.completed += 1_000);
    red_at(3, "in-flight-bounded", |facts| facts.limits.in_flight = 0);
    red_at(3, "no-message-from-the-future", |facts| facts.now = Tick(0));
}

#[test]
fn limits_are_watched() {
    let found = red("connected-budget", |facts| facts.limits.connected = 0);
    assert_eq!(
        (found.peers.len(), found.text.as_str()),
        (PEERS_NAMED, "12 peers: more than 0 Connected ones")
    );
    red("peers-in-order", |facts| facts.limits.peers = 11);
    red_after("identified-capacity", "peers.identified_capacity=1");
    red_after("sample-capacity", "peers.sample_capacity=1");
}

#[test]
fn elections_are_watched() {
    let (world, recorder) = world(3);
    let check = |id: &str, facts: &Facts<'_>| Property::by_id(id).unwrap().check(facts);
    let mut early = facts(&world, &recorder);
    for id in ["elections-bounded", "channels-bounded", "elections-end"] {
        assert_eq!(check(id, &early), Ok(()), "{id}");
    }
    (early.limits.running, early.limits.channels) = (0, 0);
    assert!(check("elections-bounded", &early).is_err() && check("channels-bounded", &early).is_err());
    early.now = Tick(100);
    assert!(check("elections-end", &early).unwrap_err().text.contains("older than 31 rounds"));
    early.undisturbed = false;
    assert_eq!(check("elections-end", &early), Ok(()), "whose turn has not been cannot have ended any");
}

#[test]
fn what_should_be_over_is_watched() {
    red("nothing-overdue", |facts| facts.now = Tick(1_000));
    let check = |id: &str, facts: &Facts<'_>| Property::by_id(id).unwrap().check(facts);
    let (world, recorder) = world(3);
    let mut early = facts(&world, &recorder);
    assert_eq!((check("winners-are-seen", &early), check("returns-in-time", &early)), (Ok(()), Ok(())));
    early.now = Tick(100);
    assert!(check("winners-are-seen", &early).unwrap_err().text.contains("a winner that nobody looks at"));
    let mut scenario = scenario("improved", &["churn.sessions=exponential", "churn.return_share=1"]);
    scenario.config.churn.session_rounds = 10;
    let mut recorder = Recorder::default();
    let mut away = World::new(3, scenario.config, &mut recorder);
    away.run_until(Tick(20), &mut recorder);
    let mut late = facts(&away, &recorder);
    assert_eq!(check("returns-in-time", &late), Ok(()));
    late.now = Tick(10_000);
    assert!(check("returns-in-time", &late).is_err());
}

#[test]
fn answers_and_channels_are_watched() {
    let (me, token, block) = (PeerId::new(1), TokenId::new(99), BlockId::new(5));
    let mapping = |token| Mapping { token, block };
    let signature = chunks(me, token, block).map(|chunk| mapping(TokenId::new(chunk.into())));
    let right = Proof { answer: mapping(token), signature };
    assert!(fits(me, token, &right));
    assert!(!fits(PeerId::new(2), token, &right), "it is bound to its challenger");
    assert!(!fits(me, TokenId::new(98), &right));
    let mut wrong = right;
    wrong.signature[9] = wrong.answer;
    assert!(!fits(me, token, &wrong), "every suffix counts");
    let channels = [(Ticket::new(1), 0), (Ticket::new(2), 3)];
    assert!(!are_broken(&channels, 3) && are_broken(&channels, 2));
    assert!(are_broken(&[channels[0], channels[1], channels[0]], 3));
    let (mut world, mut recorder) = world(3);
    world.run_until(Tick(5), &mut recorder);
    let mut facts = facts(&world, &recorder);
    facts.limits.hops = 0;
    assert!(Property::by_id("channels-differ").unwrap().check(&facts).is_err(), "referrals led to some");
}

#[test]
fn counts_records_and_luck_are_watched() {
    red("connections-counted", |facts| facts.turnover.gained += 1);
    red("connections-counted", |facts| facts.turnover.lost += 1);
    assert!(miscounted_mail(2, 3).is_some() && miscounted_mail(3, 3).is_none());
    let [a, b] = [1, 2].map(PeerId::new);
    assert_eq!((twins(vec![(5, a), (7, b), (5, b)]), twins(vec![(5, a), (7, b)])), (vec![b], vec![]));
    let standing = |peer| if peer == a { Mind::Identified } else { Mind::Unknown };
    assert!(is_beyond([a, b].into_iter(), standing) && !is_beyond([a].into_iter(), standing));
}

#[test]
fn tables_are_watched() {
    let [a, b, c] = [1, 2, 3].map(PeerId::new);
    let table = |ids: &[PeerId], counts| TableFacts {
        owner: b,
        ids: ids.to_vec(),
        states: vec![Mind::Identified, Mind::Connected],
        counts,
    };
    let right = table(&[a, c], [1, 0, 1]);
    assert!(!right.is_miscounted() && !right.knows_owner() && disordered(&right.ids).next().is_none());
    assert!(table(&[a, c], [1, 1, 0]).is_miscounted());
    assert!(table(&[a, b], [1, 0, 1]).knows_owner());
    assert!(disordered(&[a, c, c]).eq([c]) && disordered(&[c, a]).eq([a]));
}

#[test]
fn changes_of_mind_are_watched() {
    let red = |id: &str, from, to, cause| {
        let transitions = [Transition { from, to, cause, count: 2 }];
        let (world, recorder) = world(0);
        let mut facts = facts(&world, &recorder);
        facts.transitions = &transitions;
        Property::by_id(id).unwrap().check(&facts).is_err()
    };
    assert!(red("connections-are-earned", Mind::Identified, Mind::Connected, Cause::Reciprocation));
    assert!(red("connections-are-earned", Mind::Pending, Mind::Connected, Cause::Election));
    assert!(!red("connections-are-earned", Mind::Unknown, Mind::Connected, Cause::Introduction));
    assert!(red("moves-are-legal", Mind::Connected, Mind::Unknown, Cause::Silence));
    assert!(red("moves-are-legal", Mind::Unknown, Mind::Pending, Cause::Election));
    assert!(!red("moves-are-legal", Mind::Connected, Mind::Identified, Cause::Silence));
    assert!(red("invitations-suffice", Mind::Pending, Mind::Connected, Cause::Reciprocation));
}

#[test]
fn who_rests_and_speaks_is_noticed() {
    let (mut world, mut recorder) = world(40);
    let peer = world.hosts()[2].id();
    world.apply(Command::Crash { peer }, &mut recorder).unwrap();
    let mut monitor = Monitor::new(Cadence::Rounds(1));
    monitor.mark(&world);
    monitor.listen(&world);
    assert_eq!(monitor.found(), []);
    let sent = world.host(peer).unwrap().sent;
    let found = spoken(&[(peer, sent + 1)], &world).unwrap();
    assert_eq!((found.property, found.peers), ("who-rests-is-silent", vec![peer]));
    world.apply(Command::Return { peer }, &mut recorder).unwrap();
    world.run_until(Tick(60), &mut recorder);
    monitor.listen(&world);
    assert_eq!(monitor.found(), [], "who runs again may speak");
    world.apply(Command::Crash { peer }, &mut recorder).unwrap();
    monitor.listen(&world);
    monitor.listen(&world);
    assert_eq!(monitor.found().len(), 1, "only the first violation is kept");
}

#[test]
fn a_change_by_looking_is_noticed() {
    red("looking-changes-nothing", |facts| facts.fingerprint = Some(Fingerprint(1)));
    let checks = |times: u64| {
        let (world, recorder) = world(0);
        let mut monitor = Monitor::new(Cadence::Ticks);
        (0..times).for_each(|_| monitor.check_always(&facts(&world, &recorder)));
        monitor.compares_copies()
    };
    assert_eq!([0, 1, 15, 16].map(checks), [true, false, false, true]);
}

#[test]
fn a_watch_looks_once_in_so_many_rounds() {
    let monitor = Monitor::new(Cadence::Rounds(4));
    let due: Vec<u64> = (0..10).filter(|round| monitor.is_due(Some(Round(*round)))).collect();
    assert_eq!(due, [0, 4, 8]);
}

#[test]
fn what_should_come_at_last_is_awaited() {
    let mut run = Simulation::new(scenario("improved", &[]));
    let of_kind = |run: &Simulation, kind| {
        run.invariants().into_iter().filter(move |state| state.kind == kind).collect::<Vec<_>>()
    };
    let holds = |state: &PropertyState| state.status == PropertyStatus::Holds;
    assert!(of_kind(&run, PropertyKind::Sometimes).iter().all(|state| !holds(state)));
    let awaited = |id: &str, run: &Simulation| {
        let state = run.invariants().into_iter().find(|state| state.id == id).unwrap();
        matches!(state.status, PropertyStatus::Awaited { .. })
    };
    assert!(["one-island", "nobody-is-alone", "ring-closed"].iter().all(|id| awaited(id, &run)));
    run.run();
    let late: Vec<_> =
        of_kind(&run, PropertyKind::Eventually).into_iter().filter(|state| !holds(state)).collect();
    assert_eq!(late, []);
    let seen = of_kind(&run, PropertyKind::Sometimes).iter().filter(|state| holds(state)).count();
    assert!(seen >= 6, "{seen}");
    let peer = run.world().hosts()[0].id();
    run.inject(Command::Crash { peer }).unwrap();
    assert!(awaited("no-stale-connections", &run));
}

#[test]
fn a_poor_shape_is_awaited_too() {
    let found = red("connections-mutual", |facts| {
        let mut shape = facts.shape().clone();
        shape.symmetric_share = Some(0.5);
        facts.shape = shape.into();
    });
    assert_eq!(found.text, "only 50 % of the connections are");
    red("few-suspect-a-partition", |facts| {
        let mut shape = facts.shape().clone();
        shape.partition.suspecting_share = Some(0.5);
        facts.shape = shape.into();
    });
}

#[test]
fn a_watch_that_is_told_looks_at_no_other_time() {
    let told = Monitor::new(Cadence::Told);
    assert!(![None, Some(Round(0)), Some(Round(8))].into_iter().any(|round| told.is_due(round)));
    let mut run = Simulation::new(scenario("improved", &[]));
    run.monitor(Cadence::Told);
    run.tick(20);
    assert_eq!(run.checks(), 0);
    assert_eq!((run.inspect(), run.checks()), (run.invariants(), 1));
    run.stop_monitoring();
    assert_eq!((run.inspect(), run.checks()), (run.invariants(), 0));
}

#[test]
fn a_watch_can_see_every_tick() {
    let mut runs = [(); 2].map(|()| Simulation::new(scenario("seed-000", &[])));
    let [seen, unseen] = &mut runs;
    seen.monitor(Cadence::Ticks);
    seen.tick(500);
    unseen.tick(500);
    assert!(seen.checks() > 15, "{} looks in ten rounds of many ticks", seen.checks());
    assert_eq!(seen.fingerprint(), unseen.fingerprint(), "watching changes nothing");
}

#[test]
fn what_is_found_earlier_takes_the_place_of_what_was_found_later() {
    let violated = |tick| {
        let property = Property::by_id("messages-balance").unwrap();
        let found = Violation { property: property.id, tick, peers: Vec::new(), text: "wrong".to_owned() };
        [PropertyState::of(property, Some(found))]
    };
    let mut monitor = Monitor::new(Cadence::Told);
    let first = |monitor: &Monitor| monitor.first("messages-balance").map(|violation| violation.tick);
    for (now, expected) in [(50, 50), (70, 50), (30, 30)] {
        monitor.take_over(Tick(now), &violated(now));
        assert_eq!(first(&monitor), Some(expected));
    }
    monitor.take_over(Tick(20), &violated(10));
    assert_eq!(first(&monitor), Some(30), "what is only repeated is not found now");
    monitor.forget_after(Tick(29));
    assert_eq!((first(&monitor), monitor.checks()), (None, 4));
}
