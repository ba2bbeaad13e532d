//! The forms of commands: name, number and fields of each. Scenarios, links and the page's contract follow this table.
//! Numbers, and the order of fields, are written into links and must never change.

use crate::base::ratio::Ratio;
use crate::base::ring::Arc;
use crate::base::time::Direction;
use crate::config::knob::{Field as _, Kind};
use crate::config::{Behavior, RestartIdentity, StorageFault};
use crate::sim::command::Command;

/// Peers that one command may bring.
pub const MAX_JOIN: u32 = 100_000;

/// What a field of a command holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FieldKind {
    /// A peer, or a place on the ring: sixteen hexadecimal digits.
    Place,
    /// What a knob of this kind holds.
    Value(Kind),
}

/// The form of a command.
pub struct Form {
    /// Its number in links; never reused.
    pub code: u8,
    /// The `kind` in scenarios.
    pub name: &'static str,
    /// Its fields, in the order of links.
    pub fields: &'static [(&'static str, FieldKind)],
    /// The command with these values, one for each field.
    pub build: fn(&[u64]) -> Command,
    /// The values of a command of this form.
    pub values: fn(Command) -> Option<Vec<u64>>,
}

impl Form {
    /// The form with a name.
    #[must_use]
    pub fn by_name(name: &str) -> Option<&'static Self> {
        FORMS.iter().find(|form| form.name == name)
    }

    /// The form with a number.
    #[must_use]
    pub fn by_code(code: u8) -> Option<&'static Self> {
        FORMS.iter().find(|form| form.code == code)
    }

    /// The form of a command, with its values; none for a turned knob, whose form depends on the knob.
    #[must_use]
    pub fn of(command: Command) -> Option<(&'static Self, Vec<u64>)> {
        FORMS.iter().find_map(|form| Some((form, (form.values)(command)?)))
    }
}

const PLACE: FieldKind = FieldKind::Place;
const SHARE: FieldKind = FieldKind::Value(Kind::Share { max: Ratio::ONE });
const CONDUCT: FieldKind = FieldKind::Value(Kind::Choice { options: Behavior::OPTIONS });
const HARM: FieldKind = FieldKind::Value(Kind::Choice { options: StorageFault::OPTIONS });
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
            fields: &[("from", PLACE), ("to", PLACE)],
            build: |values| Command::$variant { arc: Arc { from: values[0], to: values[1] } },
            values: |command| match command {
                Command::$variant { arc } => Some(vec![arc.from, arc.to]),
                _ => None,
            },
        }
    };
}

/// A field from its value; there is one for each.
pub(super) fn field<T: crate::config::knob::Field>(value: Option<u64>) -> T {
    T::from_raw(value.unwrap_or_default())
}

/// All forms but that of a turned knob, which has the number 7.
pub static FORMS: &[Form] = &[
    form!(1 "join" Join { count: JOINING }),
    form!(2 "leave" Leave { peer: PLACE }),
    form!(3 "crash" Crash { peer: PLACE }),
    form!(4 "return" Return { peer: PLACE }),
    form!(5 "cut" Cut arc),
    form!(6 "heal" Heal {}),
    form!(8 "arrive" Arrive { count: JOINING, contacts: count(0, 1_000), coverage: SHARE }),
    form!(9 "expire" Expire { share: SHARE }),
    form!(10 "cut-one-way" CutOneWay arc),
    form!(11 "cut-halves" CutHalves { salt: count(0, u32::MAX) }),
    form!(12 "cut-regions" CutRegions { regions: count(2, 64) }),
    form!(13 "isolate" Isolate { peer: PLACE }),
    form!(14 "flap" Flap { period: count(1, 1_000_000) }),
    form!(15 "hold" Hold { from: PLACE, to: PLACE }),
    form!(16 "release" Release { from: PLACE, to: PLACE }),
    form!(17 "pause" Pause { peer: PLACE }),
    form!(18 "resume" Resume { peer: PLACE }),
    form!(19 "skew" Skew { peer: PLACE, rounds: count(0, 1_000_000), direction: DIRECTION }),
    form!(20 "drift" Drift { peer: PLACE, rate: count(100, 4_000) }),
    form!(21 "lose" Lose { peer: PLACE, share: SHARE }),
    form!(22 "corrupt" Corrupt { peer: PLACE, conduct: CONDUCT }),
    form!(23 "corrupt-share" CorruptShare { share: SHARE, conduct: CONDUCT }),
    form!(24 "sybils" Sybils { near: PLACE, count: JOINING, conduct: CONDUCT }),
    form!(25 "release-one" ReleaseOne { from: PLACE, to: PLACE, place: count(0, 1_000_000) }),
    form!(26 "spoil" Spoil { peer: PLACE, harm: HARM, share: SHARE }),
    form!(27 "spoil-share" SpoilShare { peers: SHARE, harm: HARM, share: SHARE }),
    form!(28 "restart" Restart { peer: PLACE, identity: IDENTITY }),
];

/// The number of a turned knob in links.
pub const SET_CODE: u8 = 7;
/// The `kind` of a turned knob.
pub const SET: &str = "set";
