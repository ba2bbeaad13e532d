//! Claims as data: experiment, quantity, expectation, variations.

use serde::Serialize;

use super::effort::Effort;
use super::table;
use crate::base::problem::Problem;
use crate::config::knob::{Setting, nearest};
use crate::scenario::Scenario;
use crate::scenario::link::{self, Link};
use crate::study::ensemble::{Measure, Unit};

/// Something that a document says of the protocol, and how it is checked.
#[derive(Clone, Copy, Debug)]
pub struct Claim {
    /// Its name: lower case and hyphens.
    pub id: &'static str,
    /// Where it stands.
    pub source: Source,
    /// What it says, in our words, with its figure.
    pub text: &'static str,
    /// What is run: one arm, or two to be compared.
    pub arms: &'static [Arm],
    /// What is read from the runs.
    pub quantity: Quantity,
    /// What is expected of it.
    pub expectation: ClaimExpectation,
    /// Changes of the experiment under which the claim may hold where it does not hold as it stands.
    pub conditions: &'static [Variation],
}

/// Where a claim stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Source {
    /// The number of the seed: `000` or `001`.
    pub seed: &'static str,
    /// The heading in it.
    pub section: &'static str,
}

/// A scenario, as far as it differs from a preset.
#[derive(Clone, Copy, Debug)]
pub struct Arm {
    /// What sets it apart from the other arm; empty where there is none.
    pub label: &'static str,
    /// What it starts from.
    pub preset: &'static str,
    /// Its length, where it is not that of the preset.
    pub rounds: Option<Rounds>,
    /// Knobs to be turned, such as `network.loss=0`.
    pub set: &'static [&'static str],
}

/// How long an experiment is.
#[derive(Clone, Copy, Debug)]
pub struct Rounds {
    /// In full.
    pub full: u32,
    /// When a quick answer is wanted.
    pub quick: u32,
}

/// A change of all arms of an experiment.
#[derive(Clone, Copy, Debug)]
pub struct Variation {
    /// Behind "if": what is changed.
    pub label: &'static str,
    /// What the arms start from instead.
    pub preset: Option<&'static str>,
    /// Knobs to be turned after those of the arms.
    pub set: &'static [&'static str],
}

/// What is read from the runs: a measure, by its name.
#[derive(Clone, Copy, Debug)]
pub enum Quantity {
    /// Of the only arm.
    Value(&'static str),
    /// The first arm less the second, seed by seed.
    Difference(&'static str),
    /// The first arm by the second, seed by seed.
    Ratio(&'static str),
}

/// What is expected of a quantity.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum ClaimExpectation {
    /// The mean is between the two, both included.
    Within(f64, f64),
    /// The mean is not less.
    AtLeast(f64),
    /// The mean is not more.
    AtMost(f64),
    /// A published run had this value, and it is one that such a run may have: 95 of 100 would lie in a range around
    /// it, and that range is narrow enough to say something.
    Typical(f64),
}

impl Claim {
    /// All claims, in the order in which they are told.
    pub fn all() -> impl Iterator<Item = &'static Self> {
        // What the compiler cannot look into, it does not unroll: a search would be 16 kB of comparisons.
        std::hint::black_box(table::GROUPS).iter().flat_map(|group| group.iter())
    }

    /// The claim with this name.
    ///
    /// # Errors
    ///
    /// Where there is none.
    pub fn by_id(id: &str) -> Result<&'static Self, Problem> {
        Self::all().find(|claim| claim.id == id).ok_or_else(|| {
            let ids: Vec<_> = Self::all().map(|claim| claim.id).collect();
            let remedy = match nearest(id, ids.iter().copied()) {
                Some(meant) => format!("did you mean {meant}?"),
                None => "see the list of all claims".to_owned(),
            };
            Problem::new("claim", format!("there is no claim {id:?}"), remedy)
        })
    }

    /// The measure that is read.
    ///
    /// # Errors
    ///
    /// Where the table names one that does not exist.
    pub fn measure(&self) -> Result<&'static Measure, Problem> {
        let (Quantity::Value(name) | Quantity::Difference(name) | Quantity::Ratio(name)) = self.quantity;
        Measure::by_name(name)
    }

    /// What is expected, in words.
    ///
    /// # Errors
    ///
    /// Where the table names a measure that does not exist.
    pub fn expected(&self) -> Result<String, Problem> {
        Ok(self.expectation.describe(self.unit(self.measure()?)))
    }

    /// What the numbers of its value count.
    pub(super) fn unit(&self, measure: &Measure) -> Unit {
        match (self.quantity, measure.unit) {
            (Quantity::Ratio(_), _) => Unit::Factor,
            (Quantity::Difference(_), Unit::Share) => Unit::Points,
            (Quantity::Value(_) | Quantity::Difference(_), unit) => unit,
        }
    }

    /// The scenarios of its arms, changed by a condition where there is one.
    ///
    /// # Errors
    ///
    /// Where the table says something that is not right.
    pub fn scenarios(&self, condition: Option<&Variation>, effort: Effort) -> Result<Vec<Scenario>, Problem> {
        self.arms.iter().map(|arm| arm.scenario(condition, effort)).collect()
    }

    /// The link to the first run of its first arm, at full length: `1.<base64url>`.
    ///
    /// # Errors
    ///
    /// Where the table says something that is not right.
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
        for text in self.set.iter().chain(condition.iter().flat_map(|condition| condition.set)) {
            scenario.with_setting(Setting::parse_text(text)?);
        }
        Ok(scenario)
    }
}
