//! Debian's packages: the one thing of the machine outside the project that set-up may change.

use std::process::Command;
use std::sync::OnceLock;

use anyhow::{Result, bail};

use crate::process::{on_path, output, program, run_quietly};

/// Whether this is a machine with `apt-get`, as one who may use it.
pub(crate) fn is_usable() -> bool {
    on_path("apt-get").is_some() && (is_root() || on_path("sudo").is_some())
}

/// Brings the package lists up to date, once a run: an old list names versions that are gone or too old.
pub(crate) fn update() {
    static DONE: OnceLock<()> = OnceLock::new();
    DONE.get_or_init(|| {
        println!("setup: apt-get update");
        // One source that does not answer is no reason to stop: what is missing shows when it is installed.
        if let Err(error) = run_quietly(apt_get().arg("update")) {
            eprintln!("warning: {error:#}");
        }
    });
}

/// Installs the packages, with up-to-date lists.
pub(crate) fn install(packages: &[&str]) -> Result<()> {
    let list = packages.join(" ");
    if !is_usable() {
        bail!("{list} cannot be installed: this machine has no apt-get, or neither root's rights nor sudo");
    }
    update();
    println!("setup: apt-get install {list}");
    run_quietly(apt_get().args(["install", "-y", "--no-install-recommends"]).args(packages))
}

/// The names in the lists that match the expression.
pub(crate) fn search(expression: &str) -> Vec<String> {
    update();
    let found = output(program("apt-cache").args(["search", "--names-only", expression])).unwrap_or_default();
    found.lines().filter_map(|line| line.split_whitespace().next()).map(str::to_owned).collect()
}

fn apt_get() -> Command {
    let mut command = if is_root() {
        program("apt-get")
    } else {
        let mut sudo = program("sudo");
        sudo.arg("apt-get");
        sudo
    };
    // Another program may be installing packages: wait for it rather than fail.
    command.env("DEBIAN_FRONTEND", "noninteractive").args(["-o", "DPkg::Lock::Timeout=300"]);
    command
}

fn is_root() -> bool {
    output(program("id").arg("-u")).is_ok_and(|user| user.trim() == "0")
}
