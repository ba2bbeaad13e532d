//! Sections of the help that several commands share.

use ringside_core::study::ensemble::{MEASURES, Measure};

/// The forms of an experiment.
pub(crate) const TARGETS: &str = "\
Experiments:
  a preset    lifecycle                   see `ringside presets`
  a file      experiment.json             or - for standard input
  a link      '#s=1.AQID...'              or the page's whole URL, or the part after \"#s=\"
To open a file that has the name of a preset, write ./name. Every key of a JSON file is optional:
  {
    \"preset\": \"lifecycle\",
    \"seed\": \"42\",
    \"rounds\": 500,
    \"set\": { \"network\": { \"loss\": 0.05 } },
    \"commands\": [{ \"at\": 100, \"kind\": \"join\", \"count\": 5 }]
  }";

pub(crate) const EXIT_CODES: &str = "\
Exit codes:
  0  success
  1  the run differs from the outcome that its link records
  2  unusable input (nothing was run), or an output that cannot be written";

/// The measures that `--measure` accepts.
pub(crate) fn measures() -> String {
    let line = |measure: &Measure| format!("\n  {:<26}{}", measure.name, measure.title);
    format!("Measures:{}", MEASURES.iter().map(line).collect::<String>())
}
