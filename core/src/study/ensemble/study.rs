//! Runs that a study needs, and their values.

use super::end::End;
use super::measure::Measure;
use crate::base::problem::Problem;
use crate::scenario::Scenario;
use crate::scenario::link::{self, Link};
use crate::study::simulation::Simulation;

/// Wanted runs and known values. The key of a scenario is its link, of which it has exactly one.
#[derive(Debug, Default)]
pub struct Study {
    /// In the order of the first request.
    runs: Vec<Run>,
    /// Index of each run, in the order of the links.
    indices: Vec<(String, usize)>,
}

#[derive(Debug)]
struct Run {
    scenario: Scenario,
    wanted: Vec<&'static Measure>,
    values: Values,
}

/// Values by name of the measure.
type Values = Vec<(&'static str, Option<f64>)>;

/// A run to be made, and what is to be read from it.
#[derive(Clone, Debug)]
pub struct Job {
    index: usize,
    scenario: Scenario,
    measures: Vec<&'static Measure>,
}

/// Measured values of a run.
#[derive(Clone, Debug, PartialEq)]
pub struct RunValues {
    index: usize,
    values: Values,
}

impl Job {
    /// The run, at tick 0. When it has come to its end, [`Job::read`] reads it.
    #[must_use]
    pub fn start(&self) -> Simulation {
        Simulation::new(self.scenario.clone())
    }

    /// Reads the wanted measures from a run that has ended.
    #[must_use]
    pub fn read(&self, run: &Simulation) -> RunValues {
        let end = End::of(run);
        let values = self.measures.iter().map(|measure| (measure.name, measure.read(&end)));
        RunValues { index: self.index, values: values.collect() }
    }

    /// Makes the whole run.
    #[must_use]
    pub fn run(&self) -> RunValues {
        let mut run = self.start();
        run.run();
        self.read(&run)
    }
}

impl Study {
    /// Asks for a scenario with each of its first `seeds` seeds, counted from the one it has.
    ///
    /// # Errors
    ///
    /// A problem of the scenario.
    pub fn want(
        &mut self,
        scenario: &Scenario,
        seeds: u32,
        measures: &[&'static Measure],
    ) -> Result<(), Problem> {
        for seeded in seeded(scenario, seeds) {
            let index = self.place_for(seeded)?;
            let wanted = &mut self.runs[index].wanted;
            for measure in measures {
                if !wanted.iter().any(|known| known.name == measure.name) {
                    wanted.push(measure);
                }
            }
        }
        Ok(())
    }

    /// Index of a run, which is added if it is new.
    fn place_for(&mut self, scenario: Scenario) -> Result<usize, Problem> {
        let key = key(&scenario)?;
        match self.find(&key) {
            Ok(found) => Ok(self.indices[found].1),
            Err(gap) => {
                let fresh = self.runs.len();
                self.indices.insert(gap, (key, fresh));
                self.runs.push(Run { scenario, wanted: Vec::new(), values: Vec::new() });
                Ok(fresh)
            }
        }
    }

    fn find(&self, key: &str) -> Result<usize, usize> {
        self.indices.binary_search_by(|(known, _)| known.as_str().cmp(key))
    }

    /// The runs that are still to be made, each on its own.
    pub fn jobs(&self) -> impl Iterator<Item = Job> {
        self.runs.iter().enumerate().filter_map(|(index, run)| run.job(index))
    }

    /// Number of runs in all.
    #[must_use]
    pub const fn size(&self) -> usize {
        self.runs.len()
    }

    /// Stores the values of a run.
    pub fn put(&mut self, outcome: RunValues) {
        debug_assert!(outcome.index < self.runs.len(), "outcomes belong to runs of this study");
        if let Some(run) = self.runs.get_mut(outcome.index) {
            run.values.extend(outcome.values);
        }
    }

    /// The values of a measure, by seed; `None` while one of the runs is missing.
    #[must_use]
    pub fn values(&self, scenario: &Scenario, seeds: u32, measure: &Measure) -> Option<Vec<Option<f64>>> {
        let value = |seeded: Scenario| {
            let found = self.find(&key(&seeded).ok()?).ok()?;
            self.runs[self.indices[found].1].read(measure).map(|(_, value)| *value)
        };
        seeded(scenario, seeds).map(value).collect()
    }
}

/// Takes out of a list what can be read already, in its order; what lacks a run stays.
///
/// # Errors
///
/// The first problem of reading.
pub(crate) fn take_complete<T: Copy, R>(
    open: &mut Vec<T>,
    read: impl Fn(T) -> Result<Option<R>, Problem>,
) -> Result<Vec<R>, Problem> {
    let mut news = Vec::new();
    let mut left = Vec::new();
    for one in std::mem::take(open) {
        match read(one)? {
            Some(found) => news.push(found),
            None => left.push(one),
        }
    }
    *open = left;
    Ok(news)
}

impl Run {
    /// Value of a measure; `None` until it has been read.
    fn read(&self, measure: &Measure) -> Option<&(&'static str, Option<f64>)> {
        self.values.iter().find(|(name, _)| *name == measure.name)
    }

    fn job(&self, index: usize) -> Option<Job> {
        let is_open = |measure: &&&'static Measure| self.read(measure).is_none();
        let measures: Vec<_> = self.wanted.iter().filter(is_open).copied().collect();
        (!measures.is_empty()).then(|| Job { index, scenario: self.scenario.clone(), measures })
    }
}

fn seeded(scenario: &Scenario, seeds: u32) -> impl Iterator<Item = Scenario> {
    (0..u64::from(seeds)).map(|step| Scenario { seed: scenario.seed.wrapping_add(step), ..scenario.clone() })
}

fn key(scenario: &Scenario) -> Result<String, Problem> {
    link::encode(&Link { scenario: scenario.clone(), claim: None })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::knob::Setting;

    fn scenario(rounds: u32) -> Scenario {
        let mut scenario = Scenario::preset("lifecycle-1").unwrap();
        scenario.rounds = rounds;
        for text in ["genesis.peers=6", "tokens.total=2000"] {
            scenario.with_setting(Setting::parse_text(text).unwrap());
        }
        scenario
    }

    fn measures(names: &[&str]) -> Vec<&'static Measure> {
        names.iter().map(|name| Measure::by_name(name).unwrap()).collect()
    }

    #[test]
    fn runs_may_be_made_in_any_order() {
        let wanted = measures(&["messages", "connected"]);
        let mut forth = Study::default();
        forth.want(&scenario(3), 4, &wanted).unwrap();
        let mut back = Study::default();
        back.want(&scenario(3), 4, &wanted).unwrap();
        let outcomes: Vec<_> = forth.jobs().map(|job| job.run()).collect();
        outcomes.iter().cloned().for_each(|outcome| forth.put(outcome));
        outcomes.into_iter().rev().for_each(|outcome| back.put(outcome));
        for measure in wanted {
            let values = forth.values(&scenario(3), 4, measure);
            assert!(values.as_ref().is_some_and(|values| values.len() == 4));
            assert_eq!(values, back.values(&scenario(3), 4, measure));
        }
    }

    #[test]
    fn a_run_that_two_ask_for_is_made_once() {
        let mut study = Study::default();
        study.want(&scenario(3), 2, &measures(&["messages"])).unwrap();
        study.want(&scenario(3), 3, &measures(&["messages", "connected"])).unwrap();
        study.want(&scenario(4), 1, &measures(&["messages"])).unwrap();
        assert_eq!((study.size(), study.jobs().count()), (4, 4));
        let first = study.jobs().next().unwrap();
        assert_eq!(first.measures.len(), 2);
        study.put(first.run());
        assert_eq!(study.jobs().count(), 3);
        study.want(&scenario(3), 1, &measures(&["completion"])).unwrap();
        assert_eq!(study.jobs().count(), 4, "one value of a run that was made is missing");
    }

    #[test]
    fn values_are_told_only_when_all_are_known() {
        let wanted = measures(&["messages"]);
        let mut study = Study::default();
        study.want(&scenario(2), 2, &wanted).unwrap();
        let jobs: Vec<_> = study.jobs().collect();
        study.put(jobs[1].run());
        assert_eq!(study.values(&scenario(2), 2, wanted[0]), None);
        study.put(jobs[0].run());
        let values = study.values(&scenario(2), 2, wanted[0]).unwrap();
        assert_ne!(values[0], values[1], "each seed makes another run");
    }

    #[test]
    fn a_contradictory_scenario_is_refused() {
        let mut wrong = scenario(2);
        wrong.rounds = 0;
        assert_eq!(Study::default().want(&wrong, 1, &measures(&["messages"])).unwrap_err().path, "rounds");
    }
}
