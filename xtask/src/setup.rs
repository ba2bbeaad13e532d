//! `setup`: what must be there before anything can be built or tested.

use std::cell::OnceCell;

use anyhow::Result;

use crate::bindgen::Bindgen;
use crate::browser::Browser;
use crate::build;
use crate::compiler::WasmCompiler;
use crate::npm;
use crate::project::Project;

/// What the commands need, each thing looked for (and installed, or built) once, when it is first asked for.
pub(crate) struct Setup<'a> {
    pub(crate) project: &'a Project,
    build: OnceCell<BuildKit>,
    end_to_end: OnceCell<()>,
    browser: OnceCell<Browser>,
    modules: OnceCell<()>,
    page: OnceCell<()>,
}

/// What a build uses.
pub(crate) struct BuildKit {
    pub(crate) compiler: WasmCompiler,
    pub(crate) bindgen: Bindgen,
}

impl<'a> Setup<'a> {
    pub(crate) fn new(project: &'a Project) -> Self {
        Self {
            project,
            build: OnceCell::new(),
            end_to_end: OnceCell::new(),
            browser: OnceCell::new(),
            modules: OnceCell::new(),
            page: OnceCell::new(),
        }
    }

    /// The command: everything.
    pub(crate) fn everything(&self) -> Result<()> {
        self.build_kit()?;
        self.browser()?;
        self.end_to_end()
    }

    /// What `build` and `serve` need.
    pub(crate) fn build_kit(&self) -> Result<&BuildKit> {
        once(&self.build, || {
            // First what only the person can install.
            ready(&npm::require_node()?);
            let compiler = WasmCompiler::ensure()?;
            ready(&compiler.describe());
            let bindgen = Bindgen::ensure(self.project)?;
            ready(&format!("wasm-bindgen {}", bindgen.version));
            npm::install(&self.project.web())?;
            ready("packages of web");
            Ok(BuildKit { compiler, bindgen })
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

    /// The packages of the tests in a real browser.
    pub(crate) fn end_to_end(&self) -> Result<()> {
        once(&self.end_to_end, || {
            npm::install(&self.project.end_to_end())?;
            ready("packages of tests/e2e");
            Ok(())
        })
        .copied()
    }

    /// The modules and their bindings, in the page's sources.
    pub(crate) fn modules(&self) -> Result<()> {
        once(&self.modules, || build::modules(self.project, self.build_kit()?)).copied()
    }

    /// The built page.
    pub(crate) fn page(&self) -> Result<()> {
        self.modules()?;
        once(&self.page, || build::page(self.project)).copied()
    }
}

/// A thing that is there.
fn ready(what: &str) {
    println!("ready: {what}");
}

/// The value of the cell, made if this is the first time.
fn once<T>(cell: &OnceCell<T>, make: impl FnOnce() -> Result<T>) -> Result<&T> {
    if let Some(value) = cell.get() {
        return Ok(value);
    }
    let value = make()?;
    Ok(cell.get_or_init(|| value))
}
