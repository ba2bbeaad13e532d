//! The values that a knob or a field of a command accepts, as people read them.

use ringside_core::config::knob::{Kind, share_number};

/// The values of a kind: `0 to 10`, `on or off`, `forger, colluder`.
pub(crate) fn describe(kind: Kind) -> String {
    match kind {
        Kind::Count { min, max } => format!("{min} to {max}"),
        Kind::Share { max } => format!("0 to {}", share_number(max)),
        Kind::Switch => "on or off".to_owned(),
        Kind::Choice { options } => options.join(", "),
    }
}
