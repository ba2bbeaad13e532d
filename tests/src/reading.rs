//! Texts near the files of scenarios, and their meaning to a reader: the page and the command line must
//! agree.

use ringside_core::base::problem::Problem;
use ringside_core::scenario::Scenario;
use ringside_core::scenario::link::{self, Link};
use ringside_core::study::simulation::Simulation;

/// Digests of the readings of the first texts: their runs, and of many more their links.
pub const READINGS: &str = include_str!("../golden/readings.txt");

/// Number of texts that are run.
pub const RUN_COUNT: u64 = 300;
/// Number of ticks of each run.
pub const RUN_TICKS: u64 = 3;
/// Number of texts that are read.
pub const LINK_COUNT: u64 = 10_000;

/// What a text means: the fingerprint or the link of its run, or its first problem.
pub type Reading = Result<String, String>;

/// Presets, known and unknown.
const PRESETS: [&str; 6] = ["improved", "lifecycle", "seed-000", "lifecycle-1", "Improved", "none"];
/// Integers and other numbers at the edges of what a reader can hold.
const NUMBERS: [&str; 24] = [
    "0",
    "7",
    "-0",
    "-1",
    "01",
    "+1",
    "1.0",
    "1.",
    ".5",
    "1e2",
    "1E+2",
    "1e-2",
    "1e400",
    "0.000444",
    "0.30000000000000004",
    "4294967296",
    "9007199254740993",
    "18446744073709551615",
    "18446744073709551616",
    "340282366920938463463374607431768211456",
    "\"42\"",
    "\"18446744073709551615\"",
    "NaN",
    "true",
];
/// Whole settings, right and wrong.
const SETTINGS: [&str; 8] = [
    r#""network": { "loss": 0.05 }"#,
    r#""network": { "loss": 5, "delay": 0.1 }"#,
    r#""network": { "los": 0.1 }"#,
    r#""genesis": { "peers": 12, "topology": "ring" }"#,
    r#""genesis": { "peers": 1e1 }"#,
    r#""election": null"#,
    r#""peers": { "keepalive": "on" }"#,
    r#""tokens": []"#,
];
/// Whole commands, right and wrong.
const COMMANDS: [&str; 7] = [
    r#"{ "at": 3, "kind": "join", "count": 2 }"#,
    r#"{ "at": 5, "kind": "cut", "from": "0000000000000000", "to": "8000000000000000" }"#,
    r#"{ "at": 4, "kind": "heal" }"#,
    r#"{ "at": 18446744073709551615, "kind": "heal" }"#,
    r#"{ "at": 2, "kind": "set", "path": "network.loss", "value": 0.25 }"#,
    r#"{ "kind": "heal" }"#,
    r#"{ "at": 1, "kind": "explode" }"#,
];
/// Parts that damage a text where they are inserted.
const DAMAGE: [&[u8]; 18] = [
    b"{",
    b"}",
    b"[",
    b",",
    b":",
    b"\"",
    b"\\",
    b"\\u0041",
    b"\\ud800",
    b"// note\n",
    b"#",
    b"\xE9",
    b"\xC3\xA9",
    b"\0",
    b"\t",
    b"\xEF\xBB\xBF",
    b"9",
    b"-",
];

/// The text of a number. Equal numbers give equal texts.
#[must_use]
pub fn text(number: u64) -> Vec<u8> {
    Generator(number).text()
}

/// What a reader makes of the first `count` texts, as a line of [`READINGS`].
pub fn readings(count: u64, read: impl Fn(&[u8]) -> Reading) -> String {
    let mut hasher = blake3::Hasher::new();
    let mut accepted = 0;
    for number in 0..count {
        let reading = read(&text(number));
        accepted += u64::from(reading.is_ok());
        hasher.update(format!("{reading:?}\n").as_bytes());
    }
    format!("{count:>5} texts, {accepted:>4} accepted: {}\n", &hasher.finalize().to_hex()[..16])
}

/// Both lines of [`READINGS`], by a reader of scenarios.
pub fn all_readings(read: impl Fn(&[u8]) -> Result<Scenario, Vec<Problem>>) -> String {
    let first = |problems: Vec<Problem>| problems.first().map(ToString::to_string).unwrap_or_default();
    let run = |bytes: &[u8]| {
        let mut simulation = Simulation::new(read(bytes).map_err(first)?);
        simulation.tick(RUN_TICKS);
        Ok(simulation.fingerprint().to_string())
    };
    let link = |bytes: &[u8]| {
        let scenario = read(bytes).map_err(first)?;
        link::encode(&Link { scenario, claim: None }).map_err(|problem| problem.to_string())
    };
    readings(RUN_COUNT, run) + &readings(LINK_COUNT, link)
}

/// Pseudo-random numbers by `SplitMix64`, of which only the variety matters.
struct Generator(u64);

impl Generator {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// Number below a bound.
    fn below(&mut self, bound: usize) -> usize {
        usize::try_from(self.next() % bound as u64).unwrap_or_default()
    }

    fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        from[self.below(from.len())]
    }

    /// Whether something happens that happens once in `of` times.
    fn once_in(&mut self, of: usize) -> bool {
        self.below(of) == 0
    }

    fn text(&mut self) -> Vec<u8> {
        let mut entries = vec![format!("\"preset\": \"{}\"", self.preset())];
        for key in ["seed", "rounds"] {
            if self.once_in(2) {
                entries.push(format!("\"{key}\": {}", self.number()));
            }
        }
        if self.once_in(3) {
            entries.push(format!("\"set\": {{ {} }}", self.pick(&SETTINGS)));
        }
        if self.once_in(3) {
            let commands = [self.pick(&COMMANDS), self.pick(&COMMANDS)];
            entries.push(format!("\"commands\": [{}]", commands[self.below(2)..].join(", ")));
        }
        if self.once_in(12) {
            let again = entries[self.below(entries.len())].clone();
            entries.push(again);
        }
        if self.once_in(20) {
            entries.push("\"unknown\": 1".to_owned());
        }
        let text = format!("{{ {} }}", entries.join(", ")).into_bytes();
        if self.once_in(4) { self.damaged(text) } else { text }
    }

    /// Mostly a preset that exists.
    fn preset(&mut self) -> &'static str {
        if self.once_in(6) { self.pick(&PRESETS) } else { self.pick(&PRESETS[..4]) }
    }

    fn number(&mut self) -> String {
        if self.once_in(3) { self.pick(&NUMBERS).to_owned() } else { self.below(1_000).to_string() }
    }

    /// The text with a part inserted, removed or repeated, or in another encoding.
    fn damaged(&mut self, mut text: Vec<u8>) -> Vec<u8> {
        let at = self.below(text.len());
        match self.below(5) {
            0 | 1 => drop(text.splice(at..at, self.pick(&DAMAGE).iter().copied())),
            2 => drop(text.remove(at)),
            3 => text.truncate(at),
            _ => text = text.into_iter().flat_map(|byte| [byte, 0]).collect(),
        }
        text
    }
}
