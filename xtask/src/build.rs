//! `build`: the modules, their bindings, and the page around them.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};

use crate::compiler::{SIMD, WasmCompiler};
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

/// How the optimiser works. Nothing lies in the lowest kilobyte, where the stack would have to run over, and memory is zero at
/// first, because the module brings its own.
const OPTIMISER: &[&str] = &["-O3", "--low-memory-unused", "--zero-filled-memory"];

/// What only a debugger reads.
const STRIPPED: [&str; 3] = ["--strip-debug", "--strip-producers", "--strip-target-features"];

/// A module that the page loads.
struct Module {
    /// The feature of the bindings that it is made with.
    feature: &'static str,
    /// What it is called.
    name: &'static str,
    /// What the bindings are called that it goes with.
    bindings: &'static str,
    variant: &'static Variant,
}

/// What the page opens with, for every browser and, with the same bindings, for those with instructions on several numbers at a
/// time; and what it loads when somebody wants claims checked.
const MODULES: [Module; 3] = [
    Module { feature: "lab", name: "ringside_wasm", bindings: "ringside_wasm", variant: &Variant::SHIPPED },
    Module { feature: "lab", name: "ringside_simd", bindings: "ringside_wasm", variant: &Variant::SIMD },
    Module {
        feature: "claims",
        name: "ringside_claims",
        bindings: "ringside_claims",
        variant: &Variant::SHIPPED,
    },
];

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
        let Self { feature, name, variant, .. } = self;
        println!("build: the module {name}");
        let arguments =
            ["--package", "ringside-wasm", "--profile", "wasm", "--no-default-features", "--features"];
        run(variant.cargo(project, kit, "build").args(arguments).arg(feature))?;
        let compiled = WasmCompiler::artefacts(&variant.target(project), "wasm").join("ringside_wasm.wasm");
        let bytes = fs::read(&compiled).with_context(|| format!("cannot read {}", compiled.display()))?;
        let stamp = project.bindings().join(format!(".{name}-made-from"));
        let lock =
            fs::read(project.web().join("package-lock.json")).context("cannot read the lock of web")?;
        let made_from = fingerprint(&[
            &bytes,
            kit.bindgen.version.as_bytes(),
            &lock,
            [OPTIMISER, &FEATURES, &STRIPPED].concat().concat().as_bytes(),
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
        bind(project, kit, compiled, self.bindings, &aside, self.variant)?;
        if self.name == self.bindings {
            return copy_files(&aside, &project.bindings());
        }
        let script = format!("{}.js", self.bindings);
        let [own, shared] = [&aside, &project.bindings()].map(|folder| fs::read(folder.join(&script)));
        ensure!(own? == shared?, "the module {} needs bindings of its own", self.name);
        fs::copy(aside.join(format!("{}_bg.wasm", self.bindings)), project.bindings().join(self.file()))?;
        Ok(())
    }

    fn file(&self) -> String {
        format!("{}_bg.wasm", self.name)
    }
}

/// A way to compile a module.
pub(crate) struct Variant {
    pub(crate) name: &'static str,
    /// How the core is optimised: the profile's `opt-level`; none leaves it as it is shipped.
    core: Option<&'static str>,
    /// What the compiler is told about everything it compiles.
    flags: &'static [&'static str],
    /// What the optimiser is told.
    optimiser: &'static [&'static str],
}

impl Variant {
    /// As it is shipped for every browser.
    pub(crate) const SHIPPED: Self = Self { name: "shipped", core: None, flags: &[], optimiser: OPTIMISER };

    /// As it is shipped for browsers with instructions on several numbers at a time.
    pub(crate) const SIMD: Self = Self { name: "simd", flags: &[SIMD], ..Self::SHIPPED };

    /// What it is compared with.
    pub(crate) const OTHERS: [Self; 9] = [
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

    /// The module of the benchmark with its bindings; where they are.
    pub(crate) fn bench_module(&self, project: &Project, kit: &BuildKit) -> Result<PathBuf> {
        println!("build: the module of the benchmark, {}", self.name);
        let mut cargo = self.cargo(project, kit, "build");
        cargo.args(["--package", "ringside-bench", "--lib", "--profile", "wasm"]);
        if let Some(level) = self.core {
            cargo.arg("--config").arg(format!("profile.wasm.opt-level={level}"));
        }
        run(&mut cargo)?;
        let folder = project.wasm_target().join("bench").join(self.name);
        let compiled = WasmCompiler::artefacts(&self.target(project), "wasm").join("ringside_bench.wasm");
        bind(project, kit, &compiled, "ringside_bench", &folder, self)?;
        Ok(folder)
    }

    /// `cargo SUBCOMMAND` for it.
    pub(crate) fn cargo(&self, project: &Project, kit: &BuildKit, subcommand: &str) -> Command {
        let mut cargo = kit.compiler.cargo(self.flags, &self.target(project), subcommand);
        if self.has_simd() {
            cargo.args(["--features", "simd"]);
        }
        cargo
    }

    /// Where it is compiled: what is compiled with other flags does not take the place of what is shipped.
    fn target(&self, project: &Project) -> PathBuf {
        let target = project.wasm_target();
        if self.flags == Self::SHIPPED.flags { target } else { target.join(self.name) }
    }

    fn has_simd(&self) -> bool {
        self.flags.contains(&SIMD)
    }
}

fn bind(
    project: &Project,
    kit: &BuildKit,
    compiled: &Path,
    name: &str,
    folder: &Path,
    variant: &Variant,
) -> Result<()> {
    println!("build: its bindings");
    fs::remove_dir_all(folder).ok();
    run_quietly(
        program(&kit.bindgen.bindings)
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
