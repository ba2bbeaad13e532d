//! `build`: the modules, their bindings, and the page around them.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::compiler::WasmCompiler;
use crate::npm::fingerprint;
use crate::process::{program, run, run_quietly};
use crate::project::Project;
use crate::setup::BuildKit;

/// The instructions beyond the first version of WebAssembly that the compiler may emit. A module names them in a
/// section that stripping removes, so the optimiser must be told. (The optimiser refuses today's module without the
/// first two; the others are its own default, or what the next compiler release may use.)
const FEATURES: [&str; 6] = [
    "--enable-bulk-memory",
    "--enable-nontrapping-float-to-int",
    "--enable-sign-ext",
    "--enable-mutable-globals",
    "--enable-reference-types",
    "--enable-multivalue",
];

/// What only a debugger reads.
const STRIPPED: [&str; 3] = ["--strip-debug", "--strip-producers", "--strip-target-features"];

/// A module that the page loads.
struct Module {
    /// The feature of the bindings that it is made with.
    feature: &'static str,
    /// What its files are called.
    name: &'static str,
}

/// The first one is loaded at once, the other one when somebody wants claims checked.
const MODULES: [Module; 2] =
    [Module { feature: "lab", name: "ringside_wasm" }, Module { feature: "claims", name: "ringside_claims" }];

/// The page, into `web/dist`; the bindings are among its sources.
pub(crate) fn page(project: &Project) -> Result<()> {
    println!("build: the page");
    run_quietly(program("npm").args(["run", "build"]).current_dir(project.web()))
}

/// The modules and their bindings, into the page's sources.
pub(crate) fn modules(project: &Project, kit: &BuildKit) -> Result<()> {
    MODULES.iter().try_for_each(|module| module.build(project, kit))
}

impl Module {
    fn build(&self, project: &Project, kit: &BuildKit) -> Result<()> {
        let Self { feature, name } = self;
        println!("build: the module {feature}");
        let arguments =
            ["--package", "ringside-wasm", "--profile", "wasm", "--no-default-features", "--features"];
        run(kit.compiler.cargo(project, "build").args(arguments).arg(feature))?;
        let compiled = WasmCompiler::artefacts(project, "wasm").join("ringside_wasm.wasm");
        let bytes = fs::read(&compiled).with_context(|| format!("cannot read {}", compiled.display()))?;
        let stamp = project.bindings().join(format!(".{name}-made-from"));
        let lock =
            fs::read(project.web().join("package-lock.json")).context("cannot read the lock of web")?;
        let made_from = fingerprint(&[
            &bytes,
            kit.bindgen.version.as_bytes(),
            &lock,
            [FEATURES.as_slice(), &STRIPPED].concat().concat().as_bytes(),
        ]);
        let is_there = project.bindings().join(self.file()).exists();
        if is_there && fs::read_to_string(&stamp).is_ok_and(|before| before == made_from) {
            return Ok(());
        }
        self.bind(project, kit, &compiled)?;
        fs::write(&stamp, made_from).with_context(|| format!("cannot write {}", stamp.display()))
    }

    /// Its bindings, made aside and copied when whole, so that a page being served never sees half of them.
    fn bind(&self, project: &Project, kit: &BuildKit, compiled: &Path) -> Result<()> {
        let aside = project.wasm_target().join("bindings");
        bind(project, kit, compiled, self.name, &aside)?;
        copy_files(&aside, &project.bindings())
    }

    fn file(&self) -> String {
        format!("{}_bg.wasm", self.name)
    }
}

/// The module of the benchmark with its bindings, compiled like those that are shipped; where they are.
pub(crate) fn bench_module(project: &Project, kit: &BuildKit) -> Result<PathBuf> {
    println!("build: the module of the benchmark");
    let package = ["--package", "ringside-bench", "--lib", "--profile", "wasm"];
    run(kit.compiler.cargo(project, "build").args(package))?;
    let compiled = WasmCompiler::artefacts(project, "wasm").join("ringside_bench.wasm");
    let folder = project.wasm_target().join("bench");
    bind(project, kit, &compiled, "ringside_bench", &folder)?;
    Ok(folder)
}

fn bind(project: &Project, kit: &BuildKit, compiled: &Path, name: &str, folder: &Path) -> Result<()> {
    println!("build: its bindings");
    fs::remove_dir_all(folder).ok();
    run_quietly(
        program(&kit.bindgen.bindings)
            .args(["--target", "web", "--out-name", name, "--out-dir"])
            .arg(folder)
            .arg(compiled),
    )?;
    optimise(project, &folder.join(format!("{name}_bg.wasm")))
}

fn optimise(project: &Project, module: &Path) -> Result<()> {
    let optimiser = project.web().join("node_modules/.bin/wasm-opt");
    println!("build: wasm-opt");
    run_quietly(program(optimiser).arg("-O3").args(FEATURES).args(STRIPPED).arg(module).arg("-o").arg(module))
}

fn copy_files(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to).with_context(|| format!("cannot make {}", to.display()))?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        if entry.file_type()?.is_file() {
            fs::copy(entry.path(), to.join(entry.file_name()))
                .with_context(|| format!("cannot copy {}", entry.path().display()))?;
        }
    }
    Ok(())
}
