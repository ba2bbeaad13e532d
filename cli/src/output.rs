//! Standard output, and the exit code.

use std::io::{self, Write as _};
use std::process::{ExitCode, Termination};

use ringside_core::base::problem::Problem;

use crate::failure::Failure;

/// The exit code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// Success.
    Success = 0,
    /// A result differs from the one recorded or expected.
    Differs = 1,
    /// Unusable input, or an output that cannot be written.
    Unusable = 2,
}

impl Termination for Outcome {
    fn report(self) -> ExitCode {
        ExitCode::from(self as u8)
    }
}

/// Prints a result, in colour on a terminal. A closed pipe, as with `| head`, is not an error.
pub(crate) fn print(text: &str) -> Result<(), Failure> {
    let mut stream = anstream::stdout().lock();
    match stream.write_all(text.as_bytes()).and_then(|()| stream.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            let message = format!("cannot be written: {error}");
            Err(Failure::one(Problem::new("standard output", message, "redirect it elsewhere")))
        }
        _ => Ok(()),
    }
}
