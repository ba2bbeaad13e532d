//! Knobs: every parameter of a run by its path, with range, unit and meaning.
//!
//! Scenarios, links, the command line and the page's panel read [`KNOBS`](super::KNOBS), the only door into
//! [`Config`](super::Config).
//!
//! | module | content |
//! |---|---|
//! | `kind` | [`Kind`], [`KnobValue`]: types of knobs and their values |
//! | `row` | [`Knob`], [`Setting`], [`KnobView`]: a row of the table, alone and with a value |
//! | `field` | [`Field`]: fields of the configuration and of commands as numbers |
//! | `declare` | the macros `section!` and `options!`, in which the rows are written |

pub(crate) mod declare;
mod field;
mod kind;
mod row;
#[cfg(test)]
mod tests;

pub use self::field::Field;
pub use self::kind::{Kind, KnobValue, share_number};
pub use self::row::{Knob, KnobView, Setting};
