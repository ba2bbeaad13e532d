//! `setup`: the prerequisites of builds and tests.

use std::cell::OnceCell;

use anyhow::Result;

use crate::bindgen::Bindgen;
use crate::browser::Browser;
use crate::build;
use crate::build_tools::BuildTools;
use crate::compiler::WasmCompiler;
use crate::npm;
use crate::project::Project;

/// The prerequisites, each found, installed or built at most once, on first use.
pub(crate) struct Setup<'a> {
    pub(crate) project: &'a Project,
    build_tools: OnceCell<BuildTools>,
    end_to_end: OnceCell<()>,
    browser: OnceCell<Browser>,
    modules: OnceCell<()>,
    page: OnceCell<()>,
}

impl<'a> Setup<'a> {
    pub(crate) fn new(project: &'a Project) -> Self {
        Self {
            project,
            build_tools: OnceCell::new(),
            end_to_end: OnceCell::new(),
            browser: OnceCell::new(),
            modules: OnceCell::new(),
            page: OnceCell::new(),
        }
    }

    /// Installs everything.
    pub(crate) fn everything(&self) -> Result<()> {
        self.build_tools()?;
        self.browser()?;
        self.end_to_end()
    }

    /// The tools that `build` and `serve` need.
    pub(crate) fn build_tools(&self) -> Result<&BuildTools> {
        once(&self.build_tools, || {
            // Node comes first, because only the user can install it.
            ready(&npm::require_node()?);
            let compiler = WasmCompiler::ensure()?;
            ready(&compiler.describe());
            let bindgen = Bindgen::ensure(self.project)?;
            ready(&format!("wasm-bindgen {}", bindgen.version));
            npm::install(&self.project.web())?;
            ready("packages of web");
            Ok(BuildTools { compiler, bindgen })
        })
    }

    /// The browser and its driver, for tests only.
    pub(crate) fn browser(&self) -> Result<&Browser> {
        once(&self.browser, || {
            let browser = Browser::ensure()?;
            ready(&browser.describe());
            Ok(browser)
        })
    }

    /// The packages of the end-to-end tests.
    pub(crate) fn end_to_end(&self) -> Result<()> {
        once(&self.end_to_end, || {
            npm::install(&self.project.end_to_end())?;
            ready("packages of tests/e2e");
            Ok(())
        })
        .copied()
    }

    /// Builds the modules and their bindings into the page's sources.
    pub(crate) fn modules(&self) -> Result<()> {
        once(&self.modules, || build::modules(self.project, self.build_tools()?)).copied()
    }

    /// Builds the page.
    pub(crate) fn page(&self) -> Result<()> {
        self.modules()?;
        once(&self.page, || build::page(self.project)).copied()
    }
}

/// Reports an available prerequisite.
fn ready(name: &str) {
    println!("ready: {name}");
}

/// The value of the cell, created on first use.
fn once<T>(cell: &OnceCell<T>, make: impl FnOnce() -> Result<T>) -> Result<&T> {
    if let Some(value) = cell.get() {
        return Ok(value);
    }
    let value = make()?;
    Ok(cell.get_or_init(|| value))
}
