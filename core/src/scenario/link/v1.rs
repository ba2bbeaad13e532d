//! Version 1 of the content of a link. Released: it may not change.
//!
//! ```text
//! byte     1, the version
//! byte     preset
//! number   seed
//! number   rounds; 0 for the preset's
//! number   knobs that differ from the preset: how many, then for each, in ascending order of codes
//!   number   code          number   value (a count, millionths, 0 or 1, the index of an option)
//! number   commands: how many, then for each, in ascending order of ticks
//!   number   ticks since the command before
//!   byte     form: 7 for a turned knob, else its number in the table of commands
//!            set: number code, number value; else its fields in order: 8 bytes for a place, a number for all else
//! byte     0 no claim, 1 claim:
//!   number   tick
//!   8 bytes  fingerprint
//!   byte     checkpoints: how many, then for each
//!     number   rounds since the one before
//!     4 bytes  trace
//! ```
//!
//! Numbers are those of [`super::bytes`]; bytes in groups have the highest first.

use super::bytes::{ByteReader, Fault, write_number};
use super::{Checkpoint, Link, MAX_CHECKPOINTS, RecordedOutcome};
use crate::base::digest::Fingerprint;
use crate::base::mutant::Mutant;
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
    let is_usual = *rounds == preset.rounds || Mutant::LinkLosesLength.is_active();
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
        write_number(&mut bytes, timed.at.0.saturating_sub(now.0));
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
        write_setting(bytes, setting);
    }
    let Some((form, values)) = Form::of(command) else { return };
    bytes.push(form.code);
    for ((_, field), value) in form.fields.iter().zip(values) {
        match field {
            FieldKind::Place => bytes.extend(value.to_be_bytes()),
            FieldKind::Value(_) => write_number(bytes, value),
        }
    }
}

fn write_outcome(bytes: &mut Vec<u8>, claim: Option<&RecordedOutcome>) {
    bytes.push(claim.is_some().into());
    let Some(claim) = claim else { return };
    write_number(bytes, claim.tick.0);
    bytes.extend(claim.fingerprint.0.to_be_bytes());
    write_number(bytes, claim.ladder.len() as u64);
    let mut round = 0;
    for checkpoint in &claim.ladder {
        write_number(bytes, checkpoint.round.saturating_sub(round));
        bytes.extend(checkpoint.trace.to_be_bytes());
        round = checkpoint.round;
    }
}

/// Reads a link, and gives the bytes behind it. Whether it is right as a whole is for the caller to check.
pub(super) fn read(bytes: &[u8]) -> Result<(Link, &[u8]), Fault> {
    let mut reader = ByteReader(bytes);
    match reader.byte()? {
        VERSION => (),
        0 => return Err(Fault::Foreign("there is no version 0")),
        version => return Err(Fault::Newer(format!("has content of version {version}"))),
    }
    let code = reader.byte()?;
    let preset = Preset::by_code(code).ok_or_else(|| unknown("preset", code.into()))?;
    let mut scenario = Scenario::of(preset);
    scenario.seed = reader.number()?;
    scenario.rounds = match reader.number()? {
        0 => preset.rounds,
        rounds => u32::try_from(rounds).map_err(|_| Fault::Foreign("there are too many rounds"))?,
    };
    for _ in 0..reader.number()? {
        scenario.with_setting(read_setting(&mut reader)?);
    }
    read_commands(&mut reader, &mut scenario)?;
    let claim = read_outcome(&mut reader)?;
    Ok((Link { scenario, claim }, reader.0))
}

fn unknown(what: &str, code: u64) -> Fault {
    Fault::Newer(format!("uses {what} number {code}"))
}

fn read_setting(reader: &mut ByteReader<'_>) -> Result<Setting, Fault> {
    let code = reader.number()?;
    let knob = Knob::by_code(code).ok_or_else(|| unknown("knob", code))?;
    Setting::from_raw(knob, reader.number()?).ok_or(Fault::Foreign("the value of a knob is out of range"))
}

fn read_commands(reader: &mut ByteReader<'_>, scenario: &mut Scenario) -> Result<(), Fault> {
    let count = reader.number()?;
    if count > MAX_COMMANDS as u64 {
        return Err(Fault::Foreign("there are too many commands"));
    }
    let mut now = 0_u64;
    for _ in 0..count {
        now = now.checked_add(reader.number()?).ok_or(Fault::Foreign("a command comes too late"))?;
        scenario.commands.push(TimedCommand { at: Tick(now), command: read_command(reader)? });
    }
    Ok(())
}

fn read_command(reader: &mut ByteReader<'_>) -> Result<Command, Fault> {
    let code = reader.byte()?;
    if code == SET_CODE {
        return read_setting(reader).map(Command::Set);
    }
    let form = Form::by_code(code).ok_or_else(|| unknown("command", code.into()))?;
    let mut values = Vec::new();
    for (_, field) in form.fields {
        values.push(match field {
            FieldKind::Place => reader.place()?,
            FieldKind::Value(_) => reader.number()?,
        });
    }
    let is_small = |value: &u64| u32::try_from(*value).is_ok();
    let values_fit = form
        .fields
        .iter()
        .zip(&values)
        .all(|((_, field), value)| *field == FieldKind::Place || is_small(value));
    values_fit.then(|| (form.build)(&values)).ok_or(Fault::Foreign("the number of a command is too large"))
}

fn read_outcome(reader: &mut ByteReader<'_>) -> Result<Option<RecordedOutcome>, Fault> {
    match reader.byte()? {
        0 => return Ok(None),
        1 => (),
        _ => return Err(Fault::Foreign("it claims in an unknown way")),
    }
    let tick = Tick(reader.number()?);
    let fingerprint = Fingerprint(reader.place()?);
    let count = reader.number()?;
    if count > MAX_CHECKPOINTS as u64 {
        return Err(Fault::Foreign("there are too many checkpoints"));
    }
    let mut ladder = Vec::new();
    let mut round = 0_u64;
    for _ in 0..count {
        round = round.checked_add(reader.number()?).ok_or(Fault::Foreign("a checkpoint comes too late"))?;
        ladder.push(Checkpoint { round, trace: u32::from_be_bytes(reader.array()?) });
    }
    Ok(Some(RecordedOutcome { tick, fingerprint, ladder }))
}
