use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;

use super::*;
use crate::base::id::PeerId;
use crate::base::ring::Arc;
use crate::config::knob::{Knob, Setting};
use crate::scenario::{MAX_COMMANDS, sample};
use crate::sim::command::{Command, TimedCommand};

fn setting(path: &str, raw: u64) -> Setting {
    Setting::from_raw(Knob::by_path(path).unwrap(), raw).unwrap()
}

fn plain(preset: &str) -> Link {
    Link { scenario: Scenario::preset(preset).unwrap(), claim: None }
}

/// A scenario with five commands of different kinds, and an outcome.
fn rich() -> Link {
    let mut link = plain("seed-000-1");
    link.scenario.seed = 42;
    link.scenario.rounds = 500;
    link.scenario.with_setting(setting("network.loss", 50_000));
    let peer = PeerId::new(0x00ff_00ff_00ff_00ff);
    let cut = Command::Cut { arc: Arc { from: 1 << 62, to: 3 << 62 } };
    let set = Command::Set(setting("network.loss", 0));
    let commands = [Command::Join { count: 10 }, Command::Crash { peer }, cut, Command::Heal, set];
    let timed = |(index, command): (u64, Command)| TimedCommand { at: Tick(1_000 * index + 1_000), command };
    link.scenario.commands = (0..).zip(commands).map(timed).collect();
    link.claim = Some(RecordedOutcome {
        tick: Tick(10_000),
        fingerprint: Fingerprint(0x0123_4567_89ab_cdef),
        ladder: vec![Checkpoint { round: 0, trace: 7 }, Checkpoint { round: 100, trace: u32::MAX }],
    });
    link
}

/// A payload with any content and the right checksum.
fn forged(body: &[u8]) -> String {
    text_of(&[body, &checksum(body)].concat())
}

fn text_of(bytes: &[u8]) -> String {
    format!("1.{}", Base64UrlUnpadded::encode_string(bytes))
}

fn refusal(text: &str) -> String {
    let problem = decode(text).unwrap_err();
    assert_eq!(problem.path, "link");
    assert!(!problem.remedy.is_empty());
    problem.message
}

const RICH: &str = "1.AQEq9AMBYNCGAwXoBwEK6AcDAP8A_wD_AP_oBwVAAAAAAAAAAMAAAAAAAAAA6AcG6AcHYAABkE4BI0VniavN7wIAAAAAB2T_\
                    ____fjb3ww";

/// Links of version 1, whose content never changes.
#[test]
fn golden_links_open() {
    let golden = [
        ("1.AQEBAAAAANa_NRQ", plain("seed-000-1")),
        ("1.AQIBAAAAAM9-1LM", plain("lifecycle-1")),
        (RICH, rich()),
    ];
    for (payload, link) in golden {
        assert_eq!(encode(&link).as_deref(), Ok(payload));
        assert_eq!(decode(payload), Ok(link));
    }
}

#[test]
fn links_are_short() {
    assert!(encode(&plain("seed-000")).unwrap().len() < 20);
    let mut five = rich();
    five.claim = None;
    assert!(encode(&five).unwrap().len() < 100);
}

#[test]
fn a_link_is_found_in_an_address() {
    let payload = encode(&rich()).unwrap();
    for text in [
        format!("https://example.org/ringside/?embed=1#s={payload}&t=742&panel=ring"),
        format!("#t=742&s={payload}"),
        format!("#s={payload}"),
        format!("s={payload}"),
        format!("\n {payload} \t"),
        format!("{payload}&t=742"),
    ] {
        assert_eq!(decode(&text), Ok(rich()), "{text}");
    }
}

#[test]
fn a_link_is_found_in_mail_chat_and_prose() {
    let payload = encode(&rich()).unwrap();
    let encoded = payload.replace('.', "%2E");
    let (start, end) = payload.split_at(40);
    for text in [
        format!("#s%3D{payload}"),
        format!("https://example.org/ringside/#s%3d{encoded}"),
        format!("https://example.org/ringside/%23s%3D{encoded}%26t%3D7"),
        encoded,
        format!("(https://example.org/#s={payload})."),
        format!("<https://example.org/#s={payload}>"),
        format!("\u{201c}#s={payload}\u{201d},"),
        format!("\"{payload}\""),
        format!("'{payload}'!"),
        format!(" \r\n\u{a0}{start}\r\n{end}\u{200b} \n"),
    ] {
        assert_eq!(decode(&text), Ok(rich()), "{text}");
    }
    let two = format!("#s%3D{payload}%26s%3D{payload}");
    assert!(refusal(&two).contains("holds two runs"));
}

/// Links that older versions made end in any character, and are the same links.
#[test]
fn a_link_ends_in_a_letter_or_digit() {
    let mut marked = 0;
    for seed in 0..400 {
        let mut link = plain("improved");
        link.scenario.seed = seed;
        let payload = encode(&link).unwrap();
        assert!(payload.ends_with(|last: char| last.is_ascii_alphanumeric()), "{payload}");
        assert_eq!(decode(&payload), Ok(link.clone()));
        assert_eq!(decode(&format!("#s={payload}&t=7")), Ok(link.clone()));
        if let Some(former) = payload.strip_suffix(END) {
            marked += 1;
            assert!(former.ends_with(['-', '_']), "{payload}");
            assert_eq!(decode(former), Ok(link));
        }
    }
    assert!(marked > 0, "one link in 32 ends in - or _");
}

