//! The standard output, and how the program ends.

use std::io::{self, Write as _};
use std::process::{ExitCode, Termination};

use ringside_core::base::problem::Problem;

use crate::failure::Failure;

/// How the program ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// All went well.
    Fine = 0,
    /// Something is not as it was claimed or expected to be.
    Differs = 1,
    /// There was nothing to run, or nowhere to write to.
    Unusable = 2,
}

impl Termination for Outcome {
    fn report(self) -> ExitCode {
        ExitCode::from(self as u8)
    }
}

/// Prints a result, with its colours where they can be seen. That nobody reads on, as with `| head`, is no failure.
pub(crate) fn print(text: &str) -> Result<(), Failure> {
    let mut stream = anstream::stdout().lock();
    match stream.write_all(text.as_bytes()).and_then(|()| stream.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            let message = format!("cannot be written: {error}");
            Err(Failure::one(Problem::new("the output", message, "write it to another place")))
        }
        _ => Ok(()),
    }
}
