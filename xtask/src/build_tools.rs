//! The tools of a build, as [`crate::setup`] installs them and [`crate::build`] runs them.

use crate::bindgen::Bindgen;
use crate::compiler::WasmCompiler;

/// A compiler for wasm, and the generator of bindings.
pub(crate) struct BuildTools {
    pub(crate) compiler: WasmCompiler,
    pub(crate) bindgen: Bindgen,
}
