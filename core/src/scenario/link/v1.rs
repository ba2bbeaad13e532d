//! Version 1 of the content of a link. It is released and never changes.
//!
//! ```text
//! byte     1, the version
//! byte     preset
//! number   seed
//! number   rounds; 0 for the preset's
//! number   count of knobs that differ from the preset, then for each, in ascending order of codes
//!   number   code          number   value (a count, millionths, 0 or 1, the index of an option)
//! number   count of commands, then for each, in ascending order of ticks
//!   number   ticks since the previous command
//!   byte     form: 7 for set, else its code in the table of commands
//!            set: number code, number value; else its fields in order: 8 bytes for a position, else a number
//! byte     0 without, 1 with a recorded outcome:
//!   number   tick
//!   8 bytes  fingerprint
//!   number   count of checkpoints, then for each
//!     number   rounds since the previous one
//!     4 bytes  trace
//! ```
//!
//! Numbers have the form of [`super::bytes`]; groups of bytes have the highest first.

use super::bytes::{ByteReader, ReadError, write_number};
use super::{Checkpoint, Link, MAX_CHECKPOINTS, RecordedOutcome};
use crate::base::digest::Fingerprint;
use crate::base::mutant::mutant;
use crate::base::sort;
use crate::base::time::Tick;
use crate::config::knob::{Knob, Setting};
use crate::config::preset::Preset;
use crate::scenario::command::table::{FieldKind, Form, SET_CODE};
use crate::scenario::{MAX_COMMANDS, Scenario};
use crate::sim::command::{Command, TimedCommand};

const VERSION: u8 = 1;

/// The bytes of a link, without the checksum.
pub(super) fn write(link: &Link) -> Vec<u8> {
    let Scenario { preset, seed, rounds, commands, .. } = &link.scenario;
    let mut bytes = vec![VERSION, preset.code];
    write_number(&mut bytes, *seed);
    let is_usual = mutant!(LinkLosesLength: *rounds == preset.rounds => true);
    write_number(&mut bytes, if is_usual { 0 } else { (*rounds).into() });
    let mut changes: Vec<Setting> = link.scenario.changes().collect();
    sort::sort_by_key(&mut changes, |setting| setting.knob().code);
    write_number(&mut bytes, changes.len() as u64);
    for setting in changes {
        write_setting(&mut bytes, setting);
    }
    write_number(&mut bytes, commands.len() as u64);
    let mut now = Tick(0);
    for timed in commands {
        debug_assert!(timed.at >= now, "commands are sorted");
        write_number(&mut bytes, timed.at.0 - now.0);
        write_command(&mut bytes, timed.command);
        now = timed.at;
    }
    write_outcome(&mut bytes, link.claim.as_ref());
    bytes
}

fn write_setting(bytes: &mut Vec<u8>, setting: Setting) {
    write_number(bytes, setting.knob().code.into());
    write_number(bytes, setting.raw());
}

fn write_command(bytes: &mut Vec<u8>, command: Command) {
    if let Command::Set(setting) = command {
        bytes.push(SET_CODE);
        return write_setting(bytes, setting);
    }
    let Some((form, values)) = Form::of(command) else {
        debug_assert!(false, "every command but set has a form");
        return;
    };
    debug_assert_eq!(form.fields.len(), values.len(), "a value for each field");
    bytes.push(form.code);
    for ((_, field), value) in form.fields.iter().zip(values) {
        match field {
            FieldKind::Position => bytes.extend(value.to_be_bytes()),
            FieldKind::Value(_) => write_number(bytes, value),
        }
    }
}

fn write_outcome(bytes: &mut Vec<u8>, outcome: Option<&RecordedOutcome>) {
    bytes.push(outcome.is_some().into());
    let Some(outcome) = outcome else { return };
    write_number(bytes, outcome.tick.0);
    bytes.extend(outcome.fingerprint.0.to_be_bytes());
    write_number(bytes, outcome.ladder.len() as u64);
    let mut round = 0;
    for checkpoint in &outcome.ladder {
        debug_assert!(checkpoint.round >= round, "checkpoints are sorted");
        write_number(bytes, checkpoint.round - round);
        bytes.extend(checkpoint.trace.to_be_bytes());
        round = checkpoint.round;
    }
}

