//! Share links: `#s=1.` and a scenario in base64url, optionally with the recorded outcome of its run.
//!
//! Every scenario has exactly one link, a link that opens is the link of its scenario, and links of all
//! released versions keep opening. A damaged link is refused with the reason; it never opens another run.

mod bytes;
mod copied;
#[cfg(test)]
mod tests;
mod v1;

use std::fmt;

use base64ct::{Base64UrlUnpadded, Encoding};

use self::bytes::ReadError;
use super::command::MAX_TICK;
use super::{MAX_ROUNDS, Scenario};
use crate::base::digest::Fingerprint;
use crate::base::mutant::mutant;
use crate::base::problem::{Problem, quoted};
use crate::base::sort;
use crate::base::time::Tick;

/// Maximum length of a payload, in characters. Browsers take longer URLs; most other programs do not.
pub const MAX_LENGTH: usize = 64_000;
/// Maximum number of checkpoints of a recorded outcome.
pub const MAX_CHECKPOINTS: usize = 8;

/// Appended where a payload ends in `-` or `_`, which many programs leave out of the address: a parameter
/// that every version ignores.
const END: &str = "&end";

/// Bytes of the checksum: the start of the BLAKE3 hash of all bytes before it.
const CHECKSUM: usize = 4;

/// Content of a link.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// The scenario to run.
    pub scenario: Scenario,
    /// Outcome of the author's run.
    pub claim: Option<RecordedOutcome>,
}

/// Outcome of a run, by which a later run of the same scenario is checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordedOutcome {
    /// Tick at which the link was made.
    pub tick: Tick,
    /// Fingerprint of the world at that tick.
    pub fingerprint: Fingerprint,
    /// Checkpoints in ascending order of rounds, at most [`MAX_CHECKPOINTS`]: they locate the first
    /// difference.
    pub ladder: Vec<Checkpoint>,
}

/// Digest of everything that has happened up to the end of a round.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Checkpoint {
    /// Completed rounds.
    pub round: u64,
    /// Digest of the trace so far.
    pub trace: u32,
}

impl RecordedOutcome {
    /// An outcome with at most [`MAX_CHECKPOINTS`] of the checkpoints, evenly spread and including the last.
    #[must_use]
    pub fn new(tick: Tick, fingerprint: Fingerprint, mut checkpoints: Vec<Checkpoint>) -> Self {
        sort::sort_by_key(&mut checkpoints, |checkpoint| checkpoint.round);
        checkpoints.dedup_by_key(|checkpoint| checkpoint.round);
        let kept = checkpoints.len().min(MAX_CHECKPOINTS);
        let ladder = (1..=kept).map(|step| checkpoints[step * checkpoints.len() / kept - 1]).collect();
        let outcome = Self { tick, fingerprint, ladder };
        debug_assert!(outcome.ladder.len() <= MAX_CHECKPOINTS, "{outcome:?}");
        debug_assert!(outcome.ladder.is_sorted_by(|one, next| one.round < next.round), "{outcome:?}");
        outcome
    }

    /// Checks the limits of an outcome.
    fn check(&self) -> Result<(), OutcomeError> {
        if self.tick.0 > MAX_TICK {
            return Err(OutcomeError::LateTick);
        }
        if self.ladder.len() > MAX_CHECKPOINTS {
            return Err(OutcomeError::TooManyCheckpoints);
        }
        if !self.ladder.is_sorted_by(|earlier, later| earlier.round < later.round) {
            return Err(OutcomeError::UnsortedCheckpoints);
        }
        if self.ladder.iter().any(|checkpoint| checkpoint.round > MAX_ROUNDS.into()) {
            return Err(OutcomeError::LateCheckpoint);
        }
        Ok(())
    }
}

/// Limit that a recorded outcome violates.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum OutcomeError {
    /// Its tick is after the end of the longest scenario.
    LateTick,
    /// It has more than [`MAX_CHECKPOINTS`] checkpoints.
    TooManyCheckpoints,
    /// Its checkpoints are not in ascending order of rounds.
    UnsortedCheckpoints,
    /// A checkpoint is after the last round of the longest scenario.
    LateCheckpoint,
}

impl fmt::Display for OutcomeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::LateTick => "its tick is too late",
            Self::TooManyCheckpoints => "it has too many checkpoints",
            Self::UnsortedCheckpoints => "its checkpoints are out of order",
            Self::LateCheckpoint => "a checkpoint is too late",
        })
    }
}

impl std::error::Error for OutcomeError {}

impl From<OutcomeError> for Problem {
    fn from(error: OutcomeError) -> Self {
        wrong(format!("cannot claim this outcome: {error}"), "take it from a run of this scenario")
    }
}

/// Payload of a link, `1.xxxx`, to be appended to a URL after `#s=`. It ends in a letter or a digit.
///
/// # Errors
///
/// If the scenario or the outcome is invalid, or too large for a link.
pub fn encode(link: &Link) -> Result<String, Problem> {
    if let Some(problem) = link.scenario.check().into_iter().next() {
        return Err(problem);
    }
    link.claim.as_ref().map_or(Ok(()), RecordedOutcome::check)?;
    let payload = format!("1.{}", Base64UrlUnpadded::encode_string(&sealed(link)));
    if payload.len() > MAX_LENGTH {
        let message = format!("the scenario would make a link of {} characters", payload.len());
        return Err(wrong(message, "share it as a file"));
    }
    Ok(if payload.ends_with(['-', '_']) { payload + END } else { payload })
}

