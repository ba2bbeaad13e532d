//! Node, npm and the packages of the lock files.

use std::fs;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::path::Path;

use anyhow::{Context, Result, bail};

use crate::process::{program, run_quietly, version_of};
use crate::version::Version;

const OLDEST_NODE: Version = Version { major: 20, minor: 0 };

/// Checks that Node and npm are installed; returns their versions.
pub(crate) fn require_node() -> Result<String> {
    let remedy = "install Node 20 or later with npm (nodejs.org, or the package nodejs of your system)";
    let Some(node) = version_of("node") else {
        bail!("node was not found: {remedy}");
    };
    if Version::find(&node).is_none_or(|version| version < OLDEST_NODE) {
        bail!("node is {node}, which is too old: {remedy}");
    }
    let npm = version_of("npm").with_context(|| format!("npm was not found: {remedy}"))?;
    Ok(format!("node {node}, npm {npm}"))
}

/// Installs the packages of the folder's lock file, unless they are up to date.
pub(crate) fn install(folder: &Path) -> Result<()> {
    let stamp = folder.join("node_modules/.installed-lock");
    let lock = folder.join("package-lock.json");
    let lock = fs::read(&lock).with_context(|| format!("cannot read {}", lock.display()))?;
    let wanted = fingerprint(&[&lock]);
    if fs::read_to_string(&stamp).is_ok_and(|installed| installed == wanted) {
        return Ok(());
    }
    println!("setup: npm ci in {}", folder.display());
    run_quietly(program("npm").args(["ci", "--no-audit", "--no-fund"]).current_dir(folder))?;
    fs::write(&stamp, wanted).with_context(|| format!("cannot write {}", stamp.display()))
}

/// A hash of the inputs of a step, by which an up-to-date output is recognised.
pub(crate) fn fingerprint(parts: &[&[u8]]) -> String {
    let mut hasher = DefaultHasher::new();
    parts.hash(&mut hasher);
    format!("{:016x}", hasher.finish())
}
