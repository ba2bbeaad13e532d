//! `ringside presets`, `ringside knobs` and `ringside commands`.

use comfy_table::CellAlignment::Left;
use ringside_core::config::knob::{KNOBS, Kind, Knob, KnobValue, share_number};
use ringside_core::config::preset::{PRESETS, Preset};
use ringside_core::scenario::command::table::{FORMS, FieldKind, Form};
use serde::Serialize;

use crate::args::{CommandsArguments, KnobsArguments, PresetsArguments};
use crate::failure::Failure;
use crate::output::Outcome;
use crate::table::{HEADING, aligned};
use crate::text::counted;
use crate::{json, output};

pub(crate) fn presets(arguments: &PresetsArguments) -> Result<Outcome, Failure> {
    if arguments.json {
        json::print(&PRESETS)?;
    } else {
        let texts: Vec<_> = PRESETS.iter().map(preset_text).collect();
        output::print(&texts.join("\n"))?;
    }
    Ok(Outcome::Fine)
}

fn preset_text(preset: &Preset) -> String {
    let Preset { name, title, summary, rounds, .. } = preset;
    let rounds = counted((*rounds).into(), "round", "rounds");
    format!("{HEADING}{name}{HEADING:#}  {title}, {rounds}\n  {summary}\n")
}

pub(crate) fn knobs(arguments: &KnobsArguments) -> Result<Outcome, Failure> {
    let named = arguments.preset.as_deref().map_or(Ok(&PRESETS[0]), Preset::by_name);
    let preset = named.map_err(Failure::one)?;
    if arguments.json {
        let entries: Vec<_> = KNOBS.iter().map(|knob| Entry::of(knob, preset)).collect();
        json::print(&entries)?;
    } else {
        output::print(&knobs_text(preset))?;
    }
    Ok(Outcome::Fine)
}

pub(crate) fn commands(arguments: &CommandsArguments) -> Result<Outcome, Failure> {
    if arguments.json {
        json::print(&FORMS.iter().map(CommandEntry::of).collect::<Vec<_>>())?;
    } else {
        output::print(&commands_text())?;
    }
    Ok(Outcome::Fine)
}

/// A command as programs read it.
#[derive(Serialize)]
struct CommandEntry {
    kind: &'static str,
    fields: Vec<FieldEntry>,
    meaning: &'static str,
}

#[derive(Serialize)]
struct FieldEntry {
    name: &'static str,
    /// The type of its values, and their range; none for a peer or a place.
    range: Option<Kind>,
}

impl CommandEntry {
    fn of(form: &Form) -> Self {
        let field = |(name, kind): &(&'static str, FieldKind)| FieldEntry {
            name,
            range: match kind {
                FieldKind::Position => None,
                FieldKind::Value(kind) => Some(*kind),
            },
        };
        Self { kind: form.name, fields: form.fields.iter().map(field).collect(), meaning: meaning(form.name) }
    }
}

const COMMANDS_HEAD: &str = "\
Commands. With --inject: a tick, the kind, and its values, as in --inject '100 crash peer=#3'; in a scenario file:
{ \"at\": 100, \"kind\": \"crash\", \"peer\": \"00ff00ff00ff00ff\" }. A place is a peer's id, sixteen hexadecimal digits;
--inject also takes #0, #1 ... for the peers of the beginning, in ascending order of their ids.
";

/// Two lines for each command: what it takes, and what it does.
fn commands_text() -> String {
    let field = |(name, kind): &(&str, FieldKind)| match kind {
        FieldKind::Position => format!("{name}=PLACE"),
        FieldKind::Value(kind) => format!("{name}=({})", values(*kind)),
    };
    let text = |form: &Form| {
        let fields: Vec<String> = form.fields.iter().map(field).collect();
        let name = form.name;
        let fields = fields.iter().fold(String::new(), |all, field| all + " " + field);
        format!("  {HEADING}{name}{HEADING:#}{fields}\n      {}\n", meaning(name))
    };
    let set = format!(
        "  {HEADING}set{HEADING:#} PATH=VALUE\n      A knob is turned, for all peers at once: one that `ringside knobs` marks live.\n"
    );
    [COMMANDS_HEAD.to_owned(), "\n".to_owned(), FORMS.iter().map(text).collect(), set].concat()
}

/// What a command does.
fn meaning(kind: &str) -> &'static str {
    MEANINGS.iter().find(|(name, _)| *name == kind).map_or("", |(_, meaning)| meaning)
}

