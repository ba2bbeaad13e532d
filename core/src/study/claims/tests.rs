//! The table is right, and verdicts follow from numbers.

use super::judge::{judge, reading};
use super::*;
use crate::scenario::link;
use crate::study::ensemble::{Measure, Summary};

#[test]
fn every_claim_can_be_checked_and_opened() {
    for claim in Claim::all() {
        let id = claim.id;
        assert!(id.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-'), "{id}");
        assert!(
            claim.text.ends_with('.') && claim.conditions.iter().all(|one| !one.label.is_empty()),
            "{id}"
        );
        assert_eq!(Claim::by_id(id).unwrap().text, claim.text, "{id} is there twice");
        let compares = !matches!(claim.quantity, Quantity::Value(_));
        assert_eq!(claim.arms.len(), 1 + usize::from(compares), "{id}");
        assert!(claim.arms.iter().all(|arm| arm.label.is_empty() != compares), "{id}");
        for effort in [Effort::full(), Effort::quick()] {
            assert!(Check::new(vec![claim], effort).unwrap().size() > 0, "{id}");
        }
        let opened = link::decode(&claim.link().unwrap()).unwrap();
        assert_eq!(opened.scenario, claim.scenarios(None, Effort::full()).unwrap()[0], "{id}");
    }
}

#[test]
fn a_condition_changes_what_is_run() {
    for claim in Claim::all() {
        let base = claim.scenarios(None, Effort::full()).unwrap();
        for condition in claim.conditions {
            let changed = claim.scenarios(Some(condition), Effort::full()).unwrap();
            assert_ne!(base, changed, "{}: {}", claim.id, condition.label);
        }
    }
}

#[test]
fn a_mistyped_name_is_put_right() {
    assert_eq!(Claim::by_id("anser-share").unwrap_err().remedy, "did you mean answer-share?");
}

/// A claim about one arm, and the finding where its runs have these values.
fn found(expectation: ClaimExpectation, values: &[&[f64]]) -> Finding {
    const CONDITIONS: &[Variation] = &[
        Variation { label: "the one", preset: None, set: &[] },
        Variation { label: "the other", preset: None, set: &[] },
    ];
    let claim = Claim { expectation, conditions: CONDITIONS, ..*Claim::by_id("answer-share").unwrap() };
    let measure = Measure::by_name("connected").unwrap();
    let reading = |(index, values): (usize, &&[f64])| {
        let values: Vec<_> = values.iter().map(|value| (!value.is_nan()).then_some(*value)).collect();
        let value = Summary::of(&values, measure.unit.scale());
        let condition = index.checked_sub(1).map(|index| CONDITIONS[index].label);
        reading(condition, value, vec![value], expectation)
    };
    judge(&claim, measure, Effort::quick(), values.iter().enumerate().map(reading).collect()).unwrap()
}

#[test]
fn an_interval_decides_only_where_all_of_it_lies_on_one_side() {
    let verdict = |expectation, values: &[f64]| found(expectation, &[values]).verdict;
    let values = [4.0, 5.0, 6.0];
    // 5 plus or minus 2.48.
    assert_eq!(verdict(ClaimExpectation::AtLeast(2.5), &values), Verdict::Reproduced);
    assert_eq!(verdict(ClaimExpectation::AtLeast(2.6), &values), Verdict::Undecided);
    assert_eq!(verdict(ClaimExpectation::AtLeast(7.5), &values), Verdict::NotReproduced);
    assert_eq!(verdict(ClaimExpectation::AtMost(7.5), &values), Verdict::Reproduced);
    assert_eq!(verdict(ClaimExpectation::AtMost(2.5), &values), Verdict::NotReproduced);
    assert_eq!(verdict(ClaimExpectation::Within(2.5, 7.5), &values), Verdict::Reproduced);
    assert_eq!(verdict(ClaimExpectation::Within(0.0, 7.0), &values), Verdict::Undecided);
    assert_eq!(verdict(ClaimExpectation::Within(0.0, 0.0), &[0.0, 0.0]), Verdict::Reproduced);
    assert_eq!(verdict(ClaimExpectation::AtLeast(0.1), &[0.0, 0.0]), Verdict::NotReproduced);
}

#[test]
fn a_published_run_is_typical_where_such_runs_are_alike() {
    let verdict = |values: &[f64]| found(ClaimExpectation::Typical(5.0), &[values]).verdict;
    assert_eq!(verdict(&[4.9, 5.0, 5.2]), Verdict::Reproduced);
    assert_eq!(verdict(&[1.0, 5.0, 9.0]), Verdict::Undecided, "anything is typical of such runs");
    assert_eq!(verdict(&[6.0, 6.1, 6.2]), Verdict::NotReproduced);
}

#[test]
fn one_run_and_none_tell_nothing() {
    assert_eq!(found(ClaimExpectation::AtLeast(0.0), &[&[5.0]]).verdict, Verdict::Undecided);
    let none = found(ClaimExpectation::AtLeast(0.0), &[&[f64::NAN, f64::NAN]]);
    assert_eq!((none.verdict, none.value.as_str()), (Verdict::Undecided, "undefined"));
    assert!(none.sentence.contains("It is undefined in 2 of 2 runs."));
}

#[test]
fn conditions_rescue_a_claim_that_does_not_hold() {
    let holds: &[f64] = &[5.0, 5.0];
    let fails: &[f64] = &[1.0, 1.0];
    let verdict = |values: &[&[f64]]| found(ClaimExpectation::AtLeast(2.0), values).verdict;
    assert_eq!(verdict(&[fails, fails, holds]), Verdict::OnlyIf);
    assert_eq!(verdict(&[fails, fails, fails]), Verdict::NotReproduced);
    assert_eq!(verdict(&[holds, fails, fails]), Verdict::Reproduced);
    assert_eq!(verdict(&[fails, &[0.0, 5.0]]), Verdict::NotReproduced, "a condition that does not tell");
}

#[test]
fn the_sentence_says_what_was_found_and_what_changes_it() {
    let finding = found(ClaimExpectation::AtLeast(2.0), &[&[1.0, 1.0], &[1.5, 1.5], &[5.0, 5.0]]);
    assert_eq!(
        finding.sentence,
        "Connected peers of a peer at the end: 1.00 in every run; expected at least 2.00. If the one: 1.50 in every \
         run, not as expected either. If the other: 5.00 in every run, as expected."
    );
    assert_eq!(finding.readings[2].agreement, Agreement::Holds);
}

#[test]
fn news_come_as_soon_as_the_runs_are_there_and_once() {
    let claims = ["reach-of-ten", "more-tokens"].map(|id| Claim::by_id(id).unwrap()).to_vec();
    let mut check = Check::new(claims, Effort { seeds: 2, quick: true }).unwrap();
    let jobs: Vec<_> = check.jobs().collect();
    assert_eq!(check.news(), Ok(Vec::new()));
    let mut told = Vec::new();
    for job in jobs {
        check.put(job.run());
        told.extend(check.news().unwrap().into_iter().map(|finding| (finding.id, check.jobs().count())));
    }
    assert_eq!(told, [("reach-of-ten", 2), ("more-tokens", 0)], "with the jobs that were left");
}
