//! A compiler for `wasm32-unknown-unknown`: that of the toolchain, or the system's as a fallback.
//!
//! rustup downloads the standard library of a target from its own server. On machines that reach only
//! package registries, Debian packages a compiler with the source of its library (`rustc-web`,
//! `rust-web-src`), from which Cargo builds the library. Compiler and source must be of the same
//! release, so the native toolchain cannot use that source.

use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::apt;
use crate::process::{on_path, output, program};
use crate::version::Version;

const TARGET: &str = "wasm32-unknown-unknown";

/// The oldest compiler that builds the workspace: `rust-version` of the root manifest, as a test checks.
const OLDEST: Version = Version { major: 1, minor: 95 };

/// Enables SIMD instructions.
pub(crate) const SIMD: &str = "-C target-feature=+simd128";
/// Compiler flags, separated by a character that does not occur in paths.
const FLAGS_VARIABLE: &str = "CARGO_ENCODED_RUSTFLAGS";
const BETWEEN_FLAGS: &str = "\u{1f}";

/// `system` selects the fallback even if the toolchain has the target; for testing the fallback.
const CHOICE: &str = "RINGSIDE_WASM_COMPILER";

/// A compiler for wasm.
pub(crate) enum WasmCompiler {
    /// The toolchain of native builds.
    Own,
    /// `/usr/bin/rustc` with the source of its library, and a linker for wasm.
    System { linker: PathBuf },
}

impl WasmCompiler {
    /// Finds the compiler, or installs it.
    pub(crate) fn ensure() -> Result<Self> {
        let own_allowed = env::var_os(CHOICE).is_none_or(|choice| choice != "system");
        if own_allowed && own_has_target() {
            return Ok(Self::Own);
        }
        if let Some(linker) = system_linker() {
            return Ok(Self::System { linker });
        }
        if own_allowed && add_with_rustup() {
            return Ok(Self::Own);
        }
        install_system()
    }

    /// Description for display.
    pub(crate) fn describe(&self) -> String {
        match self {
            Self::Own => format!("{TARGET} of the toolchain"),
            Self::System { linker } => {
                format!("{TARGET} by /usr/bin/rustc, its library from source, linked by {}", linker.display())
            }
        }
    }

    /// `cargo SUBCOMMAND` for wasm with compiler flags and a target folder of their own.
    pub(crate) fn cargo(&self, flags: &[&str], target: &Path, subcommand: &str) -> Command {
        let mut command = match self {
            Self::Own => program("cargo"),
            Self::System { .. } => program("/usr/bin/cargo"),
        };
        command.args([subcommand, "--locked", "--target", TARGET]).arg("--target-dir").arg(target);
        let flags = flags.iter().flat_map(|flags| flags.split_whitespace());
        let flags = flags.map(str::to_owned).chain(self.remapped_paths());
        command.env(FLAGS_VARIABLE, flags.collect::<Vec<_>>().join(BETWEEN_FLAGS));
        if let Self::System { linker } = self {
            command
                .args(["-Z", "build-std=std,panic_abort"])
                // Enables `-Z` in a released compiler.
                .env("RUSTC_BOOTSTRAP", "1")
                .env("RUSTC", "/usr/bin/rustc")
                .env("RUSTDOC", "/usr/bin/rustdoc")
                .env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER", linker);
        }
        command
    }

    /// Flags that replace machine-specific paths in panic messages, so that every machine builds the
    /// same module.
    fn remapped_paths(&self) -> impl Iterator<Item = String> {
        let home = env::var_os("CARGO_HOME").map(PathBuf::from);
        let home = home.or_else(|| env::home_dir().map(|home| home.join(".cargo")));
        let registry = home.map(|home| (home.join("registry/src"), "registry"));
        let library = match self {
            // The prebuilt library has remapped paths.
            Self::Own => None,
            Self::System { .. } => output(program("/usr/bin/rustc").args(["--print", "sysroot"])).ok(),
        };
        let library =
            library.map(|sysroot| (Path::new(sysroot.trim()).join("lib/rustlib/src/rust"), "rustc"));
        let paths = registry.into_iter().chain(library);
        paths.map(|(path, short)| format!("--remap-path-prefix={}={short}", path.display()))
    }

