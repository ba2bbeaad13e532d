//! Claims as data: experiment, quantity, expectation, variations.

use serde::Serialize;

use super::effort::Effort;
use crate::base::problem::Problem;
use crate::base::time::Tick;
use crate::config::knob::Setting;
use crate::scenario::Scenario;
use crate::scenario::link::{self, Link};
use crate::sim::command::{Command, TimedCommand};
use crate::study::ensemble::{Measure, Unit};

/// A statement of a document about the protocol, and the experiment that checks it.
#[derive(Clone, Copy, Debug)]
pub struct Claim {
    /// Its name: lower case and hyphens.
    pub id: &'static str,
    /// Document and heading.
    pub source: Source,
    /// Statement in our words, with its figure.
    pub text: &'static str,
    /// Experiment: one arm, or two to compare.
    pub arms: &'static [Arm],
    /// Quantity read from the runs.
    pub quantity: Quantity,
    /// Expected value.
    pub expectation: ClaimExpectation,
    /// Variations of the experiment under which the claim may hold if it does not hold as it stands.
    pub conditions: &'static [Variation],
}

/// Source of a claim.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Source {
    /// Number of the document: `000` to `004`.
    pub seed: &'static str,
    /// The heading in it.
    pub section: &'static str,
}

/// A scenario, as far as it differs from a preset.
#[derive(Clone, Copy, Debug)]
pub struct Arm {
    /// Difference from the other arm; empty for a single arm.
    pub label: &'static str,
    /// Name of the preset.
    pub preset: &'static str,
    /// Length, if it differs from the preset's.
    pub rounds: Option<Rounds>,
    /// Knobs to be turned, such as `network.loss=0`.
    pub set: &'static [&'static str],
    /// Knobs to be turned after those, by which the arm differs from a sibling.
    pub further: &'static [&'static str],
    /// What happens during the run, in the order of time.
    pub faults: &'static [Fault],
}

/// A fault of an experiment.
#[derive(Clone, Copy, Debug)]
pub struct Fault {
    /// Round after which it happens.
    pub round: u32,
    /// The fault.
    pub kind: FaultKind,
}

/// Kind of a fault.
#[derive(Clone, Copy, Debug)]
pub enum FaultKind {
    /// A knob is turned, such as `network.loss=0`.
    Set(&'static str),
    /// No message passes between two halves of the peers.
    CutHalves,
    /// The partition ends.
    Heal,
}

/// Length of an experiment, in rounds.
#[derive(Clone, Copy, Debug)]
pub struct Rounds {
    /// In full.
    pub full: u32,
    /// When a quick answer is wanted.
    pub quick: u32,
}

/// A variation: a change of all arms of an experiment.
#[derive(Clone, Copy, Debug)]
pub struct Variation {
    /// Label behind "if".
    pub label: &'static str,
    /// Preset that replaces the one of the arms.
    pub preset: Option<&'static str>,
    /// Knobs to be turned after those of the arms.
    pub set: &'static [&'static str],
}

/// Quantity of an experiment: a measure by name, or a comparison of it.
#[derive(Clone, Copy, Debug)]
pub enum Quantity {
    /// Of the only arm.
    Value(&'static str),
    /// The first arm less the second, seed by seed.
    Difference(&'static str),
    /// The first arm by the second, seed by seed.
    Ratio(&'static str),
}

/// Expected value of a quantity.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum ClaimExpectation {
    /// The mean is between the two, both included.
    Within(f64, f64),
    /// The mean is not less.
    AtLeast(f64),
    /// The mean is not more.
    AtMost(f64),
    /// A published run had this value, and it is one that such a run may have: 95 of 100 would lie in a range
    /// around it, and that range is narrow enough to say something.
    Typical(f64),
}

impl Claim {
    /// Name of its experiment, such as `E2-1`: what stands before the colon of the heading, in the
    /// experiments of documents 002 to 004; `None` for other claims.
    #[must_use]
    pub fn experiment(&self) -> Option<&'static str> {
        let Source { seed, section } = self.source;
        section.split_once(':').map(|parts| parts.0).filter(|_| matches!(seed, "002" | "003" | "004"))
    }

    /// The measure that is read.
    ///
    /// # Errors
    ///
    /// The table names a measure that does not exist.
    pub fn measure(&self) -> Result<&'static Measure, Problem> {
        let (Quantity::Value(name) | Quantity::Difference(name) | Quantity::Ratio(name)) = self.quantity;
        Measure::by_name(name)
    }

    /// The expectation in words.
    ///
    /// # Errors
    ///
    /// The table names a measure that does not exist.
    pub fn expected(&self) -> Result<String, Problem> {
        Ok(self.expectation.describe(self.unit(self.measure()?)))
    }

    /// Unit of its value.
    pub(super) fn unit(&self, measure: &Measure) -> Unit {
        match (self.quantity, measure.unit) {
            (Quantity::Ratio(_), _) => Unit::Factor,
            (Quantity::Difference(_), Unit::Share) => Unit::Points,
            (Quantity::Value(_) | Quantity::Difference(_), unit) => unit,
        }
    }

    /// Scenarios of its arms, changed by a variation if there is one.
    ///
    /// # Errors
    ///
    /// The table names an invalid setting.
    pub fn scenarios(&self, condition: Option<&Variation>, effort: Effort) -> Result<Vec<Scenario>, Problem> {
        self.arms.iter().map(|arm| arm.scenario(condition, effort)).collect()
    }

    /// The link to the first run of its first arm, at full length: `1.<base64url>`.
    ///
    /// # Errors
    ///
    /// The table names an invalid setting.
    pub fn link(&self) -> Result<String, Problem> {
        let scenario = self.arms[0].scenario(None, Effort::full())?;
        link::encode(&Link { scenario, claim: None })
    }
}

impl Arm {
    fn scenario(&self, condition: Option<&Variation>, effort: Effort) -> Result<Scenario, Problem> {
        let preset = condition.and_then(|condition| condition.preset).unwrap_or(self.preset);
        let mut scenario = Scenario::preset(preset)?;
        scenario.rounds = match self.rounds {
            Some(rounds) if effort.quick => rounds.quick,
            Some(rounds) => rounds.full,
            None => scenario.rounds,
        };
        let varied = condition.iter().flat_map(|condition| condition.set);
        for text in self.set.iter().chain(self.further).chain(varied) {
            scenario.with_setting(Setting::parse_text(text)?);
        }
        let ticks = u64::from(scenario.config.time.ticks_per_round);
        for Fault { round, kind } in self.faults.iter().filter(|fault| fault.round < scenario.rounds) {
            let command = match kind {
                FaultKind::Set(text) => Command::Set(Setting::parse_text(text)?),
                FaultKind::CutHalves => Command::CutHalves { salt: 1 },
                FaultKind::Heal => Command::Heal,
            };
            scenario.commands.push(TimedCommand { at: Tick(u64::from(*round) * ticks), command });
        }
        Ok(scenario)
    }
}
