//! Sensitivity: the seven parameters that document 000 lists for tuning, varied one at a time.
//!
//! Each is varied in a world in which it can bind: a budget of peers where more of them are met than fit, a
//! timeout where runs outlast it. In the published world of 30 peers and 200 ticks, three of the seven have
//! no effect whatever their value.

use serde::Serialize;

use super::ensemble::{Job, Measure, RunValues, Study, Summary, Unit, take_complete};
use crate::base::problem::Problem;
use crate::config::knob::{Knob, Setting};
use crate::scenario::Scenario;

/// Preset whose parameters are varied.
pub const PRESET: &str = "next";

/// A parameter, the world in which it is varied, and what is read from it.
#[derive(Clone, Copy, Debug)]
pub struct Parameter {
    /// Path of its knob.
    pub path: &'static str,
    /// The world in words, and why the parameter can bind in it.
    pub world: &'static str,
    /// Name of the measure that is read at the end.
    pub measure: &'static str,
    settings: &'static [&'static str],
    rounds: u32,
    /// In ascending order; the value of the preset is one of them.
    values: &'static [u64],
}

/// Document 000, "Parameters Requiring Tuning".
pub static PARAMETERS: [Parameter; 7] = [
    Parameter {
        path: "election.per_round",
        world: "15 rounds, in which peers are still being discovered",
        measure: "known",
        settings: &[],
        rounds: 15,
        values: &[1, 2, 3, 6, 12],
    },
    Parameter {
        path: "peers.identified_capacity",
        world: "200 peers, more than fit, with the tokens of 18,000 around each in its view",
        measure: "completion",
        settings: &["genesis.peers=200", "tokens.view_min=18000"],
        rounds: 40,
        values: &[5, 10, 20, 50, 100, 5_000],
    },
    Parameter {
        path: "peers.sample_capacity",
        world: "200 rounds, in which far more tokens are seen than fit",
        measure: "completion",
        settings: &[],
        rounds: 200,
        values: &[10, 30, 100, 300, 1_000, 4_000],
    },
    Parameter {
        path: "peers.invitations_per_round",
        world: "60 rounds, in which connections are still being made",
        measure: "connected_growth",
        settings: &[],
        rounds: 60,
        values: &[1, 2, 3, 6, 12],
    },
    Parameter {
        path: "peers.connection_timeout_rounds",
        world: "400 rounds in which messages keep connections alive, longer than most of the timeouts",
        measure: "connected",
        settings: &["peers.keepalive=on"],
        rounds: 400,
        values: &[10, 25, 50, 100, 300, 10_000],
    },
    Parameter {
        path: "election.timeout_rounds",
        world: "200 rounds, and a tenth of all messages lost",
        measure: "completion",
        settings: &["network.loss=0.1"],
        rounds: 200,
        values: &[5, 10, 25, 50, 100, 400],
    },
    Parameter {
        path: "peers.pending_timeout_rounds",
        world: "400 rounds, longer than most of the timeouts, and a tenth of all messages lost",
        measure: "pending",
        settings: &["network.loss=0.1"],
        rounds: 400,
        values: &[10, 25, 50, 100, 300, 1_000],
    },
];

impl Parameter {
    /// The parameter with a path.
    #[must_use]
    pub fn by_path(path: &str) -> Option<&'static Self> {
        PARAMETERS.iter().find(|one| one.path == path)
    }

    /// Values with their scenarios, in ascending order.
    ///
    /// # Errors
    ///
    /// The table names an invalid setting.
    pub fn arms(&self) -> Result<Vec<(u64, Scenario)>, Problem> {
        let arm = |value: &u64| {
            let mut scenario = Scenario::preset(PRESET)?;
            scenario.rounds = self.rounds;
            for text in self.settings {
                scenario.with_setting(Setting::parse_text(text)?);
            }
            scenario.with_setting(Setting::parse_text(&format!("{}={value}", self.path))?);
            Ok((*value, scenario))
        };
        self.values.iter().map(arm).collect()
    }

    fn usual(&self) -> Result<u64, Problem> {
        let knob = Knob::by_path(self.path).ok_or_else(|| Problem::new(self.path, "is no knob", ""))?;
        Ok(knob.setting(&Scenario::preset(PRESET)?.config).raw())
    }
}

