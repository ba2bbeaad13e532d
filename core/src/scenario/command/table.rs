//! Table of the forms of commands: code, name and fields.
//!
//! Scenarios, links and the page's contract follow this table. Codes and the order of fields are part of the
//! link format and never change.

use crate::base::ratio::Ratio;
use crate::base::ring::Arc;
use crate::base::time::Direction;
use crate::config::knob::{Field as _, Kind};
use crate::config::{Behavior, RestartIdentity, StorageFault};
use crate::sim::command::Command;

/// Maximum number of peers that a command may add.
pub const MAX_JOIN: u32 = 100_000;

/// Kind of a field of a command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FieldKind {
    /// A position on the ring, often the id of a peer: sixteen hexadecimal digits.
    Position,
    /// A value of a kind of knob.
    Value(Kind),
}

/// The form of a command.
pub struct Form {
    /// Code in links; never reused.
    pub code: u8,
    /// The `kind` in scenarios.
    pub name: &'static str,
    /// Fields in the order of links.
    pub fields: &'static [(&'static str, FieldKind)],
    /// Builds the command from one value for each field.
    pub build: fn(&[u64]) -> Command,
    /// Values of the fields of a command; `None` if it has another form.
    pub values: fn(Command) -> Option<Vec<u64>>,
}

impl Form {
    /// The form with a name.
    #[must_use]
    pub fn by_name(name: &str) -> Option<&'static Self> {
        FORMS.iter().find(|form| form.name == name)
    }

    /// The form with a code.
    #[must_use]
    pub(crate) fn by_code(code: u8) -> Option<&'static Self> {
        FORMS.iter().find(|form| form.code == code)
    }

    /// Form and values of a command; `None` for `set`, whose fields depend on the knob.
    #[must_use]
    pub fn of(command: Command) -> Option<(&'static Self, Vec<u64>)> {
        FORMS.iter().find_map(|form| Some((form, (form.values)(command)?)))
    }
}

const POSITION: FieldKind = FieldKind::Position;
const SHARE: FieldKind = FieldKind::Value(Kind::Share { max: Ratio::ONE });
const BEHAVIOR: FieldKind = FieldKind::Value(Kind::Choice { options: Behavior::OPTIONS });
const FAULT: FieldKind = FieldKind::Value(Kind::Choice { options: StorageFault::OPTIONS });
const IDENTITY: FieldKind = FieldKind::Value(Kind::Choice { options: RestartIdentity::OPTIONS });
const DIRECTION: FieldKind = FieldKind::Value(Kind::Choice { options: Direction::OPTIONS });
const JOINING: FieldKind = count(1, MAX_JOIN);

const fn count(min: u32, max: u32) -> FieldKind {
    FieldKind::Value(Kind::Count { min, max })
}

macro_rules! form {
    ($code:literal $name:literal $variant:ident { $($field:ident: $kind:expr),* }) => {
        Form {
            code: $code,
            name: $name,
            fields: &[$((stringify!($field), $kind)),*],
            build: |values| {
                #[allow(unused_mut, unused_variables, reason = "some forms have no fields")]
                let mut values = values.iter().copied();
                Command::$variant { $($field: super::table::field(values.next())),* }
            },
            values: |command| match command {
                Command::$variant { $($field),* } => Some(vec![$($field.raw()),*]),
                _ => None,
            },
        }
    };
    ($code:literal $name:literal $variant:ident arc) => {
        Form {
            code: $code,
            name: $name,
            fields: &[("from", POSITION), ("to", POSITION)],
            build: |values| {
                debug_assert_eq!(values.len(), 2, "an arc has two ends");
                Command::$variant { arc: Arc { from: values[0], to: values[1] } }
            },
            values: |command| match command {
                Command::$variant { arc } => Some(vec![arc.from, arc.to]),
                _ => None,
            },
        }
    };
}

/// A field from its value. Every field has a value: the callers build commands by the table.
pub(super) fn field<T: crate::config::knob::Field>(value: Option<u64>) -> T {
    debug_assert!(value.is_some(), "a value for each field");
    T::from_raw(value.unwrap_or_default())
}

/// All forms but `set`, which has the code 7.
pub static FORMS: &[Form] = &[
    form!(1 "join" Join { count: JOINING }),
    form!(2 "leave" Leave { peer: POSITION }),
    form!(3 "crash" Crash { peer: POSITION }),
    form!(4 "return" Return { peer: POSITION }),
    form!(5 "cut" Cut arc),
    form!(6 "heal" Heal {}),
    form!(8 "arrive" Arrive { count: JOINING, contacts: count(0, 1_000), coverage: SHARE }),
    form!(9 "expire" Expire { share: SHARE }),
    form!(10 "cut-one-way" CutOneWay arc),
    form!(11 "cut-halves" CutHalves { salt: count(0, u32::MAX) }),
    form!(12 "cut-regions" CutRegions { regions: count(2, 64) }),
    form!(13 "isolate" Isolate { peer: POSITION }),
    form!(14 "flap" Flap { period: count(1, 1_000_000) }),
    form!(15 "hold" Hold { from: POSITION, to: POSITION }),
    form!(16 "release" Release { from: POSITION, to: POSITION }),
    form!(17 "pause" Pause { peer: POSITION }),
    form!(18 "resume" Resume { peer: POSITION }),
    form!(19 "skew" Skew { peer: POSITION, rounds: count(0, 1_000_000), direction: DIRECTION }),
    form!(20 "drift" Drift { peer: POSITION, rate: count(100, 4_000) }),
    form!(21 "lose" Lose { peer: POSITION, share: SHARE }),
    form!(22 "corrupt" Corrupt { peer: POSITION, conduct: BEHAVIOR }),
    form!(23 "corrupt-share" CorruptShare { share: SHARE, conduct: BEHAVIOR }),
    form!(24 "sybils" Sybils { near: POSITION, count: JOINING, conduct: BEHAVIOR }),
    form!(25 "release-one" ReleaseOne { from: POSITION, to: POSITION, place: count(0, 1_000_000) }),
    form!(26 "spoil" Spoil { peer: POSITION, harm: FAULT, share: SHARE }),
    form!(27 "spoil-share" SpoilShare { peers: SHARE, harm: FAULT, share: SHARE }),
    form!(28 "restart" Restart { peer: POSITION, identity: IDENTITY }),
    form!(40 "submit" Submit { peer: POSITION, tokens: count(1, 6), versions: count(1, 8) }),
];

/// Code of `set` in links.
pub const SET_CODE: u8 = 7;
/// The `kind` of `set` in scenarios.
pub const SET: &str = "set";
