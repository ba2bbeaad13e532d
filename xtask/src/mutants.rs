//! `mutants`: mutation testing. Reports by which world or test each deliberate fault in the core is detected.
//!
//! Each fault runs in the swarm, which checks the properties of whole worlds, and in the tests: the unit
//! tests of the core first, then those of whole worlds. Golden fingerprints are excluded: every fault
//! changes them, which does not show that a test describes the fault.

use std::fmt::Write as _;
use std::fs;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, ExitStatus, Stdio};
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result, bail};

use crate::process::{output, program};

/// Arguments of the build with faults.
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
/// Tests that compare with golden files, or are the swarm itself.
const EXCLUDED: [&str; 3] = ["golden", "mutants", "swarm"];
/// Time limit of a test program, as a multiple of its time without a fault. A fault can cause an endless
/// loop.
const TIME_FACTOR: u32 = 5;
/// Minimum time limit.
const TIME_MIN: Duration = Duration::from_mins(1);
/// Additional time limit per world of the swarm.
const TIME_PER_WORLD: Duration = Duration::from_secs(1);
/// The detection of a program that exceeds its time limit.
const TIMEOUT: &str = "timeout";
/// Polling interval of a running program.
const POLL_INTERVAL: Duration = Duration::from_millis(20);

/// Options of the command.
pub(crate) struct Options {
    /// Run only this fault.
    pub(crate) only: Option<String>,
    /// Number of worlds that the swarm runs for each fault.
    pub(crate) worlds: u32,
    /// The file for the results.
    pub(crate) json: Option<PathBuf>,
}

/// A fault and its detections; `None` if undetected.
struct MutantResult {
    id: String,
    meaning: String,
    swarm: Option<String>,
    test: Option<String>,
}

impl MutantResult {
    const fn survives(&self) -> bool {
        self.swarm.is_none() && self.test.is_none()
    }
}

/// A test program and its time without a fault.
struct Suite {
    file: PathBuf,
    usual: Duration,
}

