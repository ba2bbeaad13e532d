//! `setup`: what must be there before anything can be built or tested.

use anyhow::Result;

use crate::bindgen::Bindgen;
use crate::compiler::WasmCompiler;
use crate::npm;
use crate::project::Project;

/// What a build uses.
pub(crate) struct BuildKit {
    pub(crate) compiler: WasmCompiler,
    pub(crate) bindgen: Bindgen,
}

/// The command: everything.
pub(crate) fn everything(project: &Project) -> Result<()> {
    for_build(project).map(drop)
}

/// What `build` and `serve` need.
pub(crate) fn for_build(project: &Project) -> Result<BuildKit> {
    // First what only the person can install.
    ready(&npm::require_node()?);
    let compiler = WasmCompiler::ensure()?;
    ready(&compiler.describe());
    let bindgen = Bindgen::ensure(project)?;
    ready(&format!("wasm-bindgen {}", bindgen.version));
    if project.web().join("package-lock.json").exists() {
        npm::install(&project.web())?;
        ready("packages of web");
    }
    Ok(BuildKit { compiler, bindgen })
}

fn ready(what: &str) {
    println!("ready: {what}");
}
