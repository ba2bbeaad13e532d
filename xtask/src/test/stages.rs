//! The commands of each stage.

use std::fs;
use std::io::IsTerminal as _;
use std::process::Command;

use anyhow::{Context, Result};

use super::budget;
use super::tally::{Tally, count};
use crate::browser::quoted;
use crate::build::Variant;
use crate::process::{program, run};
use crate::setup::Setup;

pub(super) fn fmt() -> Result<Tally> {
    run(cargo().args(["fmt", "--all", "--check"]))?;
    Ok(Tally::ONE_PASSED)
}

pub(super) fn clippy() -> Result<Tally> {
    run(cargo().args(["clippy", "--workspace", "--all-targets", "--locked", "--", "-D", "warnings"]))?;
    // As in the module with which the page opens.
    let without_layers = ["--package", "ringside-core", "--lib", "--no-default-features", "--locked"];
    run(cargo().arg("clippy").args(without_layers).args(["--", "-D", "warnings"]))?;
    Ok(Tally::ONE_PASSED)
}

pub(super) fn native() -> Result<Tally> {
    count(cargo().args(["test", "--workspace", "--locked"]))
}

pub(super) fn golden() -> Result<Tally> {
    let arguments = ["test", "--release", "--locked", "--package", "ringside-tests"];
    count(cargo().args(arguments).args(["--test", "golden", "--test", "document_000"]))
}

pub(super) fn mutants() -> Result<Tally> {
    let package = ["--package", "ringside-tests", "--features", "mutants", "--locked"];
    run(cargo().arg("clippy").args(package).args(["--all-targets", "--", "-D", "warnings"]))?;
    count(cargo().arg("test").args(package).args(["--test", "mutants"]))
}

pub(super) fn wasm(setup: &Setup) -> Result<Tally> {
    println!("plain:");
    let plain = count(&mut in_browser(setup, &Variant::SHIPPED, &[])?)?;
    println!("optimised, with SIMD:");
    let optimised = count(&mut in_browser(setup, &Variant::SIMD, &["--release"])?)?;
    Ok(plain + optimised)
}

pub(super) fn page(setup: &Setup) -> Result<Tally> {
    // The bindings declare types that the page uses.
    setup.modules()?;
    run(npm(setup).args(["run", "check"]))?;
    let tests = count(npm(setup).arg("test"))?;
    Ok(Tally::ONE_PASSED + tests)
}

pub(super) fn size(setup: &Setup) -> Result<Tally> {
    setup.page()?;
    budget::check(&setup.project.dist())?;
    Ok(Tally::ONE_PASSED)
}

pub(super) fn end_to_end(setup: &Setup) -> Result<Tally> {
    setup.page()?;
    setup.end_to_end()?;
    let mut node = program("node");
    node.args(["--test", "--test-reporter=spec"])
        .current_dir(setup.project.end_to_end())
        .env("RINGSIDE_DIST", setup.project.dist())
        .env("CHROME", &setup.browser()?.program);
    count(&mut node)
}

/// `cargo test` for wasm, whose runner drives Chromium.
fn in_browser(setup: &Setup, variant: &Variant, profile: &[&str]) -> Result<Command> {
    let (tools, browser) = (setup.build_tools()?, setup.browser()?);
    let capabilities = setup.project.wasm_target().join("webdriver.json");
    fs::create_dir_all(setup.project.wasm_target()).context("cannot create the target folder of wasm")?;
    browser.write_capabilities(&capabilities)?;

    let runner = quoted(&tools.bindgen.test_runner.to_string_lossy());
    let mut command = variant.cargo(setup.project, tools, "test");
    command
        .args(["--package", "ringside-wasm", "--tests"])
        .args(profile)
        // A list, because a path can contain spaces.
        .args(["--config", &format!("target.wasm32-unknown-unknown.runner=[{runner}]")])
        .env("WASM_BINDGEN_USE_BROWSER", "1")
        .env("WASM_BINDGEN_TEST_TIMEOUT", "600")
        .env("WASM_BINDGEN_TEST_WEBDRIVER_JSON", capabilities)
        .env("CHROMEDRIVER", &browser.driver);
    // The runner uses the first driver that the environment names.
    for other in
        ["GECKODRIVER", "SAFARIDRIVER", "GECKODRIVER_REMOTE", "SAFARIDRIVER_REMOTE", "CHROMEDRIVER_REMOTE"]
    {
        command.env_remove(other);
    }
    Ok(command)
}

fn cargo() -> Command {
    let mut command = program("cargo");
    if std::io::stdout().is_terminal() {
        // Cargo writes to a pipe here and cannot detect the terminal.
        command.env("CARGO_TERM_COLOR", "always");
    }
    command
}

fn npm(setup: &Setup) -> Command {
    let mut command = program("npm");
    command.current_dir(setup.project.web());
    command
}
