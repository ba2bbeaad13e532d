//! The wasm-bindgen command-line tool and test runner, of exactly the version that `Cargo.lock` pins:
//! module and tools share an unversioned format.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::process::{on_path, program, run_quietly, version_of};
use crate::project::Project;

/// The two programs of `wasm-bindgen-cli`.
pub(crate) struct Bindgen {
    pub(crate) version: String,
    pub(crate) bindings: PathBuf,
    pub(crate) test_runner: PathBuf,
}

impl Bindgen {
    /// Finds the tools of the pinned version in the project or on PATH, else installs them.
    pub(crate) fn ensure(project: &Project) -> Result<Self> {
        let lock = fs::read_to_string(project.root().join("Cargo.lock")).context("cannot read Cargo.lock")?;
        let version =
            locked_version(&lock, "wasm-bindgen").context("Cargo.lock does not name wasm-bindgen")?;
        if let Some(found) = Self::in_project(project, version).or_else(|| Self::on_path(version)) {
            return Ok(found);
        }
        install(project, version)?;
        Self::in_project(project, version).context("wasm-bindgen was installed, but does not run")
    }

    fn in_project(project: &Project, version: &str) -> Option<Self> {
        let program = |name: &str| Some(project.tools().join("bin").join(name));
        Self::found_by(program, version)
    }

    fn on_path(version: &str) -> Option<Self> {
        Self::found_by(on_path, version)
    }

    fn found_by(find: impl Fn(&str) -> Option<PathBuf>, version: &str) -> Option<Self> {
        let (bindings, test_runner) = (find("wasm-bindgen")?, find("wasm-bindgen-test-runner")?);
        let matches =
            |program: &Path| version_of(program).is_some_and(|text| text.ends_with(&format!(" {version}")));
        let found = matches(&bindings) && matches(&test_runner);
        found.then(|| Self { version: version.to_owned(), bindings, test_runner })
    }
}

fn install(project: &Project, version: &str) -> Result<()> {
    println!("setup: cargo install wasm-bindgen-cli {version} into target/tools (a few minutes, once)");
    let scratch = project.tools().join("build");
    let install = |lock: &[&str]| {
        let mut command = program("cargo");
        command.args(["install", "wasm-bindgen-cli", "--version", &format!("={version}"), "--force"]);
        command.arg("--root").arg(project.tools()).arg("--target-dir").arg(&scratch);
        // The tool runs briefly once per build: fast compilation matters more than its own speed.
        command.args(["--config", "profile.release.opt-level=1"]);
        run_quietly(command.args(lock))
    };
    // Its own lock file first. A mirror can lack a release that the lock file names; then a compatible
    // older release is used.
    install(&["--locked"]).or_else(|_| install(&[]))?;
    fs::remove_dir_all(&scratch).ok();
    Ok(())
}

/// The version of a package in a `Cargo.lock`.
fn locked_version<'a>(lock: &'a str, package: &str) -> Option<&'a str> {
    let name = format!("name = \"{package}\"");
    let after = lock.lines().skip_while(|line| *line != name).nth(1)?;
    after.strip_prefix("version = \"")?.strip_suffix('"')
}

#[cfg(test)]
mod tests {
    use super::locked_version;

    const LOCK: &str = "version = 4\n\n[[package]]\nname = \"wasm-bindgen-test\"\nversion = \"0.3.80\"\n\n\
                        [[package]]\nname = \"wasm-bindgen\"\nversion = \"0.2.130\"\nsource = \"registry\"\n";

    #[test]
    fn the_lock_names_a_version() {
        assert_eq!(locked_version(LOCK, "wasm-bindgen"), Some("0.2.130"));
        assert_eq!(locked_version(LOCK, "wasm-bindgen-test"), Some("0.3.80"));
        assert_eq!(locked_version(LOCK, "wasm"), None);
    }

    #[test]
    fn the_projects_own_lock_is_understood() {
        let lock = include_str!("../../Cargo.lock");
        assert!(locked_version(lock, "wasm-bindgen").is_some_and(|version| version.starts_with("0.2.")));
    }
}
