//! Expectations of a scenario file about its run. Links do not carry them: they do not shape the run.

use super::Scenario;
use crate::base::decimal::Decimal;

/// A scenario file: a scenario and the expectations of its run.
#[derive(Clone, Debug, PartialEq)]
pub struct Trial {
    /// Title, if the file has one.
    pub title: Option<String>,
    /// The scenario.
    pub scenario: Scenario,
    /// Expectations that the run must meet.
    pub expect: Vec<Expectation>,
}

/// An expectation of a run.
#[derive(Clone, Debug, PartialEq)]
pub enum Expectation {
    /// A number of the report lies within bounds.
    Measure {
        /// Rounds after which it is measured; at the end if `None`.
        at: Option<u32>,
        /// Path of the number in the report: `shape.mutual_islands.count`.
        path: String,
        /// Bounds, at least one.
        bounds: Vec<Bound>,
    },
    /// Safety properties hold in every round, and liveness properties at the end.
    Invariants,
}

/// Bound of a number.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Bound {
    /// Minimum.
    AtLeast(f64),
    /// Maximum.
    AtMost(f64),
    /// Exact value, within 10^-9.
    Equals(f64),
}

impl Bound {
    /// Whether a number lies within the bound.
    #[must_use]
    pub fn holds(self, number: f64) -> bool {
        match self {
            Self::AtLeast(least) => number >= least,
            Self::AtMost(most) => number <= most,
            Self::Equals(wanted) => (number - wanted).abs() < 1e-9,
        }
    }

    /// The bound in words.
    #[must_use]
    pub fn words(self) -> String {
        match self {
            Self::AtLeast(least) => format!("at least {}", Decimal(least)),
            Self::AtMost(most) => format!("at most {}", Decimal(most)),
            Self::Equals(wanted) => format!("equal to {}", Decimal(wanted)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bounds_hold_at_their_ends() {
        assert!(Bound::AtLeast(2.0).holds(2.0) && !Bound::AtLeast(2.0).holds(1.9));
        assert!(Bound::AtMost(2.0).holds(2.0) && !Bound::AtMost(2.0).holds(2.1));
        assert!(Bound::Equals(0.3).holds(0.1 + 0.2) && !Bound::Equals(2.0).holds(2.001));
        assert_eq!(Bound::AtLeast(0.5).words(), "at least 0.5");
    }
}
