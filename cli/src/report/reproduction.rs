//! The reproduction status of a link in words.

use clap::builder::styling::{AnsiColor, Style};
use ringside_core::study::simulation::ReproductionStatus;

use crate::text::count;

/// The status as a clause that follows "the link".
pub(crate) fn describe(status: &ReproductionStatus) -> String {
    match status {
        ReproductionStatus::None => "records no outcome".to_owned(),
        ReproductionStatus::Pending { tick } => {
            format!("not checked: the recorded tick is later, reached with --ticks {tick}")
        }
        ReproductionStatus::Reproduced { tick } => {
            format!("reproduced: identical to the bit at tick {}", count(*tick))
        }
        ReproductionStatus::Differs { same_until, tick, expected, found } => format!(
            "differs: identical until tick {}, different at tick {} (recorded {expected}, found {found})",
            count(*same_until),
            count(*tick)
        ),
    }
}

/// A text in the colour of the status.
pub(crate) fn styled(status: &ReproductionStatus, text: &str) -> String {
    let style = match status {
        ReproductionStatus::None => Style::new(),
        ReproductionStatus::Pending { .. } => AnsiColor::Yellow.on_default(),
        ReproductionStatus::Reproduced { .. } => AnsiColor::Green.on_default(),
        ReproductionStatus::Differs { .. } => AnsiColor::Red.on_default(),
    };
    format!("{style}{text}{style:#}")
}
