//! Debian packages: the only part of the machine outside the project that set-up changes.

use std::process::Command;
use std::sync::OnceLock;

use anyhow::{Result, bail};

use crate::process::{on_path, output, program, run_quietly};

/// Whether `apt-get` exists and can be used, as root or with sudo.
pub(crate) fn is_usable() -> bool {
    on_path("apt-get").is_some() && (is_root() || on_path("sudo").is_some())
}

/// Updates the package lists once per run: an old list names removed or outdated versions.
pub(crate) fn update() {
    static DONE: OnceLock<()> = OnceLock::new();
    DONE.get_or_init(|| {
        println!("setup: apt-get update");
        // A source that does not answer is not fatal: a missing package fails at its installation.
        if let Err(error) = run_quietly(apt_get().arg("update")) {
            eprintln!("warning: {error:#}");
        }
    });
}

/// Installs packages after updating the lists.
pub(crate) fn install(packages: &[&str]) -> Result<()> {
    let list = packages.join(" ");
    if !is_usable() {
        bail!("{list} cannot be installed: this machine has no apt-get, or neither root privileges nor sudo");
    }
    update();
    println!("setup: apt-get install {list}");
    run_quietly(apt_get().args(["install", "-y", "--no-install-recommends"]).args(packages))
}

/// Names of packages that match a regular expression.
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
    // Waits for another program that is installing packages.
    command.env("DEBIAN_FRONTEND", "noninteractive").args(["-o", "DPkg::Lock::Timeout=300"]);
    command
}

fn is_root() -> bool {
    output(program("id").arg("-u")).is_ok_and(|user| user.trim() == "0")
}
