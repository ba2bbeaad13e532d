//! `bench`: speed of the core.

use anyhow::Result;

use crate::build::Variant;
use crate::process::{program, run};
use crate::setup::Setup;

/// Prints one table of the same work natively, in Node and in Chromium; with `variants`, natively and in
/// Node with several variants of the module.
pub(crate) fn compare(setup: &Setup, variants: Option<&[String]>, options: &[String]) -> Result<()> {
    setup.end_to_end()?;
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
    command.arg(setup.project.end_to_end().join("speed.mjs"));
    let tools = setup.build_tools()?;
    let others = variants.map_or(&[][..], |_| &Variant::OTHERS);
    let chosen = others.iter().filter(|variant| {
        variants.is_none_or(|names| names.is_empty() || names.iter().any(|name| name == variant.name))
    });
    // Current browsers run the SIMD module; variants are compared with the portable one.
    let first = if variants.is_none() { &Variant::SIMD } else { &Variant::SHIPPED };
    for variant in [first].into_iter().chain(chosen) {
        let module = variant.bench_module(setup.project, tools)?;
        command.arg("--module").arg(format!("{}={}", variant.name, module.display()));
    }
    if variants.is_none() {
        command.env("CHROME", &setup.browser()?.program);
        command.args(["--engine", "node", "--engine", "chromium"]);
    } else {
        command.args(["--engine", "node"]);
    }
    run(command.args(options))
}

/// Runs the criterion benchmarks of the core.
pub(crate) fn parts(options: &[String]) -> Result<()> {
    run(program("cargo").args(["bench", "--package", "ringside-core"]).args(options))
}
