//! `bench`: how fast it is.

use anyhow::Result;

use crate::build::Variant;
use crate::process::{program, run};
use crate::setup::Setup;

/// The same work natively, in Node and in Chromium, in one table; with `variants`, natively and in Node with the module
/// compiled in several ways.
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
    let kit = setup.build_kit()?;
    let others = variants.map_or(&[][..], |_| &Variant::OTHERS);
    let chosen = others.iter().filter(|variant| {
        variants.is_none_or(|names| names.is_empty() || names.iter().any(|name| name == variant.name))
    });
    // Today's browsers run the one; the other is what its variants are compared with.
    let first = if variants.is_none() { &Variant::SIMD } else { &Variant::SHIPPED };
    for variant in [first].into_iter().chain(chosen) {
        let module = variant.bench_module(setup.project, kit)?;
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

/// The parts of the core, each by itself.
pub(crate) fn parts(options: &[String]) -> Result<()> {
    run(program("cargo").args(["bench", "--package", "ringside-core"]).args(options))
}
