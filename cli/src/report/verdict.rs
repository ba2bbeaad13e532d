//! A verdict in words.

use clap::builder::styling::{AnsiColor, Style};
use ringside_core::simulation::Verdict;

use crate::text::count;

/// What a verdict says.
pub(crate) fn verdict_sentence(verdict: &Verdict) -> String {
    match verdict {
        Verdict::None => "claims nothing".to_owned(),
        Verdict::Pending { tick } => {
            format!("not checked: the claim is about a later tick, reached with --ticks {tick}")
        }
        Verdict::Reproduced { tick } => format!("reproduced: bit for bit the same at tick {}", count(*tick)),
        Verdict::Differs { same_until, tick, expected, found } => format!(
            "differs: the same until tick {}, another at tick {} (claimed {expected}, found {found})",
            count(*same_until),
            count(*tick)
        ),
    }
}

/// A text about a verdict in the colour of that verdict.
pub(crate) fn styled(verdict: &Verdict, text: &str) -> String {
    let style = match verdict {
        Verdict::None => Style::new(),
        Verdict::Pending { .. } => AnsiColor::Yellow.on_default(),
        Verdict::Reproduced { .. } => AnsiColor::Green.on_default(),
        Verdict::Differs { .. } => AnsiColor::Red.on_default(),
    };
    format!("{style}{text}{style:#}")
}