/// Opens a link: a whole URL, its fragment, or the payload alone. Other parameters of the fragment are
/// ignored, and so is what mail, chat and prose leave around a link: blanks, line breaks, brackets, quotation
/// marks, percent-encoding.
///
/// # Errors
///
/// If it is not an intact link of [`encode`].
pub fn decode(text: &str) -> Result<Link, Problem> {
    let bytes = bytes_of(payload(&copied::clean(text))?)?;
    let body = bytes.len().checked_sub(CHECKSUM).and_then(|length| bytes.split_at_checked(length));
    let Some((body, _)) =
        body.filter(|(body, sum)| mutant!(DamageOverlooked: checksum(body) == *sum => true))
    else {
        return Err(damaged(&bytes));
    };
    let (link, rest) = v1::read(body)?;
    if !rest.is_empty() {
        return Err(foreign("there is more in it than a scenario"));
    }
    if let Some(problem) = link.scenario.check().into_iter().next() {
        return Err(foreign(&format!("{}: {}", problem.path, problem.message)));
    }
    // The reader refuses most bytes that the writer does not write; this comparison refuses the others.
    if link.claim.as_ref().is_some_and(|outcome| outcome.check().is_err()) || sealed(&link) != bytes {
        return Err(foreign("its content could be written shorter or in another order"));
    }
    Ok(link)
}

/// Value of the parameter `s`, or the whole text.
fn payload(text: &str) -> Result<&str, Problem> {
    let fragment = text.split_once('#').map(|(_, fragment)| fragment);
    let mut parameters = fragment.unwrap_or(text).split('&');
    let mut named = parameters.clone().filter_map(|parameter| parameter.strip_prefix("s="));
    let found = match (named.next(), named.next()) {
        (Some(payload), None) => payload,
        (Some(_), Some(_)) => return Err(wrong("holds two runs", "open the link of one of them")),
        (None, _) if fragment.is_none() => parameters.next().unwrap_or_default(),
        (None, _) => return Err(not_a_link(text)),
    };
    match found {
        "" => Err(wrong("is empty", "copy the whole link, with all that follows the \"#\"")),
        _ if found.len() > MAX_LENGTH => {
            let message = format!("is longer than {MAX_LENGTH} characters");
            Err(wrong(message, "open the scenario from a file"))
        }
        _ => Ok(found),
    }
}

/// Bytes of a payload of version 1.
fn bytes_of(payload: &str) -> Result<Vec<u8>, Problem> {
    let Some((version, data)) = payload.split_once('.') else { return Err(not_a_link(payload)) };
    let data = copied::without_punctuation(data);
    let is_number = !version.starts_with('0') && !version.is_empty();
    if !(is_number && version.bytes().all(|byte| byte.is_ascii_digit())) {
        return Err(not_a_link(payload));
    }
    if version != "1" {
        return Err(newer(&format!("is of version {}", quoted(version))));
    }
    let is_allowed = |character: char| character.is_ascii_alphanumeric() || "-_".contains(character);
    if let Some((index, character)) = data.chars().enumerate().find(|(_, character)| !is_allowed(*character))
    {
        // Counted from 1 at the start of the payload.
        let position = version.len() + 1 + index + 1;
        let message = format!("has {} as character {position}", quoted(&character.to_string()));
        return Err(wrong(message, "copy the link again: there are only letters, digits, - and _ in it"));
    }
    // A single character has six bits, less than a byte.
    if data.len() % 4 == 1 {
        return Err(cut_off());
    }
    Base64UrlUnpadded::decode_vec(data).map_err(|_| damaged(&whole_bytes(data)))
}

/// Whole bytes of a text whose last character has excess bits.
fn whole_bytes(data: &str) -> Vec<u8> {
    let padded = format!("{data}{}", "A".repeat(4 - data.len() % 4));
    let mut bytes = Base64UrlUnpadded::decode_vec(&padded).unwrap_or_default();
    debug_assert!(bytes.len() >= data.len() * 3 / 4, "padding only adds bytes");
    bytes.truncate(data.len() * 3 / 4);
    bytes
}

/// Bytes of a link with its checksum.
fn sealed(link: &Link) -> Vec<u8> {
    let mut bytes = v1::write(link);
    bytes.extend(checksum(&bytes));
    bytes
}

fn checksum(bytes: &[u8]) -> [u8; CHECKSUM] {
    let mut sum = [0; CHECKSUM];
    sum.copy_from_slice(&blake3::hash(bytes).as_bytes()[..CHECKSUM]);
    sum
}

/// Cause of a wrong checksum: the link is cut off if its content goes on after the end, else altered.
fn damaged(bytes: &[u8]) -> Problem {
    match v1::read(bytes) {
        Err(ReadError::End) => cut_off(),
        Ok((_, rest)) if rest.len() < CHECKSUM => cut_off(),
        _ => damaged_content(),
    }
}

impl From<ReadError> for Problem {
    fn from(error: ReadError) -> Self {
        match error {
            ReadError::Newer(reason) => newer(&reason),
            ReadError::End | ReadError::Foreign(_) => foreign(&error.to_string()),
        }
    }
}

fn wrong(message: impl Into<String>, remedy: &str) -> Problem {
    Problem::new("link", message, remedy)
}

fn not_a_link(text: &str) -> Problem {
    let message = format!("{} is not a link of Ringside", quoted(text));
    wrong(message, "copy the whole link: it has \"#s=1.\" in it")
}

fn newer(what: &str) -> Problem {
    wrong(format!("{what}: it was made by a newer version of Ringside"), "open it with a newer version")
}

fn cut_off() -> Problem {
    wrong("is cut off: its end is missing", "copy the whole link")
}

fn damaged_content() -> Problem {
    wrong("was damaged: its checksum is wrong", "copy the link again")
}

fn foreign(what: &str) -> Problem {
    wrong(format!("was not made by Ringside: {what}"), "ask for a new link")
}