/// Reads a link, and returns the bytes after it. The caller checks the link as a whole.
pub(super) fn read(bytes: &[u8]) -> Result<(Link, &[u8]), ReadError> {
    let mut reader = ByteReader(bytes);
    match reader.byte()? {
        VERSION => (),
        0 => return Err(ReadError::Foreign("there is no version 0")),
        version => return Err(ReadError::Newer(format!("has content of version {version}"))),
    }
    let code = reader.byte()?;
    let preset = Preset::by_code(code).ok_or_else(|| unknown("preset", code.into()))?;
    let mut scenario = Scenario::of(preset);
    scenario.seed = reader.number()?;
    scenario.rounds = match reader.number()? {
        0 => preset.rounds,
        rounds => u32::try_from(rounds).map_err(|_| ReadError::Foreign("there are too many rounds"))?,
    };
    for _ in 0..reader.number()? {
        scenario.with_setting(read_setting(&mut reader)?);
    }
    read_commands(&mut reader, &mut scenario)?;
    let claim = read_outcome(&mut reader)?;
    Ok((Link { scenario, claim }, reader.0))
}

fn unknown(what: &str, code: u64) -> ReadError {
    ReadError::Newer(format!("uses {what} number {code}"))
}

fn read_setting(reader: &mut ByteReader<'_>) -> Result<Setting, ReadError> {
    let code = reader.number()?;
    let knob = Knob::by_code(code).ok_or_else(|| unknown("knob", code))?;
    Setting::from_raw(knob, reader.number()?).ok_or(ReadError::Foreign("the value of a knob is out of range"))
}

fn read_commands(reader: &mut ByteReader<'_>, scenario: &mut Scenario) -> Result<(), ReadError> {
    let count = reader.number()?;
    if count > MAX_COMMANDS as u64 {
        return Err(ReadError::Foreign("there are too many commands"));
    }
    let mut now = 0_u64;
    for _ in 0..count {
        now = now.checked_add(reader.number()?).ok_or(ReadError::Foreign("a command comes too late"))?;
        scenario.commands.push(TimedCommand { at: Tick(now), command: read_command(reader)? });
    }
    Ok(())
}

fn read_command(reader: &mut ByteReader<'_>) -> Result<Command, ReadError> {
    let code = reader.byte()?;
    if code == SET_CODE {
        return read_setting(reader).map(Command::Set);
    }
    let form = Form::by_code(code).ok_or_else(|| unknown("command", code.into()))?;
    let mut values = Vec::new();
    for (_, field) in form.fields {
        values.push(match field {
            FieldKind::Position => reader.position()?,
            FieldKind::Value(_) => reader.number()?,
        });
    }
    let is_small = |value: &u64| u32::try_from(*value).is_ok();
    let values_fit = form
        .fields
        .iter()
        .zip(&values)
        .all(|((_, field), value)| *field == FieldKind::Position || is_small(value));
    values_fit
        .then(|| (form.build)(&values))
        .ok_or(ReadError::Foreign("the number of a command is too large"))
}

fn read_outcome(reader: &mut ByteReader<'_>) -> Result<Option<RecordedOutcome>, ReadError> {
    match reader.byte()? {
        0 => return Ok(None),
        1 => (),
        _ => return Err(ReadError::Foreign("it claims in an unknown way")),
    }
    let tick = Tick(reader.number()?);
    let fingerprint = Fingerprint(reader.position()?);
    let count = reader.number()?;
    if count > MAX_CHECKPOINTS as u64 {
        return Err(ReadError::Foreign("there are too many checkpoints"));
    }
    let mut ladder = Vec::new();
    let mut round = 0_u64;
    for _ in 0..count {
        round =
            round.checked_add(reader.number()?).ok_or(ReadError::Foreign("a checkpoint comes too late"))?;
        ladder.push(Checkpoint { round, trace: u32::from_be_bytes(reader.array()?) });
    }
    Ok(Some(RecordedOutcome { tick, fingerprint, ladder }))
}
