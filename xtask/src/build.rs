//! `build`: the wasm modules, their bindings, and the page.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};

use crate::build_tools::BuildTools;
use crate::compiler::{SIMD, WasmCompiler};
use crate::npm::fingerprint;
use crate::process::{program, run, run_quietly};
use crate::project::Project;

/// WebAssembly features beyond version 1 that the compiler can emit. Stripping removes the section that
/// names them, so the optimiser needs them as flags. It refuses the present module without the first
/// two; the others are its default, or can be used by a later compiler.
const FEATURES: [&str; 6] = [
    "--enable-bulk-memory",
    "--enable-nontrapping-float-to-int",
    "--enable-sign-ext",
    "--enable-mutable-globals",
    "--enable-reference-types",
    "--enable-multivalue",
];

/// Flags of the optimiser. The lowest kilobyte of memory is unused, because the stack would have to
/// overflow into it, and memory is zero at the start, because the module defines it.
///
/// A function with a single caller stays by itself unless it is small: what is inlined compresses worse, by
/// 4 kB in all, and the engine inlines what is hot. What the first pass has simplified, the second one
/// simplifies further.
const OPTIMISER: &[&str] = &[
    "--generate-global-effects",
    "-O3",
    "-O3",
    "--one-caller-inline-max-function-size",
    "40",
    "--low-memory-unused",
    "--zero-filled-memory",
];

/// Flag of the compiler that holds inlining back: a default of 225 makes the module a tenth larger.
const COMPACT: &str = "-C llvm-args=-inline-threshold=8";

/// Flag of the hash of peer caches: its rounds as a loop, which is 8 kB of code less. A cache is hashed when
/// it is saved and read, a few times a run.
const ROLLED: &str = "--cfg sha2_backend_soft=\"compact\"";

/// Sections that only a debugger reads.
const STRIPPED: [&str; 3] = ["--strip-debug", "--strip-producers", "--strip-target-features"];

/// A wasm module of the page.
struct Module {
    /// The features of `ringside-wasm` that select its bindings and its layers.
    features: &'static str,
    name: &'static str,
    /// The name of its bindings, which modules can share.
    bindings: &'static str,
    variant: &'static Variant,
}

/// The module with which the page opens, portable and with SIMD; then, loaded on demand, the one with all
/// layers (these three have the same bindings) and the one that checks claims.
const MODULES: [Module; 4] = [
    Module { features: "lab", name: "ringside_wasm", bindings: "ringside_wasm", variant: &Variant::SHIPPED },
    Module { features: "lab", name: "ringside_simd", bindings: "ringside_wasm", variant: &Variant::SIMD },
    Module {
        features: "lab,layers",
        name: "ringside_layers",
        bindings: "ringside_wasm",
        variant: &Variant::SMALL,
    },
    Module {
        features: "claims,layers",
        name: "ringside_claims",
        bindings: "ringside_claims",
        variant: &Variant::SHIPPED,
    },
];

/// Builds the page into `web/dist`; the bindings are among its sources.
pub(crate) fn page(project: &Project) -> Result<()> {
    println!("build: the page");
    run_quietly(program("npm").args(["run", "build"]).current_dir(project.web()))
}

/// Builds the modules and their bindings into the page's sources.
pub(crate) fn modules(project: &Project, tools: &BuildTools) -> Result<()> {
    MODULES.iter().try_for_each(|module| module.build(project, tools))
}

impl Module {
    fn build(&self, project: &Project, tools: &BuildTools) -> Result<()> {
        let Self { features, name, variant, .. } = self;
        println!("build: the module {name}");
        let arguments =
            ["--package", "ringside-wasm", "--profile", "wasm", "--no-default-features", "--features"];
        let mut cargo = variant.cargo(project, tools, "build");
        run(cargo.args(arguments).arg(features).args(variant.core_level()))?;
        let compiled = WasmCompiler::artefacts(&variant.target(project), "wasm").join("ringside_wasm.wasm");
        let bytes = fs::read(&compiled).with_context(|| format!("cannot read {}", compiled.display()))?;
        let stamp = project.bindings().join(format!(".{name}-made-from"));
        let lock =
            fs::read(project.web().join("package-lock.json")).context("cannot read the lock of web")?;
        let inputs = fingerprint(&[
            &bytes,
            tools.bindgen.version.as_bytes(),
            &lock,
            [OPTIMISER, &FEATURES, &STRIPPED].concat().concat().as_bytes(),
        ]);
        let exists = project.bindings().join(self.file()).exists();
        if exists && fs::read_to_string(&stamp).is_ok_and(|before| before == inputs) {
            return Ok(());
        }
        self.bind(project, tools, &compiled)?;
        fs::write(&stamp, inputs).with_context(|| format!("cannot write {}", stamp.display()))
    }

    /// Generates the bindings in a scratch folder and copies them when complete, so that a served page
    /// never sees a part.
    fn bind(&self, project: &Project, tools: &BuildTools, compiled: &Path) -> Result<()> {
        let scratch = project.wasm_target().join("bindings");
        bind(project, tools, compiled, self.bindings, &scratch, self.variant)?;
        if self.name == self.bindings {
            return copy_files(&scratch, &project.bindings());
        }
        let script = format!("{}.js", self.bindings);
        let [own, shared] = [&scratch, &project.bindings()].map(|folder| fs::read(folder.join(&script)));
        ensure!(own? == shared?, "the module {} needs bindings of its own", self.name);
        fs::copy(scratch.join(format!("{}_bg.wasm", self.bindings)), project.bindings().join(self.file()))?;
        Ok(())
    }

