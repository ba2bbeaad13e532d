//! Paths of the project.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

/// The folders of the project. Only `target/`, `web/` and `tests/e2e/` are written to.
pub(crate) struct Project {
    root: PathBuf,
}

impl Project {
    /// Finds the project and makes its root the current folder, so that commands work from any subfolder.
    pub(crate) fn enter() -> Result<Self> {
        // Cargo sets the variable for `cargo run`; a checkout that was moved after xtask was built still
        // works.
        let manifest = std::env::var_os("CARGO_MANIFEST_DIR")
            .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
        let root = manifest.parent().context("xtask's folder has no parent")?.to_path_buf();
        std::env::set_current_dir(&root).with_context(|| format!("cannot enter {}", root.display()))?;
        Ok(Self { root })
    }

    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    /// The page's package.
    pub(crate) fn web(&self) -> PathBuf {
        self.root.join("web")
    }

    /// The built page.
    pub(crate) fn dist(&self) -> PathBuf {
        self.web().join("dist")
    }

    /// The package of the tests in a real browser.
    pub(crate) fn end_to_end(&self) -> PathBuf {
        self.root.join("tests/e2e")
    }

    /// The generated bindings, which the page imports.
    pub(crate) fn bindings(&self) -> PathBuf {
        self.web().join("src/wasm")
    }

    /// Tools installed for this project only.
    pub(crate) fn tools(&self) -> PathBuf {
        self.root.join("target/tools")
    }

    /// Cargo's target folder for wasm: separate from the native one, because another compiler can use it
    /// and the two would rebuild one another's artefacts.
    pub(crate) fn wasm_target(&self) -> PathBuf {
        self.root.join("target/wasm")
    }
}