#[test]
fn text_that_is_no_link_is_refused_with_the_reason() {
    let payload = encode(&rich()).unwrap();
    for (text, reason) in [
        ("", "is empty"),
        (" ", "is empty"),
        ("#s=", "is empty"),
        ("https://example.org/", "is not a link of Ringside"),
        ("https://example.org/#panel=ring", "is not a link of Ringside"),
        ("hello", "is not a link of Ringside"),
        ("0.AQEAAAAAAA", "is not a link of Ringside"),
        (".AQEAAAAAAA", "is not a link of Ringside"),
        ("2.AQEAAAAAAA", "made by a newer version"),
        ("17.%", "made by a newer version"),
        ("1.", "is cut off"),
        ("1.A", "is cut off"),
        ("1.AQE AAAA", "has \" \" as character 6"),
        ("1.AQ\u{e9}AAA", "has \"\u{e9}\" as character 5"),
        ("1.AQEAAAAAAA==", "as character 13"),
        ("1.AQEBAAAAAEkkbMQ", "was damaged"),
        (&format!("#s={payload}&s={payload}"), "holds two runs"),
        (&format!("1.{}", "A".repeat(MAX_LENGTH)), "is longer than 64000 characters"),
    ] {
        assert!(refusal(text).contains(reason), "{text}: {}", refusal(text));
    }
}

#[test]
fn every_cut_is_noticed_as_one() {
    let payload = encode(&rich()).unwrap();
    for length in 2..payload.len() {
        let reason = refusal(&payload[..length]);
        assert!(reason.contains("is cut off"), "{length}: {reason}");
    }
    // The last of fifteen characters has two excess bits.
    assert!(refusal("1.AQEAAAAAAEkkbMR").contains("was damaged"));
}

/// A link has one spelling: the excess bits of its last character are zero.
#[test]
fn another_spelling_of_a_link_is_refused() {
    assert!(decode("1.AQEBAAAAANa_NRQ").is_ok());
    for last in ["R", "S", "T"] {
        assert!(refusal(&format!("1.AQEBAAAAANa_NR{last}")).contains("was damaged"), "{last}");
    }
}

#[test]
fn every_flipped_bit_is_noticed() {
    let payload = encode(&rich()).unwrap();
    for (index, bit) in (0..payload.len()).flat_map(|index| (0..7).map(move |bit| (index, bit))) {
        let mut bytes = payload.clone().into_bytes();
        bytes[index] ^= 1 << bit;
        let text = String::from_utf8(bytes).unwrap();
        assert!(decode(&text).is_err(), "{text}");
    }
}

#[test]
fn a_missing_or_additional_character_is_noticed() {
    let payload = encode(&rich()).unwrap();
    for index in 2..payload.len() {
        let mut less = payload.clone();
        less.remove(index);
        assert!(decode(&less).is_err(), "{less}");
        let mut more = payload.clone();
        more.insert(index, 'A');
        assert!(decode(&more).is_err(), "{more}");
    }
}

#[test]
fn each_scenario_has_one_link() {
    let loss = [96, 0x90, 0x4e];
    for (body, reason) in [
        (vec![1, 1, 0x80, 0, 0, 0, 0, 0], "longer than needed"),
        (vec![1, 1, 0, 0xc8, 1, 0, 0, 0], "written shorter"),
        ([vec![1, 1, 0, 0, 1], loss.to_vec(), vec![0, 0]].concat(), "written shorter"),
        (vec![1, 1, 0, 0, 2, 75, 1, 8, 29, 0, 0], "another order"),
        (vec![1, 1, 0, 0, 2, 75, 1, 75, 1, 0, 0], "written shorter"),
        (vec![1, 1, 0, 0, 0, 0, 0, 0], "more in it than a scenario"),
        (vec![1, 1, 0, 0, 0, 0, 2], "unknown way"),
        (vec![1, 1, 0, 0, 0, 0], "ends too early"),
    ] {
        let found = refusal(&forged(&body));
        assert!(found.contains(reason), "{body:?}: {found}");
    }
}

#[test]
fn values_out_of_range_are_refused() {
    for (body, reason) in [
        (vec![1, 1, 0, 0, 1, 8, 0, 0, 0], "knob is out of range"),
        (vec![1, 1, 0, 0x81, 0xad, 0xe2, 4, 0, 0, 0], "rounds: is out of range"),
        (vec![1, 1, 0, 0, 0, 1, 0, 1, 0, 0], "commands[0].count: 0 is out of range"),
        (vec![1, 1, 0, 0, 0, 1, 0, 7, 8, 30, 0], "cannot be changed while the world runs"),
        (vec![1, 1, 0, 0, 1, 98, 2, 0, 0], "is more than network.latency_max"),
        (vec![1, 1, 0, 0, 0, 0x91, 0x4e, 0], "too many commands"),
        ([vec![1, 1, 0, 0, 0, 0, 1, 1], vec![0; 8], vec![9]].concat(), "too many checkpoints"),
        ([vec![1, 1, 0, 0, 0, 1, 0, 5], vec![3; 16], vec![0]].concat(), "the same as \"from\""),
        ([vec![1, 1, 0, 0, 0, 0, 1, 1], vec![0; 8], vec![2], vec![0; 10]].concat(), "another order"),
    ] {
        let found = refusal(&forged(&body));
        assert!(found.contains(reason), "{body:?}: {found}");
    }
}

