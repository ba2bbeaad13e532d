//! A verdict in words.

use clap::builder::styling::{AnsiColor, Style};
use ringside_core::study::simulation::ReproductionStatus;

use crate::text::count;

/// What a verdict says.
pub(crate) fn verdict_sentence(verdict: &ReproductionStatus) -> String {
    match verdict {
        ReproductionStatus::None => "claims nothing".to_owned(),
        ReproductionStatus::Pending { tick } => {
            format!("not checked: the claim is about a later tick, reached with --ticks {tick}")
        }
        ReproductionStatus::Reproduced { tick } => {
            format!("reproduced: bit for bit the same at tick {}", count(*tick))
        }
        ReproductionStatus::Differs { same_until, tick, expected, found } => format!(
            "differs: the same until tick {}, another at tick {} (claimed {expected}, found {found})",
            count(*same_until),
            count(*tick)
        ),
    }
}

/// A text about a verdict in the colour of that verdict.
pub(crate) fn styled(verdict: &ReproductionStatus, text: &str) -> String {
    let style = match verdict {
        ReproductionStatus::None => Style::new(),
        ReproductionStatus::Pending { .. } => AnsiColor::Yellow.on_default(),
        ReproductionStatus::Reproduced { .. } => AnsiColor::Green.on_default(),
        ReproductionStatus::Differs { .. } => AnsiColor::Red.on_default(),
    };
    format!("{style}{text}{style:#}")
}