    fn file(&self) -> String {
        format!("{}_bg.wasm", self.name)
    }
}

/// Compiler and optimiser settings of a module.
pub(crate) struct Variant {
    pub(crate) name: &'static str,
    /// `opt-level` of the core; `None` for that of the profile.
    core: Option<&'static str>,
    /// Compiler flags for all crates.
    flags: &'static [&'static str],
    /// Flags of the optimiser.
    optimiser: &'static [&'static str],
}

impl Variant {
    /// The shipped module for every browser.
    pub(crate) const SHIPPED: Self =
        Self { name: "shipped", core: None, flags: &[COMPACT, ROLLED], optimiser: OPTIMISER };

    /// The shipped module with all layers, for every browser.
    pub(crate) const SMALL: Self = Self { name: "small", core: Some("\"z\""), ..Self::SHIPPED };

    /// The shipped module for browsers with SIMD.
    pub(crate) const SIMD: Self = Self { name: "simd", flags: &[COMPACT, SIMD], ..Self::SHIPPED };

    /// Variants for comparison.
    pub(crate) const OTHERS: [Self; 10] = [
        Self {
            name: "fast",
            core: Some("3"),
            flags: &["-C llvm-args=-inline-threshold=225"],
            ..Self::SHIPPED
        },
        Self { name: "core-3", core: Some("3"), ..Self::SHIPPED },
        Self { name: "core-2", core: Some("2"), ..Self::SHIPPED },
        Self { name: "core-s", core: Some("\"s\""), ..Self::SHIPPED },
        Self { name: "inlined-50", flags: &["-C llvm-args=-inline-threshold=50"], ..Self::SHIPPED },
        Self { name: "inlined-600", flags: &["-C llvm-args=-inline-threshold=600"], ..Self::SHIPPED },
        Self::SIMD,
        Self { name: "opt-O2", optimiser: &["-O2"], ..Self::SHIPPED },
        Self { name: "opt-O4", optimiser: &["-O4"], ..Self::SHIPPED },
        Self { name: "opt-Os", optimiser: &["-Os"], ..Self::SHIPPED },
    ];

    /// Builds the module of the benchmark with its bindings; returns their folder.
    pub(crate) fn bench_module(&self, project: &Project, tools: &BuildTools) -> Result<PathBuf> {
        println!("build: the module of the benchmark, {}", self.name);
        let mut cargo = self.cargo(project, tools, "build");
        cargo.args(["--package", "ringside-bench", "--lib", "--profile", "wasm"]);
        run(cargo.args(self.core_level()))?;
        let folder = project.wasm_target().join("bench").join(self.name);
        let compiled = WasmCompiler::artefacts(&self.target(project), "wasm").join("ringside_bench.wasm");
        bind(project, tools, &compiled, "ringside_bench", &folder, self)?;
        Ok(folder)
    }

    /// `cargo SUBCOMMAND` for this variant.
    pub(crate) fn cargo(&self, project: &Project, tools: &BuildTools, subcommand: &str) -> Command {
        tools.compiler.cargo(self.flags, &self.target(project), subcommand)
    }

    /// Arguments of cargo for the `opt-level` of the core.
    fn core_level(&self) -> Vec<String> {
        let level = self.core.map(|level| format!("profile.wasm.opt-level={level}"));
        level.into_iter().flat_map(|level| ["--config".to_owned(), level]).collect()
    }

    /// Target folder. Variants with other flags have their own, so that they do not replace shipped
    /// artefacts.
    fn target(&self, project: &Project) -> PathBuf {
        let target = project.wasm_target();
        if self.flags == Self::SHIPPED.flags { target } else { target.join(self.name) }
    }

    fn has_simd(&self) -> bool {
        self.flags.contains(&SIMD)
    }
}

/// Generates the bindings of a compiled module and optimises it.
fn bind(
    project: &Project,
    tools: &BuildTools,
    compiled: &Path,
    name: &str,
    folder: &Path,
    variant: &Variant,
) -> Result<()> {
    println!("build: its bindings");
    fs::remove_dir_all(folder).ok();
    run_quietly(
        program(&tools.bindgen.bindings)
            .args(["--target", "web", "--out-name", name, "--out-dir"])
            .arg(folder)
            .arg(compiled),
    )?;
    optimise(project, &folder.join(format!("{name}_bg.wasm")), variant)
}

fn optimise(project: &Project, module: &Path, variant: &Variant) -> Result<()> {
    let optimiser = project.web().join("node_modules/.bin/wasm-opt");
    println!("build: wasm-opt");
    let simd = variant.has_simd().then_some("--enable-simd");
    let arguments = variant.optimiser.iter().chain(&FEATURES).chain(&simd).chain(&STRIPPED);
    run_quietly(program(optimiser).args(arguments).arg(module).arg("-o").arg(module))
}

fn copy_files(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to).with_context(|| format!("cannot create {}", to.display()))?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        if entry.file_type()?.is_file() {
            fs::copy(entry.path(), to.join(entry.file_name()))
                .with_context(|| format!("cannot copy {}", entry.path().display()))?;
        }
    }
    Ok(())
}
