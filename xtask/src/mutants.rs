//! `mutants`: by what each deliberate fault in the core is noticed, and how many are.
//!
//! A fault is tried out by the swarm of whole worlds, which looks at properties of runs alone, and by the tests: those of
//! the core's parts first, and where these notice nothing, those of whole worlds. Recorded fingerprints are left out:
//! every fault changes runs, and that says nothing about whether anybody would see what is wrong.

use std::fmt::Write as _;
use std::fs;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, ExitStatus, Stdio};
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result, bail};

use crate::process::{output, program};

/// Packages that are built with faults in them.
const BUILD: [&str; 10] = [
    "test",
    "--no-run",
    "--locked",
    "--package=ringside-core",
    "--package=ringside-tests",
    "--lib",
    "--bins",
    "--tests",
    "--features",
    "ringside-tests/mutants",
];
/// Tests that compare with what was recorded, or are the swarm itself.
const LEFT_OUT: [&str; 3] = ["golden", "mutants", "swarm"];
/// How many times as long as usual tests may take; with a fault in them they may never end.
const PATIENCE: u32 = 5;
/// What is waited for in any case.
const AT_LEAST: Duration = Duration::from_mins(1);
/// What is waited for each world of the swarm besides.
const WORLD: Duration = Duration::from_secs(1);
/// By what is noticed what does not end by itself.
const NO_END: &str = "no end";
/// From one look at a running program to the next.
const PAUSE: Duration = Duration::from_millis(20);

/// What to try out.
pub(crate) struct Options {
    /// One fault alone.
    pub(crate) only: Option<String>,
    /// Worlds that the swarm tries out for each.
    pub(crate) worlds: u32,
    /// Where to write the results.
    pub(crate) json: Option<PathBuf>,
}

/// A fault and by what it is noticed.
struct Trial {
    id: String,
    meaning: String,
    swarm: Option<String>,
    test: Option<String>,
}

impl Trial {
    const fn survives(&self) -> bool {
        self.swarm.is_none() && self.test.is_none()
    }
}

/// Programs of tests, and how long they take without a fault.
struct Suite {
    file: PathBuf,
    usual: Duration,
}