#[test]
fn content_of_a_newer_version_is_named_as_such() {
    for body in [
        vec![2, 1, 0, 0, 0, 0, 0],
        vec![1, 99, 0, 0, 0, 0, 0],
        vec![1, 1, 0, 0, 1, 127, 0, 0, 0],
        vec![1, 1, 0, 0, 0, 1, 0, 99, 0],
        vec![1, 1, 0, 0, 0, 1, 0, 7, 127, 0, 0],
    ] {
        assert!(refusal(&forged(&body)).contains("newer version"), "{body:?}");
    }
}

#[test]
fn content_too_large_for_a_link_is_not_written() {
    let mut link = plain("seed-000");
    let crash = Command::Crash { peer: PeerId::new(7) };
    link.scenario.commands = vec![TimedCommand { at: Tick(0), command: crash }; MAX_COMMANDS];
    assert!(encode(&link).unwrap_err().remedy.contains("file"));
    link.scenario.rounds = 0;
    assert_eq!(encode(&link).unwrap_err().path, "rounds");
    let mut claims = rich();
    claims.claim.iter_mut().for_each(|claim| claim.ladder.reverse());
    assert!(encode(&claims).unwrap_err().message.contains("claim"));
}

#[test]
fn an_outcome_keeps_checkpoints_evenly() {
    let checkpoint = |round| Checkpoint { round, trace: 0 };
    let claim = |rounds: &[u64]| {
        let checkpoints = rounds.iter().copied().map(checkpoint).collect();
        RecordedOutcome::new(Tick(0), Fingerprint(0), checkpoints)
            .ladder
            .iter()
            .map(|kept| kept.round)
            .collect::<Vec<_>>()
    };
    assert!(claim(&[]).is_empty());
    assert_eq!(claim(&[5, 3, 3]), [3, 5]);
    assert_eq!(claim(&(1..=24).collect::<Vec<_>>()), [3, 6, 9, 12, 15, 18, 21, 24]);
}

fn claim() -> impl Strategy<Value = RecordedOutcome> {
    let checkpoint =
        (0..=u64::from(MAX_ROUNDS), any::<u32>()).prop_map(|(round, trace)| Checkpoint { round, trace });
    (0..=MAX_TICK, any::<u64>(), vec(checkpoint, 0..20)).prop_map(|(tick, fingerprint, ladder)| {
        RecordedOutcome::new(Tick(tick), Fingerprint(fingerprint), ladder)
    })
}

fn link() -> impl Strategy<Value = Link> {
    (sample::scenario(), option::of(claim())).prop_map(|(scenario, claim)| Link { scenario, claim })
}

/// A link that opens is the link of its scenario.
fn opens_as_itself_or_not_at_all(payload: &str) -> bool {
    decode(payload).map_or(true, |link| encode(&link).is_ok_and(|made| made.trim_end_matches(END) == payload))
}

proptest! {
    #[test]
    fn links_survive(link in link()) {
        prop_assert_eq!(decode(&encode(&link).unwrap()), Ok(link));
    }

    #[test]
    fn damaged_links_do_not_open(link in link(), position: prop::sample::Index, bit in 0..8_u8, cut: prop::sample::Index) {
        let bytes = sealed(&link);
        let mut flipped = bytes.clone();
        flipped[position.index(bytes.len())] ^= 1 << bit;
        prop_assert!(decode(&text_of(&flipped)).is_err());
        let short = &bytes[..cut.index(bytes.len())];
        prop_assert!(refusal(&text_of(short)).contains("is cut off"));
    }

    #[test]
    fn forged_links_open_as_themselves_or_not_at_all(
        link in link(),
        changes in vec((any::<prop::sample::Index>(), any::<u8>()), 1..4),
    ) {
        let mut body = v1::write(&link);
        for (position, byte) in changes {
            let position = position.index(body.len());
            body[position] = byte;
        }
        prop_assert!(opens_as_itself_or_not_at_all(&forged(&body)));
    }

    #[test]
    fn random_bytes_open_as_themselves_or_not_at_all(body in vec(any::<u8>(), 0..60)) {
        prop_assert!(opens_as_itself_or_not_at_all(&forged(&[&[1, 1], body.as_slice()].concat())));
        prop_assert!(opens_as_itself_or_not_at_all(&text_of(&body)));
    }

    #[test]
    fn random_text_is_refused(text in "\\PC{0,80}", base64 in "1\\.[A-Za-z0-9_-]{0,80}") {
        prop_assert!(decode(&text).is_err());
        prop_assert!(decode(&base64).is_err());
    }
}