/// Runs every fault; the exit code is 1 if one is undetected.
pub(crate) fn run(options: &Options) -> Result<ExitCode> {
    println!("Building the core and its tests with faults ...");
    let files = build()?;
    let named = |name: &str| {
        files.iter().find(|file| is_of(file, name)).with_context(|| format!("no program {name}"))
    };
    let swarm = sibling(named("ringside_core")?);
    let faults = faults(&swarm, options.only.as_deref())?;
    let tests = files.iter().filter(|file| !EXCLUDED.iter().any(|name| is_of(file, name)));
    let suites: Vec<Suite> = tests.map(|file| suite(file)).collect::<Result<_>>()?;
    let mut results = Vec::new();
    for (index, (id, meaning)) in faults.iter().enumerate() {
        let (swarm, test) = thread::scope(|scope| {
            let tests = scope.spawn(|| detected_by_tests(&suites, id));
            let swarm = detected_by_swarm(&swarm, id, options.worlds);
            (swarm, tests.join().unwrap_or_else(|_| bail!("the thread that runs the tests panicked")))
        });
        let (swarm, test) = (swarm?, test?);
        let words = |by: &Option<String>| by.clone().unwrap_or_else(|| "-".to_owned());
        println!("{:>3}/{} {id:26} {:40} {}", index + 1, faults.len(), words(&swarm), words(&test));
        results.push(MutantResult { id: id.clone(), meaning: meaning.clone(), swarm, test });
    }
    println!("\n{}", summary(&results));
    if let Some(file) = &options.json {
        fs::write(file, json(&results)).with_context(|| format!("cannot write {}", file.display()))?;
    }
    Ok(if results.iter().any(MutantResult::survives) { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

/// Builds all test programs; returns their paths, unit tests of the core first.
fn build() -> Result<Vec<PathBuf>> {
    let mut cargo =
        program("cargo").args(BUILD).stderr(Stdio::piped()).spawn().context("cannot start cargo")?;
    let messages = cargo.stderr.take().context("cargo has no output")?;
    let mut files = Vec::new();
    for line in BufReader::new(messages).lines() {
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
    // Unit tests are the fastest.
    files.sort_by_key(|file| !is_of(file, "ringside_core"));
    Ok(files)
}

/// Whether a program is that of the named tests: Cargo appends a hash to the name.
fn is_of(file: &Path, name: &str) -> bool {
    let stem = file.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default();
    stem.rsplit_once('-').is_some_and(|(tests, _)| tests == name)
}

/// The program that runs the swarm, in the parent folder of the test programs.
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

/// Runs a test program without a fault and measures its time.
#[expect(clippy::disallowed_types, reason = "time limits are in wall-clock time")]
fn suite(file: &Path) -> Result<Suite> {
    let start = std::time::Instant::now();
    output(&mut program(file)).with_context(|| "the tests must pass without a fault")?;
    Ok(Suite { file: file.to_owned(), usual: start.elapsed() })
}

/// The property that fails in the swarm; `timeout` if a world does not end.
fn detected_by_swarm(swarm: &Path, fault: &str, worlds: u32) -> Result<Option<String>> {
    let mut command = program(swarm);
    command.args([fault, &worlds.to_string()]);
    let (status, line) = run_with_limit(command, TIME_MIN + TIME_PER_WORLD * worlds, Iterator::next)?;
    match status {
        Some(status) if !status.success() => {
            bail!("`{} {fault} {worlds}` failed ({status})", swarm.display())
        }
        Some(_) => {
            Ok(line.and_then(|line| line.split_once('\t').map(|(by, seed)| format!("{by}, seed {seed}"))))
        }
        None => Ok(Some(TIMEOUT.to_owned())),
    }
}

/// The first test of all programs that fails with a fault.
fn detected_by_tests(suites: &[Suite], fault: &str) -> Result<Option<String>> {
    for suite in suites {
        if let Some(by) = failing(suite, fault)? {
            return Ok(Some(by));
        }
    }
    Ok(None)
}

/// The first test of a program that fails; `timeout` if it exceeds its time limit.
fn failing(Suite { file, usual }: &Suite, fault: &str) -> Result<Option<String>> {
    let mut command = program(file);
    command.env("RINGSIDE_MUTANT", fault).env("PROPTEST_DISABLE_FAILURE_PERSISTENCE", "1");
    let (status, first) = run_with_limit(command, TIME_MIN.max(*usual * TIME_FACTOR), |lines| {
        let mut failed = lines
            .filter_map(|line| line.strip_prefix("test ")?.strip_suffix(" ... FAILED").map(str::to_owned));
        failed.next()
    })?;
    Ok(match status {
        Some(status) if status.success() => None,
        Some(_) => Some(first.unwrap_or_else(|| "an abort".to_owned())),
        None => Some(first.unwrap_or_else(|| TIMEOUT.to_owned())),
    })
}

/// Lines of standard output.
type Lines = Box<dyn Iterator<Item = String>>;

/// Runs a program with a time limit. Returns its exit status, `None` if it was killed, and the result of
/// `read`.
fn run_with_limit<T: Default + Send + 'static>(
    mut command: Command,
    mut remaining: Duration,
    read: impl FnOnce(&mut Lines) -> T + Send + 'static,
) -> Result<(Option<ExitStatus>, T)> {
    command.stdout(Stdio::piped()).stderr(Stdio::null());
    let mut child = command.spawn().with_context(|| format!("cannot start {command:?}"))?;
    let output = child.stdout.take().context("the program has no output")?;
    let reader = thread::spawn(move || {
        let mut lines: Lines = Box::new(BufReader::new(output).lines().map_while(Result::ok));
        let found = read(&mut lines);
        // A full pipe would block the program.
        lines.for_each(drop);
        found
    });
    let status = loop {
        if let Some(status) = child.try_wait()? {
            break Some(status);
        }
        if remaining.is_zero() {
            child.kill()?;
            child.wait()?;
            break None;
        }
        thread::sleep(POLL_INTERVAL);
        remaining = remaining.saturating_sub(POLL_INTERVAL);
    };
    Ok((status, reader.join().unwrap_or_default()))
}

/// Detection rates, and the list of undetected faults.
fn summary(results: &[MutantResult]) -> String {
    let all = results.len();
    let line = |label: &str, is_detected: &dyn Fn(&MutantResult) -> bool| {
        let count = results.iter().filter(|result| is_detected(result)).count();
        format!("{label}: {count} of {all}, {} %\n", count * 100 / all.max(1))
    };
    let mut text = line("by the swarm", &|result| result.swarm.is_some());
    text += &line("by the tests", &|result| result.test.is_some());
    text += &line("by either", &|result| !result.survives());
    for result in results.iter().filter(|result| result.survives()) {
        let _ = writeln!(text, "undetected: {}. {}", result.id, result.meaning);
    }
    text
}

/// A JSON list with one object per fault. Names and sentences have no characters that JSON escapes
/// differently from Rust.
fn json(results: &[MutantResult]) -> String {
    let by = |by: &Option<String>| by.as_ref().map_or("null".to_owned(), |by| format!("{by:?}"));
    let object = |MutantResult { id, meaning, swarm, test }: &MutantResult| {
        format!(
            "  {{ \"id\": {id:?}, \"meaning\": {meaning:?}, \"swarm\": {}, \"test\": {} }}",
            by(swarm),
            by(test)
        )
    };
    format!("[\n{}\n]\n", results.iter().map(object).collect::<Vec<_>>().join(",\n"))
}

#[cfg(test)]
mod tests {
    use super::{MutantResult, is_of, json, summary};
    use std::path::Path;

    fn result(id: &str, swarm: Option<&str>, test: Option<&str>) -> MutantResult {
        let owned = |by: Option<&str>| by.map(str::to_owned);
        MutantResult {
            id: id.to_owned(),
            meaning: "Wrong.".to_owned(),
            swarm: owned(swarm),
            test: owned(test),
        }
    }

    #[test]
    fn detected_faults_are_counted_and_undetected_ones_are_listed() {
        let results =
            [result("a", Some("x, seed 1"), None), result("b", None, Some("t")), result("c", None, None)];
        let text = summary(&results);
        assert!(
            text.contains("by the swarm: 1 of 3, 33 %\nby the tests: 1 of 3, 33 %\nby either: 2 of 3, 66 %"),
            "{text}"
        );
        assert!(text.ends_with("undetected: c. Wrong.\n") && !text.contains("undetected: a"));
        assert!(json(&results).contains(r#""id": "b", "meaning": "Wrong.", "swarm": null, "test": "t" }"#));
    }

    #[test]
    fn a_program_is_recognised_by_the_name_of_its_tests() {
        assert!(is_of(Path::new("target/debug/deps/golden-0123"), "golden"));
        assert!(!is_of(Path::new("target/debug/deps/golden_more-0123"), "golden"));
    }
}