/// The command. Its exit code is 1 where a fault is noticed by nothing.
pub(crate) fn run(options: &Options) -> Result<ExitCode> {
    println!("Building the core and its tests with faults in them ...");
    let files = build()?;
    let named = |name: &str| {
        files.iter().find(|file| is_of(file, name)).with_context(|| format!("no program {name}"))
    };
    let swarm = sibling(named("ringside_core")?);
    let faults = faults(&swarm, options.only.as_deref())?;
    let tests = files.iter().filter(|file| !LEFT_OUT.iter().any(|name| is_of(file, name)));
    let suites: Vec<Suite> = tests.map(|file| suite(file)).collect::<Result<_>>()?;
    let mut trials = Vec::new();
    for (place, (id, meaning)) in faults.iter().enumerate() {
        let (swarm, test) = thread::scope(|scope| {
            let tests = scope.spawn(|| noticed_by_tests(&suites, id));
            let swarm = noticed_by_swarm(&swarm, id, options.worlds);
            (swarm, tests.join().unwrap_or_else(|_| bail!("the tests could not be followed")))
        });
        let (swarm, test) = (swarm?, test?);
        let words = |by: &Option<String>| by.clone().unwrap_or_else(|| "-".to_owned());
        println!("{:>3}/{} {id:26} {:40} {}", place + 1, faults.len(), words(&swarm), words(&test));
        trials.push(Trial { id: id.clone(), meaning: meaning.clone(), swarm, test });
    }
    println!("\n{}", summary(&trials));
    if let Some(file) = &options.json {
        fs::write(file, json(&trials)).with_context(|| format!("cannot write {}", file.display()))?;
    }
    Ok(if trials.iter().any(Trial::survives) { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

/// The programs of all tests, as Cargo names them.
fn build() -> Result<Vec<PathBuf>> {
    let mut cargo =
        program("cargo").args(BUILD).stderr(Stdio::piped()).spawn().context("cannot start cargo")?;
    let told = cargo.stderr.take().context("what cargo says is not captured")?;
    let mut files = Vec::new();
    for line in BufReader::new(told).lines() {
        let line = line?;
        let file = line.trim().strip_prefix("Executable").and_then(|rest| rest.rsplit_once('('));
        match file.and_then(|(_, path)| path.strip_suffix(')')) {
            Some(path) => files.push(PathBuf::from(path)),
            None => eprintln!("{line}"),
        }
    }
    if !cargo.wait()?.success() {
        bail!("the tests do not compile");
    }
    // Those of the parts are the fastest.
    files.sort_by_key(|file| !is_of(file, "ringside_core"));
    Ok(files)
}

/// Whether a program is that of some tests: behind their name Cargo puts a number of its own.
fn is_of(file: &Path, name: &str) -> bool {
    let stem = file.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default();
    stem.rsplit_once('-').is_some_and(|(tests, _)| tests == name)
}

/// The program that lets the swarm loose, which lies beside the folder of the tests.
fn sibling(tests: &Path) -> PathBuf {
    let folder = tests.parent().and_then(Path::parent).unwrap_or(Path::new("target/debug"));
    folder.join(format!("mutants{}", std::env::consts::EXE_SUFFIX))
}

fn faults(swarm: &Path, only: Option<&str>) -> Result<Vec<(String, String)>> {
    let list = output(&mut program(swarm))?;
    let all = list.lines().filter_map(|line| line.split_once('\t'));
    let chosen = all.filter(|(id, _)| only.is_none_or(|only| only == *id));
    let faults: Vec<_> = chosen.map(|(id, meaning)| (id.to_owned(), meaning.to_owned())).collect();
    if faults.is_empty() {
        let ids: Vec<&str> = list.lines().filter_map(|line| line.split('\t').next()).collect();
        bail!("there is no mutant {:?}; there are {}", only.unwrap_or_default(), ids.join(", "));
    }
    Ok(faults)
}

/// Tests that pass without a fault.
#[expect(clippy::disallowed_types, reason = "how long a person waits is no simulated time")]
fn suite(file: &Path) -> Result<Suite> {
    let began = std::time::Instant::now();
    output(&mut program(file)).with_context(|| "the tests must pass without a fault")?;
    Ok(Suite { file: file.to_owned(), usual: began.elapsed() })
}

/// What fails in the worlds of the swarm; `no end` where one goes on for ever.
fn noticed_by_swarm(swarm: &Path, fault: &str, worlds: u32) -> Result<Option<String>> {
    let mut command = program(swarm);
    command.args([fault, &worlds.to_string()]);
    let (status, line) = within(command, AT_LEAST + WORLD * worlds, Iterator::next)?;
    match status {
        Some(status) if !status.success() => {
            bail!("`{} {fault} {worlds}` failed ({status})", swarm.display())
        }
        Some(_) => {
            Ok(line.and_then(|line| line.split_once('\t').map(|(by, seed)| format!("{by}, seed {seed}"))))
        }
        None => Ok(Some(NO_END.to_owned())),
    }
}

/// The first test that a fault makes fail.
fn noticed_by_tests(suites: &[Suite], fault: &str) -> Result<Option<String>> {
    for suite in suites {
        if let Some(by) = failing(suite, fault)? {
            return Ok(Some(by));
        }
    }
    Ok(None)
}

/// The first test of a program that fails; `no end` where it takes far longer than usual.
fn failing(Suite { file, usual }: &Suite, fault: &str) -> Result<Option<String>> {
    let mut command = program(file);
    command.env("RINGSIDE_MUTANT", fault).env("PROPTEST_DISABLE_FAILURE_PERSISTENCE", "1");
    let (status, first) = within(command, AT_LEAST.max(*usual * PATIENCE), |lines| {
        let mut failed = lines
            .filter_map(|line| line.strip_prefix("test ")?.strip_suffix(" ... FAILED").map(str::to_owned));
        failed.next()
    })?;
    Ok(match status {
        Some(status) if status.success() => None,
        Some(_) => Some(first.unwrap_or_else(|| "an abort".to_owned())),
        None => Some(first.unwrap_or_else(|| NO_END.to_owned())),
    })
}

/// The lines that a program prints.
type Lines = Box<dyn Iterator<Item = String>>;

/// How a program ends, unless it does not within a time, and what is read of what it prints.
fn within<T: Default + Send + 'static>(
    mut command: Command,
    mut left: Duration,
    read: impl FnOnce(&mut Lines) -> T + Send + 'static,
) -> Result<(Option<ExitStatus>, T)> {
    command.stdout(Stdio::piped()).stderr(Stdio::null());
    let mut child = command.spawn().with_context(|| format!("cannot start {command:?}"))?;
    let told = child.stdout.take().context("what a program says is not captured")?;
    let reader = thread::spawn(move || {
        let mut lines: Lines = Box::new(BufReader::new(told).lines().map_while(Result::ok));
        let found = read(&mut lines);
        // Who is not listened to any more cannot go on.
        lines.for_each(drop);
        found
    });
    let status = loop {
        if let Some(status) = child.try_wait()? {
            break Some(status);
        }
        if left.is_zero() {
            child.kill()?;
            child.wait()?;
            break None;
        }
        thread::sleep(PAUSE);
        left = left.saturating_sub(PAUSE);
    };
    Ok((status, reader.join().unwrap_or_default()))
}

/// How many are noticed by what, and which by nothing.
fn summary(trials: &[Trial]) -> String {
    let all = trials.len();
    let line = |what: &str, is_noticed: &dyn Fn(&Trial) -> bool| {
        let count = trials.iter().filter(|trial| is_noticed(trial)).count();
        format!("{what}: {count} of {all}, {} %\n", count * 100 / all.max(1))
    };
    let mut text = line("by the swarm", &|trial| trial.swarm.is_some());
    text += &line("by the tests", &|trial| trial.test.is_some());
    text += &line("by either", &|trial| !trial.survives());
    for trial in trials.iter().filter(|trial| trial.survives()) {
        let _ = writeln!(text, "unnoticed: {}. {}", trial.id, trial.meaning);
    }
    text
}

/// A list with an object for each fault. Names and sentences have no character that JSON would want written otherwise.
fn json(trials: &[Trial]) -> String {
    let by = |by: &Option<String>| by.as_ref().map_or("null".to_owned(), |by| format!("{by:?}"));
    let object = |Trial { id, meaning, swarm, test }: &Trial| {
        format!(
            "  {{ \"id\": {id:?}, \"meaning\": {meaning:?}, \"swarm\": {}, \"test\": {} }}",
            by(swarm),
            by(test)
        )
    };
    format!("[\n{}\n]\n", trials.iter().map(object).collect::<Vec<_>>().join(",\n"))
}

#[cfg(test)]
mod tests {
    use super::{Trial, is_of, json, summary};
    use std::path::Path;

    fn trial(id: &str, swarm: Option<&str>, test: Option<&str>) -> Trial {
        let owned = |by: Option<&str>| by.map(str::to_owned);
        Trial { id: id.to_owned(), meaning: "Wrong.".to_owned(), swarm: owned(swarm), test: owned(test) }
    }

    #[test]
    fn what_is_noticed_is_counted_and_what_is_not_is_named() {
        let trials =
            [trial("a", Some("x, seed 1"), None), trial("b", None, Some("t")), trial("c", None, None)];
        let text = summary(&trials);
        assert!(
            text.contains("by the swarm: 1 of 3, 33 %\nby the tests: 1 of 3, 33 %\nby either: 2 of 3, 66 %"),
            "{text}"
        );
        assert!(text.ends_with("unnoticed: c. Wrong.\n") && !text.contains("unnoticed: a"));
        assert!(json(&trials).contains(r#""id": "b", "meaning": "Wrong.", "swarm": null, "test": "t" }"#));
    }

    #[test]
    fn a_program_is_known_by_the_name_of_its_tests() {
        assert!(is_of(Path::new("target/debug/deps/golden-0123"), "golden"));
        assert!(!is_of(Path::new("target/debug/deps/golden_more-0123"), "golden"));
    }
}
