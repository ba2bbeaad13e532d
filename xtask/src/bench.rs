//! `bench`: how fast it is.

use anyhow::Result;

use crate::build;
use crate::process::{program, run};
use crate::setup::Setup;

/// The same work natively, in Node and in Chromium, in one table.
pub(crate) fn compare(setup: &Setup, options: &[String]) -> Result<()> {
    setup.end_to_end()?;
    let chrome = &setup.browser()?.program;
    let module = build::bench_module(setup.project, setup.build_kit()?)?;
    let mut command = program("cargo");
    command.args([
        "run",
        "--quiet",
        "--release",
        "--locked",
        "--package",
        "ringside-bench",
        "--",
        "--driver",
    ]);
    command.arg(setup.project.end_to_end().join("speed.mjs")).arg("--module").arg(module);
    run(command.args(options).env("CHROME", chrome))
}

/// The parts of the core, each by itself.
pub(crate) fn parts(options: &[String]) -> Result<()> {
    run(program("cargo").args(["bench", "--package", "ringside-core"]).args(options))
}