/// What a measure does over the values of a parameter.
#[derive(Clone, Debug, Serialize)]
pub struct Curve {
    /// Path of the knob.
    pub path: &'static str,
    /// The world in words.
    pub world: &'static str,
    /// Title of the measure.
    pub measure: &'static str,
    /// Its unit.
    pub unit: Unit,
    /// In ascending order of value.
    pub points: Vec<Point>,
    /// The last point less the first, seed by seed.
    pub effect: Summary,
    /// The effect in one sentence.
    pub sentence: String,
}

/// A value of a parameter and what the measure is with it.
#[derive(Clone, Debug, Serialize)]
pub struct Point {
    /// The value.
    pub value: u64,
    /// Whether it is that of the preset.
    pub is_usual: bool,
    /// The measure over the seeds.
    pub summary: Summary,
    /// The same in words.
    pub text: String,
}

/// Curves of some parameters in progress: gives out jobs, takes in their outcomes, and reports curves.
#[derive(Debug)]
pub struct Sensitivity {
    /// Parameters without a reported curve.
    open: Vec<&'static Parameter>,
    seeds: u32,
    study: Study,
}

impl Sensitivity {
    /// The curves of these parameters over a number of seeds, from 1 upward.
    ///
    /// # Errors
    ///
    /// The table names an invalid setting.
    pub fn new(parameters: Vec<&'static Parameter>, seeds: u32) -> Result<Self, Problem> {
        let mut study = Study::default();
        for parameter in &parameters {
            let measure = Measure::by_name(parameter.measure)?;
            for (_, scenario) in parameter.arms()? {
                study.want(&scenario, seeds, &[measure])?;
            }
        }
        Ok(Self { open: parameters, seeds, study })
    }

    /// The runs that are still to be made, each on its own.
    pub fn jobs(&self) -> impl Iterator<Item = Job> {
        self.study.jobs()
    }

    /// Number of runs in all.
    #[must_use]
    pub const fn size(&self) -> usize {
        self.study.size()
    }

    /// Stores the values of a run.
    pub fn put(&mut self, outcome: RunValues) {
        self.study.put(outcome);
    }

    /// Curves whose runs are complete and that were not reported yet, in the order of the parameters.
    ///
    /// # Errors
    ///
    /// The table names an invalid setting.
    pub fn news(&mut self) -> Result<Vec<Curve>, Problem> {
        let mut open = std::mem::take(&mut self.open);
        let news = take_complete(&mut open, |parameter| self.curve(parameter));
        self.open = open;
        news
    }

    /// `None` while a run is missing.
    fn curve(&self, parameter: &Parameter) -> Result<Option<Curve>, Problem> {
        let measure = Measure::by_name(parameter.measure)?;
        let usual = parameter.usual()?;
        let arms = parameter.arms()?;
        let values = |(_, scenario): &(u64, Scenario)| self.study.values(scenario, self.seeds, measure);
        let Some(found) = arms.iter().map(values).collect::<Option<Vec<_>>>() else { return Ok(None) };
        let point = |((value, _), values): (&(u64, Scenario), &Vec<Option<f64>>)| {
            let summary = Summary::of(values, measure.unit.scale());
            Point {
                value: *value,
                is_usual: *value == usual,
                summary,
                text: measure.unit.write_summary(&summary),
            }
        };
        let points: Vec<Point> = arms.iter().zip(&found).map(point).collect();
        let effect = effect(&found, measure.unit);
        let sentence = sentence(&points, &effect, measure.unit);
        let Parameter { path, world, .. } = *parameter;
        Ok(Some(Curve { path, world, measure: measure.title, unit: measure.unit, points, effect, sentence }))
    }
}

