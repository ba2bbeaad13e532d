//! Running the program.

use std::fs;
use std::io::Write as _;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use serde_json::Value;

/// A world in which little happens, to be had quickly.
pub(crate) const SMALL: [&str; 3] = ["lifecycle", "--set=tokens.total=5000", "--set=genesis.peers=8"];

/// What the program did.
#[derive(Debug)]
pub(crate) struct Done {
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Done {
    /// The output as JSON.
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.stdout).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    /// One field of the output, as text.
    pub(crate) fn field(&self, name: &str) -> String {
        self.json()[name].as_str().unwrap_or_else(|| panic!("no text in {name}: {self:?}")).to_owned()
    }

    /// What went wrong, where nothing was run.
    pub(crate) fn refusal(&self) -> &str {
        assert_eq!((self.code, self.stdout.as_str()), (2, ""), "{self:?}");
        &self.stderr
    }

    /// The output, where all went well.
    pub(crate) fn fine(self) -> String {
        assert_eq!((self.code, self.stderr.as_str()), (0, ""), "{self:?}");
        self.stdout
    }
}

pub(crate) fn command(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_ringside"));
    command.args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

/// Runs the program with nothing on its standard input.
pub(crate) fn ringside(arguments: &[&str]) -> Done {
    ringside_with(arguments, "")
}

/// Runs the program with a text on its standard input.
pub(crate) fn ringside_with(arguments: &[&str], input: &str) -> Done {
    let mut child = command(arguments).spawn().unwrap();
    // A program that does not read its input may have ended already.
    let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
    let output = child.wait_with_output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    Done { code: output.status.code().unwrap(), stdout: text(output.stdout), stderr: text(output.stderr) }
}

/// Runs a subcommand on the small world, with further arguments.
pub(crate) fn small(subcommand: &str, arguments: &[&str]) -> Done {
    ringside(&[&[subcommand], &SMALL[..], arguments].concat())
}

/// A file with this content. Every test takes a name of its own.
pub(crate) fn file(name: &str, content: impl AsRef<[u8]>) -> String {
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    fs::write(&path, content).unwrap();
    path.into_os_string().into_string().unwrap()
}
