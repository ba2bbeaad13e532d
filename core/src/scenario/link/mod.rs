//! Share links: `#s=1.` and a scenario in base64url, with what its author's run came to.
//!
//! Every scenario has exactly one link, every link that opens is the link of what it opens, and links of every released
//! version open for ever. A damaged link is refused with the reason: it never opens another run.

mod bytes;
#[cfg(test)]
mod tests;
mod v1;

use base64ct::{Base64UrlUnpadded, Encoding};

use self::bytes::Fault;
use super::command::MAX_TICK;
use super::{MAX_ROUNDS, Scenario};
use crate::base::digest::Fingerprint;
use crate::base::mutant::Mutant;
use crate::base::problem::Problem;
use crate::base::problem::quoted;
use crate::base::sort;
use crate::base::time::Tick;

/// The longest payload, in characters. Browsers take longer addresses; little else does.
pub const MAX_LENGTH: usize = 64_000;
/// Checkpoints that a claim may carry.
pub const MAX_CHECKPOINTS: usize = 8;

/// Bytes of the checksum: the first ones of the BLAKE3 hash of all bytes before it.
const CHECKSUM: usize = 4;

/// What a link carries.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// What to run.
    pub scenario: Scenario,
    /// What its author's run came to.
    pub claim: Option<RecordedOutcome>,
}

/// What a run came to, so that whoever opens the link can tell whether theirs is the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordedOutcome {
    /// When the link was made.
    pub tick: Tick,
    /// The state of the world at that tick.
    pub fingerprint: Fingerprint,
    /// Earlier states, in ascending order of rounds, at most [`MAX_CHECKPOINTS`]: they tell where two runs part.
    pub ladder: Vec<Checkpoint>,
}

/// All that has happened up to the end of a round, in short.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Checkpoint {
    /// Completed rounds.
    pub round: u64,
    /// A digest of the trace so far.
    pub trace: u32,
}

impl RecordedOutcome {
    /// A claim with as many of the checkpoints as it may carry, evenly spread, the last one among them.
    #[must_use]
    pub fn new(tick: Tick, fingerprint: Fingerprint, mut checkpoints: Vec<Checkpoint>) -> Self {
        sort::sort_by_key(&mut checkpoints, |checkpoint| checkpoint.round);
        checkpoints.dedup_by_key(|checkpoint| checkpoint.round);
        let kept = checkpoints.len().min(MAX_CHECKPOINTS);
        let ladder = (1..=kept).map(|step| checkpoints[step * checkpoints.len() / kept - 1]).collect();
        Self { tick, fingerprint, ladder }
    }

    fn is_right(&self) -> bool {
        self.tick.0 <= MAX_TICK
            && self.ladder.len() <= MAX_CHECKPOINTS
            && self.ladder.is_sorted_by(|earlier, later| earlier.round < later.round)
            && self.ladder.iter().all(|checkpoint| checkpoint.round <= MAX_ROUNDS.into())
    }
}

/// The payload of a link, `1.xxxx`, to be put behind `#s=`.
///
/// # Errors
///
/// Where the scenario or the claim is not right, or so large that it does not fit into a link.
pub fn encode(link: &Link) -> Result<String, Problem> {
    if let Some(problem) = link.scenario.check().into_iter().next() {
        return Err(problem);
    }
    if !link.claim.as_ref().is_none_or(RecordedOutcome::is_right) {
        return Err(wrong("the claim is out of range", "make it from a run of this scenario"));
    }
    let payload = format!("1.{}", Base64UrlUnpadded::encode_string(&sealed(link)));
    if payload.len() > MAX_LENGTH {
        let message = format!("the scenario would make a link of {} characters", payload.len());
        return Err(wrong(message, "share it as a file"));
    }
    Ok(payload)
}

/// Opens a link: a whole address, what follows its `#`, or the payload alone. Other readable parameters of the address
/// are left alone.
///
/// # Errors
///
/// Where it is not, or no longer, a link that [`encode`] made; with the reason and a remedy.
pub fn decode(text: &str) -> Result<Link, Problem> {
    let bytes = bytes_of(payload(text.trim())?)?;
    let body = bytes.len().checked_sub(CHECKSUM).and_then(|length| bytes.split_at_checked(length));
    let Some((body, _)) =
        body.filter(|(body, sum)| checksum(body) == *sum || Mutant::DamageOverlooked.is_active())
    else {
        return Err(damaged(&bytes));
    };
    let (link, rest) = v1::read(body).map_err(problem_of)?;
    if !rest.is_empty() {
        return Err(foreign("there is more in it than a scenario"));
    }
    if let Some(problem) = link.scenario.check().into_iter().next() {
        return Err(foreign(&format!("{}: {}", problem.path, problem.message)));
    }
    // The reader has refused most of what the writer would not write; this is all the rest.
    if !link.claim.as_ref().is_none_or(RecordedOutcome::is_right) || sealed(&link) != bytes {
        return Err(foreign("its content could be written shorter or in another order"));
    }
    Ok(link)
}

/// What stands behind `s=`, or the whole text.
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

/// The bytes of a payload of the one version that there is.
fn bytes_of(payload: &str) -> Result<Vec<u8>, Problem> {
    let Some((version, data)) = payload.split_once('.') else { return Err(not_a_link(payload)) };
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
        // Counted from the start of the payload, from 1, as people count.
        let place = version.len() + 1 + index + 1;
        let message = format!("has {} as character {place}", quoted(&character.to_string()));
        return Err(wrong(message, "copy the link again: there are only letters, digits, - and _ in it"));
    }
    // Six bits make no byte.
    if data.len() % 4 == 1 {
        return Err(cut_off());
    }
    Base64UrlUnpadded::decode_vec(data).map_err(|_| damaged(&whole_bytes(data)))
}

/// The whole bytes of a text whose last character holds bits that belong to no byte.
fn whole_bytes(data: &str) -> Vec<u8> {
    let padded = format!("{data}{}", "A".repeat(4 - data.len() % 4));
    let mut bytes = Base64UrlUnpadded::decode_vec(&padded).unwrap_or_default();
    bytes.truncate(data.len() * 3 / 4);
    bytes
}

/// The bytes of a link, checksum included.
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

/// Why a checksum is wrong: where the content goes on behind the end, the rest is missing.
fn damaged(bytes: &[u8]) -> Problem {
    match v1::read(bytes) {
        Err(Fault::End) => cut_off(),
        Ok((_, rest)) if rest.len() < CHECKSUM => cut_off(),
        _ => altered(),
    }
}

fn problem_of(fault: Fault) -> Problem {
    match fault {
        Fault::End => foreign("it ends too early"),
        Fault::Newer(what) => newer(&what),
        Fault::Foreign(what) => foreign(what),
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

fn altered() -> Problem {
    wrong("was altered on its way: its checksum is wrong", "copy the link again")
}

fn foreign(what: &str) -> Problem {
    wrong(format!("was not made by Ringside: {what}"), "ask for a new link")
}