/// The last arm less the first, seed by seed.
fn effect(arms: &[Vec<Option<f64>>], unit: Unit) -> Summary {
    let (first, last) = (arms.first().into_iter().flatten(), arms.last().into_iter().flatten());
    let pairs: Vec<Option<f64>> = last.zip(first).map(|(last, first)| Some((*last)? - (*first)?)).collect();
    Summary::of(&pairs, difference(unit).scale())
}

const fn difference(unit: Unit) -> Unit {
    match unit {
        Unit::Share => Unit::Points,
        other => other,
    }
}

fn sentence(points: &[Point], effect: &Summary, unit: Unit) -> String {
    let [Some(first), Some(last)] = [points.first(), points.last()] else { return String::new() };
    let range = format!("From {} to {}", first.value, last.value);
    let (Some(mean), Some(low), Some(high)) = (effect.mean, effect.low, effect.high) else {
        return format!("{range}: too few runs to tell.");
    };
    let written = difference(unit).write_summary(effect);
    if low > 0.0 {
        format!("{range} it rises by {written}.")
    } else if high < 0.0 {
        let fall = Summary { mean: Some(-mean), low: Some(-high), high: Some(-low), ..*effect };
        format!("{range} it falls by {}.", difference(unit).write_summary(&fall))
    } else {
        format!("{range} it changes by {written}: no effect that these runs show.")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_parameter_is_varied_around_its_usual_value() {
        for parameter in &PARAMETERS {
            let arms = parameter.arms().unwrap();
            assert!(arms.is_sorted_by_key(|(value, _)| *value), "{}", parameter.path);
            let usual = parameter.usual().unwrap();
            assert!(arms.iter().any(|(value, _)| *value == usual), "{} is {usual}", parameter.path);
            assert!(arms.iter().all(|(_, scenario)| scenario.check().is_empty()));
            assert!(Measure::by_name(parameter.measure).is_ok());
        }
    }

    fn curve(path: &str) -> Curve {
        let mut study = Sensitivity::new(vec![Parameter::by_path(path).unwrap()], 2).unwrap();
        assert!(study.news().unwrap().is_empty(), "no run was made");
        let outcomes: Vec<RunValues> = study.jobs().map(|job| job.run()).collect();
        assert_eq!(outcomes.len(), study.size());
        outcomes.into_iter().for_each(|outcome| study.put(outcome));
        let curve = study.news().unwrap().remove(0);
        assert!(study.news().unwrap().is_empty(), "a curve is reported once");
        curve
    }

    #[test]
    fn a_curve_has_the_effect_of_its_ends() {
        let curve = curve("election.per_round");
        let means: Vec<f64> = curve.points.iter().filter_map(|point| point.summary.mean).collect();
        assert_eq!(means.len(), 5);
        let ends = means.last().unwrap() - means.first().unwrap();
        assert!((curve.effect.mean.unwrap() - ends).abs() < 1e-9);
        assert_eq!(curve.points.iter().filter(|point| point.is_usual).count(), 1);
        assert!(curve.sentence.starts_with("From 1 to 12 it "), "{}", curve.sentence);
    }

    #[test]
    fn sentences_tell_rise_fall_and_neither() {
        let point = |value| Point {
            value,
            is_usual: false,
            summary: Summary::of(&[], Unit::Count.scale()),
            text: String::new(),
        };
        let told = |values: &[f64]| {
            let values: Vec<_> = values.iter().copied().map(Some).collect();
            sentence(&[point(1), point(9)], &Summary::of(&values, Unit::Count.scale()), Unit::Share)
        };
        assert!(told(&[0.1, 0.11, 0.12]).starts_with("From 1 to 9 it rises by 11.0 points (8.5 to 13.5)"));
        assert!(told(&[-0.1, -0.11, -0.12]).starts_with("From 1 to 9 it falls by 11.0 points (8.5 to 13.5)"));
        assert!(told(&[-0.1, 0.0, 0.1]).ends_with("no effect that these runs show."));
        assert!(told(&[0.1]).ends_with("too few runs to tell."));
    }
}
