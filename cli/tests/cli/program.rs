//! Runs the program and captures its output.

use std::fs;
use std::io::Write as _;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use serde_json::Value;

/// A small world that runs quickly.
pub(crate) const SMALL: [&str; 3] = ["lifecycle", "--set=tokens.total=5000", "--set=genesis.peers=8"];

/// Exit code and output of a finished program.
#[derive(Debug)]
pub(crate) struct Finished {
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Finished {
    /// Standard output as JSON.
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.stdout).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    /// A string field of the JSON output.
    pub(crate) fn field(&self, name: &str) -> String {
        self.json()[name].as_str().unwrap_or_else(|| panic!("no text in {name}: {self:?}")).to_owned()
    }

    /// Standard error of a run that was refused: exit code 2 and no output.
    pub(crate) fn refusal(&self) -> &str {
        assert_eq!((self.code, self.stdout.as_str()), (2, ""), "{self:?}");
        &self.stderr
    }

    /// Standard output of a run that succeeded without warnings.
    pub(crate) fn success(self) -> String {
        assert_eq!((self.code, self.stderr.as_str()), (0, ""), "{self:?}");
        self.stdout
    }
}

pub(crate) fn command(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_ringside"));
    command.args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

/// Runs the program with empty standard input.
pub(crate) fn ringside(arguments: &[&str]) -> Finished {
    ringside_with(arguments, "")
}

/// Runs the program with a text on standard input.
pub(crate) fn ringside_with(arguments: &[&str], input: &str) -> Finished {
    let mut child = command(arguments).spawn().unwrap();
    // A program that does not read its input can have exited already.
    let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
    let output = child.wait_with_output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    Finished { code: output.status.code().unwrap(), stdout: text(output.stdout), stderr: text(output.stderr) }
}

/// Runs a subcommand on the small world, with additional arguments.
pub(crate) fn small(subcommand: &str, arguments: &[&str]) -> Finished {
    ringside(&[&[subcommand], &SMALL[..], arguments].concat())
}

/// Writes a temporary file and returns its path. Each test uses its own file names.
pub(crate) fn file(name: &str, content: impl AsRef<[u8]>) -> String {
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    fs::write(&path, content).unwrap();
    path.into_os_string().into_string().unwrap()
}
