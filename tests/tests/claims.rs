//! Claims of the documents, checked with few seeds, against recorded verdicts. After an intended change of
//! the rules, `RINGSIDE_RECORD=1 cargo test --release -p ringside-tests --test claims` records new ones.

use std::fs;
use std::path::{Path, PathBuf};

use ringside_core::study::claims::{Claim, DOCUMENTS, Document};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// Checks that take minutes unless the core is optimised.
#[cfg(not(debug_assertions))]
mod checks {
    use std::fs;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::thread;

    use ringside_core::study::claims::{Check, Claim, Effort};
    use ringside_core::study::ensemble::{Job, RunValues};

    use super::root;

    /// Runs all jobs on all CPUs.
    fn run_all(jobs: &[Job]) -> Vec<RunValues> {
        let next = AtomicUsize::new(0);
        let run_some = || {
            let jobs = std::iter::from_fn(|| jobs.get(next.fetch_add(1, Ordering::Relaxed)));
            jobs.map(Job::run).collect::<Vec<_>>()
        };
        let threads = thread::available_parallelism().map_or(1, usize::from);
        thread::scope(|scope| {
            let workers: Vec<_> = (0..threads).map(|_| scope.spawn(run_some)).collect();
            workers.into_iter().flat_map(|worker| worker.join().expect("no run panics")).collect()
        })
    }

    /// Peers times rounds of the longest experiment with blocks up to which a claim is checked here. As
    /// published they take minutes of CPU; `ringside claims --quick` checks them.
    const LONGEST: u64 = 70_000;

    /// Peers times rounds of each experiment of a claim, and whether its peers vote on blocks. With blocks on
    /// the air, whose rounds are hours, no experiment is short.
    fn lengths(claim: &'static Claim, effort: Effort) -> impl Iterator<Item = (u64, bool)> {
        let conditions = std::iter::once(None).chain(claim.conditions.iter().map(Some));
        let runs =
            conditions.flat_map(move |condition| claim.scenarios(condition, effort).expect("a valid table"));
        runs.map(|run| {
            let votes = run.config.consensus.enabled;
            let length = u64::from(run.rounds) * u64::from(run.config.genesis.peers);
            (if votes && run.config.radio.enabled { u64::MAX } else { length }, votes)
        })
    }

    #[test]
    fn verdicts_are_as_recorded() {
        let is_short = |claim: &&'static Claim| {
            lengths(claim, Effort::quick()).all(|(length, votes)| !votes || length <= LONGEST)
        };
        let mut check =
            Check::new(Claim::all().filter(is_short).collect(), Effort::quick()).expect("a valid table");
        let jobs: Vec<_> = check.jobs().collect();
        run_all(&jobs).into_iter().for_each(|outcome| check.put(outcome));
        let findings = check.news().expect("a valid table");
        let lines = findings.iter().map(|finding| format!("{:<42}{}\n", finding.id, finding.verdict.words()));
        let found: String = lines.collect();
        let path = root().join("tests/golden/claims.txt");
        if std::env::var_os("RINGSIDE_RECORD").is_some() {
            fs::write(&path, &found).expect("the golden file can be written");
        }
        let recorded = fs::read_to_string(&path).expect("the golden file can be read");
        let sentences: Vec<_> =
            findings.iter().map(|finding| format!("{}: {}", finding.id, finding.sentence)).collect();
        assert_eq!(found, recorded, "{}", sentences.join("\n"));
    }

    /// Peers times rounds up to which an experiment is run again to check the document.
    const CHEAP: u64 = 6_000;

    /// The full check of the document, of all claims whose experiments are cheap: verdict, value and
    /// expectation.
    #[test]
    fn the_document_says_what_the_experiments_show() {
        let is_cheap =
            |claim: &&'static Claim| lengths(claim, Effort::full()).all(|(length, _)| length <= CHEAP);
        let mut check =
            Check::new(Claim::all().filter(is_cheap).collect(), Effort::full()).expect("a valid table");
        let jobs: Vec<_> = check.jobs().collect();
        run_all(&jobs).into_iter().for_each(|outcome| check.put(outcome));
        let findings = check.news().expect("a valid table");
        assert!(findings.len() > 20, "{} claims", findings.len());
        let text = fs::read_to_string(root().join("docs/claims.md")).expect("the document can be read");
        for finding in findings {
            let (glyph, words, id) = (finding.verdict.glyph(), finding.verdict.words(), finding.id);
            let row =
                format!("| {glyph} {words} | [{id}](#{id}) | {} | {} |", finding.value, finding.expected);
            assert!(text.contains(&row), "the document lacks {row}");
        }
    }
}

#[test]
fn the_document_lists_every_claim() {
    let text = fs::read_to_string(root().join("docs/claims.md")).expect("the document can be read");
    let listed: Vec<_> = text.lines().filter_map(|line| line.strip_prefix("### ")).collect();
    let claims: Vec<_> = DOCUMENTS.iter().flat_map(Document::claims).map(|claim| claim.id).collect();
    assert_eq!(listed, claims, "generate it with `ringside claims --markdown > docs/claims.md`");
    for claim in Claim::all() {
        let link = claim.link().expect("a valid table");
        assert!(
            text.contains(claim.text) && text.contains(&link),
            "the document is out of date about {}",
            claim.id
        );
    }
}

/// Every figure of the lessons is a recorded value, and every link the one of a claim.
#[test]
fn the_lessons_say_what_the_claims_say() {
    let read = |name| fs::read_to_string(root().join(name)).expect("the document can be read");
    let (lessons, claims) = (read("docs/lessons.md"), read("docs/claims.md"));
    let mut figures = 0;
    for (before, after) in lessons.match_indices("](claims.md#").map(|(at, _)| lessons.split_at(at)) {
        let figure = before.rsplit('[').next().unwrap_or_default();
        let id = after["](claims.md#".len()..].split(')').next().unwrap_or_default();
        let section = claims.split("\n### ").find(|section| section.lines().next() == Some(id));
        let section = section.unwrap_or_else(|| panic!("no claim is called {id}"));
        assert!(section.contains(&format!(" {figure}")), "{id} has no value {figure}: {section}");
        figures += 1;
    }
    let links: Vec<String> = Claim::all().map(|claim| claim.link().expect("a valid table")).collect();
    let shown: Vec<&str> =
        lessons.split("#s=").skip(1).map(|rest| rest.split(')').next().unwrap_or_default()).collect();
    assert!(shown.iter().all(|link| links.iter().any(|one| one == link)), "{shown:?}");
    assert!(shown.len() >= 10 && figures > 2 * shown.len(), "{} lessons, {figures} figures", shown.len());
}