const MEANINGS: &[(&str, &str)] = &[
    ("join", "New peers arrive; genesis.bootstrap and genesis.join_contacts say of whom they have heard."),
    ("leave", "A peer departs for good, and says goodbye where peers.goodbyes is on."),
    ("crash", "A running peer stops; its state stays as it is."),
    ("return", "A crashed peer goes on with the state it had."),
    ("cut", "No message passes between the arc from one place up to another and the rest, until heal."),
    ("heal", "The ring is whole again: all cuts are gone, and flapping ends."),
    (
        "arrive",
        "A flash crowd: newcomers that have heard of so many others and hold this share of their tokens.",
    ),
    ("expire", "A random share of the running peers stops at once. They may return."),
    ("cut-one-way", "Nobody within the arc is heard outside it; the other way messages pass."),
    ("cut-halves", "No message passes between two halves of the peers, drawn by lot."),
    ("cut-regions", "No message passes between equal arcs of the ring."),
    ("isolate", "No message passes between a peer and all others."),
    ("flap", "All cuts hold for so many ticks and then do not, in turn, until heal."),
    ("hold", "Messages from one peer to another wait."),
    ("release", "All that waits on a held link arrives, and the link is free."),
    ("pause", "A running peer does nothing for the time being, while messages to it wait."),
    ("resume", "A paused peer goes on, and gets all that waits."),
    ("skew", "The clock of a peer is wrong by so many rounds; 0 sets it right."),
    (
        "drift",
        "The clock of a peer goes at so many thousandths of its pace, and the peer with it; 1000 sets it right.",
    ),
    ("lose", "A peer loses a share of the tokens that it holds, for good."),
    ("corrupt", "A peer breaks a rule from now on, or none any more (honest)."),
    ("corrupt-share", "A random share of the honest peers breaks a rule from now on."),
    ("sybils", "Adversaries arrive at the vacant tokens nearest to a place."),
    (
        "release-one",
        "One message of a held link arrives, 0 for the one that was sent first; the link stays held.",
    ),
    (
        "spoil",
        "A share of a peer's tokens is lost, has the block before the present one, or one in conflict; 0 ends that.",
    ),
    (
        "spoil-share",
        "The same for a random share of the running peers; those in conflict agree with one another.",
    ),
];

/// A knob as programs read it.
#[derive(Serialize)]
struct Entry {
    path: &'static str,
    section: &'static str,
    /// The type of its values, and their range.
    range: Kind,
    unit: &'static str,
    /// The preset's value.
    default: KnobValue,
    meaning: &'static str,
    live: bool,
}

impl Entry {
    fn of(knob: &Knob, preset: &Preset) -> Self {
        let Knob { path, kind, unit, meaning, live, .. } = *knob;
        let default = knob.value(&preset.config);
        Self { path, section: knob.section(), range: kind, unit, default, meaning, live }
    }
}

/// Two lines for each knob: the facts below one another, and what it means.
fn knobs_text(preset: &Preset) -> String {
    let Preset { name, title, .. } = preset;
    let rows: Vec<_> = KNOBS.iter().map(|knob| facts(knob, preset)).collect();
    let lines = aligned(&[Left; 4], &rows);
    let head =
        format!("Knobs with the values of {title} ({name}). Those marked live also turn during a run.\n");
    let mut parts = vec![head];
    let mut section = "";
    for (knob, line) in KNOBS.iter().zip(lines) {
        if knob.section() != section {
            section = knob.section();
            parts.push(format!("\n{HEADING}{section}{HEADING:#}\n"));
        }
        parts.push(format!("  {line}\n      {}\n", knob.meaning));
    }
    parts.concat()
}

fn facts(knob: &Knob, preset: &Preset) -> [String; 4] {
    let value = knob.value(&preset.config).to_string();
    let live = if knob.live { "live" } else { "" };
    [knob.path.to_owned(), value, live.to_owned(), range(knob)]
}

fn range(knob: &Knob) -> String {
    format!("{} {}", values(knob.kind), if matches!(knob.kind, Kind::Count { .. }) { knob.unit } else { "" })
        .trim_end()
        .to_owned()
}

/// What a value of this kind may be.
fn values(kind: Kind) -> String {
    match kind {
        Kind::Count { min, max } => format!("{min} to {max}"),
        Kind::Share { max } => format!("0 to {}", share_number(max)),
        Kind::Switch => "on or off".to_owned(),
        Kind::Choice { options } => options.join(", "),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_command_has_a_meaning_and_no_other() {
        let kinds: Vec<&str> = FORMS.iter().map(|form| form.name).collect();
        assert_eq!(MEANINGS.iter().map(|(name, _)| *name).collect::<Vec<_>>(), kinds);
    }
}
