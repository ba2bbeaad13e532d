//! `ringside commands`.

use clap::Args;
use ringside_core::config::knob::Kind;
use ringside_core::scenario::command::table::{FORMS, FieldKind, Form};
use serde::Serialize;

use crate::failure::Failure;
use crate::output::Outcome;
use crate::table::HEADING;
use crate::{json, output, range};

#[derive(Args)]
pub(crate) struct CommandsArguments {
    /// Print a JSON list instead of a table
    #[arg(long)]
    json: bool,
}

pub(crate) fn commands(arguments: &CommandsArguments) -> Result<Outcome, Failure> {
    if arguments.json {
        json::print(&FORMS.iter().map(CommandEntry::of).collect::<Vec<_>>())?;
    } else {
        output::print(&text())?;
    }
    Ok(Outcome::Success)
}

/// The JSON form of a command.
#[derive(Serialize)]
struct CommandEntry {
    kind: &'static str,
    fields: Vec<FieldEntry>,
    meaning: &'static str,
}

#[derive(Serialize)]
struct FieldEntry {
    name: &'static str,
    /// The type and the range of its values; `None` for an id.
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
Commands. --inject takes a tick, the kind and its fields: --inject '100 crash peer=#3'. A scenario file has objects:
{ \"at\": 100, \"kind\": \"crash\", \"peer\": \"00ff00ff00ff00ff\" }. An ID has sixteen hexadecimal digits;
--inject also accepts #0, #1 ... for the initial peers in ascending order of id.
";

/// Two lines a command: its fields, and its effect.
fn text() -> String {
    let field = |(name, kind): &(&str, FieldKind)| match kind {
        FieldKind::Position => format!("{name}=ID"),
        FieldKind::Value(kind) => format!("{name}=({})", range::describe(*kind)),
    };
    let entry = |form: &Form| {
        let fields: Vec<String> = form.fields.iter().map(field).collect();
        let name = form.name;
        let fields = fields.iter().fold(String::new(), |all, field| all + " " + field);
        format!("  {HEADING}{name}{HEADING:#}{fields}\n      {}\n", meaning(name))
    };
    let set = format!(
        "  {HEADING}set{HEADING:#} PATH=VALUE\n      Sets a knob for all peers: one that `ringside knobs` marks live.\n"
    );
    [COMMANDS_HEAD.to_owned(), "\n".to_owned(), FORMS.iter().map(entry).collect(), set].concat()
}

/// The effect of a command.
fn meaning(kind: &str) -> &'static str {
    MEANINGS.iter().find(|(name, _)| *name == kind).map_or("", |(_, meaning)| meaning)
}

const MEANINGS: &[(&str, &str)] = &[
    ("join", "Adds new peers; genesis.bootstrap and genesis.join_contacts choose their first contacts."),
    ("leave", "Removes a peer for good; it sends goodbyes if peers.goodbyes is on."),
    ("crash", "Stops a running peer; its state is kept."),
    ("return", "Restarts a crashed peer with the state it had."),
    ("cut", "Partitions the arc from one id up to another from the rest, until heal."),
    ("heal", "Removes all partitions and ends flapping."),
    ("arrive", "Adds a flash crowd: peers that know this many others and hold this share of their tokens."),
    ("expire", "Stops a random share of the running peers at once; they can return."),
    ("cut-one-way", "Blocks messages that leave the arc; messages into the arc pass."),
    ("cut-halves", "Partitions the peers into two random halves."),
    ("cut-regions", "Partitions the ring into equal arcs."),
    ("isolate", "Partitions one peer from all others."),
    ("flap", "Alternates all partitions between on and off, a period of ticks each, until heal."),
    ("hold", "Holds messages from one peer to another."),
    ("release", "Delivers all messages of a held link and ends the hold."),
    ("pause", "Pauses a running peer; messages to it wait."),
    ("resume", "Resumes a paused peer and delivers the messages that wait."),
    ("skew", "Shifts the clock of a peer by a number of rounds; 0 corrects it."),
    ("drift", "Sets the rate of a peer's clock, and of the peer, in thousandths; 1000 is normal."),
    ("lose", "Removes a share of a peer's tokens for good."),
    ("corrupt", "Makes a peer adversarial, or honest again."),
    ("corrupt-share", "Makes a random share of the honest peers adversarial."),
    ("sybils", "Adds adversaries at the vacant tokens nearest to an id."),
    ("release-one", "Delivers one message of a held link, 0 for the oldest; the link stays held."),
    (
        "spoil",
        "Makes a share of a peer's tokens lost, stale (the previous block) or conflicting; 0 restores them.",
    ),
    (
        "spoil-share",
        "Does the same to a random share of the running peers; conflicting peers agree with one another.",
    ),
    (
        "restart",
        "Reboots a running or crashed peer: memory is lost, its disk stays; with the same id or a new one.",
    ),
    (
        "submit",
        "Submits a block of fresh tokens through a peer, in one version or in several that conflict with each other.",
    ),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_command_has_a_meaning_and_no_other() {
        let kinds: Vec<&str> = FORMS.iter().map(|form| form.name).collect();
        assert_eq!(MEANINGS.iter().map(|(name, _)| *name).collect::<Vec<_>>(), kinds);
    }
}