    /// Folder of a profile's artefacts in a target folder.
    pub(crate) fn artefacts(target: &Path, profile: &str) -> PathBuf {
        target.join(TARGET).join(profile)
    }
}

fn own_has_target() -> bool {
    output(program("rustc").args(["--print", "sysroot"]))
        .is_ok_and(|sysroot| Path::new(sysroot.trim()).join("lib/rustlib").join(TARGET).join("lib").is_dir())
}

fn add_with_rustup() -> bool {
    if on_path("rustup").is_none() {
        return false;
    }
    println!("setup: rustup target add {TARGET}");
    // Fails on machines that cannot reach rustup's server, with a message of no use.
    output(program("rustup").args(["target", "add", TARGET])).is_ok() && own_has_target()
}

fn install_system() -> Result<WasmCompiler> {
    if !apt::is_usable() {
        bail!("the toolchain cannot compile for wasm: run `rustup target add {TARGET}` and try again");
    }
    let linker = newest_linker(&apt::search("^lld-[0-9]+$")).context("no package of lld was found")?;
    apt::install(&["rustc-web", "cargo-web", "rust-web-src", &linker])?;
    match system_linker() {
        Some(linker) => Ok(WasmCompiler::System { linker }),
        None => bail!(
            "the system's compiler cannot compile for wasm although its packages are installed; \
             alternatively, run `rustup target add {TARGET}`"
        ),
    }
}

/// The package with the highest number, of packages named like `lld-22`.
fn newest_linker(packages: &[String]) -> Option<String> {
    let number =
        |package: &&String| package.strip_prefix("lld-").and_then(|number| number.parse::<u32>().ok());
    packages.iter().filter(|package| number(package).is_some()).max_by_key(number).cloned()
}

/// The linker for the system's compiler; `None` if anything it needs is missing or too old.
fn system_linker() -> Option<PathBuf> {
    let about = output(program("/usr/bin/rustc").arg("-vV")).ok()?;
    let sysroot = output(program("/usr/bin/rustc").args(["--print", "sysroot"])).ok()?;
    let cargo = output(program("/usr/bin/cargo").arg("--version")).ok()?;
    let (compiler, cargo) = (Version::find(&about)?, Version::find(&cargo)?);
    let has_source = Path::new(sysroot.trim()).join("lib/rustlib/src/rust/library/std").is_dir();
    if compiler < OLDEST || cargo < OLDEST || !has_source {
        return None;
    }
    let backend =
        about.lines().find_map(|line| line.strip_prefix("LLVM version: ")).and_then(Version::find)?;
    wasm_linkers().into_iter().find(|linker| {
        // A linker older than the compiler's backend cannot be relied on to read its objects.
        output(program(linker).arg("--version"))
            .ok()
            .and_then(|text| Version::find(&text))
            .is_some_and(|version| version.major >= backend.major)
    })
}

/// Every `wasm-ld` and `wasm-ld-NN` on PATH.
fn wasm_linkers() -> Vec<PathBuf> {
    let path = env::var_os("PATH").unwrap_or_default();
    let mut found: Vec<PathBuf> = env::split_paths(&path)
        .filter_map(|folder| folder.read_dir().ok())
        .flatten()
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|file| {
            file.file_name().and_then(|name| name.to_str()).is_some_and(|name| {
                name == "wasm-ld"
                    || name.strip_prefix("wasm-ld-").is_some_and(|number| number.parse::<u32>().is_ok())
            })
        })
        .collect();
    found.sort();
    found
}

#[cfg(test)]
mod tests {
    use super::{OLDEST, newest_linker};
    use crate::version::Version;

    #[test]
    fn the_newest_linker_is_chosen_by_number() {
        let packages = ["lld-9", "lld-22", "lld-19", "lld-dbg"].map(str::to_owned);
        assert_eq!(newest_linker(&packages).as_deref(), Some("lld-22"));
        assert_eq!(newest_linker(&[]), None);
    }

    #[test]
    fn the_oldest_compiler_is_the_manifests() {
        let manifest = include_str!("../../Cargo.toml");
        let stated = manifest.lines().find_map(|line| line.strip_prefix("rust-version = \"")).unwrap();
        assert_eq!(Version::find(stated.trim_end_matches('"')), Some(OLDEST));
    }
}
